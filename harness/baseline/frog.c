// Slow losses: a figure against the last, the best and the 30-night-old baseline of its case; and quarantine.
#include <math.h>
#include <string.h>

#include "../baseline.h"
#include "../date.h"

static double change(double tflops, const struct w4_baseline_version *version)
{
    return version && tflops > 0 ? tflops / version->tflops - 1 : NAN;
}

void w4_baseline_frog(const struct w4_baseline_entry *entry, double tflops, const char *date, struct w4_frog *frog)
{
    int64_t today = 0;
    int64_t day = 0;
    bool dated = w4_date_day(date, &today);
    *frog = (struct w4_frog){.best_version = &entry->now};
    // The log is in the order of acceptance and ends with `now`, so the last one that is old enough was in force then.
    for (size_t i = 0; i <= entry->log_count; ++i) {
        const struct w4_baseline_version *version = i < entry->log_count ? &entry->log[i] : &entry->now;
        if (version->tflops > frog->best_version->tflops)
            frog->best_version = version;
        if (dated && w4_date_day(version->date, &day) && day <= today - W4_FROG_NIGHTS)
            frog->old_version = version;
    }
    frog->last = change(tflops, &entry->now);
    frog->best = change(tflops, frog->best_version);
    frog->old = change(tflops, frog->old_version);
}

enum w4_quarantine w4_baseline_quarantine(const struct w4_baseline_entry *entry, const char *run_time_utc)
{
    int64_t until = 0;
    int64_t today = 0;
    if (!entry->quarantine_until[0])
        return W4_QUARANTINE_NONE;
    // Without a date nothing is excused.
    if (!w4_date_day(entry->quarantine_until, &until) || !w4_date_day(run_time_utc, &today))
        return W4_QUARANTINE_EXPIRED;
    return today <= until ? W4_QUARANTINE_ACTIVE : W4_QUARANTINE_EXPIRED;
}
