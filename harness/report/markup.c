// UTF-8 and escaping, shared by the JUnit and the HTML writer.
#include "markup.h"

#include <string.h>

size_t w4_markup_sequence_length(const unsigned char *text)
{
    unsigned char lead = text[0];
    if (lead < 0x80)
        return lead >= 0x20 || strchr("\t\n\r", lead) ? 1 : 0;
    size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4)
        return 0;
    for (size_t i = 1; i < length; ++i) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    }
    if ((lead == 0xe0 && text[1] < 0xa0) || (lead == 0xf0 && text[1] < 0x90))
        return 0; // overlong
    if ((lead == 0xed && text[1] > 0x9f) || (lead == 0xf4 && text[1] > 0x8f))
        return 0;                                                           // surrogate, or beyond U+10FFFF
    return lead == 0xef && text[1] == 0xbf && text[2] >= 0xbe ? 0 : length; // U+FFFE, U+FFFF
}

void w4_markup_write(FILE *out, const char *text, int attribute)
{
    static const char special[] = "&<>\"'\n\r\t";
    static const char *const escapes[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#10;", "&#13;", "&#9;"};
    enum { MARKUP = 5 }; // the first of them matter everywhere
    for (const char *at = text; *at;) {
        const char *found = strchr(special, *at);
        size_t length = w4_markup_sequence_length((const unsigned char *)at);
        if (found && (attribute || found - special < MARKUP))
            fputs(escapes[found - special], out);
        else if (length == 0)
            fputc('?', out);
        else
            fwrite(at, 1, length, out);
        at += length ? length : 1;
    }
}
