// The report for a pull request or a job summary: verdict first, then what is not PASS, the full table folded away.
#include "report.h"

static const char *verdict_sign(enum w4_verdict verdict)
{
    static const char *const signs[W4_VERDICT_COUNT] = {
        [W4_VERDICT_PASS] = "\xe2\x9c\x85",
        [W4_VERDICT_IMPROVED] = "\xe2\x9c\xa8",
        [W4_VERDICT_UNGATED] = "\xe2\x9c\x85",
        [W4_VERDICT_DRIFT] = "\xf0\x9f\x8c\x8a",
        [W4_VERDICT_FAIL] = "\xe2\x9d\x8c",
        [W4_VERDICT_WRONG] = "\xe2\x9b\x94",
        [W4_VERDICT_INCONCLUSIVE] = "\xe2\x9d\x94",
        [W4_VERDICT_INVALID] = "\xe2\x9a\xa0\xef\xb8\x8f",
        [W4_VERDICT_MISSING] = "\xe2\x9a\xa0\xef\xb8\x8f",
        [W4_VERDICT_ERROR] = "\xe2\x9a\xa0\xef\xb8\x8f",
    };
    return signs[verdict];
}

static const char *whole_sign(const struct w4_gate *gate)
{
    static const enum w4_verdict by_exit_code[] = {W4_VERDICT_PASS, W4_VERDICT_FAIL, W4_VERDICT_WRONG,
                                                   W4_VERDICT_MISSING};
    return verdict_sign(by_exit_code[w4_gate_exit_code(gate)]);
}

static enum w4_status write_not_passed(const struct w4_gate *gate, FILE *out, struct w4_error *error)
{
    static const struct w4_column columns[] = {{"verdict", true}, {"case", true}, {"why", true}};
    struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
    size_t rows = 0;
    for (size_t i = 0; i < gate->count; ++i) {
        const struct w4_gate_item *item = &gate->items[i];
        if (!w4_report_is_listed(item))
            continue;
        w4_table_cell(table, W4_COLOUR_NONE, "%s %s", verdict_sign(item->verdict), w4_verdict_word(item->verdict));
        w4_table_cell(table, W4_COLOUR_NONE, "`%s`", item->id);
        w4_table_cell(table, W4_COLOUR_NONE, "%s", item->note);
        ++rows;
    }
    int failed = rows ? w4_table_write_markdown(table, out) : 0;
    w4_table_destroy(table);
    if (rows)
        fputc('\n', out);
    return failed ? w4_fail(error, W4_MEMORY, "out of memory for the table of verdicts") : W4_OK;
}

static void write_provenance(const struct w4_run *run, FILE *out)
{
    fprintf(out, "Device `%s` (%s, %s), times **%s**", run->device.key, run->device.name, run->device.provider,
            w4_report_label(run));
    if (run->clock_mhz > 0)
        fprintf(out, " at %.0f MHz", run->clock_mhz);
    fprintf(out, "; suite `%s`, seed %llu, %s, revision `%s`, kernels by %s.\n\n",
            run->options.suite[0] ? run->options.suite : "-", (unsigned long long)run->seed, run->time_utc,
            run->git_revision,
            run->toolchain.kernel_compiler_version[0] ? run->toolchain.kernel_compiler_version
                                                      : run->toolchain.kernel_compiler);
}

enum w4_status w4_report_markdown(const struct w4_report *report, FILE *out, bool colours, struct w4_error *error)
{
    (void)colours;
    fprintf(out, "## %s ", whole_sign(report->gate));
    w4_report_verdict_line(report->gate, out);
    fputc('\n', out);
    write_provenance(report->run, out);
    enum w4_status status = write_not_passed(report->gate, out, error);
    if (status != W4_OK)
        return status;
    w4_report_summary(report, out, "- ");
    w4_report_measurement(report, out, "- ");
    w4_report_trust(report, out, "- ");
    w4_report_model_errors(report, out, "  - ");
    w4_report_published(report, out, "- ");
    fprintf(out, "\n<details>\n<summary>All %zu cases (%s)</summary>\n\n", report->run->case_count,
            w4_report_label(report->run));
    struct w4_table *table = w4_report_case_table(report);
    int failed = w4_table_write_markdown(table, out);
    w4_table_destroy(table);
    fputs("\n</details>\n", out);
    if (w4_report_has_breakdown(report->run)) {
        fprintf(out, "\n<details>\n<summary>Where SIMD time goes, and bytes of each level (%s)</summary>\n\n",
                w4_report_label(report->run));
        table = w4_report_breakdown_table(report);
        failed |= w4_table_write_markdown(table, out);
        w4_table_destroy(table);
        fputs("\n</details>\n", out);
    }
    return failed ? w4_fail(error, W4_MEMORY, "out of memory for the table of cases") : W4_OK;
}
