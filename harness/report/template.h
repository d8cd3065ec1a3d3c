// Fills a mustache template (mustache.5) with JSON: {{name}} escaped for markup, {{{name}}} as it is,
// {{#name}}...{{/name}} for each item of a list, once in an object, or if true, {{^name}}...{{/name}} if not, {{.}} the
// value itself,
// {{a.b}} a member, {{! a comment }}. A line that holds nothing but a section tag or a comment leaves nothing behind.
// Partials and other delimiters do not exist here.
#ifndef W4_HARNESS_REPORT_TEMPLATE_H
#define W4_HARNESS_REPORT_TEMPLATE_H

#include <jansson.h>
#include <stdio.h>

#include "../../base/error.h"

// Writes the filled template. Unlike mustache, a {{name}} that has no value is an error (names the template and the
// line), so that a slip is seen; a section without a value is left out. Stream errors are left in ferror(out).
enum w4_status w4_template_write(const char *name, const char *text, const json_t *data, FILE *out,
                                 struct w4_error *error);

#endif
