// The command line as a table: which options there are, which command takes them, what they say in the help.
#ifndef W4_HARNESS_OPTIONS_H
#define W4_HARNESS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../base/error.h"
#include "catalog.h"
#include "report/report.h"

enum { W4_LIST_MAX = 32, W4_POSITIONALS_MAX = 1024 };

enum w4_workgroups { W4_WORKGROUPS_AUTO, W4_WORKGROUPS_ALL, W4_WORKGROUPS_COUNT };

struct w4_options {
    const char *before, *history; // report: the result file to compare with, the store to draw trends from
    const char *device, *suite, *filter, *model, *layer, *out, *results, *reason, *name;
    const char *sensor_root; // "" = the machine itself
    const char *base;        // of a sweep's ablations
    bool resume;
    const char *database, *key, *good, *bad; // of history
    const char *until, *objects;             // baseline
    const char *ledger;                      // gate
    int64_t blocks;                          // a comparison; 0: as many as it takes
    double turn_limit_s;                     // 0: the gate's default
    const char *manifest, *baselines, *shapes, *heuristics;
    const char *validation, *series;   // of model
    const char *settings[W4_LIST_MAX]; // NAME=VALUE: protocol of run and gate, model
    size_t setting_count;
    bool quick, accept;
    char *kernel_text;                    // owned copy that `kernels` points into
    const char *kernels[W4_LIST_MAX + 1]; // NULL-terminated
    size_t kernel_count;
    int64_t m[W4_LIST_MAX];
    size_t m_count;
    int64_t seed, jobs, repeat; // repeat 0: the device's default
    double clock_mhz;           // 0: the model's default
    const char *trace;          // file of `profile`; NULL: none
    const char *timing_model;   // NULL: cycles
    double tolerance;           // -1: every baseline's own
    const char *protocol;       // file, or NULL
    bool hot;
    int64_t order_seed; // 0: a fresh one when measured, else the selection's order
    enum w4_format format;
    bool format_given;
    enum w4_workgroups workgroups;
    int64_t workgroup_count;
    bool all; // baseline: every case
    bool help;
    const char *positionals[W4_POSITIONALS_MAX + 1];
    size_t positional_count;
};

// One bit a command; see commands.h.
enum w4_command_bit {
    W4_FOR_LIST = 1,
    W4_FOR_RUN = 2,
    W4_FOR_GATE = 4,
    W4_FOR_COMPARE = 8,
    W4_FOR_REPORT = 16,
    W4_FOR_BASELINE = 32,
    W4_FOR_SHAPES = 64,
    W4_FOR_DOCTOR = 128,
    W4_FOR_HISTORY = 256,
    W4_FOR_PROFILE = 512,
    W4_FOR_SWEEP = 2048,
    W4_FOR_MODEL = 1024,
    W4_FOR_TURNS = 4096
};

// Reads the arguments behind the command's name. Unknown, repeated, incomplete or foreign options are W4_USAGE errors
// that name the nearest one. The strings of argv are borrowed. Call w4_options_fini in any case.
enum w4_status w4_options_parse(struct w4_options *options, enum w4_command_bit command, const char *command_name,
                                int argc, char *const *argv, struct w4_error *error);
void w4_options_fini(struct w4_options *options);

const char *w4_format_name(enum w4_format format);

// The options of a command, one or more lines each.
void w4_options_help(enum w4_command_bit command, FILE *out);

// The word nearest to `word` when it is near enough to be a slip, else NULL.
const char *w4_nearest_word(const char *word, const char *const *words, size_t count);

#endif
