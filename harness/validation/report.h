// Reports of a validation: tables, JSON, markdown, scatter plots. Pure functions of what ran.
#ifndef W4_HARNESS_VALIDATION_REPORT_H
#define W4_HARNESS_VALIDATION_REPORT_H

#include <stdio.h>

#include "../table.h"
#include "judge.h"

struct w4_validation_report {
    const struct w4_validation *validation;         // borrowed
    const struct w4_accepted *accepted;             // borrowed
    double clock_mhz;                               // tried instead of the rows' own; 0: not
    struct w4_validation_outcome *outcomes;         // owned, one a row
    bool *selected;                                 // owned, one a row: those that were to run
    double *model;                                  // owned, one a row, as compared; see w4_validation_judge
    struct w4_validation_judgement *judgements;     // owned, one a series
    struct w4_validation_change_judgement *changes; // owned, one a change
    char model_key[64], model_label[64];
    char what_if[512]; // parameters and clock that were tried; "": none
    bool interrupted;
    size_t worse, failed, missing, optional_missing, open, unaccepted, done; // over all series
};

// Everything open and nothing selected. The caller calls w4_validation_report_fini in any case.
enum w4_status w4_validation_report_init(struct w4_validation_report *report, const struct w4_validation *validation,
                                         const struct w4_accepted *accepted, struct w4_error *error);
void w4_validation_report_fini(struct w4_validation_report *report);

// Judges everything that ran; fills model, judgements, changes and the counts.
void w4_validation_report_judge(struct w4_validation_report *report);

// 1 worse than accepted (never in a what-if), 3 something did not run or was never accepted, else 0.
int w4_validation_report_exit_code(const struct w4_validation_report *report);

// Rows of the series that ran, a section each; statistics, a row a series. The caller destroys them; NULL: no memory.
struct w4_table *w4_validation_row_table(const struct w4_validation_report *report);
struct w4_table *w4_validation_statistics_table(const struct w4_validation_report *report);

// Lines behind `bullet`: what ran, changes' signs, clock, what-if, what is worse or missing and what to do.
void w4_validation_summary(const struct w4_validation_report *report, FILE *out, const char *bullet);
enum w4_status w4_validation_print(const struct w4_validation_report *report, FILE *out, bool colours,
                                   struct w4_error *error);

// What validation/accepted.json says of the model, in markdown, without running anything: FOLDER is validation/.
enum w4_status w4_validation_write_accepted(const char *folder, FILE *out, struct w4_error *error);

// FOLDER/model-validation.json, atomically.
enum w4_status w4_validation_save_json(const struct w4_validation_report *report, const char *folder,
                                       struct w4_error *error);
// FOLDER/model-validation.md and one scatter plot a unit, model-validation-<unit>.svg. Without gnuplot the text says
// so.
enum w4_status w4_validation_save_markdown(const struct w4_validation_report *report, const char *folder,
                                           struct w4_error *error);

#endif
