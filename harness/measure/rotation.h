// Copies of the weights, scales and zero points on the device that take turns, so that each launch finds them cold: a
// model reads its other layers' weights in between. The copies of an operand lie in one
// allocation, which ends where the last copy does: reads beyond it are found where a device checks them.
#ifndef W4_HARNESS_MEASURE_ROTATION_H
#define W4_HARNESS_MEASURE_ROTATION_H

#include <stddef.h>
#include <stdint.h>

#include "../../device/hip.h"

// What one copy consists of; sizes with pitch padding. `zeros` may be NULL with 0 bytes.
struct w4_weights {
    const void *w, *scales, *zeros;
    size_t w_bytes, scale_bytes, zero_bytes;
};

struct w4_weight_addresses {
    uint64_t w, scales, zeros; // zeros 0 when there are none
};

enum { W4_ROTATED_OPERANDS = 3 }; // w, scales, zeros

struct w4_rotation {
    uint64_t base[W4_ROTATED_OPERANDS]; // device addresses, 0: not allocated
    size_t stride_bytes[W4_ROTATED_OPERANDS];
    size_t copies;
    size_t payload_bytes; // of one copy without alignment
};

// Uploads as many copies as it takes to cover `wanted_bytes`, and at least one; wanted_bytes 0 gives one. When the
// device has less memory, fewer: the caller compares w4_rotation_bytes with what it wanted.
enum w4_status w4_rotation_init(struct w4_rotation *rotation, struct w4_device *device,
                                const struct w4_weights *weights, uint64_t wanted_bytes, struct w4_error *error);
void w4_rotation_fini(struct w4_rotation *rotation, struct w4_device *device);

struct w4_weight_addresses w4_rotation_at(const struct w4_rotation *rotation, size_t copy);
// What the copies hold in total, padding between operands left out.
uint64_t w4_rotation_bytes(const struct w4_rotation *rotation);

#endif
