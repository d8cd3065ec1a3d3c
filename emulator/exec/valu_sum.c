// Integer sums and products that saturate under clamp, and sums with carry.
#include "valu.h"

static inline int32_t saturate_i32(int64_t x)
{
    return x < INT32_MIN ? INT32_MIN : x > INT32_MAX ? INT32_MAX : (int32_t)x;
}

static inline uint32_t add_u32(uint32_t x, uint32_t y, bool clamp)
{
    uint32_t sum = x + y;
    return clamp && sum < x ? UINT32_MAX : sum;
}

static inline uint32_t sub_u32(uint32_t x, uint32_t y, bool clamp)
{
    return clamp && x < y ? 0 : x - y;
}

static inline int32_t add_i32(int32_t x, int32_t y, bool clamp)
{
    return clamp ? saturate_i32((int64_t)x + y) : (int32_t)((uint32_t)x + (uint32_t)y);
}

static inline int32_t sub_i32(int32_t x, int32_t y, bool clamp)
{
    return clamp ? saturate_i32((int64_t)x - y) : (int32_t)((uint32_t)x - (uint32_t)y);
}

static inline uint32_t mad_u32(uint32_t x, uint32_t y, uint32_t z, bool clamp)
{
    return clamp && (uint64_t)x * y + z > UINT32_MAX ? UINT32_MAX : x * y + z;
}

static inline int32_t mad_i32(int32_t x, int32_t y, int32_t z, bool clamp)
{
    return clamp ? saturate_i32((int64_t)x * y + z) : (int32_t)((uint32_t)x * (uint32_t)y + (uint32_t)z);
}

static inline uint32_t limit_u16(int32_t x, bool clamp)
{
    return (uint32_t)(!clamp ? x : x < 0 ? 0 : x > UINT16_MAX ? UINT16_MAX : x);
}

static inline uint32_t mad_u16(uint32_t x, uint32_t y, uint32_t z, bool clamp)
{
    uint32_t wide = x * y + z; // at most 0xffff0000
    return clamp && wide > UINT16_MAX ? UINT16_MAX : wide;
}

static inline int32_t limit_i16(int64_t x, bool clamp)
{
    return (int32_t)(!clamp ? x : x < INT16_MIN ? INT16_MIN : x > INT16_MAX ? INT16_MAX : x);
}

#define SIGNED_24(x)    ((int32_t)((uint32_t)(x) << 8) >> 8)
#define UNSIGNED_24(x)  ((uint32_t)(x) & 0xffffffu)
#define DISTANCE(x, y)  ((x) > (y) ? (x) - (y) : (y) - (x))
#define FIELD(x, at, n) ((x) >> (at) & ((1u << (n)) - 1))

static inline uint32_t sad_u8(uint32_t x, uint32_t y)
{
    return DISTANCE(FIELD(x, 0, 8), FIELD(y, 0, 8)) + DISTANCE(FIELD(x, 8, 8), FIELD(y, 8, 8)) +
           DISTANCE(FIELD(x, 16, 8), FIELD(y, 16, 8)) + DISTANCE(x >> 24, y >> 24);
}

// Bytes of the reference `y` that are 0 do not count.
static inline uint32_t msad_u8(uint32_t x, uint32_t y)
{
    uint32_t sum = 0;
    for (unsigned at = 0; at < 32; at += 8)
        sum += FIELD(y, at, 8) ? DISTANCE(FIELD(x, at, 8), FIELD(y, at, 8)) : 0;
    return sum;
}

static inline uint32_t sad_u16(uint32_t x, uint32_t y)
{
    return DISTANCE(x & 0xffffu, y & 0xffffu) + DISTANCE(x >> 16, y >> 16);
}

// clang-format off
EMU_VALU2(v_add_nc_u32,    U32, U32, U32, add_u32(a, b, clamp))
EMU_VALU2(v_sub_nc_u32,    U32, U32, U32, sub_u32(a, b, clamp))
EMU_VALU2(v_subrev_nc_u32, U32, U32, U32, sub_u32(b, a, clamp))
EMU_VALU2(v_add_nc_i32,    I32, I32, I32, add_i32(a, b, clamp))
EMU_VALU2(v_sub_nc_i32,    I32, I32, I32, sub_i32(a, b, clamp))
EMU_VALU2(v_mul_u32_u24,   U32, U32, U32, mad_u32(UNSIGNED_24(a), UNSIGNED_24(b), 0, clamp))
EMU_VALU2(v_mul_i32_i24,   I32, I32, I32, mad_i32(SIGNED_24(a), SIGNED_24(b), 0, clamp))
EMU_VALU3(v_mad_u32_u24,   U32, U32, U32, U32, mad_u32(UNSIGNED_24(a), UNSIGNED_24(b), c, clamp))
EMU_VALU3(v_mad_i32_i24,   I32, I32, I32, I32, mad_i32(SIGNED_24(a), SIGNED_24(b), c, clamp))
EMU_VALU3(v_mad_u32_u16,   U32, U16, U16, U32, mad_u32(a, b, c, clamp))
EMU_VALU3(v_mad_i32_i16,   I32, I16, I16, I32, mad_i32(a, b, c, clamp))
EMU_VALU3(v_sad_u8,        U32, U32, U32, U32, add_u32(sad_u8(a, b), c, clamp))
EMU_VALU3(v_sad_hi_u8,     U32, U32, U32, U32, add_u32(sad_u8(a, b) << 16, c, clamp))
EMU_VALU3(v_sad_u16,       U32, U32, U32, U32, add_u32(sad_u16(a, b), c, clamp))
EMU_VALU3(v_sad_u32,       U32, U32, U32, U32, add_u32(DISTANCE(a, b), c, clamp))
EMU_VALU3(v_msad_u8,       U32, U32, U32, U32, add_u32(msad_u8(a, b), c, clamp))

EMU_VALU2(v_add_nc_u16,    U16, U16, U16, limit_u16((int32_t)(a + b), clamp))
EMU_VALU2(v_sub_nc_u16,    U16, U16, U16, limit_u16((int32_t)a - (int32_t)b, clamp))
EMU_VALU2(v_add_nc_i16,    I16, I16, I16, limit_i16(a + b, clamp))
EMU_VALU2(v_sub_nc_i16,    I16, I16, I16, limit_i16(a - b, clamp))
EMU_VALU3(v_mad_u16,       U16, U16, U16, U16, mad_u16(a, b, c, clamp))
EMU_VALU3(v_mad_i16,       I16, I16, I16, I16, limit_i16((int64_t)a * b + c, clamp))
// clang-format on

// The four sums of absolute differences of v_qsad and its kin slide over 8 bytes of source 0, a byte at a time.
#define QUAD_SAD(name, sad)                                                                                            \
    EMU_VALU_HEAD(name)                                                                                                \
    {                                                                                                                  \
        uint64_t a[EMU_LANES], c[EMU_LANES];                                                                           \
        uint32_t buffer[EMU_LANES] EMU_ALIGNED;                                                                        \
        emu_source64(wave, inst, &inst->src[0], a);                                                                    \
        const uint32_t *b = emu_words(wave, inst, 1, buffer);                                                          \
        emu_source64(wave, inst, &inst->src[2], c);                                                                    \
        for (unsigned lane = 0; lane < EMU_LANES; lane++) {                                                            \
            uint64_t result = 0;                                                                                       \
            for (unsigned i = 0; i < 4; i++) {                                                                         \
                uint32_t sum =                                                                                         \
                    sad((uint32_t)(a[lane] >> (8 * i)), b[lane]) + (uint32_t)(c[lane] >> (16 * i) & 0xffffu);          \
                sum = inst->clamp && sum > UINT16_MAX ? UINT16_MAX : sum & 0xffffu;                                    \
                result |= (uint64_t)sum << (16 * i);                                                                   \
            }                                                                                                          \
            c[lane] = result;                                                                                          \
        }                                                                                                              \
        emu_write64(wave, &inst->dst, c, emu_lanes(wave, inst));                                                       \
    }
QUAD_SAD(v_qsad_pk_u16_u8, sad_u8)
QUAD_SAD(v_mqsad_pk_u16_u8, msad_u8)

EMU_VALU_HEAD(v_mqsad_u32_u8)
{
    uint64_t a[EMU_LANES];
    uint32_t b_buffer[EMU_LANES] EMU_ALIGNED, result[4][EMU_LANES] EMU_ALIGNED;
    emu_source64(wave, inst, &inst->src[0], a);
    const uint32_t *b = emu_words(wave, inst, 1, b_buffer);
    const struct emu_operand *addend = &inst->src[2];
    for (unsigned i = 0; i < 4; i++) {
        // A constant is not widened beyond 64 bits: only the lowest word has it.
        uint32_t constant = i == 0 ? (uint32_t)emu_scalar_source(wave, addend) : 0;
        if (addend->kind == EMU_K_SGPR)
            constant = wave->s[addend->reg + i];
        const uint32_t *c = addend->kind == EMU_K_VGPR ? emu_vgpr(wave, (addend->reg + i) & 255) : NULL;
        for (unsigned lane = 0; lane < EMU_LANES; lane++)
            result[i][lane] =
                add_u32(msad_u8((uint32_t)(a[lane] >> (8 * i)), b[lane]), c ? c[lane] : constant, inst->clamp);
    }
    for (unsigned i = 0; i < 4; i++)
        emu_blend32(emu_vgpr(wave, (inst->dst.reg + i) & 255), result[i], emu_lanes(wave, inst));
}

// ---- Carry: the carry in is a bit of src2, the carry out a bit of the scalar result; lanes that are off write 0. ----

static inline void finish_carry(struct emu_wave *wave, const struct emu_inst *inst, const uint32_t *words,
                                const uint32_t *carries)
{
    uint32_t lanes = emu_lanes(wave, inst);
    emu_write32(wave, &inst->dst, words, lanes);
    emu_mask_result(wave, &inst->sdst, emu_mask_collect(carries) & lanes);
}

// `x op y op carry-in`, and whether it leaves 0..2^32-1; under clamp it saturates at `limit`.
#define CARRY_ROW(name, x, y, carry_in, sum, out, limit)                                                               \
    EMU_VALU_HEAD(name)                                                                                                \
    {                                                                                                                  \
        uint32_t buffer[2][EMU_LANES] EMU_ALIGNED, words[EMU_LANES] EMU_ALIGNED, carries[EMU_LANES] EMU_ALIGNED;       \
        const uint32_t *pa = emu_words(wave, inst, 0, buffer[0]);                                                      \
        const uint32_t *pb = emu_words(wave, inst, 1, buffer[1]);                                                      \
        const uint32_t carry_mask = carry_in;                                                                          \
        const bool clamp = inst->clamp;                                                                                \
        EMU_EACH_LANE(lane)                                                                                            \
        {                                                                                                              \
            uint32_t a __attribute__((unused)) = pa[lane], b = pb[lane];                                               \
            uint32_t l = x, r = y, in = carry_mask >> lane & 1;                                                        \
            bool leaves = out;                                                                                         \
            words[lane] = clamp && leaves ? limit : (sum);                                                             \
            carries[lane] = leaves ? ~0u : 0;                                                                          \
        }                                                                                                              \
        finish_carry(wave, inst, words, carries);                                                                      \
    }
#define CARRY_IN                               emu_mask_source(wave, &inst->src[2])
#define ADD                                    l + r + in, l + r < l || l + r + in < in, ~0u
#define SUBTRACT                               l - r - in, l < r || l - r < in, 0u
#define CARRY(name, x, y, carry_in, operation) CARRY_EXPANDED(name, x, y, carry_in, operation)
#define CARRY_EXPANDED(...)                    CARRY_ROW(__VA_ARGS__)

// clang-format off
CARRY(v_add_co_u32,       a, b, 0,        ADD)
CARRY(v_sub_co_u32,       a, b, 0,        SUBTRACT)
CARRY(v_subrev_co_u32,    b, a, 0,        SUBTRACT)
CARRY(v_add_co_ci_u32,    a, b, CARRY_IN, ADD)
CARRY(v_sub_co_ci_u32,    a, b, CARRY_IN, SUBTRACT)
CARRY(v_subrev_co_ci_u32, b, a, CARRY_IN, SUBTRACT)
// clang-format on

EMU_VALU_HEAD(v_mad_u64_u32)
{
    uint32_t buffer[2][EMU_LANES] EMU_ALIGNED, carries[EMU_LANES] EMU_ALIGNED;
    uint64_t c[EMU_LANES] EMU_ALIGNED;
    const uint32_t *a = emu_words(wave, inst, 0, buffer[0]);
    const uint32_t *b = emu_words(wave, inst, 1, buffer[1]);
    emu_source64(wave, inst, &inst->src[2], c);
    const bool clamp = inst->clamp;
    EMU_EACH_LANE(lane)
    {
        uint64_t product = (uint64_t)a[lane] * b[lane];
        uint64_t sum = product + c[lane];
        carries[lane] = sum < product ? ~0u : 0;
        c[lane] = clamp && sum < product ? UINT64_MAX : sum;
    }
    uint32_t lanes = emu_lanes(wave, inst);
    emu_write64(wave, &inst->dst, c, lanes);
    emu_mask_result(wave, &inst->sdst, emu_mask_collect(carries) & lanes);
}

EMU_VALU_HEAD(v_mad_i64_i32)
{
    uint32_t buffer[2][EMU_LANES] EMU_ALIGNED, carries[EMU_LANES] EMU_ALIGNED;
    uint64_t c[EMU_LANES] EMU_ALIGNED;
    const int32_t *a = (const int32_t *)emu_words(wave, inst, 0, buffer[0]);
    const int32_t *b = (const int32_t *)emu_words(wave, inst, 1, buffer[1]);
    emu_source64(wave, inst, &inst->src[2], c);
    const bool clamp = inst->clamp;
    EMU_EACH_LANE(lane)
    {
        uint64_t product = (uint64_t)((int64_t)a[lane] * b[lane]);
        uint64_t sum = product + c[lane];
        bool overflow = ((sum ^ product) & (sum ^ c[lane])) >> 63;
        carries[lane] = (sum >> 63 != 0) != overflow ? ~0u : 0; // bit 64 of the exact sum
        uint64_t limit = product >> 63 ? UINT64_C(1) << 63 : UINT64_MAX >> 1;
        c[lane] = clamp && overflow ? limit : sum;
    }
    uint32_t lanes = emu_lanes(wave, inst);
    emu_write64(wave, &inst->dst, c, lanes);
    emu_mask_result(wave, &inst->sdst, emu_mask_collect(carries) & lanes);
}
