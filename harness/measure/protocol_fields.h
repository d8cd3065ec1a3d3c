// The protocol's members as keys of JSON. Whether values make sense together is w4_protocol_check.
#ifndef W4_HARNESS_MEASURE_PROTOCOL_FIELDS_H
#define W4_HARNESS_MEASURE_PROTOCOL_FIELDS_H

#include "../fields.h"
#include "protocol.h"

static const struct w4_field w4_protocol_fields[] = {
    W4_FIELD(struct w4_protocol, active, W4_FIELD_BOOL, 0),
    W4_FIELD(struct w4_protocol, hot, W4_FIELD_BOOL, 0),
    W4_FIELD(struct w4_protocol, cache_bytes, W4_FIELD_U64, 0),
    W4_FIELD(struct w4_protocol, rotation_bytes, W4_FIELD_U64, 0),
    W4_FIELD(struct w4_protocol, warm_up_min_s, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_protocol, warm_up_max_s, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_protocol, settle_looks, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_protocol, settle_spread, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_protocol, look_interval_s, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_protocol, batch_min_ms, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_protocol, batch_launches_max, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_protocol, lead_launches, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_protocol, batches_min, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_protocol, batches_max, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_protocol, relative_error, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_protocol, budget_s, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_protocol, cpu_load_max, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_protocol, anchor_batches, W4_FIELD_I32, 0),
    W4_FIELD(struct w4_protocol, anchor_bytes, W4_FIELD_U64, 0),
    W4_FIELD(struct w4_protocol, roofline_tflops, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_protocol, roofline_cold_gbs, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_protocol, roofline_hot_gbs, W4_FIELD_REAL, 0),
    W4_FIELD(struct w4_protocol, roofline_margin, W4_FIELD_REAL, 0),
};

#endif
