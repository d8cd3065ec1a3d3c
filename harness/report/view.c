// JSON for page templates.
#include "view.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "markup.h"

void w4_view_init(struct w4_view *view)
{
    view->root = json_object();
    view->failed = !view->root;
}

void w4_view_fini(struct w4_view *view)
{
    json_decref(view->root);
    view->root = NULL;
}

// Takes the reference.
static void set(struct w4_view *view, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        view->failed = true;
}

static void replace_bad_bytes(char *text)
{
    while (*text) {
        size_t length = w4_markup_sequence_length((const unsigned char *)text);
        if (length == 0)
            *text = '?';
        text += length ? length : 1;
    }
}

static void set_formatted(struct w4_view *view, json_t *object, const char *key, const char *format, va_list arguments)
{
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0) {
        view->failed = true;
        return;
    }
    replace_bad_bytes(text);
    set(view, object, key, json_string(text));
    free(text);
}

void w4_view_text(struct w4_view *view, json_t *object, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_formatted(view, object, key, format, arguments);
    va_end(arguments);
}

void w4_view_markup(struct w4_view *view, json_t *object, const char *key, const char *markup)
{
    char *text = strdup(markup);
    if (!text) {
        view->failed = true;
        return;
    }
    replace_bad_bytes(text);
    set(view, object, key, json_string(text));
    free(text);
}

void w4_view_flag(struct w4_view *view, json_t *object, const char *key, bool value)
{
    set(view, object, key, json_boolean(value));
}

json_t *w4_view_object(struct w4_view *view, json_t *object, const char *key)
{
    set(view, object, key, json_object());
    return json_object_get(object, key);
}

json_t *w4_view_list(struct w4_view *view, json_t *object, const char *key)
{
    set(view, object, key, json_array());
    return json_object_get(object, key);
}

json_t *w4_view_item(struct w4_view *view, json_t *list)
{
    json_t *item = json_object();
    if (json_array_append_new(list, item) != 0) {
        view->failed = true;
        return NULL;
    }
    return item;
}

void w4_view_fact(struct w4_view *view, json_t *list, const char *name, const char *format, ...)
{
    json_t *fact = w4_view_item(view, list);
    va_list arguments;
    w4_view_text(view, fact, "name", "%s", name);
    va_start(arguments, format);
    set_formatted(view, fact, "value", format, arguments);
    va_end(arguments);
}
