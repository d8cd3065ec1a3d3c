// The loader on real code objects (compiled by clang at build time) and on damaged copies of them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <elf.h>

#include "../../base/file.h"
#include "../../codeobject/codeobject.h"

struct file {
    uint8_t *bytes;
    size_t size;
};

static struct file read_sample(const char *name)
{
    char path[512];
    char *data;
    struct file file;
    struct w4_error error = {0};
    snprintf(path, sizeof path, "%s/%s", SAMPLES, name);
    if (w4_file_read(path, 1u << 24, &data, &file.size, &error) != W4_OK)
        fail_msg("%s", error.message);
    file.bytes = (uint8_t *)data;
    return file;
}

static enum w4_status parse(const struct file *file, struct co_object *object, struct w4_error *error)
{
    memset(error, 0, sizeof *error);
    // An exact-size copy, so that a sanitizer sees every read beyond it.
    uint8_t *copy = malloc(file->size ? file->size : 1);
    assert_non_null(copy);
    memcpy(copy, file->bytes, file->size);
    enum w4_status status = co_object_parse(copy, file->size, "sample", object, error);
    free(copy);
    if (status != W4_OK)
        assert_true(strlen(error->message) > 10);
    return status;
}

static void expect_refusal(const struct file *file, enum w4_status expected, const char *word)
{
    struct co_object object;
    struct w4_error error;
    const enum w4_status status = parse(file, &object, &error);
    if (status == W4_OK)
        co_object_fini(&object);
    assert_int_equal(status, expected);
    if (!strstr(error.message, word))
        fail_msg("'%s' does not mention '%s'", error.message, word);
}

static void every_code_object_version_is_accepted(void **state)
{
    (void)state;
    for (uint32_t version = 4; version <= 6; version++) {
        char name[32];
        struct co_object object;
        struct w4_error error;
        snprintf(name, sizeof name, "v%u.hsaco", version);
        struct file file = read_sample(name);
        if (parse(&file, &object, &error) != W4_OK)
            fail_msg("%s: %s", name, error.message);
        assert_int_equal(object.version, version);
        assert_int_equal(object.match, CO_MATCH_EXACT);
        assert_string_equal(object.target, "amdgcn-amd-amdhsa--gfx1151");
        assert_int_equal(object.kernel_count, 2);
        co_object_fini(&object);
        free(file.bytes);
    }
}

static void kernel_facts_match_the_source(void **state)
{
    (void)state;
    struct co_object object;
    struct w4_error error;
    struct file file = read_sample("v5.hsaco");
    assert_int_equal(parse(&file, &object, &error), W4_OK);

    const struct co_kernel *add = co_object_find_kernel(&object, "add");
    assert_non_null(add);
    assert_string_equal(add->symbol, "add.kd");
    assert_int_equal(add->lds_bytes, 0);
    assert_int_equal(add->wavefront_size, 32);
    assert_int_equal(add->max_flat_workgroup_size, 1024);
    assert_true(add->arg_count >= 3);
    assert_int_equal(add->args[1].kind, CO_ARG_GLOBAL_BUFFER);
    assert_int_equal(add->args[1].offset, 8);
    assert_int_equal(add->args[2].kind, CO_ARG_BY_VALUE);
    assert_int_equal(add->args[2].offset, 16);
    assert_int_equal(add->args[2].size, 4);

    const struct co_kernel *shuffle = co_object_find_kernel(&object, "shuffle");
    assert_non_null(shuffle);
    assert_int_equal(shuffle->lds_bytes, 512);
    assert_int_equal(shuffle->max_flat_workgroup_size, 128);

    const struct co_symbol *code = co_object_find_symbol(&object, "shuffle");
    assert_non_null(code);
    assert_true(code->function);
    assert_int_equal(code->address, shuffle->entry);
    assert_int_equal(code->size % 4, 0);
    co_object_fini(&object);
    free(file.bytes);
}

static void loading_places_data_and_relocates_pointers(void **state)
{
    (void)state;
    const uint64_t base = 0x7f0012340000;
    struct co_object object;
    struct w4_error error;
    struct file file = read_sample("v6.hsaco");
    assert_int_equal(parse(&file, &object, &error), W4_OK);
    uint8_t *image = calloc(1, object.load_size);
    assert_non_null(image);
    assert_int_equal(co_object_load(&object, image, base, &error), W4_OK);

    const struct co_symbol *table = co_object_find_symbol(&object, "table");
    const struct co_symbol *pointer = co_object_find_symbol(&object, "pointer");
    assert_non_null(table);
    assert_non_null(pointer);
    assert_int_equal(table->size, 16);
    static const int32_t expected[4] = {1, 2, 3, 4};
    assert_memory_equal(image + table->address, expected, sizeof expected);
    uint64_t value;
    memcpy(&value, image + pointer->address, sizeof value);
    assert_int_equal(value, base + table->address + 2 * sizeof(int32_t));
    free(image);
    co_object_fini(&object);
    free(file.bytes);
}

static void expect_gfx1151_entry(const char *sample)
{
    struct co_object object;
    struct w4_error error;
    struct file file = read_sample(sample);
    if (parse(&file, &object, &error) != W4_OK)
        fail_msg("%s", error.message);
    assert_int_equal(object.match, CO_MATCH_EXACT);
    assert_non_null(co_object_find_kernel(&object, "shuffle"));
    co_object_fini(&object);

    // The same through a bare pointer, as hipModuleLoadData gets it.
    uint8_t *bytes;
    size_t size;
    assert_int_equal(co_image_copy(file.bytes, "memory", &bytes, &size, &error), W4_OK);
    assert_true(size <= file.size);
    assert_int_equal(co_object_parse(bytes, size, "memory", &object, &error), W4_OK);
    co_object_fini(&object);
    free(bytes);
    free(file.bytes);
}

static void a_bundle_yields_the_gfx1151_entry(void **state)
{
    (void)state;
    expect_gfx1151_entry("bundle.hipfb");
    expect_gfx1151_entry("compressed.hipfb");
}

static void a_damaged_compressed_bundle_is_refused(void **state)
{
    (void)state;
    struct file file = read_sample("compressed.hipfb");
    file.bytes[32] ^= 0x40; // the first of the packed data
    expect_refusal(&file, W4_PARSE, "damaged");
    file.bytes[6] = 7;
    expect_refusal(&file, W4_UNSUPPORTED, "unknown method 7");
    memset(file.bytes + 16, 0xff, 8);
    file.bytes[6] = 1;
    expect_refusal(&file, W4_PARSE, "unpacked bytes");
    free(file.bytes);
}

static void generic_and_family_code_is_accepted_and_marked(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum co_match match;
    } cases[] = {{"gfx11-generic.hsaco", CO_MATCH_GENERIC}, {"gfx1100.hsaco", CO_MATCH_FAMILY}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct co_object object;
        struct w4_error error;
        struct file file = read_sample(cases[i].name);
        if (parse(&file, &object, &error) != W4_OK)
            fail_msg("%s: %s", cases[i].name, error.message);
        assert_int_equal(object.match, cases[i].match);
        co_object_fini(&object);
        free(file.bytes);
    }
}

static void foreign_files_are_refused_by_name(void **state)
{
    (void)state;
    struct file file = read_sample("gfx1030.hsaco");
    expect_refusal(&file, W4_UNSUPPORTED, "code for gfx1030, wanted gfx1151");
    free(file.bytes);
    file = read_sample("foreign.hipfb");
    expect_refusal(&file, W4_UNSUPPORTED, "gfx1030, gfx1200");
    free(file.bytes);

    char *self;
    struct w4_error error = {0};
    assert_int_equal(w4_file_read("/proc/self/exe", 1u << 28, &self, &file.size, &error), W4_OK);
    file.bytes = (uint8_t *)self;
    expect_refusal(&file, W4_UNSUPPORTED, "machine 62");
    free(self);

    expect_refusal(&(struct file){(uint8_t *)(char[]){"CCOB2345678901234567890123456789"}, 32}, W4_PARSE,
                   "unknown version");
    expect_refusal(&(struct file){(uint8_t *)(char[]){"#!/bin/sh"}, 9}, W4_PARSE, "not an ELF file");
    expect_refusal(&(struct file){(uint8_t *)(char[]){""}, 0}, W4_PARSE, "0 bytes");
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"v6.hsaco", "bundle.hipfb", "compressed.hipfb"};
    for (size_t n = 0; n < 3; n++) {
        struct file file = read_sample(names[n]);
        // The last bytes of a bundle are padding; all of the ELF file's are its section table.
        const size_t end = n == 0 ? file.size : file.size / 2;
        for (size_t size = 0; size < end; size += size < 256 ? 1 : 13) {
            struct co_object object;
            struct w4_error error;
            struct file cut = {file.bytes, size};
            if (parse(&cut, &object, &error) == W4_OK)
                fail_msg("%s cut to %zu bytes was accepted", names[n], size);
        }
        free(file.bytes);
    }
}

// The first place of `text` in the file.
static uint8_t *locate(const struct file *file, const void *text, size_t length)
{
    uint8_t *at = memmem(file->bytes, file->size, text, length);
    assert_non_null(at);
    return at;
}

static void damaged_metadata_is_refused(void **state)
{
    (void)state;
    struct file file = read_sample("v6.hsaco");
    uint8_t *key = locate(&file, "amdhsa.kernels", 14);
    const uint8_t head = key[-1];
    key[-1] = 0xc1; // a byte that msgpack never uses
    expect_refusal(&file, W4_PARSE, "msgpack");
    key[-1] = head;
    key[14] = 0xdd; // an array of 2^32 - 1 values
    memset(key + 15, 0xff, 4);
    expect_refusal(&file, W4_PARSE, "msgpack");
    free(file.bytes);

    file = read_sample("v6.hsaco");
    locate(&file, ".vgpr_count", 11)[1] = 'V';
    expect_refusal(&file, W4_PARSE, ".vgpr_count: missing");
    free(file.bytes);

    file = read_sample("v6.hsaco");
    memcpy(locate(&file, "AMDGPU\0", 7), "AMDGPX\0", 7);
    expect_refusal(&file, W4_PARSE, "no AMDGPU metadata note");
    free(file.bytes);
}

static void a_missing_descriptor_is_refused(void **state)
{
    (void)state;
    struct file file = read_sample("v6.hsaco");
    // Metadata keeps "add.kd"; both string tables lose it.
    for (uint8_t *at = file.bytes; (at = memmem(at, file.size - (size_t)(at - file.bytes), "\0add.kd\0", 8)); at++)
        at[1] = 'X';
    expect_refusal(&file, W4_PARSE, "no kernel descriptor symbol add.kd");
    free(file.bytes);
}

static void absurd_sizes_are_refused(void **state)
{
    (void)state;
    struct file file = read_sample("v6.hsaco");
    Elf64_Ehdr header;
    memcpy(&header, file.bytes, sizeof header);
    for (unsigned i = 0; i < header.e_phnum; i++) {
        Elf64_Phdr saved, segment;
        uint8_t *at = file.bytes + header.e_phoff + i * sizeof segment;
        memcpy(&saved, at, sizeof saved);
        if (saved.p_type != PT_LOAD)
            continue;
        segment = saved;
        segment.p_memsz = UINT64_MAX - 8;
        memcpy(at, &segment, sizeof segment);
        expect_refusal(&file, W4_RANGE, "2 GiB limit");
        segment = saved;
        segment.p_filesz = UINT64_MAX / 2;
        segment.p_memsz = UINT64_MAX / 2;
        memcpy(at, &segment, sizeof segment);
        expect_refusal(&file, W4_PARSE, "outside the file");
        memcpy(at, &saved, sizeof saved);
    }
    free(file.bytes);
}

static void other_versions_and_unlinked_files_are_refused(void **state)
{
    (void)state;
    struct file file = read_sample("v6.hsaco");
    file.bytes[EI_ABIVERSION] = 1;
    expect_refusal(&file, W4_UNSUPPORTED, "code object version 3");
    file.bytes[EI_ABIVERSION] = 4;
    file.bytes[16] = ET_REL;
    expect_refusal(&file, W4_UNSUPPORTED, "link it");
    free(file.bytes);
}

// No outcome is asserted: the sanitizers are the judges.
static void flipped_bytes_never_crash(void **state)
{
    (void)state;
    struct file file = read_sample("v6.hsaco");
    uint64_t random = 0x9e3779b97f4a7c15;
    for (unsigned round = 0; round < 4000; round++) {
        uint8_t saved[3];
        size_t places[3];
        for (unsigned i = 0; i < 3; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            places[i] = (size_t)(random >> 33) % file.size;
            saved[i] = file.bytes[places[i]];
            file.bytes[places[i]] = (uint8_t)(random >> 20);
        }
        struct co_object object;
        struct w4_error error;
        if (parse(&file, &object, &error) == W4_OK)
            co_object_fini(&object);
        for (unsigned i = 3; i-- > 0;)
            file.bytes[places[i]] = saved[i];
    }
    free(file.bytes);
}

static void unreadable_memory_is_an_error(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t size;
    struct w4_error error = {0};
    assert_int_equal(co_image_copy(NULL, "memory", &bytes, &size, &error), W4_PARSE);
    assert_int_equal(co_image_copy((void *)(uintptr_t)0x10, "memory", &bytes, &size, &error), W4_PARSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_object_version_is_accepted),
        cmocka_unit_test(kernel_facts_match_the_source),
        cmocka_unit_test(loading_places_data_and_relocates_pointers),
        cmocka_unit_test(a_bundle_yields_the_gfx1151_entry),
        cmocka_unit_test(a_damaged_compressed_bundle_is_refused),
        cmocka_unit_test(generic_and_family_code_is_accepted_and_marked),
        cmocka_unit_test(foreign_files_are_refused_by_name),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(damaged_metadata_is_refused),
        cmocka_unit_test(a_missing_descriptor_is_refused),
        cmocka_unit_test(absurd_sizes_are_refused),
        cmocka_unit_test(other_versions_and_unlinked_files_are_refused),
        cmocka_unit_test(flipped_bytes_never_crash),
        cmocka_unit_test(unreadable_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
