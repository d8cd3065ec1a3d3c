// How a variant of kernels.json is launched: its member "convention" names an entry of the file's member "conventions".
#ifndef W4_HARNESS_MANIFEST_CONVENTION_H
#define W4_HARNESS_MANIFEST_CONVENTION_H

#include "../base/json.h"
#include "../kernels/convention.h"

// Fills *convention for the variant at `at`; `conventions` is the file's member (its value NULL when absent). A variant
// without "convention" gets w4_convention_hip. Errors name the place, and what is known there.
enum w4_status w4_manifest_convention(const struct w4_json_at *at, const struct w4_json_at *conventions,
                                      struct w4_convention *convention, struct w4_error *error);

#endif
