// The inner loops of WMMA on plain arrays: unpacking operands and multiplying 16x16 tiles, once for each kind of host
// vectors. Knows nothing of registers or modifiers.
//
// Order of float accumulation (assumed; hardware's is not public): D[m][n] starts as C[m][n]; for k = 0..15 in order,
// D = fma(A[m][k], B[k][n], D) in f32, rounded to nearest even, denormals kept. All levels give the same bits.
#ifndef EMU_EXEC_WMMA_MULTIPLY_H
#define EMU_EXEC_WMMA_MULTIPLY_H

#include "float16.h"
#include "float_bits.h"

enum { WMMA_SIZE = 16, WMMA_PAIRS = WMMA_SIZE / 2 };

// One operand: element k of row m (A) or of column n (B) is at [k][m] or [k][n].
typedef float wmma_floats[WMMA_SIZE][WMMA_SIZE];
// The same for integers, two neighbouring k as 16-bit halves of a word: [k / 2][m or n].
typedef uint32_t wmma_pairs[WMMA_PAIRS][WMMA_SIZE];

// The halves of lanes 0-15 of one register as f32.
static inline void wmma_unpack_f16(const uint32_t *words, float *low, float *high)
{
#if defined(__AVX512F__)
    __m512i word = _mm512_load_si512(words);
    _mm512_store_ps(low, _mm512_cvtph_ps(_mm512_cvtepi32_epi16(word)));
    _mm512_store_ps(high, _mm512_cvtph_ps(_mm512_cvtepi32_epi16(_mm512_srli_epi32(word, 16))));
#elif defined(__F16C__)
    const __m256i mask = _mm256_set1_epi32(0xffff);
    for (int i = 0; i < WMMA_SIZE; i += 8) {
        __m256i word = _mm256_load_si256((const __m256i *)(words + i));
        __m256i even = _mm256_and_si256(word, mask), odd = _mm256_srli_epi32(word, 16);
        // Lanes interleave in the pack: even 0-3, odd 0-3 | even 4-7, odd 4-7.
        __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi32(even, odd), 0xd8);
        _mm256_store_ps(low + i, _mm256_cvtph_ps(_mm256_castsi256_si128(packed)));
        _mm256_store_ps(high + i, _mm256_cvtph_ps(_mm256_extracti128_si256(packed, 1)));
    }
#else
    for (int i = 0; i < WMMA_SIZE; i++) {
        low[i] = emu_f16_to_f32(words[i] & 0xffffu);
        high[i] = emu_f16_to_f32(words[i] >> 16);
    }
#endif
}

static inline void wmma_unpack_bf16(const uint32_t *words, float *low, float *high)
{
    uint32_t *low_bits = (uint32_t *)low, *high_bits = (uint32_t *)high;
    for (int i = 0; i < WMMA_SIZE; i++) {
        low_bits[i] = words[i] << 16;
        high_bits[i] = words[i] & 0xffff0000u;
    }
}

// d = a * b + c; rows of c and d are 16 contiguous floats, row after row. d may be c.
static inline void wmma_multiply_floats(const wmma_floats a, const wmma_floats b, const float *c, float *d)
{
#if defined(__AVX512F__)
    __m512 row[WMMA_SIZE];
#pragma GCC unroll 16
    for (int m = 0; m < WMMA_SIZE; m++)
        row[m] = _mm512_load_ps(c + m * WMMA_SIZE);
    for (int k = 0; k < WMMA_SIZE; k++) {
        __m512 column = _mm512_load_ps(b[k]);
#pragma GCC unroll 16
        for (int m = 0; m < WMMA_SIZE; m++)
            row[m] = _mm512_fmadd_ps(_mm512_set1_ps(a[k][m]), column, row[m]);
    }
#pragma GCC unroll 16
    for (int m = 0; m < WMMA_SIZE; m++)
        _mm512_store_ps(d + m * WMMA_SIZE, row[m]);
#elif defined(__FMA__)
    // Four rows of two vectors are eight chains: enough to hide the latency of the FMAs in 16 registers.
    for (int first = 0; first < WMMA_SIZE; first += 4) {
        __m256 left[4], right[4];
#pragma GCC unroll 4
        for (int m = 0; m < 4; m++) {
            left[m] = _mm256_load_ps(c + (first + m) * WMMA_SIZE);
            right[m] = _mm256_load_ps(c + (first + m) * WMMA_SIZE + 8);
        }
#pragma GCC unroll 4
        for (int k = 0; k < WMMA_SIZE; k++) {
            __m256 b_left = _mm256_load_ps(b[k]), b_right = _mm256_load_ps(b[k] + 8);
#pragma GCC unroll 4
            for (int m = 0; m < 4; m++) {
                __m256 element = _mm256_broadcast_ss(&a[k][first + m]);
                left[m] = _mm256_fmadd_ps(element, b_left, left[m]);
                right[m] = _mm256_fmadd_ps(element, b_right, right[m]);
            }
        }
#pragma GCC unroll 4
        for (int m = 0; m < 4; m++) {
            _mm256_store_ps(d + (first + m) * WMMA_SIZE, left[m]);
            _mm256_store_ps(d + (first + m) * WMMA_SIZE + 8, right[m]);
        }
    }
#else
    for (int m = 0; m < WMMA_SIZE; m++) {
        float row[WMMA_SIZE];
        memcpy(row, c + m * WMMA_SIZE, sizeof row);
        for (int k = 0; k < WMMA_SIZE; k++) {
            for (int n = 0; n < WMMA_SIZE; n++)
                row[n] = emu_fma_f32(a[k][m], b[k][n], row[n], true);
        }
        memcpy(d + m * WMMA_SIZE, row, sizeof row);
    }
#endif
}

#if defined(__AVX512BW__)
// Element pairs of lanes 0-15 of one register as f32.
static inline __attribute__((always_inline)) void wmma_split(const uint32_t *words, bool bf16, __m512 *low,
                                                             __m512 *high)
{
    const __m512i word = _mm512_load_si512(words);
    if (bf16) {
        *low = _mm512_castsi512_ps(_mm512_slli_epi32(word, 16));
        *high = _mm512_castsi512_ps(_mm512_and_si512(word, _mm512_set1_epi32((int)0xffff0000u)));
        return;
    }
    *low = _mm512_cvtph_ps(_mm512_cvtepi32_epi16(word));
    *high = _mm512_cvtph_ps(_mm512_cvtepi32_epi16(_mm512_srli_epi32(word, 16)));
}

// The whole multiplication from and to registers, in the same order of sums. Each pair of elements is unpacked while
// the FMAs of the pair before run; closer to its use a broadcast would wait for its store.
static inline __attribute__((always_inline)) void wmma_multiply_words(const uint32_t *a, const uint32_t *b, bool bf16,
                                                                      const float *c, float *d)
{
    float element[WMMA_SIZE + 2][WMMA_SIZE] EMU_ALIGNED; // of A; the last two rows are never read
    __m512 row[WMMA_SIZE];
#pragma GCC unroll 16
    for (int m = 0; m < WMMA_SIZE; m++)
        row[m] = _mm512_load_ps(c + m * WMMA_SIZE);
    __m512 a_low, a_high, b_low, b_high;
    wmma_split(a, bf16, &a_low, &a_high);
    _mm512_store_ps(element[0], a_low);
    _mm512_store_ps(element[1], a_high);
    wmma_split(b, bf16, &b_low, &b_high);
#pragma GCC unroll 1
    for (int pair = 0; pair < WMMA_PAIRS; pair++) {
        const float *low = element[2 * pair], *high = element[2 * pair + 1];
        const __m512 column_low = b_low, column_high = b_high;
        const int next = pair + 1 < WMMA_PAIRS ? pair + 1 : pair;
        wmma_split(a + next * EMU_LANES, bf16, &a_low, &a_high);
        wmma_split(b + next * EMU_LANES, bf16, &b_low, &b_high);
        _mm512_store_ps(element[2 * pair + 2], a_low);
        _mm512_store_ps(element[2 * pair + 3], a_high);
        __asm__ volatile("" : : "r"(low) : "memory"); // broadcasts from memory are free, from registers are shuffles
#pragma GCC unroll 16
        for (int m = 0; m < WMMA_SIZE; m++)
            row[m] = _mm512_fmadd_ps(_mm512_set1_ps(low[m]), column_low, row[m]);
#pragma GCC unroll 16
        for (int m = 0; m < WMMA_SIZE; m++)
            row[m] = _mm512_fmadd_ps(_mm512_set1_ps(high[m]), column_high, row[m]);
    }
#pragma GCC unroll 16
    for (int m = 0; m < WMMA_SIZE; m++)
        _mm512_store_ps(d + m * WMMA_SIZE, row[m]);
}
#endif

// sum[m][n] of products of 16-bit integers; exact, as 16 products of two 9-bit numbers fit easily.
static inline void wmma_multiply_pairs(const wmma_pairs a, const wmma_pairs b, int32_t *sum)
{
#if defined(__AVX512BW__)
    __m512i row[WMMA_SIZE];
#pragma GCC unroll 16
    for (int m = 0; m < WMMA_SIZE; m++)
        row[m] = _mm512_setzero_si512();
    for (int k = 0; k < WMMA_PAIRS; k++) {
        __m512i column = _mm512_load_si512(b[k]);
#pragma GCC unroll 16
        for (int m = 0; m < WMMA_SIZE; m++)
            row[m] = _mm512_add_epi32(row[m], _mm512_madd_epi16(_mm512_set1_epi32((int)a[k][m]), column));
    }
#pragma GCC unroll 16
    for (int m = 0; m < WMMA_SIZE; m++)
        _mm512_store_si512(sum + m * WMMA_SIZE, row[m]);
#elif defined(__AVX2__)
    for (int m = 0; m < WMMA_SIZE; m++) {
        __m256i left = _mm256_setzero_si256(), right = left;
        for (int k = 0; k < WMMA_PAIRS; k++) {
            __m256i element = _mm256_set1_epi32((int)a[k][m]);
            const __m256i *column = (const __m256i *)b[k];
            left = _mm256_add_epi32(left, _mm256_madd_epi16(element, _mm256_load_si256(column)));
            right = _mm256_add_epi32(right, _mm256_madd_epi16(element, _mm256_load_si256(column + 1)));
        }
        _mm256_store_si256((__m256i *)(sum + m * WMMA_SIZE), left);
        _mm256_store_si256((__m256i *)(sum + m * WMMA_SIZE + 8), right);
    }
#else
    for (int m = 0; m < WMMA_SIZE; m++) {
        for (int n = 0; n < WMMA_SIZE; n++) {
            int32_t total = 0;
            for (int k = 0; k < WMMA_PAIRS; k++)
                total += (int16_t)a[k][m] * (int16_t)b[k][n] + (int16_t)(a[k][m] >> 16) * (int16_t)(b[k][n] >> 16);
            sum[m * WMMA_SIZE + n] = total;
        }
    }
#endif
}

#endif
