// A selection of this suite's own kernels as subjects: tiles, types, zero points, ragged shapes, decode.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../kernels/abi.h"
#include "subject.h"

struct row {
    const char *object;
    const char *tile; // of the kernel's name
    const char *type;
    uint32_t group_size, zero_points;
    uint32_t m, n, k, bm, bn, waves;
};

static const struct row rows[] = {
    {"prefill-64x64x64-w4-u1", "prefill_64x64x64_w4_u1", "fp16", 64, 0, 64, 64, 128, 64, 64, 4},
    {"prefill-64x64x64-w4-u1", "prefill_64x64x64_w4_u1", "bf16", 64, 1, 70, 67, 128, 64, 64, 4},
    {"prefill-64x256x32-w8-u4", "prefill_64x256x32_w8_u4", "fp16", 32, 1, 64, 256, 160, 64, 256, 8},
    {"prefill-64x256x32-w8-u4", "prefill_64x256x32_w8_u4", "bf16", 32, 0, 61, 250, 96, 64, 256, 8},
    {"prefill-128x64x64-w8-u1", "prefill_128x64x64_w8_u1", "bf16", 64, 0, 128, 64, 192, 128, 64, 8},
    {"prefill-32x32x32-w4-u1", "prefill_32x32x32_w4_u1", "fp16", 32, 1, 33, 33, 64, 32, 32, 4},
    {"prefill-64x16x64-w1-u1", "prefill_64x16x64_w1_u1", "fp16", 64, 0, 64, 17, 128, 64, 16, 1},
    {"prefill-64x256x64-w8-u4", "prefill_64x256x64_w8_u4", "fp16", 128, 0, 65, 256, 256, 64, 256, 8},
    {"decode-8x16x32-w8-u1", "decode_8x16x32_w8_u1", "fp16", 32, 0, 1, 16, 512, 8, 16, 8},
    {"decode-8x16x32-w8-u1", "decode_8x16x32_w8_u1", "bf16", 64, 1, 3, 19, 320, 8, 16, 8},
};

static float value_of(uint16_t bits, bool brain)
{
    if (brain) {
        const uint32_t word = (uint32_t)bits << 16;
        float value;
        memcpy(&value, &word, 4);
        return value;
    }
    _Float16 value;
    memcpy(&value, &bits, 2);
    return (float)value;
}

static uint16_t bits_of(float value, bool brain)
{
    uint32_t word;
    const _Float16 half = (_Float16)value;
    uint16_t bits;
    memcpy(&word, &value, 4);
    memcpy(&bits, &half, 2);
    return brain ? (uint16_t)(word >> 16) : bits;
}

// w4 in the ExLlama order: k, k+2, k+4, k+6 in the low half, the odd ones in the high one.
static unsigned nibble(uint32_t word, unsigned k)
{
    return word >> (k % 2 * 16 + k / 2 * 4) & 15;
}

static bool judge(const struct subject *subject, const void *output, char why[128])
{
    const struct row *row = subject->user;
    const bool brain = row->type[0] == 'b';
    const uint16_t *a = (const void *)subject->buffer[0].content, *scales = (const void *)subject->buffer[2].content;
    const uint16_t *zeros = row->zero_points ? (const void *)subject->buffer[3].content : NULL;
    const uint32_t *w = (const void *)subject->buffer[1].content;
    const uint32_t groups = row->k / row->group_size;
    for (uint32_t m = 0; m < row->m; m++)
        for (uint32_t n = 0; n < row->n; n++) {
            double sum = 0, size = 0;
            for (uint32_t k = 0; k < row->k; k++) {
                const uint32_t at = n * groups + k / row->group_size;
                const double zero = zeros ? (double)value_of(zeros[at], brain) : 8;
                const double product = (double)value_of(a[m * row->k + k], brain) *
                                       ((double)nibble(w[n * row->k / 8 + k / 8], k % 8) - zero) *
                                       (double)value_of(scales[at], brain);
                sum += product;
                size += fabs(product);
            }
            const double got = (double)value_of(((const uint16_t *)output)[m * row->n + n], brain);
            // Weights and the result are rounded to the type: 2^-11 or 2^-8 each.
            if (!(fabs(got - sum) <= size * (brain ? 0x1p-7 : 0x1p-10))) {
                snprintf(why, 128, "C[%u,%u] is %g, not %g", m, n, got, sum);
                return false;
            }
        }
    return true;
}

static bool add_halves(struct subject *subject, uint32_t count, bool brain, float low, float step, uint64_t *random)
{
    uint16_t *content = subject_add_buffer(subject, count, 2);
    for (uint32_t i = 0; i < count && content; i++)
        content[i] = bits_of(low + step * (float)(subject_random(random) % 16), brain);
    return content != NULL;
}

static bool build_subject(const struct row *row, struct subject *subject)
{
    const bool brain = row->type[0] == 'b';
    const uint32_t groups = row->k / row->group_size;
    uint64_t random = 7;
    *subject = (struct subject){.groups = {(row->m + row->bm - 1) / row->bm, (row->n + row->bn - 1) / row->bn, 1},
                                .items = row->waves * 32,
                                .judge = judge,
                                .user = row};
    snprintf(subject->kernel, sizeof subject->kernel, "w4_%s_%s_g%u_%s", row->tile, row->type, row->group_size,
             row->zero_points ? "zp" : "sym");
    snprintf(subject->title, sizeof subject->title, "%s %ux%ux%u", subject->kernel + 3, row->m, row->n, row->k);
    snprintf(subject->path, sizeof subject->path, "%s/%s.hsaco", SUITE_OBJECTS, row->object);
    bool fine = add_halves(subject, row->m * row->k, brain, -1.0f, 0.125f, &random);
    uint32_t *w = fine ? subject_add_buffer(subject, row->n * row->k / 8, 4) : NULL;
    for (uint32_t i = 0; i < row->n * row->k / 8 && w; i++)
        w[i] = subject_random(&random);
    fine = w && add_halves(subject, row->n * groups, brain, 0.25f, 0.0625f, &random);
    if (row->zero_points)
        fine = fine && add_halves(subject, row->n * groups, brain, 0, 1, &random);
    else
        subject->argument_bytes += 8;
    subject->output = subject->buffer_count;
    fine = fine && add_halves(subject, row->m * row->n, brain, 0, 0, &random);
    const uint32_t numbers[] = {row->m, row->n, row->k, row->k, row->k / 8, groups, row->n, 0};
    for (unsigned i = 0; i < 8; i++)
        subject_add_u32(subject, numbers[i]);
    return fine && subject->argument_bytes == sizeof(struct w4_gemm_args);
}

size_t subjects_of_suite(struct subject *subjects, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && count < room; i++)
        if (!build_subject(&rows[i], &subjects[count++]))
            break;
    return count;
}
