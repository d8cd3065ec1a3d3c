// Drives gnuplot: data and script in a temporary folder, one child process, its standard output is the picture.
#include "plot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../base/file.h"

enum { SVG_LIMIT_BYTES = 64 << 20, MESSAGE_LIMIT_BYTES = 1 << 20 };

static const struct {
    const char *name, *text;
} templates[] = {
#include "plot_templates.h"
};

// The files of one picture.
struct workplace {
    char folder[32];
    char data[64], script[64], svg[64], message[64];
};

static const char *find_template(const char *name)
{
    for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); ++i) {
        if (strcmp(templates[i].name, name) == 0)
            return templates[i].text;
    }
    return NULL;
}

static enum w4_status open_workplace(struct workplace *place, struct w4_error *error)
{
    snprintf(place->folder, sizeof(place->folder), "/tmp/w4-plot-XXXXXX");
    if (!mkdtemp(place->folder))
        return w4_fail(error, W4_IO, "%s: cannot make a temporary folder for a plot: %s", place->folder,
                       strerror(errno));
    snprintf(place->data, sizeof(place->data), "%s/data", place->folder);
    snprintf(place->script, sizeof(place->script), "%s/script.gp", place->folder);
    snprintf(place->svg, sizeof(place->svg), "%s/plot.svg", place->folder);
    snprintf(place->message, sizeof(place->message), "%s/message", place->folder);
    return W4_OK;
}

static void close_workplace(const struct workplace *place)
{
    // A file that was never made, or a folder that stays behind in /tmp, changes nothing of the picture.
    (void)unlink(place->data);
    (void)unlink(place->script);
    (void)unlink(place->svg);
    (void)unlink(place->message);
    (void)rmdir(place->folder);
}

// Text inside quotes of the given kind; what could end the quotes or the line is replaced.
static void write_quoted(FILE *out, const char *text, char quote)
{
    fputc(quote, out);
    for (; *text; ++text) {
        unsigned char c = (unsigned char)*text;
        if (c == '\'' && quote == '\'')
            fputs("''", out);
        else
            fputc(c == '"' && quote == '"' ? '\'' : c < 0x20 ? ' ' : c, out);
    }
    fputc(quote, out);
}

static void write_data(FILE *out, const struct w4_plot *plot)
{
    for (size_t i = 0; i < plot->series_count; ++i) {
        const struct w4_plot_series *series = &plot->series[i];
        for (size_t k = 0; k < series->count; ++k) {
            fprintf(out, "%.17g %.17g ", series->points[k].x, series->points[k].y);
            write_quoted(out, series->points[k].label ? series->points[k].label : "", '"');
            fputc('\n', out);
        }
        fputs("\n\n", out); // ends an index
    }
}

static void write_script(FILE *out, const struct w4_plot *plot, const char *data, const char *template_text)
{
    fprintf(out, "set encoding utf8\nset terminal svg size %u,%u dynamic background 'white' font 'sans-serif,12'\n",
            plot->width, plot->height);
    fprintf(out, "data_file = '%s'\nseries_count = %zu\narray series_title[%zu]\n", data, plot->series_count,
            plot->series_count);
    for (size_t i = 0; i < plot->series_count; ++i) {
        fprintf(out, "series_title[%zu] = ", i + 1);
        write_quoted(out, plot->series[i].title, '\'');
        fputc('\n', out);
    }
    for (size_t i = 0; i < plot->setting_count; ++i) {
        const struct w4_plot_setting *setting = &plot->settings[i];
        fprintf(out, "%s = ", setting->name);
        if (setting->text)
            write_quoted(out, setting->text, '\'');
        else
            fprintf(out, "%#.17g", setting->number); // with a point: gnuplot divides integers as C does
        fputc('\n', out);
    }
    fputs(find_template("style"), out);
    fputs(template_text, out);
}

typedef void (*writer)(FILE *out, const struct w4_plot *plot, const struct workplace *place);

static void data_writer(FILE *out, const struct w4_plot *plot, const struct workplace *place)
{
    (void)place;
    write_data(out, plot);
}

static void script_writer(FILE *out, const struct w4_plot *plot, const struct workplace *place)
{
    write_script(out, plot, place->data, find_template(plot->template_name));
}

static enum w4_status write_file(const char *path, writer write, const struct w4_plot *plot,
                                 const struct workplace *place, struct w4_error *error)
{
    FILE *out = fopen(path, "w");
    if (!out)
        return w4_fail(error, W4_IO, "%s: cannot write: %s", path, strerror(errno));
    write(out, plot, place);
    bool failed = ferror(out) != 0;
    failed |= fclose(out) != 0;
    return failed ? w4_fail(error, W4_IO, "%s: cannot write: %s", path, strerror(errno)) : W4_OK;
}

static int spawn(const struct workplace *place, pid_t *child)
{
    // -d: no start-up files, so that everybody's gnuplot draws the same.
    char program[] = "gnuplot", defaults[] = "-d", script[sizeof(place->script)];
    char *const arguments[] = {program, defaults, script, NULL};
    posix_spawn_file_actions_t actions;
    strcpy(script, place->script);
    int code = posix_spawn_file_actions_init(&actions);
    if (code)
        return code;
    code = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!code)
        code =
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, place->svg, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (!code)
        code = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, place->message, O_WRONLY | O_CREAT | O_TRUNC,
                                                0600);
    if (!code)
        code = posix_spawnp(child, program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

static enum w4_status run_gnuplot(const struct workplace *place, const char *template_name, struct w4_error *error)
{
    pid_t child = 0;
    int code = spawn(place, &child);
    if (code == ENOENT)
        return w4_fail(error, W4_NOT_FOUND, "gnuplot is not installed, and plots need it: apt-get install gnuplot-nox");
    if (code)
        return w4_fail(error, W4_IO, "cannot start gnuplot: %s", strerror(code));
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            return w4_fail(error, W4_IO, "cannot wait for gnuplot: %s", strerror(errno));
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return W4_OK;
    char *message = NULL;
    size_t size = 0;
    if (w4_file_read(place->message, MESSAGE_LIMIT_BYTES, &message, &size, NULL) != W4_OK)
        message = NULL;
    for (size_t i = 0; message && i < size; ++i)
        message[i] = message[i] == '\n' ? ' ' : message[i];
    enum w4_status failed = w4_fail(error, W4_INTERNAL, "gnuplot failed on the template %s (status %d): %.400s",
                                    template_name, status, message ? message : "it said nothing");
    free(message);
    return failed;
}

static enum w4_status check(const struct w4_plot *plot, struct w4_error *error)
{
    if (!find_template(plot->template_name))
        return w4_fail(error, W4_INTERNAL, "there is no plot template %s in reports/plots", plot->template_name);
    for (size_t i = 0; i < plot->series_count; ++i) {
        if (plot->series[i].count == 0)
            return w4_fail(error, W4_USAGE, "nothing to plot: series \"%s\" has no points", plot->series[i].title);
    }
    return plot->series_count ? W4_OK : w4_fail(error, W4_USAGE, "nothing to plot");
}

enum w4_status w4_plot_svg(const struct w4_plot *plot, char **svg, struct w4_error *error)
{
    struct workplace place;
    size_t size = 0;
    *svg = NULL;
    enum w4_status status = check(plot, error);
    if (status != W4_OK)
        return status;
    status = open_workplace(&place, error);
    if (status != W4_OK)
        return status;
    status = write_file(place.data, data_writer, plot, &place, error);
    if (status == W4_OK)
        status = write_file(place.script, script_writer, plot, &place, error);
    if (status == W4_OK)
        status = run_gnuplot(&place, plot->template_name, error);
    if (status == W4_OK)
        status = w4_file_read(place.svg, SVG_LIMIT_BYTES, svg, &size, error);
    close_workplace(&place);
    return status;
}
