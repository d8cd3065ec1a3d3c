// CSV tables: cells by column name, and broken files refused with file and line.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../base/csv.h"
#include "../../base/file.h"

static char path[] = "/tmp/w4-csv-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    const int descriptor = mkstemp(path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_text(const char *text, size_t size)
{
    assert_int_equal(w4_file_write_atomic(path, text, size, NULL), W4_OK);
}

static void cells_are_found_by_column_name(void **state)
{
    (void)state;
    struct w4_csv csv;
    struct w4_error error = {0};
    size_t column = 0;
    const char text[] = "a,b,note\r\n1,2,\n3,,last";
    write_text(text, strlen(text));
    assert_int_equal(w4_csv_load(&csv, path, &error), W4_OK);
    assert_int_equal(csv.columns, 3);
    assert_int_equal(csv.rows, 2);
    assert_int_equal(w4_csv_column(&csv, "b", &column, &error), W4_OK);
    assert_string_equal(w4_csv_cell(&csv, 0, column), "2");
    assert_string_equal(w4_csv_cell(&csv, 1, column), "");
    assert_string_equal(w4_csv_cell(&csv, 0, 2), "");
    assert_string_equal(w4_csv_cell(&csv, 1, 2), "last");
    assert_int_equal(w4_csv_column(&csv, "c", &column, &error), W4_NOT_FOUND);
    assert_non_null(strstr(error.message, "\"c\"; there are: a, b, note"));
    error = (struct w4_error){0};
    assert_int_equal(w4_csv_fail(&csv, 1, "b", &error, "is %s", "empty"), W4_PARSE);
    assert_non_null(strstr(error.message, ":3: b: is empty"));
    w4_csv_fini(&csv);
}

static void broken_tables_are_refused_with_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size;
        const char *message;
    } rows[] = {
        {"a,b\n1,2\n1\n", 10, ":3: 1 cells instead of 2"},
        {"a,b\n1,2,3\n", 10, ":2: 3 cells instead of 2"},
        {"a,b\n\n1,2\n", 9, ":2: 1 cells instead of 2"},
        {"a,a\n1,2\n", 8, ":1: two columns are named \"a\""},
        {"a,\n1,2\n", 7, ":1: column 2 has no name"},
        {"", 0, ":1: column 1 has no name"},
        {"a,b\n", 4, "has no row"},
        {"a,b\n\"x,y\",2\n", 12, "quotes"},
        {"a,b\n1,\0002\n", 9, "zero byte"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        struct w4_csv csv;
        struct w4_error error = {0};
        write_text(rows[i].text, rows[i].size);
        assert_int_equal(w4_csv_load(&csv, path, &error), W4_PARSE);
        if (!strstr(error.message, rows[i].message) || !strstr(error.message, path))
            fail_msg("row %zu: \"%s\" lacks \"%s\"", i, error.message, rows[i].message);
    }
    struct w4_csv csv;
    assert_int_equal(w4_csv_load(&csv, "/nonexistent.csv", NULL), W4_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_found_by_column_name),
        cmocka_unit_test(broken_tables_are_refused_with_their_line),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
