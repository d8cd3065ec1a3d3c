// Conversions between integer and float types, and packing of converted pairs. Conversions to integers truncate and
// saturate; a NaN gives 0.
#include <math.h>

#include "float_bits.h"
#include "valu.h"

// `x` cut to [low, high], whose ends the caller's type represents; NaN becomes 0.
static inline double bounded(double x, double low, double high)
{
    double inside = x < low ? low : x > high ? high : x;
    return x != x ? 0.0 : inside;
}

static inline int32_t to_i32(double x)
{
    return (int32_t)bounded(x, -2147483648.0, 2147483647.0);
}

static inline uint32_t to_u32(double x)
{
    // Through 64 bits: AVX2 has no conversion to unsigned.
    return (uint32_t)(int64_t)bounded(x, 0.0, 4294967295.0);
}

// The f32 forms stay in 32 bits: the largest floats below 2^31 and 2^32 are 128 and 256 short of them.
static inline int32_t f32_to_i32(float x)
{
    float inside = x < -0x1p31f ? -0x1p31f : x > 0x1.fffffep30f ? 0x1.fffffep30f : x;
    int32_t value = (int32_t)(x != x ? 0.0f : inside);
    return x >= 0x1p31f ? INT32_MAX : value;
}

static inline uint32_t f32_to_u32(float x)
{
    float low = x >= 0x1p31f ? x - 0x1p31f : x;
    uint32_t value = (uint32_t)f32_to_i32(low > 0.0f ? low : 0.0f);
    uint32_t upper = x >= 0x1p31f ? 0x80000000u : 0;
    return value | upper; // from 2^32 on both saturate
}

static inline int32_t to_i16(float x)
{
    float inside = x < -32768.0f ? -32768.0f : x > 32767.0f ? 32767.0f : x;
    return (int32_t)(x != x ? 0.0f : inside);
}

static inline uint32_t to_unsigned(float x, float limit)
{
    float inside = x < 0.0f ? 0.0f : x > limit ? limit : x;
    return (uint32_t)(int32_t)(x != x ? 0.0f : inside);
}

// [-1, 1] to [-32767, 32767] and [0, 1] to [0, 65535], to nearest even (the callers have the host there). The product
// is exact in f64, and 1.5 * 2^52 makes the sum's lowest bits the integer.
static inline int32_t to_nearest_integer(double x)
{
    return (int32_t)(uint32_t)emu_bits64(x + 0x1.8p52);
}

static inline int32_t to_snorm16(float x)
{
    return to_nearest_integer(bounded((double)x, -1.0, 1.0) * 32767.0);
}

static inline uint32_t to_unorm16(float x)
{
    return (uint32_t)to_nearest_integer(bounded((double)x, 0.0, 1.0) * 65535.0);
}

static inline uint32_t pack(int32_t low, int32_t high)
{
    return ((uint32_t)low & 0xffffu) | (uint32_t)high << 16;
}

static inline uint32_t insert_u8(float x, uint32_t byte, uint32_t word)
{
    uint32_t shift = 8 * (byte & 3);
    return (word & ~(0xffu << shift)) | to_unsigned(x, 255.0f) << shift;
}

// clang-format off
EMU_VALU1(v_cvt_f32_i32,         F32, I32, (float)a)
EMU_VALU1(v_cvt_f32_u32,         F32, U32, (float)a)
EMU_VALU1(v_cvt_i32_f32,         I32, F32, f32_to_i32(a))
EMU_VALU1(v_cvt_u32_f32,         U32, F32, f32_to_u32(a))
EMU_VALU1(v_cvt_nearest_i32_f32, I32, F32, f32_to_i32(emu_round_down(a + 0.5f)))
EMU_VALU1(v_cvt_floor_i32_f32,   I32, F32, f32_to_i32(emu_round_down(a)))
EMU_VALU1(v_cvt_off_f32_i4,      F32, U32, (float)((int32_t)(a << 28) >> 28) * 0.0625f)
EMU_VALU1(v_cvt_f32_ubyte0,      F32, U32, (float)(int32_t)(a & 0xffu))
EMU_VALU1(v_cvt_f32_ubyte1,      F32, U32, (float)(int32_t)(a >> 8 & 0xffu))
EMU_VALU1(v_cvt_f32_ubyte2,      F32, U32, (float)(int32_t)(a >> 16 & 0xffu))
EMU_VALU1(v_cvt_f32_ubyte3,      F32, U32, (float)(int32_t)(a >> 24))

EMU_VALU1(v_cvt_f16_f32,         F16, F32, a)
EMU_VALU1(v_cvt_f32_f16,         F32, F16, a)
EMU_VALU1(v_cvt_f16_u16,         F16, U16, (float)(int32_t)a)
EMU_VALU1(v_cvt_f16_i16,         F16, I16, (float)a)
EMU_VALU1(v_cvt_u16_f16,         U16, F16, to_unsigned(a, 65535.0f))
EMU_VALU1(v_cvt_i16_f16,         I16, F16, to_i16(a))
EMU_VALU1(v_cvt_norm_i16_f16,    I16, F16, to_snorm16(a))
EMU_VALU1(v_cvt_norm_u16_f16,    U16, F16, to_unorm16(a))

EMU_VALU1(v_cvt_f64_i32,         F64, I32, (double)a)
EMU_VALU1(v_cvt_f64_u32,         F64, U32, (double)a)
EMU_VALU1(v_cvt_f64_f32,         F64, F32, (double)a)
EMU_VALU1(v_cvt_f32_f64,         F32, F64, (float)a)
EMU_VALU1(v_cvt_i32_f64,         I32, F64, to_i32(a))
EMU_VALU1(v_cvt_u32_f64,         U32, F64, to_u32(a))

EMU_VALU2(v_cvt_pk_i16_f32,      U32, F32, F32, pack(to_i16(a), to_i16(b)))
EMU_VALU2(v_cvt_pk_u16_f32,      U32, F32, F32, to_unsigned(a, 65535.0f) | to_unsigned(b, 65535.0f) << 16)
EMU_VALU2(v_cvt_pk_norm_i16_f32, U32, F32, F32, pack(to_snorm16(a), to_snorm16(b)))
EMU_VALU2(v_cvt_pk_norm_u16_f32, U32, F32, F32, to_unorm16(a) | to_unorm16(b) << 16)
EMU_VALU2(v_cvt_pk_norm_i16_f16, U32, F16, F16, pack(to_snorm16(a), to_snorm16(b)))
EMU_VALU2(v_cvt_pk_norm_u16_f16, U32, F16, F16, to_unorm16(a) | to_unorm16(b) << 16)
EMU_VALU3(v_cvt_pk_u8_f32,       U32, F32, U32, U32, insert_u8(a, b, c))
// clang-format on

// Rounds toward zero whatever MODE says.
EMU_VALU_HEAD(v_cvt_pk_rtz_f16_f32)
{
    union emu_buffer buffer_a, buffer_b;
    uint32_t low[EMU_LANES] EMU_ALIGNED, high[EMU_LANES] EMU_ALIGNED;
    const uint32_t *a = emu_source32(wave, inst, 0, buffer_a.u32);
    const uint32_t *b = emu_source32(wave, inst, 1, buffer_b.u32);
    const bool plain = emu_mode_is_plain32(wave) && emu_mode_is_plain64(wave) && !(inst->clamp | inst->omod);
    if (EMU_UNLIKELY(!plain)) {
        a = emu_flush32(wave, a, buffer_a.u32);
        b = emu_flush32(wave, b, buffer_b.u32);
    }
    emu_f32_to_f16_lanes_toward_zero((const float *)a, low);
    emu_f32_to_f16_lanes_toward_zero((const float *)b, high);
    if (EMU_UNLIKELY(!plain)) {
        emu_finish_f16(wave, inst, low);
        emu_finish_f16(wave, inst, high);
    }
    EMU_EACH_LANE(lane)
    low[lane] |= high[lane] << 16;
    emu_write32(wave, &inst->dst, low, emu_lanes(wave, inst));
}
