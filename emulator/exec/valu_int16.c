// 16-bit integer and bitwise vector operations, 64-bit shifts, and packing of bytes and halves. 16-bit results leave
// the other half of their register alone.
#include "valu.h"

#define MIN(x, y)       ((x) < (y) ? (x) : (y))
#define MAX(x, y)       ((x) > (y) ? (x) : (y))
#define MEDIAN(x, y, z) MAX(MIN(x, y), MIN(MAX(x, y), z))

// Byte `select` of the eight of high:low; 8..11 the signs of bytes 1, 3, 5, 7 spread over a byte, 12 zero, above all
// ones. Without branches, so that it vectorises.
static inline uint32_t permuted_byte(uint32_t high, uint32_t low, uint32_t select)
{
    uint32_t byte = (select & 4 ? high : low) >> (8 * (select & 3));
    uint32_t sign_word = select & 2 ? high : low;
    uint32_t sign = (uint32_t)((int32_t)(select & 1 ? sign_word : sign_word << 16) >> 31);
    uint32_t constant = select == 12 ? 0 : 0xffu;
    return (select < 8 ? byte : select < 12 ? sign : constant) & 0xffu;
}

static inline uint32_t permute(uint32_t high, uint32_t low, uint32_t selects)
{
    return permuted_byte(high, low, selects & 0xffu) | permuted_byte(high, low, selects >> 8 & 0xffu) << 8 |
           permuted_byte(high, low, selects >> 16 & 0xffu) << 16 | permuted_byte(high, low, selects >> 24) << 24;
}

// Averages of bytes, rounded up where the lowest bit of the third source's byte is set.
static inline uint32_t lerp(uint32_t x, uint32_t y, uint32_t round)
{
    uint32_t result = 0;
    for (unsigned at = 0; at < 32; at += 8)
        result |= (((x >> at & 0xffu) + (y >> at & 0xffu) + (round >> at & 1u)) >> 1 & 0xffu) << at;
    return result;
}

static inline uint32_t saturate_u8(uint32_t half)
{
    int32_t x = (int16_t)half;
    return x < 0 ? 0 : x > 255 ? 255u : (uint32_t)x;
}

static inline uint32_t saturate_i16(int32_t x)
{
    return (uint32_t)(x < INT16_MIN ? INT16_MIN : x > INT16_MAX ? INT16_MAX : x) & 0xffffu;
}

// clang-format off
EMU_VALU1(v_mov_b16,        U16, U16, a)
EMU_VALU1(v_not_b16,        U16, U16, ~a)
EMU_VALU2(v_and_b16,        U16, U16, U16, a & b)
EMU_VALU2(v_or_b16,         U16, U16, U16, a | b)
EMU_VALU2(v_xor_b16,        U16, U16, U16, a ^ b)
EMU_VALU2(v_lshlrev_b16,    U16, U16, U16, b << (a & 15))
EMU_VALU2(v_lshrrev_b16,    U16, U16, U16, b >> (a & 15))
EMU_VALU2(v_ashrrev_i16,    I16, U16, I16, b >> (a & 15))
EMU_VALU2(v_mul_lo_u16,     U16, U16, U16, a * b)
EMU_VALU2(v_min_u16,        U16, U16, U16, MIN(a, b))
EMU_VALU2(v_max_u16,        U16, U16, U16, MAX(a, b))
EMU_VALU2(v_min_i16,        I16, I16, I16, MIN(a, b))
EMU_VALU2(v_max_i16,        I16, I16, I16, MAX(a, b))
EMU_VALU3(v_min3_u16,       U16, U16, U16, U16, MIN(MIN(a, b), c))
EMU_VALU3(v_max3_u16,       U16, U16, U16, U16, MAX(MAX(a, b), c))
EMU_VALU3(v_med3_u16,       U16, U16, U16, U16, MEDIAN(a, b, c))
EMU_VALU3(v_min3_i16,       I16, I16, I16, I16, MIN(MIN(a, b), c))
EMU_VALU3(v_max3_i16,       I16, I16, I16, I16, MAX(MAX(a, b), c))
EMU_VALU3(v_med3_i16,       I16, I16, I16, I16, MEDIAN(a, b, c))

EMU_VALU2(v_lshlrev_b64,    U64, U32, U64, b << (a & 63))
EMU_VALU2(v_lshrrev_b64,    U64, U32, U64, b >> (a & 63))
EMU_VALU2(v_ashrrev_i64,    I64, U32, I64, b >> (a & 63))

EMU_VALU3(v_lerp_u8,        U32, U32, U32, U32, lerp(a, b, c))
EMU_VALU1(v_sat_pk_u8_i16,  U16, U32, saturate_u8(a) | saturate_u8(a >> 16) << 8)
EMU_VALU2(v_cvt_pk_u16_u32, U32, U32, U32, MIN(a, 0xffffu) | MIN(b, 0xffffu) << 16)
EMU_VALU2(v_cvt_pk_i16_i32, U32, I32, I32, saturate_i16(a) | saturate_i16(b) << 16)
EMU_VALU2(v_pack_b32_f16,   U32, H16, H16, a | b << 16)
// clang-format on

// Selects are nearly always one constant for all lanes, naming bytes: then every result byte is a shift of one source.
static bool selects_are_uniform_bytes(const struct emu_wave *wave, const struct emu_operand *operand, uint32_t *selects)
{
    if (operand->kind == EMU_K_VGPR)
        return false;
    *selects = (uint32_t)emu_scalar_source(wave, operand);
    return !(*selects & 0xf8f8f8f8u);
}

EMU_VALU_HEAD(v_perm_b32)
{
    union emu_buffer buffer[3], result;
    const uint32_t *high = emu_words(wave, inst, 0, buffer[0].u32), *low = emu_words(wave, inst, 1, buffer[1].u32);
    uint32_t *d = result.u32, selects;
    if (selects_are_uniform_bytes(wave, &inst->src[2], &selects)) {
        const uint32_t *word[4];
        uint32_t shift[4];
        for (unsigned i = 0; i < 4; i++) {
            word[i] = selects >> (8 * i) & 4 ? high : low;
            shift[i] = 8 * (selects >> (8 * i) & 3);
        }
        const uint32_t *w0 = word[0], *w1 = word[1], *w2 = word[2], *w3 = word[3];
        const uint32_t s0 = shift[0], s1 = shift[1], s2 = shift[2], s3 = shift[3];
        EMU_EACH_LANE(lane)
        d[lane] = (w0[lane] >> s0 & 0xffu) | (w1[lane] >> s1 & 0xffu) << 8 | (w2[lane] >> s2 & 0xffu) << 16 |
                  w3[lane] >> s3 << 24;
    } else {
        const uint32_t *c = emu_words(wave, inst, 2, buffer[2].u32);
        EMU_EACH_LANE(lane)
        d[lane] = permute(high[lane], low[lane], c[lane]);
    }
    emu_write32(wave, &inst->dst, d, emu_lanes(wave, inst));
}
