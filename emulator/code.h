// Decoded code of one loaded code object for one wave width. Functions are decoded when first entered; what was decoded
// stays until the module is unloaded, so that instruction pointers remain valid.
#ifndef EMU_CODE_H
#define EMU_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "../codeobject/codeobject.h"
#include "exec/simd.h"
#include "inst.h"

struct emu_code;

// `image` is the loaded image at device address `base`; object and image are borrowed and outlive the code.
struct emu_code *emu_code_create(const struct co_object *object, const uint8_t *image, uint64_t base, bool wave64,
                                 const struct emu_bodies *bodies);
void emu_code_destroy(struct emu_code *code);

// The instruction at a device address, decoding the function around it when that has not happened yet; NULL when the
// address lies outside .text, is no multiple of 4, or memory is short. Safe to call from several threads.
const struct emu_inst *emu_code_find(struct emu_code *code, uint64_t address);

// Device address of an instruction of this code.
uint64_t emu_code_address_of(const struct emu_code *code, const struct emu_inst *inst);

// The name of the function that holds a byte offset of .text, and the offset in it; NULL when no symbol covers it.
const char *emu_code_function(const struct emu_code *code, uint32_t pc, uint32_t *offset);

#endif
