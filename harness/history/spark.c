// A series as a few lines of block characters.
#include <math.h>
#include <string.h>

#include "nights.h"

enum { LEVELS = 8, ROWS_MAX = 4 };

// The picture spans at least this share of the largest value, so that noise of a night does not look like a change.
#define MIN_SPAN 0.10

struct scale {
    double low, high;
};

static struct scale scale_of(const struct w4_history_points *points, size_t first)
{
    struct scale scale = {INFINITY, 0};
    for (size_t i = first; i < points->count; ++i) {
        if (!w4_history_is_figure(&points->items[i]))
            continue;
        scale.low = fmin(scale.low, points->items[i].tflops);
        scale.high = fmax(scale.high, points->items[i].tflops);
    }
    scale.low = fmin(scale.low, scale.high * (1 - MIN_SPAN));
    return scale;
}

// The point's eighths on one line, counted from 0 at the bottom; every figure shows at least one on the lowest line.
static const char *cell(const struct w4_history_point *point, const struct scale *scale, int rows, int row)
{
    static const char *const blocks[LEVELS + 1] = {" ",
                                                   "\xe2\x96\x81",
                                                   "\xe2\x96\x82",
                                                   "\xe2\x96\x83",
                                                   "\xe2\x96\x84",
                                                   "\xe2\x96\x85",
                                                   "\xe2\x96\x86",
                                                   "\xe2\x96\x87",
                                                   "\xe2\x96\x88"};
    if (strcmp(point->state, "wrong") == 0)
        return row == 0 ? "x" : " ";
    if (!w4_history_is_figure(point))
        return row == 0 ? "\xc2\xb7" : " ";
    double share = (point->tflops - scale->low) / (scale->high - scale->low);
    int eighths = 1 + (int)lround(share * (rows * LEVELS - 1)) - row * LEVELS;
    return blocks[eighths < 0 ? 0 : eighths > LEVELS ? LEVELS : eighths];
}

void w4_spark_write(const struct w4_history_points *points, size_t width, int rows, const char *indent, FILE *out)
{
    size_t first = points->count > width ? points->count - width : 0;
    struct scale scale = scale_of(points, first);
    if (rows > ROWS_MAX)
        rows = ROWS_MAX;
    for (int row = rows - 1; row >= 0; --row) {
        fputs(indent, out);
        for (size_t i = first; i < points->count; ++i)
            fputs(cell(&points->items[i], &scale, rows, row), out);
        fputc('\n', out);
    }
}
