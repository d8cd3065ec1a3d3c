// Prints how many million matrix, packed, dot-product and vector memory instructions one core executes a second, for
// each SIMD level of this processor: the best of several runs of a straight program, dispatch included. It judges
// nothing. The goals for v_wmma_f32_16x16x16_f16 are 8 with AVX-512 and 4 with AVX2; for a mix of others 60.
#include "wave_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "wave_program.h"

enum { RUNS = 7, COPIES = 16, LEVELS = 3, TEXT_BYTES = 4096 };

// %d in a line is the copy's number times 8: independent accumulators.
static const struct {
    const char *text;
    unsigned repeats;
} lines[] = {
    {"v_wmma_f32_16x16x16_f16 v[128+%d:135+%d], v[64:71], v[80:87], v[128+%d:135+%d]", 200},
    {"v_wmma_f32_16x16x16_bf16 v[128+%d:135+%d], v[64:71], v[80:87], v[128+%d:135+%d]", 200},
    {"v_wmma_f16_16x16x16_f16 v[128+%d:135+%d], v[64:71], v[80:87], v[128+%d:135+%d]", 200},
    {"v_wmma_bf16_16x16x16_bf16 v[128+%d:135+%d], v[64:71], v[80:87], v[128+%d:135+%d]", 200},
    {"v_wmma_i32_16x16x16_iu8 v[128+%d:135+%d], v[64:67], v[80:83], v[128+%d:135+%d]", 200},
    {"v_wmma_i32_16x16x16_iu4 v[128+%d:135+%d], v[64:65], v[80:81], v[128+%d:135+%d]", 200},
    {"v_pk_fma_f16 v10, v64, v65, v66", 2000},
    {"v_pk_mul_f16 v10, v64, v65", 2000},
    {"v_pk_add_f16 v10, v64, 1.0 op_sel_hi:[1,0]", 2000},
    {"v_pk_max_f16 v10, v64, v65", 2000},
    {"v_pk_add_u16 v10, v64, v65", 2000},
    {"v_pk_lshrrev_b16 v10, 4, v65 op_sel_hi:[0,1]", 2000},
    {"v_fma_mix_f32 v10, v64, v65, v66 op_sel_hi:[1,1,0]", 2000},
    {"v_dot2_f32_f16 v10, v64, v65, v66", 2000},
    {"v_dot2acc_f32_f16 v10, v64, v65", 2000},
    {"v_dot4_i32_iu8 v10, v64, v65, v66 neg_lo:[1,1,0]", 2000},
    {"global_load_b32 v10, v2, s[4:5]", 2000},
    {"global_load_b32 v10, v4, s[4:5]", 2000},
    {"global_load_b64 v[10:11], v3, s[4:5]", 2000},
    {"global_load_b128 v[10:13], v4, s[4:5]", 2000},
    {"global_load_b128 v[10:13], v[6:7], off", 2000},
    {"global_load_u16 v10, v2, s[4:5]", 2000},
    {"global_load_d16_b16 v10, v2, s[4:5]", 2000},
    {"global_store_b32 v2, v10, s[4:5]", 2000},
    {"global_store_b64 v3, v[10:11], s[4:5]", 2000},
    {"global_store_b128 v4, v[10:13], s[4:5]", 2000},
    {"global_atomic_add_f32 v2, v10, s[4:5]", 200},
    {"flat_load_b128 v[10:13], v[6:7]", 2000},
    {"buffer_load_b128 v[10:13], v4, s[8:11], 0 offen", 2000},
    {"buffer_load_b32 v10, v2, s[8:11], 0 offen", 2000},
    {"scratch_store_b32 off, v10, off offset:16", 2000},
    {"scratch_load_b128 v[10:13], off, off offset:16", 2000},
};

static double now_s(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) != 0)
        abort();
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double run_s(struct fixture *f, const struct fixture_program *program, unsigned repeats)
{
    struct emu_wave *wave = &f->wave;
    double start = now_s();
    for (unsigned repeat = 0; repeat < repeats; repeat++) {
        wave->ip = program->insts;
        while (wave->ip->exec) {
            const struct emu_inst *inst = wave->ip++;
            inst->exec(wave, inst);
        }
    }
    return now_s() - start;
}

// The line with each %d replaced by `base`; returns its length.
static size_t write_line(char *text, size_t size, const char *line, int base)
{
    size_t used = 0;
    for (; *line; line++) {
        bool marked = line[0] == '%' && line[1] == 'd';
        int length =
            marked ? snprintf(text + used, size - used, "%d", base) : snprintf(text + used, size - used, "%c", *line);
        used += (size_t)length;
        line += marked;
    }
    return used;
}

static void write_program(const char *line, char *text)
{
    size_t used = 0;
    for (int copy = 0; copy < COPIES; copy++) {
        int base = copy * 8;
        used += write_line(text + used, TEXT_BYTES - used, line, base);
        used += (size_t)snprintf(text + used, TEXT_BYTES - used, "\n");
    }
}

// Million instructions a second; negative when the line cannot be run.
static double best_rate(struct fixture *f, const char *line, unsigned repeats)
{
    char text[TEXT_BYTES], message[512];
    const uint32_t *words;
    size_t count;
    write_program(line, text);
    struct fixture_program *program = NULL;
    if (fixture_assemble(text, false, &words, &count, message, sizeof message))
        program = fixture_program_create(words, count, false, f->bodies, message, sizeof message);
    if (!program) {
        fprintf(stderr, "%s\n", message);
        return -1;
    }
    double best = 0;
    for (unsigned run = 0; run < RUNS; run++) {
        double rate = COPIES * repeats / run_s(f, program, repeats) * 1e-6;
        best = rate > best ? rate : best;
    }
    fixture_program_destroy(program);
    return f->wave.status == EMU_FAULTED ? -1 : best;
}

// Numbers in the registers, and addresses: v2 side by side for dwords, v3 for pairs, v4 rows of four lanes, v[6:7] the
// same as whole addresses; s[8:11] a raw buffer.
static void set_up(struct fixture *f, uint8_t *scratch)
{
    uint64_t base = (uint64_t)(uintptr_t)f->memory;
    for (unsigned reg = 64; reg < 128; reg++)
        fixture_ramp(f, reg, 0x3c003c00u + reg, 0x10001);
    fixture_ramp(f, 2, 0, 4);
    fixture_ramp(f, 3, 0, 8);
    for (unsigned lane = 0; lane < EMU_LANES; lane++) {
        uint32_t offset = lane % 4 * 16 + lane / 4 * 320;
        *fixture_v(f, 4, lane) = offset;
        *fixture_v(f, 6, lane) = (uint32_t)(base + offset);
        *fixture_v(f, 7, lane) = (uint32_t)((base + offset) >> 32);
    }
    fixture_set_s64(f, 4, base);
    fixture_set_s64(f, 8, base);
    f->wave.s[10] = FIXTURE_MEMORY_BYTES;
    f->wave.s[11] = 0x31014000;
    f->wave.scratch = scratch;
    f->wave.scratch_lane_bytes = 64;
    f->wave.status = EMU_RUNNING;
}

int main(void)
{
    static const char *const levels[LEVELS] = {"generic", "avx2", "avx512"};
    static uint8_t scratch[64 * EMU_LANES] __attribute__((aligned(64)));
    struct fixture *fixtures[LEVELS];
    int status = 0;

    printf("%-88s", "million instructions a second and core (wave32)");
    for (size_t i = 0; i < LEVELS; i++) {
        fixtures[i] = fixture_create(32, levels[i]);
        if (fixtures[i])
            set_up(fixtures[i], scratch);
        printf("%9s", levels[i]);
    }
    printf("\n");
    for (size_t line = 0; line < sizeof lines / sizeof *lines; line++) {
        printf("%-88s", lines[line].text);
        for (size_t i = 0; i < LEVELS; i++) {
            double rate = fixtures[i] ? best_rate(fixtures[i], lines[line].text, lines[line].repeats) : -1;
            status |= fixtures[i] && rate < 0;
            rate < 0 ? printf("%9s", "-") : printf("%9.2f", rate);
        }
        printf("\n");
    }
    for (size_t i = 0; i < LEVELS; i++)
        fixture_destroy(fixtures[i]);
    return status;
}
