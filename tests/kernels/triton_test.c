// The Triton kernels on the shapes that their masks and their unrolled loop have to get right. Every variant runs on a
// ragged shape in numeric_test; here are tails, pitches, few and many K tiles, and the
// emulator's strict checks. Exits 77 where the build has no Triton.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gemm.h"

static void require_right(const struct gemm_fixture *f, const char *id, const struct gemm_case *test)
{
    const struct variant *v = variants_find(&f->variants, id);
    if (!v)
        fail_msg("no variant %s", id);
    const struct gemm_outcome outcome = gemm_run(f->device, v, test, 20260202);
    if (!gemm_is_right(&outcome))
        fail_msg("%s, M=%d N=%d K=%d: %d beyond, %d unwritten, %d damaged, worst %g at (%d, %d)", id, test->m, test->n,
                 test->k, outcome.beyond, outcome.unwritten, outcome.damage, outcome.worst_ratio, outcome.worst_m,
                 outcome.worst_n);
}

// One of each way the code differs: unpack, zero points, type, pipeline, unrolling, one wave, spilled registers.
static const char *const ids[] = {
    "triton-128x64x64-w8-s2-u1-scalar-fp16-g128-sym", "triton-128x64x64-w8-s2-u1-scalar-bf16-g128-zp",
    "triton-64x256x64-w8-s1-u4-scalar-fp16-g128-sym", "triton-64x256x64-w8-s1-u4-scalar-bf16-g128-zp",
    "triton-64x256x64-w8-s1-u4-packed-fp16-g128-zp",  "triton-128x256x32-w8-s1-u1-packed-fp16-g128-sym",
    "triton-128x256x32-w8-s2-u1-packed-fp16-g128-zp", "triton-64x16x64-w1-s2-u1-scalar-fp16-g128-zp",
};

static void tails_and_pitches_are_right(void **state)
{
    static const struct gemm_case cases[] = {
        {.m = 1, .n = 1, .k = 128},
        {.m = 17, .n = 257, .k = 128, .a_pad = 16, .w_pad = 16, .scale_pad = 1, .c_pad = 7},
        {.m = 65, .n = 300, .k = 256, .c_pad = 1},
        {.m = 130, .n = 96, .k = 512, .scale_pad = 2},
    };
    for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
        for (size_t c = 0; c < sizeof(cases) / sizeof(*cases); c++)
            require_right(*state, ids[i], &cases[c]);
}

// UNROLL_K * BK is 256: K of 128 and 384 leave half a turn of the loop behind K, where no scale exists any more.
static void an_unrolled_loop_may_end_behind_k(void **state)
{
    for (int k = 128; k <= 640; k += 128) {
        const struct gemm_case test = {.m = 5, .n = 33, .k = k};
        require_right(*state, "triton-64x256x64-w8-s1-u2-scalar-fp16-g128-zp", &test);
        require_right(*state, "triton-64x256x64-w8-s1-u4-scalar-fp16-g128-sym", &test);
        require_right(*state, "triton-64x256x64-w8-s1-u4-packed-fp16-g128-zp", &test);
    }
}

// EMU_CHECK is set: a finding fails the launch. Kernels with two stages and more than one wave are left out: Triton 3.6
// misses a wait before the barrier of their loop (kernels/triton/README.md).
static void single_stage_kernels_pass_the_strict_checks(void **state)
{
    const struct gemm_fixture *f = *state;
    const struct gemm_case test = {.m = 33, .n = 40, .k = 384, .c_pad = 1};
    for (size_t i = 0; i < f->variants.count; i++) {
        const struct variant *v = &f->variants.items[i];
        if (strcmp(v->family, "triton") == 0 && v->num_stages == 1)
            require_right(f, v->id, &test);
    }
}

static int load_with_checks(void **state)
{
    return setenv("EMU_CHECK", "1", 1) == 0 ? gemm_load(state) : -1;
}

static bool is_built(void)
{
    struct variants variants;
    variants_load(W4_BUILD_DIR "/kernels", &variants);
    const bool built = variants_have(&variants, "triton");
    variants_fini(&variants);
    return built;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tails_and_pitches_are_right),
        cmocka_unit_test(an_unrolled_loop_may_end_behind_k),
    };
    const struct CMUnitTest checked[] = {cmocka_unit_test(single_stage_kernels_pass_the_strict_checks)};
    if (!is_built()) {
        printf("skipped: built without Triton (./bench and ./check install it; configure.log says what was found)\n");
        return 77;
    }
    const int failed = cmocka_run_group_tests(tests, gemm_load, gemm_unload);
    return failed + cmocka_run_group_tests(checked, load_with_checks, gemm_unload);
}
