// What the harness talks about: shapes, layers, kernel variants, rules, cases, results. Plain data; no I/O here.
#ifndef W4_HARNESS_MODEL_H
#define W4_HARNESS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../kernels/convention.h"

#include "measured.h"
#include "modelled.h"

enum w4_dtype { W4_FP16, W4_BF16 }; // names "fp16", "bf16"

enum { W4_NAME_MAX = 64, W4_CASE_ID_MAX = 192 };

// A GEMM as a kernel sees it. Pitches of 0 mean dense (k, k / 8, k / group_size, n); see kernels/abi.h.
struct w4_shape {
    int64_t m, n, k;
    int64_t group_size;
    enum w4_dtype dtype;
    bool zero_point;
    int64_t a_pitch, w_pitch, scale_pitch, c_pitch;
};

struct w4_layer {
    char name[W4_NAME_MAX]; // "gate_up_proj"
    int64_t n, k;
    int64_t count; // a forward pass
    bool upstream; // kept only to compare with published rows; not part of the model's sum
};

struct w4_model {
    char name[W4_NAME_MAX]; // "qwen2.5-7b": the file's name without .json
    char source_id[128], source_revision[128];
    int64_t group_size;
    bool zero_point;
    struct w4_layer *layers; // owned
    size_t layer_count;
};

// What tells the variants of a family apart. A knob that a family does not have is 0 or "".
struct w4_tile {
    int32_t bm, bn, bk, waves, unroll_k;
    int32_t num_stages; // depth of Triton's software pipeline
    char unpack[8];     // "scalar", "packed": how Triton's kernel unpacks weights
};

// One compiled kernel: a row of kernels.json.
struct w4_variant {
    char id[W4_CASE_ID_MAX];  // "prefill-64x256x64-w8-u4-fp16-g128-zp"
    char family[W4_NAME_MAX]; // "prefill", "decode"
    char symbol[W4_CASE_ID_MAX];
    char *code_object; // absolute path, owned
    char code_object_hash[33];
    struct w4_tile tile; // bk as compiled: min(bk, group size)
    int32_t m_max;       // largest M it accepts; 0: any
    enum w4_dtype dtype;
    int32_t group_size;
    bool zero_point;
    uint32_t lds_bytes; // of a workgroup, what the launch adds included
    uint32_t vgprs, sgprs, vgpr_spills, sgpr_spills, scratch_bytes;
    struct w4_convention convention;
};

// The stable identity of what is run: shape of a model's layer x kernel. `kernel` names a rule table of
// kernels/heuristics ("baseline", "tuned", "decode", "before", "after").
struct w4_case {
    char id[W4_CASE_ID_MAX]; // "qwen2.5-7b/gate_up_proj/m1606/fp16/g128/sym/tuned"; padded pitches add "/pitch+16"
    char model[W4_NAME_MAX];
    char layer[W4_NAME_MAX];
    char kernel[W4_NAME_MAX];
    struct w4_shape shape;
};

enum w4_case_state {
    W4_CASE_OK,      // ran and is right
    W4_CASE_WRONG,   // ran and is not
    W4_CASE_ERROR,   // did not run: see message
    W4_CASE_SKIPPED, // no variant for it, or interrupted
    W4_CASE_INVALID  // right, but faster than the machine can be: its times are kept and prove nothing
};

struct w4_verification {
    double worst_ratio;       // largest error / bound; right when <= 1
    uint64_t judged, beyond;  // elements
    uint64_t unwritten;       // judged elements that still hold the poison
    uint64_t guard_damage;    // bytes changed outside C's elements (guards and pitch padding)
    int64_t worst_m, worst_n; // element of worst_ratio
    bool all_zero;
};

struct w4_result {
    struct w4_case test;
    enum w4_case_state state;
    char message[512]; // state ERROR or SKIPPED: why; WRONG: what
    char variant[W4_CASE_ID_MAX];
    char code_object_hash[33];
    struct w4_tile tile;
    struct w4_verification verification;
    double *samples_ms; // owned; raw: milliseconds a launch, one a timed window (cold operands where measured)
    size_t sample_count;
    struct w4_measured measured;
    double cycles; // modelled, 0 when not
    double occupancy_waves_per_simd;
    struct w4_modelled modelled;
    uint64_t workgroups, workgroups_run;
    double host_seconds;
};

#endif
