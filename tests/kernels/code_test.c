// What the compiler made of the prefill kernels: the matrix instructions that the tile calls for, wide loads, no
// scratch, and no waste in the K loop. Reads llvm-objdump's disassembly; skipped where that tool is missing.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "variants.h"

#ifndef W4_OBJDUMP
#define W4_OBJDUMP ""
#endif

enum { LINE_BYTES = 512 };

// Instructions of a kernel. The K loop lies between the first and the last barrier.
struct counts {
    int wmma, barriers, scratch, flat, lds_load_b128, lds_load_other, global_load, global_load_b128;
    int loop_carries; // v_add_co_ci_u32 in the K loop: 64-bit addresses made by the vector unit
    int carries;      // the same since the last barrier
};

static bool starts(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

static void count_instruction(const char *name, struct counts *c)
{
    const bool b128 = strstr(name, "_b128") != NULL;
    c->wmma += starts(name, "v_wmma_f32_16x16x16_");
    c->scratch += starts(name, "scratch_");
    c->flat += starts(name, "flat_");
    c->lds_load_b128 += starts(name, "ds_load") && b128;
    c->lds_load_other += starts(name, "ds_load") && !b128;
    c->global_load += starts(name, "global_load");
    c->global_load_b128 += starts(name, "global_load") && b128;
    c->carries += c->barriers > 0 && starts(name, "v_add_co_ci");
    if (strcmp(name, "s_barrier") == 0) {
        c->barriers++;
        c->loop_carries += c->carries;
        c->carries = 0;
    }
}

// All variants with what was counted for each: counts[i] belongs to variants.items[i].
struct fixture {
    struct variants variants;
    struct counts *counts;
};

static void count_code_object(struct fixture *f, const char *path)
{
    char command[2048], line[LINE_BYTES], name[LINE_BYTES];
    snprintf(command, sizeof(command), "%s -d --no-show-raw-insn --no-leading-addr '%s'", W4_OBJDUMP, path);
    FILE *out = popen(command, "r"); // NOLINT(bugprone-command-processor): tool and files are the build's own
    assert_non_null(out);
    struct counts *current = NULL;
    while (fgets(line, sizeof(line), out)) {
        if (line[0] == '<') { // "<symbol>:"
            current = NULL;
            for (size_t i = 0; i < f->variants.count; i++)
                if (strcmp(f->variants.items[i].path, path) == 0 && // Triton's code objects share a symbol
                    starts(line + 1, f->variants.items[i].symbol) &&
                    line[1 + strlen(f->variants.items[i].symbol)] == '>')
                    current = &f->counts[i];
        } else if (current && sscanf(line, " %511s", name) == 1) {
            count_instruction(name, current);
        }
    }
    assert_int_equal(pclose(out), 0);
}

static int load(void **state)
{
    static struct fixture fixture; // cmocka hands fixtures over by pointer
    if (W4_OBJDUMP[0] == 0)
        return 0;
    variants_load(W4_BUILD_DIR "/kernels", &fixture.variants);
    fixture.counts = calloc(fixture.variants.count, sizeof(*fixture.counts));
    assert_non_null(fixture.counts);
    const char *last = ""; // sorted by id: a code object's variants follow each other
    for (size_t i = 0; i < fixture.variants.count; i++) {
        if (strcmp(last, fixture.variants.items[i].path) != 0)
            count_code_object(&fixture, fixture.variants.items[i].path);
        last = fixture.variants.items[i].path;
    }
    *state = &fixture;
    return 0;
}

static int unload(void **state)
{
    struct fixture *f = *state;
    if (f) {
        variants_fini(&f->variants);
        free(f->counts);
    }
    return 0;
}

static void check_prefill(const struct variant *v, const struct counts *c)
{
    // A wave's 16 x 16 x 16 products of one K tile; the loop holds UNROLL_K K tiles, its remainder one more. A
    // workgroup of one wave needs no barriers.
    const int tile = v->bm / 16 * (v->bn / 16) * (v->bk / 16) / v->waves;
    const int copies = v->unroll_k == 1 ? 1 : v->unroll_k + 1, barriers = v->waves == 1 ? 0 : 2 * copies;
    if (c->wmma != tile * copies || c->barriers != barriers)
        fail_msg("%s: %d matrix instructions and %d barriers, not %d and %d", v->id, c->wmma, c->barriers,
                 tile * copies, barriers);
    if (c->flat != 0 || c->lds_load_other != 0 || c->lds_load_b128 == 0)
        fail_msg("%s: %d flat accesses, %d LDS loads below 128 bits", v->id, c->flat, c->lds_load_other);
    if (c->loop_carries != 0)
        fail_msg("%s: %d address carries in the K loop", v->id, c->loop_carries);
}

static void no_kernel_touches_scratch_unless_it_spills(void **state)
{
    const struct fixture *f = *state;
    if (!f) {
        print_message("no llvm-objdump found (Debian: llvm-22)\n");
        skip();
    }
    for (size_t i = 0; i < f->variants.count; i++)
        if ((f->counts[i].scratch != 0) != (f->variants.items[i].spills_expected != 0))
            fail_msg("%s: %d scratch accesses", f->variants.items[i].id, f->counts[i].scratch);
}

static void prefill_kernels_hold_the_tile_and_nothing_wasteful(void **state)
{
    const struct fixture *f = *state;
    if (!f)
        skip();
    for (size_t i = 0; i < f->variants.count; i++)
        if (strcmp(f->variants.items[i].family, "prefill") == 0)
            check_prefill(&f->variants.items[i], &f->counts[i]);
}

static void the_reference_pair_loads_sixteen_bytes_at_a_time(void **state)
{
    const struct fixture *f = *state;
    if (!f)
        skip();
    // Loads of one K tile: of 128 bits, and others (scales, zero points, and weights of a small share).
    static const struct {
        const char *id;
        int b128, others;
    } rows[] = {
        {"prefill-128x64x64-w8-u1-fp16-g128-sym", 4, 2}, // A: 4; W: 64 bits; a scale
        {"prefill-64x256x64-w8-u1-fp16-g128-sym", 4, 2}, // A: 2; W: 2; two scales
        {"prefill-64x256x64-w8-u1-bf16-g128-zp", 4, 4},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const struct variant *v = variants_find(&f->variants, rows[i].id);
        assert_non_null(v);
        const struct counts *c = &f->counts[v - f->variants.items];
        assert_int_equal(c->global_load_b128, rows[i].b128);
        assert_int_equal(c->global_load - c->global_load_b128, rows[i].others);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_kernel_touches_scratch_unless_it_spills),
        cmocka_unit_test(prefill_kernels_hold_the_tile_and_nothing_wasteful),
        cmocka_unit_test(the_reference_pair_loads_sixteen_bytes_at_a_time),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
