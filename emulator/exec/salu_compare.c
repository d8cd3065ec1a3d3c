// SOPC and SOPK: integer comparisons and bit tests into SCC, and the SOPK instructions that compute. One line an
// opcode. Semantics: RDNA 3 ISA, sections 16.2 and 16.4. Scalar float comparisons: scalar_float.c.
#include "scalar.h"

typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;

#define SOPC(name, T, condition)                                                                                       \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        const T a = SCALAR_READ(T, &inst->src[0]), b = SCALAR_READ(T, &inst->src[1]);                                  \
        wave->scc = (condition) ? 1 : 0;                                                                               \
    }

// The SOPK forms compare the register in the destination's place with the 16-bit immediate, extended by T's sign.
#define SOPK_COMPARE(name, T, H, condition)                                                                            \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        const T a = SCALAR_READ(T, &inst->dst), b = (H)inst->imm;                                                      \
        wave->scc = (condition) ? 1 : 0;                                                                               \
    }

#define COMPARE(cc, condition)                                                                                         \
    SOPC(s_cmp_##cc##_i32, i32, condition)                                                                             \
    SOPC(s_cmp_##cc##_u32, u32, condition)                                                                             \
    SOPK_COMPARE(s_cmpk_##cc##_i32, i32, int16_t, condition)                                                           \
    SOPK_COMPARE(s_cmpk_##cc##_u32, u32, uint16_t, condition)

COMPARE(eq, a == b)
COMPARE(lg, a != b)
COMPARE(gt, a > b)
COMPARE(ge, a >= b)
COMPARE(lt, a < b)
COMPARE(le, a <= b)

SOPC(s_cmp_eq_u64, u64, a == b)
SOPC(s_cmp_lg_u64, u64, a != b)
SOPC(s_bitcmp0_b32, u32, !(a >> (b & 31) & 1))
SOPC(s_bitcmp1_b32, u32, a >> (b & 31) & 1)
SOPC(s_bitcmp0_b64, u64, !(a >> (b & 63) & 1))
SOPC(s_bitcmp1_b64, u64, a >> (b & 63) & 1)

// k: the immediate; old: the register; r: the result.
#define SOPK(name, result, condition)                                                                                  \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        const u32 k = (u32)(int16_t)inst->imm, old = scalar_read32(wave, &inst->dst), r = (result);                    \
        (void)k, (void)old;                                                                                            \
        wave->scc = (condition);                                                                                       \
        scalar_write32(wave, &inst->dst, r);                                                                           \
    }

SOPK(s_movk_i32, k, wave->scc)
SOPK(s_cmovk_i32, wave->scc ? k : old, wave->scc)
SOPK(s_addk_i32, old + k, ((old ^ r) & (k ^ r)) >> 31)
SOPK(s_mulk_i32, old *k, wave->scc)
