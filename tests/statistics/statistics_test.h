// What every test program of this folder includes.
#ifndef W4_TESTS_STATISTICS_H
#define W4_TESTS_STATISTICS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// Relative comparison; NaN and infinities differ from everything but themselves.
#define assert_close(value, expected, relative)                                                                        \
    do {                                                                                                               \
        const double value_ = (value);                                                                                 \
        const double expected_ = (expected);                                                                           \
        const double distance_ = value_ > expected_ ? value_ - expected_ : expected_ - value_;                         \
        const double size_ = expected_ < 0 ? -expected_ : expected_;                                                   \
        if (!(distance_ <= (relative) * (size_ > 1e-300 ? size_ : 1)))                                                 \
            fail_msg("%s is %.17g, expected %.17g", #value, value_, expected_);                                        \
    } while (0)

#endif
