// The GPU kernels' results, kernel by kernel, against a loop on the CPU: every variant on a ragged shape, and the ones
// in daily use on all that makes kernels fail (tails, padded and odd pitches, few and many K tiles). Runs on the
// emulator.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gemm.h"

static void require_right(const struct gemm_fixture *f, const struct variant *v, const struct gemm_case *t)
{
    const struct gemm_outcome outcome = gemm_run(f->device, v, t, 20260101);
    if (!gemm_is_right(&outcome))
        fail_msg(
            "%s, M=%d N=%d K=%d pads %d %d %d %d shift %d: %d beyond, %d unwritten, %d damaged, worst %g at (%d, %d)",
            v->id, t->m, t->n, t->k, t->a_pad, t->w_pad, t->scale_pad, t->c_pad, t->shift, outcome.beyond,
            outcome.unwritten, outcome.damage, outcome.worst_ratio, outcome.worst_m, outcome.worst_n);
}

static void every_variant_is_right_on_a_ragged_shape(void **state)
{
    const struct gemm_fixture *f = *state;
    for (size_t i = 0; i < f->variants.count; i++) {
        const struct variant *v = &f->variants.items[i];
        const int step = (int)v->convention.pitch_multiple;
        const struct gemm_case test = {.m = v->m_max ? 3 : 19,
                                       .n = 21,
                                       .k = 5 * v->group_size,
                                       .a_pad = step,
                                       .w_pad = step,
                                       .scale_pad = 1,
                                       .c_pad = 3,
                                       .shift = step == 1 ? 1 : 0};
        require_right(f, v, &test);
    }
}

static void prefill_is_right_at_tails_and_pitches(void **state)
{
    static const char *const ids[] = {
        "prefill-128x64x64-w8-u1-fp16-g128-sym", "prefill-128x64x64-w8-u1-bf16-g128-zp",
        "prefill-64x256x64-w8-u1-fp16-g128-zp",  "prefill-64x256x64-w8-u4-fp16-g128-sym",
        "prefill-64x256x64-w8-u4-bf16-g64-zp",   "prefill-64x256x32-w8-u4-fp16-g32-zp",
    };
    static const struct gemm_case cases[] = {
        {.m = 1, .n = 1, .k = 128},
        {.m = 1, .n = 300, .k = 256},
        {.m = 3, .n = 65, .k = 384, .c_pad = 5},
        {.m = 17, .n = 257, .k = 128, .a_pad = 8, .w_pad = 4, .scale_pad = 2, .c_pad = 8},
        {.m = 64, .n = 256, .k = 512},
        {.m = 130, .n = 96, .k = 640, .a_pad = 3, .w_pad = 1, .scale_pad = 1, .c_pad = 1, .shift = 1},
        {.m = 129, .n = 258, .k = 128, .a_pad = 16, .w_pad = 16, .c_pad = 16, .shift = 7},
        {.m = 33, .n = 40, .k = 1408, .a_pad = 1, .shift = 3},
    };
    const struct gemm_fixture *f = *state;
    for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
        const struct variant *v = variants_find(&f->variants, ids[i]);
        assert_non_null(v);
        for (size_t c = 0; c < sizeof(cases) / sizeof(*cases); c++)
            require_right(f, v, &cases[c]);
    }
}

static void decode_is_right_for_every_row_count(void **state)
{
    static const char *const ids[] = {"decode-8x16x32-w8-u1-fp16-g128-sym", "decode-8x16x32-w8-u1-fp16-g32-zp",
                                      "decode-8x16x32-w8-u1-bf16-g64-zp", "decode-8x16x32-w8-u1-bf16-g128-sym"};
    // K below, at and above the 1024 elements that a wave takes at a time.
    static const struct gemm_case cases[] = {
        {.n = 1, .k = 128},
        {.n = 17, .k = 1024, .a_pad = 1, .w_pad = 1, .scale_pad = 1, .c_pad = 1, .shift = 1},
        {.n = 50, .k = 2176, .a_pad = 8, .w_pad = 4, .scale_pad = 3, .c_pad = 2},
    };
    const struct gemm_fixture *f = *state;
    for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
        const struct variant *v = variants_find(&f->variants, ids[i]);
        assert_non_null(v);
        for (size_t c = 0; c < sizeof(cases) / sizeof(*cases); c++)
            for (int m = 1; m <= 8; m++) {
                struct gemm_case test = cases[c];
                test.m = m;
                require_right(f, v, &test);
            }
    }
}

static void offsets_beyond_four_gigabytes_are_right(void **state)
{
    // A and C span m * 8 MiB, W n * 16 MiB; only the rows themselves are ever touched.
    static const struct {
        const char *id;
        struct gemm_case test;
    } rows[] = {
        {"prefill-128x64x64-w8-u1-fp16-g128-sym", {.m = 530, .n = 70, .k = 128, .spread = true}},
        {"prefill-64x256x64-w8-u4-fp16-g64-zp", {.m = 65, .n = 300, .k = 320, .spread = true}},
        {"decode-8x16x32-w8-u1-bf16-g128-zp", {.m = 8, .n = 300, .k = 128, .spread = true}},
    };
    const struct gemm_fixture *f = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const struct variant *v = variants_find(&f->variants, rows[i].id);
        assert_non_null(v);
        require_right(f, v, &rows[i].test);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_variant_is_right_on_a_ragged_shape),
        cmocka_unit_test(prefill_is_right_at_tails_and_pitches),
        cmocka_unit_test(decode_is_right_for_every_row_count),
        cmocka_unit_test(offsets_beyond_four_gigabytes_are_right),
    };
    return cmocka_run_group_tests(tests, gemm_load, gemm_unload);
}
