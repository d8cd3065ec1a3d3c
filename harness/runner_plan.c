// Chooses variants by the rule tables and loads their code objects.
#include <stdlib.h>
#include <string.h>

#include "../base/file.h"
#include "runner.h"
#include "text.h"

enum { CODE_OBJECT_LIMIT_BYTES = 64 << 20 };

// Rule tables by kernel name, loaded once.
struct rule_cache {
    struct {
        const char *name; // borrowed from a case
        struct w4_rules *rules;
    } *items;
    size_t count;
};

static void cache_fini(struct rule_cache *cache)
{
    for (size_t i = 0; i < cache->count; ++i)
        w4_rules_destroy(cache->items[i].rules);
    free(cache->items);
}

static enum w4_status cache_get(struct rule_cache *cache, const char *folder, const char *name,
                                const struct w4_rules **rules, struct w4_error *error)
{
    for (size_t i = 0; i < cache->count; ++i) {
        if (strcmp(cache->items[i].name, name) == 0) {
            *rules = cache->items[i].rules;
            return W4_OK;
        }
    }
    void *grown = reallocarray(cache->items, cache->count + 1, sizeof(*cache->items));
    if (!grown)
        return w4_fail(error, W4_MEMORY, "out of memory for rule table %s", name);
    cache->items = grown;
    struct w4_rules *loaded = NULL;
    enum w4_status status = w4_rules_load(folder, name, &loaded, error);
    if (status != W4_OK)
        return status;
    cache->items[cache->count].name = name;
    cache->items[cache->count].rules = loaded;
    ++cache->count;
    *rules = loaded;
    return W4_OK;
}

// Reads the file and compares it with the manifest, so that what is reported is what ran.
static enum w4_status read_object(const struct w4_variant *variant, char **image, size_t *size, struct w4_error *error)
{
    struct w4_error cause = {0};
    enum w4_status status = w4_file_read(variant->code_object, CODE_OBJECT_LIMIT_BYTES, image, size, &cause);
    if (status != W4_OK)
        return w4_fail(error, status, "code object of %s: %s; build the kernels again", variant->id, cause.message);
    char hash[33];
    w4_hash_hex(*image, *size, hash);
    if (strcmp(hash, variant->code_object_hash) == 0)
        return W4_OK;
    free(*image);
    *image = NULL;
    return w4_fail(
        error, W4_PARSE,
        "%s: its hash is %s, the manifest says %s: the file changed after the build; build the kernels again",
        variant->code_object, hash, variant->code_object_hash);
}

static enum w4_status load_object(struct w4_runner *runner, const struct w4_variant *variant, w4_module *module,
                                  struct w4_error *error)
{
    for (size_t i = 0; i < runner->object_count; ++i) {
        if (strcmp(runner->objects[i].path, variant->code_object) == 0) {
            *module = runner->objects[i].module;
            return W4_OK;
        }
    }
    char *image = NULL;
    size_t size = 0;
    enum w4_status status = read_object(variant, &image, &size, error);
    if (status != W4_OK)
        return status;
    struct w4_error cause = {0};
    status = w4_device_module_load(runner->device, image, size, module, &cause);
    free(image);
    if (status != W4_OK)
        return w4_fail(error, status, "%s: the device does not load it: %s", variant->code_object, cause.message);
    runner->objects[runner->object_count].path = variant->code_object;
    runner->objects[runner->object_count].module = *module;
    ++runner->object_count;
    return W4_OK;
}

static void describe(struct w4_result *result, const struct w4_variant *variant)
{
    w4_text_copy(result->variant, sizeof(result->variant), variant->id);
    w4_text_copy(result->code_object_hash, sizeof(result->code_object_hash), variant->code_object_hash);
    result->tile = variant->tile;
}

static enum w4_status plan_variant(struct w4_runner *runner, const struct w4_variant *variant, struct w4_result *result,
                                   struct w4_plan_item *item, struct w4_error *error)
{
    w4_module module = NULL;
    item->variant = variant;
    describe(result, variant);
    enum w4_status status = load_object(runner, variant, &module, error);
    return status == W4_OK ? w4_device_function(runner->device, module, variant->symbol, &item->function, error)
                           : status;
}

// A device that is gone or refuses one kernel is an error of the run, not of the case: nothing was measured yet.
static enum w4_status plan_case(struct w4_runner *runner, const struct w4_rules *rules, struct w4_result *result,
                                struct w4_plan_item *item, struct w4_error *error)
{
    struct w4_error reason = {0};
    enum w4_status status = w4_rules_choose(rules, &runner->manifest, &result->test.shape, &item->variant, &reason);
    if (status == W4_NOT_FOUND) {
        item->variant = NULL;
        result->state = W4_CASE_SKIPPED;
        w4_text_copy(result->message, sizeof(result->message), reason.message);
        return W4_OK;
    }
    if (status != W4_OK)
        return w4_fail(error, status, "%s: %s", result->test.id, reason.message);
    return plan_variant(runner, item->variant, result, item, error);
}

enum w4_status w4_runner_plan(struct w4_runner *runner, struct w4_run *run, struct w4_error *error)
{
    const struct w4_paths *paths = &runner->context->paths;
    enum w4_status status = w4_context_manifest(runner->context, &runner->manifest, error);
    if (status != W4_OK)
        return status;
    w4_text_copy(run->toolchain.kernel_compiler, sizeof(run->toolchain.kernel_compiler), runner->manifest.compiler);
    w4_text_copy(run->toolchain.kernel_compiler_version, sizeof(run->toolchain.kernel_compiler_version),
                 runner->manifest.compiler_version);
    w4_text_copy(run->toolchain.kernel_flags, sizeof(run->toolchain.kernel_flags), runner->manifest.flags);
    runner->plan = calloc(run->case_count, sizeof(*runner->plan));
    runner->objects = calloc(run->case_count, sizeof(*runner->objects));
    if (!runner->plan || !runner->objects)
        return w4_fail(error, W4_MEMORY, "out of memory for %zu cases", run->case_count);
    struct rule_cache cache = {0};
    for (size_t i = 0; i < run->case_count && status == W4_OK; ++i) {
        const struct w4_rules *rules = NULL;
        // A sweep's cases name a variant instead of a rule table.
        const struct w4_variant *named = w4_manifest_find(&runner->manifest, run->cases[i].test.kernel);
        if (named) {
            status = plan_variant(runner, named, &run->cases[i], &runner->plan[i], error);
            continue;
        }
        status = cache_get(&cache, paths->heuristics, run->cases[i].test.kernel, &rules, error);
        if (status == W4_OK)
            status = plan_case(runner, rules, &run->cases[i], &runner->plan[i], error);
    }
    cache_fini(&cache);
    return status;
}

void w4_runner_unload(struct w4_runner *runner)
{
    // Errors are of no consequence here: the device is closed next.
    for (size_t i = 0; i < runner->object_count; ++i)
        w4_device_module_unload(runner->device, runner->objects[i].module, NULL);
    free(runner->objects);
    free(runner->plan);
    w4_manifest_fini(&runner->manifest);
}
