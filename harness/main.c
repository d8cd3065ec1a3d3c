// Picks the command and turns its outcome into an exit code. The only place that writes final error messages.
#include <stdio.h>
#include <string.h>

#include "commands.h"

static const struct w4_command *find_command(const char *name)
{
    for (size_t i = 0; i < w4_command_count; ++i) {
        if (strcmp(w4_commands[i].name, name) == 0)
            return &w4_commands[i];
    }
    return NULL;
}

static enum w4_status unknown_command(const char *name, struct w4_error *error)
{
    const char *names[32];
    size_t count = 0;
    for (size_t i = 0; i < w4_command_count && count < sizeof(names) / sizeof(names[0]); ++i)
        names[count++] = w4_commands[i].name;
    const char *nearest = w4_nearest_word(name, names, count);
    if (nearest)
        return w4_fail(error, W4_USAGE, "unknown command \"%s\"; did you mean %s?", name, nearest);
    return w4_fail(error, W4_USAGE, "unknown command \"%s\"; `w4bench --help` lists the commands", name);
}

static enum w4_status run_command(const struct w4_command *command, int argc, char **argv, int *exit_code,
                                  struct w4_error *error)
{
    struct w4_options options;
    struct w4_context context;
    enum w4_status status = w4_options_parse(&options, command->bit, command->name, argc, argv, error);
    if (status == W4_OK && options.help) {
        w4_help_command(command, stdout);
    } else if (status == W4_OK && options.positional_count > command->positionals) {
        status = w4_fail(error, W4_USAGE, "%s: unexpected argument \"%s\"; usage: w4bench %s %s", command->name,
                         options.positionals[command->positionals], command->name, command->arguments);
    } else if (status == W4_OK) {
        status = w4_context_init(&context, &options, error);
        if (status == W4_OK)
            status = command->run(&context, exit_code, error);
    }
    w4_options_fini(&options);
    return status;
}

static enum w4_status dispatch(int argc, char **argv, int *exit_code, struct w4_error *error)
{
    if (argc < 2) {
        w4_help_overview(stderr);
        return w4_fail(error, W4_USAGE, "no command given");
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        const struct w4_command *about = argc > 2 ? find_command(argv[2]) : NULL;
        if (argc > 2 && !about)
            return unknown_command(argv[2], error);
        if (about)
            w4_help_command(about, stdout);
        else
            w4_help_overview(stdout);
        return W4_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("w4bench " W4_VERSION);
        return W4_OK;
    }
    const struct w4_command *command = find_command(argv[1]);
    return command ? run_command(command, argc - 2, argv + 2, exit_code, error) : unknown_command(argv[1], error);
}

int main(int argc, char **argv)
{
    int exit_code = 0;
    struct w4_error error = {0};
    enum w4_status status = dispatch(argc, argv, &exit_code, &error);
    // A full disk or a closed pipe behind standard output must not look like success.
    if ((ferror(stdout) || fflush(stdout) != 0) && status == W4_OK)
        status = w4_fail(&error, W4_IO, "cannot write to standard output");
    if (status == W4_OK)
        return exit_code;
    fprintf(stderr, "w4bench: %s\n", error.message);
    return w4_status_exit_code(status);
}
