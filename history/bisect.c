// Walks back from the bad run to the last one that was not bad.
#include "bisect.h"

#include <stdbool.h>

// !(x >= limit): a figure that is no number is bad.
static bool is_bad(const struct w4_bisect_value *value, double good_tflops, double tolerance)
{
    if (value->state == W4_BISECT_WRONG)
        return true;
    return value->state == W4_BISECT_FIGURE && !(value->tflops >= good_tflops * (1 - tolerance));
}

struct w4_bisect w4_bisect(const struct w4_bisect_value *values, size_t count, double tolerance)
{
    struct w4_bisect found = {.kind = W4_BISECT_UNMEASURED};
    if (count < 2 || values[0].state != W4_BISECT_FIGURE || values[count - 1].state == W4_BISECT_UNKNOWN)
        return found;
    double good = values[0].tflops;
    if (!is_bad(&values[count - 1], good, tolerance)) {
        found.kind = W4_BISECT_NOT_BAD;
        return found;
    }
    found.kind = W4_BISECT_FOUND;
    found.first_bad = count - 1;
    for (size_t i = count - 1; i-- > 0;) {
        if (values[i].state == W4_BISECT_UNKNOWN)
            continue;
        if (!is_bad(&values[i], good, tolerance)) {
            found.last_good = i;
            break;
        }
        found.first_bad = i;
    }
    for (size_t i = 0; i < found.last_good; ++i)
        found.bad_before += is_bad(&values[i], good, tolerance);
    // Everything between the two tells nothing, or the walk would have stopped there.
    found.unknown = found.first_bad - found.last_good - 1;
    const struct w4_bisect_value *bad = &values[found.first_bad];
    found.loss = bad->state == W4_BISECT_WRONG ? 1 : 1 - bad->tflops / good;
    return found;
}
