// Tables: alignment, sections, escaping.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <setjmp.h>

#include <cmocka.h>

#include "../../../harness/table.h"

static struct w4_table *make_table(void)
{
    static const struct w4_column columns[] = {{"name", true}, {"ms", false}};
    struct w4_table *table = w4_table_create(columns, 2);
    w4_table_cell(table, W4_COLOUR_NONE, "a|b<&");
    w4_table_cell(table, W4_COLOUR_BAD, "%.2f", 1.5);
    w4_table_section(table, "second");
    w4_table_cell(table, W4_COLOUR_NONE, "\xc3\xa9t\xc3\xa9s");
    w4_table_cell(table, W4_COLOUR_NONE, "%d", 12345);
    return table;
}

static void check(int (*write)(const struct w4_table *, FILE *), const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    struct w4_table *table = make_table();
    assert_int_equal(write(table, out), 0);
    w4_table_destroy(table);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, expected);
    free(text);
}

static int write_plain(const struct w4_table *table, FILE *out)
{
    return w4_table_write_terminal(table, out, false);
}

static int write_coloured(const struct w4_table *table, FILE *out)
{
    return w4_table_write_terminal(table, out, true);
}

static void terminal_columns_are_aligned_by_code_points(void **state)
{
    (void)state;
    check(write_plain, "name      ms\n"
                       "a|b<&   1.50\n"
                       "second\n"
                       "\xc3\xa9t\xc3\xa9s   12345\n");
}

static void colours_do_not_change_the_width(void **state)
{
    (void)state;
    check(write_coloured, "\033[1mname\033[0m      \033[1mms\033[0m\n"
                          "a|b<&   \033[31m1.50\033[0m\n"
                          "\033[1msecond\033[0m\n"
                          "\xc3\xa9t\xc3\xa9s   12345\n");
}

static void markdown_escapes_bars_and_marks_right_alignment(void **state)
{
    (void)state;
    check(w4_table_write_markdown, "| name | ms |\n"
                                   "|---|---:|\n"
                                   "| a\\|b&lt;&amp; | 1.50 |\n"
                                   "| **second** | |\n"
                                   "| \xc3\xa9t\xc3\xa9s | 12345 |\n");
}

static void a_table_without_memory_says_so(void **state)
{
    (void)state;
    w4_table_cell(NULL, W4_COLOUR_NONE, "x");
    w4_table_section(NULL, "x");
    assert_int_equal(w4_table_write_terminal(NULL, stdout, false), -1);
    assert_int_equal(w4_table_write_markdown(NULL, stdout), -1);
    w4_table_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terminal_columns_are_aligned_by_code_points),
        cmocka_unit_test(colours_do_not_change_the_width),
        cmocka_unit_test(markdown_escapes_bars_and_marks_right_alignment),
        cmocka_unit_test(a_table_without_memory_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
