// f32 arithmetic, minimum and maximum, rounding to integers and cube map coordinates.
#include "float_bits.h"
#include "valu.h"

#define NEAREST      ((mode & 3u) == 0)
#define FMA(x, y, z) emu_fma_f32(x, y, z, NEAREST)
#define IEEE         ((mode & EMU_MODE_IEEE) != 0)
#define MIN(x, y)    emu_min_bits(x, y, EMU_F32_INFINITY, EMU_F32_QUIET, IEEE)
#define MAX(x, y)    emu_max_bits(x, y, EMU_F32_INFINITY, EMU_F32_QUIET, IEEE)
#define MED(x, y, z) emu_med_bits(x, y, z, EMU_F32_INFINITY, EMU_F32_QUIET, IEEE)

// DX9 rules: 0 times anything is +0.
static inline bool either_is_zero(float x, float y)
{
    return (emu_bits(x) & 0x7fffffffu) == 0 || (emu_bits(y) & 0x7fffffffu) == 0;
}

// Rounding to an integer keeps the sign of zeros and makes NaNs quiet.
static inline uint32_t quiet(uint32_t bits)
{
    return emu_is_nan32(bits, EMU_F32_INFINITY) ? bits | EMU_F32_QUIET : bits;
}

// Never reaches 1, not even for tiny negative sources.
static inline float fract(float x)
{
    float rest = x - emu_round_down(x);
    return rest >= 1.0f ? 0x1.fffffep-1f : rest;
}

// Cube map faces: the major axis is z, else y, else x, by magnitude.
enum { AXIS_X, AXIS_Y, AXIS_Z };
static inline int major_axis(float x, float y, float z)
{
    float ax = __builtin_fabsf(x), ay = __builtin_fabsf(y), az = __builtin_fabsf(z);
    return az >= ax && az >= ay ? AXIS_Z : ay >= ax ? AXIS_Y : AXIS_X;
}

static inline float cube_face(float x, float y, float z)
{
    int axis = major_axis(x, y, z);
    float along = axis == AXIS_Z ? z : axis == AXIS_Y ? y : x;
    return (float)(2 * axis) + (along < 0.0f ? 1.0f : 0.0f);
}

static inline float cube_s(float x, float y, float z)
{
    switch (major_axis(x, y, z)) {
    case AXIS_Z: return z < 0.0f ? -x : x;
    case AXIS_Y: return x;
    default: return x < 0.0f ? z : -z;
    }
}

static inline float cube_t(float x, float y, float z)
{
    if (major_axis(x, y, z) == AXIS_Y)
        return y < 0.0f ? -z : z;
    return -y;
}

static inline float cube_major(float x, float y, float z)
{
    int axis = major_axis(x, y, z);
    return 2.0f * (axis == AXIS_Z ? z : axis == AXIS_Y ? y : x);
}

static inline float mullit(float x, float y, float z)
{
    return y > -__FLT_MAX__ && z > 0.0f ? x * y : -__FLT_MAX__;
}

// clang-format off
EMU_VALU2(v_add_f32,          F32, F32, F32, a + b)
EMU_VALU2(v_sub_f32,          F32, F32, F32, a - b)
EMU_VALU2(v_subrev_f32,       F32, F32, F32, b - a)
EMU_VALU2(v_mul_f32,          F32, F32, F32, a * b)
EMU_VALU2(v_mul_dx9_zero_f32, F32, F32, F32, either_is_zero(a, b) ? 0.0f : a * b)
EMU_VALU3(v_fma_f32,          F32, F32, F32, F32, FMA(a, b, c))
EMU_VALU3(v_fmaak_f32,        F32, F32, F32, F32, FMA(a, b, c))
EMU_VALU3(v_fmamk_f32,        F32, F32, F32, F32, FMA(a, b, c))
EMU_VALU3(v_fma_dx9_zero_f32, F32, F32, F32, F32, either_is_zero(a, b) ? c : FMA(a, b, c))
EMU_VALU_ACCUMULATE(v_fmac_f32,          F32, F32, F32, FMA(a, b, c))
EMU_VALU_ACCUMULATE(v_fmac_dx9_zero_f32, F32, F32, F32, either_is_zero(a, b) ? c : FMA(a, b, c))
EMU_VALU3(v_mullit_f32,       F32, F32, F32, F32, mullit(a, b, c))

EMU_VALU2(v_min_f32,          B32, B32, B32, MIN(a, b))
EMU_VALU2(v_max_f32,          B32, B32, B32, MAX(a, b))
EMU_VALU3(v_min3_f32,         B32, B32, B32, B32, MIN(MIN(a, b), c))
EMU_VALU3(v_max3_f32,         B32, B32, B32, B32, MAX(MAX(a, b), c))
EMU_VALU3(v_maxmin_f32,       B32, B32, B32, B32, MIN(MAX(a, b), c))
EMU_VALU3(v_minmax_f32,       B32, B32, B32, B32, MAX(MIN(a, b), c))
EMU_VALU3(v_med3_f32,         B32, B32, B32, B32, MED(a, b, c))

EMU_VALU1(v_trunc_f32,        B32, B32, quiet(emu_bits(emu_round_to_zero(emu_float(a)))))
EMU_VALU1(v_ceil_f32,         B32, B32, quiet(emu_bits(emu_round_up(emu_float(a)))))
EMU_VALU1(v_floor_f32,        B32, B32, quiet(emu_bits(emu_round_down(emu_float(a)))))
EMU_VALU1(v_rndne_f32,        B32, B32, quiet(emu_bits(emu_round_near(emu_float(a)))))
EMU_VALU1(v_fract_f32,        F32, F32, fract(a))

EMU_VALU3(v_cubeid_f32,       F32, F32, F32, F32, cube_face(a, b, c))
EMU_VALU3(v_cubesc_f32,       F32, F32, F32, F32, cube_s(a, b, c))
EMU_VALU3(v_cubetc_f32,       F32, F32, F32, F32, cube_t(a, b, c))
EMU_VALU3(v_cubema_f32,       F32, F32, F32, F32, cube_major(a, b, c))
// clang-format on
