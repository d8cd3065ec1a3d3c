// VOPC: v_cmp writes one bit a lane to VCC or an SGPR, v_cmpx to EXEC. Lanes that are off write 0.
#include "float_bits.h"
#include "valu.h"

#define MASK_RESULT_CMP(bits)  emu_mask_result(wave, &inst->sdst, bits)
#define MASK_RESULT_CMPX(bits) wave->s[EMU_SGPR_EXEC + wave->half] = (bits)

#define COMPARE_BODY(name, S0, S1, flushes, condition, result)                                                         \
    EMU_VALU_HEAD(name)                                                                                                \
    {                                                                                                                  \
        EMU_VALU_OPERAND(a, S0, &inst->src[0]);                                                                        \
        EMU_VALU_OPERAND(b, S1, &inst->src[1]);                                                                        \
        uint32_t words[EMU_LANES] EMU_ALIGNED;                                                                         \
        if (EMU_UNLIKELY((flushes) && !(EMU_PLAIN_##S0))) {                                                            \
            pa = EMU_FLUSH_##S0(pa, &buffer_a);                                                                        \
            pb = EMU_FLUSH_##S1(pb, &buffer_b);                                                                        \
        }                                                                                                              \
        EMU_EACH_LANE(lane)                                                                                            \
        {                                                                                                              \
            EMU_CTYPE_##S0 a __attribute__((unused)) = pa[lane];                                                       \
            EMU_CTYPE_##S1 b __attribute__((unused)) = pb[lane];                                                       \
            words[lane] = (condition) ? ~0u : 0;                                                                       \
        }                                                                                                              \
        uint32_t bits = emu_mask_collect(words) & emu_lanes(wave, inst);                                               \
        result(bits);                                                                                                  \
    }
#define COMPARE(relation, type, S0, S1, condition)                                                                     \
    COMPARE_BODY(v_cmp_##relation##_##type, S0, S1, true, condition, MASK_RESULT_CMP)                                  \
    COMPARE_BODY(v_cmpx_##relation##_##type, S0, S1, true, condition, MASK_RESULT_CMPX)

#define UNORDERED (a != a || b != b)

// Relations that a NaN fails, and their negations, which it passes.
#define COMPARE_FLOATS(type, S)                                                                                        \
    COMPARE(f, type, S, S, false)                                                                                      \
    COMPARE(lt, type, S, S, a < b)                                                                                     \
    COMPARE(eq, type, S, S, a == b)                                                                                    \
    COMPARE(le, type, S, S, a <= b)                                                                                    \
    COMPARE(gt, type, S, S, a > b)                                                                                     \
    COMPARE(lg, type, S, S, a<b || a> b)                                                                               \
    COMPARE(ge, type, S, S, a >= b)                                                                                    \
    COMPARE(o, type, S, S, !UNORDERED)                                                                                 \
    COMPARE(u, type, S, S, UNORDERED)                                                                                  \
    COMPARE(nge, type, S, S, !(a >= b))                                                                                \
    COMPARE(nlg, type, S, S, !(a < b || a > b))                                                                        \
    COMPARE(ngt, type, S, S, !(a > b))                                                                                 \
    COMPARE(nle, type, S, S, !(a <= b))                                                                                \
    COMPARE(neq, type, S, S, !(a == b))                                                                                \
    COMPARE(nlt, type, S, S, !(a < b))                                                                                 \
    COMPARE(t, type, S, S, true)

#define COMPARE_INTEGERS(type, S)                                                                                      \
    COMPARE(lt, type, S, S, a < b)                                                                                     \
    COMPARE(eq, type, S, S, a == b)                                                                                    \
    COMPARE(le, type, S, S, a <= b)                                                                                    \
    COMPARE(gt, type, S, S, a > b)                                                                                     \
    COMPARE(ne, type, S, S, a != b)                                                                                    \
    COMPARE(ge, type, S, S, a >= b)
#define COMPARE_CONSTANTS(type, S)                                                                                     \
    COMPARE(f, type, S, S, false)                                                                                      \
    COMPARE(t, type, S, S, true)

COMPARE_FLOATS(f16, F16)
COMPARE_FLOATS(f32, F32)
COMPARE_FLOATS(f64, F64)
COMPARE_INTEGERS(i16, I16)
COMPARE_INTEGERS(u16, U16)
COMPARE_INTEGERS(i32, I32)
COMPARE_INTEGERS(u32, U32)
COMPARE_INTEGERS(i64, I64)
COMPARE_INTEGERS(u64, U64)
COMPARE_CONSTANTS(i32, I32)
COMPARE_CONSTANTS(u32, U32)
COMPARE_CONSTANTS(i64, I64)
COMPARE_CONSTANTS(u64, U64)

// The class of a float as a bit of the mask: signalling NaN 0, quiet NaN 1, -infinity 2, -normal 3, -denormal 4, -0 5,
// +0 6, +denormal 7, +normal 8, +infinity 9.
static inline uint32_t class_bit(bool negative, bool nan, bool quiet, bool infinite, bool normal, bool zero)
{
    if (nan)
        return quiet ? 1 : 0;
    uint32_t magnitude = infinite ? 3 : normal ? 2 : zero ? 0 : 1;
    return negative ? 5 - magnitude : 6 + magnitude;
}

static inline uint32_t class32(uint32_t bits, uint32_t infinity, uint32_t quiet)
{
    uint32_t magnitude = bits & 0x7fffffffu;
    return class_bit(bits >> 31, magnitude > infinity, bits & quiet, magnitude == infinity,
                     magnitude >= (infinity & (0u - infinity)), magnitude == 0);
}

static inline uint32_t class64(uint64_t bits)
{
    uint64_t magnitude = bits & (UINT64_MAX >> 1);
    return class_bit(bits >> 63, magnitude > EMU_F64_INFINITY, bits & EMU_F64_QUIET, magnitude == EMU_F64_INFINITY,
                     magnitude >= UINT64_C(1) << 52, magnitude == 0);
}

// Denormal modes do not apply: LLVM makes llvm.is.fpclass, which tells denormals from zeros, of these in any mode.
#define COMPARE_CLASS(type, S0, S1, condition)                                                                         \
    COMPARE_BODY(v_cmp_class_##type, S0, S1, false, condition, MASK_RESULT_CMP)                                        \
    COMPARE_BODY(v_cmpx_class_##type, S0, S1, false, condition, MASK_RESULT_CMPX)
COMPARE_CLASS(f16, H16, U16, b >> class32(a << 16, EMU_H32_INFINITY, EMU_H32_QUIET) & 1)
COMPARE_CLASS(f32, B32, U32, b >> class32(a, EMU_F32_INFINITY, EMU_F32_QUIET) & 1)
COMPARE_CLASS(f64, B64, U32, b >> class64(a) & 1)
