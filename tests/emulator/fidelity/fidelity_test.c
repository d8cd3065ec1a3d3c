// The committed fidelity list is the instruction table's, and every row that is not exact says why.
// `--regenerate` writes the list instead.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "list.h"

static const char path[] = W4_SOURCE_DIR "/docs/fidelity.md";
static const char remedy[] = "run tests/test_fidelity --regenerate in the build folder and read the difference";

static char *read_all(FILE *file, size_t *size)
{
    char *text = NULL;
    size_t capacity = 0;
    *size = 0;
    do {
        capacity += 1 << 16;
        char *larger = realloc(text, capacity);
        if (!larger) {
            free(text);
            return NULL;
        }
        text = larger;
        *size += fread(text + *size, 1, capacity - *size, file);
    } while (*size == capacity);
    text[*size] = 0;
    return text;
}

static unsigned first_difference(const char *a, const char *b)
{
    unsigned line = 1;
    for (; *a && *a == *b; a++, b++)
        line += *a == '\n';
    return line;
}

static void committed_list_is_the_tables(void **state)
{
    (void)state;
    char *made = NULL;
    size_t made_bytes = 0, bytes = 0;
    FILE *memory = open_memstream(&made, &made_bytes);
    assert_non_null(memory);
    assert_true(fidelity_list_write(memory));
    assert_int_equal(fclose(memory), 0);
    FILE *file = fopen(path, "re");
    if (!file)
        fail_msg("%s: %s; %s", path, strerror(errno), remedy);
    char *committed = read_all(file, &bytes);
    fclose(file);
    assert_non_null(committed);
    if (strcmp(made, committed) != 0)
        fail_msg("%s:%u differs from the instruction table; %s", path, first_difference(made, committed), remedy);
    free(committed);
    free(made);
}

static void every_row_that_is_not_exact_has_a_note(void **state)
{
    (void)state;
    for (unsigned op = 1; op < EMU_OP_COUNT; op++) {
        if (emu_opcodes[op].fidelity != EMU_EXACT && fidelity_note_of(&emu_opcodes[op]) < 0)
            fail_msg("%s is not exact; say why in tests/emulator/fidelity/notes.def", emu_opcodes[op].name);
    }
}

static void every_note_stands_in_the_list(void **state)
{
    (void)state;
    bool *used = calloc(fidelity_note_count, sizeof *used);
    assert_non_null(used);
    for (unsigned op = 1; op < EMU_OP_COUNT; op++) {
        int note = fidelity_note_of(&emu_opcodes[op]);
        if (note >= 0)
            used[note] = true;
    }
    for (unsigned i = 0; i < fidelity_note_count; i++) {
        if (!used[i])
            fail_msg("notes.def: no opcode is left for the pattern %s", fidelity_notes[i].pattern);
    }
    free(used);
}

static int regenerate(void)
{
    FILE *file = fopen(path, "we");
    bool written = file && fidelity_list_write(file);
    if (file)
        written &= fclose(file) == 0;
    if (!written)
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return written ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--regenerate") == 0)
        return regenerate();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(committed_list_is_the_tables),
        cmocka_unit_test(every_row_that_is_not_exact_has_a_note),
        cmocka_unit_test(every_note_stands_in_the_list),
    };
    return cmocka_run_group_tests_name("fidelity", tests, NULL, NULL);
}
