// The ExLlama shuffle of eight 4-bit values in a word: even values in the low half, odd ones in the high half, so that
// one shift and mask give two neighbours in the two halves of a packed 16-bit pair.
#ifndef W4_REFERENCE_PACK_H
#define W4_REFERENCE_PACK_H

#include <stdint.h>

// A word holds k..k+7 as v0 | v2<<4 | v4<<8 | v6<<12 | v1<<16 | v3<<20 | v5<<24 | v7<<28. Values above 15 are cut.
static inline uint32_t w4_pack8(const uint8_t values[8])
{
    static const uint8_t shift_of[8] = {0, 16, 4, 20, 8, 24, 12, 28};
    uint32_t word = 0;
    for (int i = 0; i < 8; i++) {
        word |= (uint32_t)(values[i] & 15u) << shift_of[i];
    }
    return word;
}

static inline void w4_unpack8(uint32_t word, uint8_t values[8])
{
    for (int i = 0; i < 4; i++) {
        values[2 * i] = (uint8_t)(word >> 4 * i & 15u);
        values[2 * i + 1] = (uint8_t)(word >> (4 * i + 16) & 15u);
    }
}

#endif
