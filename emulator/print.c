// Instruction -> the text that llvm-objdump prints for it: mnemonic with its suffix, then the format's operands.
#include "print.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

void emu_text_put(struct emu_text *text, const char *format, ...)
{
    size_t room = text->length < text->size ? text->size - text->length : 0;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(room ? text->buffer + text->length : NULL, room, format, arguments);
    va_end(arguments);
    if (length > 0)
        text->length += (size_t)length;
}

// _e32 and _e64 tell the two forms of one opcode apart; an opcode with one form has no suffix. DPP says so, except in
// VOPC.
static const char *suffix(const struct emu_inst *inst, const struct emu_opcode *row)
{
    bool both = !(row->flags & EMU_F_NO_VOP3) &&
                (row->encoding == EMU_E_VOP1 || row->encoding == EMU_E_VOP2 || row->encoding == EMU_E_VOPC);
    bool is_long = inst->encoding == EMU_E_VOP3 || inst->encoding == EMU_E_VOP3SD || inst->encoding == EMU_E_VOP3P;
    if (inst->dpp)
        return is_long ? "_e64_dpp" : row->encoding == EMU_E_VOPC ? "" : "_dpp";
    return !both ? "" : is_long ? "_e64" : "_e32";
}

typedef void print_operands(struct emu_text *text, const struct emu_inst *inst);

int emu_print(const struct emu_inst *inst, char *buffer, size_t size)
{
    static print_operands *const printers[EMU_E_COUNT] = {
        [EMU_E_SOP1] = emu_print_scalar,   [EMU_E_SOP2] = emu_print_scalar,    [EMU_E_SOPC] = emu_print_scalar,
        [EMU_E_SMEM] = emu_print_scalar,   [EMU_E_SOPK] = emu_print_sopk,      [EMU_E_SOPP] = emu_print_sopp,
        [EMU_E_VOP1] = emu_print_vector,   [EMU_E_VOP2] = emu_print_vector,    [EMU_E_VOPC] = emu_print_vector,
        [EMU_E_VOP3] = emu_print_vector,   [EMU_E_VOP3SD] = emu_print_vector,  [EMU_E_VOP3P] = emu_print_vector,
        [EMU_E_VOPD] = emu_print_vopd,     [EMU_E_DS] = emu_print_memory,      [EMU_E_FLAT] = emu_print_memory,
        [EMU_E_GLOBAL] = emu_print_memory, [EMU_E_SCRATCH] = emu_print_memory, [EMU_E_MUBUF] = emu_print_memory,
        [EMU_E_LDSDIR] = emu_print_memory,
    };
    struct emu_text text = {.buffer = buffer, .size = size};
    if (size)
        buffer[0] = '\0';
    if (inst->op == EMU_OP_INVALID) {
        emu_text_put(&text, ".long 0x%08" PRIx32, inst->raw[0]);
    } else {
        const struct emu_opcode *row = &emu_opcodes[inst->op];
        emu_text_put(&text, "%s%s", row->name, suffix(inst, row));
        printers[inst->encoding](&text, inst);
    }
    return (int)text.length;
}
