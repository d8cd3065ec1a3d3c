// The report for a terminal: device line, table, what is not PASS, summary.
#include "report.h"

static void write_head(const struct w4_run *run, FILE *out)
{
    fprintf(out, "device %s: %s (%s), %s", run->device.key, run->device.name, run->device.provider,
            w4_report_label(run));
    if (run->clock_mhz > 0)
        fprintf(out, " at %.0f MHz", run->clock_mhz);
    fprintf(out, "; suite %s; seed %llu; %s; revision %s\n\n", run->options.suite[0] ? run->options.suite : "-",
            (unsigned long long)run->seed, run->time_utc, run->git_revision);
}

static void write_not_passed(const struct w4_gate *gate, FILE *out, bool colours)
{
    bool any = false;
    for (size_t i = 0; i < gate->count; ++i) {
        const struct w4_gate_item *item = &gate->items[i];
        if (!w4_report_is_listed(item))
            continue;
        const char *colour = item->verdict == W4_VERDICT_IMPROVED ? "\033[32m" : "\033[31m";
        fprintf(out, "%s%s%s %s: %s\n", colours ? colour : "", w4_verdict_word(item->verdict), colours ? "\033[0m" : "",
                item->id, item->note);
        any = true;
    }
    if (any)
        fputc('\n', out);
}

enum w4_status w4_report_terminal(const struct w4_report *report, FILE *out, bool colours, struct w4_error *error)
{
    write_head(report->run, out);
    struct w4_table *table = w4_report_case_table(report);
    int failed = w4_table_write_terminal(table, out, colours);
    w4_table_destroy(table);
    if (failed)
        return w4_fail(error, W4_MEMORY, "out of memory for the table of cases");
    fputc('\n', out);
    if (w4_report_has_breakdown(report->run)) {
        fprintf(out, "where the time of the SIMDs goes, and bytes out of each level of memory, %s\n",
                w4_report_label(report->run));
        table = w4_report_breakdown_table(report);
        failed = w4_table_write_terminal(table, out, colours);
        w4_table_destroy(table);
        if (failed)
            return w4_fail(error, W4_MEMORY, "out of memory for the table of times");
        fputc('\n', out);
    }
    write_not_passed(report->gate, out, colours);
    w4_report_summary(report, out, "");
    w4_report_measurement(report, out, "");
    w4_report_trust(report, out, "");
    w4_report_model_errors(report, out, "  ");
    w4_report_published(report, out, "");
    w4_report_verdict_line(report->gate, out);
    return W4_OK;
}
