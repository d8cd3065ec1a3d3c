// One GEMM on a device against a naive loop in double precision: operands made here, nothing shared with reference/.
#ifndef W4_TESTS_KERNELS_GEMM_H
#define W4_TESTS_KERNELS_GEMM_H

#include <stdbool.h>
#include <stdint.h>

#include "../../device/hip.h"
#include "variants.h"

// Sizes and layout of a case. Pads are elements (words for W) added to each operand's dense pitch; `shift` moves the
// base of A and C by that many elements, so that no row is aligned to more than an element.
struct gemm_case {
    int m, n, k;
    int a_pad, w_pad, scale_pad, c_pad, shift;
    bool spread; // on the device, the rows of A, W and C lie W4_PITCH_MAX apart; without pads and shift
};

struct gemm_outcome {
    double worst_ratio; // largest error over its bound; NaN counts as infinity
    int worst_m, worst_n;
    int beyond, unwritten; // elements beyond the bound, elements never written
    int damage;            // 16-bit words changed outside C's elements
};

// Runs `variant` on operands made from `seed`; device errors fail the running test with their message.
struct gemm_outcome gemm_run(struct w4_device *device, const struct variant *variant, const struct gemm_case *test,
                             uint32_t seed);

bool gemm_is_right(const struct gemm_outcome *outcome);

// The build's variants and the emulator, as the fixture of a group of tests.
struct gemm_fixture {
    struct variants variants;
    struct w4_device *device;
};
int gemm_load(void **state);
int gemm_unload(void **state);

#endif
