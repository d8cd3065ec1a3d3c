// Private to the vector decoder: what the 32-bit and 64-bit vector formats share.
#ifndef EMU_DECODE_VECTOR_H
#define EMU_DECODE_VECTOR_H

#include "decode.h"

// When source field `code` announces a DPP word, reads it into *word and the instruction's dpp fields.
bool emu_decode_dpp(struct emu_decoder *d, unsigned code, uint32_t *word);

// Whether any operand of the row is 16 bits wide.
bool emu_decode_has_16bit(const struct emu_opcode *row);

// Whether sources of this type take neg and abs.
bool emu_decode_is_float(enum emu_type type);

// neg and abs (bit n: source n) of the float sources. An instruction that has no operand with modifiers must leave the
// bits clear; one that has some ignores those of its integer operands.
void emu_decode_modifiers(struct emu_decoder *d, unsigned neg, unsigned abs, unsigned count);

// Of `count` sources, those that have modifier bits: all but masks and, in v_cmp_class, the class mask.
unsigned emu_decode_modified(const struct emu_opcode *row, unsigned count);

// fmamk/fmaak: reads the mandatory literal into source 1 (moving source 1 to 2) or source 2.
void emu_decode_place_k(struct emu_decoder *d, struct emu_inst *inst, bool middle);

#endif
