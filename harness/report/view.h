// Builds the JSON that a page template is filled with. Every call accepts NULL in place of a parent and does nothing
// then, so that a builder need not stop where memory ran out; `failed` remembers it.
#ifndef W4_HARNESS_REPORT_VIEW_H
#define W4_HARNESS_REPORT_VIEW_H

#include <jansson.h>
#include <stdbool.h>

struct w4_view {
    json_t *root; // owned
    bool failed;
};

// root is a fresh object; the caller ends with w4_view_fini.
void w4_view_init(struct w4_view *view);
void w4_view_fini(struct w4_view *view);

// A text member of `object`. Bytes that markup cannot hold become '?'.
void w4_view_text(struct w4_view *view, json_t *object, const char *key, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
// The same for a text that is markup already (a plot).
void w4_view_markup(struct w4_view *view, json_t *object, const char *key, const char *markup);
void w4_view_flag(struct w4_view *view, json_t *object, const char *key, bool value);

// A new object or list as member of `object`, and a new object at the end of a list. Borrowed by the caller.
json_t *w4_view_object(struct w4_view *view, json_t *object, const char *key);
json_t *w4_view_list(struct w4_view *view, json_t *object, const char *key);
json_t *w4_view_item(struct w4_view *view, json_t *list);

// Appends {"name", "value"} to a list: a line of a list of facts.
void w4_view_fact(struct w4_view *view, json_t *list, const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
