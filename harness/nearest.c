// Finds the word that was probably meant (edit distance with transpositions).
#include <string.h>

#include "options.h"

enum { WORD_MAX = 48 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t edit_distance(const char *from, const char *to)
{
    size_t rows[3][WORD_MAX + 1];
    size_t from_length = strlen(from);
    size_t to_length = strlen(to);
    if (from_length > WORD_MAX || to_length > WORD_MAX)
        return WORD_MAX;
    for (size_t j = 0; j <= to_length; ++j)
        rows[0][j] = j;
    for (size_t i = 1; i <= from_length; ++i) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        const size_t *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= to_length; ++j) {
            size_t substitution = above[j - 1] + (from[i - 1] != to[j - 1]);
            row[j] = least(substitution, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[from_length % 3][to_length];
}

const char *w4_nearest_word(const char *word, const char *const *words, size_t count)
{
    const char *nearest = NULL;
    size_t best = strlen(word) / 3 + 2; // farther away than this is another word, not a slip
    for (size_t i = 0; i < count; ++i) {
        size_t distance = edit_distance(word, words[i]);
        if (distance < best) {
            best = distance;
            nearest = words[i];
        }
    }
    return nearest;
}
