// A launch that tests repeat: a code object (or a changed copy of it), its buffers and arguments, run plainly, under
// the checks, or against the adversary.
#ifndef TEST_CORPUS_SUBJECT_H
#define TEST_CORPUS_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SUBJECT_BUFFERS = 6, SUBJECT_ARGUMENTS = 128, SUBJECT_CASES = 160 };

struct subject_buffer {
    uint8_t *content; // as the launch finds it; owned
    uint32_t bytes;   // exactly as many as the kernel may touch: what lies beyond is a fault
    uint32_t element; // bytes
    uint32_t argument_at;
};

struct subject {
    char title[96];
    char path[512]; // of the code object
    char kernel[96];
    uint64_t groups[3];
    uint32_t items; // a workgroup
    uint32_t lds_bytes;
    unsigned buffer_count, output;
    struct subject_buffer buffer[SUBJECT_BUFFERS];
    uint8_t arguments[SUBJECT_ARGUMENTS]; // buffer addresses are filled in
    uint32_t argument_bytes;
    // Whether the output is what the kernel is for; explains itself in `why`.
    bool (*judge)(const struct subject *subject, const void *output, char why[128]);
    const void *user; // the judge's
};

enum subject_mode { SUBJECT_PLAIN, SUBJECT_CHECK, SUBJECT_ADVERSARY };

struct subject_run {
    enum subject_mode mode;
    uint64_t seed;      // of the adversary
    const void *object; // the code object's bytes
    size_t size;
    unsigned shifted; // buffer whose address is moved, + 1; 0: none
    int shift;        // by how many elements
    uint64_t instruction_limit;
    const uint64_t *list; // workgroups; NULL: all
    size_t list_count;
};

struct subject_outcome {
    bool loaded; // the code object was accepted
    bool faulted;
    size_t findings;
    char first[1024]; // finding or fault
    uint64_t wave_instructions;
    uint8_t *memory; // all buffers, one after the other; owned by the outcome
    size_t bytes;
};

// Runs the subject. False when the test itself failed (memory).
bool subject_launch(const struct subject *subject, const struct subject_run *run, struct subject_outcome *outcome);
void subject_outcome_fini(struct subject_outcome *outcome);
// The output buffer's content after the run.
const void *subject_output(const struct subject *subject, const struct subject_outcome *outcome);
bool subject_outcome_equal(const struct subject_outcome *a, const struct subject_outcome *b);
void subject_fini(struct subject *subject);

// Adds a buffer of `count` elements to the subject's arguments; its content is zero. NULL when memory is short.
void *subject_add_buffer(struct subject *subject, uint32_t count, uint32_t element);
void subject_add_u32(struct subject *subject, uint32_t value);

// A generator for contents: the same numbers everywhere.
uint32_t subject_random(uint64_t *state);
float subject_random_unit(uint64_t *state); // -1..1, a multiple of 1/64

// The compiled corpus of one build ("o2", "wave64", ...), and a selection of this suite's kernels. Both return how many
// subjects they made; the caller calls subject_fini on each.
size_t subjects_of_corpus(const char *build, struct subject *subjects, size_t room);
size_t subjects_of_suite(struct subject *subjects, size_t room);

#endif
