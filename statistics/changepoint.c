// Sorts a nightly series out, in this order: hops between two levels, spikes of a night or two, lasting changes; the
// last are steps or slides, and a step that the clock explains is the machine's.
#include "changepoint.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "order.h"
#include "segments.h"

enum {
    NIGHTS_LEAST = 6,   // below, nothing can be told from noise
    MODES_LEAST = 12,   // the same for hops
    PIECE_SHORTEST = 3, // nights that make a level
    SPIKE_LONGEST = 2,  // nights off level that are no level of their own
    NEIGHBOURS = 4,     // nights on each side that say what the level was
    SLIDE_SHORTEST = 5  // nights; a faster one is a step
};

static const double spike_deviations = 5;
static const double mode_deviations = 5; // distance of two modes over the spread within them
static const double mode_share = 0.2;    // of the nights, at least, in the rarer mode
static const double hop_share = 0.15;    // hops a night, at least; fewer are steps

// The measured nights, as logarithms.
struct series {
    size_t count;
    double *y;     // ln time; cleaned of hops and spikes as they are found
    double *cycle; // ln (time * clock), NaN where the clock is unknown
    size_t *night; // index in the caller's series
};

struct finder {
    struct series series;
    double min_log_ratio;
    double noise;
    struct w4_change_list *list;
    size_t capacity;
};

const char *w4_change_word(enum w4_change_kind kind)
{
    static const char *const words[] = {
#define X(code, word) [W4_CHANGE_##code] = (word),
        W4_CHANGES(X)
#undef X
    };
    return words[kind];
}

void w4_change_list_fini(struct w4_change_list *list)
{
    free(list->items);
    memset(list, 0, sizeof(*list));
}

static void series_fini(struct series *series)
{
    free(series->y);
    free(series->cycle);
    free(series->night);
}

static bool series_init(struct series *series, const double *times, const double *clocks_mhz, size_t count)
{
    series->y = calloc(count + 1, sizeof(*series->y));
    series->cycle = calloc(count + 1, sizeof(*series->cycle));
    series->night = calloc(count + 1, sizeof(*series->night));
    if (!series->y || !series->cycle || !series->night)
        return false;
    for (size_t i = 0; i < count; ++i) {
        if (!(times[i] > 0 && isfinite(times[i])))
            continue;
        const bool clocked = clocks_mhz && clocks_mhz[i] > 0 && isfinite(clocks_mhz[i]);
        series->y[series->count] = log(times[i]);
        series->cycle[series->count] = clocked ? log(times[i]) + log(clocks_mhz[i]) : NAN;
        series->night[series->count++] = i;
    }
    return true;
}

// Deviation of one night: differences of neighbours do not see levels. Never 0, so that exact (modelled) times work.
static double noise_of(const struct finder *finder)
{
    const struct series *series = &finder->series;
    double *steps = calloc(series->count, sizeof(*steps));
    if (!steps)
        return NAN;
    for (size_t i = 0; i + 1 < series->count; ++i)
        steps[i] = fabs(series->y[i + 1] - series->y[i]);
    // A deviation known from few nights may be twice as large: the second factor.
    const double noise =
        W4_MAD_TO_SIGMA / sqrt(2) * w4_median(steps, series->count - 1) * (1 + 4 / (double)series->count);
    free(steps);
    return fmax(noise, finder->min_log_ratio / 20);
}

static bool add(struct finder *finder, const struct w4_change *change)
{
    struct w4_change_list *list = finder->list;
    if (list->count == finder->capacity) {
        const size_t capacity = finder->capacity * 2 + 8;
        struct w4_change *grown = reallocarray(list->items, capacity, sizeof(*grown));
        if (!grown)
            return false;
        list->items = grown;
        finder->capacity = capacity;
    }
    list->items[list->count++] = *change;
    return true;
}

// Best split of the sorted values into two groups (least squares): how many are in the lower one.
static size_t split_of(const double *sorted, size_t count, double *residual)
{
    size_t split = 1;
    *residual = INFINITY;
    for (size_t low = 1; low < count; ++low) {
        const double sum = w4_segment_residual(sorted, low) + w4_segment_residual(sorted + low, count - low);
        if (sum < *residual) {
            *residual = sum;
            split = low;
        }
    }
    return split;
}

// Nights that hop between two levels are put onto the lower one.
static bool take_modes(struct finder *finder)
{
    const struct series *series = &finder->series;
    if (series->count < MODES_LEAST)
        return true;
    double *sorted = malloc(series->count * sizeof(*sorted));
    if (!sorted)
        return false;
    memcpy(sorted, series->y, series->count * sizeof(*sorted));
    w4_sort(sorted, series->count);
    double residual;
    const size_t low = split_of(sorted, series->count, &residual);
    const size_t high = series->count - low;
    const double border = 0.5 * (sorted[low - 1] + sorted[low]);
    const double lower = w4_mean(sorted, low);
    const double upper = w4_mean(sorted + low, high);
    free(sorted);
    const double nights = (double)series->count;
    const double spread = fmax(sqrt(residual / nights) * (1 + 6 / nights), finder->min_log_ratio / 20);
    size_t hops = 0;
    for (size_t i = 0; i + 1 < series->count; ++i)
        hops += (series->y[i] > border) != (series->y[i + 1] > border);
    const size_t rarer = low < high ? low : high;
    if (!(upper - lower >= finder->min_log_ratio && upper - lower >= mode_deviations * spread &&
          (double)rarer >= mode_share * nights && (double)hops >= fmax(4, hop_share * nights)))
        return true;
    for (size_t i = 0; i < series->count; ++i)
        series->y[i] -= series->y[i] > border ? upper - lower : 0;
    const struct w4_change change = {.kind = W4_CHANGE_BIMODAL,
                                     .first = series->night[0],
                                     .last = series->night[series->count - 1],
                                     .before = exp(lower),
                                     .after = exp(upper),
                                     .log_ratio = upper - lower,
                                     .significance = (upper - lower) / spread};
    return add(finder, &change);
}

// Median of up to NEIGHBOURS nights on both sides of first .. last; NaN when the sides disagree or one is too short.
static double level_around(const struct series *series, size_t first, size_t last, double agreement)
{
    const size_t left = first < NEIGHBOURS ? first : NEIGHBOURS;
    const size_t after = series->count - 1 - last;
    const size_t right = after < NEIGHBOURS ? after : NEIGHBOURS;
    if (left < 2 || right < 2)
        return NAN;
    const double before = w4_median(series->y + first - left, left);
    const double behind = w4_median(series->y + last + 1, right);
    return fabs(before - behind) < agreement ? 0.5 * (before + behind) : NAN;
}

static bool take_spike(struct finder *finder, size_t first, size_t last)
{
    struct series *series = &finder->series;
    const double limit = fmax(finder->min_log_ratio, spike_deviations * finder->noise);
    const double level = level_around(series, first, last, limit / 2);
    const double away = series->y[first] - level;
    for (size_t i = first; i <= last; ++i)
        if (!(fabs(series->y[i] - level) > limit) || (series->y[i] > level) != (away > 0))
            return true;
    const double value = w4_median(series->y + first, last - first + 1);
    const struct w4_change change = {.kind = away > 0 ? W4_CHANGE_SPIKE : W4_CHANGE_DIP,
                                     .first = series->night[first],
                                     .last = series->night[last],
                                     .before = exp(level),
                                     .after = exp(value),
                                     .log_ratio = value - level,
                                     .significance = (value - level) / finder->noise};
    for (size_t i = first; i <= last; ++i)
        series->y[i] = level;
    return add(finder, &change);
}

static bool take_spikes(struct finder *finder)
{
    // The longer first: each night of a pair would pass for a spike of its own.
    for (size_t length = SPIKE_LONGEST; length > 0; --length)
        for (size_t first = 0; first + length <= finder->series.count; ++first)
            if (!take_spike(finder, first, first + length - 1))
                return false;
    return true;
}

// Joins neighbouring levels that differ too little to be reported, the closest first. Returns the pieces left.
static size_t join_levels(const struct finder *finder, size_t *starts, size_t pieces)
{
    const double *y = finder->series.y;
    starts[pieces] = finder->series.count;
    while (pieces > 1) {
        size_t closest = 0;
        double least = INFINITY;
        for (size_t i = 1; i < pieces; ++i) {
            const double step = w4_mean(y + starts[i], starts[i + 1] - starts[i]) -
                                w4_mean(y + starts[i - 1], starts[i] - starts[i - 1]);
            if (fabs(step) < least) {
                least = fabs(step);
                closest = i;
            }
        }
        if (least >= finder->min_log_ratio)
            break;
        memmove(starts + closest, starts + closest + 1, (pieces - closest) * sizeof(*starts));
        --pieces;
    }
    return pieces;
}

static double known_median(const double *values, size_t count)
{
    double *known = malloc((count + 1) * sizeof(*known));
    if (!known)
        return NAN;
    size_t used = 0;
    for (size_t i = 0; i < count; ++i)
        if (!isnan(values[i]))
            known[used++] = values[i];
    const double median = used >= 2 ? w4_median(known, used) : NAN;
    free(known);
    return median;
}

// A change between the levels start .. middle - 1 and middle .. end - 1.
static bool add_step(struct finder *finder, size_t start, size_t middle, size_t end)
{
    const struct series *series = &finder->series;
    const double before = w4_median(series->y + start, middle - start);
    const double after = w4_median(series->y + middle, end - middle);
    const double cycles =
        known_median(series->cycle + middle, end - middle) - known_median(series->cycle + start, middle - start);
    const double error = finder->noise * sqrt(1 / (double)(middle - start) + 1 / (double)(end - middle));
    const struct w4_change change = {.kind = fabs(cycles) < finder->min_log_ratio ? W4_CHANGE_CLOCK : W4_CHANGE_STEP,
                                     .first = series->night[middle],
                                     .last = series->night[middle],
                                     .before = exp(before),
                                     .after = exp(after),
                                     .log_ratio = after - before,
                                     .significance = (after - before) / error};
    return add(finder, &change);
}

// True (and added) when the steps between starts[from] and starts[to] are better told as one slide.
static bool is_slide(struct finder *finder, const size_t *starts, size_t from, size_t to, double penalty, bool *enough)
{
    const struct series *series = &finder->series;
    const size_t begin = starts[from];
    double steps_cost = 0;
    for (size_t i = from; i < to; ++i)
        steps_cost += w4_segment_residual(series->y + starts[i], starts[i + 1] - starts[i]) + penalty;
    struct w4_slide slide;
    // A slide has two levels, as one step has, and one more place to choose.
    if (!w4_slide_fit(series->y + begin, starts[to] - begin, SLIDE_SHORTEST, &slide) ||
        !(slide.residual + 2.5 * penalty < steps_cost))
        return false;
    const double log_ratio = slide.after - slide.before;
    const double error = finder->noise * sqrt(2.0 / (double)PIECE_SHORTEST);
    const struct w4_change change = {.kind = W4_CHANGE_RAMP,
                                     .first = series->night[begin + slide.first + 1],
                                     .last = series->night[begin + slide.last],
                                     .before = exp(slide.before),
                                     .after = exp(slide.after),
                                     .log_ratio = log_ratio,
                                     .significance = log_ratio / error};
    *enough = add(finder, &change);
    return true;
}

// Levels starts[0 .. pieces - 1], one run of steps in the same direction after the other.
static bool tell_levels(struct finder *finder, const size_t *starts, size_t pieces, double penalty)
{
    const double *y = finder->series.y;
    size_t from = 0;
    while (from + 1 < pieces) {
        size_t to = from + 1;
        bool up = false;
        for (; to < pieces; ++to) {
            const bool rises = w4_mean(y + starts[to], starts[to + 1] - starts[to]) >
                               w4_mean(y + starts[to - 1], starts[to] - starts[to - 1]);
            if (to > from + 1 && rises != up)
                break;
            up = rises;
        }
        bool enough = true;
        if (!is_slide(finder, starts, from, to, penalty, &enough))
            for (size_t i = from + 1; i < to && enough; ++i)
                enough = add_step(finder, starts[i - 1], starts[i], starts[i + 1]);
        if (!enough)
            return false;
        from = to - 1;
    }
    return true;
}

static bool take_levels(struct finder *finder)
{
    const struct series *series = &finder->series;
    size_t *starts = calloc(series->count + 2, sizeof(*starts));
    if (!starts)
        return false;
    // A new level must explain more than the largest of all the cuts that noise offers; with few nights the noise
    // itself is badly known. The constants are set by simulation: below 1 % of quiet series show a change.
    const double nights = (double)series->count;
    const double penalty = finder->noise * finder->noise * (12 + 2 * log(nights)) * (1 + 10 / nights);
    size_t pieces = w4_segments_fit(series->y, series->count, PIECE_SHORTEST, penalty, starts);
    bool enough = pieces > 0;
    if (enough) {
        pieces = join_levels(finder, starts, pieces);
        enough = tell_levels(finder, starts, pieces, penalty);
    }
    free(starts);
    return enough;
}

static int compare_changes(const void *left, const void *right)
{
    const struct w4_change *a = left;
    const struct w4_change *b = right;
    return (a->first > b->first) - (a->first < b->first);
}

enum w4_status w4_changes_find(const double *times, const double *clocks_mhz, size_t count, double min_log_ratio,
                               struct w4_change_list *list, struct w4_error *error)
{
    struct finder finder = {.min_log_ratio = min_log_ratio, .list = list};
    memset(list, 0, sizeof(*list));
    if (!(min_log_ratio > 0))
        return w4_fail(error, W4_RANGE, "a smallest change of %g: a log time ratio above 0, such as 0.02",
                       min_log_ratio);
    bool enough = series_init(&finder.series, times, clocks_mhz, count);
    if (enough && finder.series.count >= NIGHTS_LEAST) {
        enough = take_modes(&finder);
        finder.noise = noise_of(&finder);
        list->noise = finder.noise;
        enough = enough && !isnan(finder.noise) && take_spikes(&finder) && take_levels(&finder);
        if (enough && list->count > 1)
            qsort(list->items, list->count, sizeof(*list->items), compare_changes);
    }
    series_fini(&finder.series);
    if (!enough)
        w4_change_list_fini(list);
    return enough ? W4_OK : w4_fail(error, W4_MEMORY, "out of memory for a series of %zu nights", count);
}
