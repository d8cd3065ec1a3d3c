// Opcode number -> row, one table an encoding, made from the rows in isa/.
#include "decode.h"

// clang-format off
#define SOP1(op, name, ...)   [op] = EMU_OP_##name,
#define SOP2(op, name, ...)
#define SOPC(op, name, ...)
#define SOPK(op, name, ...)
#define SOPP(op, name, ...)
static const uint16_t sop1[256] = {
#include "isa/sop.def"
};
#undef SOP1
#undef SOP2
#define SOP1(op, name, ...)
#define SOP2(op, name, ...)   [op] = EMU_OP_##name,
static const uint16_t sop2[128] = {
#include "isa/sop.def"
};
#undef SOP2
#undef SOPC
#define SOP2(op, name, ...)
#define SOPC(op, name, ...)   [op] = EMU_OP_##name,
static const uint16_t sopc[128] = {
#include "isa/sop.def"
};
#undef SOPC
#undef SOPK
#define SOPC(op, name, ...)
#define SOPK(op, name, ...)   [op] = EMU_OP_##name,
static const uint16_t sopk[32] = {
#include "isa/sop.def"
};
#undef SOPK
#undef SOPP
#define SOPK(op, name, ...)
#define SOPP(op, name, ...)   [op] = EMU_OP_##name,
static const uint16_t sopp[128] = {
#include "isa/sop.def"
};
#undef SOP1
#undef SOP2
#undef SOPC
#undef SOPK
#undef SOPP

#define SMEM(op, name, ...)   [op] = EMU_OP_##name,
static const uint16_t smem[256] = {
#include "isa/smem.def"
};
#undef SMEM

#define VOP1(op, name, ...)   [op] = EMU_OP_##name,
static const uint16_t vop1[256] = {
#include "isa/vop1.def"
};
#undef VOP1

#define VOP2(op, name, ...)   [op] = EMU_OP_##name,
static const uint16_t vop2[64] = {
#include "isa/vop2.def"
};
#undef VOP2

#define VOPC(op, name, ...)   [op] = EMU_OP_##name,
static const uint16_t vopc[256] = {
#include "isa/vopc.def"
};
#undef VOPC

#define LONG_FORM(name, flags) ((flags) & EMU_F_NO_VOP3) ? EMU_OP_INVALID : EMU_OP_##name
#define VOPC(op, name, S0, S1, C, FI, FL)         [op] = LONG_FORM(name, FL),
#define VOP2(op, name, D, S0, S1, C, FI, FL)      [0x100 + (op)] = LONG_FORM(name, FL),
#define VOP1(op, name, D, S0, C, FI, FL)          [0x180 + (op)] = LONG_FORM(name, FL),
#define VOP3(op, name, ...)                       [op] = EMU_OP_##name,
#define VOP3SD(op, name, ...)                     [op] = EMU_OP_##name,
static const uint16_t vop3[1024] = {
#include "isa/vopc.def"
#include "isa/vop2.def"
#include "isa/vop1.def"
#include "isa/vop3.def"
};
#undef VOPC
#undef VOP2
#undef VOP1
#undef VOP3
#undef VOP3SD
#undef LONG_FORM

#define VOP3P(op, name, ...)  [op] = EMU_OP_##name,
static const uint16_t vop3p[128] = {
#include "isa/vop3p.def"
};
#undef VOP3P

#define VOPD(op, name, ...)   [op] = EMU_OP_##name,
static const uint16_t vopd[32] = {
#include "isa/vopd.def"
};
#undef VOPD

#define DS(op, name, ...)     [op] = EMU_OP_##name,
static const uint16_t ds[256] = {
#include "isa/ds.def"
};
#undef DS

#define FLAT(op, name, ...)   [op] = EMU_OP_##name,
#define GLOBAL(op, name, ...)
#define SCRATCH(op, name, ...)
static const uint16_t flat[128] = {
#include "isa/flat.def"
};
#undef FLAT
#undef GLOBAL
#define FLAT(op, name, ...)
#define GLOBAL(op, name, ...) [op] = EMU_OP_##name,
static const uint16_t global[128] = {
#include "isa/flat.def"
};
#undef GLOBAL
#undef SCRATCH
#define GLOBAL(op, name, ...)
#define SCRATCH(op, name, ...) [op] = EMU_OP_##name,
static const uint16_t scratch[128] = {
#include "isa/flat.def"
};
#undef FLAT
#undef GLOBAL
#undef SCRATCH

#define MUBUF(op, name, ...)  [op] = EMU_OP_##name,
static const uint16_t mubuf[256] = {
#include "isa/mubuf.def"
};
#undef MUBUF

#define LDSDIR(op, name, ...) [op] = EMU_OP_##name,
static const uint16_t ldsdir[4] = {
#include "isa/ldsdir.def"
};
#undef LDSDIR
// clang-format on

struct table {
    const uint16_t *ops;
    unsigned count;
};

#define TABLE(ops) {ops, sizeof(ops) / sizeof *(ops)}
static const struct table tables[EMU_E_COUNT] = {
    [EMU_E_SOP1] = TABLE(sop1),       [EMU_E_SOP2] = TABLE(sop2),   [EMU_E_SOPC] = TABLE(sopc),
    [EMU_E_SOPK] = TABLE(sopk),       [EMU_E_SOPP] = TABLE(sopp),   [EMU_E_SMEM] = TABLE(smem),
    [EMU_E_VOP1] = TABLE(vop1),       [EMU_E_VOP2] = TABLE(vop2),   [EMU_E_VOPC] = TABLE(vopc),
    [EMU_E_VOP3] = TABLE(vop3),       [EMU_E_VOP3P] = TABLE(vop3p), [EMU_E_VOPD] = TABLE(vopd),
    [EMU_E_DS] = TABLE(ds),           [EMU_E_FLAT] = TABLE(flat),   [EMU_E_GLOBAL] = TABLE(global),
    [EMU_E_SCRATCH] = TABLE(scratch), [EMU_E_MUBUF] = TABLE(mubuf), [EMU_E_LDSDIR] = TABLE(ldsdir),
};

uint16_t emu_decode_find(enum emu_encoding encoding, unsigned opcode)
{
    const struct table *table = &tables[encoding];
    return opcode < table->count ? table->ops[opcode] : EMU_OP_INVALID;
}
