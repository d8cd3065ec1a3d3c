// model-validation.md and its scatter plots.
#include "report.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../base/file.h"
#include "../context.h"
#include "../report/plot.h"
#include "../text.h"

enum { SLUG_BYTES = 32, PLOT_WIDTH = 900, PLOT_HEIGHT = 600 };

// The plots of a report: one a unit.
struct plots {
    char slugs[8][SLUG_BYTES]; // file model-validation-<slug>.svg
    size_t count;
    char missing[256]; // why there are none
};

static void make_slug(const char *unit, char slug[SLUG_BYTES])
{
    size_t used = 0;
    for (; *unit && used + 1 < SLUG_BYTES; ++unit)
        slug[used++] = (char)(isalnum((unsigned char)*unit) ? tolower((unsigned char)*unit) : '-');
    slug[used] = '\0';
}

// The done rows of a series as points; returns how many.
static size_t add_points(const struct w4_validation_report *report, const struct w4_validation_series *series,
                         struct w4_plot_point *points, double limits[2])
{
    size_t count = 0;
    for (size_t i = series->first_row; i < series->first_row + series->row_count; ++i) {
        const double hardware = report->validation->rows[i].hardware;
        if (!(report->model[i] > 0))
            continue;
        points[count++] = (struct w4_plot_point){hardware, report->model[i], NULL};
        limits[0] = fmin(limits[0], fmin(hardware, report->model[i]));
        limits[1] = fmax(limits[1], fmax(hardware, report->model[i]));
    }
    return count;
}

static enum w4_status draw(const struct w4_validation_report *report, const char *unit, struct w4_plot_series *series,
                           struct w4_plot_point *points, char **svg, struct w4_error *error)
{
    const struct w4_validation *validation = report->validation;
    double limits[2] = {INFINITY, 0};
    char x_title[96], y_title[160], title[640];
    size_t count = 0;
    for (size_t s = 0; s < validation->series_count; ++s) {
        if (strcmp(validation->series[s].unit, unit) != 0)
            continue;
        const size_t got = add_points(report, &validation->series[s], points, limits);
        if (got)
            series[count++] = (struct w4_plot_series){validation->series[s].name, points, got};
        points += got;
    }
    if (!count)
        return W4_OK;
    snprintf(x_title, sizeof(x_title), "hardware (published), %s", unit);
    snprintf(y_title, sizeof(y_title), "model (%s), %s", report->model_key, unit);
    snprintf(title, sizeof(title), "Timing model against hardware%s%s", report->what_if[0] ? "; WHAT IF " : "",
             report->what_if);
    const struct w4_plot_setting settings[] = {
        {"plot_title", title, 0},       {"x_title", x_title, 0},         {"y_title", y_title, 0},
        {"low", NULL, limits[0] / 1.2}, {"high", NULL, limits[1] * 1.2}, {"band", NULL, 0.1},
    };
    const struct w4_plot plot = {.template_name = "scatter",
                                 .width = PLOT_WIDTH,
                                 .height = PLOT_HEIGHT,
                                 .settings = settings,
                                 .setting_count = sizeof(settings) / sizeof(settings[0]),
                                 .series = series,
                                 .series_count = count};
    return w4_plot_svg(&plot, svg, error);
}

static enum w4_status save_text(const char *folder, const char *name, const char *text, struct w4_error *error)
{
    char path[W4_PATH_MAX];
    enum w4_status status = w4_path_join(path, folder, name, error);
    return status == W4_OK ? w4_file_write_atomic(path, text, strlen(text), error) : status;
}

static enum w4_status save_plot(const struct w4_validation_report *report, const char *unit, const char *folder,
                                struct plots *plots, struct w4_error *error)
{
    const struct w4_validation *validation = report->validation;
    struct w4_plot_series *series = calloc(validation->series_count, sizeof(*series));
    struct w4_plot_point *points = calloc(validation->row_count, sizeof(*points));
    struct w4_error cause = {0};
    char *svg = NULL;
    char name[SLUG_BYTES + 32];
    enum w4_status status = W4_OK;
    if (!series || !points)
        status = w4_fail(error, W4_MEMORY, "out of memory for a plot");
    else
        status = draw(report, unit, series, points, &svg, &cause);
    if (status == W4_NOT_FOUND) { // no gnuplot: the report goes without
        w4_text_copy(plots->missing, sizeof(plots->missing), cause.message);
        status = W4_OK;
    } else if (status != W4_OK) {
        (void)w4_fail(error, status, "%s", cause.message);
    } else if (svg) {
        make_slug(unit, plots->slugs[plots->count]);
        snprintf(name, sizeof(name), "model-validation-%s.svg", plots->slugs[plots->count++]);
        status = save_text(folder, name, svg, error);
    }
    free(svg);
    free(series);
    free(points);
    return status;
}

static enum w4_status save_plots(const struct w4_validation_report *report, const char *folder, struct plots *plots,
                                 struct w4_error *error)
{
    const struct w4_validation *validation = report->validation;
    enum w4_status status = W4_OK;
    for (size_t s = 0; s < validation->series_count && status == W4_OK; ++s) {
        size_t first = 0;
        while (strcmp(validation->series[first].unit, validation->series[s].unit) != 0)
            ++first;
        if (first == s && plots->count < sizeof(plots->slugs) / sizeof(plots->slugs[0]))
            status = save_plot(report, validation->series[s].unit, folder, plots, error);
    }
    return status;
}

static int write_text(const struct w4_validation_report *report, const struct plots *plots, FILE *out)
{
    struct w4_table *statistics = w4_validation_statistics_table(report);
    struct w4_table *rows = w4_validation_row_table(report);
    fprintf(out, "# Timing model against hardware\n\n");
    w4_validation_summary(report, out, "* ");
    fprintf(out, "\n");
    int failed = w4_table_write_markdown(statistics, out);
    fprintf(out, "\n");
    for (size_t i = 0; i < plots->count; ++i)
        fprintf(out, "![model against hardware](model-validation-%s.svg)\n", plots->slugs[i]);
    if (plots->missing[0])
        fprintf(out, "No plots: %s\n", plots->missing);
    fprintf(out, "\n## Rows\n\n");
    failed |= w4_table_write_markdown(rows, out);
    w4_table_destroy(statistics);
    w4_table_destroy(rows);
    return failed;
}

enum w4_status w4_validation_save_markdown(const struct w4_validation_report *report, const char *folder,
                                           struct w4_error *error)
{
    struct plots plots = {0};
    char *text = NULL;
    size_t size = 0;
    enum w4_status status = save_plots(report, folder, &plots, error);
    if (status != W4_OK)
        return status;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return w4_fail(error, W4_MEMORY, "out of memory for the report");
    int failed = write_text(report, &plots, out);
    failed |= ferror(out) != 0;
    failed |= fclose(out) != 0;
    status = failed ? w4_fail(error, W4_MEMORY, "out of memory for the report")
                    : save_text(folder, "model-validation.md", text, error);
    free(text);
    return status;
}
