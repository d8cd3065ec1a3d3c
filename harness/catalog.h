// The catalogue: what can be run. Loads models (shapes/*.json), suites (shapes/suites/*.json), kernel rule tables
// (kernels/heuristics/*.json) and the build's manifest (kernels.json), and expands them to cases. Each loader has its
// own file; all refuse malformed input with file, line and field.
#ifndef W4_HARNESS_CATALOG_H
#define W4_HARNESS_CATALOG_H

#include "../base/error.h"
#include "model.h"

// Where the data files are: the source tree while developing, or the folders given on the command line.
struct w4_paths {
    const char *shapes;     // folder with <model>.json and suites/
    const char *heuristics; // folder with <kernel>.json
    const char *manifest;   // kernels.json
    const char *baselines;  // folder with <device key>.json
    const char *validation; // folder with series.json and accepted.json of the timing model
};

enum w4_status w4_model_load(const char *path, struct w4_model *model, struct w4_error *error);
void w4_model_fini(struct w4_model *model);
// A model's shape file from a Hugging Face config.json (text to write); the caller frees *json_text.
enum w4_status w4_model_derive(const char *config_path, const char *name, char **json_text, struct w4_error *error);

// kernels.json, made by the build: {"schema": 1, "toolchain": {"compiler", "version", "flags"}, "variants": [{"id",
// "family", "symbol", "code_object" (relative to the file, or absolute), "code_object_hash", "tile": {"bm", "bn", "bk",
// "waves", "unroll_k"}, "m_max", "type": "fp16"|"bf16", "group_size", "zero_point", "lds_bytes", "vgprs", "sgprs",
// "vgpr_spills", "sgpr_spills", "scratch_bytes", "spills_expected"}]}. All are required; ids and symbols must differ.
// Optional: of the tile "num_stages", "unpack"; of a variant "convention", a name of the optional member "conventions":
// {NAME:
// {"arguments": names of kernels/convention.h in the kernel's order, "grid": ["m", "n"]: what its x and y count,
// "pitch_multiple", "operand_bytes_max"}}, and "dynamic_lds_bytes". Without "convention": w4_convention_hip.
struct w4_manifest {
    char compiler[256], compiler_version[256], flags[512];
    struct w4_variant *variants; // owned
    size_t variant_count;
};
enum w4_status w4_manifest_load(const char *path, struct w4_manifest *manifest, struct w4_error *error);
void w4_manifest_fini(struct w4_manifest *manifest);
// The variant with this id, borrowed; NULL when there is none.
const struct w4_variant *w4_manifest_find(const struct w4_manifest *manifest, const char *id);

// A rule table: first rule whose conditions (m_min, m_max, type, zero_point, when) all hold names the tile. Language of
// "when": comparisons (<, <=, >, >=, ==) of M, N, K, G and integers with + - *, joined by "and"/"or", parentheses.
struct w4_rules;
enum w4_status w4_rules_load(const char *folder, const char *name, struct w4_rules **rules, struct w4_error *error);
void w4_rules_destroy(struct w4_rules *rules);
// The variant for a shape: borrowed from the manifest. NOT_FOUND when no rule or no compiled variant fits; the message
// says which tile was wanted.
enum w4_status w4_rules_choose(const struct w4_rules *rules, const struct w4_manifest *manifest,
                               const struct w4_shape *shape, const struct w4_variant **variant, struct w4_error *error);

// NOT_FOUND when the variant's calling convention asks for pitches or sizes that the shape does not have.
enum w4_status w4_variant_accepts(const struct w4_variant *variant, const struct w4_shape *shape,
                                  struct w4_error *error);

// A list of cases in a stable order without duplicates.
struct w4_cases {
    struct w4_case *items; // owned
    size_t count;
};
void w4_cases_fini(struct w4_cases *cases);

// What the command line selects; zero or NULL fields do not restrict (or, without a suite, take the default).
struct w4_selection {
    const char *suite;  // "pr", "smoke", ...
    const char *filter; // glob on case ids (fnmatch), or a substring when it has no wildcard
    const char *model, *layer;
    const char *const *kernels; // NULL-terminated; replaces the suite's kernels
    const int64_t *m;           // replaces the suite's M values
    size_t m_count;
};

// Expands a selection. Unknown suite, model, layer or kernel is an error that lists what there is; an empty result is
// an error too (measuring nothing is never green).
enum w4_status w4_cases_expand(const struct w4_paths *paths, const struct w4_selection *selection,
                               struct w4_cases *cases, struct w4_error *error);

// Builds the stable id from the case's fields; the inverse of nothing (ids are not parsed).
void w4_case_make_id(struct w4_case *test);
// Checks sizes (positive, K % G == 0, K % 8 == 0, no overflow, pitches) and resolves pitches of 0.
enum w4_status w4_shape_check(struct w4_shape *shape, struct w4_error *error);

#endif
