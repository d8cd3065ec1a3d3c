// What the reference tests share: cmocka, and a shape with dense pitches.
#ifndef W4_TESTS_REFERENCE_TEST_H
#define W4_TESTS_REFERENCE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../reference/reference.h"

static inline struct w4_gemm_shape dense_shape(int64_t m, int64_t n, int64_t k, int64_t group_size,
                                               enum w4_float16 type, bool zero_point)
{
    return (struct w4_gemm_shape){.m = m,
                                  .n = n,
                                  .k = k,
                                  .group_size = group_size,
                                  .type = type,
                                  .zero_point = zero_point,
                                  .a_pitch = k,
                                  .w_pitch = k / 8,
                                  .scale_pitch = group_size ? k / group_size : 0,
                                  .c_pitch = n};
}

#endif
