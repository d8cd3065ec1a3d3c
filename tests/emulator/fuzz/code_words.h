// Random instructions: an opcode of the table in its encoding, with operand fields that favour registers which hold
// something and addresses that exist. Nearly all decode; what else the fields mean is left to chance.
#ifndef EMU_TESTS_CODE_WORDS_H
#define EMU_TESTS_CODE_WORDS_H

#include <stddef.h>
#include <stdint.h>

// xorshift64*; the state must not be 0.
uint32_t code_random(uint64_t *state);

// One instruction; returns its dwords (1..3: with literal or DPP word).
size_t code_words(uint64_t *state, uint32_t words[3]);

// Fills `size` bytes (a multiple of 4) with instructions; the last word is s_endpgm.
void code_program(uint64_t *state, uint8_t *bytes, size_t size);

#endif
