// What the catalogue's tests share: cmocka, the source tree's folders, and checks of error messages.
#ifndef W4_TESTS_CATALOG_TEST_H
#define W4_TESTS_CATALOG_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../../harness/catalog.h"

#define SOURCE_PATHS                                                                                                   \
    (struct w4_paths){.shapes = W4_SOURCE_DIR "/shapes",                                                               \
                      .heuristics = W4_SOURCE_DIR "/kernels/heuristics",                                               \
                      .baselines = W4_SOURCE_DIR "/baselines"}

static inline void assert_message(const struct w4_error *error, const char *part)
{
    if (!strstr(error->message, part)) {
        fail_msg("\"%s\" does not contain \"%s\"", error->message, part);
    }
}

#define assert_ok(call, error)                                                                                         \
    do {                                                                                                               \
        if (call) {                                                                                                    \
            fail_msg("%s", (error).message);                                                                           \
        }                                                                                                              \
    } while (0)

#endif
