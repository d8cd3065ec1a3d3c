// Between registers and memory order: a register holds one dword of 32 lanes, memory wants one lane's dwords together.
// Transposes of 4 x 4 dwords, as wide as the SIMD level has them.
#ifndef EMU_EXEC_LDS_ROWS_H
#define EMU_EXEC_LDS_ROWS_H

#include "lds.h"

// Four lanes of four dwords in each 128-bit part: p[k] has lane k's dwords on entry, dword k of the lanes on exit.
// Being its own inverse, it serves loads and stores.
#define LDS_TRANSPOSE(PREFIX, p)                                                                                       \
    do {                                                                                                               \
        const __typeof__((p)[0]) ab_low = PREFIX##unpacklo_epi32((p)[0], (p)[1]),                                      \
                                 ab_high = PREFIX##unpackhi_epi32((p)[0], (p)[1]),                                     \
                                 cd_low = PREFIX##unpacklo_epi32((p)[2], (p)[3]),                                      \
                                 cd_high = PREFIX##unpackhi_epi32((p)[2], (p)[3]);                                     \
        (p)[0] = PREFIX##unpacklo_epi64(ab_low, cd_low);                                                               \
        (p)[1] = PREFIX##unpackhi_epi64(ab_low, cd_low);                                                               \
        (p)[2] = PREFIX##unpacklo_epi64(ab_high, cd_high);                                                             \
        (p)[3] = PREFIX##unpackhi_epi64(ab_high, cd_high);                                                             \
    } while (0)

LDS_INLINE __m128i lds_quad(const uint8_t *at)
{
    return _mm_loadu_si128((const __m128i *)at);
}

// Whether the upper 16 lanes have the lower 16's addresses, as in loads of WMMA operands: half the work is enough.
LDS_INLINE bool lds_halves_agree(const uint32_t *address)
{
    uint32_t differing = 0;
    for (unsigned lane = 0; lane < 16; lane++)
        differing |= address[lane] ^ address[lane + 16];
    return differing == 0;
}

LDS_INLINE void lds_copy_half(uint32_t *out, unsigned dwords)
{
    for (unsigned d = 0; d < dwords; d++)
        memcpy(out + d * EMU_LANES + 16, out + d * EMU_LANES, 16 * sizeof *out);
}

// Whether lane n's address is lane 0's plus n * bytes.
LDS_INLINE bool lds_contiguous(const uint32_t *address, unsigned bytes)
{
    uint32_t differing = 0;
    for (unsigned lane = 0; lane < EMU_LANES; lane++)
        differing |= address[lane] ^ (address[0] + lane * bytes);
    return differing == 0;
}

// Reads 4 bytes of each of the first `count` lanes.
LDS_INLINE void lds_gather32(const uint8_t *lds, const uint32_t *address, unsigned count, uint32_t *out)
{
    for (unsigned lane = 0; lane < count; lane++)
        memcpy(&out[lane], lds + address[lane], 4);
}

// 8 bytes a lane: four lanes in two vectors, then their low and their high dwords.
LDS_INLINE void lds_gather64(const uint8_t *lds, const uint32_t *address, unsigned count, uint32_t *out)
{
    for (unsigned i = 0; i < count; i += 4) {
        const uint32_t *a = address + i;
        __m128i ab = _mm_loadl_epi64((const __m128i *)(lds + a[0]));
        __m128i cd = _mm_loadl_epi64((const __m128i *)(lds + a[2]));
        ab = _mm_unpacklo_epi64(ab, _mm_loadl_epi64((const __m128i *)(lds + a[1])));
        cd = _mm_unpacklo_epi64(cd, _mm_loadl_epi64((const __m128i *)(lds + a[3])));
        const __m128 x = _mm_castsi128_ps(ab), y = _mm_castsi128_ps(cd);
        _mm_storeu_ps((float *)(out + i), _mm_shuffle_ps(x, y, 0x88));
        _mm_storeu_ps((float *)(out + EMU_LANES + i), _mm_shuffle_ps(x, y, 0xdd));
    }
}

// 16 bytes a lane; out[d * 32 + lane] is dword d.
LDS_INLINE void lds_gather128(const uint8_t *lds, const uint32_t *address, unsigned count, uint32_t *out)
{
#if defined __AVX512F__
    for (unsigned i = 0; i < count; i += 16) {
        __m512i p[4];
        for (unsigned k = 0; k < 4; k++) {
            const uint32_t *a = address + i + k;
            const __m256i low =
                _mm256_inserti128_si256(_mm256_castsi128_si256(lds_quad(lds + a[0])), lds_quad(lds + a[4]), 1);
            const __m256i high =
                _mm256_inserti128_si256(_mm256_castsi128_si256(lds_quad(lds + a[8])), lds_quad(lds + a[12]), 1);
            p[k] = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
        }
        LDS_TRANSPOSE(_mm512_, p);
        for (unsigned d = 0; d < 4; d++)
            _mm512_storeu_si512(out + d * EMU_LANES + i, p[d]);
    }
#elif defined __AVX2__
    for (unsigned i = 0; i < count; i += 8) {
        __m256i p[4];
        for (unsigned k = 0; k < 4; k++) {
            const uint32_t *a = address + i + k;
            p[k] = _mm256_inserti128_si256(_mm256_castsi128_si256(lds_quad(lds + a[0])), lds_quad(lds + a[4]), 1);
        }
        LDS_TRANSPOSE(_mm256_, p);
        for (unsigned d = 0; d < 4; d++)
            _mm256_storeu_si256((__m256i *)(out + d * EMU_LANES + i), p[d]);
    }
#else
    for (unsigned i = 0; i < count; i += 4) {
        __m128i p[4];
        for (unsigned k = 0; k < 4; k++)
            p[k] = lds_quad(lds + address[i + k]);
        LDS_TRANSPOSE(_mm_, p);
        for (unsigned d = 0; d < 4; d++)
            _mm_storeu_si128((__m128i *)(out + d * EMU_LANES + i), p[d]);
    }
#endif
}

// Two dwords of each lane to memory, lanes ascending.
LDS_INLINE void lds_scatter64(uint8_t *lds, const uint32_t *address, const uint32_t *in)
{
    for (unsigned i = 0; i < EMU_LANES; i += 4) {
        const uint32_t *a = address + i;
        const __m128i low = _mm_loadu_si128((const __m128i *)(in + i));
        const __m128i high = _mm_loadu_si128((const __m128i *)(in + EMU_LANES + i));
        const __m128i ab = _mm_unpacklo_epi32(low, high);
        const __m128i cd = _mm_unpackhi_epi32(low, high);
        _mm_storel_epi64((__m128i *)(lds + a[0]), ab);
        _mm_storel_epi64((__m128i *)(lds + a[1]), _mm_unpackhi_epi64(ab, ab));
        _mm_storel_epi64((__m128i *)(lds + a[2]), cd);
        _mm_storel_epi64((__m128i *)(lds + a[3]), _mm_unpackhi_epi64(cd, cd));
    }
}

// Four dwords of each lane to memory, lanes ascending.
LDS_INLINE void lds_scatter128(uint8_t *lds, const uint32_t *address, const uint32_t *in)
{
#if defined __AVX2__
    for (unsigned i = 0; i < EMU_LANES; i += 8) {
        __m256i p[4];
        for (unsigned d = 0; d < 4; d++)
            p[d] = _mm256_loadu_si256((const __m256i *)(in + d * EMU_LANES + i));
        LDS_TRANSPOSE(_mm256_, p);
        for (unsigned k = 0; k < 4; k++)
            _mm_storeu_si128((__m128i *)(lds + address[i + k]), _mm256_castsi256_si128(p[k]));
        for (unsigned k = 0; k < 4; k++)
            _mm_storeu_si128((__m128i *)(lds + address[i + k + 4]), _mm256_extracti128_si256(p[k], 1));
    }
#else
    for (unsigned i = 0; i < EMU_LANES; i += 4) {
        __m128i p[4];
        for (unsigned d = 0; d < 4; d++)
            p[d] = _mm_loadu_si128((const __m128i *)(in + d * EMU_LANES + i));
        LDS_TRANSPOSE(_mm_, p);
        for (unsigned k = 0; k < 4; k++)
            _mm_storeu_si128((__m128i *)(lds + address[i + k]), p[k]);
    }
#endif
}

#endif
