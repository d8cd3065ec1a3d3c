// WMMA on f16 and bf16 with f32, f16 or bf16 accumulators. Modifiers (RDNA 3 ISA, VOP3P): neg_lo and neg_hi of A and B
// negate elements with even and odd k; on C neg_lo negates and neg_hi takes the absolute value. 16-bit results are
// rounded once, to nearest even, from the f32 accumulator (assumed).
#include "wmma.h"

enum format { F16, BF16, F32 };

static inline void negate(float *row)
{
    uint32_t *bits = (uint32_t *)row;
    for (int i = 0; i < WMMA_SIZE; i++)
        bits[i] ^= 0x80000000u;
}

static inline __attribute__((always_inline)) void load_operand(const struct emu_wave *wave, const struct emu_inst *inst,
                                                               unsigned n, enum format format, wmma_floats out)
{
    const uint32_t *words = wmma_lanes(wave, inst->src[n].reg);
    for (unsigned pair = 0; pair < WMMA_PAIRS; pair++) {
        if (format == F16)
            wmma_unpack_f16(words + pair * EMU_LANES, out[2 * pair], out[2 * pair + 1]);
        else
            wmma_unpack_bf16(words + pair * EMU_LANES, out[2 * pair], out[2 * pair + 1]);
    }
    if (EMU_LIKELY(!((inst->neg_lo | inst->neg_hi) >> n & 1)))
        return;
    for (unsigned pair = 0; pair < WMMA_PAIRS; pair++) {
        if (inst->neg_lo >> n & 1)
            negate(out[2 * pair]);
        if (inst->neg_hi >> n & 1)
            negate(out[2 * pair + 1]);
    }
}

// C as a constant. Integer constants give their low bits; float constants come in the operand type's width and are
// brought to the accumulator's here.
static float constant(const struct emu_operand *c, enum format format)
{
    enum { FIRST_FLOAT = 240, LAST_FLOAT = 248 };
    uint32_t bits = (uint32_t)c->value;
    bool is_float = c->code >= FIRST_FLOAT && c->code <= LAST_FLOAT;
    if (format == F32 || is_float) {
        float value = emu_float(bits);
        if (format == F16)
            return emu_f16_to_f32(emu_f16_round(bits, 0));
        return format == BF16 ? emu_bf16_to_f32(emu_f32_to_bf16(value)) : value;
    }
    return format == F16 ? emu_f16_to_f32(bits & 0xffffu) : emu_bf16_to_f32(bits & 0xffffu);
}

static void modify_accumulator(const struct emu_inst *inst, float *c)
{
    uint32_t *bits = (uint32_t *)c;
    uint32_t keep = inst->neg_hi & 4 ? 0x7fffffffu : ~0u, flip = inst->neg_lo & 4 ? 0x80000000u : 0;
    for (int i = 0; i < WMMA_ELEMENTS; i++)
        bits[i] = (bits[i] & keep) ^ flip;
}

// C of any format, from registers or a constant, with its modifiers, as f32.
static void load_accumulator(const struct emu_wave *wave, const struct emu_inst *inst, enum format format, float *out)
{
    const struct emu_operand *c = &inst->src[2];
    unsigned shift = inst->op_sel & 4 ? 16 : 0;
    if (c->kind == EMU_K_CONST) {
        float value = constant(c, format);
        for (int i = 0; i < WMMA_ELEMENTS; i++)
            out[i] = value;
    }
    for (unsigned row = 0; row < WMMA_SIZE && c->kind != EMU_K_CONST; row += 2) {
        uint32_t words[EMU_LANES] EMU_ALIGNED;
        memcpy(words, wmma_row(wave, c->reg, row), sizeof words / 2);
        memcpy(words + WMMA_SIZE, wmma_row(wave, c->reg, row + 1), sizeof words / 2);
        if (format == F32)
            memcpy(out + row * WMMA_SIZE, words, sizeof words);
        else if (format == F16)
            emu_f16_to_f32_lanes(words, shift, out + row * WMMA_SIZE);
        else
            emu_bf16_to_f32_lanes(words, shift, out + row * WMMA_SIZE);
    }
    if ((inst->neg_lo | inst->neg_hi) & 4)
        modify_accumulator(inst, out);
}

static void store_result(const struct emu_wave *wave, const struct emu_inst *inst, enum format format, const float *in)
{
    unsigned shift = inst->op_sel & 4 ? 16 : 0;
    uint32_t keep = shift ? 0x0000ffffu : 0xffff0000u;
    for (unsigned row = 0; row < WMMA_SIZE; row += 2) {
        uint32_t words[EMU_LANES] EMU_ALIGNED;
        if (format == F32)
            memcpy(words, in + row * WMMA_SIZE, sizeof words);
        else if (format == F16)
            emu_f32_to_f16_lanes(in + row * WMMA_SIZE, words);
        else
            emu_f32_to_bf16_lanes(in + row * WMMA_SIZE, words);
        for (unsigned i = 0; i < 2; i++) {
            uint32_t *out = wmma_row(wave, inst->dst.reg, row + i);
            for (unsigned n = 0; n < WMMA_SIZE; n++) {
                uint32_t word = words[i * WMMA_SIZE + n];
                out[n] = format == F32 ? word : (out[n] & keep) | word << shift;
            }
        }
    }
}

static inline __attribute__((always_inline)) void run(struct emu_wave *wave, const struct emu_inst *inst,
                                                      enum format source, enum format result)
{
    wmma_floats a EMU_ALIGNED, b EMU_ALIGNED;
    const struct emu_operand *c = &inst->src[2];
    if (!wmma_operands(wave, inst, WMMA_PAIRS))
        return;
    const bool in_place =
        result == F32 && !wave->wave64 && c->kind == EMU_K_VGPR && !((inst->neg_lo | inst->neg_hi) & 4);
#if defined(__AVX512BW__)
    if (EMU_LIKELY(in_place && !(inst->neg_lo | inst->neg_hi))) {
        wmma_multiply_words(wmma_lanes(wave, inst->src[0].reg), wmma_lanes(wave, inst->src[1].reg), source == BF16,
                            (const float *)wmma_row(wave, c->reg, 0), (float *)wmma_row(wave, inst->dst.reg, 0));
        return;
    }
#endif
    load_operand(wave, inst, 0, source, a);
    load_operand(wave, inst, 1, source, b);
    if (in_place) {
        wmma_multiply_floats((const float (*)[WMMA_SIZE])a, (const float (*)[WMMA_SIZE])b,
                             (const float *)wmma_row(wave, c->reg, 0), (float *)wmma_row(wave, inst->dst.reg, 0));
        return;
    }
    float tile[WMMA_ELEMENTS] EMU_ALIGNED;
    load_accumulator(wave, inst, result, tile);
    wmma_multiply_floats((const float (*)[WMMA_SIZE])a, (const float (*)[WMMA_SIZE])b, tile, tile);
    store_result(wave, inst, result, tile);
}

void EMU_BODY(v_wmma_f32_16x16x16_f16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    run(wave, inst, F16, F32);
}

void EMU_BODY(v_wmma_f32_16x16x16_bf16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    run(wave, inst, BF16, F32);
}

void EMU_BODY(v_wmma_f16_16x16x16_f16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    run(wave, inst, F16, F16);
}

void EMU_BODY(v_wmma_bf16_16x16x16_bf16)(struct emu_wave *wave, const struct emu_inst *inst)
{
    run(wave, inst, BF16, BF16);
}
