// A recursive walk over the template's tags, with the values that enclose the place as a chain of scopes.
#include "template.h"

#include <stdbool.h>
#include <string.h>

#include "markup.h"

enum { NAME_MAX_BYTES = 64, DEPTH_MAX = 32 };

struct scope {
    const json_t *value;
    const struct scope *parent;
};

struct reader {
    const char *name, *text, *end;
    FILE *out;
    struct w4_error *error;
};

struct tag {
    char kind; // '#', '^', '/', '!', '{' (as it is), or 'v' (escaped)
    char name[NAME_MAX_BYTES];
    const char *begin, *next; // text before it ends at begin, text behind it starts at next
};

static enum w4_status fail_at(const struct reader *reader, const char *at, const char *what, const char *name)
{
    size_t line = 1;
    for (const char *c = reader->text; c < at; ++c)
        line += *c == '\n';
    return w4_fail(reader->error, W4_INTERNAL, "%s:%zu: %s \"%s\"", reader->name, line, what, name);
}

static const char *find_text(const char *at, const char *end, const char *text)
{
    return memmem(at, (size_t)(end - at), text, strlen(text));
}

// A tag alone on its line takes the line with it.
static void widen_to_line(const struct reader *reader, struct tag *tag)
{
    const char *begin = tag->begin;
    const char *next = tag->next;
    while (begin > reader->text && (begin[-1] == ' ' || begin[-1] == '\t'))
        --begin;
    while (next < reader->end && (*next == ' ' || *next == '\t'))
        ++next;
    if ((begin > reader->text && begin[-1] != '\n') || (next < reader->end && *next != '\n'))
        return;
    tag->begin = begin;
    tag->next = next < reader->end ? next + 1 : next;
}

// Finds the next tag from `at` on; tag->kind is 0 when there is none.
static enum w4_status next_tag(const struct reader *reader, const char *at, struct tag *tag)
{
    tag->kind = 0;
    const char *open = find_text(at, reader->end, "{{");
    if (!open)
        return W4_OK;
    bool triple = open[2] == '{';
    const char *name = open + (triple ? 3 : 2);
    const char *close = find_text(name, reader->end, triple ? "}}}" : "}}");
    if (!close)
        return fail_at(reader, open, "a tag is not closed:", triple ? "{{{" : "{{");
    tag->kind = triple ? '{' : 'v';
    if (!triple && strchr("#^/!", *name))
        tag->kind = *name++;
    const char *name_end = close;
    while (name < name_end && *name == ' ')
        ++name;
    while (name_end > name && name_end[-1] == ' ')
        --name_end;
    size_t length = (size_t)(name_end - name);
    if (length >= sizeof(tag->name) && tag->kind != '!')
        return fail_at(reader, open, "a name is too long:", "{{");
    length = tag->kind == '!' ? 0 : length;
    memcpy(tag->name, name, length);
    tag->name[length] = '\0';
    tag->begin = open;
    tag->next = close + (triple ? 3 : 2);
    if (tag->kind != 'v' && tag->kind != '{')
        widen_to_line(reader, tag);
    return W4_OK;
}

static const json_t *find_value(const struct scope *scope, const char *name)
{
    char part[NAME_MAX_BYTES];
    if (strcmp(name, ".") == 0)
        return scope->value;
    size_t length = strcspn(name, ".");
    memcpy(part, name, length);
    part[length] = '\0';
    const json_t *value = NULL;
    for (; scope && !value; scope = scope->parent)
        value = json_object_get(scope->value, part);
    for (name += length; *name == '.' && value; name += length) {
        ++name;
        length = strcspn(name, ".");
        memcpy(part, name, length);
        part[length] = '\0';
        value = json_object_get(value, part);
    }
    return value;
}

static bool is_true(const json_t *value)
{
    if (!value || json_is_null(value) || json_is_false(value))
        return false;
    if (json_is_array(value))
        return json_array_size(value) > 0;
    return !json_is_string(value) || json_string_value(value)[0] != '\0';
}

static enum w4_status write_value(const struct reader *reader, const struct tag *tag, const struct scope *scope)
{
    const json_t *value = find_value(scope, tag->name);
    if (json_is_integer(value))
        fprintf(reader->out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (!json_is_string(value))
        return fail_at(reader, tag->begin, "no text or integer is named", tag->name);
    else if (tag->kind == '{')
        fputs(json_string_value(value), reader->out);
    else
        w4_markup_write(reader->out, json_string_value(value), 0);
    return W4_OK;
}

// The tag that closes the section which `open` opened.
static enum w4_status find_close(const struct reader *reader, const struct tag *open, struct tag *close)
{
    const char *at = open->next;
    size_t depth = 1;
    while (depth > 0) {
        enum w4_status status = next_tag(reader, at, close);
        if (status != W4_OK)
            return status;
        if (!close->kind)
            return fail_at(reader, open->begin, "this section is not closed:", open->name);
        if (strcmp(close->name, open->name) == 0) {
            depth += close->kind == '#' || close->kind == '^';
            depth -= close->kind == '/';
        }
        at = close->next;
    }
    return W4_OK;
}

static enum w4_status write_range(const struct reader *reader, const char *at, const char *end,
                                  const struct scope *scope, int depth);

static enum w4_status write_section(const struct reader *reader, const struct tag *open, const struct tag *close,
                                    const struct scope *scope, int depth)
{
    const json_t *value = find_value(scope, open->name);
    if (is_true(value) == (open->kind == '^'))
        return W4_OK;
    if (open->kind == '^')
        return write_range(reader, open->next, close->begin, scope, depth + 1);
    struct scope inner = {value, scope};
    if (!json_is_array(value))
        return write_range(reader, open->next, close->begin, &inner, depth + 1);
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < json_array_size(value) && status == W4_OK; ++i) {
        inner.value = json_array_get(value, i);
        status = write_range(reader, open->next, close->begin, &inner, depth + 1);
    }
    return status;
}

static enum w4_status write_range(const struct reader *reader, const char *at, const char *end,
                                  const struct scope *scope, int depth)
{
    if (depth > DEPTH_MAX)
        return fail_at(reader, at, "sections are nested too deeply:", reader->name);
    for (;;) {
        struct tag tag;
        struct tag close;
        enum w4_status status = next_tag(reader, at, &tag);
        if (status != W4_OK)
            return status;
        const char *stop = tag.kind && tag.begin < end ? tag.begin : end;
        fwrite(at, 1, (size_t)(stop - at), reader->out);
        if (stop == end)
            return W4_OK;
        at = tag.next;
        switch (tag.kind) {
        case '!': break;
        case '/': return fail_at(reader, tag.begin, "nothing opened the section", tag.name);
        case '#':
        case '^':
            status = find_close(reader, &tag, &close);
            if (status != W4_OK)
                return status;
            status = write_section(reader, &tag, &close, scope, depth);
            at = close.next;
            break;
        default: status = write_value(reader, &tag, scope); break;
        }
        if (status != W4_OK)
            return status;
    }
}

enum w4_status w4_template_write(const char *name, const char *text, const json_t *data, FILE *out,
                                 struct w4_error *error)
{
    const struct reader reader = {name, text, text + strlen(text), out, error};
    const struct scope scope = {data, NULL};
    return write_range(&reader, text, reader.end, &scope, 0);
}
