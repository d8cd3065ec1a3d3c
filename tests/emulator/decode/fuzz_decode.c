// libFuzzer target: any words decode or are refused, and what decodes prints.
#include <stdlib.h>
#include <string.h>

#include "emulator/inst.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct emu_inst inst, dual;
    char text[64];
    size_t count = size / 4;
    // A copy of exactly this size, so that the sanitizer sees every word read too many.
    uint32_t *words = malloc(count * 4 + 1);
    if (!words)
        return 0;
    memcpy(words, data, count * 4);
    for (size_t at = 0; at < count;) {
        int length = emu_decode(words + at, count - at, (uint32_t)(at * 4), size & 1, &inst, &dual);
        if (length < 0 || (size_t)length > count - at || inst.words != (length ? length : 1))
            abort();
        if (emu_print(&inst, text, sizeof text) <= 0 || !memchr(text, '\0', sizeof text))
            abort();
        at += length ? (size_t)length : 1;
    }
    free(words);
    return 0;
}
