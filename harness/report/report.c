// Chooses the writer of a format and puts reports into files.
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "../../base/file.h"

typedef enum w4_status (*report_writer)(const struct w4_report *, FILE *, bool, struct w4_error *);

static const report_writer writers[W4_FORMAT_COUNT] = {
    [W4_FORMAT_TABLE] = w4_report_terminal, [W4_FORMAT_MARKDOWN] = w4_report_markdown,
    [W4_FORMAT_JSON] = w4_report_json,      [W4_FORMAT_JUNIT] = w4_report_junit,
    [W4_FORMAT_HTML] = w4_report_html,      [W4_FORMAT_SVG] = w4_report_roofline,
};

bool w4_report_is_listed(const struct w4_gate_item *item)
{
    return (item->verdict != W4_VERDICT_PASS && item->verdict != W4_VERDICT_UNGATED) || item->note[0];
}

enum w4_status w4_report_write(const struct w4_report *report, enum w4_format format, FILE *out, bool colours,
                               struct w4_error *error)
{
    return writers[format](report, out, colours, error);
}

static enum w4_status save(const struct w4_report *report, enum w4_format format, const char *path,
                           struct w4_error *error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return w4_fail(error, W4_MEMORY, "%s: out of memory for the report", path);
    enum w4_status status = w4_report_write(report, format, out, false, error);
    bool failed = ferror(out) != 0;
    failed |= fclose(out) != 0;
    if (status == W4_OK)
        status = failed ? w4_fail(error, W4_MEMORY, "%s: out of memory for the report", path)
                        : w4_file_write_atomic(path, text, size, error);
    free(text);
    return status;
}

enum w4_status w4_report_save_all(const struct w4_report *report, const char *folder, struct w4_error *error)
{
    static const struct {
        enum w4_format format;
        const char *name;
    } files[] = {{W4_FORMAT_MARKDOWN, "report.md"},
                 {W4_FORMAT_HTML, "report.html"},
                 {W4_FORMAT_JSON, "report.json"},
                 {W4_FORMAT_JUNIT, "junit.xml"}};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); ++i) {
        char path[4096];
        int length = snprintf(path, sizeof(path), "%s/%s", folder, files[i].name);
        if (length < 0 || (size_t)length >= sizeof(path))
            return w4_fail(error, W4_RANGE, "%s: the folder's name is too long", folder);
        enum w4_status status = save(report, files[i].format, path, error);
        if (status != W4_OK)
            return status;
    }
    return W4_OK;
}
