// Whatever the code is, checks and adversary neither crash nor run without end: code objects of the corpus with random
// bits of .text flipped. Worth most under AddressSanitizer.
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../base/file.h"
#include "../../../codeobject/codeobject.h"
#include "subject.h"

enum { ROUNDS = 40, FLIPS = 20, LIMIT = 3000 };

static void flip(uint8_t *copy, const struct co_object *object, uint64_t *random)
{
    const size_t text = (size_t)(object->text.contents - object->bytes);
    for (unsigned i = 0; i < FLIPS; i++) {
        const uint64_t bit =
            ((uint64_t)subject_random(random) << 16 ^ subject_random(random)) % (object->text.size * 8);
        copy[text + bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void survives_flipped_bits(void **state)
{
    const struct subject *subject = *state;
    struct w4_error error = {0};
    struct co_object object;
    char *bytes = NULL;
    size_t size;
    if (w4_file_read(subject->path, 1u << 26, &bytes, &size, &error) != W4_OK ||
        co_object_parse(bytes, size, subject->title, &object, &error) != W4_OK)
        fail_msg("%s", error.message);
    uint8_t *copy = malloc(size);
    assert_non_null(copy);
    uint64_t random = size;
    for (unsigned round = 0; round < ROUNDS; round++) {
        memcpy(copy, bytes, size);
        flip(copy, &object, &random);
        for (int mode = SUBJECT_CHECK; mode <= SUBJECT_ADVERSARY; mode++) {
            const struct subject_run run = {.mode = (enum subject_mode)mode,
                                            .seed = round,
                                            .object = copy,
                                            .size = size,
                                            .instruction_limit = LIMIT};
            struct subject_outcome outcome;
            if (!subject_launch(subject, &run, &outcome))
                fail_msg("%s", outcome.first);
            subject_outcome_fini(&outcome);
        }
    }
    free(copy);
    free(bytes);
    co_object_fini(&object);
}

int main(void)
{
    struct subject *subjects = calloc(SUBJECT_CASES, sizeof *subjects);
    struct CMUnitTest tests[SUBJECT_CASES];
    if (!subjects)
        return 1;
    size_t count = subjects_of_corpus("o2", subjects, SUBJECT_CASES);
    count += subjects_of_corpus("wave64", subjects + count, SUBJECT_CASES - count);
    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){subjects[i].title, survives_flipped_bits, NULL, NULL, &subjects[i]};
    const int failed = _cmocka_run_group_tests("any_code", tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        subject_fini(&subjects[i]);
    free(subjects);
    return failed;
}
