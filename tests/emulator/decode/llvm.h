// LLVM's disassembler as the independent opinion on instruction words. Loaded at run time, so that nothing links to it.
#ifndef TEST_LLVM_H
#define TEST_LLVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct llvm;

// NULL, with the reason in *why, when LLVM 22 is not installed.
struct llvm *llvm_open(bool wave64, const char **why);
void llvm_close(struct llvm *llvm);

// Disassembles one gfx1151 instruction. `words` must be at least LLVM_WORDS long (LLVM crashes on a literal that is cut
// off). Returns the number of words it takes, 0 when LLVM knows no such instruction. Comments are taken out of the
// text.
enum { LLVM_WORDS = 5 };
int llvm_disassemble(struct llvm *llvm, const uint32_t *words, char *text, size_t size);

#endif
