// Moves between lanes through the LDS crossbar; no LDS memory is touched. Lanes move within their half of 32, in wave64
// too: the manual takes lane numbers modulo 32 "regardless of wave size", and LLVM and Mesa treat a wave64's halves as
// two separate permutes on this chip. Disabled lanes give 0. Semantics: RDNA 3 ISA, section 16.15 and, for swizzle
// offsets, LLVM's AMDGPUOperandSyntax.
#include "lds.h"

// out[lane] = data[from[lane]], or 0 where that lane is disabled; from[] is 0..31.
LDS_INLINE void pull(const uint32_t *data, uint32_t lanes, const uint32_t *from, uint32_t *out)
{
#if defined __AVX512F__
    const __m512i low = _mm512_maskz_loadu_epi32((__mmask16)lanes, data);
    const __m512i high = _mm512_maskz_loadu_epi32((__mmask16)(lanes >> 16), data + 16);
    for (unsigned i = 0; i < EMU_LANES; i += 16)
        _mm512_storeu_si512(out + i, _mm512_permutex2var_epi32(low, _mm512_loadu_si512(from + i), high));
#else
    uint32_t valid[EMU_LANES] EMU_ALIGNED;
    EMU_EACH_LANE(lane)
    valid[lane] = data[lane] & (0u - (lanes >> lane & 1));
    for (unsigned lane = 0; lane < EMU_LANES; lane++)
        out[lane] = valid[from[lane]];
#endif
}

typedef void half_move(const struct emu_inst *inst, const uint32_t *selects, const uint32_t *data, uint32_t lanes,
                       uint32_t *out);

// Rows of this kind see both halves at once (EMU_F_WAVE_OP), and move each on its own.
LDS_INLINE void each_half(struct emu_wave *wave, const struct emu_inst *inst, unsigned data_source, half_move *move)
{
    const size_t half_words = (size_t)256 * EMU_LANES;
    for (unsigned half = 0; half < (wave->wave64 ? 2u : 1u); half++) {
        uint32_t out[EMU_LANES] EMU_ALIGNED;
        const uint32_t lanes = wave->s[EMU_SGPR_EXEC + half];
        uint32_t *file = wave->v + half * half_words;
        move(inst, file + (size_t)inst->src[0].reg * EMU_LANES, file + (size_t)inst->src[data_source].reg * EMU_LANES,
             lanes, out);
        emu_blend32(file + (size_t)inst->dst.reg * EMU_LANES, out, lanes);
    }
}

LDS_INLINE void bpermute(const struct emu_inst *inst, const uint32_t *selects, const uint32_t *data, uint32_t lanes,
                         uint32_t *out)
{
    uint32_t from[EMU_LANES] EMU_ALIGNED;
    EMU_EACH_LANE(lane)
    from[lane] = (selects[lane] + (uint32_t)inst->offset) / 4 % EMU_LANES;
    pull(data, lanes, from, out);
}

LDS_BODY(ds_bpermute_b32)
{
    each_half(wave, inst, 1, bpermute);
}

// The highest lane wins where several push to one.
LDS_INLINE void permute(const struct emu_inst *inst, const uint32_t *selects, const uint32_t *data, uint32_t lanes,
                        uint32_t *out)
{
    memset(out, 0, EMU_LANES * sizeof *out);
    for (uint32_t left = lanes; left; left &= left - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(left);
        out[(selects[lane] + (uint32_t)inst->offset) / 4 % EMU_LANES] = data[lane];
    }
}

LDS_BODY(ds_permute_b32)
{
    each_half(wave, inst, 1, permute);
}

// ---- ds_swizzle_b32: the offset's top bits choose the mode ------------------------------------------------------

static inline uint32_t reverse5(uint32_t value)
{
    return (value & 1) << 4 | (value & 2) << 2 | (value & 4) | (value >> 2 & 2) | (value >> 4 & 1);
}

// 111x xxxx xxxm mmmm: bit-reversed order for FFT stages.
static inline uint32_t swizzle_fft(uint32_t offset, uint32_t lane)
{
    const uint32_t mask = offset & 0x1f;
    return (reverse5(lane) >> __builtin_popcount(mask)) | (lane & mask);
}

// 110x xdrr rrrm mmmm: rotate by r within the lanes that share the bits of mask m; d = 1 rotates the other way.
static inline uint32_t swizzle_rotate(uint32_t offset, uint32_t lane)
{
    const uint32_t mask = offset & 0x1f, amount = offset >> 5 & 0x1f, by = offset >> 10 & 1 ? 0u - amount : amount;
    return (lane & mask) | ((lane + by) & ~mask & 0x1f);
}

// 100x xxxx ddcc bbaa: any order within four lanes.
static inline uint32_t swizzle_quad(uint32_t offset, uint32_t lane)
{
    return (lane & ~3u) | (offset >> (2 * (lane & 3)) & 3);
}

// 0, xor mask in 14:10, or in 9:5, and in 4:0: ((lane & and) | or) ^ xor.
static inline uint32_t swizzle_bitmask(uint32_t offset, uint32_t lane)
{
    return (((lane & offset) | offset >> 5) ^ offset >> 10) & 0x1f;
}

// One loop a mode, so that each vectorises.
#define SOURCES(source)                                                                                                \
    for (uint32_t lane = 0; lane < EMU_LANES; lane++)                                                                  \
    from[lane] = source(offset, lane)

LDS_INLINE void swizzle(const struct emu_inst *inst, const uint32_t *selects, const uint32_t *data, uint32_t lanes,
                        uint32_t *out)
{
    const uint32_t offset = (uint32_t)inst->offset;
    uint32_t from[EMU_LANES] EMU_ALIGNED;
    (void)selects;
    if (offset >= 0xe000)
        SOURCES(swizzle_fft);
    else if (offset >= 0xc000)
        SOURCES(swizzle_rotate);
    else if (offset >= 0x8000)
        SOURCES(swizzle_quad);
    else
        SOURCES(swizzle_bitmask);
    pull(data, lanes, from, out);
}

LDS_BODY(ds_swizzle_b32)
{
    each_half(wave, inst, 0, swizzle);
}
