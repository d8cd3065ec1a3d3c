// Calendar dates as result and baseline files hold them: "2026-01-31", always UTC.
#ifndef W4_HARNESS_DATE_H
#define W4_HARNESS_DATE_H

#include <stdbool.h>
#include <stdint.h>

// Days since 1970-01-01 of the date that the text begins with; what follows must be its end or a 'T' (a time). False
// when it is no such date.
bool w4_date_day(const char *text, int64_t *day);

#endif
