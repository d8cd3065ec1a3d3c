// The actions of `w4bench baseline`, one function each; command.c has their table. Positional arguments behind the
// action's word are in options.positionals[1...].
#ifndef W4_HARNESS_BASELINE_COMMAND_H
#define W4_HARNESS_BASELINE_COMMAND_H

#include "../baseline.h"
#include "../commands.h"

// Baselines of one device and the file they are in.
struct w4_baseline_file {
    char path[W4_PATH_MAX];
    struct w4_baselines baselines;
};

// Of the device of a run; none yet is fine.
enum w4_status w4_baseline_file_of_run(const struct w4_context *context, const struct w4_run *run,
                                       struct w4_baseline_file *file, struct w4_error *error);
// Of the device of --results or --device-key, else the only file in the folder. None is an error.
enum w4_status w4_baseline_file_open(const struct w4_context *context, struct w4_baseline_file *file,
                                     struct w4_error *error);
enum w4_status w4_baseline_file_save(const struct w4_context *context, const struct w4_baseline_file *file,
                                     struct w4_error *error);
void w4_baseline_file_fini(struct w4_baseline_file *file);

// command.c: they change the file.
enum w4_status w4_baseline_accept_action(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_baseline_merge_action(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_baseline_quarantine_action(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_baseline_remove_action(const struct w4_context *context, int *exit_code, struct w4_error *error);

// command_show.c: they only read it.
enum w4_status w4_baseline_show_action(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_baseline_log_action(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_baseline_diff_action(const struct w4_context *context, int *exit_code, struct w4_error *error);

#endif
