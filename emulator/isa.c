// The instruction set's tables, made from the rows in isa/. Decides nothing: what a row says is what everybody sees.
#include "isa.h"

const struct emu_opcode emu_opcodes[EMU_OP_COUNT] = {
    [EMU_OP_INVALID] = {.name = "invalid", .class = EMU_C_UNSUPPORTED},
#define EMU_ROW_FULL(encoding_, op_, name_, D, SD, S0, S1, S2, S3, C, FI, FL)                                          \
    [EMU_OP_##name_] = {.name = #name_,                                                                                \
                        .encoding = EMU_E_##encoding_,                                                                 \
                        .class = EMU_C_##C,                                                                            \
                        .fidelity = EMU_##FI,                                                                          \
                        .opcode = op_,                                                                                 \
                        .dst = EMU_T_##D,                                                                              \
                        .sdst = EMU_T_##SD,                                                                            \
                        .src = {EMU_T_##S0, EMU_T_##S1, EMU_T_##S2, EMU_T_##S3},                                       \
                        .flags = FL},
#include "isa/all_rows.def"
#undef EMU_ROW_FULL
};

const char *const emu_class_names[EMU_C_COUNT] = {
#define X(name, text) [EMU_C_##name] = text,
    EMU_CLASSES(X)
#undef X
};

const char *const emu_encoding_names[EMU_E_COUNT] = {
#define X(name) [EMU_E_##name] = #name,
    EMU_ENCODINGS(X)
#undef X
};

const uint16_t emu_type_bits[EMU_T_COUNT] = {
#define X(name, bits, constant) [EMU_T_##name] = bits,
    EMU_TYPES(X)
#undef X
};
