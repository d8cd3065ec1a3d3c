// Stored baselines of one device key, and the references that others published. Files in, files out; what a difference
// means is the gate's business.
#ifndef W4_HARNESS_BASELINE_H
#define W4_HARNESS_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/error.h"
#include "model.h"
#include "results.h"

enum { W4_BASELINE_SCHEMA = 2, W4_BASELINE_SUITES_MAX = 8, W4_FROG_NIGHTS = 30 };
#define W4_DEFAULT_TOLERANCE 0.05

// One acceptance: what a baseline is, or once was.
struct w4_baseline_version {
    double tflops;
    int32_t nights;   // whose median it is
    char date[16];    // "2026-01-31", of the (last) run
    char reason[256]; // why it was accepted
    char source[256]; // git revision of the run it was accepted from
    char code_object_hash[33];
    char variant[W4_CASE_ID_MAX];
    char machine[33]; // of the (last) night: a key of w4_baselines.machines; "" when modelled
    // Medians of the anchor kernels around the case in those nights; 0 when none was timed.
    double anchor_wmma_ms, anchor_bandwidth_ms;
    double spread; // of ln(time / anchor) against this baseline (w4_screen_spread); 0: fewer than three nights, unknown
};

struct w4_baseline_entry {
    char id[W4_CASE_ID_MAX];
    double tolerance; // a fraction: 0.05 = 5 %
    struct w4_baseline_version now;
    struct w4_baseline_version *log; // owned: what it was before, oldest first
    size_t log_count;
    char quarantine_until[16]; // last day, "" when it is not in quarantine
    char quarantine_reason[256];
    // Suites that must hold this case. A case that leaves its suite without leaving the baselines is missing.
    char suites[W4_BASELINE_SUITES_MAX][W4_NAME_MAX];
    size_t suite_count;
};

// A machine that baselines come from: the same box with another driver is another one.
struct w4_baseline_machine {
    char key[33]; // hash of the fingerprint
    struct w4_fingerprint fingerprint;
};

struct w4_baselines {
    char device_key[160];
    double clock_mhz;                  // of modelled figures; 0 when measured
    struct w4_baseline_entry *entries; // owned, sorted by id
    size_t count;
    struct w4_baseline_machine *machines; // owned
    size_t machine_count;
};

// FOLDER/<device key>.json; characters that do not belong into a file name become '_'. Returns false when too long.
bool w4_baselines_path(const char *folder, const char *device_key, char *path, size_t size);
enum w4_status w4_baselines_load(const char *path, struct w4_baselines *baselines, struct w4_error *error);
enum w4_status w4_baselines_save(const char *path, const struct w4_baselines *baselines, struct w4_error *error);
void w4_baselines_fini(struct w4_baselines *baselines);
// Borrowed; NULL when there is none.
struct w4_baseline_entry *w4_baselines_find(const struct w4_baselines *baselines, const char *id);
// Borrowed; NULL when the key is "" or unknown.
const struct w4_baseline_machine *w4_baselines_machine(const struct w4_baselines *baselines, const char *key);
// Drops an entry; false when there is none.
bool w4_baselines_remove(struct w4_baselines *baselines, const char *id);

// What `baseline accept` and `merge` were asked for.
struct w4_acceptance {
    const char *pattern; // a glob on case ids; NULL: all
    const char *reason;
    double tolerance; // < 0 keeps an entry's own (5 % for a new one)
};

// What `baseline accept` does: enters the run's right cases with their TFLOPS; what they replace goes to the entry's
// log. Refuses wrong or unmeasured cases among them, another device key, another clock. *accepted counts the entries
// written.
enum w4_status w4_baselines_accept(struct w4_baselines *baselines, const struct w4_run *run,
                                   const struct w4_acceptance *wish, size_t *accepted, struct w4_error *error);

// What `baseline merge` does: the same with the median over several nights (each night's own median counts once), never
// the best of them. Refuses nights of different devices or clocks, and a case whose code object changed between them.
enum w4_status w4_baselines_merge(struct w4_baselines *baselines, const struct w4_run *nights, size_t night_count,
                                  const struct w4_acceptance *wish, size_t *accepted, struct w4_error *error);

// Slow losses that no single night shows: a figure against the last baseline, the best there ever was, and the one that
// was in force W4_FROG_NIGHTS days before `date`. Changes are new / old - 1, NaN when there is no such baseline.
struct w4_frog {
    double last, best, old;
    const struct w4_baseline_version *best_version, *old_version; // borrowed, NULL when there is none
};
void w4_baseline_frog(const struct w4_baseline_entry *entry, double tflops, const char *date, struct w4_frog *frog);

// Whether a quarantine holds on the day of a run (not today: a decision must replay), has run out, or was never set.
enum w4_quarantine { W4_QUARANTINE_NONE, W4_QUARANTINE_ACTIVE, W4_QUARANTINE_EXPIRED };
enum w4_quarantine w4_baseline_quarantine(const struct w4_baseline_entry *entry, const char *run_time_utc);

// A figure that others measured on real hardware.
struct w4_published_entry {
    int64_t m, n, k, group_size;
    enum w4_dtype dtype;
    bool zero_point;
    double tflops;
    char kernel[W4_NAME_MAX];  // our rule table that follows the same configuration; "" = any
    char variant[W4_NAME_MAX]; // the kernel's name there
    char source[W4_NAME_MAX];  // key of "sources" in the file
};

struct w4_published {
    char label[128];                    // "measured by others on real hardware"
    struct w4_published_entry *entries; // owned, in order of preference
    size_t count;
};

enum w4_status w4_published_load(const char *path, struct w4_published *published, struct w4_error *error);
void w4_published_fini(struct w4_published *published);
// The reference for a case with dense rows: same sizes, type, zero points and kernel; else one of any kernel; else
// NULL.
const struct w4_published_entry *w4_published_find(const struct w4_published *published, const struct w4_case *test);

#endif
