// What the timing model is validated against: series of rows that others measured on real hardware, read from
// validation/series.json and the CSV files it names. Knows no device.
#ifndef W4_HARNESS_VALIDATION_SERIES_H
#define W4_HARNESS_VALIDATION_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../base/error.h"
#include "../model.h"

// What a row's model figure is. X(name, text in series.json).
#define W4_VALIDATION_KINDS(X)                                                                                         \
    X(LOOP, "loop")             /* cycles an iteration and SIMD of a loop of validation/kernels/loops.c */             \
    X(CEILING, "ceiling")       /* peak of the matrix units or of a memory level */                                    \
    X(ROW_STRIDE, "row_stride") /* TFLOPS of the plain GEMM with padded rows of B */                                   \
    X(GEMM, "gemm")             /* TFLOPS of a W4A16 kernel that a rule table chooses */

enum w4_validation_kind {
#define X(name, text) W4_VALIDATION_##name,
    W4_VALIDATION_KINDS(X)
#undef X
        W4_VALIDATION_KIND_COUNT
};

// What errors a series may have at most; a negative one is not asked for.
struct w4_validation_target {
    double median, worst;   // of |error|
    double worst_pair;      // of the ratio of any two rows
    double order_threshold; // rows whose published figures differ by more than this must come out in the same order
    double tau;             // Kendall's, at least
};

struct w4_validation_series {
    char name[W4_NAME_MAX], title[128], unit[32], kernel[W4_NAME_MAX], data[W4_NAME_MAX];
    enum w4_validation_kind kind;
    bool fitted;   // parameters of the model were chosen with it
    bool relative; // only ratios between its rows are compared: the model's figures are scaled to the same mean
    bool optional; // rows that cannot be run are no reason to fail
    int64_t quick_every;
    struct w4_validation_target target;
    size_t first_row, row_count;
};

struct w4_validation_row {
    char id[W4_CASE_ID_MAX]; // "series/label"
    size_t series;
    bool quick;
    char name[W4_CASE_ID_MAX]; // of loop or ceiling
    struct w4_shape shape;     // GEMM, ROW_STRIDE (m, n, k)
    int64_t row_stride_bytes;
    double clock_mhz;
    double hardware; // the published figure
};

// A kernel's tuning: the same rows in two series.
struct w4_validation_change {
    char name[W4_NAME_MAX];
    size_t before, after; // series, with as many rows in the same order
    double threshold;     // changes of the published figures beyond this must have the right sign
};

struct w4_validation {
    double clock_mhz;
    char clock_reason[256];
    struct w4_validation_series *series; // owned
    size_t series_count;
    struct w4_validation_row *rows; // owned, in the order of the series
    size_t row_count;
    struct w4_validation_change *changes; // owned
    size_t change_count;
};

// Reads FOLDER/series.json. Errors name file, line and field, of the CSV files too.
enum w4_status w4_validation_load(const char *folder, struct w4_validation *validation, struct w4_error *error);
void w4_validation_fini(struct w4_validation *validation);

extern const char *const w4_validation_kind_names[W4_VALIDATION_KIND_COUNT];

#endif
