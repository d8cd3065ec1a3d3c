// One instruction seen by LLVM and by the emulator's decoder and printer.
#ifndef TEST_COMPARE_H
#define TEST_COMPARE_H

#include "emulator/inst.h"
#include "llvm.h"

enum verdict {
    AGREE,     // both know it and print the same, or neither knows it
    LLVM_ONLY, // LLVM decodes, the emulator does not
    OURS_ONLY, // the reverse
    TEXT,      // both decode; length or text differ
    UNTESTED,  // words that make LLVM crash
    VERDICTS
};

struct comparison {
    enum verdict verdict;
    int llvm_words, our_words;
    bool decoded; // by both
    char llvm_text[512], our_text[512];
};

void compare(struct llvm *llvm, const uint32_t words[LLVM_WORDS], bool wave64, struct comparison *result);

// Why a disagreement is expected, or NULL when it is not. The list with the reasons is known.c.
const char *known_disagreement(const uint32_t words[LLVM_WORDS], bool wave64, const struct comparison *result);

// Counts of a run, and the first disagreements that nothing explains, printed.
struct tally {
    long verdicts[VERDICTS];
    long decoded, known, unknown;
};
void tally_add(struct tally *tally, const char *what, const uint32_t words[LLVM_WORDS], bool wave64,
               const struct comparison *result);
void tally_print(const struct tally *tally, const char *what);

#endif
