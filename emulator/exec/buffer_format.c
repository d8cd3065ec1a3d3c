// MUBUF formatted loads and stores: memory holds up to four components in the descriptor's format, registers hold f32
// or 32-bit integers (D16 forms: f16 or 16-bit integers, two a register). Format numbers are LLVM's unified formats of
// gfx11. Assumed where the manual is silent: normalised stores round to nearest even; components that a store lacks are
// written as 0; small floats drop excess bits.
#include <math.h>

#include "buffer_lanes.h"
#include "float16.h"
#include "vmem_move.h"

enum kind { INVALID, UNORM, SNORM, USCALED, SSCALED, UINT, SINT, FLOAT };

struct format {
    uint8_t kind;
    uint8_t bits[4]; // components from the lowest bit on; 0: absent
};

static const struct format formats[64] = {
#define SIX(first, ...)                                                                                                \
    [first] = {UNORM, {__VA_ARGS__}}, [first + 1] = {SNORM, {__VA_ARGS__}}, [first + 2] = {USCALED, {__VA_ARGS__}},    \
    [first + 3] = {SSCALED, {__VA_ARGS__}}, [first + 4] = {UINT, {__VA_ARGS__}}, [first + 5] = {SINT, {__VA_ARGS__}}
#define THREE(first, ...)                                                                                              \
    [first] = {UINT, {__VA_ARGS__}}, [first + 1] = {SINT, {__VA_ARGS__}}, [first + 2] = {FLOAT, {__VA_ARGS__}}
    SIX(1, 8),
    SIX(7, 16),
    [13] = {FLOAT, {16}},
    SIX(14, 8, 8),
    THREE(20, 32),
    SIX(23, 16, 16),
    [29] = {FLOAT, {16, 16}},
    [30] = {FLOAT, {11, 11, 10}}, // 10_11_11
    [31] = {FLOAT, {10, 11, 11}}, // 11_11_10
    [32] = {UNORM, {2, 10, 10, 10}},
    [33] = {SNORM, {2, 10, 10, 10}},
    [34] = {UINT, {2, 10, 10, 10}},
    [35] = {SINT, {2, 10, 10, 10}},
    SIX(36, 10, 10, 10, 2),
    SIX(42, 8, 8, 8, 8),
    THREE(48, 32, 32),
    SIX(51, 16, 16, 16, 16),
    [57] = {FLOAT, {16, 16, 16, 16}},
    THREE(58, 32, 32, 32),
    THREE(61, 32, 32, 32, 32),
#undef SIX
#undef THREE
};

static unsigned format_bytes(const struct format *format)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < 4; i++)
        bits += format->bits[i];
    return bits / 8;
}

// The descriptor's format; NULL (raised) when it has none.
static const struct format *format_of(struct emu_wave *wave, const struct emu_inst *inst)
{
    if (!buffer_operands(wave, inst))
        return NULL;
    uint32_t number = buffer_resource_decode(wave->s + inst->src[2].reg).format;
    if (formats[number].kind != INVALID)
        return &formats[number];
    emu_fault_raise(wave, inst, EMU_FAULT_UNSUPPORTED, -1, 0, "the buffer descriptor's format %u does not exist",
                    number);
    return NULL;
}

static bool is_integer(const struct format *format)
{
    return format->kind == UINT || format->kind == SINT;
}

// Component bits to the register's 32 bits.
static uint32_t decode(uint32_t raw, unsigned bits, enum kind kind)
{
    uint32_t top = UINT32_C(1) << (bits - 1);
    int32_t extended = (int32_t)((raw ^ top) - top);
    switch (kind) {
    case UNORM: return emu_bits((float)((double)raw / (double)(top * 2 - 1)));
    case SNORM: return emu_bits((float)fmax((double)extended / (double)(top - 1), -1.0));
    case USCALED: return emu_bits((float)raw);
    case SSCALED: return emu_bits((float)extended);
    case SINT: return (uint32_t)extended;
    case FLOAT:
        if (bits == 32)
            return raw;
        return emu_bits(emu_f16_to_f32(bits == 16 ? raw : raw << (bits == 11 ? 4 : 5)));
    default: return raw;
    }
}

static uint32_t encode_integer(double value, double low, double high)
{
    double clamped = value > low ? (value < high ? value : high) : low; // NaN becomes the low end
    return (uint32_t)(int64_t)nearbyint(clamped);
}

// The register's 32 bits to component bits.
static uint32_t encode(uint32_t value, unsigned bits, enum kind kind)
{
    uint32_t top = UINT32_C(1) << (bits - 1), all = top * 2 - 1;
    double real = (double)emu_float(value);
    switch (kind) {
    case UNORM: return encode_integer(real * (double)all, 0, (double)all);
    case SNORM:
        return encode_integer(isnan(real) ? 0 : real * (double)(top - 1), -(double)(top - 1), (double)(top - 1)) & all;
    case USCALED: return encode_integer(trunc(real), 0, (double)all);
    case SSCALED: return encode_integer(isnan(real) ? 0 : trunc(real), -(double)top, (double)(top - 1)) & all;
    case FLOAT: {
        if (bits == 32)
            return value;
        uint32_t half = emu_f16_round(value, 0);
        if (bits == 16)
            return half;
        bool is_nan = (half & 0x7fff) > 0x7c00;
        return half & 0x8000 && !is_nan ? 0 : (half & 0x7fff) >> (bits == 11 ? 4 : 5);
    }
    default: return value & all;
    }
}

// Cuts `bits` bits at bit `at` out of the element, and puts them in.
static uint32_t element_get(const uint32_t *element, unsigned at, unsigned bits)
{
    uint32_t value = element[at / 32] >> (at % 32);
    return bits == 32 ? value : value & ((UINT32_C(1) << bits) - 1);
}

static void element_put(uint32_t *element, unsigned at, uint32_t value)
{
    element[at / 32] |= value << (at % 32);
}

// Memory components in the order of memory, absent ones (0, 0, 0, 1).
static void decode_element(const struct format *format, const uint32_t *element, uint32_t components[4])
{
    unsigned at = 0;
    for (unsigned i = 0; i < 4; i++) {
        unsigned bits = format->bits[i];
        uint32_t one = is_integer(format) ? 1 : emu_bits(1.0f);
        components[i] = i == 3 ? one : 0;
        if (bits)
            components[i] = decode(element_get(element, at, bits), bits, (enum kind)format->kind);
        at += bits;
    }
}

// What the descriptor's select gives for a result component.
static uint32_t select_component(const struct format *format, unsigned select, const uint32_t components[4])
{
    if (select >= 4)
        return components[select - 4];
    if (select == 1)
        return is_integer(format) ? 1 : emu_bits(1.0f);
    return 0;
}

// How an instruction's components lie in registers.
struct shape {
    uint8_t components;
    uint8_t d16; // two 16-bit components a register
    uint8_t hi;  // one 16-bit component in the high half
};

static unsigned shape_registers(struct shape shape)
{
    return shape.d16 ? (shape.components + 1u) / 2 : shape.components;
}

static void put_component(uint32_t *registers, int lane, struct shape shape, unsigned i, const struct format *format,
                          uint32_t value)
{
    if (!shape.d16) {
        registers[i * EMU_LANES + (unsigned)lane] = value;
        return;
    }
    uint32_t half = is_integer(format) ? value & 0xffff : emu_f16_round(value, 0);
    uint32_t *word = &registers[i / 2 * EMU_LANES + (unsigned)lane];
    *word = (i % 2) | shape.hi ? (*word & 0xffff) | half << 16 : (*word & 0xffff0000u) | half;
}

static uint32_t get_component(const uint32_t *registers, int lane, struct shape shape, unsigned i,
                              const struct format *format)
{
    if (!shape.d16)
        return registers[i * EMU_LANES + (unsigned)lane];
    uint32_t half = registers[i / 2 * EMU_LANES + (unsigned)lane] >> ((i % 2) | shape.hi ? 16 : 0) & 0xffff;
    if (format->kind == SINT)
        return (uint32_t)(int32_t)(int16_t)half;
    return format->kind == UINT ? half : emu_bits(emu_f16_to_f32(half));
}

static bool prepare(struct emu_wave *wave, const struct emu_inst *inst, struct shape shape, const struct format *format,
                    struct buffer_lanes *lanes, bool write)
{
    unsigned bytes = format_bytes(format);
    if (!vmem_registers(wave, inst, write ? &inst->src[1] : &inst->dst, shape_registers(shape)) ||
        !buffer_lanes_init(wave, inst, lanes, bytes, bytes) || !vmem_check(wave, inst, &lanes->at, bytes, write))
        return false;
    vmem_observe(wave, EMU_SPACE_GLOBAL, &lanes->at, bytes, write, false);
    return true;
}

static void load(struct emu_wave *wave, const struct emu_inst *inst, struct shape shape)
{
    const struct format *format = format_of(wave, inst);
    struct buffer_lanes lanes;
    if (!format || !prepare(wave, inst, shape, format, &lanes, false))
        return;
    uint32_t *registers = emu_vgpr(wave, inst->dst.reg);
    for (uint32_t rest = lanes.exec; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        uint32_t element[4] = {0}, components[4] = {0};
        if (lanes.at.mask >> lane & 1) {
            memcpy(element, vmem_host(lanes.at.address[lane]), format_bytes(format));
            decode_element(format, element, components);
        }
        for (unsigned i = 0; i < shape.components; i++)
            put_component(registers, lane, shape, i, format,
                          select_component(format, lanes.buffer.select[i], components));
    }
}

static void store(struct emu_wave *wave, const struct emu_inst *inst, struct shape shape)
{
    const struct format *format = format_of(wave, inst);
    struct buffer_lanes lanes;
    if (!format || !prepare(wave, inst, shape, format, &lanes, true))
        return;
    const uint32_t *registers = emu_vgpr(wave, inst->src[1].reg);
    for (uint32_t rest = lanes.at.mask; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        uint32_t element[4] = {0};
        unsigned at = 0;
        for (unsigned i = 0; i < shape.components && i < 4 && format->bits[i]; i++) {
            uint32_t value = get_component(registers, lane, shape, i, format);
            element_put(element, at, encode(value, format->bits[i], (enum kind)format->kind));
            at += format->bits[i];
        }
        memcpy(vmem_host_writable(lanes.at.address[lane]), element, format_bytes(format));
    }
}

// X(load or store, infix and suffix of the mnemonic, components, D16, high half)
#define FORMATTED(X)                                                                                                   \
    X(load, format_x, 1, 0, 0)                                                                                         \
    X(load, format_xy, 2, 0, 0)                                                                                        \
    X(load, format_xyz, 3, 0, 0)                                                                                       \
    X(load, format_xyzw, 4, 0, 0)                                                                                      \
    X(store, format_x, 1, 0, 0)                                                                                        \
    X(store, format_xy, 2, 0, 0)                                                                                       \
    X(store, format_xyz, 3, 0, 0)                                                                                      \
    X(store, format_xyzw, 4, 0, 0)                                                                                     \
    X(load, d16_format_x, 1, 1, 0)                                                                                     \
    X(load, d16_format_xy, 2, 1, 0)                                                                                    \
    X(load, d16_format_xyz, 3, 1, 0)                                                                                   \
    X(load, d16_format_xyzw, 4, 1, 0)                                                                                  \
    X(store, d16_format_x, 1, 1, 0)                                                                                    \
    X(store, d16_format_xy, 2, 1, 0)                                                                                   \
    X(store, d16_format_xyz, 3, 1, 0)                                                                                  \
    X(store, d16_format_xyzw, 4, 1, 0)                                                                                 \
    X(load, d16_hi_format_x, 1, 1, 1)                                                                                  \
    X(store, d16_hi_format_x, 1, 1, 1)

#define X(what, suffix, components, d16, hi)                                                                           \
    void EMU_BODY(buffer_##what##_##suffix)(struct emu_wave * wave, const struct emu_inst *inst)                       \
    {                                                                                                                  \
        what(wave, inst, (struct shape){components, d16, hi});                                                         \
    }
FORMATTED(X)
#undef X
