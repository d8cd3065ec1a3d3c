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

// Reads 16 bytes a lane; out[d * 32 + lane] is dword d.
LDS_INLINE void lds_gather128(const uint8_t *lds, const uint32_t *address, uint32_t *out)
{
#if defined __AVX512F__
    for (unsigned i = 0; i < EMU_LANES; i += 16) {
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
    for (unsigned i = 0; i < EMU_LANES; i += 8) {
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
    for (unsigned i = 0; i < EMU_LANES; i += 4) {
        __m128i p[4];
        for (unsigned k = 0; k < 4; k++)
            p[k] = lds_quad(lds + address[i + k]);
        LDS_TRANSPOSE(_mm_, p);
        for (unsigned d = 0; d < 4; d++)
            _mm_storeu_si128((__m128i *)(out + d * EMU_LANES + i), p[d]);
    }
#endif
}

// Four dwords a lane, rows[lane * 4 + d], from registers in[d * 32 + lane].
LDS_INLINE void lds_rows128(const uint32_t *in, uint32_t *rows)
{
#if defined __AVX512F__
    for (unsigned i = 0; i < EMU_LANES; i += 16) {
        __m512i p[4];
        for (unsigned d = 0; d < 4; d++)
            p[d] = _mm512_loadu_si512(in + d * EMU_LANES + i);
        LDS_TRANSPOSE(_mm512_, p);
        for (unsigned k = 0; k < 4; k++) {
            uint32_t *row = rows + (i + k) * 4;
            _mm_storeu_si128((__m128i *)row, _mm512_castsi512_si128(p[k]));
            _mm_storeu_si128((__m128i *)(row + 16), _mm512_extracti32x4_epi32(p[k], 1));
            _mm_storeu_si128((__m128i *)(row + 32), _mm512_extracti32x4_epi32(p[k], 2));
            _mm_storeu_si128((__m128i *)(row + 48), _mm512_extracti32x4_epi32(p[k], 3));
        }
    }
#elif defined __AVX2__
    for (unsigned i = 0; i < EMU_LANES; i += 8) {
        __m256i p[4];
        for (unsigned d = 0; d < 4; d++)
            p[d] = _mm256_loadu_si256((const __m256i *)(in + d * EMU_LANES + i));
        LDS_TRANSPOSE(_mm256_, p);
        for (unsigned k = 0; k < 4; k++) {
            _mm_storeu_si128((__m128i *)(rows + (i + k) * 4), _mm256_castsi256_si128(p[k]));
            _mm_storeu_si128((__m128i *)(rows + (i + k + 4) * 4), _mm256_extracti128_si256(p[k], 1));
        }
    }
#else
    for (unsigned i = 0; i < EMU_LANES; i += 4) {
        __m128i p[4];
        for (unsigned d = 0; d < 4; d++)
            p[d] = _mm_loadu_si128((const __m128i *)(in + d * EMU_LANES + i));
        LDS_TRANSPOSE(_mm_, p);
        for (unsigned k = 0; k < 4; k++)
            _mm_storeu_si128((__m128i *)(rows + (i + k) * 4), p[k]);
    }
#endif
}

#endif
