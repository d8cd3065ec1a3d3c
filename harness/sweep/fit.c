// From the best variants to a rule table. The search is greedy: among all conditions of a small language it takes the
// one that covers most of the shapes that are left and has one tile that suits them all, until none is left. It is done
// once for each tile that could be the last rule's, where only the shapes that this tile does not suit count, and once
// without; the shortest table wins.
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "../text.h"
#include "sweep.h"

enum { CONFIG_WORDS = 8, CONFIGS_MAX = CONFIG_WORDS * 64, NO_BOUND = -1 };

// A set of configurations.
struct set {
    uint64_t words[CONFIG_WORDS];
};

// A swept shape with the configurations that are good enough for it.
struct point {
    const struct w4_shape *shape;
    struct set good;
    bool covered;
    bool counts; // towards what a rule is worth
};

// What a rule says of N and K: one of a few comparisons with swept values.
enum where { ANYWHERE, N_AT_MOST, N_AT_LEAST, K_AT_MOST, K_AT_LEAST, K_OVER_N, N_AND_K };

// Bounds of M are indices into the swept values; -1 is no condition elsewhere.
struct condition {
    int dtype, zero_point; // or NO_BOUND
    int64_t group_size;    // or NO_BOUND
    enum where where;
    int64_t n, k;
    size_t first_m, last_m;
};

struct rule {
    struct condition condition;
    const struct w4_variant *config;
};

struct fit {
    struct point *points; // owned
    size_t point_count;
    const struct w4_variant *configs[CONFIGS_MAX]; // one variant for each family and tile
    size_t config_count;
    int64_t *m, *groups; // owned: swept values, ascending
    size_t *m_first;     // owned: points of m[i] are m_first[i] .. m_first[i + 1] - 1
    size_t m_count, group_count;
    bool dtypes[2], zero_points[2]; // that were swept
    const struct w4_shape **sizes;  // owned: one shape for each swept N and K
    size_t size_count;
    struct rule *rules; // owned
    size_t rule_count;
};

static bool is_same_config(const struct w4_variant *a, const struct w4_variant *b)
{
    return strcmp(a->family, b->family) == 0 && a->tile.bm == b->tile.bm && a->tile.bn == b->tile.bn &&
           a->tile.bk == b->tile.bk && a->tile.waves == b->tile.waves && a->tile.unroll_k == b->tile.unroll_k &&
           a->tile.num_stages == b->tile.num_stages && strcmp(a->tile.unpack, b->tile.unpack) == 0;
}

static size_t config_index(struct fit *fit, const struct w4_variant *variant)
{
    for (size_t i = 0; i < fit->config_count; ++i) {
        if (is_same_config(fit->configs[i], variant))
            return i;
    }
    if (fit->config_count == CONFIGS_MAX)
        return CONFIGS_MAX;
    fit->configs[fit->config_count] = variant;
    return fit->config_count++;
}

static enum w4_status add_point(struct fit *fit, const struct w4_sweep_shape *shape, const struct w4_manifest *manifest,
                                double slack, struct w4_error *error)
{
    struct point *point = &fit->points[fit->point_count++];
    point->shape = &shape->test->shape;
    for (size_t i = 0; i < shape->count; ++i) {
        const struct w4_sweep_entry *entry = &shape->entries[i];
        if (entry->time_ms > shape->entries[0].time_ms * (1 + slack))
            break;
        const struct w4_variant *variant = w4_manifest_find(manifest, entry->result->variant);
        if (!variant)
            return w4_fail(error, W4_NOT_FOUND,
                           "variant %s of the results is not in the manifest: the kernels were built anew; sweep again",
                           entry->result->variant);
        size_t config = config_index(fit, variant);
        if (config == CONFIGS_MAX)
            return w4_fail(error, W4_RANGE, "more than %d different tiles", (int)CONFIGS_MAX);
        point->good.words[config / 64] |= UINT64_C(1) << config % 64;
    }
    return W4_OK;
}

static int compare_points(const void *left, const void *right)
{
    int64_t a = ((const struct point *)left)->shape->m;
    int64_t b = ((const struct point *)right)->shape->m;
    return (a > b) - (a < b);
}

// Points of one M follow each other.
static void sort_points(struct fit *fit)
{
    size_t m = 0;
    if (fit->point_count > 1)
        qsort(fit->points, fit->point_count, sizeof(*fit->points), compare_points);
    for (size_t i = 0; i < fit->point_count; ++i) {
        if (i == 0 || fit->points[i].shape->m != fit->points[i - 1].shape->m)
            fit->m_first[m++] = i;
        fit->m_first[m] = i + 1;
        fit->dtypes[fit->points[i].shape->dtype] = true;
        fit->zero_points[fit->points[i].shape->zero_point] = true;
    }
}

static void insert_sorted(int64_t *values, size_t *count, int64_t value)
{
    size_t at = 0;
    while (at < *count && values[at] < value)
        ++at;
    if (at < *count && values[at] == value)
        return;
    memmove(&values[at + 1], &values[at], (*count - at) * sizeof(*values));
    values[at] = value;
    ++*count;
}

static void add_size(struct fit *fit, const struct w4_shape *shape)
{
    for (size_t i = 0; i < fit->size_count; ++i) {
        if (fit->sizes[i]->n == shape->n && fit->sizes[i]->k == shape->k)
            return;
    }
    fit->sizes[fit->size_count++] = shape;
}

static enum w4_status prepare(struct fit *fit, const struct w4_sweep *sweep, const struct w4_manifest *manifest,
                              double slack, struct w4_error *error)
{
    fit->points = calloc(sweep->count + 1, sizeof(*fit->points));
    fit->rules = calloc(sweep->count + 2, sizeof(*fit->rules));
    fit->m = calloc(sweep->count + 1, sizeof(*fit->m));
    fit->groups = calloc(sweep->count + 1, sizeof(*fit->groups));
    fit->sizes = calloc(sweep->count + 1, sizeof(*fit->sizes));
    fit->m_first = calloc(sweep->count + 2, sizeof(*fit->m_first));
    if (!fit->points || !fit->rules || !fit->m || !fit->groups || !fit->sizes || !fit->m_first)
        return w4_fail(error, W4_MEMORY, "out of memory for the rules of %zu shapes", sweep->count);
    enum w4_status status = W4_OK;
    for (size_t i = 0; i < sweep->count && status == W4_OK; ++i) {
        const struct w4_sweep_shape *shape = &sweep->shapes[i];
        if (shape->count == 0)
            continue;
        insert_sorted(fit->m, &fit->m_count, shape->test->shape.m);
        insert_sorted(fit->groups, &fit->group_count, shape->test->shape.group_size);
        add_size(fit, &shape->test->shape);
        status = add_point(fit, shape, manifest, slack, error);
    }
    if (status == W4_OK)
        sort_points(fit);
    return status;
}

static bool holds_elsewhere(const struct condition *condition, const struct w4_shape *shape)
{
    if (condition->dtype != NO_BOUND && condition->dtype != (int)shape->dtype)
        return false;
    if (condition->zero_point != NO_BOUND && condition->zero_point != (int)shape->zero_point)
        return false;
    if (condition->group_size != NO_BOUND && condition->group_size != shape->group_size)
        return false;
    switch (condition->where) {
    case ANYWHERE: return true;
    case N_AT_MOST: return shape->n <= condition->n;
    case N_AT_LEAST: return shape->n >= condition->n;
    case K_AT_MOST: return shape->k <= condition->k;
    case K_AT_LEAST: return shape->k >= condition->k;
    case K_OVER_N: return shape->k > shape->n;
    case N_AND_K: return shape->n == condition->n && shape->k == condition->k;
    }
    return false;
}

static bool is_within(const struct fit *fit, const struct condition *condition, int64_t m)
{
    return m >= fit->m[condition->first_m] && m <= fit->m[condition->last_m];
}

// How much a reader must take in.
static int weight(const struct fit *fit, const struct condition *condition)
{
    return (condition->dtype != NO_BOUND) + (condition->zero_point != NO_BOUND) + (condition->group_size != NO_BOUND) +
           (condition->where != ANYWHERE) + (condition->where == N_AND_K) + (condition->first_m > 0) +
           (condition->last_m + 1 < fit->m_count);
}

struct best {
    struct condition condition;
    struct set good;
    size_t covered;
};

// Narrows `good` to what suits the points of one M that are left and match. *covered grows by those that count.
static bool narrow(const struct fit *fit, const struct condition *condition, size_t m_index, struct set *good,
                   size_t *covered)
{
    uint64_t any = 1;
    for (size_t i = fit->m_first[m_index]; i < fit->m_first[m_index + 1] && any; ++i) {
        const struct point *point = &fit->points[i];
        if (point->covered || !holds_elsewhere(condition, point->shape))
            continue;
        any = 0;
        for (size_t w = 0; w < CONFIG_WORDS; ++w) {
            good->words[w] &= point->good.words[w];
            any |= good->words[w];
        }
        *covered += point->counts;
    }
    return any != 0;
}

// Every range of M under the given other conditions.
static void try_ranges(const struct fit *fit, struct condition condition, struct best *best)
{
    for (size_t first = 0; first < fit->m_count; ++first) {
        struct set good;
        size_t covered = 0;
        memset(&good, 0xff, sizeof(good));
        condition.first_m = first;
        for (size_t last = first; last < fit->m_count; ++last) {
            condition.last_m = last;
            if (!narrow(fit, &condition, last, &good, &covered))
                break;
            bool better = covered > best->covered || (covered == best->covered && covered > 0 &&
                                                      weight(fit, &condition) < weight(fit, &best->condition));
            if (better)
                *best = (struct best){condition, good, covered};
        }
    }
}

static void try_sizes(const struct fit *fit, struct condition condition, struct best *best)
{
    condition.where = ANYWHERE;
    try_ranges(fit, condition, best);
    condition.where = K_OVER_N;
    try_ranges(fit, condition, best);
    for (size_t i = 0; i < fit->size_count; ++i) {
        condition.n = fit->sizes[i]->n;
        condition.k = fit->sizes[i]->k;
        for (enum where where = N_AT_MOST; where <= N_AND_K; ++where) {
            condition.where = where;
            if (where != K_OVER_N)
                try_ranges(fit, condition, best);
        }
    }
}

static struct best find_best(const struct fit *fit)
{
    struct best best = {0};
    // A condition that every swept shape meets says nothing.
    bool any_dtype = fit->dtypes[0] && fit->dtypes[1];
    bool any_zero_point = fit->zero_points[0] && fit->zero_points[1];
    for (int dtype = NO_BOUND; dtype <= (any_dtype ? W4_BF16 : NO_BOUND); ++dtype) {
        for (int zero_point = NO_BOUND; zero_point <= (any_zero_point ? 1 : NO_BOUND); ++zero_point) {
            struct condition condition = {.dtype = dtype, .zero_point = zero_point, .group_size = NO_BOUND};
            try_sizes(fit, condition, &best);
            for (size_t g = 0; g < fit->group_count && fit->group_count > 1; ++g) {
                condition.group_size = fit->groups[g];
                try_sizes(fit, condition, &best);
            }
        }
    }
    return best;
}

static const struct w4_variant *pick(const struct fit *fit, const struct set *good)
{
    for (size_t i = 0; i < fit->config_count; ++i) {
        if (good->words[i / 64] >> i % 64 & 1)
            return fit->configs[i];
    }
    return NULL;
}

static bool suits(const struct point *point, size_t config)
{
    return point->good.words[config / 64] >> config % 64 & 1;
}

static size_t take(struct fit *fit, const struct rule *rule)
{
    size_t counted = 0;
    for (size_t i = 0; i < fit->point_count; ++i) {
        struct point *point = &fit->points[i];
        if (point->covered || !is_within(fit, &rule->condition, point->shape->m) ||
            !holds_elsewhere(&rule->condition, point->shape))
            continue;
        point->covered = true;
        counted += point->counts;
    }
    return counted;
}

// Fills `rules` (room for one a point, and one more); gives up at `limit` of them. With `last` < config_count that tile
// is the last rule's.
static size_t search(struct fit *fit, size_t last, struct rule *rules, size_t limit)
{
    size_t count = 0;
    size_t left = 0;
    for (size_t i = 0; i < fit->point_count; ++i) {
        struct point *point = &fit->points[i];
        point->covered = false;
        point->counts = last >= fit->config_count || !suits(point, last);
        left += point->counts;
    }
    while (left > 0 && count < limit) {
        struct best best = find_best(fit);
        rules[count] = (struct rule){best.condition, pick(fit, &best.good)};
        left -= take(fit, &rules[count++]);
    }
    if (last < fit->config_count && count < limit)
        rules[count++] = (struct rule){{.dtype = NO_BOUND,
                                        .zero_point = NO_BOUND,
                                        .group_size = NO_BOUND,
                                        .where = ANYWHERE,
                                        .last_m = fit->m_count - 1},
                                       fit->configs[last]};
    return count;
}

static enum w4_status find_shortest(struct fit *fit, struct w4_error *error)
{
    struct rule *rules = calloc(fit->point_count + 2, sizeof(*rules));
    if (!rules)
        return w4_fail(error, W4_MEMORY, "out of memory for the rules of %zu shapes", fit->point_count);
    fit->rule_count = search(fit, fit->config_count, fit->rules, fit->point_count + 1);
    int64_t largest = fit->m[fit->m_count - 1];
    for (size_t last = 0; last < fit->config_count; ++last) {
        int64_t limit = fit->configs[last]->m_max;
        if (limit > 0 && limit < largest)
            continue; // cannot take what no other rule takes
        size_t count = search(fit, last, rules, fit->rule_count);
        if (count < fit->rule_count) {
            memcpy(fit->rules, rules, count * sizeof(*rules));
            fit->rule_count = count;
        }
    }
    free(rules);
    return W4_OK;
}

static void write_when(const struct condition *condition, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    switch (condition->where) {
    case ANYWHERE: break;
    case N_AT_MOST: used = (size_t)snprintf(text, size, "N <= %" PRId64, condition->n); break;
    case N_AT_LEAST: used = (size_t)snprintf(text, size, "N >= %" PRId64, condition->n); break;
    case K_AT_MOST: used = (size_t)snprintf(text, size, "K <= %" PRId64, condition->k); break;
    case K_AT_LEAST: used = (size_t)snprintf(text, size, "K >= %" PRId64, condition->k); break;
    case K_OVER_N: used = (size_t)snprintf(text, size, "K > N"); break;
    case N_AND_K:
        used = (size_t)snprintf(text, size, "N == %" PRId64 " and K == %" PRId64, condition->n, condition->k);
        break;
    }
    if (condition->group_size != NO_BOUND)
        snprintf(text + used, size - used, "%sG == %" PRId64, used ? " and " : "", condition->group_size);
}

// A variant that takes only so many rows bounds its rule, whatever was swept.
static int64_t upper_m(const struct fit *fit, const struct rule *rule)
{
    int64_t upper = rule->condition.last_m + 1 < fit->m_count ? fit->m[rule->condition.last_m] : 0;
    int64_t limit = rule->config->m_max;
    return limit > 0 && (upper == 0 || upper > limit) ? limit : upper;
}

static json_t *rule_json(const struct fit *fit, const struct rule *rule)
{
    const struct condition *condition = &rule->condition;
    const struct w4_tile *tile = &rule->config->tile;
    char when[160];
    json_t *json = json_pack("{s:[i,i,i,i], s:i, s:s}", "tile", tile->bm, tile->bn, tile->bk, tile->waves, "unroll_k",
                             tile->unroll_k, "family", rule->config->family);
    int failed = !json;
    if (!failed && tile->num_stages)
        failed |= json_object_set_new(json, "num_stages", json_integer(tile->num_stages));
    if (!failed && tile->unpack[0])
        failed |= json_object_set_new(json, "unpack", json_string(tile->unpack));
    write_when(condition, when, sizeof(when));
    if (!failed && condition->first_m > 0)
        failed |= json_object_set_new(json, "m_min", json_integer(fit->m[condition->first_m - 1] + 1));
    if (!failed && upper_m(fit, rule) > 0)
        failed |= json_object_set_new(json, "m_max", json_integer(upper_m(fit, rule)));
    if (!failed && when[0])
        failed |= json_object_set_new(json, "when", json_string(when));
    if (!failed && condition->dtype != NO_BOUND)
        failed |= json_object_set_new(json, "type", json_string(w4_text_dtype((enum w4_dtype)condition->dtype)));
    if (!failed && condition->zero_point != NO_BOUND)
        failed |= json_object_set_new(json, "zero_point", json_boolean(condition->zero_point));
    if (failed) {
        json_decref(json);
        return NULL;
    }
    return json;
}

static char *table_text(const struct fit *fit, const char *name, const char *note)
{
    json_t *rules = json_array();
    int failed = !rules;
    for (size_t i = 0; !failed && i < fit->rule_count; ++i)
        failed = json_array_append_new(rules, rule_json(fit, &fit->rules[i]));
    json_t *root = failed ? NULL : json_pack("{s:s, s:s, s:O}", "name", name, "note", note, "rules", rules);
    char *text = root ? json_dumps(root, JSON_INDENT(2) | JSON_SORT_KEYS) : NULL;
    json_decref(root);
    json_decref(rules);
    return text;
}

enum w4_status w4_sweep_fit_rules(const struct w4_sweep *sweep, const struct w4_manifest *manifest, const char *name,
                                  const char *note, double slack, char **json_text, size_t *rules,
                                  struct w4_error *error)
{
    struct fit fit = {0};
    *json_text = NULL;
    *rules = 0;
    enum w4_status status = prepare(&fit, sweep, manifest, slack, error);
    if (status == W4_OK && fit.point_count == 0)
        status = w4_fail(error, W4_NOT_FOUND, "no swept shape has a right figure: there is nothing to make rules from");
    if (status == W4_OK) {
        status = find_shortest(&fit, error);
        *rules = fit.rule_count;
    }
    if (status == W4_OK) {
        *json_text = table_text(&fit, name, note);
        if (!*json_text)
            status = w4_fail(error, W4_MEMORY, "out of memory for %zu rules", fit.rule_count);
    }
    free(fit.points);
    free(fit.rules);
    free(fit.m);
    free(fit.groups);
    free(fit.sizes);
    free(fit.m_first);
    return status;
}
