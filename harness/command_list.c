// `list` and `shapes`: what there is.
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/file.h"
#include "commands.h"
#include "listing.h"
#include "table.h"
#include "text.h"

static enum w4_status write_table(struct w4_table *table, enum w4_format format, struct w4_error *error)
{
    int failed = format == W4_FORMAT_MARKDOWN ? w4_table_write_markdown(table, stdout)
                                              : w4_table_write_terminal(table, stdout, w4_use_colours());
    w4_table_destroy(table);
    return failed ? w4_fail(error, W4_MEMORY, "out of memory for the table") : W4_OK;
}

static enum w4_status list_files(const char *folder, struct w4_error *error)
{
    struct w4_listing listing = {0};
    enum w4_status status = w4_listing_create(folder, &listing, error);
    for (size_t i = 0; i < listing.count; ++i)
        puts(listing.names[i]);
    w4_listing_fini(&listing);
    return status;
}

// The kernel a case would run with; without a manifest (kernels not built) only the case is listed.
static void add_variant(struct w4_table *table, const struct w4_context *context, const struct w4_manifest *manifest,
                        const struct w4_case *test)
{
    struct w4_rules *rules = NULL;
    const struct w4_variant *variant = NULL;
    struct w4_error reason = {0};
    if (w4_rules_load(context->paths.heuristics, test->kernel, &rules, &reason) == W4_OK &&
        w4_rules_choose(rules, manifest, &test->shape, &variant, &reason) == W4_OK) {
        w4_table_cell(table, W4_COLOUR_NONE, "%s", variant->id);
        w4_table_cell(table, W4_COLOUR_NONE, "%u", (unsigned)variant->vgprs);
        w4_table_cell(table, variant->vgpr_spills ? W4_COLOUR_BAD : W4_COLOUR_NONE, "%u",
                      (unsigned)variant->vgpr_spills);
        w4_table_cell(table, W4_COLOUR_NONE, "%u", (unsigned)variant->lds_bytes);
    } else {
        w4_table_cell(table, W4_COLOUR_WARN, "none: %s", reason.message);
        for (int i = 0; i < 3; ++i)
            w4_table_cell(table, W4_COLOUR_DIM, "-");
    }
    w4_rules_destroy(rules);
}

static enum w4_status list_cases(const struct w4_context *context, struct w4_error *error)
{
    static const struct w4_column columns[] = {{"case", true},   {"M x N x K", true}, {"variant", true},
                                               {"VGPRs", false}, {"spills", false},   {"LDS bytes", false}};
    const struct w4_options *options = context->options;
    struct w4_cases cases = {0};
    struct w4_manifest manifest = {0};
    enum w4_status status = w4_context_cases(context, &cases, error);
    if (status == W4_OK)
        status = w4_context_manifest(context, &manifest, error);
    if (status == W4_OK) {
        struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
        for (size_t i = 0; i < cases.count; ++i) {
            const struct w4_case *test = &cases.items[i];
            w4_table_cell(table, W4_COLOUR_NONE, "%s", test->id);
            w4_table_cell(table, W4_COLOUR_NONE, "%" PRId64 " x %" PRId64 " x %" PRId64, test->shape.m, test->shape.n,
                          test->shape.k);
            add_variant(table, context, &manifest, test);
        }
        status = write_table(table, options->format, error);
    }
    w4_manifest_fini(&manifest);
    w4_cases_fini(&cases);
    return status;
}

enum w4_status w4_command_list(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    const char *what = options->positional_count ? options->positionals[0] : "cases";
    char suites[W4_PATH_MAX];
    *exit_code = 0;
    if (options->format != W4_FORMAT_TABLE && options->format != W4_FORMAT_MARKDOWN)
        return w4_fail(error, W4_USAGE, "list: --format is table or markdown");
    if (strcmp(what, "cases") == 0)
        return list_cases(context, error);
    if (strcmp(what, "models") == 0)
        return list_files(context->paths.shapes, error);
    if (strcmp(what, "kernels") == 0)
        return list_files(context->paths.heuristics, error);
    if (strcmp(what, "suites") != 0)
        return w4_fail(error, W4_USAGE, "list: what? cases, suites, models or kernels, not \"%s\"", what);
    enum w4_status status = w4_path_join(suites, context->paths.shapes, "suites", error);
    return status == W4_OK ? list_files(suites, error) : status;
}

static enum w4_status add_model(struct w4_table *table, const char *folder, const char *name, struct w4_error *error)
{
    struct w4_model model = {0};
    char *path = w4_listing_path(folder, name);
    if (!path)
        return w4_fail(error, W4_MEMORY, "out of memory for the path of model %s", name);
    enum w4_status status = w4_model_load(path, &model, error);
    free(path);
    if (status != W4_OK)
        return status;
    char title[512];
    snprintf(title, sizeof(title), "%s (%s)", model.name, model.source_id);
    w4_table_section(table, title);
    for (size_t i = 0; i < model.layer_count; ++i) {
        const struct w4_layer *layer = &model.layers[i];
        w4_table_cell(table, W4_COLOUR_NONE, "%s%s", layer->name, layer->upstream ? " (published only)" : "");
        w4_table_cell(table, W4_COLOUR_NONE, "%" PRId64, layer->n);
        w4_table_cell(table, W4_COLOUR_NONE, "%" PRId64, layer->k);
        w4_table_cell(table, W4_COLOUR_NONE, "%" PRId64, layer->count);
        w4_table_cell(table, W4_COLOUR_NONE, "%" PRId64, model.group_size);
    }
    w4_model_fini(&model);
    return W4_OK;
}

static enum w4_status shapes_list(const struct w4_context *context, struct w4_error *error)
{
    static const struct w4_column columns[] = {
        {"layer", true}, {"N", false}, {"K", false}, {"count", false}, {"G", false}};
    struct w4_listing listing = {0};
    enum w4_status status = w4_listing_create(context->paths.shapes, &listing, error);
    if (status != W4_OK)
        return status;
    struct w4_table *table = w4_table_create(columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < listing.count && status == W4_OK; ++i)
        status = add_model(table, context->paths.shapes, listing.names[i], error);
    w4_listing_fini(&listing);
    if (status == W4_OK)
        return write_table(table, W4_FORMAT_TABLE, error);
    w4_table_destroy(table);
    return status;
}

static enum w4_status shapes_derive(const struct w4_context *context, const char *config, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    char copy[W4_PATH_MAX];
    char *text = NULL;
    if (!config)
        return w4_fail(error, W4_USAGE, "shapes derive: which file? w4bench shapes derive config.json");
    if (!w4_text_copy(copy, sizeof(copy), config))
        return w4_fail(error, W4_RANGE, "%.200s...: the path is too long", config);
    const char *name = options->name ? options->name : basename(dirname(copy));
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "/") == 0)
        return w4_fail(error, W4_USAGE, "shapes derive: the folder of %s gives no name: use --name", config);
    enum w4_status status = w4_model_derive(config, name, &text, error);
    if (status == W4_OK && options->out)
        status = w4_file_write_atomic(options->out, text, strlen(text), error);
    else if (status == W4_OK)
        fputs(text, stdout);
    free(text);
    return status;
}

enum w4_status w4_command_shapes(const struct w4_context *context, int *exit_code, struct w4_error *error)
{
    const struct w4_options *options = context->options;
    const char *what = options->positional_count ? options->positionals[0] : "list";
    *exit_code = 0;
    if (strcmp(what, "list") == 0 && options->positional_count < 2)
        return shapes_list(context, error);
    if (strcmp(what, "derive") == 0)
        return shapes_derive(context, options->positional_count > 1 ? options->positionals[1] : NULL, error);
    return w4_fail(error, W4_USAGE, "shapes: list, or derive CONFIG.json, not \"%s\"", what);
}
