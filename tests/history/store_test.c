// What goes into the store comes out of it: runs, series, points, facts, documents.
#include "made.h"

#include <sqlite3.h>

static void a_run_added_twice_is_known_and_stored_once(void **state)
{
    struct w4_history *history = made_open(*state, W4_HISTORY_ADD);
    struct made_night night;
    struct w4_error error = {0};
    enum w4_history_added added = W4_HISTORY_NEW;
    made_night(&night, 1, 20);
    made_must_add(history, &night.run);
    assert_int_equal(made_add(history, &night.run, &added, &error), W4_OK);
    assert_int_equal(added, W4_HISTORY_KNOWN);
    assert_int_equal(made_count(history), 1);
    w4_history_close(history);
}

static void points_come_in_order_of_time_whatever_the_order_of_adding(void **state)
{
    static const int days[] = {14, 3, 27, 9};
    static const int sorted[] = {3, 9, 14, 27};
    struct w4_history *history = made_open(*state, W4_HISTORY_ADD);
    struct w4_history_series_list list;
    struct w4_history_points points;
    struct w4_error error = {0};
    for (size_t i = 0; i < 4; ++i) {
        struct made_night night;
        made_night(&night, days[i], days[i] + 0.5);
        made_must_add(history, &night.run);
    }
    assert_int_equal(w4_history_find_series(history, "o_proj", NULL, &list, &error), W4_OK);
    assert_int_equal(list.count, 1);
    assert_false(list.items[0].modelled);
    assert_int_equal(w4_history_points(history, &list.items[0], &points, &error), W4_OK);
    assert_int_equal(points.count, 4);
    for (size_t i = 0; i < 4; ++i) {
        assert_true(points.items[i].tflops == sorted[i] + 0.5);
        assert_int_equal(points.items[i].samples, 20);
        assert_true(points.items[i].engine_mhz == 2500);
        assert_true(w4_history_is_figure(&points.items[i]));
    }
    w4_history_points_fini(&points);
    w4_history_series_fini(&list);
    w4_history_close(history);
}

static void a_series_holds_one_device_one_model_version_and_one_clock(void **state)
{
    static const struct {
        const char *device, *model;
        double clock_mhz;
    } kinds[] = {{"gfx1151-emulator-issue-1", "issue-1", 2900},
                 {"gfx1151-emulator-issue-1", "issue-1", 2600},
                 {"gfx1151-emulator-cycles-1", "cycles-1", 2900},
                 {"gfx1151-emulator-cycles-1", "cycles-2", 2900}};
    struct w4_history *history = made_open(*state, W4_HISTORY_ADD);
    struct w4_history_series_list list;
    struct w4_error error = {0};
    struct made_night measured;
    made_night(&measured, 1, 20);
    made_must_add(history, &measured.run);
    for (int i = 0; i < 4; ++i) {
        struct made_night night;
        made_night(&night, 2 + i, 20);
        night.run.modelled = true;
        night.run.device_key = kinds[i].device;
        night.run.model_version = kinds[i].model;
        night.run.clock_mhz = kinds[i].clock_mhz;
        made_must_add(history, &night.run);
    }
    assert_int_equal(w4_history_find_series(history, "*/o_proj/*", NULL, &list, &error), W4_OK);
    assert_int_equal(list.count, 5);
    for (size_t i = 0; i < list.count; ++i) {
        struct w4_history_points points;
        assert_int_equal(w4_history_points(history, &list.items[i], &points, &error), W4_OK);
        assert_int_equal(points.count, 1);
        w4_history_points_fini(&points);
    }
    w4_history_series_fini(&list);
    assert_int_equal(w4_history_find_series(history, "o_proj", "gfx1151-emulator-issue-1", &list, &error), W4_OK);
    assert_int_equal(list.count, 2);
    w4_history_series_fini(&list);
    w4_history_close(history);
}

static void a_whole_case_id_wins_over_parts_of_others(void **state)
{
    struct w4_history *history = made_open(*state, W4_HISTORY_ADD);
    struct w4_history_series_list list;
    struct w4_error error = {0};
    struct made_night night;
    made_night(&night, 1, 20);
    struct w4_history_result results[2] = {night.result, night.result};
    results[1].case_id = "qwen3-4b/o_proj/m64/fp16/g128/sym/tuned/pitch+16";
    night.run.results = results;
    night.run.result_count = 2;
    made_must_add(history, &night.run);
    assert_int_equal(w4_history_find_series(history, results[0].case_id, NULL, &list, &error), W4_OK);
    assert_int_equal(list.count, 1);
    w4_history_series_fini(&list);
    assert_int_equal(w4_history_find_series(history, "sym/tuned", NULL, &list, &error), W4_OK);
    assert_int_equal(list.count, 2);
    w4_history_series_fini(&list);
    w4_history_close(history);
}

static void the_document_comes_back_byte_for_byte(void **state)
{
    enum { BYTES = 100000 };
    struct w4_history *history = made_open(*state, W4_HISTORY_ADD);
    struct w4_error error = {0};
    struct made_night night;
    static char document[BYTES];
    uint32_t value = 1;
    char *text = NULL;
    size_t size = 0;
    for (size_t i = 0; i < BYTES; ++i) {
        value = value * 1664525u + 1013904223u;
        document[i] = (char)(value >> 24);
    }
    made_night(&night, 1, 20);
    night.run.document = document;
    night.run.document_bytes = BYTES;
    made_must_add(history, &night.run);
    assert_int_equal(w4_history_document(history, 1, &text, &size, &error), W4_OK);
    assert_int_equal(size, BYTES);
    assert_memory_equal(text, document, BYTES);
    free(text);
    assert_int_equal(w4_history_document(history, 2, &text, &size, &error), W4_NOT_FOUND);
    w4_history_close(history);
}

static void facts_are_kept_with_the_run(void **state)
{
    struct w4_history *history = made_open(*state, W4_HISTORY_ADD);
    struct w4_history_facts facts;
    struct w4_error error = {0};
    struct made_night night;
    made_night(&night, 12, 20);
    made_must_add(history, &night.run);
    assert_int_equal(w4_history_facts(history, 1, &facts, &error), W4_OK);
    assert_int_equal(facts.count, 1);
    assert_string_equal(facts.items[0].name, "driver_version");
    assert_string_equal(facts.items[0].value, "70000");
    w4_history_facts_fini(&facts);
    w4_history_close(history);
}

static void a_run_is_found_by_its_number_or_a_revision_that_only_it_has(void **state)
{
    struct w4_history *history = made_open(*state, W4_HISTORY_ADD);
    struct w4_history_info info;
    struct made_night nights[3];
    for (int i = 0; i < 3; ++i) {
        made_night(&nights[i], i + 1, 20);
        if (i == 2)
            strcpy(nights[i].revision, "0002cafe");
        made_must_add(history, &nights[i].run);
    }
    static const struct {
        const char *name;
        enum w4_status status;
        int64_t id;
    } rows[] = {{"2", W4_OK, 2},        {"0001", W4_OK, 1},       {"0002c", W4_OK, 3},      {"0002", W4_USAGE, 0},
                {"9", W4_NOT_FOUND, 0}, {"000", W4_NOT_FOUND, 0}, {"ffff", W4_NOT_FOUND, 0}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        struct w4_error error = {0};
        assert_int_equal(w4_history_find(history, rows[i].name, &info, &error), rows[i].status);
        if (rows[i].status == W4_OK)
            assert_int_equal(info.id, rows[i].id);
    }
    w4_history_close(history);
}

static void counts_tell_right_cases_from_all(void **state)
{
    struct w4_history *history = made_open(*state, W4_HISTORY_ADD);
    struct w4_history_info info;
    struct w4_error error = {0};
    struct made_night night;
    made_night(&night, 1, 20);
    struct w4_history_result results[2] = {night.result, night.result};
    results[1].case_id = "another";
    results[1].state = "wrong";
    night.run.results = results;
    night.run.result_count = 2;
    night.run.interrupted = true;
    made_must_add(history, &night.run);
    assert_int_equal(w4_history_find(history, "1", &info, &error), W4_OK);
    assert_int_equal(info.cases, 2);
    assert_int_equal(info.right, 1);
    assert_true(info.interrupted);
    w4_history_close(history);
}

static void rows_can_neither_be_changed_nor_deleted(void **state)
{
    static const char *const attempts[] = {"UPDATE result SET tflops = 99", "DELETE FROM result", "DELETE FROM fact",
                                           "UPDATE run SET revision = 'x'", "DELETE FROM device"};
    const struct made *made = *state;
    struct w4_history *history = made_open(made, W4_HISTORY_ADD);
    struct made_night night;
    sqlite3 *database = NULL;
    made_night(&night, 1, 20);
    made_must_add(history, &night.run);
    w4_history_close(history);
    assert_int_equal(sqlite3_open(made->path, &database), SQLITE_OK);
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); ++i) {
        assert_int_equal(sqlite3_exec(database, attempts[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
        assert_string_equal(sqlite3_errmsg(database), "the history is append-only");
    }
    sqlite3_close(database);
}

int main(void)
{
#define MADE_TEST(function) cmocka_unit_test_setup_teardown(function, made_setup, made_teardown)
    const struct CMUnitTest tests[] = {
        MADE_TEST(a_run_added_twice_is_known_and_stored_once),
        MADE_TEST(points_come_in_order_of_time_whatever_the_order_of_adding),
        MADE_TEST(a_series_holds_one_device_one_model_version_and_one_clock),
        MADE_TEST(a_whole_case_id_wins_over_parts_of_others),
        MADE_TEST(the_document_comes_back_byte_for_byte),
        MADE_TEST(facts_are_kept_with_the_run),
        MADE_TEST(a_run_is_found_by_its_number_or_a_revision_that_only_it_has),
        MADE_TEST(counts_tell_right_cases_from_all),
        MADE_TEST(rows_can_neither_be_changed_nor_deleted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
