// From text to linked instructions, for the wave fixture: llvm-mc assembles, emu_decode decodes, a SIMD level's table
// gives the bodies. Private to the fixture.
#ifndef EMU_TESTS_WAVE_PROGRAM_H
#define EMU_TESTS_WAVE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emulator/exec/simd.h"

// Where the program lies in device memory, for s_getpc and its kin.
#define FIXTURE_CODE_BASE UINT64_C(0x7f0000001000)

struct fixture_program {
    struct emu_inst *insts; // `count` instructions and one past the end, whose exec is NULL
    struct emu_inst *duals;
    size_t count;
    uint32_t bytes;
};

// The machine words of the text, kept for the process. Returns false with one line in `message`.
bool fixture_assemble(const char *text, bool wave64, const uint32_t **words, size_t *count, char *message, size_t size);

// Decodes and links; NULL with one line in `message`. The caller frees with fixture_program_destroy.
struct fixture_program *fixture_program_create(const uint32_t *words, size_t count, bool wave64,
                                               const struct emu_bodies *bodies, char *message, size_t size);
void fixture_program_destroy(struct fixture_program *program);

#endif
