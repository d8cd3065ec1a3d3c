// Packed 16-bit integers: 64 independent halves. Clamp saturates sums and products to the type's range; shifts ignore
// it.
#include "packed.h"

static inline int32_t limit_i16(int32_t x)
{
    return x < INT16_MIN ? INT16_MIN : x > INT16_MAX ? INT16_MAX : x;
}

static inline uint32_t limit_u16(int64_t x)
{
    return x < 0 ? 0 : x > UINT16_MAX ? UINT16_MAX : (uint32_t)x;
}

#define SATURATED_I16(wide) (clamp ? limit_i16(wide) : (wide))
#define SATURATED_U16(wide) (clamp ? limit_u16(wide) : (uint32_t)(wide))

// One row, one body; the expression sees a half of each source as a, b, c, promoted to int.
#define PACKED(name, count, type, expression)                                                                          \
    void EMU_BODY(name)(struct emu_wave * wave, const struct emu_inst *inst)                                           \
    {                                                                                                                  \
        uint32_t buffer[count][EMU_LANES] EMU_ALIGNED, result[EMU_LANES] EMU_ALIGNED;                                  \
        const type *source[3];                                                                                         \
        for (unsigned n = 0; n < 3; n++)                                                                               \
            source[n] = (const type *)packed_source(wave, inst, n < count ? n : 0, false, buffer[n < count ? n : 0]);  \
        uint32_t *words = packed_begin(wave, inst, result);                                                            \
        type *d = (type *)words;                                                                                       \
        const bool clamp __attribute__((unused)) = inst->clamp;                                                        \
        PACKED_EACH_HALF(i)                                                                                            \
        {                                                                                                              \
            const type a = source[0][i], b = source[1][i], c __attribute__((unused)) = source[2][i];                   \
            d[i] = (type)(expression);                                                                                 \
        }                                                                                                              \
        packed_end(wave, inst, words, result);                                                                         \
    }

// clang-format off
PACKED(v_pk_add_i16,     2, int16_t,  SATURATED_I16(a + b))
PACKED(v_pk_sub_i16,     2, int16_t,  SATURATED_I16(a - b))
PACKED(v_pk_add_u16,     2, uint16_t, SATURATED_U16(a + b))
PACKED(v_pk_sub_u16,     2, uint16_t, SATURATED_U16(a - b))
PACKED(v_pk_mul_lo_u16,  2, uint16_t, (uint32_t)a * b)
// 16-bit products and a 16-bit addend stay within 32 bits.
PACKED(v_pk_mad_i16,     3, int16_t,  SATURATED_I16(a * b + c))
PACKED(v_pk_mad_u16,     3, uint16_t, SATURATED_U16((int64_t)((uint32_t)a * b + c)))
PACKED(v_pk_max_i16,     2, int16_t,  a >= b ? a : b)
PACKED(v_pk_min_i16,     2, int16_t,  a < b ? a : b)
PACKED(v_pk_max_u16,     2, uint16_t, a >= b ? a : b)
PACKED(v_pk_min_u16,     2, uint16_t, a < b ? a : b)
// clang-format on

// Shifts go by 32-bit words, because hosts before AVX-512 have no variable 16-bit shift. The expression sees one half,
// extended as its type says, as b and the distance as a.
#define PACKED_SHIFT(name, type, expression)                                                                           \
    void EMU_BODY(name)(struct emu_wave * wave, const struct emu_inst *inst)                                           \
    {                                                                                                                  \
        uint32_t buffer[2][EMU_LANES] EMU_ALIGNED, result[EMU_LANES] EMU_ALIGNED;                                      \
        const uint32_t *distance = packed_source(wave, inst, 0, false, buffer[0]);                                     \
        const uint32_t *value = packed_source(wave, inst, 1, false, buffer[1]);                                        \
        uint32_t *d = packed_begin(wave, inst, result);                                                                \
        EMU_EACH_LANE(lane)                                                                                            \
        {                                                                                                              \
            uint32_t a = distance[lane] & 15, half;                                                                    \
            type b = (type)(value[lane] << 16) >> 16;                                                                  \
            half = (uint32_t)(expression) & 0xffffu;                                                                   \
            a = distance[lane] >> 16 & 15;                                                                             \
            b = (type)value[lane] >> 16;                                                                               \
            d[lane] = half | (uint32_t)(expression) << 16;                                                             \
        }                                                                                                              \
        packed_end(wave, inst, d, result);                                                                             \
    }

PACKED_SHIFT(v_pk_lshlrev_b16, uint32_t, b << a)
PACKED_SHIFT(v_pk_lshrrev_b16, uint32_t, b >> a)
PACKED_SHIFT(v_pk_ashrrev_i16, int32_t, b >> a)
