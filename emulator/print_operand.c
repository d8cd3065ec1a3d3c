// Operands: registers and register ranges, special sources, inline constants, literals, source modifiers.
#include "print.h"

#include <inttypes.h>

#include "decode.h"

static void print_range(struct emu_text *text, const char *file, unsigned first, unsigned count)
{
    if (count == 1)
        emu_text_put(text, "%s%u", file, first);
    else
        emu_text_put(text, "%s[%u:%u]", file, first, first + count - 1);
}

static void print_scalar_register(struct emu_text *text, const struct emu_operand *operand)
{
    static const char *const single[] = {"vcc_lo", "vcc_hi"}, *const last[] = {"null", "m0", "exec_lo", "exec_hi"};
    unsigned align = operand->dwords == 1 ? 1 : operand->dwords == 2 ? 2 : 4;
    unsigned code = operand->code;
    bool pair = operand->dwords == 2;
    if (code < EMU_CODE_VCC)
        print_range(text, "s", code & ~(align - 1), operand->dwords);
    else if (code < EMU_CODE_TTMP0)
        emu_text_put(text, "%s", pair ? "vcc" : single[code - EMU_CODE_VCC]);
    else if (code < EMU_CODE_NULL)
        print_range(text, "ttmp", (code - EMU_CODE_TTMP0) & ~(align - 1), operand->dwords);
    else
        emu_text_put(text, "%s", pair && code == EMU_CODE_EXEC ? "exec" : last[code - EMU_CODE_NULL]);
}

static void print_vgpr(struct emu_text *text, const struct emu_inst *inst, const struct emu_operand *operand)
{
    print_range(text, "v", operand->code - EMU_CODE_VGPR0, operand->dwords);
    bool vop = inst->encoding >= EMU_E_VOP1 && inst->encoding <= EMU_E_VOP3SD;
    if (vop && emu_type_bits[operand->type] == 16)
        emu_text_put(text, operand->hi ? ".h" : ".l");
}

// LLVM spells 16-bit constants of integer operands, of v_cndmask_b16 and of SOPC's compares by their bits.
static bool spells_bits(const struct emu_inst *inst, const struct emu_operand *operand)
{
    return operand->type == EMU_T_U16 || operand->type == EMU_T_I16 || operand->type == EMU_T_B16 ||
           (operand->type == EMU_T_F16 && (inst->encoding == EMU_E_SOPC || inst->op == EMU_OP_v_cndmask_b16));
}

static const uint16_t floats_f16[] = {0x3800, 0xb800, 0x3c00, 0xbc00, 0x4000, 0xc000, 0x4400, 0xc400, 0x3118};
static const uint16_t floats_bf16[] = {0x3f00, 0xbf00, 0x3f80, 0xbf80, 0x4000, 0xc000, 0x4080, 0xc080, 0x3e22};
static const uint32_t floats_f32[] = {0x3f000000, 0xbf000000, 0x3f800000, 0xbf800000, 0x40000000,
                                      0xc0000000, 0x40800000, 0xc0800000, 0x3e22f983};
static const uint32_t floats_f64_high[] = {0x3fe00000, 0xbfe00000, 0x3ff00000, 0xbff00000,
                                           0x40000000, 0xc0000000, 0x40100000, 0xc0100000};
static const char *const float_names[] = {"0.5", "-0.5", "1.0", "-1.0", "2.0", "-2.0", "4.0", "-4.0", "0.15915494"};
enum { FLOATS = sizeof float_names / sizeof *float_names };

static void print_inline_float(struct emu_text *text, const struct emu_inst *inst, const struct emu_operand *operand)
{
    unsigned index = operand->code - EMU_CODE_FLOAT0;
    bool long_form = operand->dwords == 2 || operand->dwords == 8;
    if (spells_bits(inst, operand))
        emu_text_put(text, "0x%x", floats_f16[index]);
    else
        emu_text_put(text, "%s%s", float_names[index], index == FLOATS - 1 && long_form ? "309189532" : "");
}

static bool is_inline_integer(int32_t value)
{
    return value >= -16 && value <= 64;
}

static bool is_float16(uint16_t bits, const uint16_t *floats)
{
    for (unsigned i = 0; i < FLOATS; i++)
        if (floats[i] == bits)
            return true;
    return false;
}

static bool is_inline16(uint16_t bits, const uint16_t *floats)
{
    return is_inline_integer((int16_t)bits) || is_float16(bits, floats);
}

// A packed constant: an integer, or a float in the low half.
static bool is_inline_packed(uint32_t bits, const uint16_t *floats)
{
    return is_inline_integer((int32_t)bits) || (bits >> 16 == 0 && is_float16((uint16_t)bits, floats));
}

static bool is_inline32(uint32_t bits)
{
    if (is_inline_integer((int32_t)bits))
        return true;
    for (unsigned i = 0; i < FLOATS; i++)
        if (floats_f32[i] == bits)
            return true;
    return false;
}

// Whether an inline constant could have expressed the literal. Such literals are marked, so that the text assembles to
// the same words.
static bool is_marked(const struct emu_inst *inst, const struct emu_operand *operand, uint32_t literal)
{
    if (spells_bits(inst, operand))
        return is_inline32(literal);
    if (inst->op == EMU_OP_v_pk_fmac_f16)
        return is_inline_integer((int32_t)literal) ||
               (literal >> 16 == (literal & 0xffff) && is_inline16((uint16_t)literal, floats_f16));
    switch (operand->type) {
    case EMU_T_F16:
        return inst->encoding == EMU_E_SOP1 ? is_inline32(literal) : is_inline16((uint16_t)literal, floats_f16);
    case EMU_T_MIX: return is_inline16((uint16_t)literal, floats_f16);
    case EMU_T_BF16: return is_inline16((uint16_t)literal, floats_bf16);
    case EMU_T_PKF16: return is_inline_packed(literal, floats_f16);
    case EMU_T_PKBF16: return is_inline_packed(literal, floats_bf16);
    case EMU_T_F64: return false; // printed by value
    case EMU_T_B64:
    case EMU_T_U64:
    case EMU_T_I64: return literal <= 64;
    default: return is_inline32(literal);
    }
}

// The K of fmaak and fmamk: last, or in the middle.
static bool is_mandatory(const struct emu_inst *inst, const struct emu_operand *operand)
{
    bool middle = inst->op == EMU_OP_v_fmamk_f32 || inst->op == EMU_OP_v_fmamk_f16 ||
                  inst->op == EMU_OP_v_dual_fmamk_f32 || inst->op == EMU_OP_s_fmamk_f32;
    return operand == &inst->src[middle ? 1 : 2];
}

static void print_literal(struct emu_text *text, const struct emu_inst *inst, const struct emu_operand *operand)
{
    uint32_t literal = inst->raw[inst->words - 1];
    if (operand->type == EMU_T_F64 && literal == 0) {
        emu_text_put(text, "0");
        return;
    }
    if (operand->type == EMU_T_F64) {
        for (unsigned i = 0; i < FLOATS - 1; i++) {
            if (floats_f64_high[i] == literal) {
                emu_text_put(text, "%s", float_names[i]);
                return;
            }
        }
    }
    if (emu_opcodes[inst->op].flags & EMU_F_LITERAL_K && is_mandatory(inst, operand)) {
        emu_text_put(text, "0x%" PRIx32, literal);
        return;
    }
    bool marked = is_marked(inst, operand, literal);
    bool low_half = operand->type == EMU_T_MIX || spells_bits(inst, operand) ||
                    (operand->type == EMU_T_F16 && inst->encoding != EMU_E_SOP1);
    if (!marked && low_half)
        literal &= 0xffff;
    emu_text_put(text, marked ? "lit(0x%" PRIx32 ")" : "0x%" PRIx32, literal);
}

void emu_print_immediate32(struct emu_text *text, uint32_t value)
{
    for (unsigned i = 0; i < FLOATS; i++) {
        if (floats_f32[i] == value) {
            emu_text_put(text, "%s", float_names[i]);
            return;
        }
    }
    emu_print_integer(text, value);
}

void emu_print_integer(struct emu_text *text, uint32_t value)
{
    if (is_inline_integer((int32_t)value))
        emu_text_put(text, "%" PRId32, (int32_t)value);
    else
        emu_text_put(text, "0x%" PRIx32, value);
}

static void print_special(struct emu_text *text, unsigned code)
{
    static const char *const names[256] = {[EMU_CODE_SCRATCH_BASE] = "src_flat_scratch_base_lo",
                                           [EMU_CODE_SCRATCH_BASE + 1] = "src_flat_scratch_base_hi",
                                           [EMU_CODE_SHARED_BASE] = "src_shared_base",
                                           [EMU_CODE_SHARED_BASE + 1] = "src_shared_limit",
                                           [EMU_CODE_SHARED_BASE + 2] = "src_private_base",
                                           [EMU_CODE_SHARED_BASE + 3] = "src_private_limit",
                                           [EMU_CODE_POPS] = "src_pops_exiting_wave_id",
                                           [EMU_CODE_VCCZ] = "src_vccz",
                                           [EMU_CODE_EXECZ] = "src_execz",
                                           [EMU_CODE_SCC] = "src_scc",
                                           [EMU_CODE_LDS_DIRECT] = "src_lds_direct"};
    emu_text_put(text, "%s", names[code] ? names[code] : "reserved");
}

void emu_print_operand(struct emu_text *text, const struct emu_inst *inst, const struct emu_operand *operand)
{
    unsigned code = operand->code;
    if (operand->kind == EMU_K_NONE)
        emu_text_put(text, "off");
    else if (code >= EMU_CODE_VGPR0)
        print_vgpr(text, inst, operand);
    else if (code < EMU_CODE_INT0)
        print_scalar_register(text, operand);
    else if (code <= EMU_CODE_INT64)
        emu_text_put(text, "%u", code - EMU_CODE_INT0);
    else if (code <= EMU_CODE_MINUS16)
        emu_text_put(text, "%d", (int)EMU_CODE_INT64 - (int)code);
    else if (code >= EMU_CODE_FLOAT0 && code <= EMU_CODE_FLOAT_LAST)
        print_inline_float(text, inst, operand);
    else if (code == EMU_CODE_LITERAL)
        print_literal(text, inst, operand);
    else
        print_special(text, code);
}

void emu_print_modified(struct emu_text *text, const struct emu_inst *inst, const struct emu_operand *operand)
{
    // neg(1) is not -1: constants get the unambiguous spelling.
    bool marked = operand->code == EMU_CODE_LITERAL && is_marked(inst, operand, inst->raw[inst->words - 1]);
    bool spelt = operand->neg && !operand->abs && operand->kind == EMU_K_CONST && !marked;
    if (operand->neg)
        emu_text_put(text, spelt ? "neg(" : "-");
    if (operand->abs)
        emu_text_put(text, "|");
    emu_print_operand(text, inst, operand);
    if (operand->abs)
        emu_text_put(text, "|");
    if (spelt)
        emu_text_put(text, ")");
}
