// JUnit XML for CI servers: failure = regression or wrong result, skipped = not measured, error = harness or device.
#include <string.h>

#include "../text.h"
#include "markup.h"
#include "report.h"

static void write_attribute(FILE *out, const char *name, const char *value)
{
    fprintf(out, " %s=\"", name);
    w4_markup_write(out, value, 1);
    fputc('"', out);
}

static void write_property(FILE *out, const char *name, const char *value)
{
    fputs("      <property", out);
    write_attribute(out, "name", name);
    write_attribute(out, "value", value);
    fputs("/>\n", out);
}

static void class_name(const struct w4_gate_item *item, char *out, size_t size)
{
    if (item->result)
        snprintf(out, size, "%s.%s", item->result->test.model, item->result->test.layer);
    else
        w4_text_copy(out, size, "not-run");
}

static void write_case(const struct w4_gate_item *item, FILE *out)
{
    char class_text[2 * W4_NAME_MAX + 2];
    class_name(item, class_text, sizeof(class_text));
    fputs("    <testcase", out);
    write_attribute(out, "name", item->id);
    write_attribute(out, "classname", class_text);
    fprintf(out, " time=\"%.6f\"", item->result ? item->result->host_seconds : 0.0);
    const char *element = item->quarantined ? "skipped" : w4_verdict_junit(item->verdict);
    if (!element) {
        fputs("/>\n", out);
        return;
    }
    fprintf(out, ">\n      <%s", element);
    write_attribute(out, "message", item->note);
    if (strcmp(element, "skipped") != 0)
        write_attribute(out, "type", w4_verdict_word(item->verdict));
    fputs("/>\n    </testcase>\n", out);
}

static size_t count_elements(const struct w4_gate *gate, const char *element)
{
    size_t count = 0;
    for (int i = 0; i < W4_VERDICT_COUNT; ++i) {
        const char *name = w4_verdict_junit((enum w4_verdict)i);
        count += name && strcmp(name, element) == 0 ? gate->counts[i] : 0;
    }
    return count + (strcmp(element, "skipped") == 0 ? gate->quarantined : 0);
}

enum w4_status w4_report_junit(const struct w4_report *report, FILE *out, bool colours, struct w4_error *error)
{
    (void)colours;
    (void)error;
    const struct w4_gate *gate = report->gate;
    const struct w4_run *run = report->run;
    char counts[160];
    snprintf(counts, sizeof(counts), " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", gate->count,
             count_elements(gate, "failure"), count_elements(gate, "error"), count_elements(gate, "skipped"));
    fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites%s>\n  <testsuite", counts);
    write_attribute(out, "name", run->options.suite[0] ? run->options.suite : "w4bench");
    fputs(counts, out);
    write_attribute(out, "timestamp", run->time_utc);
    fputs(">\n    <properties>\n", out);
    write_property(out, "verdict", w4_gate_word(gate));
    write_property(out, "device", run->device.key);
    write_property(out, "times", w4_report_label(run));
    write_property(out, "revision", run->git_revision);
    fputs("    </properties>\n", out);
    for (size_t i = 0; i < gate->count; ++i)
        write_case(&gate->items[i], out);
    fputs("  </testsuite>\n</testsuites>\n", out);
    return W4_OK;
}
