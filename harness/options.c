// Parses the command line by a table of options.
#include "options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum option_kind {
    KIND_TEXT,
    KIND_INTEGER,
    KIND_REAL,
    KIND_TOLERANCE,
    KIND_FORMAT,
    KIND_WORKGROUPS,
    KIND_M,
    KIND_KERNELS,
    KIND_SETTINGS,
    KIND_FLAG
};

struct option_row {
    const char *name, *argument;
    enum option_kind kind;
    size_t offset;
    unsigned commands;
    double minimum, maximum; // of numbers
    bool repeats;
    const char *help;
};

#define SELECTS (W4_FOR_LIST | W4_FOR_RUN | W4_FOR_GATE | W4_FOR_PROFILE | W4_FOR_SWEEP)
#define RUNS    (W4_FOR_RUN | W4_FOR_GATE | W4_FOR_SWEEP)
#define EVERY   0xffffu
#define AT(m)   offsetof(struct w4_options, m)
#define BIG     9007199254740992.0 // 2^53: exact in JSON readers that use doubles

static const struct option_row option_rows[] = {
    {"device", "NAME", KIND_TEXT, AT(device), RUNS | W4_FOR_DOCTOR | W4_FOR_PROFILE, 0, 0, false,
     "emulator, amd, or the path of a library that exports the HIP runtime (default: a gfx1151 when one is present, "
     "else the emulator)"},
    {"suite", "NAME", KIND_TEXT, AT(suite), SELECTS, 0, 0, false, "named list of cases (default: pr)"},
    {"filter", "GLOB", KIND_TEXT, AT(filter), SELECTS | W4_FOR_MODEL, 0, 0, false,
     "only cases whose id matches; without * ? [ a part of the id"},
    {"model", "NAME", KIND_TEXT, AT(model), SELECTS, 0, 0, false, "only this model's layers"},
    {"layer", "NAME", KIND_TEXT, AT(layer), SELECTS, 0, 0, false, "only this layer"},
    {"m", "N[,N...]", KIND_M, AT(m), SELECTS, 1, BIG, true, "rows of activations, instead of the suite's"},
    {"kernel", "NAME[,NAME...]", KIND_KERNELS, AT(kernels), SELECTS, 0, 0, true,
     "rule tables that choose the kernel, instead of the suite's"},
    {"heuristic", "NAME", KIND_KERNELS, AT(kernels), SELECTS, 0, 0, true, "the same as --kernel"},
    {"kernels", "FROM,TO", KIND_KERNELS, AT(kernels), W4_FOR_COMPARE, 0, 0, false,
     "compare two kernels instead of two runs"},
    {"workgroups", "all|N|auto", KIND_WORKGROUPS, AT(workgroups), RUNS, 1, BIG, false,
     "how many workgroups the emulator executes and verifies; auto: at most 48 a launch"},
    {"repeat", "N", KIND_INTEGER, AT(repeat), RUNS, 1, 1000000, false,
     "samples a case, no more and no less (default: 1 modelled; measured: until precise)"},
    {"protocol", "FILE", KIND_TEXT, AT(protocol), RUNS, 0, 0, false,
     "constants of the measurement protocol as a JSON object; applies the protocol to modelled times too"},
    {"hot", NULL, KIND_FLAG, AT(hot), RUNS, 0, 0, false,
     "also time with weights that stay in the caches, as figures of their own"},
    {"order-seed", "N", KIND_INTEGER, AT(order_seed), RUNS, 1, BIG, false,
     "of the order in which cases run (default: a fresh one when measured, the selection's order when modelled)"},
    {"timing-model", "NAME", KIND_TEXT, AT(timing_model), RUNS, 0, 0, false,
     "of modelled times: cycles (default: the whole chip, memory included) or issue (fast; issue slots alone)"},
    {"trace", "FILE", KIND_TEXT, AT(trace), W4_FOR_PROFILE, 0, 0, false,
     "also write a trace of the waves on the first WGP, for Perfetto"},
    {"clock-mhz", "MHZ", KIND_REAL, AT(clock_mhz), RUNS | W4_FOR_PROFILE | W4_FOR_MODEL, 1, 10000, false,
     "shader clock of modelled times"},
    {"seed", "N", KIND_INTEGER, AT(seed), RUNS | W4_FOR_PROFILE, 0, BIG, false, "of the operands (default: 1)"},
    {"jobs", "N", KIND_INTEGER, AT(jobs), RUNS | W4_FOR_MODEL, 1, 4096, false,
     "host threads; model: processes (default: all cores)"},
    {"results", "FILE", KIND_TEXT, AT(results), W4_FOR_GATE | W4_FOR_REPORT | W4_FOR_BASELINE, 0, 0, false,
     "result file to read (gate: instead of running)"},
    {"before", "FILE", KIND_TEXT, AT(before), W4_FOR_REPORT, 0, 0, false,
     "result file that the HTML report shows as before (default: the run's first two kernels are compared)"},
    {"history", "FILE", KIND_TEXT, AT(history), W4_FOR_REPORT, 0, 0, false,
     "store of `w4bench history` from which the HTML report draws trends"},
    {"out", "FOLDER", KIND_TEXT, AT(out), RUNS | W4_FOR_REPORT | W4_FOR_SHAPES | W4_FOR_HISTORY | W4_FOR_MODEL, 0, 0,
     false,
     "where files are written (default: build/results, else ./w4bench-out; shapes derive, history export: the file"
     " itself)"},
    {"format", "KIND", KIND_FORMAT, AT(format),
     RUNS | W4_FOR_PROFILE | W4_FOR_LIST | W4_FOR_REPORT | W4_FOR_COMPARE | W4_FOR_HISTORY, 0, 0, false,
     "what is printed: table, markdown, json, junit, html or svg (report: the roofline; history trend)"},
    {"tolerance", "X", KIND_TOLERANCE, AT(tolerance),
     W4_FOR_GATE | W4_FOR_REPORT | W4_FOR_BASELINE | W4_FOR_HISTORY | W4_FOR_SWEEP, 0, 0, false,
     "allowed loss as a fraction (0.05) or with a % sign (5%); sweep: variants within it of the best may stand in"},
    {"reason", "TEXT", KIND_TEXT, AT(reason), W4_FOR_BASELINE | W4_FOR_MODEL, 0, 0, false,
     "why the baselines, or the accepted errors of the model, change"},
    {"all", NULL, KIND_FLAG, AT(all), W4_FOR_BASELINE, 0, 0, false, "every case instead of one (accept)"},
    {"until", "DATE", KIND_TEXT, AT(until), W4_FOR_BASELINE, 0, 0, false, "last day of a quarantine (2026-01-31)"},
    {"ledger", "FILE", KIND_TEXT, AT(ledger), W4_FOR_GATE, 0, 0, false,
     "record of the nights' controls (default: ledger.jsonl in --out)"},
    {"blocks", "N", KIND_INTEGER, AT(blocks), W4_FOR_GATE, 1, 10000, false,
     "A/B blocks a confirmation (default: as many as it takes, up to a cap)"},
    {"turn-limit", "SECONDS", KIND_REAL, AT(turn_limit_s), W4_FOR_GATE, 0.1, 86400, false,
     "kill an A/B process that gives no answer for so long (default: 300)"},
    {"objects", "FOLDER", KIND_TEXT, AT(objects), RUNS | W4_FOR_BASELINE, 0, 0, false,
     "kept code objects of measured baselines (default: build/objects, else ./w4bench-objects)"},
    {"name", "NAME", KIND_TEXT, AT(name), W4_FOR_SHAPES | W4_FOR_SWEEP, 0, 0, false,
     "of the derived model, of the swept rule table"},
    {"shapes", "FOLDER", KIND_TEXT, AT(shapes),
     SELECTS | W4_FOR_SHAPES | W4_FOR_DOCTOR | W4_FOR_REPORT | W4_FOR_COMPARE, 0, 0, false, "model and suite files"},
    {"heuristics", "FOLDER", KIND_TEXT, AT(heuristics), SELECTS | W4_FOR_DOCTOR | W4_FOR_MODEL, 0, 0, false,
     "rule tables"},
    {"manifest", "FILE", KIND_TEXT, AT(manifest), SELECTS | W4_FOR_DOCTOR | W4_FOR_BASELINE | W4_FOR_MODEL, 0, 0, false,
     "kernels.json of the build"},
    {"baselines", "FOLDER", KIND_TEXT, AT(baselines), RUNS | W4_FOR_REPORT | W4_FOR_BASELINE | W4_FOR_DOCTOR, 0, 0,
     false, "baseline files"},
    {"sensor-root", "FOLDER", KIND_TEXT, AT(sensor_root), RUNS | W4_FOR_DOCTOR, 0, 0, false,
     "read sensors and machine from this copy of /sys, /proc and /opt/rocm"},
    {"base", "NAME", KIND_TEXT, AT(base), W4_FOR_SWEEP, 0, 0, false,
     "rule table whose variants the ablations change (default: tuned)"},
    {"resume", NULL, KIND_FLAG, AT(resume), W4_FOR_SWEEP, 0, 0, false,
     "keep what the earlier sweep in the same folder finished"},
    {"database", "FILE", KIND_TEXT, AT(database), W4_FOR_HISTORY, 0, 0, false,
     "the store of runs (default: w4bench/history.sqlite in $XDG_DATA_HOME, else in ~/.local/share)"},
    {"key", "KEY", KIND_TEXT, AT(key), W4_FOR_HISTORY | W4_FOR_BASELINE, 0, 0, false,
     "of a device: only its runs (list, trend), its baselines (default: the only file there)"},
    {"good", "RUN", KIND_TEXT, AT(good), W4_FOR_HISTORY, 0, 0, false, "a run's number or revision (bisect)"},
    {"bad", "RUN", KIND_TEXT, AT(bad), W4_FOR_HISTORY, 0, 0, false, "a later run's number or revision (bisect)"},
    {"series", "NAME", KIND_TEXT, AT(series), W4_FOR_MODEL, 0, 0, false, "only this series of the validation"},
    {"quick", NULL, KIND_FLAG, AT(quick), W4_FOR_MODEL, 0, 0, false,
     "only the rows that take less than a minute in all"},
    {"set", "NAME=VALUE", KIND_SETTINGS, AT(settings), RUNS | W4_FOR_MODEL, 0, 0, true,
     "run, gate: one constant of the measurement protocol (docs/measuring.md); model: what if a parameter of the "
     "timing "
     "model had another value"},
    {"accept", NULL, KIND_FLAG, AT(accept), W4_FOR_MODEL, 0, 0, false,
     "takes the errors of the series that ran as those to compare with from now on"},
    {"validation", "FOLDER", KIND_TEXT, AT(validation), W4_FOR_MODEL, 0, 0, false, "series.json and accepted.json"},
    {"help", NULL, KIND_FLAG, AT(help), EVERY, 0, 0, true, "this text"},
};
enum { OPTION_COUNT = sizeof(option_rows) / sizeof(option_rows[0]) };
_Static_assert(OPTION_COUNT <= 64, "parse_option has a bit for each");

static enum w4_status bad_value(const struct option_row *row, const char *value, const char *wanted,
                                struct w4_error *error)
{
    return w4_fail(error, W4_USAGE, "--%s %s: %s", row->name, value, wanted);
}

static enum w4_status read_number(const struct option_row *row, const char *text, double *out, struct w4_error *error)
{
    char *end = NULL;
    errno = 0;
    double value = strtod(text, &end);
    bool whole = row->kind != KIND_REAL;
    if (end == text || *end || errno || !(value >= row->minimum && value <= row->maximum) ||
        (whole && value != floor(value))) {
        char wanted[96];
        snprintf(wanted, sizeof(wanted), "wants %s from %.0f to %.0f", whole ? "an integer" : "a number", row->minimum,
                 row->maximum);
        return bad_value(row, text, wanted, error);
    }
    *out = value;
    return W4_OK;
}

static enum w4_status read_tolerance(const struct option_row *row, const char *text, double *out,
                                     struct w4_error *error)
{
    char *end = NULL;
    double value = strtod(text, &end);
    if (end != text && strcmp(end, "%") == 0) {
        value /= 100;
        ++end;
    }
    if (end == text || *end || !(value >= 0 && value < 1))
        return bad_value(row, text, "wants a fraction from 0 to below 1 (0.05), or a percentage (5%)", error);
    *out = value;
    return W4_OK;
}

static const struct {
    const char *name;
    unsigned commands; // that write it, or say themselves that they do not
} format_rows[W4_FORMAT_COUNT] = {[W4_FORMAT_TABLE] = {"table", EVERY},
                                  [W4_FORMAT_MARKDOWN] = {"markdown", EVERY},
                                  [W4_FORMAT_JSON] = {"json", EVERY},
                                  [W4_FORMAT_JUNIT] = {"junit", EVERY},
                                  [W4_FORMAT_HTML] = {"html", W4_FOR_RUN | W4_FOR_GATE | W4_FOR_REPORT},
                                  [W4_FORMAT_SVG] = {"svg", W4_FOR_HISTORY | W4_FOR_REPORT}};

const char *w4_format_name(enum w4_format format)
{
    return format_rows[format].name;
}

static enum w4_status read_format(const struct option_row *row, const char *text, struct w4_options *options,
                                  struct w4_error *error)
{
    for (int i = 0; i < W4_FORMAT_COUNT; ++i) {
        if (strcmp(text, format_rows[i].name) == 0) {
            options->format = (enum w4_format)i;
            options->format_given = true;
            return W4_OK;
        }
    }
    return bad_value(row, text, "wants table, markdown, json, junit, html or svg", error);
}

static enum w4_status read_workgroups(const struct option_row *row, const char *text, struct w4_options *options,
                                      struct w4_error *error)
{
    if (strcmp(text, "all") == 0 || strcmp(text, "auto") == 0) {
        options->workgroups = strcmp(text, "all") == 0 ? W4_WORKGROUPS_ALL : W4_WORKGROUPS_AUTO;
        return W4_OK;
    }
    double count = 0;
    struct w4_error ignored = {0};
    if (read_number(row, text, &count, &ignored) != W4_OK)
        return bad_value(row, text, "wants all, auto, or a count of at least 1", error);
    options->workgroups = W4_WORKGROUPS_COUNT;
    options->workgroup_count = (int64_t)count;
    return W4_OK;
}

static enum w4_status read_m(const struct option_row *row, const char *text, struct w4_options *options,
                             struct w4_error *error)
{
    for (const char *at = text;; ++at) {
        char word[32];
        size_t length = strcspn(at, ",");
        double value = 0;
        if (length >= sizeof(word))
            return bad_value(row, text, "holds a number that is too long", error);
        memcpy(word, at, length);
        word[length] = '\0';
        enum w4_status status = read_number(row, word, &value, error);
        if (status != W4_OK)
            return status;
        if (options->m_count == W4_LIST_MAX)
            return bad_value(row, text, "is too long a list (32 at most)", error);
        options->m[options->m_count++] = (int64_t)value;
        at += length;
        if (!*at)
            return W4_OK;
    }
}

// Appends to the owned list text and points every name into it anew.
static enum w4_status read_kernels(const struct option_row *row, const char *text, struct w4_options *options,
                                   struct w4_error *error)
{
    char *joined = NULL;
    // Names already read are joined again with commas, because strtok has cut them apart.
    size_t size = strlen(text) + 2;
    for (size_t i = 0; i < options->kernel_count; ++i)
        size += strlen(options->kernels[i]) + 1;
    joined = malloc(size);
    if (!joined)
        return w4_fail(error, W4_MEMORY, "out of memory for --%s", row->name);
    char *end = joined;
    for (size_t i = 0; i < options->kernel_count; ++i)
        end += sprintf(end, "%s,", options->kernels[i]);
    strcpy(end, text);
    free(options->kernel_text);
    options->kernel_text = joined;
    options->kernel_count = 0;
    char *rest = joined;
    for (char *word = strsep(&rest, ","); word; word = strsep(&rest, ",")) {
        if (!word[0])
            return bad_value(row, text, "holds an empty name", error);
        if (options->kernel_count == W4_LIST_MAX)
            return bad_value(row, text, "is too long a list (32 at most)", error);
        options->kernels[options->kernel_count++] = word;
    }
    options->kernels[options->kernel_count] = NULL;
    return W4_OK;
}

static enum w4_status add_setting(const struct option_row *row, const char *text, struct w4_options *options,
                                  struct w4_error *error)
{
    if (options->setting_count == W4_LIST_MAX)
        return bad_value(row, text, "is one too many (32 at most)", error);
    options->settings[options->setting_count++] = text;
    return W4_OK;
}

static enum w4_status read_value(const struct option_row *row, const char *text, struct w4_options *options,
                                 struct w4_error *error)
{
    void *place = (unsigned char *)options + row->offset;
    double number = 0;
    enum w4_status status = W4_OK;
    switch (row->kind) {
    case KIND_TEXT:
        if (!text[0])
            return bad_value(row, "\"\"", "is empty", error);
        memcpy(place, &text, sizeof(text));
        return W4_OK;
    case KIND_INTEGER:
        status = read_number(row, text, &number, error);
        if (status == W4_OK)
            *(int64_t *)place = (int64_t)number;
        return status;
    case KIND_REAL: return read_number(row, text, place, error);
    case KIND_TOLERANCE: return read_tolerance(row, text, place, error);
    case KIND_FORMAT: return read_format(row, text, options, error);
    case KIND_WORKGROUPS: return read_workgroups(row, text, options, error);
    case KIND_M: return read_m(row, text, options, error);
    case KIND_KERNELS: return read_kernels(row, text, options, error);
    case KIND_SETTINGS: return add_setting(row, text, options, error);
    case KIND_FLAG: *(bool *)place = true; return W4_OK;
    }
    return w4_fail(error, W4_INTERNAL, "option --%s has no kind", row->name);
}

static const struct option_row *find_row(const char *name, size_t length)
{
    for (size_t i = 0; i < OPTION_COUNT; ++i) {
        if (strlen(option_rows[i].name) == length && strncmp(option_rows[i].name, name, length) == 0)
            return &option_rows[i];
    }
    return NULL;
}

static enum w4_status unknown_option(const char *argument, size_t length, unsigned command, const char *command_name,
                                     struct w4_error *error)
{
    const char *words[OPTION_COUNT];
    size_t count = 0;
    char name[64];
    for (size_t i = 0; i < OPTION_COUNT; ++i) {
        if (option_rows[i].commands & command)
            words[count++] = option_rows[i].name;
    }
    snprintf(name, sizeof(name), "%.*s", (int)(length < sizeof(name) ? length : sizeof(name) - 1), argument);
    const char *nearest = w4_nearest_word(name, words, count);
    if (nearest)
        return w4_fail(error, W4_USAGE, "%s: unknown option --%s; did you mean --%s?", command_name, name, nearest);
    return w4_fail(error, W4_USAGE, "%s: unknown option --%s; `w4bench %s --help` lists them", command_name, name,
                   command_name);
}

// Reads the option at argv[*index]; its value may be the next argument.
static enum w4_status parse_option(struct w4_options *options, unsigned command, const char *command_name, int argc,
                                   char *const *argv, int *index, uint64_t *seen, struct w4_error *error)
{
    const char *name = argv[*index] + 2;
    size_t length = strcspn(name, "=");
    const char *value = name[length] == '=' ? name + length + 1 : NULL;
    const struct option_row *row = find_row(name, length);
    if (!row || !(row->commands & command))
        return unknown_option(name, length, command, command_name, error);
    uint64_t bit = UINT64_C(1) << (row - option_rows);
    if ((*seen & bit) && !row->repeats)
        return w4_fail(error, W4_USAGE, "%s: --%s is given twice", command_name, row->name);
    *seen |= bit;
    if (row->kind == KIND_FLAG && value)
        return w4_fail(error, W4_USAGE, "%s: --%s takes no value", command_name, row->name);
    if (row->kind != KIND_FLAG && !value) {
        if (*index + 1 >= argc)
            return w4_fail(error, W4_USAGE, "%s: --%s wants a value: --%s %s", command_name, row->name, row->name,
                           row->argument);
        value = argv[++*index];
    }
    enum w4_status status = read_value(row, value, options, error);
    if (status == W4_OK && row->kind == KIND_FORMAT && !(format_rows[options->format].commands & command))
        status = w4_fail(error, W4_USAGE, "%s: does not write %s", command_name, w4_format_name(options->format));
    return status;
}

enum w4_status w4_options_parse(struct w4_options *options, enum w4_command_bit command, const char *command_name,
                                int argc, char *const *argv, struct w4_error *error)
{
    *options = (struct w4_options){.seed = 1, .tolerance = -1, .sensor_root = ""};
    uint64_t seen = 0;
    bool only_positionals = false;
    enum w4_status status = W4_OK;
    for (int i = 0; i < argc && status == W4_OK; ++i) {
        if (!only_positionals && strcmp(argv[i], "--") == 0) {
            only_positionals = true;
        } else if (!only_positionals && strcmp(argv[i], "-h") == 0) {
            options->help = true;
        } else if (!only_positionals && strncmp(argv[i], "--", 2) == 0) {
            status = parse_option(options, command, command_name, argc, argv, &i, &seen, error);
        } else if (!only_positionals && argv[i][0] == '-' && argv[i][1]) {
            status =
                w4_fail(error, W4_USAGE, "%s: unknown option %s; options are written --name", command_name, argv[i]);
        } else if (options->positional_count == W4_POSITIONALS_MAX) {
            status = w4_fail(error, W4_USAGE, "%s: too many arguments from \"%s\" on", command_name, argv[i]);
        } else {
            options->positionals[options->positional_count++] = argv[i];
        }
    }
    return status;
}

void w4_options_fini(struct w4_options *options)
{
    free(options->kernel_text);
    options->kernel_text = NULL;
}

void w4_options_help(enum w4_command_bit command, FILE *out)
{
    for (size_t i = 0; i < OPTION_COUNT; ++i) {
        const struct option_row *row = &option_rows[i];
        if (!(row->commands & command))
            continue;
        char left[48];
        snprintf(left, sizeof(left), "--%s %s", row->name, row->argument ? row->argument : "");
        fprintf(out, "  %-26s %s\n", left, row->help);
    }
}
