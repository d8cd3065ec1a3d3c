// Small kernels in assembly, each with what the checks or a fault must say about it. The samples of a program are put
// into one source a wave width, assembled by clang, and run one by one under the checker.
#ifndef TEST_CHECKS_SAMPLES_H
#define TEST_CHECKS_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

enum sample_option { SAMPLE_WAVE64 = 1, SAMPLE_CU_MODE = 2 };

// A body finds: s[4:5] address of `in` (4096 bytes: word i holds i), s[6:7] address of `out` (4096 bytes of zeros),
// s[8:9] address of a freed buffer, s[0:1] the kernel's arguments, s2 the workgroup, s3 the wave, v0 the work-item of
// the workgroup, v1 = 4 * v0. s_endpgm follows the body.
struct sample {
    const char *name;
    const char *finding;     // name of the one kind reported, "fault", or NULL: nothing at all
    const char *instruction; // how the reported instruction's text begins; of a fault: a part of the message
    const char *body;
    unsigned waves;    // a workgroup; 0: 1
    unsigned groups;   // 0: 1
    unsigned options;  // enum sample_option
    unsigned reporter; // the wave that reports
};

enum { SAMPLE_LDS_BYTES = 1024, SAMPLE_SCRATCH_BYTES = 64, SAMPLE_BUFFER_BYTES = 4096 };

// Runs every sample as a cmocka test of its name; returns what main returns.
int samples_run(const char *title, const struct sample *samples, size_t count);

#endif
