// Reads the description of a convention. What arguments there are is kernels/convention.c's to say.
#include "manifest_convention.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PITCH_MULTIPLE_MAX = 4096, LDS_MAX_BYTES = 65536 };

static enum w4_status read_argument(const struct w4_json_at *at, uint8_t *argument, struct w4_error *error)
{
    const char *name;
    const enum w4_status status = w4_json_string(at, &name, error);
    if (status) {
        return status;
    }
    const int found = w4_convention_argument(name);
    if (found < 0) {
        char known[256] = "";
        for (size_t i = 0; w4_convention_argument_names[i]; i++) {
            const size_t used = strlen(known);
            snprintf(known + used, sizeof(known) - used, " %s", w4_convention_argument_names[i]);
        }
        return w4_json_fail(at, error, "\"%.40s\" is no argument; known:%s", name, known);
    }
    *argument = (uint8_t)found;
    return W4_OK;
}

static enum w4_status read_arguments(const struct w4_json_at *at, struct w4_convention *convention,
                                     struct w4_error *error)
{
    struct w4_json_at arguments;
    size_t count = 0;
    enum w4_status status = w4_json_member(at, "arguments", &arguments, error);
    if (!status) {
        status = w4_json_array(&arguments, &count, error);
    }
    if (!status && (count == 0 || count > W4_CONVENTION_ARGUMENTS_MAX)) {
        status = w4_json_fail(&arguments, error, "has %zu arguments, not 1 to %d", count, W4_CONVENTION_ARGUMENTS_MAX);
    }
    for (size_t i = 0; !status && i < count; i++) {
        const struct w4_json_at item = w4_json_item(&arguments, i);
        status = read_argument(&item, &convention->arguments[i], error);
    }
    convention->argument_count = count;
    return status;
}

// ["m", "n"] or ["n", "m"].
static enum w4_status read_grid(const struct w4_json_at *at, struct w4_convention *convention, struct w4_error *error)
{
    struct w4_json_at grid;
    const char *axes[2] = {"", ""};
    size_t count = 0;
    enum w4_status status = w4_json_member(at, "grid", &grid, error);
    if (!status) {
        status = w4_json_array(&grid, &count, error);
    }
    for (size_t i = 0; !status && i < count && i < 2; i++) {
        const struct w4_json_at item = w4_json_item(&grid, i);
        status = w4_json_string(&item, &axes[i], error);
    }
    convention->n_first = strcmp(axes[0], "n") == 0;
    const bool known = count == 2 && strcmp(axes[0], convention->n_first ? "n" : "m") == 0 &&
                       strcmp(axes[1], convention->n_first ? "m" : "n") == 0;
    return status || known ? status : w4_json_fail(&grid, error, "is neither [\"m\", \"n\"] nor [\"n\", \"m\"]");
}

static enum w4_status read_launch(const struct w4_json_at *at, struct w4_convention *convention, struct w4_error *error)
{
    static const char *const keys[] = {"arguments", "grid", "pitch_multiple", "operand_bytes_max", NULL};
    int64_t multiple = 0, bytes = 0;
    enum w4_status status = w4_json_keys(at, keys, error);
    if (!status) {
        status = read_arguments(at, convention, error);
    }
    if (!status) {
        status = read_grid(at, convention, error);
    }
    if (!status) {
        status = w4_json_get_integer(at, "pitch_multiple", 1, PITCH_MULTIPLE_MAX, &multiple, error);
    }
    if (!status) {
        status = w4_json_get_integer(at, "operand_bytes_max", 0, INT64_MAX, &bytes, error);
    }
    convention->pitch_multiple = (uint32_t)multiple;
    convention->operand_bytes_max = (uint64_t)bytes;
    return status;
}

enum w4_status w4_manifest_convention(const struct w4_json_at *at, const struct w4_json_at *conventions,
                                      struct w4_convention *convention, struct w4_error *error)
{
    struct w4_json_at name_at, lds_at, entry = {0};
    const char *name;
    int64_t lds_bytes = 0;
    *convention = w4_convention_hip;
    w4_json_optional(at, "convention", &name_at);
    w4_json_optional(at, "dynamic_lds_bytes", &lds_at);
    enum w4_status status = lds_at.value ? w4_json_integer(&lds_at, 0, LDS_MAX_BYTES, &lds_bytes, error) : W4_OK;
    if (!status && name_at.value) {
        status = w4_json_string(&name_at, &name, error);
        if (!status && conventions->value) {
            w4_json_optional(conventions, name, &entry);
        }
        if (!status && !entry.value) {
            status = w4_json_fail(&name_at, error, "\"%.40s\" is not in the file's \"conventions\"", name);
        }
        if (!status) {
            status = read_launch(&entry, convention, error);
        }
    }
    convention->dynamic_lds_bytes = (uint32_t)lds_bytes;
    return status;
}
