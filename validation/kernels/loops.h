// The published loops of data/gfx1151_cycles.csv as kernels: which instructions one iteration has, and how they are
// launched. The build writes them as assembly (loops_main.c) and assembles them, one code object a wave width.
#ifndef W4_VALIDATION_LOOPS_H
#define W4_VALIDATION_LOOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct w4_loop {
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

extern const struct w4_loop w4_loops[];
extern const size_t w4_loop_count;

// The argument block of every loop.
struct w4_loop_args {
    uint64_t buffer; // device address of W4_LOOP_BUFFER_BYTES
    uint32_t iterations, reserved;
};
enum { W4_LOOP_BUFFER_BYTES = 65536 };

// Writes the assembly source of all loops of one wave width to the file; -1 when it cannot be written.
int w4_loops_write(const char *path, bool wave64);

#endif
