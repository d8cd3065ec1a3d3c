// The disagreements with LLVM 22 that are expected, each with its reason. Every entry says exactly which words it
// covers; anything else that differs is an error.
#include <string.h>

#include "compare.h"

#include "emulator/decode.h"

static bool decodes(const uint32_t *words, bool wave64, struct emu_inst *inst)
{
    struct emu_inst dual;
    return emu_decode(words, LLVM_WORDS, 0, wave64, inst, &dual) > 0;
}

static bool is_vop3(const uint32_t *words)
{
    return words[0] >> 26 == 0x35;
}

// Values that a source field would take for an inline constant or a literal.
static bool looks_inline(uint32_t value)
{
    return value >= EMU_CODE_INT0 && value <= EMU_CODE_LITERAL;
}

static bool other_format(const uint32_t *words, bool wave64, const struct comparison *result)
{
    (void)wave64;
    uint32_t top = words[0] >> 26;
    bool interpolation = words[0] >> 24 == 0xcd;
    bool typed_buffer = top == 0x3a, image = top == 0x3c, export = top == 0x3e;
    return result->verdict == LLVM_ONLY && (interpolation || typed_buffer || image || export);
}

// An 8-bit field that names a scalar destination, as a mask of word 0; 0 in formats without one.
static uint32_t destination_field(const uint32_t *words)
{
    return words[0] >> 25 == 0x3f ? 0xffu << 17 : is_vop3(words) ? 0xffu : 0;
}

// The word with dpp_ctrl, when the source field says that there is one.
static unsigned dpp_word(const uint32_t *words)
{
    unsigned index = words[0] >> 31 ? 2 : 1;
    return (words[index - 1] & 0x1ff) == EMU_CODE_DPP16 ? index : 0;
}

// Whether the words decode when op_sel, a scalar destination and dpp_ctrl are cleared: nothing else is wrong with them.
static bool decodes_neutral(const uint32_t *words, bool wave64, struct emu_inst *inst)
{
    uint32_t changed[LLVM_WORDS];
    memcpy(changed, words, sizeof changed);
    unsigned dpp = dpp_word(words);
    if (dpp)
        changed[dpp] &= ~0x1ff00u;
    if (is_vop3(words))
        changed[0] &= ~0x7800u;
    if (decodes(changed, wave64, inst))
        return true;
    changed[0] &= ~destination_field(words);
    return decodes(changed, wave64, inst);
}

static bool older_encoding(const uint32_t *words, bool wave64, const struct comparison *result)
{
    (void)wave64;
    return result->verdict == LLVM_ONLY && words[0] >> 23 == 0x1a7 && strncmp(result->llvm_text, "v_fma_mix", 9) == 0;
}

static bool absent_op_sel(const uint32_t *words, bool wave64, const struct comparison *result)
{
    struct emu_inst inst;
    return result->verdict == LLVM_ONLY && is_vop3(words) && (words[0] & 0x7800) &&
           decodes_neutral(words, wave64, &inst);
}

static bool constant_as_destination(const uint32_t *words, bool wave64, const struct comparison *result)
{
    struct emu_inst inst;
    uint32_t field = destination_field(words);
    bool above127 = words[0] & field & (is_vop3(words) ? 0x80u : 1u << 24);
    return result->verdict == LLVM_ONLY && field && above127 && decodes_neutral(words, wave64, &inst) &&
           (inst.class == EMU_C_VALU_LANE || emu_opcodes[inst.op].encoding == EMU_E_VOPC);
}

static bool invalid_scalar_destination(const uint32_t *words, bool wave64, const struct comparison *result)
{
    (void)wave64;
    return result->verdict == LLVM_ONLY && strstr(result->llvm_text, "readfirstlane") != NULL && (words[0] >> 24 & 1);
}

static bool dpp_control(const uint32_t *words, bool wave64, const struct comparison *result)
{
    struct emu_inst inst;
    return result->verdict == LLVM_ONLY && dpp_word(words) && decodes_neutral(words, wave64, &inst);
}

static bool dpp_with_literal(const uint32_t *words, bool wave64, const struct comparison *result)
{
    (void)wave64;
    uint32_t field = words[1] & 0x1ff;
    bool dpp = field == EMU_CODE_DPP16 || field == EMU_CODE_DPP8 || field == EMU_CODE_DPP8_FI;
    return result->verdict == LLVM_ONLY && result->llvm_words == 4 && dpp;
}

static bool misprinted_immediate(const uint32_t *words, bool wave64, const struct comparison *result)
{
    struct emu_inst inst;
    if (result->verdict != TEXT || !decodes(words, wave64, &inst))
        return false;
    uint32_t last = words[inst.words - 1];
    if (inst.dpp) // 255 even takes another word
        return looks_inline(inst.dpp_ctrl);
    return looks_inline(last) && result->llvm_words == result->our_words &&
           ((emu_opcodes[inst.op].flags & EMU_F_LITERAL_K) || strstr(result->our_text, "fmaak") ||
            strstr(result->our_text, "fmamk"));
}

static bool dual_k_literal(const uint32_t *words, bool wave64, const struct comparison *result)
{
    (void)wave64;
    uint32_t x = words[0] >> 22 & 15, y = words[0] >> 17 & 31;
    const uint32_t fmaak = 1, fmamk = 2;
    return result->verdict == TEXT && words[0] >> 26 == 0x32 && x == fmamk && (y == fmaak || y == fmamk) &&
           (words[1] & 0x1ff) == EMU_CODE_LITERAL;
}

static bool class_mask_modifier(const uint32_t *words, bool wave64, const struct comparison *result)
{
    struct emu_inst inst;
    return result->verdict == TEXT && decodes(words, wave64, &inst) &&
           (inst.op == EMU_OP_v_cmp_class_f16 || inst.op == EMU_OP_v_cmpx_class_f16 || inst.op == EMU_OP_v_ldexp_f16) &&
           result->llvm_words == result->our_words;
}

static bool register_demanded(const uint32_t *words, bool wave64, const struct comparison *result)
{
    struct emu_inst inst;
    if (result->verdict != TEXT || !decodes(words, wave64, &inst) || result->llvm_words != result->our_words)
        return false;
    for (unsigned i = 0; i < 3; i++) {
        bool constant = inst.src[i].code >= EMU_CODE_INT0 && inst.src[i].code < EMU_CODE_VGPR0;
        bool register_only = inst.src[i].type == EMU_T_MASK || inst.src[i].type == EMU_T_B128;
        if (constant && (inst.src[i].kind == EMU_K_BAD || register_only))
            return true;
    }
    return inst.op == EMU_OP_s_rfe_b64 && inst.src[0].kind == EMU_K_CONST;
}

static const struct {
    const char *reason;
    bool (*applies)(const uint32_t *words, bool wave64, const struct comparison *result);
} known[] = {
    {"MIMG, MTBUF, VINTERP and EXP have no rows: compute kernels on this chip do not have them", other_format},
    {"LLVM still decodes gfx9's encoding of v_fma_mix", older_encoding},
    {"op_sel bits of operands that a 16-bit instruction lacks are reserved; LLVM prints another form of it",
     absent_op_sel},
    {"v_cmp, v_readlane, v_readfirstlane: an SGPR field above 127; LLVM prints a constant as the destination",
     constant_as_destination},
    {"v_readfirstlane: the same with a literal", invalid_scalar_destination},
    {"dpp_ctrl values that gfx10 and later do not have; LLVM prints the instruction with a comment", dpp_control},
    {"DPP and a literal at once: the assembler refuses it", dpp_with_literal},
    {"LLVM 22 prints K, dpp_ctrl and dpp8 immediates between 128 and 255 as if they were source fields",
     misprinted_immediate},
    {"v_dual_fmamk with another K behind it: LLVM 22 spells the second literal source as an inline constant",
     dual_k_literal},
    {"neg and abs of an integer source next to an f16 one are ignored; LLVM prints them", class_mask_modifier},
    {"a constant where the assembler takes registers only; LLVM spells it as for an operand of another type",
     register_demanded},
};

const char *known_disagreement(const uint32_t words[LLVM_WORDS], bool wave64, const struct comparison *result)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].applies(words, wave64, result))
            return known[i].reason;
    return NULL;
}
