// SOP1 instructions that combine a source with EXEC and write EXEC: s_*_saveexec and s_*_wrexec, 32 and 64 bit.
// The 32-bit forms act on EXEC_LO; wave64 code uses the 64-bit forms. SCC = the new EXEC is not zero. Semantics: RDNA 3
// ISA, section 16.3.
#include "scalar.h"

// a: the source; e: the old EXEC. `result`: what the destination gets, of e and the new EXEC n.
#define EXEC_OP_WIDE(name, T, expression, result)                                                                      \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        const T a = SCALAR_READ(T, &inst->src[0]), e = (T)scalar_exec(wave), n = (T)(expression);                      \
        wave->s[EMU_SGPR_EXEC] = (uint32_t)n;                                                                          \
        if (sizeof(T) == 8)                                                                                            \
            wave->s[EMU_SGPR_EXEC + 1] = (uint32_t)((uint64_t)n >> 32);                                                \
        wave->scc = n != 0;                                                                                            \
        SCALAR_WRITE(T, &inst->dst, result);                                                                           \
    }
#define EXEC_OP(name, expression, result)                                                                              \
    EXEC_OP_WIDE(name##_b32, uint32_t, expression, result)                                                             \
    EXEC_OP_WIDE(name##_b64, uint64_t, expression, result)

// clang-format off
EXEC_OP(s_and_saveexec,      a & e,    e)
EXEC_OP(s_or_saveexec,       a | e,    e)
EXEC_OP(s_xor_saveexec,      a ^ e,    e)
EXEC_OP(s_nand_saveexec,     ~(a & e), e)
EXEC_OP(s_nor_saveexec,      ~(a | e), e)
EXEC_OP(s_xnor_saveexec,     ~(a ^ e), e)
EXEC_OP(s_and_not0_saveexec, ~a & e,   e)
EXEC_OP(s_or_not0_saveexec,  ~a | e,   e)
EXEC_OP(s_and_not1_saveexec, a & ~e,   e)
EXEC_OP(s_or_not1_saveexec,  a | ~e,   e)
EXEC_OP(s_and_not0_wrexec,   ~a & e,   n)
EXEC_OP(s_and_not1_wrexec,   a & ~e,   n)
// clang-format on
