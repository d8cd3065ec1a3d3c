// Small text helpers that every part of the harness shares. No allocation, no I/O.
#ifndef W4_HARNESS_TEXT_H
#define W4_HARNESS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "model.h"

// Copies at most size - 1 bytes and ends with NUL; returns false when the text was cut. size >= 1.
static inline bool w4_text_copy(char *out, size_t size, const char *text)
{
    size_t length = strlen(text);
    bool fits = length < size;
    size_t kept = fits ? length : size - 1;
    memcpy(out, text, kept);
    out[kept] = '\0';
    return fits;
}

static inline const char *w4_text_dtype(enum w4_dtype dtype)
{
    return dtype == W4_BF16 ? "bf16" : "fp16";
}

static inline const char *w4_text_zero_point(bool zero_point)
{
    return zero_point ? "zp" : "sym";
}

#endif
