// Least-squares fits of a series of equally spaced values: by constant levels, and by one slide between two levels.
// What the pieces mean is changepoint.c's.
#ifndef W4_STATISTICS_SEGMENTS_H
#define W4_STATISTICS_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>

// Optimal partition into constant levels of at least `shortest` values: minimises the squared residuals plus `penalty`
// a piece (Jackson et al. 2005). Fills starts[0 .. pieces - 1], starts[0] = 0; `starts` holds count / shortest + 1 at
// most. Returns the number of pieces, 0 when memory ran out or count is 0.
size_t w4_segments_fit(const double *values, size_t count, size_t shortest, double penalty, size_t *starts);

// Sum of squared distances from the mean.
double w4_segment_residual(const double *values, size_t count);

struct w4_slide {
    size_t first, last;   // the last value at the old level, the first at the new one
    double before, after; // levels
    double residual;      // sum of squares
};

// The best fit of level - straight slide - level whose slide takes at least `shortest` steps. False when the series is
// too short for one.
bool w4_slide_fit(const double *values, size_t count, size_t shortest, struct w4_slide *slide);

#endif
