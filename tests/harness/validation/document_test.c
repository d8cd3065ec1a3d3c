// The generated parts of docs/timing-model.md and docs/model-validation.md say what the code and the accepted figures
// say. W4_UPDATE_GOLDEN=1 writes them anew.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../base/file.h"
#include "../../../harness/parameters.h"
#include "../../../harness/validation/report.h"

typedef void (*writer)(FILE *out);

static void write_accepted(FILE *out)
{
    struct w4_error error = {0};
    if (w4_validation_write_accepted(W4_SOURCE_DIR "/validation", out, &error) != W4_OK)
        fail_msg("%s", error.message);
}

static char *text_of(writer write)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    write(out);
    assert_int_equal(fclose(out), 0);
    return text;
}

// What stands between the two marks of a document is what `write` writes.
static void check_document(const char *path, const char *command, writer write)
{
    char begin[128], *document = NULL, *wanted = text_of(write), *whole = NULL;
    size_t size = 0;
    struct w4_error error = {0};
    static const char end[] = "<!-- end of it -->";
    snprintf(begin, sizeof(begin), "<!-- made by: %s -->\n", command);
    if (w4_file_read(path, 1u << 20, &document, &size, &error) != W4_OK)
        fail_msg("%s", error.message);
    char *from = strstr(document, begin);
    char *to = from ? strstr(from, end) : NULL;
    if (!to)
        fail_msg("%s lacks \"%s\" or the end of it", path, begin);
    from += strlen(begin);
    assert_true(asprintf(&whole, "%.*s%s%s", (int)(from - document), document, wanted, to) > 0);
    if (getenv("W4_UPDATE_GOLDEN"))
        assert_int_equal(w4_file_write_atomic(path, whole, strlen(whole), &error), W4_OK);
    else
        assert_string_equal(document, whole);
    free(document);
    free(wanted);
    free(whole);
}

static void parameters_are_those_of_the_code(void **state)
{
    (void)state;
    check_document(W4_SOURCE_DIR "/docs/timing-model.md", "w4bench model parameters", w4_parameters_write);
}

static void errors_are_those_that_were_accepted(void **state)
{
    (void)state;
    check_document(W4_SOURCE_DIR "/docs/model-validation.md", "w4bench model accepted", write_accepted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_those_of_the_code),
        cmocka_unit_test(errors_are_those_that_were_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
