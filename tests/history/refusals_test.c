// What the store refuses, and that nothing is lost by it.
#include "made.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

static void expect_refusal(const struct made *made, enum w4_history_mode mode, enum w4_status status, const char *text)
{
    struct w4_history *history = NULL;
    struct w4_error error = {0};
    assert_int_equal(w4_history_open(made->path, mode, 10, &history, &error), status);
    assert_null(history);
    assert_non_null(strstr(error.message, text));
    assert_non_null(strstr(error.message, made->path));
}

static void fill(const struct made *made, int nights)
{
    struct w4_history *history = made_open(made, W4_HISTORY_ADD);
    for (int day = 1; day <= nights; ++day) {
        struct made_night night;
        made_night(&night, day, 20);
        made_must_add(history, &night.run);
    }
    w4_history_close(history);
}

static void execute(const struct made *made, const char *sql)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(made->path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static void reading_a_missing_store_says_how_to_make_one(void **state)
{
    expect_refusal(*state, W4_HISTORY_READ, W4_NOT_FOUND, "w4bench history add");
}

static void a_file_that_is_no_database_is_refused_and_left_alone(void **state)
{
    const struct made *made = *state;
    struct stat info;
    FILE *file = fopen(made->path, "w");
    assert_non_null(file);
    for (int i = 0; i < 200; ++i)
        fputs("this is a text, and no database\n", file);
    assert_int_equal(fclose(file), 0);
    expect_refusal(made, W4_HISTORY_ADD, W4_PARSE, "is no history");
    assert_int_equal(stat(made->path, &info), 0);
    assert_int_equal(info.st_size, 200 * 32);
}

static void a_database_of_something_else_is_refused(void **state)
{
    execute(*state, "CREATE TABLE bookmarks (url TEXT)");
    expect_refusal(*state, W4_HISTORY_ADD, W4_PARSE, "something else");
}

static void a_newer_schema_is_refused(void **state)
{
    fill(*state, 1);
    execute(*state, "PRAGMA user_version = 2");
    expect_refusal(*state, W4_HISTORY_ADD, W4_PARSE, "a newer w4bench made this history (schema 2");
    expect_refusal(*state, W4_HISTORY_READ, W4_PARSE, "use that one");
}

static void a_damaged_store_is_refused(void **state)
{
    const struct made *made = *state;
    unsigned char garbage[4096];
    fill(made, 28);
    memset(garbage, 0xa5, sizeof(garbage));
    FILE *file = fopen(made->path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, 4096, SEEK_SET), 0); // the second page: the root of a table
    assert_int_equal(fwrite(garbage, sizeof(garbage), 1, file), 1);
    assert_int_equal(fclose(file), 0);
    expect_refusal(made, W4_HISTORY_READ, W4_PARSE, "damaged");
    expect_refusal(made, W4_HISTORY_ADD, W4_PARSE, "Put a copy back");
}

static void a_truncated_store_is_refused(void **state)
{
    const struct made *made = *state;
    struct stat info;
    fill(made, 28);
    assert_int_equal(stat(made->path, &info), 0);
    assert_int_equal(truncate(made->path, info.st_size / 2), 0);
    expect_refusal(made, W4_HISTORY_ADD, W4_PARSE, "damaged");
}

static void a_store_that_another_process_writes_is_refused_and_works_again_later(void **state)
{
    const struct made *made = *state;
    sqlite3 *other = NULL;
    struct made_night night;
    struct w4_error error = {0};
    enum w4_history_added added;
    fill(made, 1);
    struct w4_history *history = made_open(made, W4_HISTORY_ADD);
    assert_int_equal(sqlite3_open(made->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    made_night(&night, 2, 20);
    assert_int_equal(made_add(history, &night.run, &added, &error), W4_IO);
    assert_non_null(strstr(error.message, "another process is writing"));
    sqlite3_close(other);
    made_must_add(history, &night.run);
    assert_int_equal(made_count(history), 2);
    w4_history_close(history);
}

static void a_full_disk_leaves_the_store_as_it_was(void **state)
{
    enum { BYTES = 1 << 20 };
    const struct made *made = *state;
    struct made_night night;
    struct stat info;
    struct w4_error error = {0};
    enum w4_history_added added;
    struct rlimit before;
    static char document[BYTES]; // what does not compress needs room
    uint32_t value = 1;
    for (size_t i = 0; i < BYTES; ++i) {
        value = value * 1664525u + 1013904223u;
        document[i] = (char)(value >> 24);
    }
    fill(made, 3);
    struct w4_history *history = made_open(made, W4_HISTORY_ADD);
    made_night(&night, 4, 20);
    night.run.document = document;
    night.run.document_bytes = BYTES;
    assert_int_equal(stat(made->path, &info), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    const struct rlimit full = {(rlim_t)info.st_size + 65536, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
    enum w4_status status = made_add(history, &night.run, &added, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, W4_IO);
    assert_non_null(strstr(error.message, "nothing was added"));
    w4_history_close(history);
    history = made_open(made, W4_HISTORY_ADD); // checks the file's structure
    assert_int_equal(made_count(history), 3);
    made_must_add(history, &night.run);
    w4_history_close(history);
}

static void an_edited_run_is_refused_and_changes_nothing(void **state)
{
    struct w4_history *history = made_open(*state, W4_HISTORY_ADD);
    struct made_night night;
    struct w4_error error = {0};
    enum w4_history_added added;
    made_night(&night, 1, 20);
    made_must_add(history, &night.run);
    night.run.content = "other";
    assert_int_equal(made_add(history, &night.run, &added, &error), W4_USAGE);
    assert_non_null(strstr(error.message, "with other contents"));
    assert_int_equal(made_count(history), 1);
    w4_history_close(history);
}

static void measured_and_modelled_never_share_a_device_key(void **state)
{
    struct w4_history *history = made_open(*state, W4_HISTORY_ADD);
    struct made_night night;
    struct w4_error error = {0};
    enum w4_history_added added;
    made_night(&night, 1, 20);
    made_must_add(history, &night.run);
    made_night(&night, 2, 20);
    night.run.modelled = true;
    night.run.model_version = "issue-1";
    assert_int_equal(made_add(history, &night.run, &added, &error), W4_USAGE);
    assert_non_null(strstr(error.message, "is measured in the history and modelled in this file"));
    assert_int_equal(made_count(history), 1);
    w4_history_close(history);
}

int main(void)
{
#define MADE_TEST(function) cmocka_unit_test_setup_teardown(function, made_setup, made_teardown)
    const struct CMUnitTest tests[] = {
        MADE_TEST(reading_a_missing_store_says_how_to_make_one),
        MADE_TEST(a_file_that_is_no_database_is_refused_and_left_alone),
        MADE_TEST(a_database_of_something_else_is_refused),
        MADE_TEST(a_newer_schema_is_refused),
        MADE_TEST(a_damaged_store_is_refused),
        MADE_TEST(a_truncated_store_is_refused),
        MADE_TEST(a_store_that_another_process_writes_is_refused_and_works_again_later),
        MADE_TEST(a_full_disk_leaves_the_store_as_it_was),
        MADE_TEST(an_edited_run_is_refused_and_changes_nothing),
        MADE_TEST(measured_and_modelled_never_share_a_device_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
