// The template engine against examples of mustache's manual, and slips that must be seen.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../harness/report/svg.h"
#include "../../../harness/report/template.h"
#include "../../../harness/report/view.h"

struct example {
    const char *text, *data, *expected;
};

static enum w4_status fill(const char *text, const char *data, char **filled, struct w4_error *error)
{
    json_t *root = json_loads(data, 0, NULL);
    size_t size = 0;
    FILE *out = open_memstream(filled, &size);
    assert_non_null(root);
    assert_non_null(out);
    enum w4_status status = w4_template_write("page", text, root, out, error);
    assert_int_equal(fclose(out), 0);
    json_decref(root);
    return status;
}

static void templates_are_filled(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"no tags", "{}", "no tags"},
        {"{{name}} is {{ age }}", "{\"name\": \"Ann\", \"age\": 7}", "Ann is 7"},
        {"{{x}} {{{x}}}", "{\"x\": \"<b a='1'>&\\\"\"}", "&lt;b a=&#39;1&#39;&gt;&amp;&quot; <b a='1'>&\""},
        {"{{a.b.c}}", "{\"a\": {\"b\": {\"c\": \"deep\"}}}", "deep"},
        {"{{#list}}<{{.}}>{{/list}}", "{\"list\": [\"a\", \"b\"]}", "<a><b>"},
        {"{{#list}}x{{/list}}{{^list}}none{{/list}}", "{\"list\": []}", "none"},
        {"{{#flag}}yes{{/flag}}{{^flag}}no{{/flag}}", "{\"flag\": false}", "no"},
        {"{{#text}}[{{.}}]{{/text}}", "{\"text\": \"\"}", ""},
        {"{{#missing}}x{{/missing}}-", "{}", "-"},
        // An inner value hides an outer one, an outer one is seen from inside.
        {"{{#in}}{{name}} {{other}}{{/in}}", "{\"name\": \"out\", \"other\": \"o\", \"in\": {\"name\": \"in\"}}",
         "in o"},
        {"{{#a}}{{#a}}{{x}}{{/a}}{{/a}}", "{\"a\": {\"x\": \"1\", \"a\": {\"x\": \"2\"}}}", "2"},
        // Lines that hold only a section tag or a comment vanish.
        {"a\n  {{#list}}\n{{.}}\n  {{/list}}\nb\n", "{\"list\": [\"1\", \"2\"]}", "a\n1\n2\nb\n"},
        {"a\n{{! nothing }}\nb", "{}", "a\nb"},
        {"{{#list}}\n{{/list}}\n", "{\"list\": [\"1\"]}", ""},
    };
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); ++i) {
        struct w4_error error = {0};
        char *filled = NULL;
        if (fill(examples[i].text, examples[i].data, &filled, &error) != W4_OK)
            fail_msg("%s: %s", examples[i].text, error.message);
        assert_string_equal(filled, examples[i].expected);
        free(filled);
    }
}

static void slips_name_the_line(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"a\nb {{nonesuch}}", "{\"none\": \"x\"}", "page:2: no text or integer is named \"nonesuch\""},
        {"{{list}}", "{\"list\": []}", "page:1: no text or integer is named \"list\""},
        {"{{#a}}x", "{\"a\": 1}", "page:1: this section is not closed: \"a\""},
        {"\n\nx {{/a}}", "{}", "page:3: nothing opened the section \"a\""},
        {"{{name", "{\"name\": \"x\"}", "page:1: a tag is not closed: \"{{\""},
        {"{{{name}}", "{\"name\": \"x\"}", "page:1: a tag is not closed: \"{{{\""},
    };
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); ++i) {
        struct w4_error error = {0};
        char *filled = NULL;
        assert_int_equal(fill(examples[i].text, examples[i].data, &filled, &error), W4_INTERNAL);
        assert_string_equal(error.message, examples[i].expected);
        free(filled);
    }
}

static void a_view_holds_only_what_markup_may_hold(void **state)
{
    (void)state;
    struct w4_view view;
    w4_view_init(&view);
    w4_view_text(&view, view.root, "text", "%s", "a\x01\xff\xe2\x82\xac\xed\xa0\x80");
    assert_string_equal(json_string_value(json_object_get(view.root, "text")), "a??\xe2\x82\xac???");
    // Nothing is built below a parent that memory did not suffice for, and that is remembered.
    assert_false(view.failed);
    assert_null(w4_view_item(&view, NULL));
    assert_true(view.failed);
    w4_view_fini(&view);
}

static void pictures_lose_prolog_ground_and_literal_colours(void **state)
{
    (void)state;
    static const char picture[] =
        "<?xml version=\"1.0\"?>\n<svg\n viewBox=\"0 0 440 300\"\n>\n<title>Gnuplot</title>\n<g id=\"canvas\">\n"
        "<rect x=\"0\" y=\"0\" width=\"440\" height=\"300\" fill=\"#ffffff\"/>\n"
        "<g fill=\"none\" color=\"black\">\n</g>\n"
        "<path stroke='rgb( 11,  98, 196)'/><use xlink:href='#gpPt4'/><g fill=\"black\"><text>a &lt; b</text></g></g>\n"
        "</svg>\n";
    char *fitted = w4_svg_for_page(picture, "p1-", "rate \"x\" < 2");
    assert_non_null(fitted);
    assert_string_equal(fitted, "<svg class=\"plot\" viewBox=\"0 0 440 300\" role=\"img\" "
                                "aria-label=\"rate &quot;x&quot; &lt; 2\">\n<g id=\"p1-canvas\">\n\n"
                                "<path stroke='var(--series-1)'/><use xlink:href='#p1-gpPt4'/>"
                                "<g fill=\"var(--ink)\"><text>a &lt; b</text></g></g>\n</svg>\n");
    free(fitted);
    assert_null(w4_svg_for_page("<svg></svg>", "p1-", "no box"));
    assert_null(w4_svg_for_page("", "p1-", "nothing"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates_are_filled),
        cmocka_unit_test(slips_name_the_line),
        cmocka_unit_test(a_view_holds_only_what_markup_may_hold),
        cmocka_unit_test(pictures_lose_prolog_ground_and_literal_colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
