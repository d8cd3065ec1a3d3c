// Prints how long typical vector ALU instructions take, in nanoseconds a wave32 instruction, for each SIMD level of
// this processor: the median of several runs of a straight program, dispatch included. It judges nothing.
#include "wave_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "wave_program.h"

enum { RUNS = 9, REPEATS = 400, COPIES = 64 };

static const char *const lines[] = {
    "v_mov_b32 v0, v1",
    "v_and_or_b32 v0, v1, v2, v3",
    "v_add_nc_u32 v0, v1, v2",
    "v_add_nc_u32 v0, s1, v2",
    "v_lshlrev_b32 v0, 4, v2",
    "v_mul_lo_u32 v0, v1, v2",
    "v_perm_b32 v0, v1, v2, v3",
    "v_bfe_u32 v0, v1, 4, 4",
    "v_add_f32 v0, v1, v2",
    "v_fma_f32 v0, v1, v2, v3",
    "v_fmac_f32 v0, v1, v2",
    "v_fma_f32 v0, -v1, |v2|, v3",
    "v_max_f32 v0, v1, v2",
    "v_med3_f32 v0, v1, v2, v3",
    "v_exp_f32 v0, v1",
    "v_rcp_f32 v0, v1",
    "v_add_f16 v0.l, v1.l, v2.h",
    "v_fma_f16 v0.l, v1.l, v2.h, v3.l",
    "v_cvt_f32_f16 v0, v1.l",
    "v_cvt_f16_f32 v0.l, v1",
    "v_cvt_pk_rtz_f16_f32 v0, v1, v2",
    "v_cvt_f32_ubyte1 v0, v1",
    "v_cmp_lt_f32 vcc_lo, v1, v2",
    "v_cmp_eq_u32 vcc_lo, v1, v2",
    "v_cndmask_b32 v0, v1, v2, vcc_lo",
    "v_add_co_u32 v0, vcc_lo, v1, v2",
    "v_mad_u64_u32 v[4:5], vcc_lo, v1, v2, v[6:7]",
    "v_lshlrev_b64 v[4:5], v1, v[6:7]",
    "v_fma_f64 v[4:5], v[6:7], v[8:9], v[10:11]",
    "v_mov_b32_dpp v0, v1 row_ror:4 row_mask:0xf bank_mask:0xf",
    "v_add_f32_dpp v0, v1, v2 quad_perm:[1,0,3,2] row_mask:0xf bank_mask:0xf",
    "v_readfirstlane_b32 s0, v1",
    "v_permlanex16_b32 v0, v1, s1, s2",
    "v_dual_mul_f32 v0, v1, v2 :: v_dual_add_f32 v3, v4, v5",
};

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double now_ns(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        abort();
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double run_ns(struct fixture *f, const struct fixture_program *program)
{
    struct emu_wave *wave = &f->wave;
    double start = now_ns();
    for (unsigned repeat = 0; repeat < REPEATS; repeat++) {
        wave->ip = program->insts;
        while (wave->ip->exec) {
            const struct emu_inst *inst = wave->ip++;
            inst->exec(wave, inst);
        }
    }
    return (now_ns() - start) / (REPEATS * COPIES);
}

// Negative when the line cannot be run.
static double median_ns(struct fixture *f, const char *line)
{
    char text[COPIES * 96 + 64], message[512];
    const uint32_t *words;
    size_t count;
    snprintf(text, sizeof text, ".rept %d\n%s\n.endr", COPIES, line);
    if (!fixture_assemble(text, false, &words, &count, message, sizeof message)) {
        fprintf(stderr, "%s\n", message);
        return -1;
    }
    struct fixture_program *program = fixture_program_create(words, count, false, f->bodies, message, sizeof message);
    if (!program) {
        fprintf(stderr, "%s\n", message);
        return -1;
    }
    double samples[RUNS];
    for (unsigned run = 0; run < RUNS; run++)
        samples[run] = run_ns(f, program);
    fixture_program_destroy(program);
    qsort(samples, RUNS, sizeof *samples, ascending);
    return samples[RUNS / 2];
}

int main(void)
{
    static const char *const levels[] = {"generic", "avx2", "avx512"};
    enum { LEVELS = sizeof levels / sizeof *levels };
    struct fixture *fixtures[LEVELS];
    int status = 0;

    printf("%-72s", "ns an instruction (wave32)");
    for (size_t i = 0; i < LEVELS; i++) {
        fixtures[i] = fixture_create(32, levels[i]);
        printf("%9s", levels[i]);
        for (unsigned reg = 0; fixtures[i] && reg < 16; reg++)
            fixture_ramp(fixtures[i], reg, 0x3c003c00u + reg, 0x10001);
    }
    printf("\n");
    for (size_t line = 0; line < sizeof lines / sizeof *lines; line++) {
        printf("%-72s", lines[line]);
        for (size_t i = 0; i < LEVELS; i++) {
            double ns = fixtures[i] ? median_ns(fixtures[i], lines[line]) : -1;
            status |= fixtures[i] && ns < 0;
            ns < 0 ? printf("%9s", "-") : printf("%9.2f", ns);
        }
        printf("\n");
    }
    for (size_t i = 0; i < LEVELS; i++)
        fixture_destroy(fixtures[i]);
    return status;
}
