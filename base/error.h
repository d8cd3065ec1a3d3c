// Status codes and the error message every fallible function of the project reports through.
#ifndef W4_BASE_ERROR_H
#define W4_BASE_ERROR_H

#include <stdarg.h>

// X(code, exit code, text). The exit code is what the program ends with when the error reaches main (design: 4 is usage
// or environment). Verdicts (regression, wrong result, missing) are values, not errors.
#define W4_STATUSES(X)                                                                                                 \
    X(OK, 0, "ok")                                                                                                     \
    X(USAGE, 4, "wrong usage")                                                                                         \
    X(NOT_FOUND, 4, "not found")                                                                                       \
    X(PARSE, 4, "malformed input")                                                                                     \
    X(RANGE, 4, "value out of range")                                                                                  \
    X(IO, 4, "input/output error")                                                                                     \
    X(MEMORY, 4, "out of memory")                                                                                      \
    X(DEVICE, 4, "device error")                                                                                       \
    X(UNSUPPORTED, 4, "unsupported")                                                                                   \
    X(INTERRUPTED, 3, "interrupted")                                                                                   \
    X(INTERNAL, 4, "internal error")

enum w4_status {
#define X(code, exit_code, text) W4_##code,
    W4_STATUSES(X)
#undef X
};

struct w4_error {
    enum w4_status status;
    char message[768]; // one line: place, what is wrong, remedy
};

const char *w4_status_text(enum w4_status status);
int w4_status_exit_code(enum w4_status status);

// Records the error if none is recorded yet (the first one wins) and returns `status`. `error` may be NULL.
enum w4_status w4_fail(struct w4_error *error, enum w4_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
enum w4_status w4_vfail(struct w4_error *error, enum w4_status status, const char *format, va_list arguments);

#endif
