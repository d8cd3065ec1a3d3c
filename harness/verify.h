// Judges what a launch left in C: the elements of the workgroups that ran against the oracle, everything else against
// the poison it was filled with.
#ifndef W4_HARNESS_VERIFY_H
#define W4_HARNESS_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"
#include "../reference/reference.h"
#include "model.h"

// C in device memory: head guard, rows * pitch elements, tail guard. Guards hold W4_GUARD_BYTE, C the poison, whose
// 16-bit value is a NaN in both types, so that an element which kept it can never pass.
enum { W4_GUARD_BYTE = 0xa5, W4_POISON_BYTE = 0xff, W4_POISON = 0xffff };

struct w4_c_layout {
    size_t head_bytes, c_bytes, tail_bytes;
};

// Fails when the sizes overflow. The tail is as large as the rows of one tile, up to a limit: what a kernel without
// row masks would overwrite.
enum w4_status w4_c_layout_of(const struct w4_shape *shape, const struct w4_tile *tile, struct w4_c_layout *layout,
                              struct w4_error *error);

// n_first: which dimension's tiles the grid's x axis counts (kernels/convention.h); it decides which tile a workgroup
// id is. memory: the downloaded layout, head first. ids: linear workgroup ids that ran, NULL = all of them. Returns
// W4_INTERRUPTED when the user asked to stop.
enum w4_status w4_verify(w4_oracle *oracle, const struct w4_shape *shape, const struct w4_tile *tile, bool n_first,
                         const struct w4_c_layout *layout, const unsigned char *memory, const uint64_t *ids,
                         size_t id_count, struct w4_verification *verification, struct w4_error *error);

// True when the verification shows a right result; else writes what is wrong into `message`.
bool w4_verification_is_right(const struct w4_verification *verification, char *message, size_t size);

#endif
