// Text that goes into XML and HTML: which bytes may stand there, and how the others are escaped.
#ifndef W4_HARNESS_REPORT_MARKUP_H
#define W4_HARNESS_REPORT_MARKUP_H

#include <stddef.h>
#include <stdio.h>

// Bytes of the UTF-8 sequence at `text` (which ends with NUL) if XML 1.0 may hold its character, else 0.
size_t w4_markup_sequence_length(const unsigned char *text);

// The text with markup escaped, fit for element content and for quoted attributes. Line ends and tabs become character
// references when `attribute` is set, so that XML readers keep them. A byte that XML cannot hold becomes '?'.
void w4_markup_write(FILE *out, const char *text, int attribute);

#endif
