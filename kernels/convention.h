// How a kernel is launched, as data: which values its argument block holds and in what order, what the axes of its grid
// count, and what it asks of its operands. kernels.json carries this, so that a kernel written by another tool runs
// without a line of code.
#ifndef W4_KERNELS_CONVENTION_H
#define W4_KERNELS_CONVENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"

enum { W4_CONVENTION_ARGUMENTS_MAX = 24, W4_CONVENTION_BLOCK_MAX_BYTES = 8 * W4_CONVENTION_ARGUMENTS_MAX };

struct w4_convention {
    uint8_t arguments[W4_CONVENTION_ARGUMENTS_MAX]; // what w4_convention_argument returned, in the kernel's order
    size_t argument_count;
    bool n_first;               // grid x counts N tiles and y M tiles; else x counts M tiles and y N tiles
    uint32_t pitch_multiple;    // rows of A and W begin at multiples of this many elements (words), 1: anywhere
    uint64_t operand_bytes_max; // largest size of A, W or C; 0: any
    uint32_t dynamic_lds_bytes;
};

// The launch of this suite's own HIP kernels (abi.h).
extern const struct w4_convention w4_convention_hip;

// The argument with a name, to be put into w4_convention.arguments; -1 when there is none. Names: addresses "a", "w",
// "scales", "zeros", "c" (64 bits); sizes "m", "n", "k", "group_size" and pitches "a_pitch", "w_pitch", "scale_pitch",
// "c_pitch" (32 bits); "zero32" and "zero64" for what a kernel takes and does not use.
int w4_convention_argument(const char *name);
// The names, ended by NULL: for messages and for reading files.
extern const char *const w4_convention_argument_names[];

// Writes the argument block, each value at its natural alignment, and returns its size. `block` has room for
// W4_CONVENTION_BLOCK_MAX_BYTES.
size_t w4_convention_pack(const struct w4_convention *convention, const struct w4_gemm_args *values,
                          uint32_t group_size, unsigned char *block);

#endif
