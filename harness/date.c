// Reads calendar dates.
#include "date.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { DATE_LENGTH = 10, DAY_SECONDS = 86400 };

bool w4_date_day(const char *text, int64_t *day)
{
    static const char pattern[] = "dddd-dd-dd";
    for (int i = 0; i < DATE_LENGTH; ++i) {
        if (pattern[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != pattern[i])
            return false;
    }
    if (text[DATE_LENGTH] && text[DATE_LENGTH] != 'T')
        return false;
    int year = 0;
    int month = 0;
    int month_day = 0;
    if (sscanf(text, "%4d-%2d-%2d", &year, &month, &month_day) != 3)
        return false;
    struct tm date = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = month_day};
    time_t seconds = timegm(&date);
    // timegm turns 2026-02-30 into 2026-03-02: a date whose month moves is none.
    if (date.tm_mon != month - 1)
        return false;
    *day = (int64_t)seconds / DAY_SECONDS;
    return true;
}
