// The instruction set as data: operand types, execution classes, flags, and one row an opcode.
//
// The rows stand in isa/*.def and are included wherever one entry an opcode is needed: the opcode enum here, the
// decoder's and printer's tables (isa.c), the dispatch tables (exec/dispatch.c), the fidelity list in docs and the
// coverage test. A new instruction is a row in isa/ and a body in exec/.
#ifndef EMU_ISA_H
#define EMU_ISA_H

#include <stdint.h>

// Operand types: X(name, bits, constant). `constant` says how an inline float constant or a literal is widened:
//   INT  bit pattern; inline floats as the type's own float width;  F16/BF16/F32/F64  that float format;
//   PK16 two 16-bit halves.  bits = 0: as wide as the wave (one SGPR in wave32, a pair in wave64).
#define EMU_TYPES(X)                                                                                                   \
    X(NONE, 0, INT)                                                                                                    \
    X(B8, 8, INT)                                                                                                      \
    X(B16, 16, F16)                                                                                                    \
    X(U16, 16, F16)                                                                                                    \
    X(I16, 16, F16)                                                                                                    \
    X(F16, 16, F16)                                                                                                    \
    X(BF16, 16, BF16)                                                                                                  \
    X(B32, 32, F32)                                                                                                    \
    X(U32, 32, F32)                                                                                                    \
    X(I32, 32, F32)                                                                                                    \
    X(F32, 32, F32)                                                                                                    \
    X(PKF16, 32, PK16)                                                                                                 \
    X(PKBF16, 32, PK16)                                                                                                \
    X(PKI16, 32, PK16)                                                                                                 \
    X(PKU16, 32, PK16)                                                                                                 \
    X(MIX, 32, F32)                                                                                                    \
    X(B64, 64, F64)                                                                                                    \
    X(U64, 64, F64)                                                                                                    \
    X(I64, 64, F64)                                                                                                    \
    X(F64, 64, F64)                                                                                                    \
    X(B96, 96, INT)                                                                                                    \
    X(B128, 128, INT)                                                                                                  \
    X(B256, 256, F32)                                                                                                  \
    X(B512, 512, INT)                                                                                                  \
    X(MASK, 0, INT)

enum emu_type {
#define X(name, bits, constant) EMU_T_##name,
    EMU_TYPES(X)
#undef X
        EMU_T_COUNT
};

// Execution classes: X(name, text). What an instruction occupies and which counter it raises follow from its class;
// timing and checks look at nothing else. Every row names one.
#define EMU_CLASSES(X)                                                                                                 \
    X(SALU, "salu")                                                                                                    \
    X(SFLOAT, "salu float")                                                                                            \
    X(SMEM, "smem")                                                                                                    \
    X(BRANCH, "branch")                                                                                                \
    X(WAIT, "wait")                                                                                                    \
    X(BARRIER, "barrier")                                                                                              \
    X(MESSAGE, "message")                                                                                              \
    X(HINT, "hint")                                                                                                    \
    X(END, "end")                                                                                                      \
    X(VALU, "valu")                                                                                                    \
    X(VALU_TRANS, "valu transcendental")                                                                               \
    X(VALU_64, "valu 64-bit")                                                                                          \
    X(VALU_QUARTER, "valu quarter-rate integer")                                                                       \
    X(VALU_F64, "valu f64")                                                                                            \
    X(VALU_F64_TRANS, "valu f64 transcendental")                                                                       \
    X(VALU_DOT, "valu dot")                                                                                            \
    X(VALU_LANE, "valu lane to scalar")                                                                                \
    X(VOPD, "valu dual")                                                                                               \
    X(WMMA, "wmma")                                                                                                    \
    X(WMMA_IU4, "wmma iu4")                                                                                            \
    X(LDS_LOAD, "lds load")                                                                                            \
    X(LDS_STORE, "lds store")                                                                                          \
    X(LDS_ATOMIC, "lds atomic")                                                                                        \
    X(LDS_PERMUTE, "lds permute")                                                                                      \
    X(VMEM_LOAD, "vmem load")                                                                                          \
    X(VMEM_STORE, "vmem store")                                                                                        \
    X(VMEM_ATOMIC, "vmem atomic")                                                                                      \
    X(FLAT_LOAD, "flat load")                                                                                          \
    X(FLAT_STORE, "flat store")                                                                                        \
    X(FLAT_ATOMIC, "flat atomic")                                                                                      \
    X(SCRATCH_LOAD, "scratch load")                                                                                    \
    X(SCRATCH_STORE, "scratch store")                                                                                  \
    X(CACHE, "cache control")                                                                                          \
    X(UNSUPPORTED, "unsupported")

enum emu_class {
#define X(name, text) EMU_C_##name,
    EMU_CLASSES(X)
#undef X
        EMU_C_COUNT
};

// Encodings (the instruction word's format).
// clang-format off: its result is not stable here
#define EMU_ENCODINGS(X) \
    X(SOP1) X(SOP2) X(SOPC) X(SOPK) X(SOPP) X(SMEM) X(VOP1) X(VOP2) X(VOPC) X(VOP3) X(VOP3SD) \
    X(VOP3P) X(VOPD) X(DS) X(FLAT) X(GLOBAL) X(SCRATCH) X(MUBUF) X(LDSDIR)
// clang-format on

enum emu_encoding {
#define X(name) EMU_E_##name,
    EMU_ENCODINGS(X)
#undef X
        EMU_E_COUNT
};

// How sure a body is of what the hardware does; printed in docs/fidelity.md.
enum emu_fidelity { EMU_EXACT, EMU_WITHIN_ERROR, EMU_ASSUMED };

// Flags of a row.
enum emu_flag {
    EMU_F_NO_VOP3 = 1 << 0,    // VOP1/VOP2/VOPC row without a 64-bit VOP3 form
    EMU_F_NO_DPP = 1 << 1,     // no DPP8/DPP16 forms
    EMU_F_WAVE_OP = 1 << 2,    // body sees all lanes of a wave64 at once (lane moves, WMMA, permlane64)
    EMU_F_READS_VCC = 1 << 3,  // implicit VCC source (VOP2 carry-in, v_cndmask_b32 e32, v_div_fmas)
    EMU_F_WRITES_VCC = 1 << 4, // implicit VCC result in the 32-bit form
    EMU_F_READS_SCC = 1 << 5,
    EMU_F_WRITES_SCC = 1 << 6,
    EMU_F_READS_EXEC = 1 << 7, // scalar instruction that reads EXEC as an operand it does not name
    EMU_F_WRITES_EXEC = 1 << 8,
    EMU_F_READS_M0 = 1 << 9,
    EMU_F_DST_IS_SRC = 1 << 10,   // destination is also read (fmac, dot2acc, cmov, d16 loads, swaps)
    EMU_F_LITERAL_K = 1 << 11,    // fmaak/fmamk: a mandatory literal follows the word
    EMU_F_ATOMIC_RTN = 1 << 12,   // atomic that returns (DS: by opcode; others: by GLC)
    EMU_F_NO_CLAMP = 1 << 13,     // VOP3 form without clamp/omod
    EMU_F_IGNORES_EXEC = 1 << 14, // lane reads and writes that act whatever EXEC says
    EMU_F_TWO_ADDR = 1 << 15,     // DS: two 8-bit offsets instead of one 16-bit offset
    EMU_F_STRIDE64 = 1 << 16,     // DS two-address form in units of 64 elements
    EMU_F_D16_HI = 1 << 17,       // memory: the 16 bits live in the high half of the register
    EMU_F_NO_OMOD = 1 << 18,      // VOP3 form with clamp but without omod
};

struct emu_opcode {
    const char *name; // mnemonic without _e32/_e64
    uint8_t encoding; // enum emu_encoding
    uint8_t class;    // enum emu_class
    uint8_t fidelity; // enum emu_fidelity
    uint16_t opcode;  // number within its encoding
    uint8_t dst;      // enum emu_type, and so on
    uint8_t sdst;     // second, scalar result (VOP3SD)
    uint8_t src[4];
    uint32_t flags; // enum emu_flag
};

// Row formats of isa/*.def. D, S0.. are names of EMU_TYPES; C a name of EMU_CLASSES; FI of EXACT, WITHIN_ERROR,
// ASSUMED; FL flags or 0.
//   SOP1(op, name, D, S0, C, FI, FL)            SOP2(op, name, D, S0, S1, C, FI, FL)
//   SOPC(op, name, S0, S1, C, FI, FL)           SOPK(op, name, D, C, FI, FL)      SOPP(op, name, C, FI, FL)
//   SMEM(op, name, D, C, FI, FL)
//   VOP1(op, name, D, S0, C, FI, FL)            VOP2(op, name, D, S0, S1, C, FI, FL)      (VOP3 form: op + 0x180, +
//   0x100) VOPC(op, name, S0, S1, C, FI, FL)           (VOP3 form: same op; v_cmpx rows have EMU_F_WRITES_EXEC)
//   VOP3(op, name, D, S0, S1, S2, C, FI, FL)    VOP3SD(op, name, D, SD, S0, S1, S2, C, FI, FL)
//   VOP3P(op, name, D, S0, S1, S2, C, FI, FL)   VOPD(op, name, D, S0, S1, body, C, FI, FL)
//   DS(op, name, D, ADDR, DATA0, DATA1, C, FI, FL)
//   FLAT(op, name, D, DATA, C, FI, FL)          GLOBAL(...) SCRATCH(...) MUBUF(...) the same
//   LDSDIR(op, name, D, C, FI, FL)
// A row of every encoding defines EMU_OP_<name>; FLAT/GLOBAL/SCRATCH/MUBUF names differ by their prefix, so all are
// unique. A VOPD row's `body` names the VOP opcode whose body it runs.
enum emu_op {
    EMU_OP_INVALID = 0,
#define EMU_ROW(name) EMU_OP_##name,
#include "isa/all_rows.def"
#undef EMU_ROW
    EMU_OP_COUNT
};

// One entry an opcode, indexed by enum emu_op.
extern const struct emu_opcode emu_opcodes[EMU_OP_COUNT];

extern const char *const emu_class_names[EMU_C_COUNT];
extern const char *const emu_encoding_names[EMU_E_COUNT];
extern const uint16_t emu_type_bits[EMU_T_COUNT];

#endif
