// Dot products of packed halves and of packed integers.
//
// Float forms (assumed): products are added to the third source one after the other, low half first, each as one fused
// f32 operation rounded to nearest even whatever MODE says; f32 denormals are flushed on input and output (LLVM relies
// on that for v_dot2_f32_f16). Silicon adds all three terms at once and drops low bits when signs differ, in a way that
// is not public in full (ROCm/rocm-systems issue 12056), so last bits differ. f16 and bf16 results are rounded to their
// type after each product, as the ISA's pseudocode writes it.
// Integer forms are exact; neg_lo makes the sources of the "iu" forms signed; clamp saturates the sum.
#include "packed.h"

#include "float_bits.h"

enum format { F16, BF16 };

static inline void widen(enum format format, const uint32_t *words, unsigned shift, float *out)
{
    if (format == F16)
        emu_f16_to_f32_lanes(words, shift, out);
    else
        emu_bf16_to_f32_lanes(words, shift, out);
}

static inline float without_denormals(float value)
{
    uint32_t bits = emu_bits(value);
    return emu_float((bits & 0x7f800000u) == 0 ? bits & 0x80000000u : bits);
}

// a, b: two sources of halves; c: the addend, `out` the sum.
static inline void dot2_f32(enum format format, const uint32_t *a, const uint32_t *b, const uint32_t *c, float *out)
{
    float low[2][EMU_LANES] EMU_ALIGNED, high[2][EMU_LANES] EMU_ALIGNED;
    widen(format, a, 0, low[0]);
    widen(format, b, 0, low[1]);
    widen(format, a, 16, high[0]);
    widen(format, b, 16, high[1]);
    EMU_EACH_LANE(lane)
    {
        float sum = without_denormals(emu_float(c[lane]));
        sum = without_denormals(emu_fma_f32(low[0][lane], low[1][lane], sum, true));
        out[lane] = without_denormals(emu_fma_f32(high[0][lane], high[1][lane], sum, true));
    }
}

// The f32 addend of a VOP3P dot product: neg_lo negates, neg_hi takes the absolute value (assumed, as in v_fma_mix).
static const uint32_t *addend(const struct emu_wave *wave, const struct emu_inst *inst, uint32_t *buffer)
{
    const uint32_t *words = emu_words(wave, inst, 2, buffer);
    uint32_t keep = inst->neg_hi & 4 ? 0x7fffffffu : ~0u, flip = inst->neg_lo & 4 ? 0x80000000u : 0;
    if (keep == ~0u && !flip)
        return words;
    EMU_EACH_LANE(lane)
    buffer[lane] = (words[lane] & keep) ^ flip;
    return buffer;
}

static void write_f32(struct emu_wave *wave, const struct emu_inst *inst, float *result)
{
    if (inst->clamp)
        emu_finish_f32(wave, inst, (uint32_t *)result);
    emu_write32(wave, &inst->dst, (uint32_t *)result, emu_lanes(wave, inst));
}

static inline __attribute__((always_inline)) void run_dot2_f32(struct emu_wave *wave, const struct emu_inst *inst,
                                                               enum format format)
{
    uint32_t buffer[3][EMU_LANES] EMU_ALIGNED;
    float result[EMU_LANES] EMU_ALIGNED;
    dot2_f32(format, packed_source(wave, inst, 0, true, buffer[0]), packed_source(wave, inst, 1, true, buffer[1]),
             addend(wave, inst, buffer[2]), result);
    write_f32(wave, inst, result);
}

void EMU_BODY(v_dot2_f32_f16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    run_dot2_f32(wave, inst, F16);
}

// Also the body of v_dual_dot2acc_f32_bf16, whose decoder makes the destination the third source.
void EMU_BODY(v_dot2_f32_bf16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    run_dot2_f32(wave, inst, BF16);
}

// VOP2 and VOPD: no modifiers; the destination is the addend.
void EMU_BODY(v_dot2acc_f32_f16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    uint32_t buffer[2][EMU_LANES] EMU_ALIGNED;
    float result[EMU_LANES] EMU_ALIGNED;
    dot2_f32(F16, emu_words(wave, inst, 0, buffer[0]), emu_words(wave, inst, 1, buffer[1]),
             emu_vgpr(wave, inst->dst.reg), result);
    write_f32(wave, inst, result);
}

// VOP3 forms with 16-bit results: neg and abs act on both halves of a source.
static const uint32_t *both_halves(const struct emu_wave *wave, const struct emu_inst *inst, unsigned n,
                                   uint32_t *buffer)
{
    const struct emu_operand *operand = &inst->src[n];
    const uint32_t *words = emu_words(wave, inst, n, buffer);
    uint32_t keep = operand->abs ? 0x7fff7fffu : ~0u, flip = operand->neg ? 0x80008000u : 0;
    if (keep == ~0u && !flip)
        return words;
    EMU_EACH_LANE(lane)
    buffer[lane] = (words[lane] & keep) ^ flip;
    return buffer;
}

static inline float rounded(enum format format, float value)
{
    if (format == F16)
        return emu_f16_to_f32(emu_f16_round(emu_bits(value), 0));
    return emu_bf16_to_f32(emu_f32_to_bf16(value));
}

static inline __attribute__((always_inline)) void run_dot2_16(struct emu_wave *wave, const struct emu_inst *inst,
                                                              enum format format)
{
    uint32_t buffer[3][EMU_LANES] EMU_ALIGNED, result[EMU_LANES] EMU_ALIGNED;
    float a[EMU_LANES] EMU_ALIGNED, b[EMU_LANES] EMU_ALIGNED, sum[EMU_LANES] EMU_ALIGNED;
    const uint32_t *first = both_halves(wave, inst, 0, buffer[0]), *second = both_halves(wave, inst, 1, buffer[1]);
    emu_source16(wave, inst, &inst->src[2], buffer[2]);
    widen(format, buffer[2], 0, sum);
    for (unsigned shift = 0; shift <= 16; shift += 16) {
        widen(format, first, shift, a);
        widen(format, second, shift, b);
        EMU_EACH_LANE(lane)
        sum[lane] = rounded(format, emu_f16_fma(a[lane], b[lane], sum[lane], true));
    }
    if (format == F16)
        emu_f32_to_f16_lanes(sum, result);
    else
        emu_f32_to_bf16_lanes(sum, result);
    emu_write16(wave, &inst->dst, result, emu_lanes(wave, inst));
}

void EMU_BODY(v_dot2_f16_f16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    run_dot2_16(wave, inst, F16);
}

void EMU_BODY(v_dot2_bf16_bf16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    run_dot2_16(wave, inst, BF16);
}

// Element i of `bits` bits, sign- or zero-extended.
static inline int32_t element(uint32_t word, unsigned i, unsigned bits, bool is_signed)
{
    uint32_t top = word << (32 - bits * (i + 1));
    return is_signed ? (int32_t)top >> (32 - bits) : (int32_t)(top >> (32 - bits));
}

static inline __attribute__((always_inline)) void sum_products(const uint32_t *a, const uint32_t *b, unsigned bits,
                                                               bool a_signed, bool b_signed, int32_t *sum)
{
    EMU_EACH_LANE(lane)
    {
        int32_t total = 0;
        for (unsigned i = 0; i < 32 / bits; i++)
            total += element(a[lane], i, bits, a_signed) * element(b[lane], i, bits, b_signed);
        sum[lane] = total;
    }
}

static inline uint32_t add_i32_clamped(uint32_t a, int32_t b)
{
    int32_t sum = (int32_t)(a + (uint32_t)b), limit = (int32_t)a < 0 ? INT32_MIN : INT32_MAX;
    return (uint32_t)((((int32_t)a ^ sum) & (b ^ sum)) < 0 ? limit : sum);
}

static inline uint32_t add_u32_clamped(uint32_t a, int32_t b)
{
    uint32_t sum = a + (uint32_t)b;
    return sum < a ? UINT32_MAX : sum;
}

// `may_sign`: the "iu" forms, which also add and clamp as signed.
static inline __attribute__((always_inline)) void run_integer(struct emu_wave *wave, const struct emu_inst *inst,
                                                              unsigned bits, bool may_sign)
{
    uint32_t buffer[3][EMU_LANES] EMU_ALIGNED, result[EMU_LANES] EMU_ALIGNED;
    int32_t sum[EMU_LANES] EMU_ALIGNED;
    const uint32_t *a = emu_words(wave, inst, 0, buffer[0]), *b = emu_words(wave, inst, 1, buffer[1]);
    const uint32_t *c = emu_words(wave, inst, 2, buffer[2]);
    unsigned is_signed = may_sign ? inst->neg_lo & 3 : 0;
    switch (is_signed) {
    case 0: sum_products(a, b, bits, false, false, sum); break;
    case 1: sum_products(a, b, bits, true, false, sum); break;
    case 2: sum_products(a, b, bits, false, true, sum); break;
    default: sum_products(a, b, bits, true, true, sum); break;
    }
    if (!inst->clamp) {
        EMU_EACH_LANE(lane)
        result[lane] = c[lane] + (uint32_t)sum[lane];
    } else {
        EMU_EACH_LANE(lane)
        result[lane] = may_sign ? add_i32_clamped(c[lane], sum[lane]) : add_u32_clamped(c[lane], sum[lane]);
    }
    emu_write32(wave, &inst->dst, result, emu_lanes(wave, inst));
}

void EMU_BODY(v_dot4_i32_iu8)(struct emu_wave *wave, const struct emu_inst *inst)
{
    run_integer(wave, inst, 8, true);
}

void EMU_BODY(v_dot4_u32_u8)(struct emu_wave *wave, const struct emu_inst *inst)
{
    run_integer(wave, inst, 8, false);
}

void EMU_BODY(v_dot8_i32_iu4)(struct emu_wave *wave, const struct emu_inst *inst)
{
    run_integer(wave, inst, 4, true);
}

void EMU_BODY(v_dot8_u32_u4)(struct emu_wave *wave, const struct emu_inst *inst)
{
    run_integer(wave, inst, 4, false);
}
