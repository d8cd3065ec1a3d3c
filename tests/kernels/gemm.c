// Operands, launch and judgement of one GEMM. Everything outside an operand's elements is filled with NaN (operands) or
// a pattern (C), so that a kernel which reads padding gives NaN, and one which writes it is seen.
#include "gemm.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../base/file.h"

enum { POISON = 0x7bad, FAR_NAN = 0x7fff, GUARD_ELEMENTS = 64, CODE_OBJECT_MAX_BYTES = 64 << 20 };

struct operands {
    struct w4_gemm_args args; // sizes and pitches; addresses are the device's
    uint16_t *a, *scales, *zeros, *c;
    uint32_t *w;
    size_t a_count, w_count, scale_count, c_count; // elements allocated
    size_t a_first, c_first;                       // where row 0 begins
    double *a_values, *w_values;                   // m x k, n x k: what the 16-bit operands stand for
    bool bf16;
};

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13; // xorshift32 (Marsaglia 2003)
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

// Uniform in [-1, 1).
static double random_unit(uint32_t *state)
{
    return (double)(next_random(state) >> 8) / (1 << 23) - 1.0;
}

static double value_of(uint16_t bits, bool bf16)
{
    if (bf16) {
        const uint32_t wide = (uint32_t)bits << 16;
        float value;
        memcpy(&value, &wide, sizeof(value));
        return (double)value;
    }
    const int exponent = bits >> 10 & 31, mantissa = bits & 1023;
    const double sign = bits & 0x8000 ? -1.0 : 1.0;
    if (exponent == 31)
        return mantissa ? NAN : sign * INFINITY;
    return sign * (exponent == 0 ? ldexp(mantissa, -24) : ldexp(1024 + mantissa, exponent - 25));
}

// The 16-bit float nearest to `value` towards zero: operands need not be rounded, only representable.
static uint16_t bits_near(double value, bool bf16)
{
    if (bf16) {
        const float narrow = (float)value;
        uint32_t wide;
        memcpy(&wide, &narrow, sizeof(wide));
        return (uint16_t)(wide >> 16);
    }
    const double size = fabs(value);
    const uint16_t sign = value < 0 ? 0x8000 : 0;
    int exponent;
    if (size < ldexp(1, -14))
        return (uint16_t)(sign | (uint16_t)ldexp(size, 24));
    frexp(size, &exponent);
    const int mantissa = (int)ldexp(size, 11 - exponent) - 1024;
    return (uint16_t)(sign | (exponent + 14) << 10 | mantissa);
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    assert_non_null(memory);
    return memory;
}

static void fill16(uint16_t *words, size_t count, uint16_t value)
{
    for (size_t i = 0; i < count; i++)
        words[i] = value;
}

static void make_activations(struct operands *o, uint32_t *random)
{
    for (uint32_t m = 0; m < o->args.m; m++)
        for (uint32_t k = 0; k < o->args.k; k++) {
            const uint16_t bits = bits_near(random_unit(random), o->bf16);
            o->a[o->a_first + (size_t)m * o->args.a_pitch + k] = bits;
            o->a_values[(size_t)m * o->args.k + k] = value_of(bits, o->bf16);
        }
}

static void make_weights(struct operands *o, uint32_t group_size, bool zero_point, uint32_t *random)
{
    // Where element i of eight sits in a word, in nibbles: the layout of kernels/abi.h.
    static const int nibble_of[8] = {0, 4, 1, 5, 2, 6, 3, 7};
    for (uint32_t n = 0; n < o->args.n; n++)
        for (uint32_t k = 0; k < o->args.k; k++) {
            const size_t group = (size_t)n * o->args.scale_pitch + k / group_size;
            if (k % group_size == 0) {
                o->scales[group] = bits_near(0.02 + 0.02 * fabs(random_unit(random)), o->bf16);
                o->zeros[group] = bits_near(zero_point ? next_random(random) % 16 : 8, o->bf16);
            }
            const uint32_t q = next_random(random) >> 13 & 15;
            o->w[(size_t)n * o->args.w_pitch + k / 8] |= q << (4 * nibble_of[k % 8]);
            o->w_values[(size_t)n * o->args.k + k] =
                (q - value_of(o->zeros[group], o->bf16)) * value_of(o->scales[group], o->bf16);
        }
}

// Elements of `rows` rows at a pitch, without the padding behind the last one: what a kernel may touch.
static size_t extent(int rows, size_t pitch, size_t row)
{
    return (size_t)(rows - 1) * pitch + row;
}

static void make_operands(struct operands *o, const struct variant *v, const struct gemm_case *t, uint32_t seed)
{
    *o = (struct operands){.bf16 = strcmp(v->type, "bf16") == 0};
    const uint32_t groups = (uint32_t)(t->k / v->group_size);
    o->args.m = (uint32_t)t->m;
    o->args.n = (uint32_t)t->n;
    o->args.k = (uint32_t)t->k;
    o->args.a_pitch = (uint32_t)(t->k + t->a_pad);
    o->args.w_pitch = (uint32_t)(t->k / 8 + t->w_pad);
    o->args.scale_pitch = groups + (uint32_t)t->scale_pad;
    o->args.c_pitch = (uint32_t)(t->n + t->c_pad);
    o->a_first = (size_t)t->shift;
    o->c_first = GUARD_ELEMENTS + (size_t)t->shift;
    o->a_count = o->a_first + extent(t->m, o->args.a_pitch, o->args.k);
    o->w_count = extent(t->n, o->args.w_pitch, o->args.k / 8);
    o->scale_count = extent(t->n, o->args.scale_pitch, groups);
    o->c_count = o->c_first + (size_t)t->m * o->args.c_pitch + GUARD_ELEMENTS;
    o->a = allocate(o->a_count, sizeof(*o->a));
    o->w = allocate(o->w_count, sizeof(*o->w));
    o->scales = allocate(o->scale_count, sizeof(*o->scales));
    o->zeros = allocate(o->scale_count, sizeof(*o->zeros));
    o->c = allocate(o->c_count, sizeof(*o->c));
    o->a_values = allocate((size_t)t->m * (size_t)t->k, sizeof(*o->a_values));
    o->w_values = allocate((size_t)t->n * (size_t)t->k, sizeof(*o->w_values));
    fill16(o->a, o->a_count, FAR_NAN);
    fill16(o->scales, o->scale_count, FAR_NAN);
    fill16(o->zeros, o->scale_count, FAR_NAN);
    fill16(o->c, o->c_count, POISON);
    uint32_t random = seed;
    make_activations(o, &random);
    make_weights(o, (uint32_t)v->group_size, v->zero_point, &random);
}

static void free_operands(struct operands *o)
{
    free(o->a);
    free(o->w);
    free(o->scales);
    free(o->zeros);
    free(o->c);
    free(o->a_values);
    free(o->w_values);
}

static void require(enum w4_status status, const struct variant *v, const struct w4_error *error)
{
    if (status != W4_OK)
        fail_msg("%s: %s", v->id, error->message);
}

// An operand on the device: `rows` runs of bytes, `pitch_bytes` apart.
struct placement {
    uint64_t address;
    size_t rows, run_bytes, pitch_bytes;
};

// Copies an operand whose host copy has the rows one after the other. Memory between rows is not touched.
static struct placement upload_rows(struct w4_device *device, const struct variant *v, const void *data, size_t rows,
                                    size_t run_bytes, size_t pitch_bytes)
{
    struct w4_error error = {0};
    struct placement p = {.rows = rows, .run_bytes = run_bytes, .pitch_bytes = pitch_bytes};
    require(w4_device_malloc(device, (rows - 1) * pitch_bytes + run_bytes, &p.address, &error), v, &error);
    for (size_t row = 0; row < rows; row++)
        require(w4_device_upload(device, p.address + row * pitch_bytes, (const char *)data + row * run_bytes, run_bytes,
                                 &error),
                v, &error);
    return p;
}

static struct placement upload(struct w4_device *device, const struct variant *v, const void *data, size_t bytes)
{
    return upload_rows(device, v, data, 1, bytes, bytes);
}

static void download(struct w4_device *device, const struct variant *v, void *data, const struct placement *p)
{
    struct w4_error error = {0};
    for (size_t row = 0; row < p->rows; row++)
        require(w4_device_download(device, (char *)data + row * p->run_bytes, p->address + row * p->pitch_bytes,
                                   p->run_bytes, &error),
                v, &error);
}

static void launch(struct w4_device *device, const struct variant *v, const struct w4_gemm_args *args)
{
    struct w4_error error = {0};
    char *image = NULL;
    size_t bytes = 0;
    w4_module module = NULL;
    w4_function function = NULL;
    require(w4_file_read(v->path, CODE_OBJECT_MAX_BYTES, &image, &bytes, &error), v, &error);
    require(w4_device_module_load(device, image, bytes, &module, &error), v, &error);
    require(w4_device_function(device, module, v->symbol, &function, &error), v, &error);
    const uint32_t m_tiles = (args->m + (uint32_t)v->bm - 1) / (uint32_t)v->bm;
    const uint32_t n_tiles = (args->n + (uint32_t)v->bn - 1) / (uint32_t)v->bn;
    const bool n_first = v->convention.n_first;
    const uint32_t grid[3] = {n_first ? n_tiles : m_tiles, n_first ? m_tiles : n_tiles, 1};
    const uint32_t block[3] = {(uint32_t)v->waves * 32, 1, 1};
    _Alignas(8) unsigned char arguments[W4_CONVENTION_BLOCK_MAX_BYTES];
    const size_t argument_bytes = w4_convention_pack(&v->convention, args, (uint32_t)v->group_size, arguments);
    require(w4_device_launch(device, function, grid, block, v->convention.dynamic_lds_bytes, arguments, argument_bytes,
                             &error),
            v, &error);
    require(w4_device_synchronize(device, &error), v, &error);
    require(w4_device_module_unload(device, module, &error), v, &error);
    free(image);
}

static void run_on_device(struct w4_device *device, const struct variant *v, struct operands *o, bool spread)
{
    enum { A, W, C, SCALES, ZEROS, COUNT };
    struct w4_error error = {0};
    struct w4_gemm_args args = o->args;
    struct placement placed[COUNT] = {0};
    if (spread) { // dense on the host, and guards of C stay there
        args.a_pitch = args.w_pitch = args.c_pitch = W4_PITCH_MAX;
        placed[A] = upload_rows(device, v, o->a, args.m, args.k * 2, W4_PITCH_MAX * (size_t)2);
        placed[W] = upload_rows(device, v, o->w, args.n, args.k / 2, W4_PITCH_MAX * (size_t)4);
        placed[C] = upload_rows(device, v, o->c + o->c_first, args.m, args.n * 2, W4_PITCH_MAX * (size_t)2);
    } else {
        placed[A] = upload(device, v, o->a, o->a_count * 2);
        placed[W] = upload(device, v, o->w, o->w_count * 4);
        placed[C] = upload(device, v, o->c, o->c_count * 2);
    }
    placed[SCALES] = upload(device, v, o->scales, o->scale_count * 2);
    if (v->zero_point)
        placed[ZEROS] = upload(device, v, o->zeros, o->scale_count * 2);
    args.a = placed[A].address + o->a_first * 2;
    args.w = placed[W].address;
    args.c = placed[C].address + (spread ? 0 : o->c_first * 2);
    args.scales = placed[SCALES].address;
    args.zeros = placed[ZEROS].address;
    launch(device, v, &args);
    download(device, v, spread ? o->c + o->c_first : o->c, &placed[C]);
    for (size_t i = 0; i < COUNT; i++)
        if (placed[i].address)
            require(w4_device_free(device, placed[i].address, &error), v, &error);
}

// Error allowed where sum |a w| is `size` and the result `value`: fp32 accumulation, one rounding of each weight, one
// of the result (Higham, Accuracy and Stability of Numerical Algorithms, 3.1).
static double bound(const struct operands *o, double size, double value)
{
    const double u = ldexp(1, -24), unit = ldexp(1, o->bf16 ? -8 : -11), k = o->args.k;
    return k * u / (1 - k * u) * size + unit * size + unit * fabs(value) + ldexp(1, o->bf16 ? -133 : -24);
}

static void judge_element(const struct operands *o, uint32_t m, uint32_t n, struct gemm_outcome *outcome)
{
    double value = 0, size = 0;
    for (uint32_t k = 0; k < o->args.k; k++) {
        const double product = o->a_values[(size_t)m * o->args.k + k] * o->w_values[(size_t)n * o->args.k + k];
        value += product;
        size += fabs(product);
    }
    const uint16_t bits = o->c[o->c_first + (size_t)m * o->args.c_pitch + n];
    const double ratio = fabs(value_of(bits, o->bf16) - value) / bound(o, size, value);
    outcome->unwritten += bits == POISON;
    outcome->beyond += !(ratio <= 1);
    if (!(ratio <= outcome->worst_ratio)) {
        outcome->worst_ratio = isnan(ratio) ? INFINITY : ratio;
        outcome->worst_m = (int)m;
        outcome->worst_n = (int)n;
    }
}

// Whether word i of C's allocation is one of its elements.
static bool is_element(const struct operands *o, size_t i)
{
    if (i < o->c_first)
        return false;
    const size_t row = (i - o->c_first) / o->args.c_pitch, column = (i - o->c_first) % o->args.c_pitch;
    return row < o->args.m && column < o->args.n;
}

struct gemm_outcome gemm_run(struct w4_device *device, const struct variant *variant, const struct gemm_case *test,
                             uint32_t seed)
{
    struct operands o;
    struct gemm_outcome outcome = {0};
    make_operands(&o, variant, test, seed);
    run_on_device(device, variant, &o, test->spread);
    for (uint32_t m = 0; m < o.args.m; m++)
        for (uint32_t n = 0; n < o.args.n; n++)
            judge_element(&o, m, n, &outcome);
    for (size_t i = 0; i < o.c_count; i++)
        outcome.damage += !is_element(&o, i) && o.c[i] != POISON;
    free_operands(&o);
    return outcome;
}

bool gemm_is_right(const struct gemm_outcome *outcome)
{
    return outcome->beyond == 0 && outcome->unwritten == 0 && outcome->damage == 0;
}

int gemm_load(void **state)
{
    static struct gemm_fixture fixture; // cmocka hands fixtures over by pointer
    struct w4_error error = {0};
    variants_load(W4_BUILD_DIR "/kernels", &fixture.variants);
    if (w4_device_open("emulator", &fixture.device, &error) != W4_OK)
        fail_msg("%s", error.message);
    *state = &fixture;
    return 0;
}

int gemm_unload(void **state)
{
    struct gemm_fixture *f = *state;
    if (f) { // NULL when loading failed
        w4_device_close(f->device);
        variants_fini(&f->variants);
    }
    return 0;
}
