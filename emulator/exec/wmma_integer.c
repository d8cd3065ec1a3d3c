// WMMA on 8-bit and 4-bit integers. neg_lo[0] and neg_lo[1] say that A and B are signed (RDNA 3 ISA, VOP3P); clamp
// saturates the sum of C and all products to the i32 range, otherwise it wraps.
#include "wmma.h"

// Two integers of `bits` bits each, from the bottom of `word`, as 16-bit halves.
static inline uint32_t widen_pair(uint32_t word, unsigned bits, bool is_signed)
{
    uint32_t low = word << (32 - bits), high = word << (32 - 2 * bits);
    if (!is_signed)
        return low >> (32 - bits) | high >> (32 - bits) << 16;
    uint32_t low_signed = (uint32_t)((int32_t)low >> (32 - bits)) & 0xffffu;
    return low_signed | (uint32_t)((int32_t)high >> (32 - bits)) << 16;
}

static inline __attribute__((always_inline)) void load_operand(const struct emu_wave *wave, const struct emu_inst *inst,
                                                               unsigned n, unsigned bits, wmma_pairs out)
{
    const uint32_t *words = wmma_lanes(wave, inst->src[n].reg);
    bool is_signed = inst->neg_lo >> n & 1;
    unsigned pairs = 16 / bits; // in a register
    for (unsigned pair = 0; pair < WMMA_PAIRS; pair++) {
        const uint32_t *reg = words + pair / pairs * EMU_LANES;
        unsigned shift = pair % pairs * 2 * bits;
        if (is_signed) {
            for (int i = 0; i < WMMA_SIZE; i++)
                out[pair][i] = widen_pair(reg[i] >> shift, bits, true);
        } else {
            for (int i = 0; i < WMMA_SIZE; i++)
                out[pair][i] = widen_pair(reg[i] >> shift, bits, false);
        }
    }
}

static inline int32_t add_clamped(int32_t a, int32_t b)
{
    int32_t sum = (int32_t)((uint32_t)a + (uint32_t)b);
    int32_t limit = a < 0 ? INT32_MIN : INT32_MAX;
    return ((a ^ sum) & (b ^ sum)) < 0 ? limit : sum;
}

static void accumulate(const struct emu_wave *wave, const struct emu_inst *inst, const int32_t *sum)
{
    const struct emu_operand *c = &inst->src[2];
    int32_t constant[WMMA_SIZE];
    for (int n = 0; n < WMMA_SIZE; n++)
        constant[n] = (int32_t)c->value;
    for (unsigned row = 0; row < WMMA_SIZE; row++) {
        const int32_t *in = c->kind == EMU_K_CONST ? constant : (const int32_t *)wmma_row(wave, c->reg, row);
        int32_t *out = (int32_t *)wmma_row(wave, inst->dst.reg, row);
        const int32_t *products = sum + row * WMMA_SIZE;
        if (inst->clamp) {
            for (int n = 0; n < WMMA_SIZE; n++)
                out[n] = add_clamped(in[n], products[n]);
        } else {
            for (int n = 0; n < WMMA_SIZE; n++)
                out[n] = (int32_t)((uint32_t)in[n] + (uint32_t)products[n]);
        }
    }
}

static inline __attribute__((always_inline)) void run(struct emu_wave *wave, const struct emu_inst *inst, unsigned bits)
{
    wmma_pairs a EMU_ALIGNED, b EMU_ALIGNED;
    int32_t sum[WMMA_ELEMENTS] EMU_ALIGNED;
    if (!wmma_operands(wave, inst, bits / 2))
        return;
    load_operand(wave, inst, 0, bits, a);
    load_operand(wave, inst, 1, bits, b);
    wmma_multiply_pairs((const uint32_t (*)[WMMA_SIZE])a, (const uint32_t (*)[WMMA_SIZE])b, sum);
    accumulate(wave, inst, sum);
}

void EMU_BODY(v_wmma_i32_16x16x16_iu8)(struct emu_wave *wave, const struct emu_inst *inst)
{
    run(wave, inst, 8);
}

void EMU_BODY(v_wmma_i32_16x16x16_iu4)(struct emu_wave *wave, const struct emu_inst *inst)
{
    run(wave, inst, 4);
}
