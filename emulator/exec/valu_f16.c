// f16 arithmetic, minimum and maximum, and rounding to integers. Sums and products of halves computed in f32 and
// rounded again are rounded right (24 >= 2 * 11 + 2 bits: Figueroa, "When is double rounding innocuous?", 1995); fma
// rounds its sum to odd first.
#include "float_bits.h"
#include "valu.h"

#define NEAREST      ((mode & 0xcu) == 0)
#define FMA(x, y, z) emu_f16_fma(x, y, z, NEAREST)
#define IEEE         ((mode & EMU_MODE_IEEE) != 0)
// The order of halves is that of words that hold them in their upper half.
#define MIN32(x, y)  emu_min_bits(x, y, EMU_H32_INFINITY, EMU_H32_QUIET, IEEE)
#define MAX32(x, y)  emu_max_bits(x, y, EMU_H32_INFINITY, EMU_H32_QUIET, IEEE)
#define MIN(x, y)    (MIN32((x) << 16, (y) << 16) >> 16)
#define MAX(x, y)    (MAX32((x) << 16, (y) << 16) >> 16)
#define MED(x, y, z) (emu_med_bits((x) << 16, (y) << 16, (z) << 16, EMU_H32_INFINITY, EMU_H32_QUIET, IEEE) >> 16)

static inline float fract(float x)
{
    float rest = x - emu_round_down(x);
    return rest > 0x1.ffcp-1f ? 0x1.ffcp-1f : rest; // the largest half below 1
}

// clang-format off
EMU_VALU2(v_add_f16,    F16, F16, F16, a + b)
EMU_VALU2(v_sub_f16,    F16, F16, F16, a - b)
EMU_VALU2(v_subrev_f16, F16, F16, F16, b - a)
EMU_VALU2(v_mul_f16,    F16, F16, F16, a * b)
EMU_VALU3(v_fma_f16,    F16, F16, F16, F16, FMA(a, b, c))
EMU_VALU3(v_fmaak_f16,  F16, F16, F16, F16, FMA(a, b, c))
EMU_VALU3(v_fmamk_f16,  F16, F16, F16, F16, FMA(a, b, c))
EMU_VALU_ACCUMULATE(v_fmac_f16, F16, F16, F16, FMA(a, b, c))

EMU_VALU2(v_min_f16,    H16, H16, H16, MIN(a, b))
EMU_VALU2(v_max_f16,    H16, H16, H16, MAX(a, b))
EMU_VALU3(v_min3_f16,   H16, H16, H16, H16, MIN(MIN(a, b), c))
EMU_VALU3(v_max3_f16,   H16, H16, H16, H16, MAX(MAX(a, b), c))
EMU_VALU3(v_maxmin_f16, H16, H16, H16, H16, MIN(MAX(a, b), c))
EMU_VALU3(v_minmax_f16, H16, H16, H16, H16, MAX(MIN(a, b), c))
EMU_VALU3(v_med3_f16,   H16, H16, H16, H16, MED(a, b, c))

EMU_VALU1(v_trunc_f16,  N16, N16, emu_round_to_zero(a))
EMU_VALU1(v_ceil_f16,   N16, N16, emu_round_up(a))
EMU_VALU1(v_floor_f16,  N16, N16, emu_round_down(a))
EMU_VALU1(v_rndne_f16,  N16, N16, emu_round_near(a))
EMU_VALU1(v_fract_f16,  F16, F16, fract(a))
// clang-format on

// Two halves at once, each accumulated into its own.
EMU_VALU_HEAD(v_pk_fmac_f16)
{
    uint32_t buffer[2][EMU_LANES] EMU_ALIGNED, low[EMU_LANES] EMU_ALIGNED, high[EMU_LANES] EMU_ALIGNED;
    float values[3][EMU_LANES] EMU_ALIGNED;
    const uint32_t *words[3] = {emu_words(wave, inst, 0, buffer[0]), emu_words(wave, inst, 1, buffer[1]),
                                emu_vgpr(wave, inst->dst.reg)};
    const uint32_t mode = wave->mode;
    const bool plain = emu_mode_is_plain64(wave);
    unsigned saved = plain ? 0 : emu_round_enter(emu_round64(wave));

    for (unsigned half = 0; half < 2; half++) {
        uint32_t *out = half ? high : low;
        for (unsigned i = 0; i < 3; i++) {
            emu_f16_to_f32_lanes(words[i], 16 * half, values[i]);
            if (!plain && emu_flushes_input(wave, EMU_MODE_DENORM64_SHIFT)) {
                uint32_t *bits = (uint32_t *)values[i];
                EMU_EACH_LANE(lane)
                bits[lane] = (bits[lane] & 0x7fffffffu) < 0x38800000u ? bits[lane] & 0x80000000u : bits[lane];
            }
        }
        EMU_EACH_LANE(lane)
        values[0][lane] = FMA(values[0][lane], values[1][lane], values[2][lane]);
        emu_f32_to_f16_lanes(values[0], out);
        if (mode & EMU_MODE_FP16_OVFL)
            emu_f16_limit_overflow(values[0], out);
        if (!plain)
            emu_finish_f16(wave, inst, out);
    }
    if (!plain)
        emu_round_leave(saved);
    EMU_EACH_LANE(lane)
    low[lane] |= high[lane] << 16;
    emu_write32(wave, &inst->dst, low, emu_lanes(wave, inst));
}
