// Comparison of fingerprints. Decides nothing about what a difference means for a verdict.
#include "fingerprint.h"

#include <stdio.h>
#include <string.h>

static const struct {
    size_t offset;
    const char *words;
} rows[] = {
#define X(member, words, bytes) {offsetof(struct w4_fingerprint, member), words},
    W4_FINGERPRINT_FIELDS(X)
#undef X
};

bool w4_fingerprint_differs(const struct w4_fingerprint *a, const struct w4_fingerprint *b, char *text, size_t size)
{
    size_t used = 0;
    bool differs = false;
    if (text && size > 0)
        text[0] = '\0';
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *left = (const char *)a + rows[i].offset;
        const char *right = (const char *)b + rows[i].offset;
        if (strcmp(left, right) == 0)
            continue;
        if (text && used < size) {
            const int length = snprintf(text + used, size - used, "%s%s \"%s\" -> \"%s\"", differs ? "; " : "",
                                        rows[i].words, left, right);
            used += length > 0 ? (size_t)length : 0;
        }
        differs = true;
    }
    return differs;
}
