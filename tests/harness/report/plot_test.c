// Plots: every template draws, hostile titles stay text, and a missing gnuplot is an error that says what to install.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../harness/report/plot.h"

static const struct w4_plot_point points[] = {{1, 2, "left"}, {10, 11, "'; system('false') #\" `false`"}};
static const struct w4_plot_series series[] = {{"it's `false` \\ @x", points, 2}, {"second_one", points, 1}};

static const struct w4_plot_setting settings[] = {
    {"plot_title", "a title with 'quotes'\nand a line", 0},
    {"x_title", "x", 0},
    {"y_title", "y", 0},
    {"low", NULL, 0.5},
    {"high", NULL, 20},
    {"band", NULL, 0.1},
    {"x_log", NULL, 1},
    {"x_low", NULL, 0.1},
    {"x_high", NULL, 100},
    {"y_low", NULL, 0.1},
    {"y_high", NULL, 100},
    {"peak_tflops", NULL, 55.5},
    {"peak_title", "WMMA", 0},
    {"slope_count", NULL, 1},
    {"slope_1_gbytes", NULL, 240.5},
    {"slope_1_title", "DRAM", 0},
};

static struct w4_plot plot_of(const char *template_name)
{
    return (struct w4_plot){.template_name = template_name,
                            .width = 640,
                            .height = 480,
                            .settings = settings,
                            .setting_count = sizeof(settings) / sizeof(settings[0]),
                            .series = series,
                            .series_count = 2};
}

static void every_template_draws_titles_as_text(void **state)
{
    (void)state;
    static const char *const names[] = {"scatter", "lines", "roofline"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
        struct w4_plot plot = plot_of(names[i]);
        struct w4_error error = {0};
        char *svg = NULL;
        enum w4_status status = w4_plot_svg(&plot, &svg, &error);
        if (status == W4_NOT_FOUND) {
            print_message("skipped: %s\n", error.message);
            skip();
        }
        if (status != W4_OK)
            fail_msg("%s: %s", names[i], error.message);
        assert_non_null(strstr(svg, "<svg"));
        assert_non_null(strstr(svg, "</svg>"));
        assert_non_null(strstr(svg, "a title with 'quotes' and a line"));
        assert_non_null(strstr(svg, "it's `false` \\ @x"));
        assert_non_null(strstr(svg, "second_one"));
        free(svg);
    }
    struct w4_plot plot = plot_of("roofline");
    char *svg = NULL;
    assert_int_equal(w4_plot_svg(&plot, &svg, NULL), W4_OK);
    assert_non_null(strstr(svg, "'; system('false') #' `false`"));
    free(svg);
}

static void what_cannot_be_drawn_is_an_error(void **state)
{
    (void)state;
    struct w4_error error = {0};
    char *svg = NULL;
    struct w4_plot plot = plot_of("nonsense");
    assert_int_equal(w4_plot_svg(&plot, &svg, &error), W4_INTERNAL);
    assert_non_null(strstr(error.message, "nonsense"));
    plot = plot_of("scatter");
    plot.series_count = 0;
    assert_int_equal(w4_plot_svg(&plot, &svg, NULL), W4_USAGE);
    const struct w4_plot_series empty = {.title = "empty", .points = points, .count = 0};
    plot.series = &empty;
    plot.series_count = 1;
    memset(&error, 0, sizeof(error));
    assert_int_equal(w4_plot_svg(&plot, &svg, &error), W4_USAGE);
    assert_non_null(strstr(error.message, "\"empty\""));
    // A setting that the template needs is missing.
    plot = plot_of("scatter");
    plot.setting_count = 3;
    memset(&error, 0, sizeof(error));
    enum w4_status status = w4_plot_svg(&plot, &svg, &error);
    assert_true(status == W4_INTERNAL || status == W4_NOT_FOUND);
    assert_non_null(strstr(error.message, "gnuplot"));
    assert_null(svg);
}

static void a_missing_gnuplot_is_named_with_its_package(void **state)
{
    (void)state;
    const char *path = getenv("PATH");
    char *kept = strdup(path ? path : "");
    struct w4_error error = {0};
    struct w4_plot plot = plot_of("scatter");
    char *svg = NULL;
    assert_non_null(kept);
    assert_int_equal(setenv("PATH", "/nonexistent", 1), 0);
    assert_int_equal(w4_plot_svg(&plot, &svg, &error), W4_NOT_FOUND);
    assert_non_null(strstr(error.message, "gnuplot-nox"));
    assert_int_equal(setenv("PATH", kept, 1), 0);
    free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_template_draws_titles_as_text),
        cmocka_unit_test(what_cannot_be_drawn_is_an_error),
        cmocka_unit_test(a_missing_gnuplot_is_named_with_its_package),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
