// The table of series: the project's own reads, and every kind of mistake is refused with file, line and field.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../base/file.h"
#include "../../../harness/validation/accepted.h"
#include "../../../harness/validation/series.h"

static char folder[] = "/tmp/w4-series-XXXXXX";
static char series_path[64], table_path[64], accepted_path[64];

static const char good[] =
    "{\"schema\": 1, \"clock\": {\"mhz\": 2700, \"reason\": \"why\"},\n"
    " \"series\": [{\"name\": \"one\", \"title\": \"t\", \"kind\": \"gemm\", \"kernel\": \"k\", \"data\": \"t.csv\",\n"
    "  \"columns\": {\"m\": \"M\", \"n\": \"N\", \"k\": \"K\", \"hardware\": \"tflops\"},\n"
    "  \"constants\": {\"group_size\": \"128\", \"type\": \"fp16\", \"zero_point\": \"1\"},\n"
    "  \"where\": {\"M\": [\"16\", \"32\"]}, \"label\": \"{layer} M={M}!\", \"unit\": \"TFLOPS\", \"fitted\": false,\n"
    "  \"target\": {\"median\": 0.1}, \"quick_every\": 2}],\n"
    " \"changes\": []}\n";
static const char table[] = "layer,M,N,K,tflops\nup,16,256,512,1.5\nup,64,256,512,2\ndown,32,512,256,4\n";

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(series_path, sizeof(series_path), "%s/series.json", folder);
    snprintf(table_path, sizeof(table_path), "%s/t.csv", folder);
    snprintf(accepted_path, sizeof(accepted_path), "%s/accepted.json", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(series_path);
    (void)unlink(table_path);
    (void)unlink(accepted_path);
    return rmdir(folder);
}

static void write_text(const char *path, const char *text)
{
    assert_int_equal(w4_file_write_atomic(path, text, strlen(text), NULL), W4_OK);
}

static void rows_come_from_the_table(void **state)
{
    (void)state;
    struct w4_validation validation;
    struct w4_error error = {0};
    write_text(series_path, good);
    write_text(table_path, table);
    if (w4_validation_load(folder, &validation, &error) != W4_OK)
        fail_msg("%s", error.message);
    assert_int_equal(validation.series_count, 1);
    assert_int_equal(validation.row_count, 2);
    const struct w4_validation_row *row = &validation.rows[1];
    assert_string_equal(row->id, "one/down M=32!");
    assert_int_equal(row->shape.m, 32);
    assert_int_equal(row->shape.n, 512);
    assert_int_equal(row->shape.k, 256);
    assert_int_equal(row->shape.group_size, 128);
    assert_true(row->shape.zero_point && row->shape.dtype == W4_FP16);
    assert_true(row->hardware == 4 && row->clock_mhz == 2700);
    assert_true(validation.rows[0].quick && !row->quick);
    assert_true(validation.series[0].target.median == 0.1 && validation.series[0].target.worst < 0);
    w4_validation_fini(&validation);
}

// Bytes of weights over the published time: 2 M N K / TFLOPS.
static void rows_below_a_bandwidth_are_left_out(void **state)
{
    (void)state;
    struct w4_validation validation;
    char text[sizeof(good) + 64];
    const char *at = strstr(good, "\"quick_every\"");
    snprintf(text, sizeof(text), "%.*s\"minimum_weight_gbytes_per_s\": 30, %s", (int)(at - good), good, at);
    write_text(series_path, text);
    write_text(table_path, table);
    assert_int_equal(w4_validation_load(folder, &validation, NULL), W4_OK);
    // 69632 bytes; 2 x 16 x 131072 FLOP at 1.5 TFLOPS take 2.80 us (24.9 GB/s), twice as many at 4 TFLOPS 2.10 us
    // (33.2).
    assert_int_equal(validation.row_count, 1);
    assert_int_equal(validation.rows[0].shape.m, 32);
    w4_validation_fini(&validation);
}

static void mistakes_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *message;
    } rows[] = {
        {"\"schema\": 1", "\"schema\": 2", "schema"},
        {"\"gemm\"", "\"gem\"", "\"gem\" is no kind"},
        {"\"kernel\": \"k\", ", "", "kernel"},
        {"\"title\": \"t\"", "\"titel\": \"t\"", "titel"},
        {"t.csv", "u.csv", "u.csv"},
        {"\"m\": \"M\"", "\"m\": \"X\"", "has no column \"X\""},
        {"\"m\": \"M\", ", "", "no column and no constant is \"m\""},
        {"\"m\": \"M\"", "\"mm\": \"M\"", "mm"},
        {"fp16", "fp8", "\"fp8\" is not fp16 or bf16"},
        {"\"zero_point\": \"1\"", "\"zero_point\": \"2\"", "zero_point: \"2\" is no such number"},
        {"\"hardware\": \"tflops\"", "\"hardware\": \"layer\"", ":2: hardware: \"up\" is no such number"},
        {"\"16\", \"32\"", "\"17\"", "no row of"},
        {"\"where\": {\"M\": [\"16\", \"32\"]}", "\"where\": [1]", "where"},
        {"{layer}", "{layers}", "has no column \"layers\""},
        {"{layer} M={M}!", "{layer} M={M", "without its }"},
        {"\"median\": 0.1", "\"mean\": 0.1", "mean"},
        {"\"median\": 0.1", "\"median\": -1", "median"},
        {"\"changes\": []",
         "\"changes\": [{\"name\": \"c\", \"before\": \"one\", \"after\": \"two\", \"threshold\": 0}]",
         "there is no series \"two\""},
    };
    write_text(table_path, table);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        char text[sizeof(good) + 256];
        struct w4_validation validation;
        struct w4_error error = {0};
        const char *at = strstr(good, rows[i].from);
        assert_non_null(at);
        snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good, rows[i].to, at + strlen(rows[i].from));
        write_text(series_path, text);
        if (w4_validation_load(folder, &validation, &error) == W4_OK)
            fail_msg("row %zu (%s) was read", i, rows[i].to);
        if (!strstr(error.message, rows[i].message) || !strstr(error.message, folder))
            fail_msg("row %zu: \"%s\" lacks \"%s\"", i, error.message, rows[i].message);
        assert_null(validation.rows);
    }
}

static void accepted_figures_are_read_back_and_merged(void **state)
{
    (void)state;
    struct w4_validation validation;
    struct w4_accepted accepted;
    struct w4_error error = {0};
    write_text(series_path, good);
    write_text(table_path, table);
    assert_int_equal(w4_validation_load(folder, &validation, &error), W4_OK);
    assert_int_equal(w4_accepted_load(folder, &validation, &accepted, &error), W4_OK);
    assert_true(accepted.model[0] == 0 && accepted.model[1] == 0);
    struct w4_validation_outcome outcomes[2] = {{.state = W4_VALIDATION_DONE, .model = 1.25},
                                                {.state = W4_VALIDATION_DONE, .model = 4}};
    bool selected[2] = {true, false};
    assert_int_equal(w4_accepted_save(folder, &validation, selected, outcomes, "cycles-1", "first", &accepted, &error),
                     W4_OK);
    selected[0] = false;
    selected[1] = true;
    outcomes[0].model = 9;
    assert_int_equal(w4_accepted_save(folder, &validation, selected, outcomes, "cycles-2", "second", &accepted, &error),
                     W4_OK);
    w4_accepted_fini(&accepted);
    assert_int_equal(w4_accepted_load(folder, &validation, &accepted, &error), W4_OK);
    assert_true(accepted.model[0] == 1.25 && accepted.model[1] == 4);
    assert_string_equal(accepted.reason, "second");
    assert_string_equal(accepted.model_key, "cycles-2");
    assert_int_equal(accepted.stale, 0);
    w4_accepted_fini(&accepted);
    write_text(accepted_path,
               "{\"schema\": 1, \"model\": \"m\", \"date\": \"d\", \"reason\": \"r\", \"rows\": {\"gone\": 1}}");
    assert_int_equal(w4_accepted_load(folder, &validation, &accepted, &error), W4_OK);
    assert_int_equal(accepted.stale, 1);
    w4_accepted_fini(&accepted);
    write_text(accepted_path,
               "{\"schema\": 1, \"model\": \"m\", \"date\": \"d\", \"reason\": \"r\",\n \"rows\": {\"gone\": -1}}");
    assert_int_equal(w4_accepted_load(folder, &validation, &accepted, &error), W4_PARSE);
    assert_non_null(strstr(error.message, "accepted.json:2"));
    w4_validation_fini(&validation);
}

static void the_projects_own_table_reads(void **state)
{
    (void)state;
    struct w4_validation validation;
    struct w4_error error = {0};
    if (w4_validation_load(W4_SOURCE_DIR "/validation", &validation, &error) != W4_OK)
        fail_msg("%s", error.message);
    // Ids are keys of accepted.json.
    for (size_t i = 0; i < validation.row_count; ++i)
        for (size_t k = 0; k < i; ++k)
            assert_string_not_equal(validation.rows[i].id, validation.rows[k].id);
    w4_validation_fini(&validation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_from_the_table),
        cmocka_unit_test(rows_below_a_bandwidth_are_left_out),
        cmocka_unit_test(mistakes_are_refused_with_their_place),
        cmocka_unit_test(accepted_figures_are_read_back_and_merged),
        cmocka_unit_test(the_projects_own_table_reads),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
