// The compiled corpus as subjects: one row a kernel, with its buffers, numbers and a host computation of its result.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "subject.h"

enum fill { ZERO, BYTES, WORDS, FLOATS, HALVES, BRAINS, DOUBLES };

struct row {
    const char *source, *kernel;
    uint32_t groups, items, lds_bytes;
    struct {
        uint32_t count;
        enum fill fill;
    } buffer[5];
    uint32_t scalar[3];
    unsigned scalars, output;
    bool wave32_only;
    double tolerance; // 0: to the bit
    void (*expect)(const struct subject *subject, const struct row *row, void *out);
};

static uint32_t element_bytes(enum fill fill)
{
    return fill == BYTES ? 1 : fill == HALVES || fill == BRAINS ? 2 : fill == DOUBLES ? 8 : 4;
}

static float half_value(uint16_t bits)
{
    _Float16 value;
    memcpy(&value, &bits, 2);
    return (float)value;
}

static float brain_value(uint16_t bits)
{
    const uint32_t word = (uint32_t)bits << 16;
    float value;
    memcpy(&value, &word, 4);
    return value;
}

static void fill_buffer(void *content, uint32_t count, enum fill fill, uint64_t *random)
{
    for (uint32_t i = 0; i < count && fill != ZERO; i++) {
        const uint32_t word = subject_random(random);
        const float unit = subject_random_unit(random);
        const _Float16 half = (_Float16)unit;
        uint32_t bits;
        memcpy(&bits, &unit, 4);
        if (fill == BYTES)
            ((uint8_t *)content)[i] = (uint8_t)word;
        else if (fill == WORDS)
            ((uint32_t *)content)[i] = word;
        else if (fill == FLOATS)
            ((float *)content)[i] = unit;
        else if (fill == DOUBLES)
            ((double *)content)[i] = (double)unit * 2 + 3;
        else if (fill == HALVES)
            memcpy((uint16_t *)content + i, &half, 2);
        else
            ((uint16_t *)content)[i] = (uint16_t)(bits >> 16);
    }
}

// ---- Host computations -------------------------------------------------------------------------------------------

#define IN(type, i) ((const type *)(const void *)subject->buffer[i].content)

static void expect_reduce(const struct subject *subject, const struct row *row, void *out)
{
    for (uint32_t g = 0; g < row->groups; g++) {
        double sum = 0;
        for (uint32_t i = 0; i < 1024; i++)
            sum += (double)IN(float, 0)[g * 1024 + i];
        ((float *)out)[g] = (float)sum;
    }
}

static void expect_scan(const struct subject *subject, const struct row *row, void *out)
{
    for (uint32_t g = 0; g < row->groups; g++)
        for (uint32_t i = 0, sum = 0; i < 256; i++)
            ((uint32_t *)out)[g * 256 + i] = sum += IN(uint32_t, 0)[g * 256 + i];
}

static void expect_softmax(const struct subject *subject, const struct row *row, void *out)
{
    const uint32_t n = row->scalar[0];
    for (uint32_t g = 0; g < row->groups; g++) {
        const float *in = IN(float, 0) + g * n;
        double sum = 0, most = -1e30;
        for (uint32_t i = 0; i < n; i++)
            most = fmax(most, (double)in[i]);
        for (uint32_t i = 0; i < n; i++)
            sum += exp((double)in[i] - most);
        for (uint32_t i = 0; i < n; i++)
            ((float *)out)[g * n + i] = (float)(exp((double)in[i] - most) / sum);
    }
}

static void expect_layernorm(const struct subject *subject, const struct row *row, void *out)
{
    const uint32_t n = row->scalar[0];
    for (uint32_t g = 0; g < row->groups; g++) {
        const float *in = IN(float, 0) + g * n;
        double sum = 0, squares = 0;
        for (uint32_t i = 0; i < n; i++)
            sum += (double)in[i];
        for (uint32_t i = 0; i < n; i++)
            squares += ((double)in[i] - sum / n) * ((double)in[i] - sum / n);
        for (uint32_t i = 0; i < n; i++)
            ((float *)out)[g * n + i] =
                (float)(((double)in[i] - sum / n) / sqrt(squares / n + 1e-5) * (double)IN(float, 1)[i]);
    }
}

static void expect_transpose(const struct subject *subject, const struct row *row, void *out)
{
    const uint32_t width = row->scalar[0], height = row->scalar[1];
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++)
            ((float *)out)[x * height + y] = IN(float, 0)[y * width + x];
}

static void expect_histogram(const struct subject *subject, const struct row *row, void *out)
{
    memset(out, 0, 64 * sizeof(uint32_t));
    for (uint32_t i = 0; i < row->scalar[0]; i++)
        ((uint32_t *)out)[IN(uint8_t, 0)[i] % 64]++;
}

static void expect_stencil(const struct subject *subject, const struct row *row, void *out)
{
    const int nx = (int)row->scalar[0], ny = (int)row->scalar[1], nz = (int)row->scalar[2];
    const float *in = IN(float, 0);
#define AT(x, y, z)                                                                                                    \
    ((x) < 0 || (x) >= nx || (y) < 0 || (y) >= ny || (z) < 0 || (z) >= nz ? 0.0f : in[((z) * ny + (y)) * nx + (x)])
    for (int z = 0; z < nz; z++)
        for (int y = 0; y < ny; y++)
            for (int x = 0; x < nx; x++)
                ((float *)out)[(z * ny + y) * nx + x] = 6 * AT(x, y, z) - AT(x - 1, y, z) - AT(x + 1, y, z) -
                                                        AT(x, y - 1, z) - AT(x, y + 1, z) - AT(x, y, z - 1) -
                                                        AT(x, y, z + 1);
#undef AT
}

static void expect_reverse(const struct subject *subject, const struct row *row, void *out)
{
    const uint32_t length = row->scalar[0];
    for (uint32_t g = 0; g < row->groups; g++)
        for (uint32_t i = 0; i < length; i++)
            ((uint32_t *)out)[g * length + i] = IN(uint32_t, 0)[g * length + length - 1 - i];
}

static void expect_rotate(const struct subject *subject, const struct row *row, void *out)
{
    for (uint32_t g = 0; g < row->groups; g++) {
        uint32_t value[128], next[128];
        memcpy(value, IN(uint32_t, 0) + g * 128, sizeof value);
        for (uint32_t round = 0; round < row->scalar[0]; round++) {
            for (uint32_t i = 0; i < 128; i++)
                next[i] = value[(i + 37) % 128] * 3 + round;
            memcpy(value, next, sizeof value);
        }
        memcpy((uint32_t *)out + g * 128, value, sizeof value);
    }
}

static void expect_collatz(const struct subject *subject, const struct row *row, void *out)
{
    for (uint32_t i = 0; i < row->groups * 64; i++) {
        uint32_t n = IN(uint32_t, 0)[i] % 200 + 1, steps = 0;
        for (; n != 1; steps++)
            n = n % 2 ? 3 * n + 1 : n / 2;
        ((uint32_t *)out)[i] = steps;
    }
}

static void expect_dispatch(const struct subject *subject, const struct row *row, void *out)
{
    for (uint32_t i = 0; i < row->groups * 64; i++) {
        const uint32_t x = IN(uint32_t, 0)[i], c = x % 7;
        uint32_t y = 0;
        if (c == 0)
            y = x * 3;
        else if (c == 1)
            y = x ^ 0x55aa;
        else if (c == 2)
            for (uint32_t k = 0; k < x % 5; k++)
                y += x >> k;
        else if (c == 3)
            y = (uint32_t)__builtin_popcount(x);
        else if (c == 4)
            y = x / 11 + x % 13;
        else if (c == 5)
            y = x % 13;
        else
            y = ~x;
        ((uint32_t *)out)[i] = y;
    }
}

static uint32_t mix(uint32_t a, uint32_t b)
{
    return (a ^ b >> 3) * 0x9e3779b1u + b;
}

static void expect_calls(const struct subject *subject, const struct row *row, void *out)
{
    for (uint32_t i = 0; i < row->groups * 64; i++) {
        uint32_t x = IN(uint32_t, 0)[i];
        for (uint32_t k = 0; k < 3; k++)
            x = x % 3 ? mix(mix(x, x % 4 + k), mix(x, (x >> 2) % 4 + k)) : mix(x, k);
        ((uint32_t *)out)[i] = x;
    }
}

static void expect_stack(const struct subject *subject, const struct row *row, void *out)
{
    for (uint32_t i = 0; i < row->groups * 64; i++) {
        const uint32_t x = IN(uint32_t, 0)[i];
        // The walk by 7 visits each of the 24 entries once.
        ((uint32_t *)out)[i] = x * 300 + x * ((x >> 5) % 24 + 1);
    }
}

static void expect_spill(const struct subject *subject, const struct row *row, void *out)
{
    for (uint32_t i = 0; i < row->groups * 64; i++) {
        const float *value = IN(float, 0) + i % 64;
        double sum = 0;
        for (int n = 0; n < 64; n++) {
            double product = (double)value[n * 64];
            for (int k = 1; k < 64; k *= 2)
                product = product * 0.5 + (double)value[(n + k * 5) % 64 * 64];
            sum += product;
        }
        ((float *)out)[i] = (float)sum;
    }
}

static void expect_doubles(const struct subject *subject, const struct row *row, void *out)
{
    for (uint32_t i = 0; i < row->groups * 64; i++) {
        const double x = IN(double, 0)[i];
        ((double *)out)[i] = sqrt(x) + ((x * 0.25 - 1.5) * x + 3.0) * x;
    }
}

static void expect_gemm(const struct subject *subject, const struct row *row, void *out)
{
    const uint32_t n = row->scalar[0], k = row->scalar[1], m = row->buffer[0].count / k;
    float (*value)(uint16_t) = row->buffer[0].fill == HALVES ? half_value : brain_value;
    for (uint32_t i = 0; i < m; i++)
        for (uint32_t j = 0; j < n; j++) {
            double sum = 0;
            for (uint32_t e = 0; e < k; e++)
                sum += (double)value(IN(uint16_t, 0)[i * k + e]) * (double)value(IN(uint16_t, 1)[j * k + e]);
            ((float *)out)[i * n + j] = (float)sum;
        }
}

static void expect_gemv(const struct subject *subject, const struct row *row, void *out)
{
    const uint32_t bytes = row->scalar[0] * 4;
    for (uint32_t r = 0; r < row->buffer[2].count; r++) {
        int32_t sum = 0;
        for (uint32_t i = 0; i < bytes; i++)
            sum += IN(int8_t, 0)[r * bytes + i] * IN(int8_t, 1)[i];
        ((int32_t *)out)[r] = sum;
    }
}

static void expect_split(const struct subject *subject, const struct row *row, void *out)
{
    const uint32_t all = row->scalar[0] * row->scalar[1];
    for (uint32_t c = 0; c < 64; c++) {
        double sum = 0;
        for (uint32_t r = 0; r < all; r++)
            sum += (double)IN(float, 0)[r * 64 + c];
        ((float *)out)[c] = (float)sum;
    }
}

// Element i of the 16-bit D is row i of the lane's column (both halves of a wave differ); the next WMMA takes lane l's
// 16 elements as row l % 16 of A, k = 0..15. Only the half chosen by op_sel is written: elements 0, 2, 4, ... hold rows
// of this lane's half of the wave, odd ones stay zero.
static void expect_chain(const struct subject *subject, const struct row *row, void *out)
{
    (void)row;
    float a[16][16] = {{0}};
    for (int l = 0; l < 16; l++)
        for (int v = 0; v < 8; v++) {
            double sum = 0;
            for (int k = 0; k < 16; k++)
                sum += (double)half_value(IN(uint16_t, 0)[2 * v * 16 + k]) *
                       (double)half_value(IN(uint16_t, 1)[l * 16 + k]);
            a[l][2 * v] = (float)(_Float16)sum;
        }
    for (int v = 0; v < 8; v++)
        for (int l = 0; l < 32; l++) {
            double sum = 0;
            for (int k = 0; k < 16; k++)
                sum += (double)a[2 * v + l / 16][k] * (double)half_value(IN(uint16_t, 1)[l % 16 * 16 + k]);
            ((float *)out)[v * 32 + l] = (float)sum;
        }
}

// ---- The table ---------------------------------------------------------------------------------------------------

#define IN_OUT(n_in, fill_in, n_out)                                                                                   \
    {                                                                                                                  \
        {n_in, fill_in},                                                                                               \
        {                                                                                                              \
            n_out, ZERO                                                                                                \
        }                                                                                                              \
    }
static const struct row rows[] = {
    {"lanes", "reduce", 3, 256, 0, {{3072, FLOATS}, {3, ZERO}}, {0}, 0, 1, false, 1e-4, expect_reduce},
    {"lanes", "scan", 3, 256, 0, {{768, WORDS}, {768, ZERO}}, {0}, 0, 1, false, 0, expect_scan},
    {"lanes", "softmax", 3, 128, 0, {{900, FLOATS}, {900, ZERO}}, {300}, 1, 1, false, 1e-5, expect_softmax},
    {"lanes",
     "layernorm",
     3,
     128,
     0,
     {{903, FLOATS}, {301, FLOATS}, {903, ZERO}},
     {301},
     1,
     2,
     false,
     1e-4,
     expect_layernorm},
    {"shared", "transpose", 6, 256, 0, {{4270, FLOATS}, {4270, ZERO}}, {70, 61}, 2, 1, false, 0, expect_transpose},
    {"shared", "histogram", 4, 256, 0, {{3001, BYTES}, {64, ZERO}}, {3001}, 1, 1, false, 0, expect_histogram},
    {"shared", "stencil", 6, 64, 0, {{1001, FLOATS}, {1001, ZERO}}, {13, 11, 7}, 3, 1, false, 1e-4, expect_stencil},
    {"shared", "reverse", 2, 128, 2400, {{1200, WORDS}, {1200, ZERO}}, {600}, 1, 1, false, 0, expect_reverse},
    {"shared", "rotate", 2, 128, 0, {{256, WORDS}, {256, ZERO}, {256, ZERO}}, {3}, 1, 2, false, 0, expect_rotate},
    {"shared", "relay", 2, 128, 0, {{256, WORDS}, {256, ZERO}, {256, ZERO}}, {3}, 1, 2, false, 0, expect_rotate},
    {"control", "collatz", 2, 64, 0, {{128, WORDS}, {128, ZERO}}, {0}, 0, 1, false, 0, expect_collatz},
    {"control", "dispatch", 3, 64, 0, {{192, WORDS}, {192, ZERO}}, {0}, 0, 1, false, 0, expect_dispatch},
    {"control", "calls", 2, 64, 0, {{128, WORDS}, {128, ZERO}}, {0}, 0, 1, false, 0, expect_calls},
    {"control", "stack", 2, 64, 0, {{128, WORDS}, {128, ZERO}}, {0}, 0, 1, false, 0, expect_stack},
    {"control", "spill", 1, 64, 0, {{4096, FLOATS}, {64, ZERO}}, {0}, 0, 1, false, 1e-3, expect_spill},
    {"control", "doubles", 2, 64, 0, {{128, DOUBLES}, {128 * 2, ZERO}}, {0}, 0, 1, false, 1e-12, expect_doubles},
    {"matrix",
     "gemm_f16",
     2,
     128,
     0,
     {{64 * 96, HALVES}, {128 * 96, HALVES}, {64 * 128, ZERO}},
     {128, 96},
     2,
     2,
     true,
     1e-3,
     expect_gemm},
    {"matrix",
     "gemm_bf16",
     2,
     128,
     0,
     {{64 * 96, BRAINS}, {128 * 96, BRAINS}, {64 * 128, ZERO}},
     {128, 96},
     2,
     2,
     true,
     1e-3,
     expect_gemm},
    {"matrix", "gemv_int8", 2, 128, 0, {{8 * 100, WORDS}, {100, WORDS}, {8, ZERO}}, {100}, 1, 2, false, 0, expect_gemv},
    {"matrix",
     "split",
     3,
     64,
     0,
     {{960, FLOATS}, {192, ZERO}, {1, ZERO}, {64, ZERO}},
     {3, 5},
     2,
     3,
     false,
     1e-4,
     expect_split},
    {"matrix", "chain", 1, 32, 0, {{256, HALVES}, {256, HALVES}, {256, ZERO}}, {0}, 0, 2, true, 1e-3, expect_chain},
};

static bool judge(const struct subject *subject, const void *output, char why[128])
{
    const struct row *row = subject->user;
    const uint32_t bytes = subject->buffer[row->output].bytes;
    const bool is_double = row->expect == expect_doubles;
    void *expected = calloc(1, bytes);
    bool right = expected != NULL;
    if (!right)
        return false;
    row->expect(subject, row, expected);
    for (uint32_t i = 0; i < bytes / (is_double ? 8 : 4) && right; i++) {
        const double want = is_double ? ((double *)expected)[i] : (double)((float *)expected)[i];
        const double got = is_double ? ((const double *)output)[i] : (double)((const float *)output)[i];
        if (row->tolerance == 0)
            right = ((uint32_t *)expected)[i] == ((const uint32_t *)output)[i];
        else
            right = fabs(got - want) <= row->tolerance * (1 + fabs(want));
        if (!right)
            snprintf(why, 128, "element %u is %g, not %g", i, got, want);
    }
    free(expected);
    return right;
}

static bool build_subject(const struct row *row, const char *build, struct subject *subject)
{
    uint64_t random = 2026;
    *subject = (struct subject){.groups = {row->groups, 1, 1},
                                .items = row->items,
                                .lds_bytes = row->lds_bytes,
                                .output = row->output,
                                .judge = judge,
                                .user = row};
    snprintf(subject->title, sizeof subject->title, "%s (%s)", row->kernel, build);
    snprintf(subject->path, sizeof subject->path, "%s/%s-%s.hsaco", CORPUS_OBJECTS, row->source, build);
    snprintf(subject->kernel, sizeof subject->kernel, "%s", row->kernel);
    if (strcmp(build, "wave64") == 0 && strcmp(row->kernel, "gemv_int8") == 0)
        subject->groups[0] = 4; // two rows a workgroup
    for (unsigned i = 0; i < 5 && row->buffer[i].count; i++) {
        void *content = subject_add_buffer(subject, row->buffer[i].count, element_bytes(row->buffer[i].fill));
        if (!content)
            return false;
        fill_buffer(content, row->buffer[i].count, row->buffer[i].fill, &random);
    }
    for (unsigned i = 0; i < row->scalars; i++)
        subject_add_u32(subject, row->scalar[i]);
    return true;
}

size_t subjects_of_corpus(const char *build, struct subject *subjects, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && count < room; i++) {
        if (rows[i].wave32_only && strcmp(build, "wave64") == 0)
            continue;
        if (!build_subject(&rows[i], build, &subjects[count++]))
            break;
    }
    return count;
}
