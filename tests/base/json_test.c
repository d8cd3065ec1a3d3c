// Strict JSON: what is refused, and that the message names the place.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../base/json.h"

static void assert_message(const struct w4_error *error, const char *text)
{
    if (!strstr(error->message, text))
        fail_msg("message \"%s\" lacks \"%s\"", error->message, text);
}

static void malformed_text_is_refused_with_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "f.json:1:0"},
        {"{\n  \"a\": 1,\n  oops\n}", "f.json:3:"},
        {"{\"a\": 1", "f.json:1:"},
        {"{\"a\": 1,\n \"a\": 2}", "duplicate"},
        {"{\"a\": 1} x", "f.json:1:"},
        {"[1e999]", "f.json:1:"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct w4_json json;
        struct w4_error error = {0};
        assert_int_equal(w4_json_parse(&json, "f.json", rows[i].text, &error), W4_PARSE);
        assert_message(&error, rows[i].message);
    }
}

static const char sample[] = "{\n"
                             "  \"name\": \"x\",\n"
                             "  \"list\": [\n"
                             "    {\"n\": 1, \"skip\": [1, {\"n\": \"]}\"}]},\n"
                             "    {\"esc\\u0061ped\\\"\": true,\n"
                             "     \"n\": -2.5}\n"
                             "  ]\n"
                             "}\n";

static void a_wrong_value_is_named_by_line_column_and_field(void **state)
{
    (void)state;
    struct w4_json json;
    struct w4_error error = {0};
    assert_int_equal(w4_json_parse(&json, "f.json", sample, &error), W4_OK);
    const struct w4_json_at root = w4_json_root(&json);
    struct w4_json_at list;
    assert_int_equal(w4_json_member(&root, "list", &list, &error), W4_OK);
    size_t length = 0;
    assert_int_equal(w4_json_array(&list, &length, &error), W4_OK);
    assert_int_equal(length, 2);
    const struct w4_json_at second = w4_json_item(&list, 1);
    int64_t number = 0;

    assert_int_equal(w4_json_get_integer(&second, "n", 0, 9, &number, &error), W4_PARSE);
    assert_string_equal(error.message, "f.json:6:11: list[1].n: is a real number, must be an integer");

    error = (struct w4_error){0};
    struct w4_json_at member;
    w4_json_optional(&second, "escaped\"", &member);
    assert_non_null(member.value);
    assert_int_equal(w4_json_integer(&member, 0, 9, &number, &error), W4_PARSE);
    assert_message(&error, "f.json:5:24: list[1].escaped\": is true");

    error = (struct w4_error){0};
    const struct w4_json_at first = w4_json_item(&list, 0);
    assert_int_equal(w4_json_get_integer(&first, "n", 2, 9, &number, &error), W4_PARSE);
    assert_string_equal(error.message, "f.json:4:11: list[0].n: 1 is outside 2..9");

    error = (struct w4_error){0};
    assert_int_equal(w4_json_get_integer(&first, "absent", 2, 9, &number, &error), W4_PARSE);
    assert_string_equal(error.message, "f.json:4:5: list[0]: lacks the field \"absent\"");
    w4_json_fini(&json);
}

static void unknown_keys_are_refused_and_the_known_ones_listed(void **state)
{
    (void)state;
    struct w4_json json;
    struct w4_error error = {0};
    assert_int_equal(w4_json_parse(&json, "f.json", "{\"a\": 1,\n\"bb\": 2}", &error), W4_OK);
    const struct w4_json_at root = w4_json_root(&json);
    assert_int_equal(w4_json_keys(&root, (const char *const[]){"a", "bb", NULL}, &error), W4_OK);
    assert_int_equal(w4_json_keys(&root, (const char *const[]){"a", "b", NULL}, &error), W4_PARSE);
    assert_string_equal(error.message, "f.json:2:7: bb: unknown key; known here: a, b");
    w4_json_fini(&json);
}

static void the_first_error_wins(void **state)
{
    (void)state;
    struct w4_error error = {0};
    assert_int_equal(w4_fail(&error, W4_IO, "first\nline"), W4_IO);
    assert_int_equal(w4_fail(&error, W4_RANGE, "second"), W4_RANGE);
    assert_int_equal(error.status, W4_IO);
    assert_string_equal(error.message, "first line");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_text_is_refused_with_line_and_column),
        cmocka_unit_test(a_wrong_value_is_named_by_line_column_and_field),
        cmocka_unit_test(unknown_keys_are_refused_and_the_known_ones_listed),
        cmocka_unit_test(the_first_error_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
