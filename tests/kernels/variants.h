// The rows of a kernels.json as these tests need them. Reads the file with jansson alone, so that a mistake of the
// harness's loader cannot hide one of the build.
#ifndef W4_TESTS_KERNELS_VARIANTS_H
#define W4_TESTS_KERNELS_VARIANTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "../../kernels/convention.h"

struct variant {
    const char *id, *family, *symbol, *code_object, *type; // borrowed from the file
    char path[1024];                                       // of the code object
    int bm, bn, bk, waves, unroll_k, m_max, group_size;
    int num_stages;     // 0 where the family has none
    const char *unpack; // "" likewise
    int lds_bytes, vgprs, sgprs, vgpr_spills, sgpr_spills, scratch_bytes;
    int zero_point, spills_expected; // booleans
    struct w4_convention convention;
};

struct variants {
    json_t *file; // owned
    struct variant *items;
    size_t count;
};

// Loads FOLDER/kernels.json; fails the running test when it is not what the build should write.
void variants_load(const char *folder, struct variants *variants);
void variants_fini(struct variants *variants);

// Whether any variant is of this family.
bool variants_have(const struct variants *variants, const char *family);

// The variant with this id, or NULL.
const struct variant *variants_find(const struct variants *variants, const char *id);

#endif
