// The parts of kernel-manifest: each family of code objects knows its table of variants and adds its entries.
#ifndef W4_KERNELS_MANIFEST_H
#define W4_KERNELS_MANIFEST_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "../base/error.h"
#include "../codeobject/codeobject.h"
#include "resources.h"

enum { MANIFEST_NAME_MAX_BYTES = 128 };

// A code object as it was read.
struct code_object {
    const char *path;
    char hash[33];
    struct co_object object;
};

// What the entry of one kernel says beside its resources.
struct manifest_entry {
    const char *id, *family, *symbol, *type;
    json_t *tile; // taken over; NULL: out of memory
    uint32_t m_max, group_size;
    bool zero_point, spills_expected;
    const char *convention; // name of an entry of "conventions", NULL: the launch of kernels/abi.h
    uint32_t dynamic_lds_bytes;
};

// The file's name without its folder.
const char *manifest_base_name(const char *path);

// Adds the entry of one kernel to `variants`, and what it needs to *worst.
enum w4_status manifest_add(const struct manifest_entry *entry, const struct code_object *file,
                            const struct co_kernel *kernel, json_t *variants, struct resources *worst,
                            struct w4_error *error);

// manifest_hip.c: rows of variants.def. `groups`: the group sizes they were compiled for (an or), 0: the table's.
bool manifest_is_hip(const char *path);
enum w4_status manifest_add_hip(const struct code_object *file, uint32_t groups, json_t *variants,
                                struct w4_error *error);

// manifest_triton.c: rows of triton/variants.def; reads the description beside the code object. A row has several code
// objects: *total gathers them and is printed when another row's comes, and by manifest_print_triton at the end.
struct triton_total {
    const struct triton_row *row; // NULL: nothing gathered
    size_t kernels;
    struct resources worst;
};
bool manifest_is_triton(const char *path);
enum w4_status manifest_add_triton(const struct code_object *file, struct triton_total *total, json_t *variants,
                                   struct w4_error *error);
void manifest_print_triton(struct triton_total *total);
// The member "triton" of "conventions"; NULL when memory ran out.
json_t *manifest_triton_convention(void);

#endif
