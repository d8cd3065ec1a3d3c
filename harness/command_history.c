// `history add|list|trend|bisect|export`: the store of runs.
#include <stdlib.h>
#include <string.h>

#include "../base/file.h"
#include "commands.h"
#include "history/nights.h"

#define DEFAULT_TOLERANCE 0.05

// Nights must outlive build folders: the store lies where the user's data lie, unless --database names another place.
static enum w4_status database_path(const struct w4_options *options, char path[W4_PATH_MAX], struct w4_error *error)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    int length = -1;
    if (options->database)
        length = snprintf(path, W4_PATH_MAX, "%s", options->database);
    else if (data && data[0] == '/')
        length = snprintf(path, W4_PATH_MAX, "%s/w4bench/history.sqlite", data);
    else if (home && home[0])
        length = snprintf(path, W4_PATH_MAX, "%s/.local/share/w4bench/history.sqlite", home);
    else
        return w4_fail(error, W4_USAGE, "history: HOME is not set: name the store with --database FILE");
    if (length < 0 || length >= W4_PATH_MAX)
        return w4_fail(error, W4_RANGE, "history: the path of the store is too long");
    return W4_OK;
}

static enum w4_status check_format(const struct w4_options *options, const char *action, unsigned allowed,
                                   struct w4_error *error)
{
    if (allowed & 1u << options->format)
        return W4_OK;
    return w4_fail(error, W4_USAGE, "history %s: --format %s is not made for it; `w4bench history --help`", action,
                   w4_format_name(options->format));
}

// Files before one that fails stay added; adding them again is harmless.
static enum w4_status add(struct w4_history *history, const struct w4_options *options, int *exit_code,
                          struct w4_error *error)
{
    if (options->positional_count < 2)
        return w4_fail(error, W4_USAGE, "history add: which result files? w4bench history add RESULTS.json...");
    (void)exit_code;
    enum w4_status status = W4_OK;
    for (size_t i = 1; i < options->positional_count && status == W4_OK; ++i) {
        enum w4_history_added added = W4_HISTORY_NEW;
        int64_t id = 0;
        status = w4_nights_add_file(history, options->positionals[i], &added, &id, error);
        if (status == W4_OK)
            printf("%s: run %lld%s\n", options->positionals[i], (long long)id,
                   added == W4_HISTORY_KNOWN ? ", there already" : "");
    }
    return status;
}

static enum w4_status list(struct w4_history *history, const struct w4_options *options, int *exit_code,
                           struct w4_error *error)
{
    (void)exit_code;
    enum w4_status status =
        check_format(options, "list", 1u << W4_FORMAT_TABLE | 1u << W4_FORMAT_MARKDOWN | 1u << W4_FORMAT_JSON, error);
    return status == W4_OK ? w4_nights_list(history, options->key, options->format, stdout, error) : status;
}

static enum w4_status trend(struct w4_history *history, const struct w4_options *options, int *exit_code,
                            struct w4_error *error)
{
    struct w4_trends trends = {0};
    (void)exit_code;
    enum w4_status status = check_format(
        options, "trend", 1u << W4_FORMAT_TABLE | 1u << W4_FORMAT_MARKDOWN | 1u << W4_FORMAT_JSON | 1u << W4_FORMAT_SVG,
        error);
    if (status == W4_OK && options->positional_count != 2)
        status = w4_fail(error, W4_USAGE,
                         "history trend: which case? w4bench history trend CASE (an id, a glob, or a "
                         "part of ids)");
    if (status == W4_OK)
        status = w4_trends_load(history, options->positionals[1], options->key, &trends, error);
    if (status == W4_OK)
        status = w4_trends_write(history, &trends, options->format, stdout, w4_use_colours(), error);
    w4_trends_fini(&trends);
    return status;
}

// Nothing found is not success: whoever asked knew of a bad run.
static enum w4_status bisect(struct w4_history *history, const struct w4_options *options, int *exit_code,
                             struct w4_error *error)
{
    size_t found = 0;
    enum w4_status status = check_format(options, "bisect", 1u << W4_FORMAT_TABLE, error);
    if (status == W4_OK && (!options->good || !options->bad || options->positional_count > 2))
        status = w4_fail(error, W4_USAGE,
                         "history bisect: wants --good RUN --bad RUN [CASE]; `w4bench history list` "
                         "shows the runs");
    if (status == W4_OK)
        status = w4_nights_bisect(
            history, options->good, options->bad, options->positional_count == 2 ? options->positionals[1] : NULL,
            options->tolerance >= 0 ? options->tolerance : DEFAULT_TOLERANCE, stdout, &found, error);
    *exit_code = found ? 0 : 3;
    return status;
}

static enum w4_status export(struct w4_history *history, const struct w4_options *options, int *exit_code,
                             struct w4_error *error)
{
    struct w4_history_info info;
    char *text = NULL;
    size_t size = 0;
    (void)exit_code;
    if (options->positional_count != 2)
        return w4_fail(error, W4_USAGE, "history export: which run? w4bench history export RUN [--out FILE]");
    enum w4_status status = w4_history_find(history, options->positionals[1], &info, error);
    if (status == W4_OK)
        status = w4_history_document(history, info.id, &text, &size, error);
    if (status == W4_OK && options->out)
        status = w4_file_write_atomic(options->out, text, size, error);
    else if (status == W4_OK)
        fwrite(text, 1, size, stdout); // main looks at the stream
    free(text);
    return status;
}

static const struct {
    const char *name;
    enum w4_history_mode mode;
    enum w4_status (*run)(struct w4_history *history, const struct w4_options *options, int *exit_code,
                          struct w4_error *error);
} actions[] = {
    {"add", W4_HISTORY_ADD, add},        {"list", W4_HISTORY_READ, list},     {"trend", W4_HISTORY_READ, trend},
    {"bisect", W4_HISTORY_READ, bisect}, {"export", W4_HISTORY_READ, export},
};

enum w4_status w4_command_history(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    const char *name = options->positional_count ? options->positionals[0] : "list";
    char path[W4_PATH_MAX];
    *exit_code = 0;
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); ++i) {
        if (strcmp(actions[i].name, name) != 0)
            continue;
        struct w4_history *history = NULL;
        enum w4_status status = database_path(options, path, error);
        if (status == W4_OK)
            status = w4_history_open(path, actions[i].mode, W4_HISTORY_BUSY_MS, &history, error);
        if (status == W4_OK)
            status = actions[i].run(history, options, exit_code, error);
        w4_history_close(history);
        return status;
    }
    return w4_fail(error, W4_USAGE, "history: add, list, trend, bisect or export, not \"%s\"", name);
}
