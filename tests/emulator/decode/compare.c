// Compares text and length of one instruction, and keeps count.
#include "compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// LLVM 22 reads the K of v_fmamk_f16 and v_fmaak_f16 as a source field: 255 makes it fetch a second literal through a
// null pointer.
static bool crashes_llvm(const uint32_t *words)
{
    uint32_t opcode = words[0] >> 25;
    return (opcode == 0x37 || opcode == 0x38) && (words[1] == 255 || words[2] == 255);
}

void compare(struct llvm *llvm, const uint32_t words[LLVM_WORDS], bool wave64, struct comparison *result)
{
    struct emu_inst inst, dual;
    memset(result, 0, sizeof *result);
    result->our_words = emu_decode(words, LLVM_WORDS, 0, wave64, &inst, &dual);
    (void)emu_print(&inst, result->our_text, sizeof result->our_text);
    if (crashes_llvm(words)) {
        result->verdict = UNTESTED;
        return;
    }
    result->llvm_words = llvm_disassemble(llvm, words, result->llvm_text, sizeof result->llvm_text);
    result->decoded = result->llvm_words && result->our_words;
    if (!result->llvm_words && !result->our_words)
        result->verdict = AGREE;
    else if (!result->our_words)
        result->verdict = LLVM_ONLY;
    else if (!result->llvm_words)
        result->verdict = OURS_ONLY;
    else if (result->llvm_words != result->our_words || strcmp(result->llvm_text, result->our_text) != 0)
        result->verdict = TEXT;
}

static const char *const names[VERDICTS] = {"agree", "LLVM only", "emulator only", "text", "untested"};

void tally_add(struct tally *tally, const char *what, const uint32_t words[LLVM_WORDS], bool wave64,
               const struct comparison *result)
{
    const long printed_at_most = 20;
    tally->verdicts[result->verdict]++;
    tally->decoded += result->decoded;
    if (result->verdict == AGREE || result->verdict == UNTESTED)
        return;
    if (known_disagreement(words, wave64, result)) {
        tally->known++;
        return;
    }
    if (tally->unknown++ < printed_at_most)
        (void)fprintf(stderr,
                      "%s, wave%d, %s: %08" PRIx32 " %08" PRIx32 " %08" PRIx32
                      "\n  LLVM     (%d) %s\n  emulator (%d) %s\n",
                      what, wave64 ? 64 : 32, names[result->verdict], words[0], words[1], words[2], result->llvm_words,
                      result->llvm_text, result->our_words, result->our_text);
}

void tally_print(const struct tally *tally, const char *what)
{
    (void)printf("%-8s agree %ld (%ld instructions), LLVM only %ld, emulator only %ld, text %ld: known %ld, "
                 "unexplained %ld\n",
                 what, tally->verdicts[AGREE], tally->decoded, tally->verdicts[LLVM_ONLY], tally->verdicts[OURS_ONLY],
                 tally->verdicts[TEXT], tally->known, tally->unknown);
}
