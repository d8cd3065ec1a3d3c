// The history: an append-only store of runs in one SQLite file. Runs are told apart by their identity; a series is what
// may be drawn as one line: one case on one device key, one model version, one clock. Decides nothing about what a
// change of a series means, and knows neither JSON nor a GPU.
#ifndef W4_HISTORY_HISTORY_H
#define W4_HISTORY_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"

enum { W4_HISTORY_SCHEMA = 1, W4_HISTORY_BUSY_MS = 5000 };

struct w4_history; // an open store

enum w4_history_mode {
    W4_HISTORY_READ, // the file must be there
    W4_HISTORY_ADD   // it and its folder are made when they are not
};

// Opens FILE and checks it (SQLite's quick check). A damaged, foreign or newer file is W4_PARSE, one that another
// process holds longer than busy_ms W4_IO; the message names the file and the remedy. The caller closes it.
enum w4_status w4_history_open(const char *path, enum w4_history_mode mode, int busy_ms, struct w4_history **history,
                               struct w4_error *error);
void w4_history_close(struct w4_history *history);

// ---- adding
// ----------------------------------------------------------------------------------------------------------

// What could explain a difference between two runs: "driver_version", "kernel_compiler_version", a machine's BIOS.
struct w4_history_fact {
    const char *name, *value;
};

// One case of a run. Times are the medians of its raw samples, which stay in the run's document.
struct w4_history_result {
    const char *case_id, *state, *variant, *code_object_hash; // state: "ok", "wrong", "error", "skipped"
    double time_ms, tflops;                                   // 0: not timed
    double engine_mhz;                                        // while it was timed; 0: no sensor, or modelled
    int64_t samples;
};

// A run as it is added; everything is borrowed.
struct w4_history_run {
    const char *identity; // the same for the same run, whatever the file is called
    const char *content;  // hash of everything the run says; tells an edited copy from the run itself
    const char *time_utc; // ISO 8601, "2026-01-31T12:00:00Z": the order of runs
    const char *revision, *suite;
    const char *device_key, *model_version; // model_version "" when measured
    bool modelled, interrupted;
    double clock_mhz; // of modelled times; 0 when measured
    const struct w4_history_fact *facts;
    size_t fact_count;
    const struct w4_history_result *results;
    size_t result_count;
    const void *document; // the result file, kept byte for byte (compressed)
    size_t document_bytes;
};

enum w4_history_added { W4_HISTORY_NEW, W4_HISTORY_KNOWN };

// Adds a run in one transaction: all of it or nothing. A run that is there already is W4_HISTORY_KNOWN and changes
// nothing. Refused: the identity of a run with other contents, and a device key that is known as measured in a modelled
// run or the reverse. *id is the run's number.
enum w4_status w4_history_add(struct w4_history *history, const struct w4_history_run *run,
                              enum w4_history_added *added, int64_t *id, struct w4_error *error);

// ---- asking
// ----------------------------------------------------------------------------------------------------------

struct w4_history_info {
    int64_t id;
    char identity[33], time_utc[32], revision[64], suite[64], device_key[160], model_version[64];
    bool modelled, interrupted;
    double clock_mhz;
    int64_t cases, right;
};

struct w4_history_infos {
    struct w4_history_info *items; // owned, in order of time, then of adding
    size_t count;
};

// device_key NULL: of every device.
enum w4_status w4_history_runs(struct w4_history *history, const char *device_key, struct w4_history_infos *infos,
                               struct w4_error *error);
void w4_history_infos_fini(struct w4_history_infos *infos);

// One run by its number, or by the beginning (4 characters or more) of a revision that only one run has.
enum w4_status w4_history_find(struct w4_history *history, const char *name, struct w4_history_info *info,
                               struct w4_error *error);

struct w4_history_series {
    char case_id[192], device_key[160], model_version[64];
    bool modelled;
    double clock_mhz;
};

struct w4_history_series_list {
    struct w4_history_series *items; // owned, by case, device, model version, clock
    size_t count;
};

// The series of a case: its id, else a glob, else a part of ids. An empty list is no error. device_key NULL: any.
enum w4_status w4_history_find_series(struct w4_history *history, const char *pattern, const char *device_key,
                                      struct w4_history_series_list *list, struct w4_error *error);
void w4_history_series_fini(struct w4_history_series_list *list);

struct w4_history_point {
    int64_t run;
    char time_utc[32], revision[64], state[16], variant[192], code_object_hash[40];
    double time_ms, tflops, engine_mhz; // 0: not timed, not known
    int64_t samples;
};

struct w4_history_points {
    struct w4_history_point *items; // owned, in order of time, then of adding
    size_t count;
};

enum w4_status w4_history_points(struct w4_history *history, const struct w4_history_series *series,
                                 struct w4_history_points *points, struct w4_error *error);
void w4_history_points_fini(struct w4_history_points *points);

// True when the point may be compared: right and timed.
bool w4_history_is_figure(const struct w4_history_point *point);

struct w4_history_fact_row {
    char name[64];
    char *value; // owned
};

struct w4_history_facts {
    struct w4_history_fact_row *items; // owned, by name
    size_t count;
};

enum w4_status w4_history_facts(struct w4_history *history, int64_t run, struct w4_history_facts *facts,
                                struct w4_error *error);
void w4_history_facts_fini(struct w4_history_facts *facts);

// The result file of a run as it was added; the caller frees *text (a NUL stands behind the last byte).
enum w4_status w4_history_document(struct w4_history *history, int64_t run, char **text, size_t *size,
                                   struct w4_error *error);

#endif
