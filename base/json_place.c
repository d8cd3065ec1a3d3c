// Finds where in the text a JSON value stands: jansson keeps no positions, so the text is walked once more along the
// value's path. Only called to write an error message; the text has been parsed before, so it is well-formed.
#include "json_place.h"

#include <string.h>

static const char *skip_space(const char *c)
{
    return c + strspn(c, " \t\r\n");
}

// c stands on the opening quote; returns the character behind the closing one.
static const char *skip_string(const char *c)
{
    for (c++; *c && *c != '"'; c++)
        if (*c == '\\' && c[1])
            c++;
    return *c ? c + 1 : c;
}

// c stands on a value; returns the character behind it.
static const char *skip_value(const char *c)
{
    int depth = 0;
    do {
        if (*c == '"') {
            c = skip_string(c);
            continue;
        }
        if (*c == '{' || *c == '[')
            depth++;
        else if (*c == '}' || *c == ']')
            depth--;
        else if (depth == 0)
            return c + strcspn(c, ",]} \t\r\n");
        c++;
    } while (*c && depth > 0);
    return c;
}

// Whether the quoted text at c is `key`. Escapes: a key written with them is compared as jansson decodes it.
static bool key_equals(const char *c, const char *key)
{
    const size_t length = (size_t)(skip_string(c) - c);
    json_t *decoded = json_loadb(c, length, JSON_DECODE_ANY, NULL);
    const bool equal = json_is_string(decoded) && strcmp(json_string_value(decoded), key) == 0;
    json_decref(decoded);
    return equal;
}

// The member `key` (or, with key NULL, the item `index`) of the container at c; c itself when it is not there.
static const char *enter(const char *container, const char *key, size_t index)
{
    const char *c = skip_space(container + 1);
    for (size_t i = 0; *c && *c != '}' && *c != ']'; i++) {
        bool found = !key && i == index;
        if (*container == '{') {
            found = key && key_equals(c, key);
            c = skip_space(skip_string(c));
            c = skip_space(*c == ':' ? c + 1 : c);
        }
        if (found)
            return c;
        c = skip_space(skip_value(c));
        if (*c == ',')
            c = skip_space(c + 1);
    }
    return container;
}

static const char *find(const struct w4_json_at *at)
{
    if (!at->parent)
        return skip_space(at->file->text);
    return enter(find(at->parent), at->key, at->index);
}

struct w4_json_place w4_json_find_place(const struct w4_json_at *at)
{
    const char *end = find(at);
    struct w4_json_place place = {1, 1};
    for (const char *c = at->file->text; c < end; c++) {
        place.column++;
        if (*c == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    return place;
}
