// gfx1151-run: runs one kernel of a code object as a LAUNCH.json says. Exit: 0, 2 when a check or fault was reported, 4
// when the input was unusable.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

static const char usage[] = "usage: gfx1151-run [--threads N] [--clock MHZ] [--model issue|cycles] [--profile]\n"
                            "                   [--trace FILE.json] [--simulate-all] [--set NAME=X]... LAUNCH.json\n"
                            "Runs one launch of a gfx1151 code object in software and prints one JSON object.\n"
                            "  --threads N   host threads (default: all cores)\n"
                            "  --clock MHZ   shader clock of modelled time (default: 2900)\n"
                            "  --model NAME  model of time in the modes with timing: issue (default) or cycles, which\n"
                            "                simulates the whole chip, memory included\n"
                            "  --profile     what each instruction waits for: text on standard error, and in the\n"
                            "                object (implies --model cycles)\n"
                            "  --trace FILE  a trace of the waves on the first WGP, for Perfetto (the same)\n"
                            "  --simulate-all  with the cycles model: extrapolate nothing, however long it takes\n"
                            "  --set NAME=X  another value of a parameter of the cycles model (docs/timing-model.md)\n"
                            "EMU_INSTRUCTION_LIMIT in the environment ends a wave after that many instructions.\n"
                            "Exit: 0 done, 2 a check or fault was reported, 4 unusable input.\n";

enum { EXIT_DONE = 0, EXIT_FIRED = 2, EXIT_UNUSABLE = 4 };

static bool number(const char *text, double minimum, double maximum, double *out)
{
    char *end;
    errno = 0;
    *out = strtod(text, &end);
    return end != text && !*end && errno == 0 && *out >= minimum && *out <= maximum;
}

static enum w4_status set_parameter(struct plan_options *options, const char *text, struct w4_error *error)
{
    char name[64];
    const char *equals = strchr(text, '=');
    if (!equals || (size_t)(equals - text) >= sizeof name)
        return w4_fail(error, W4_USAGE, "--set needs NAME=VALUE");
    memcpy(name, text, (size_t)(equals - text));
    name[equals - text] = '\0';
    double *parameter = emu_timing_param(&options->timing, name);
    if (!parameter)
        return w4_fail(error, W4_USAGE, "--set: the model has no parameter %s; docs/timing-model.md lists them", name);
    if (!number(equals + 1, 0, EMU_PARAM_MAX, parameter))
        return w4_fail(error, W4_USAGE, "--set %s: %s is no number from 0 to %g", name, equals + 1, EMU_PARAM_MAX);
    return W4_OK;
}

static enum w4_status parse(int argc, char **argv, struct plan_options *options, const char **path,
                            struct w4_error *error)
{
    double value;
    for (int i = 1; i < argc; i++) {
        const bool threads = strcmp(argv[i], "--threads") == 0;
        if (threads || strcmp(argv[i], "--clock") == 0) {
            if (i + 1 >= argc || !number(argv[i + 1], threads ? 0 : 1, threads ? 1024 : 1e6, &value))
                return w4_fail(error, W4_USAGE, "%s needs a number", argv[i]);
            if (threads)
                options->threads = (unsigned)value;
            else
                options->clock_mhz = value;
            i++;
        } else if (strcmp(argv[i], "--model") == 0) {
            const char *name = i + 1 < argc ? argv[++i] : "";
            options->cycles = strcmp(name, "cycles") == 0;
            if (!options->cycles && strcmp(name, "issue") != 0)
                return w4_fail(error, W4_USAGE, "--model needs issue or cycles");
        } else if (strcmp(argv[i], "--profile") == 0) {
            options->profile = true;
        } else if (strcmp(argv[i], "--trace") == 0) {
            if (i + 1 >= argc)
                return w4_fail(error, W4_USAGE, "--trace needs a file");
            options->trace = argv[++i];
        } else if (strcmp(argv[i], "--simulate-all") == 0) {
            options->simulate_all = true;
        } else if (strcmp(argv[i], "--set") == 0) {
            enum w4_status status = set_parameter(options, i + 1 < argc ? argv[++i] : "", error);
            if (status != W4_OK)
                return status;
        } else if (argv[i][0] == '-' || *path) {
            return w4_fail(error, W4_USAGE, "unexpected argument %s; see gfx1151-run --help", argv[i]);
        } else {
            *path = argv[i];
        }
    }
    options->cycles = options->cycles || options->profile || options->trace;
    return *path ? W4_OK : w4_fail(error, W4_USAGE, "no launch file; see gfx1151-run --help");
}

int main(int argc, char **argv)
{
    struct w4_error error = {0};
    struct plan_options options = {.timing = emu_timing_defaults};
    struct plan plan = {0};
    const char *path = NULL;
    bool fired = false;

    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return fputs(usage, stdout) == EOF ? EXIT_UNUSABLE : EXIT_DONE;
    enum w4_status status = parse(argc, argv, &options, &path, &error);
    if (status == W4_OK)
        status = plan_load(&plan, path, &error);
    if (status == W4_OK)
        status = plan_run(&plan, &options, &fired, &error);
    plan_fini(&plan);
    if (status != W4_OK) {
        fprintf(stderr, "gfx1151-run: %s\n", error.message);
        return EXIT_UNUSABLE;
    }
    return fired ? EXIT_FIRED : EXIT_DONE;
}
