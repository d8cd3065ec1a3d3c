// Kernels that are right give no finding, compute what the host computes, and do so too on the worst machine that the
// ISA allows.
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../base/file.h"
#include "subject.h"

static void is_clean_and_right(void **state)
{
    const struct subject *subject = *state;
    struct w4_error error = {0};
    char *object = NULL, why[128] = "";
    size_t size;
    if (w4_file_read(subject->path, 1u << 26, &object, &size, &error) != W4_OK)
        fail_msg("%s", error.message);
    for (int mode = SUBJECT_PLAIN; mode <= SUBJECT_ADVERSARY; mode++) {
        const struct subject_run run = {.mode = (enum subject_mode)mode, .seed = 11, .object = object, .size = size};
        struct subject_outcome outcome;
        if (!subject_launch(subject, &run, &outcome) || outcome.faulted || outcome.findings)
            fail_msg("mode %d, %zu findings: %s", mode, outcome.findings, outcome.first);
        if (!subject->judge(subject, subject_output(subject, &outcome), why))
            fail_msg("mode %d: %s", mode, why);
        subject_outcome_fini(&outcome);
    }
    free(object);
}

int main(void)
{
    static const char *const builds[] = {"o1", "o2", "o3", "cu", "wave64"};
    struct subject *subjects = calloc(SUBJECT_CASES, sizeof *subjects);
    struct CMUnitTest tests[SUBJECT_CASES];
    if (!subjects)
        return 1;
    size_t count = 0;
    for (size_t i = 0; i < sizeof builds / sizeof *builds; i++)
        count += subjects_of_corpus(builds[i], subjects + count, SUBJECT_CASES - count);
    count += subjects_of_suite(subjects + count, SUBJECT_CASES - count);
    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){subjects[i].title, is_clean_and_right, NULL, NULL, &subjects[i]};
    const int failed = _cmocka_run_group_tests("corpus", tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        subject_fini(&subjects[i]);
    free(subjects);
    return failed;
}
