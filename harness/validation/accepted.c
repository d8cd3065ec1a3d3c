// Reads and writes accepted.json.
#include "accepted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../base/json.h"
#include "../context.h"
#include "../text.h"

static bool find_row(const struct w4_validation *validation, const char *id, size_t *index)
{
    for (*index = 0; *index < validation->row_count; ++*index)
        if (strcmp(validation->rows[*index].id, id) == 0)
            return true;
    return false;
}

static enum w4_status read_text(const struct w4_json_at *root, const char *key, char *out, size_t size,
                                struct w4_error *error)
{
    const char *text = NULL;
    enum w4_status status = w4_json_get_string(root, key, &text, error);
    if (status == W4_OK && !w4_text_copy(out, size, text))
        return w4_json_fail(root, error, "\"%s\" is longer than %zu bytes", key, size - 1);
    return status;
}

static enum w4_status read_all(const struct w4_json_at *root, const struct w4_validation *validation,
                               struct w4_accepted *accepted, struct w4_error *error)
{
    static const char *const keys[] = {"schema", "model", "date", "reason", "rows", NULL};
    struct w4_json_at rows;
    int64_t schema = 0;
    enum w4_status status = w4_json_keys(root, keys, error);
    if (status == W4_OK)
        status = w4_json_get_integer(root, "schema", 1, 1, &schema, error);
    if (status == W4_OK)
        status = read_text(root, "model", accepted->model_key, sizeof(accepted->model_key), error);
    if (status == W4_OK)
        status = read_text(root, "date", accepted->date, sizeof(accepted->date), error);
    if (status == W4_OK)
        status = read_text(root, "reason", accepted->reason, sizeof(accepted->reason), error);
    if (status == W4_OK)
        status = w4_json_member(root, "rows", &rows, error);
    if (status == W4_OK && !json_is_object(rows.value))
        status = w4_json_fail(&rows, error, "must be an object: row id -> figure");
    if (status != W4_OK)
        return status;
    const char *id;
    json_t *value;
    json_object_foreach(rows.value, id, value)
    {
        const struct w4_json_at at = {rows.file, value, &rows, id, 0};
        size_t index = 0;
        double figure = 0;
        status = w4_json_real(&at, 1e-12, 1e12, &figure, error);
        if (status != W4_OK)
            return status;
        if (find_row(validation, id, &index))
            accepted->model[index] = figure;
        else
            ++accepted->stale;
    }
    return W4_OK;
}

enum w4_status w4_accepted_load(const char *folder, const struct w4_validation *validation,
                                struct w4_accepted *accepted, struct w4_error *error)
{
    char path[W4_PATH_MAX];
    struct w4_json file;
    *accepted = (struct w4_accepted){.count = validation->row_count};
    accepted->model = calloc(validation->row_count + 1, sizeof(*accepted->model));
    if (!accepted->model)
        return w4_fail(error, W4_MEMORY, "out of memory for accepted figures");
    enum w4_status status = w4_path_join(path, folder, "accepted.json", error);
    if (status == W4_OK && access(path, F_OK) != 0)
        return W4_OK;
    if (status == W4_OK)
        status = w4_json_load(&file, path, error);
    if (status == W4_OK) {
        const struct w4_json_at root = w4_json_root(&file);
        status = read_all(&root, validation, accepted, error);
        w4_json_fini(&file);
    }
    if (status != W4_OK)
        w4_accepted_fini(accepted);
    return status;
}

void w4_accepted_fini(struct w4_accepted *accepted)
{
    free(accepted->model);
    *accepted = (struct w4_accepted){0};
}

enum w4_status w4_accepted_save(const char *folder, const struct w4_validation *validation, const bool *selected,
                                const struct w4_validation_outcome *outcomes, const char *model_key, const char *reason,
                                struct w4_accepted *accepted, struct w4_error *error)
{
    char path[W4_PATH_MAX];
    const time_t now = time(NULL);
    struct tm utc;
    enum w4_status status = w4_path_join(path, folder, "accepted.json", error);
    if (status != W4_OK)
        return status;
    if (!gmtime_r(&now, &utc) || strftime(accepted->date, sizeof(accepted->date), "%Y-%m-%d", &utc) == 0)
        return w4_fail(error, W4_INTERNAL, "the system's clock gives no date");
    if (!w4_text_copy(accepted->reason, sizeof(accepted->reason), reason))
        return w4_fail(error, W4_USAGE, "--reason is longer than %zu bytes", sizeof(accepted->reason) - 1);
    w4_text_copy(accepted->model_key, sizeof(accepted->model_key), model_key);
    json_t *rows = json_object();
    bool complete = rows != NULL;
    for (size_t i = 0; i < validation->row_count && complete; ++i) {
        if (selected[i])
            accepted->model[i] = outcomes[i].model;
        if (accepted->model[i] > 0)
            complete = json_object_set_new(rows, validation->rows[i].id, json_real(accepted->model[i])) == 0;
    }
    json_t *root = complete ? json_pack("{si,ss,ss,ss,sO}", "schema", 1, "model", accepted->model_key, "date",
                                        accepted->date, "reason", accepted->reason, "rows", rows)
                            : NULL;
    status = root ? w4_json_write(path, root, error) : w4_fail(error, W4_MEMORY, "%s: out of memory", path);
    json_decref(rows);
    json_decref(root);
    return status;
}
