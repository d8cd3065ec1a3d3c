// Runs any bytes as the code of a small launch, for the fuzz targets and the smoke test: a kernel without a code object
// file, one buffer, LDS and scratch. A fault is a fine end; what must not happen is a crash, a hang, or a launch that
// fails without saying why.
#ifndef EMU_TESTS_CODE_LAUNCH_H
#define EMU_TESTS_CODE_LAUNCH_H

#include <stddef.h>
#include <stdint.h>

enum code_option {
    CODE_WAVE64 = 1,
    CODE_CHECKER = 2, // these two together: adversary
    CODE_ADVERSARY = 4,
    CODE_LEVEL_SHIFT = 3, // 2 bits: generic, avx2, avx512, the best one
    CODE_MODE_SHIFT = 5   // 3 bits: which of eight MODE values the kernel starts with
};

enum { CODE_BYTES_MAX = 4096 };

// What the code finds: s[0:1] arguments, s2 the workgroup, s[16:31] and s[32:47] the arguments themselves (see
// code_launch.c), v0 the work-item ids, v1 = 16 * lane, v[2:3] the buffer, v[4:5] = v[2:3] + v1, v6 to v8 floats.
// Aborts when the launch breaks its promises.
void code_launch(const uint8_t *code, size_t size, unsigned options);

#endif
