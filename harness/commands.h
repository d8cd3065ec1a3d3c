// The commands: one row each, one function each. main.c picks the row, checks nothing else.
#ifndef W4_HARNESS_COMMANDS_H
#define W4_HARNESS_COMMANDS_H

#include <stddef.h>
#include <stdio.h>

#include "../base/error.h"
#include "context.h"
#include "options.h"

// Returns W4_OK with *exit_code set to the verdict's code, or an error, whose status decides the exit code.
typedef enum w4_status (*w4_command_function)(const struct w4_context *context, int *exit_code, struct w4_error *error);

struct w4_command {
    const char *name;
    const char *arguments; // positional ones, for the usage line
    const char *summary;   // one line; NULL: not for people
    const char *text;      // more, for its own help
    enum w4_command_bit bit;
    size_t positionals; // accepted at most
    w4_command_function run;
};

extern const struct w4_command w4_commands[];
extern const size_t w4_command_count;

enum w4_status w4_command_list(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_command_run(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_command_gate(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_command_compare(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_command_report(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_command_baseline(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_command_profile(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_command_shapes(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_command_model(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_command_doctor(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_command_history(const struct w4_context *context, int *exit_code, struct w4_error *error);
enum w4_status w4_command_sweep(const struct w4_context *context, int *exit_code, struct w4_error *error);

void w4_help_overview(FILE *out);
void w4_help_command(const struct w4_command *command, FILE *out);

#endif
