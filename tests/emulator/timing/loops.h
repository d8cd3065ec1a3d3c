// The published loops of data/gfx1151_cycles.csv as kernels: which instructions one iteration has.
#ifndef TEST_TIMING_LOOPS_H
#define TEST_TIMING_LOOPS_H

#include <stdbool.h>
#include <stddef.h>

enum { LOOP_ITERATIONS = 400 };

struct loop {
    const char *name;   // as in the CSV
    const char *symbol; // of the kernel
    const char *body;   // assembly of the repeated part; each %u becomes a register of the repetition
    unsigned repeat;
    unsigned register_step;
    unsigned lane_bytes; // distance of the lanes' addresses in v30; 0: no memory
    const char *matrix;  // the WMMA; NULL: the f16 one
    bool wave64;
    bool one_wave; // on each SIMD, instead of 16
};

extern const struct loop loops[];
extern const size_t loop_count;

// Writes the assembly source of all loops of one wave width to the file; false when it cannot be written.
bool loops_write(const char *path, bool wave64);

#endif
