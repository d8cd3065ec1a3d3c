// The ExLlama shuffle against words written by hand.
#include "reference_test.h"

static void words_equal_those_written_by_hand(void **state)
{
    (void)state;
    const struct {
        uint8_t values[8];
        uint32_t word;
    } rows[] = {
        // high half v7 v5 v3 v1, low half v6 v4 v2 v0
        {{0, 1, 2, 3, 4, 5, 6, 7}, 0x75316420u},  {{15, 0, 0, 0, 0, 0, 0, 0}, 0x0000000fu},
        {{0, 15, 0, 0, 0, 0, 0, 0}, 0x000f0000u}, {{0, 0, 15, 0, 0, 0, 0, 0}, 0x000000f0u},
        {{0, 0, 0, 15, 0, 0, 0, 0}, 0x00f00000u}, {{0, 0, 0, 0, 15, 0, 0, 0}, 0x00000f00u},
        {{0, 0, 0, 0, 0, 15, 0, 0}, 0x0f000000u}, {{0, 0, 0, 0, 0, 0, 15, 0}, 0x0000f000u},
        {{0, 0, 0, 0, 0, 0, 0, 15}, 0xf0000000u}, {{8, 9, 10, 11, 12, 13, 14, 15}, 0xfdb9eca8u},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(w4_pack8(rows[i].values), rows[i].word);
        uint8_t back[8];
        w4_unpack8(rows[i].word, back);
        assert_memory_equal(back, rows[i].values, 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_equal_those_written_by_hand)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
