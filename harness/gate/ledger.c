// Lines of the ledger, written and read by the same tables.
#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../base/file.h"
#include "../../base/json.h"
#include "../fields.h"
#include "../text.h"
#include "blocks.h"

enum { LEDGER_LIMIT_BYTES = 256 << 20 };

#define COUNT(array)                (sizeof(array) / sizeof((array)[0]))
#define NIGHT(member, kind)         W4_FIELD(struct w4_ledger_night, member, kind, 0)
#define CONTROL_FIELD(member, kind) W4_FIELD(struct w4_ledger_control, member, kind, 0)

static const struct w4_field night_fields[] = {
    NIGHT(time_utc, W4_FIELD_TEXT),  NIGHT(device_key, W4_FIELD_TEXT),     NIGHT(revision, W4_FIELD_TEXT),
    NIGHT(suite, W4_FIELD_TEXT),     NIGHT(verdict, W4_FIELD_TEXT),        NIGHT(cases, W4_FIELD_I64),
    NIGHT(flagged, W4_FIELD_I64),    NIGHT(injected_share, W4_FIELD_REAL), NIGHT(level, W4_FIELD_REAL),
    NIGHT(cap_blocks, W4_FIELD_I64),
};

static const struct w4_field control_fields[] = {
    CONTROL_FIELD(id, W4_FIELD_TEXT),
    CONTROL_FIELD(outcome, W4_FIELD_TEXT),
    CONTROL_FIELD(blocks, W4_FIELD_I64),
    CONTROL_FIELD(sigma_d, W4_FIELD_REAL),
};

static const struct {
    const char *key;
    size_t offset;
} controls[] = {
    {"same", offsetof(struct w4_ledger_night, same)},
    {"injected", offsetof(struct w4_ledger_night, injected)},
};

static void fill_control(struct w4_ledger_control *line, const struct w4_gate_control *control)
{
    w4_text_copy(line->id, sizeof(line->id), control->blocks > 0 ? control->id : "");
    w4_text_copy(line->outcome, sizeof(line->outcome), w4_outcome_word(control->outcome));
    // A control whose processes died proves nothing in either direction.
    line->blocks = control->decided ? (int64_t)control->blocks : 0;
    line->sigma_d = isfinite(control->sigma_d) ? control->sigma_d : 0;
}

static void fill_night(struct w4_ledger_night *night, const struct w4_run *run, const struct w4_gate *gate)
{
    memset(night, 0, sizeof(*night));
    w4_text_copy(night->time_utc, sizeof(night->time_utc), run->time_utc);
    w4_text_copy(night->device_key, sizeof(night->device_key), run->device.key);
    w4_text_copy(night->revision, sizeof(night->revision), run->git_revision);
    w4_text_copy(night->suite, sizeof(night->suite), run->options.suite);
    w4_text_copy(night->verdict, sizeof(night->verdict), w4_gate_word(gate));
    for (size_t i = 0; i < gate->count; ++i) {
        const struct w4_gate_evidence *evidence = &gate->items[i].evidence;
        night->cases += evidence->screened;
        night->flagged += evidence->screened && evidence->screen != W4_SCREEN_CLEAR;
    }
    const struct w4_block_design design = w4_gate_design(&run->gate_plan, W4_DEFAULT_TOLERANCE);
    night->injected_share = run->gate_plan.injected_share;
    night->level = w4_block_alpha(&design);
    night->cap_blocks = run->gate_plan.cap_blocks;
    fill_control(&night->same, &gate->controls.same);
    fill_control(&night->injected, &gate->controls.injected);
}

static char *night_to_line(const struct w4_ledger_night *night)
{
    json_t *root = json_object();
    int failed = !root || w4_fields_write(root, night, night_fields, COUNT(night_fields)) != 0;
    for (size_t i = 0; i < COUNT(controls) && !failed; ++i) {
        json_t *object = json_object();
        failed = !object || w4_fields_write(object, (const char *)night + controls[i].offset, control_fields,
                                            COUNT(control_fields)) != 0;
        failed |= json_object_set_new(root, controls[i].key, object) != 0;
    }
    char *line = failed ? NULL : json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(root);
    return line;
}

// One write, so that two nights that end together do not mix; a full disk leaves no half line unnoticed.
static enum w4_status append_line(const char *path, const char *line, struct w4_error *error)
{
    int file = open(path, O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0644);
    if (file < 0)
        return w4_fail(error, W4_IO, "%s: cannot be opened: %s", path, strerror(errno));
    size_t length = strlen(line);
    ssize_t written = write(file, line, length);
    int failure = written == (ssize_t)length ? 0 : errno ? errno : ENOSPC;
    if (!failure && fsync(file) != 0)
        failure = errno;
    if (close(file) != 0 && !failure)
        failure = errno;
    return failure ? w4_fail(error, W4_IO, "%s: the night cannot be appended: %s", path, strerror(failure)) : W4_OK;
}

enum w4_status w4_ledger_append(const char *path, const struct w4_run *run, const struct w4_gate *gate,
                                struct w4_error *error)
{
    struct w4_ledger_night night;
    fill_night(&night, run, gate);
    char *line = night_to_line(&night);
    char *whole = NULL;
    if (!line || asprintf(&whole, "%s\n", line) < 0) {
        free(line);
        return w4_fail(error, W4_MEMORY, "%s: out of memory for a night", path);
    }
    enum w4_status status = append_line(path, whole, error);
    free(whole);
    free(line);
    return status;
}

static enum w4_status read_night(const char *name, const char *line, struct w4_ledger_night *night,
                                 struct w4_error *error)
{
    static const char *const extras[] = {"same", "injected", NULL};
    struct w4_json file;
    enum w4_status status = w4_json_parse(&file, name, line, error);
    if (status != W4_OK)
        return status;
    const struct w4_json_at root = w4_json_root(&file);
    status = w4_fields_read(&root, night, night_fields, COUNT(night_fields), extras, error);
    for (size_t i = 0; i < COUNT(controls) && status == W4_OK; ++i) {
        struct w4_json_at at;
        status = w4_json_member(&root, controls[i].key, &at, error);
        if (status == W4_OK)
            status = w4_fields_read(&at, (char *)night + controls[i].offset, control_fields, COUNT(control_fields),
                                    NULL, error);
    }
    w4_json_fini(&file);
    return status;
}

void w4_ledger_nights_fini(struct w4_ledger_nights *nights)
{
    free(nights->nights);
    *nights = (struct w4_ledger_nights){0};
}

static enum w4_status read_lines(const char *path, char *text, struct w4_ledger_nights *nights, struct w4_error *error)
{
    enum w4_status status = W4_OK;
    size_t number = 0;
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); line && status == W4_OK; line = strsep(&rest, "\n")) {
        char name[4096 + 32];
        ++number;
        if (!line[0])
            continue;
        snprintf(name, sizeof(name), "%.4000s, line %zu", path, number);
        status = read_night(name, line, &nights->nights[nights->count], error);
        nights->count += status == W4_OK;
    }
    return status;
}

enum w4_status w4_ledger_load(const char *path, struct w4_ledger_nights *nights, struct w4_error *error)
{
    char *text = NULL;
    size_t size = 0;
    size_t lines = 1;
    *nights = (struct w4_ledger_nights){0};
    enum w4_status status = w4_file_read(path, LEDGER_LIMIT_BYTES, &text, &size, error);
    if (status != W4_OK)
        return status;
    for (size_t i = 0; i < size; ++i)
        lines += text[i] == '\n';
    nights->nights = calloc(lines, sizeof(*nights->nights));
    status = nights->nights ? read_lines(path, text, nights, error)
                            : w4_fail(error, W4_MEMORY, "%s: out of memory for %zu nights", path, lines);
    free(text);
    if (status != W4_OK)
        w4_ledger_nights_fini(nights);
    return status;
}
