// Defaults of the protocol, and where they are replaced. docs/measuring.md gives the reason for each value.
#include "protocol.h"

#include <stdio.h>
#include <string.h>

#include "../results.h"
#include "protocol_fields.h"

enum { FIELD_COUNT = sizeof(w4_protocol_fields) / sizeof(w4_protocol_fields[0]), MIB = 1 << 20 };

void w4_protocol_default(struct w4_protocol *protocol)
{
    *protocol = (struct w4_protocol){
        .cache_bytes = UINT64_C(34) * MIB, // 2 MiB L2 + 32 MiB MALL
        .rotation_bytes = UINT64_C(512) * MIB,
        .warm_up_min_s = 2,
        .warm_up_max_s = 20,
        .settle_looks = 8,
        .settle_spread = 0.01,
        .look_interval_s = 0.05,
        .batch_min_ms = 5,
        .batch_launches_max = 1000,
        .lead_launches = 1,
        .batches_min = 20,
        .batches_max = 400,
        .relative_error = 0.002,
        .budget_s = 4,
        .cpu_load_max = 0.25,
        .anchor_batches = 3,
        .anchor_bytes = UINT64_C(256) * MIB,
        .roofline_tflops = W4_WMMA_CEILING_TFLOPS,
        .roofline_cold_gbs = 256,
        .roofline_hot_gbs = 965,
        .roofline_margin = 0.02,
    };
}

// Reads the members that are there. "active" says what was done and is nobody's to set.
static enum w4_status read_some(const struct w4_json_at *root, struct w4_protocol *protocol, struct w4_error *error)
{
    const char *known[FIELD_COUNT + 1];
    struct w4_field present[FIELD_COUNT];
    size_t known_count = 0;
    size_t present_count = 0;
    for (size_t i = 0; i < FIELD_COUNT; ++i) {
        if (w4_protocol_fields[i].offset == offsetof(struct w4_protocol, active))
            continue;
        known[known_count++] = w4_protocol_fields[i].key;
    }
    known[known_count] = NULL;
    enum w4_status status = w4_json_keys(root, known, error);
    for (size_t i = 0; i < FIELD_COUNT && status == W4_OK; ++i) {
        struct w4_json_at member;
        w4_json_optional(root, w4_protocol_fields[i].key, &member);
        if (member.value)
            present[present_count++] = w4_protocol_fields[i];
    }
    return status == W4_OK ? w4_fields_read(root, protocol, present, present_count, NULL, error) : status;
}

enum w4_status w4_protocol_load(const char *path, struct w4_protocol *protocol, struct w4_error *error)
{
    struct w4_json file;
    enum w4_status status = w4_json_load(&file, path, error);
    if (status != W4_OK)
        return status;
    struct w4_json_at root = w4_json_root(&file);
    status = read_some(&root, protocol, error);
    w4_json_fini(&file);
    return status;
}

enum w4_status w4_protocol_set(const char *setting, struct w4_protocol *protocol, struct w4_error *error)
{
    char text[256];
    struct w4_json file;
    size_t name_length = strcspn(setting, "=");
    int length = snprintf(text, sizeof(text), "{\"%.*s\": %s}", (int)name_length, setting,
                          setting[name_length] ? setting + name_length + 1 : "");
    if (!setting[name_length] || length < 0 || (size_t)length >= sizeof(text))
        return w4_fail(error, W4_USAGE, "--set %.100s: wants NAME=VALUE, a constant of the protocol", setting);
    enum w4_status status = w4_json_parse(&file, "--set", text, error);
    if (status != W4_OK)
        return status;
    struct w4_json_at root = w4_json_root(&file);
    status = read_some(&root, protocol, error);
    w4_json_fini(&file);
    return status;
}

enum w4_status w4_protocol_check(const struct w4_protocol *protocol, struct w4_error *error)
{
    const struct {
        bool good;
        const char *rule;
    } rules[] = {
        {protocol->rotation_bytes / 4 >= protocol->cache_bytes,
         "rotation_bytes below 4 * cache_bytes: the caches would keep part of the weights and the figure would be "
         "neither cold nor hot"},
        {protocol->warm_up_max_s >= protocol->warm_up_min_s, "warm_up_max_s is below warm_up_min_s"},
        {protocol->settle_looks >= 1 && protocol->settle_spread > 0, "settle_looks and settle_spread must be above 0"},
        {protocol->batches_min >= 1 && protocol->batches_max >= protocol->batches_min,
         "batches_max is below batches_min, or batches_min below 1"},
        {protocol->batch_launches_max >= 1, "batch_launches_max is below 1"},
        {protocol->budget_s > 0, "budget_s must be above 0"},
        {protocol->anchor_batches == 0 || protocol->anchor_bytes >= 2 * protocol->cache_bytes,
         "anchor_bytes below 2 * cache_bytes: the bandwidth anchor would read the caches; 0 anchor_batches turns "
         "anchors off"},
        {protocol->roofline_tflops > 0 && protocol->roofline_cold_gbs > 0 && protocol->roofline_hot_gbs > 0,
         "a roofline of 0 makes every result invalid"},
    };
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); ++i) {
        if (!rules[i].good)
            return w4_fail(error, W4_RANGE, "measurement protocol: %s", rules[i].rule);
    }
    return W4_OK;
}
