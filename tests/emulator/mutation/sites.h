// Where a code object can be mutated: the waits, barriers and hazard slots of a kernel, and what replaces each.
#ifndef TEST_MUTATION_SITES_H
#define TEST_MUTATION_SITES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// X(name, what a table calls it)
#define MUTATION_KINDS(X)                                                                                              \
    X(WAIT_DROPPED, "`s_waitcnt` dropped")                                                                             \
    X(VMCNT_WEAKENED, "`s_waitcnt` weakened: vmcnt + 1")                                                               \
    X(LGKMCNT_WEAKENED, "`s_waitcnt` weakened: lgkmcnt + 1")                                                           \
    X(VSCNT_DROPPED, "`s_waitcnt_vscnt` dropped")                                                                      \
    X(VSCNT_WEAKENED, "`s_waitcnt_vscnt` weakened: + 1")                                                               \
    X(BARRIER_DROPPED, "`s_barrier` dropped")                                                                          \
    X(INV_DROPPED, "`buffer_gl0_inv` dropped")                                                                         \
    X(NOP_DROPPED, "`v_nop` between WMMAs dropped")                                                                    \
    X(BASE_SHIFTED, "base address shifted by one element")

enum mutation_kind {
#define X(name, text) MUTATION_##name,
    MUTATION_KINDS(X)
#undef X
        MUTATION_COUNT
};

extern const char *const mutation_texts[MUTATION_COUNT];

struct mutation_site {
    enum mutation_kind kind;
    uint32_t pc;      // in .text
    size_t at;        // byte offset in the file
    uint32_t word[2]; // replacement
    unsigned words;   // 1 or 2
    unsigned buffer;  // BASE_SHIFTED: which one, + 1
    int shift;        // by how many elements
};

// Sites of the kernel in a code object: of its function alone, or of the whole .text, which takes in the functions that
// it calls. Returns the number, at most `room`; 0 when the object cannot be read.
size_t mutation_sites(const void *object, size_t size, const char *kernel, bool whole_text, struct mutation_site *sites,
                      size_t room);

// Overwrites the site in `copy`, or puts a trap there: whoever runs the copy learns whether the site is executed.
void mutation_apply(const struct mutation_site *site, uint8_t *copy);
void mutation_trap(const struct mutation_site *site, uint8_t *copy);

#endif
