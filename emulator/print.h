// Private to the printer: a bounded text, operand spelling, and one printer a family of formats.
#ifndef EMU_PRINT_H
#define EMU_PRINT_H

#include "inst.h"

struct emu_text {
    char *buffer;
    size_t size;
    size_t length; // the whole text's, also when the buffer is shorter
};

void emu_text_put(struct emu_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

// An operand by its field number; an absent one prints as "off".
void emu_print_operand(struct emu_text *text, const struct emu_inst *inst, const struct emu_operand *operand);

// The same with -, |..| or neg(..) around it.
void emu_print_modified(struct emu_text *text, const struct emu_inst *inst, const struct emu_operand *operand);

// An integer as immediate operands are spelt: decimal where an inline constant could hold it, else hexadecimal.
void emu_print_integer(struct emu_text *text, uint32_t value);

// The same, and the inline floats by name.
void emu_print_immediate32(struct emu_text *text, uint32_t value);

// Text after the mnemonic.
void emu_print_scalar(struct emu_text *text, const struct emu_inst *inst); // SOP1, SOP2, SOPC, SMEM
void emu_print_sopk(struct emu_text *text, const struct emu_inst *inst);
void emu_print_sopp(struct emu_text *text, const struct emu_inst *inst);
void emu_print_vector(struct emu_text *text, const struct emu_inst *inst); // VOP1, VOP2, VOPC, VOP3, VOP3P
void emu_print_vopd(struct emu_text *text, const struct emu_inst *inst);
void emu_print_memory(struct emu_text *text, const struct emu_inst *inst); // DS, FLAT and kin, MUBUF, LDSDIR

// hwreg(..), sendmsg(..) and the wait fields, from their immediates.
void emu_print_hwreg(struct emu_text *text, unsigned imm);
void emu_print_message(struct emu_text *text, unsigned imm);
void emu_print_waitcnt(struct emu_text *text, unsigned imm);
void emu_print_depctr(struct emu_text *text, unsigned imm);
void emu_print_delay(struct emu_text *text, unsigned imm);
void emu_print_swizzle(struct emu_text *text, unsigned imm);
void emu_print_version(struct emu_text *text, unsigned imm);

#endif
