// Status texts and the recording of the first error.
#include "error.h"

#include <stdio.h>
#include <string.h>

static const struct {
    int exit_code;
    const char *text;
} statuses[] = {
#define X(code, exit_code, text) [W4_##code] = {exit_code, text},
    W4_STATUSES(X)
#undef X
};

const char *w4_status_text(enum w4_status status)
{
    return statuses[status].text;
}

int w4_status_exit_code(enum w4_status status)
{
    return statuses[status].exit_code;
}

enum w4_status w4_vfail(struct w4_error *error, enum w4_status status, const char *format, va_list arguments)
{
    if (!error || error->status != W4_OK)
        return status;
    error->status = status;
    vsnprintf(error->message, sizeof error->message, format, arguments);
    // One line, whatever a file name or a library's text carries.
    for (char *c = error->message; *c; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
    return status;
}

enum w4_status w4_fail(struct w4_error *error, enum w4_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    status = w4_vfail(error, status, format, arguments);
    va_end(arguments);
    return status;
}
