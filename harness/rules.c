// Rule tables (kernels/heuristics/<name>.json): load them with the tables that they use, and pick the variant for a
// shape. Which tiles exist is the manifest's to say; how conditions read is condition.c's.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/json.h"
#include "catalog.h"
#include "condition.h"
#include "listing.h"
#include "names.h"
#include "text.h"

enum { USE_DEPTH_MAX = 8 };

struct rule {
    int64_t m_min, m_max;         // m_max 0: any
    w4_condition *when;           // owned; NULL: always
    struct w4_tile tile;          // when `use` is NULL
    int32_t unroll_k, num_stages; // 0: not given; with `use` they replace the used table's
    bool typed;                   // holds for `dtype` only
    enum w4_dtype dtype;
    bool zoned; // holds with (or without) zero points only
    bool zero_point;
    char family[W4_NAME_MAX]; // "" with `use`
    struct w4_rules *use;     // owned
};

struct w4_rules {
    char name[W4_NAME_MAX];
    struct rule *rules; // owned
    size_t count;
};

// The tables on the way to the one being loaded, to see a circle.
struct chain {
    const char *name;
    const struct chain *parent;
    int depth;
};

static enum w4_status load_table(const char *folder, const char *name, const struct chain *parent,
                                 struct w4_rules **rules, struct w4_error *error);

static enum w4_status read_tile(const struct w4_json_at *at, struct w4_tile *tile, struct w4_error *error)
{
    int32_t *const members[] = {&tile->bm, &tile->bn, &tile->bk, &tile->waves};
    size_t length;
    enum w4_status status = w4_json_array(at, &length, error);
    if (!status && length != 4) {
        status = w4_json_fail(at, error, "has %zu numbers; BM, BN, BK and waves are four", length);
    }
    for (size_t i = 0; !status && i < 4; i++) {
        int64_t value;
        const struct w4_json_at item = w4_json_item(at, i);
        status = w4_json_integer(&item, 1, 4096, &value, error);
        if (!status) {
            *members[i] = (int32_t)value;
        }
    }
    return status;
}

static enum w4_status read_when(const struct w4_json_at *at, struct rule *rule, struct w4_error *error)
{
    const char *text;
    enum w4_status status = w4_json_string(at, &text, error);
    if (status) {
        return status;
    }
    struct w4_error inner = {0};
    status = w4_condition_parse(text, &rule->when, &inner);
    return status ? w4_json_fail(at, error, "%s", inner.message) : W4_OK;
}

static enum w4_status read_limits(const struct w4_json_at *at, struct rule *rule, struct w4_error *error)
{
    struct w4_json_at low, high;
    enum w4_status status = W4_OK;
    w4_json_optional(at, "m_min", &low);
    w4_json_optional(at, "m_max", &high);
    if (low.value) {
        status = w4_json_integer(&low, 1, INT32_MAX, &rule->m_min, error);
    }
    if (!status && high.value) {
        status = w4_json_integer(&high, 1, INT32_MAX, &rule->m_max, error);
    }
    if (!status && rule->m_max && rule->m_max < rule->m_min) {
        status = w4_json_fail(&high, error, "is below m_min, so that the rule never holds");
    }
    return status;
}

// The knobs beside the tile; absent ones stay 0 or "".
static enum w4_status read_knobs(const struct w4_json_at *at, struct rule *rule, struct w4_error *error)
{
    const struct {
        const char *key;
        int32_t *out;
    } numbers[] = {{"unroll_k", &rule->unroll_k}, {"num_stages", &rule->num_stages}};
    struct w4_json_at member;
    enum w4_status status = W4_OK;
    for (size_t i = 0; !status && i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        int64_t value = 0;
        w4_json_optional(at, numbers[i].key, &member);
        status = member.value ? w4_json_integer(&member, 1, 64, &value, error) : W4_OK;
        *numbers[i].out = (int32_t)value;
    }
    const char *text;
    w4_json_optional(at, "unpack", &member);
    if (!status && member.value && !(status = w4_json_string(&member, &text, error)) &&
        !w4_text_copy(rule->tile.unpack, sizeof(rule->tile.unpack), text)) {
        status = w4_json_fail(&member, error, "longer than %zu characters", sizeof(rule->tile.unpack) - 1);
    }
    return status;
}

static enum w4_status read_type(const struct w4_json_at *at, struct rule *rule, struct w4_error *error)
{
    const char *text;
    const enum w4_status status = w4_json_string(at, &text, error);
    if (status) {
        return status;
    }
    rule->typed = true;
    rule->dtype = strcmp(text, w4_text_dtype(W4_BF16)) == 0 ? W4_BF16 : W4_FP16;
    return strcmp(text, w4_text_dtype(rule->dtype)) == 0
               ? W4_OK
               : w4_json_fail(at, error, "\"%.40s\" is neither \"fp16\" nor \"bf16\"", text);
}

static enum w4_status read_use(const struct w4_json_at *use, const char *folder, const struct chain *chain,
                               struct rule *rule, struct w4_error *error)
{
    char name[W4_NAME_MAX];
    enum w4_status status = w4_name_read(use, name, error);
    if (status) {
        return status;
    }
    if (chain->depth >= USE_DEPTH_MAX) {
        return w4_json_fail(use, error, "more than %d tables use each other", USE_DEPTH_MAX);
    }
    for (const struct chain *link = chain; link; link = link->parent) {
        if (strcmp(link->name, name) == 0) {
            return w4_json_fail(use, error, "\"%s\" leads back to itself", name);
        }
    }
    struct w4_error inner = {0};
    status = load_table(folder, name, chain, &rule->use, &inner);
    if (status == W4_NOT_FOUND) { // the used table's own errors carry their place; this one has none
        return w4_json_fail(use, error, "%s", inner.message);
    }
    return status ? w4_fail(error, status, "%s", inner.message) : W4_OK;
}

static enum w4_status read_rule(const struct w4_json_at *at, const char *folder, const struct chain *chain,
                                struct rule *rule, struct w4_error *error)
{
    static const char *const keys[] = {"m_min",      "m_max",  "when",   "type", "zero_point", "tile", "unroll_k",
                                       "num_stages", "unpack", "family", "use",  "note",       NULL};
    struct w4_json_at when, type, zero_point, tile, use, family;
    enum w4_status status = w4_json_keys(at, keys, error);
    if (!status) {
        status = read_limits(at, rule, error);
    }
    if (!status) {
        status = read_knobs(at, rule, error);
    }
    if (status) {
        return status;
    }
    w4_json_optional(at, "when", &when);
    w4_json_optional(at, "type", &type);
    w4_json_optional(at, "tile", &tile);
    w4_json_optional(at, "use", &use);
    w4_json_optional(at, "family", &family);
    if (when.value && (status = read_when(&when, rule, error))) {
        return status;
    }
    if (type.value && (status = read_type(&type, rule, error))) {
        return status;
    }
    w4_json_optional(at, "zero_point", &zero_point);
    rule->zoned = zero_point.value != NULL;
    if (rule->zoned && (status = w4_json_bool(&zero_point, &rule->zero_point, error))) {
        return status;
    }
    if (!tile.value == !use.value) {
        return w4_json_fail(at, error, "a rule has either a tile or \"use\"");
    }
    if (use.value) {
        return family.value ? w4_json_fail(&family, error, "is the used table's to say")
                            : read_use(&use, folder, chain, rule, error);
    }
    w4_text_copy(rule->family, sizeof(rule->family), "prefill");
    if (family.value && (status = w4_name_read(&family, rule->family, error))) {
        return status;
    }
    status = read_tile(&tile, &rule->tile, error);
    rule->tile.unroll_k = rule->unroll_k ? rule->unroll_k : 1;
    rule->tile.num_stages = rule->num_stages;
    return status;
}

static enum w4_status read_table(const struct w4_json_at *root, const char *path, const char *folder,
                                 const struct chain *chain, struct w4_rules *table, struct w4_error *error)
{
    static const char *const keys[] = {"name", "note", "source", "rules", NULL};
    struct w4_json_at rules;
    size_t count = 0;
    enum w4_status status = w4_json_keys(root, keys, error);
    if (!status) {
        status = w4_name_get_own(root, path, table->name, error);
    }
    if (!status) {
        status = w4_json_member(root, "rules", &rules, error);
    }
    if (!status) {
        status = w4_json_array(&rules, &count, error);
    }
    if (!status && count == 0) {
        status = w4_json_fail(&rules, error, "a table needs at least one rule");
    }
    if (status) {
        return status;
    }
    table->rules = calloc(count, sizeof(*table->rules));
    if (!table->rules) {
        return w4_fail(error, W4_MEMORY, "no memory for %zu rules", count);
    }
    for (; !status && table->count < count; table->count++) {
        const struct w4_json_at item = w4_json_item(&rules, table->count);
        status = read_rule(&item, folder, chain, &table->rules[table->count], error);
    }
    return status;
}

static enum w4_status load_table(const char *folder, const char *name, const struct chain *parent,
                                 struct w4_rules **rules, struct w4_error *error)
{
    const struct chain chain = {name, parent, parent ? parent->depth + 1 : 1};
    struct w4_json json = {0};
    char *path = NULL;
    *rules = NULL;
    enum w4_status status = w4_listing_require(folder, "kernel", name, error);
    if (status) {
        return status;
    }
    path = w4_listing_path(folder, name);
    *rules = calloc(1, sizeof(**rules));
    if (!path || !*rules) {
        status = w4_fail(error, W4_MEMORY, "no memory for the rule table \"%s\"", name);
        goto out;
    }
    status = w4_json_load(&json, path, error);
    if (!status) {
        const struct w4_json_at root = w4_json_root(&json);
        status = read_table(&root, path, folder, &chain, *rules, error);
        w4_json_fini(&json);
    }
out:
    free(path);
    if (status) {
        w4_rules_destroy(*rules);
        *rules = NULL;
    }
    return status;
}

enum w4_status w4_rules_load(const char *folder, const char *name, struct w4_rules **rules, struct w4_error *error)
{
    return load_table(folder, name, NULL, rules, error);
}

void w4_rules_destroy(struct w4_rules *rules)
{
    if (!rules) {
        return;
    }
    for (size_t i = 0; i < rules->count; i++) {
        w4_condition_destroy(rules->rules[i].when);
        w4_rules_destroy(rules->rules[i].use);
    }
    free(rules->rules);
    free(rules);
}

static enum w4_status rule_holds(const struct rule *rule, const struct w4_shape *shape, bool *holds,
                                 struct w4_error *error)
{
    *holds = shape->m >= rule->m_min && (rule->m_max == 0 || shape->m <= rule->m_max) &&
             (!rule->typed || shape->dtype == rule->dtype) && (!rule->zoned || shape->zero_point == rule->zero_point);
    return *holds && rule->when ? w4_condition_holds(rule->when, shape, holds, error) : W4_OK;
}

// The first rule that holds, through "use"; *tile is what it wants. *family NULL when no rule holds.
static enum w4_status find_tile(const struct w4_rules *rules, const struct w4_shape *shape, struct w4_tile *tile,
                                const char **family, struct w4_error *error)
{
    *family = NULL;
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = &rules->rules[i];
        bool holds;
        enum w4_status status = rule_holds(rule, shape, &holds, error);
        if (status) {
            return status;
        }
        if (!holds) {
            continue;
        }
        if (!rule->use) {
            *tile = rule->tile;
            *family = rule->family;
            return W4_OK;
        }
        status = find_tile(rule->use, shape, tile, family, error);
        if (!status && rule->unroll_k) {
            tile->unroll_k = rule->unroll_k;
        }
        if (!status && rule->num_stages) {
            tile->num_stages = rule->num_stages;
        }
        if (!status && rule->tile.unpack[0]) {
            memcpy(tile->unpack, rule->tile.unpack, sizeof(tile->unpack));
        }
        return status;
    }
    return W4_OK;
}

static bool fits(const struct w4_variant *variant, const char *family, const struct w4_tile *tile,
                 const struct w4_shape *shape)
{
    return strcmp(variant->family, family) == 0 && variant->tile.bm == tile->bm && variant->tile.bn == tile->bn &&
           variant->tile.bk == tile->bk && variant->tile.waves == tile->waves &&
           variant->tile.unroll_k == tile->unroll_k && variant->tile.num_stages == tile->num_stages &&
           strcmp(variant->tile.unpack, tile->unpack) == 0 && variant->dtype == shape->dtype &&
           variant->group_size == shape->group_size && variant->zero_point == shape->zero_point &&
           (variant->m_max == 0 || shape->m <= variant->m_max);
}

enum w4_status w4_variant_accepts(const struct w4_variant *variant, const struct w4_shape *shape,
                                  struct w4_error *error)
{
    const struct w4_convention *convention = &variant->convention;
    const struct {
        const char *name;
        int64_t rows, pitch, element_bytes;
        bool stepped; // bound by pitch_multiple
    } operands[] = {{"A", shape->m, shape->a_pitch, 2, true},
                    {"W", shape->n, shape->w_pitch, 4, true},
                    {"C", shape->m, shape->c_pitch, 2, false}};
    for (size_t i = 0; i < sizeof(operands) / sizeof(operands[0]); i++) {
        const int64_t pitch = operands[i].pitch;
        if (operands[i].stepped && pitch % convention->pitch_multiple != 0) {
            return w4_fail(error, W4_NOT_FOUND,
                           "%s needs a pitch of %s that is a multiple of %" PRIu32 ", not %" PRId64, variant->id,
                           operands[i].name, convention->pitch_multiple, pitch);
        }
        // Shapes are checked: no overflow.
        const uint64_t bytes = (uint64_t)(operands[i].rows * pitch * operands[i].element_bytes);
        if (convention->operand_bytes_max && bytes > convention->operand_bytes_max) {
            return w4_fail(error, W4_NOT_FOUND, "%s takes %s of at most %" PRIu64 " bytes, not %" PRIu64, variant->id,
                           operands[i].name, convention->operand_bytes_max, bytes);
        }
    }
    return W4_OK;
}

enum w4_status w4_rules_choose(const struct w4_rules *rules, const struct w4_manifest *manifest,
                               const struct w4_shape *shape, const struct w4_variant **variant, struct w4_error *error)
{
    *variant = NULL;
    struct w4_tile tile = {0};
    const char *family;
    const enum w4_status status = find_tile(rules, shape, &tile, &family, error);
    if (status) {
        return status;
    }
    if (!family) {
        return w4_fail(error, W4_NOT_FOUND,
                       "\"%s\" has no rule for M = %" PRId64 ", N = %" PRId64 ", K = %" PRId64 ", G = %" PRId64,
                       rules->name, shape->m, shape->n, shape->k, shape->group_size);
    }
    if (tile.bk > shape->group_size) { // a K tile lies within one group
        tile.bk = (int32_t)shape->group_size;
    }
    for (size_t i = 0; i < manifest->variant_count; i++) {
        if (fits(&manifest->variants[i], family, &tile, shape)) {
            const enum w4_status usable = w4_variant_accepts(&manifest->variants[i], shape, error);
            *variant = usable ? NULL : &manifest->variants[i];
            return usable;
        }
    }
    char knobs[48] = "";
    if (tile.num_stages) {
        snprintf(knobs, sizeof(knobs), ", num_stages %d, %s", tile.num_stages, tile.unpack);
    }
    return w4_fail(error, W4_NOT_FOUND,
                   "\"%s\" wants %s tile %dx%dx%d with %d waves, unroll_k %d%s, %s, g%" PRId64 ", %s for M = %" PRId64
                   "; no such variant is compiled (kernels/variants.def and, where Triton is installed, "
                   "kernels/triton/variants.def list them)",
                   rules->name, family, tile.bm, tile.bn, tile.bk, tile.waves, tile.unroll_k, knobs,
                   w4_text_dtype(shape->dtype), shape->group_size, w4_text_zero_point(shape->zero_point), shape->m);
}
