// Reads the AMDGPU metadata note (msgpack map, code object V3 and later): the target and, for each kernel, names,
// arguments and resource counts. Keys that nothing here needs are skipped; needed ones must have the right type.
#include "internal.h"

#include <msgpack.h>
#include <stdlib.h>

struct reader {
    const char *file;
    const char *kernel; // for messages; NULL outside kernels
    struct w4_error *error;
};

static enum w4_status complain(const struct reader *reader, const char *key, const char *what)
{
    return w4_fail(reader->error, W4_PARSE, "%s: metadata note: %s%s%s%s: %s", reader->file,
                   reader->kernel ? "kernel " : "", reader->kernel ? reader->kernel : "", reader->kernel ? ": " : "",
                   key, what);
}

// NULL when the map has no such key.
static const msgpack_object *find(const msgpack_object *map, const char *key)
{
    for (uint32_t i = 0; i < map->via.map.size; i++) {
        const msgpack_object *name = &map->via.map.ptr[i].key;
        if (name->type == MSGPACK_OBJECT_STR && name->via.str.size == strlen(key) &&
            memcmp(name->via.str.ptr, key, name->via.str.size) == 0)
            return &map->via.map.ptr[i].val;
    }
    return NULL;
}

static enum w4_status get_u32(const struct reader *reader, const msgpack_object *map, const char *key, bool required,
                              uint32_t *out)
{
    const msgpack_object *value = find(map, key);
    if (!value)
        return required ? complain(reader, key, "missing") : W4_OK;
    if (value->type != MSGPACK_OBJECT_POSITIVE_INTEGER || value->via.u64 > UINT32_MAX)
        return complain(reader, key, "not an unsigned 32-bit integer");
    *out = (uint32_t)value->via.u64;
    return W4_OK;
}

static enum w4_status get_bool(const struct reader *reader, const msgpack_object *map, const char *key, bool *out)
{
    const msgpack_object *value = find(map, key);
    if (!value)
        return W4_OK;
    if (value->type == MSGPACK_OBJECT_BOOLEAN)
        *out = value->via.boolean;
    else if (value->type == MSGPACK_OBJECT_POSITIVE_INTEGER)
        *out = value->via.u64 != 0;
    else
        return complain(reader, key, "neither a boolean nor an integer");
    return W4_OK;
}

// A fresh copy; the caller frees it.
static enum w4_status get_string(const struct reader *reader, const msgpack_object *map, const char *key, char **out)
{
    const msgpack_object *value = find(map, key);
    if (!value)
        return complain(reader, key, "missing");
    if (value->type != MSGPACK_OBJECT_STR || memchr(value->via.str.ptr, 0, value->via.str.size))
        return complain(reader, key, "not a string");
    *out = strndup(value->via.str.ptr, value->via.str.size);
    return *out ? W4_OK : w4_fail(reader->error, W4_MEMORY, "%s: out of memory", reader->file);
}

static enum co_arg_kind kind_of(const msgpack_object_str *text)
{
    static const struct {
        const char *text;
        enum co_arg_kind kind;
    } kinds[] = {
#define X(name, word) {word, CO_ARG_##name},
        CO_ARG_KINDS(X)
#undef X
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i].text) == text->size && memcmp(kinds[i].text, text->ptr, text->size) == 0)
            return kinds[i].kind;
    return text->size > 7 && memcmp(text->ptr, "hidden_", 7) == 0 ? CO_ARG_HIDDEN_OTHER : CO_ARG_BY_VALUE;
}

static enum w4_status read_args(const struct reader *reader, const msgpack_object *map, struct co_kernel *kernel)
{
    const msgpack_object *args = find(map, ".args");
    if (!args)
        return W4_OK;
    if (args->type != MSGPACK_OBJECT_ARRAY)
        return complain(reader, ".args", "not an array");
    kernel->args = calloc(args->via.array.size ? args->via.array.size : 1, sizeof *kernel->args);
    if (!kernel->args)
        return w4_fail(reader->error, W4_MEMORY, "%s: out of memory", reader->file);
    for (uint32_t i = 0; i < args->via.array.size; i++) {
        const msgpack_object *item = &args->via.array.ptr[i];
        struct co_arg *arg = &kernel->args[i];
        if (item->type != MSGPACK_OBJECT_MAP)
            return complain(reader, ".args", "an entry is not a map");
        enum w4_status status = get_u32(reader, item, ".offset", true, &arg->offset);
        if (status == W4_OK)
            status = get_u32(reader, item, ".size", true, &arg->size);
        if (status != W4_OK)
            return status;
        const msgpack_object *kind = find(item, ".value_kind");
        if (!kind || kind->type != MSGPACK_OBJECT_STR)
            return complain(reader, ".value_kind", "missing, or not a string");
        arg->kind = kind_of(&kind->via.str);
        kernel->arg_count = i + 1;
    }
    return W4_OK;
}

static enum w4_status read_kernel(struct reader *reader, const msgpack_object *map, struct co_kernel *kernel)
{
    if (map->type != MSGPACK_OBJECT_MAP)
        return complain(reader, "amdhsa.kernels", "an entry is not a map");
    enum w4_status status = get_string(reader, map, ".name", &kernel->name);
    if (status != W4_OK)
        return status;
    reader->kernel = kernel->name;
    kernel->wgp_mode = true;
    kernel->kernarg_align = 8;

    const struct {
        const char *key;
        bool required;
        uint32_t *out;
    } numbers[] = {
        {".vgpr_count", true, &kernel->vgpr_count},
        {".sgpr_count", true, &kernel->sgpr_count},
        {".vgpr_spill_count", false, &kernel->vgpr_spill_count},
        {".sgpr_spill_count", false, &kernel->sgpr_spill_count},
        {".max_flat_workgroup_size", true, &kernel->max_flat_workgroup_size},
        {".kernarg_segment_align", false, &kernel->kernarg_align},
        {".kernarg_segment_size", true, &kernel->kernarg_bytes},
        {".wavefront_size", true, &kernel->wavefront_size},
    };
    status = get_string(reader, map, ".symbol", &kernel->symbol);
    for (size_t i = 0; status == W4_OK && i < sizeof numbers / sizeof *numbers; i++)
        status = get_u32(reader, map, numbers[i].key, numbers[i].required, numbers[i].out);
    if (status == W4_OK)
        status = get_bool(reader, map, ".uses_dynamic_stack", &kernel->uses_dynamic_stack);
    if (status == W4_OK)
        status = get_bool(reader, map, ".workgroup_processor_mode", &kernel->wgp_mode);
    if (status == W4_OK)
        status = read_args(reader, map, kernel);
    return status;
}

static enum w4_status read_root(const msgpack_object *root, const char *name, struct co_object *object,
                                struct w4_error *error)
{
    struct reader reader = {name, NULL, error};
    if (root->type != MSGPACK_OBJECT_MAP)
        return complain(&reader, "root", "not a map");
    // V4 and later name the target; nothing depends on it, since the ELF header names the machine.
    if (find(root, "amdhsa.target")) {
        enum w4_status status = get_string(&reader, root, "amdhsa.target", &object->target);
        if (status != W4_OK)
            return status;
    }
    const msgpack_object *kernels = find(root, "amdhsa.kernels");
    if (!kernels)
        return W4_OK; // an object with device variables and functions only
    if (kernels->type != MSGPACK_OBJECT_ARRAY)
        return complain(&reader, "amdhsa.kernels", "not an array");
    object->kernels = calloc(kernels->via.array.size ? kernels->via.array.size : 1, sizeof *object->kernels);
    if (!object->kernels)
        return w4_fail(error, W4_MEMORY, "%s: out of memory", name);
    for (uint32_t i = 0; i < kernels->via.array.size; i++) {
        object->kernel_count = i + 1; // fini frees what a failed entry already holds
        reader.kernel = NULL;
        enum w4_status status = read_kernel(&reader, &kernels->via.array.ptr[i], &object->kernels[i]);
        if (status != W4_OK)
            return status;
    }
    return W4_OK;
}

enum w4_status co_metadata_parse(const uint8_t *note, size_t size, const char *name, struct co_object *object,
                                 struct w4_error *error)
{
    if (!co_msgpack_plausible(note, size))
        return w4_fail(error, W4_PARSE, "%s: metadata note: corrupt msgpack; the file is damaged: compile it again",
                       name);
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    size_t offset = 0;
    enum w4_status status;
    if (msgpack_unpack_next(&unpacked, (const char *)note, size, &offset) != MSGPACK_UNPACK_SUCCESS)
        status = w4_fail(error, W4_PARSE, "%s: metadata note: corrupt msgpack; compile the file again", name);
    else
        status = read_root(&unpacked.data, name, object, error);
    msgpack_unpacked_destroy(&unpacked);
    return status;
}
