// Names of the marks, and the end of a result's arrays.
#include "measured.h"

#include <stdlib.h>

#include "results.h"

static const struct {
    const char *name, *words;
} marks[] = {
#define X(code, name, words) {name, words},
    W4_MARKS(X)
#undef X
};

const char *w4_mark_name(enum w4_mark_bit bit)
{
    return marks[bit].name;
}

const char *w4_mark_words(enum w4_mark_bit bit)
{
    return marks[bit].words;
}

void w4_result_fini(struct w4_result *result)
{
    struct w4_measured *measured = &result->measured;
    for (size_t i = 0; i < measured->block_count; ++i)
        free(measured->blocks[i].samples_ms);
    free(measured->blocks);
    free(measured->windows);
    free(measured->hot_samples_ms);
    free(measured->hot_windows);
    free(measured->readings);
    free(measured->anchor_wmma_ms);
    free(measured->anchor_bandwidth_ms);
    *measured = (struct w4_measured){0};
    free(result->samples_ms);
    result->samples_ms = NULL;
    result->sample_count = 0;
}
