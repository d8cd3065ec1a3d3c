// Operand fields -> operands: register ranges, special sources, inline constants and literals widened to the operand's
// type. Whether an instruction may have such an operand is decided by its format.
#include "decode.h"

// Inline float constants 240..248 in the formats that operands have.
static const uint16_t inline_f16[] = {0x3800, 0xb800, 0x3c00, 0xbc00, 0x4000, 0xc000, 0x4400, 0xc400, 0x3118};
static const uint16_t inline_bf16[] = {0x3f00, 0xbf00, 0x3f80, 0xbf80, 0x4000, 0xc000, 0x4080, 0xc080, 0x3e22};
static const uint32_t inline_f32[] = {0x3f000000, 0xbf000000, 0x3f800000, 0xbf800000, 0x40000000,
                                      0xc0000000, 0x40800000, 0xc0800000, 0x3e22f983};
static const uint64_t inline_f64[] = {0x3fe0000000000000, 0xbfe0000000000000, 0x3ff0000000000000,
                                      0xbff0000000000000, 0x4000000000000000, 0xc000000000000000,
                                      0x4010000000000000, 0xc010000000000000, 0x3fc45f306dc9c882};

unsigned emu_decode_dwords(const struct emu_decoder *d, enum emu_type type)
{
    if (type == EMU_T_MASK)
        return d->wave64 ? 2 : 1;
    return emu_type_bits[type] <= 32 ? 1 : emu_type_bits[type] / 32u;
}

static struct emu_operand operand(const struct emu_decoder *d, enum emu_operand_kind kind, unsigned code,
                                  enum emu_type type)
{
    return (struct emu_operand){.kind = (uint8_t)kind,
                                .type = (uint8_t)type,
                                .dwords = (uint8_t)emu_decode_dwords(d, type),
                                .code = (uint16_t)code};
}

struct emu_operand emu_decode_vgpr(struct emu_decoder *d, unsigned reg, enum emu_type type)
{
    struct emu_operand vgpr = operand(d, EMU_K_VGPR, EMU_CODE_VGPR0 + reg, type);
    vgpr.reg = (uint16_t)reg;
    if (reg + vgpr.dwords > 256)
        vgpr.kind = EMU_K_BAD;
    return vgpr;
}

struct emu_operand emu_decode_vgpr16(struct emu_decoder *d, unsigned field, enum emu_type type)
{
    if (emu_type_bits[type] != 16)
        return emu_decode_vgpr(d, field, type);
    struct emu_operand vgpr = emu_decode_vgpr(d, field & 127, type);
    vgpr.hi = field >> 7 & 1;
    return vgpr;
}

// Register ranges start at a multiple of 2 (64 bits) or 4 (more) within their file; the low bits of the field are
// ignored. Ranges end inside the file: s0..s105 and vcc, or ttmp0..ttmp15.
struct emu_operand emu_decode_scalar(struct emu_decoder *d, unsigned code, enum emu_type type)
{
    struct emu_operand scalar = operand(d, EMU_K_SGPR, code, type);
    if (code == EMU_CODE_NULL) {
        scalar.kind = EMU_K_NULL;
        return scalar;
    }
    unsigned align = scalar.dwords == 1 ? 1 : scalar.dwords == 2 ? 2 : 4;
    unsigned first = code & ~(align - 1);
    unsigned end = first + scalar.dwords;
    bool inside = code < EMU_CODE_VCC     ? end <= EMU_CODE_VCC
                  : code < EMU_CODE_TTMP0 ? scalar.dwords <= 2 && (scalar.dwords == 1 || code == EMU_CODE_VCC)
                  : code < EMU_CODE_NULL  ? end <= EMU_CODE_NULL
                  : scalar.dwords > 1     ? scalar.dwords == 2 && code == EMU_CODE_EXEC
                                          : code < EMU_CODE_INT0;
    if (!inside)
        d->failed = true;
    scalar.reg = (uint16_t)first;
    return scalar;
}

static uint64_t widen_int(int64_t value, enum emu_type type)
{
    switch (emu_type_bits[type]) {
    case 16: return (uint16_t)value;
    case 64: return (uint64_t)value;
    case 0: return (uint64_t)value;
    default: return (uint32_t)value;
    }
}

// Packed operands get the constant in the low half; packed integers the 32-bit float pattern (LLVM's
// getInlineEncodingV216 records what the hardware does).
static uint64_t widen_float(unsigned index, enum emu_type type)
{
    enum { INT, F16, BF16, F32, F64, PK16 };
    static const uint8_t formats[EMU_T_COUNT] = {
#define X(name, bits, constant) [EMU_T_##name] = constant,
        EMU_TYPES(X)
#undef X
    };
    switch (formats[type]) {
    case F16: return inline_f16[index];
    case BF16: return inline_bf16[index];
    case F64: return inline_f64[index];
    case PK16:
        return type == EMU_T_PKF16 ? inline_f16[index] : type == EMU_T_PKBF16 ? inline_bf16[index] : inline_f32[index];
    default: return inline_f32[index];
    }
}

static uint64_t widen_literal(uint32_t literal, enum emu_type type)
{
    if (type == EMU_T_F64)
        return (uint64_t)literal << 32;
    if (type == EMU_T_I64)
        return (uint64_t)(int64_t)(int32_t)literal;
    return emu_type_bits[type] == 16 ? (uint16_t)literal : literal;
}

struct emu_operand emu_decode_source(struct emu_decoder *d, unsigned code, enum emu_type type)
{
    if (type == EMU_T_NONE)
        return (struct emu_operand){.kind = EMU_K_NONE};
    if (code >= EMU_CODE_VGPR0)
        return emu_decode_vgpr(d, code - EMU_CODE_VGPR0, type);
    if (code < EMU_CODE_INT0)
        return emu_decode_scalar(d, code, type);

    struct emu_operand source = operand(d, EMU_K_CONST, code, type);
    if (code <= EMU_CODE_MINUS16) {
        int64_t value =
            code <= EMU_CODE_INT64 ? (int64_t)code - EMU_CODE_INT0 : (int64_t)EMU_CODE_INT64 - (int64_t)code;
        source.value = widen_int(value, type);
    } else if (code >= EMU_CODE_FLOAT0 && code <= EMU_CODE_FLOAT_LAST) {
        source.value = widen_float(code - EMU_CODE_FLOAT0, type);
    } else if (code == EMU_CODE_LITERAL) {
        source.value = widen_literal(emu_decode_literal(d), type);
    } else {
        static const uint8_t kinds[256] = {[EMU_CODE_SHARED_BASE] = EMU_K_SHARED_BASE,
                                           [EMU_CODE_SHARED_BASE + 1] = EMU_K_SHARED_LIMIT,
                                           [EMU_CODE_SHARED_BASE + 2] = EMU_K_PRIVATE_BASE,
                                           [EMU_CODE_SHARED_BASE + 3] = EMU_K_PRIVATE_LIMIT,
                                           [EMU_CODE_POPS] = EMU_K_BAD,
                                           [EMU_CODE_VCCZ] = EMU_K_VCCZ,
                                           [EMU_CODE_EXECZ] = EMU_K_EXECZ,
                                           [EMU_CODE_SCC] = EMU_K_SCC,
                                           [EMU_CODE_LDS_DIRECT] = EMU_K_BAD,
                                           [EMU_CODE_SCRATCH_BASE] = EMU_K_BAD,
                                           [EMU_CODE_SCRATCH_BASE + 1] = EMU_K_BAD};
        source.kind = kinds[code];
        bool narrow = code == EMU_CODE_SCRATCH_BASE + 1 || code == EMU_CODE_LDS_DIRECT; // no 64-bit form
        if (source.kind == EMU_K_NONE || source.dwords > (narrow ? 1 : 2))
            d->failed = true;
    }
    return source;
}

struct emu_operand emu_decode_source16(struct emu_decoder *d, unsigned code, enum emu_type type)
{
    return code >= EMU_CODE_VGPR0 ? emu_decode_vgpr16(d, code - EMU_CODE_VGPR0, type)
                                  : emu_decode_source(d, code, type);
}
