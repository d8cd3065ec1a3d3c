// Applies a run's selection to case ids. Ids have the form model/layer/mM/type/gG/sym|zp/kernel[/...]; a baseline file
// holds only ids, so the selection is matched on their segments.
#include "expected.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

enum { SEGMENT_MODEL = 0, SEGMENT_LAYER = 1, SEGMENT_M = 2, SEGMENT_KERNEL = 6 };

// Points at segment `index` of the id; false when there is none.
static bool segment(const char *id, int index, const char **start, size_t *length)
{
    const char *at = id;
    for (int i = 0; i < index; ++i) {
        at = strchr(at, '/');
        if (!at)
            return false;
        ++at;
    }
    *start = at;
    *length = strcspn(at, "/");
    return true;
}

// True when the list is empty or one of its comma-separated words, behind `prefix`, is the segment.
static bool list_allows(const char *list, const char *prefix, const char *id, int index)
{
    const char *start = NULL;
    size_t length = 0;
    if (!list[0])
        return true;
    if (!segment(id, index, &start, &length) || strncmp(start, prefix, strlen(prefix)) != 0)
        return false;
    start += strlen(prefix);
    length -= strlen(prefix);
    for (const char *word = list; *word;) {
        size_t word_length = strcspn(word, ",");
        if (word_length == length && strncasecmp(word, start, length) == 0)
            return true;
        word += word_length;
        word += *word == ',';
    }
    return false;
}

static bool filter_allows(const char *filter, const char *id)
{
    if (!filter[0])
        return true;
    return strpbrk(filter, "*?[") ? fnmatch(filter, id, 0) == 0 : strstr(id, filter) != NULL;
}

static bool suite_has(const struct w4_baseline_entry *entry, const char *suite)
{
    for (size_t i = 0; i < entry->suite_count; ++i) {
        if (strcmp(entry->suites[i], suite) == 0)
            return true;
    }
    return false;
}

bool w4_gate_expects(const struct w4_run_options *options, const struct w4_baseline_entry *entry)
{
    return suite_has(entry, options->suite) && filter_allows(options->filter, entry->id) &&
           list_allows(options->model, "", entry->id, SEGMENT_MODEL) &&
           list_allows(options->layer, "", entry->id, SEGMENT_LAYER) &&
           list_allows(options->m, "m", entry->id, SEGMENT_M) &&
           list_allows(options->kernels, "", entry->id, SEGMENT_KERNEL);
}
