// Stored baselines of one device key, and the references that others published. Files in, files out; what a difference
// means is the gate's business.
#ifndef W4_HARNESS_BASELINE_H
#define W4_HARNESS_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/error.h"
#include "model.h"
#include "results.h"

enum { W4_BASELINE_SCHEMA = 1, W4_BASELINE_SUITES_MAX = 8 };
#define W4_DEFAULT_TOLERANCE 0.05

struct w4_baseline_entry {
    char id[W4_CASE_ID_MAX];
    double tflops;
    double tolerance; // a fraction: 0.05 = 5 %
    char date[16];    // "2026-01-31"
    char reason[256];
    char source[256]; // git revision of the run it was accepted from
    char code_object_hash[33];
    // Suites that must hold this case. A case that leaves its suite without leaving the baselines is missing.
    char suites[W4_BASELINE_SUITES_MAX][W4_NAME_MAX];
    size_t suite_count;
};

struct w4_baselines {
    char device_key[160];
    double clock_mhz;                  // of modelled figures; 0 when measured
    struct w4_baseline_entry *entries; // owned, sorted by id
    size_t count;
};

// FOLDER/<device key>.json; characters that do not belong into a file name become '_'. Returns false when too long.
bool w4_baselines_path(const char *folder, const char *device_key, char *path, size_t size);
enum w4_status w4_baselines_load(const char *path, struct w4_baselines *baselines, struct w4_error *error);
enum w4_status w4_baselines_save(const char *path, const struct w4_baselines *baselines, struct w4_error *error);
void w4_baselines_fini(struct w4_baselines *baselines);
// Borrowed; NULL when there is none.
const struct w4_baseline_entry *w4_baselines_find(const struct w4_baselines *baselines, const char *id);

// What `baseline accept` does: enters the run's right cases whose id matches `pattern` (a glob; NULL: all) with their
// TFLOPS. Refuses wrong or unmeasured cases among them, another device key, another clock. `tolerance` < 0 keeps an
// entry's own (5 % for a new one). *accepted counts the entries written.
enum w4_status w4_baselines_accept(struct w4_baselines *baselines, const struct w4_run *run, const char *pattern,
                                   const char *reason, double tolerance, size_t *accepted, struct w4_error *error);

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
