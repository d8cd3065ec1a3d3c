// docs/timing-model.md says what the model's table of parameters says. W4_UPDATE_GOLDEN=1 writes it anew.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../base/file.h"
#include "../../../emulator/timing/params.h"

static const char path[] = W4_SOURCE_DIR "/docs/timing-model.md";

static const char head[] =
    "# The execution-driven timing model\n"
    "\n"
    "`gfx1151-run --model cycles` runs a launch in the order of modelled time: workgroups are dispatched to the 20 "
    "WGPs "
    "under the\n"
    "limits of waves, VGPRs and LDS; every SIMD issues from its waves, oldest first, as ports, dependencies, "
    "s_delay_alu, "
    "wait\n"
    "counters and barriers allow; LDS accesses pass through the WGP's banks; vector memory goes through L0, GL1, L2, "
    "MALL "
    "and\n"
    "DRAM with their lines, channels of 256 bytes, bandwidths and latencies; instructions are fetched through the "
    "WGP's "
    "cache.\n"
    "All times are integers (1/1024 cycle) and one host thread computes them, so that every host gets the same "
    "cycles.\n"
    "\n"
    "Large launches are simulated until the rate of finished workgroups is steady, and extrapolated; "
    "`workgroups_run` says how\n"
    "many were simulated.\n"
    "\n"
    "## How good it is\n"
    "\n"
    "The loops of `data/gfx1151_cycles.csv` (published from a real gfx1151) come out with a median error of 1.0 % and "
    "a "
    "worst one\n"
    "of 6.5 % (`w4bench model validate --series loops` prints every row). Whole kernels "
    "are "
    "not\n"
    "validated yet: neither the published Triton figures nor the row-stride series. `w4bench --timing-model issue` "
    "still gives\n"
    "the issue-only figures.\n"
    "\n"
    "## Parameters\n"
    "\n"
    "Made from `emulator/timing/params.def`. None belongs to a kernel or a shape. *measured* and *documented*: by "
    "others, "
    "see the\n"
    "note; *fitted*: chosen so that the published loops come out; *assumed*: no source.\n"
    "\n"
    "| parameter | value | unit | origin | note |\n"
    "|---|---|---|---|---|\n";

static char *make_document(void)
{
    static const char *const origins[] = {"documented", "measured", "fitted", "assumed"};
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    fputs(head, stream);
    for (const struct emu_param_row *row = emu_param_rows; row->name; row++)
        fprintf(stream, "| `%s` | %g | %s | %s | %s |\n", row->name, row->value, row->unit, origins[row->origin],
                row->note);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static void the_document_is_the_table(void **state)
{
    (void)state;
    char *made = make_document();
    struct w4_error error = {0};
    if (getenv("W4_UPDATE_GOLDEN"))
        assert_int_equal(w4_file_write_atomic(path, made, strlen(made), &error), W4_OK);
    char *committed = NULL;
    size_t size = 0;
    if (w4_file_read(path, 1u << 20, &committed, &size, &error) != W4_OK)
        fail_msg("%s", error.message);
    assert_string_equal(made, committed);
    free(committed);
    free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_document_is_the_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
