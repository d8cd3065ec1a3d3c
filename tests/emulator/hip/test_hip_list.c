// The list of the API (api.def) against what the library exports, what ROCm's library exports, and docs/hip-api.md.
// `test_hip_list --print` writes the document.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

#include "../../../base/file.h"

enum row_kind { ROW_AREA, ROW_HAVE, ROW_LACK };

static const struct row {
    enum row_kind kind;
    const char *name, *note; // an area: its title, why the lacking ones lack
} rows[] = {
#define HIP_AREA(key, title, why)  {ROW_AREA, title, why},
#define HIP_HAVE(name, area, note) {ROW_HAVE, #name, note},
#define HIP_LACK(name, area)       {ROW_LACK, #name, ""},
#define HIP_LACK_RTC(name, area)   {ROW_LACK, #name, ""},
#include "../../../emulator/hip/api.def"
};
enum { ROWS = sizeof rows / sizeof *rows };

static void print_row(FILE *out, const struct row *row)
{
    fprintf(out, "| `%s` | %s | %s |\n", row->name, row->kind == ROW_HAVE ? "yes" : "no", row->note);
}

static void print_document(FILE *out)
{
    size_t have = 0, lack = 0;
    for (size_t i = 0; i < ROWS; i++) {
        have += rows[i].kind == ROW_HAVE;
        lack += rows[i].kind == ROW_LACK;
    }
    fprintf(out,
            "# The HIP runtime API of the emulator\n\n"
            "Written by `test_hip_list --print` from `emulator/hip/api.def`; a test compares them.\n\n"
            "`build/lib/hip-drop-in` holds `libamdhip64.so`, `.so.5`, `.so.6` and `.so.7`, links to `libgfx1151.so`. "
            "With that folder first in `LD_LIBRARY_PATH`, programs linked against ROCm's library run on the emulated "
            "gfx1151 unchanged; new ones link with `-Lbuild/lib/hip-drop-in -lamdhip64`. %zu functions are emulated. "
            "%zu more exist, so that programs link and load; they "
            "answer `hipErrorNotSupported` (run-time compilation: `HIPRTC_ERROR_INTERNAL_ERROR`), and "
            "`emuGetLastMessage()` says why.\n\n"
            "Work runs when it is enqueued, on the calling thread: streams and events keep every order that a program "
            "asks for, queries always find everything done, copies take no modelled time, and "
            "`hipEventElapsedTime` is the modelled time of the launches between two events. Error codes follow ROCm "
            "7; a failed `<<< >>>` launch is reported by `hipGetLastError` and, when the kernel died, once by the next "
            "call that synchronises. The device then goes on, which a GPU would not. "
            "`EMU_CHECK=1` in the environment runs every launch under the checks.\n",
            have, lack);
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].kind == ROW_AREA) {
            size_t lacking = 0;
            for (size_t j = i + 1; j < ROWS && rows[j].kind != ROW_AREA; j++)
                lacking += rows[j].kind == ROW_LACK;
            fprintf(out, "\n## %s\n\n", rows[i].name);
            if (lacking)
                fprintf(out, "Not emulated: %s.\n\n", rows[i].note);
            fprintf(out, "| Function | Emulated | Note |\n|---|---|---|\n");
        } else {
            print_row(out, &rows[i]);
        }
}

static const struct row *find(const char *name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].kind != ROW_AREA && strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

static void every_name_of_the_list_is_exported_once(void **state)
{
    (void)state;
    void *library = dlopen(DROP_IN, RTLD_LAZY | RTLD_LOCAL);
    if (!library)
        fail_msg("%s", dlerror());
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].kind == ROW_AREA)
            continue;
        if (!dlsym(library, rows[i].name))
            fail_msg("%s is listed but not exported", rows[i].name);
        assert_ptr_equal(find(rows[i].name), &rows[i]);
    }
    dlclose(library);
}

// Calls `each` for every defined dynamic function of a library.
static void for_each_export(const char *path, void (*each)(const char *name))
{
    assert_int_not_equal(elf_version(EV_CURRENT), EV_NONE);
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    Elf *elf = elf_begin(file, ELF_C_READ, NULL);
    assert_non_null(elf);
    for (Elf_Scn *section = elf_nextscn(elf, NULL); section; section = elf_nextscn(elf, section)) {
        GElf_Shdr header;
        assert_non_null(gelf_getshdr(section, &header));
        if (header.sh_type != SHT_DYNSYM)
            continue;
        Elf_Data *data = elf_getdata(section, NULL);
        for (size_t i = 0; i < header.sh_size / header.sh_entsize; i++) {
            GElf_Sym symbol;
            assert_non_null(gelf_getsym(data, (int)i, &symbol));
            if (symbol.st_shndx != SHN_UNDEF && GELF_ST_TYPE(symbol.st_info) == STT_FUNC)
                each(elf_strptr(elf, header.sh_link, symbol.st_name));
        }
    }
    elf_end(elf);
    close(file);
}

static void must_be_listed(const char *name)
{
    if (strncmp(name, "emu", 3) != 0 && !find(name) && strncmp(name, "_Z", 2) != 0)
        fail_msg("%s is exported but not listed", name);
}

// ROCm's library has more: its debugger's and C++ internals.
static void must_be_listed_of_rocm(const char *name)
{
    if (strncmp(name, "amd_dbgapi_", 11) != 0 && strncmp(name, "_ZN8hip_impl", 12) != 0 &&
        strncmp(name, "_Z", 2) != 0 && !find(name))
        fail_msg("%s of %s is not listed", name, ROCM);
}

static void every_export_is_listed(void **state)
{
    (void)state;
    for_each_export(DROP_IN, must_be_listed);
}

static void everything_that_rocm_exports_is_listed(void **state)
{
    (void)state;
    if (access(ROCM, R_OK) != 0)
        skip();
    for_each_export(ROCM, must_be_listed_of_rocm);
}

// The process that asks for one name in LD_LIBRARY_PATH gets the version that goes with it; in one process the first
// name counts, as the loader knows the files to be one.
static void the_name_tells_the_version(void **state)
{
    (void)state;
    void *library = dlopen(DROP_IN, RTLD_LAZY | RTLD_LOCAL);
    int (*get_version)(int *) = NULL;
    int version = 0;
    assert_non_null(library);
    *(void **)&get_version = dlsym(library, "hipRuntimeGetVersion");
    assert_int_equal(get_version(&version), 0);
    assert_int_equal(version / 10000000, 6);
    dlclose(library);
}

static void the_document_is_the_list(void **state)
{
    (void)state;
    char *expected = NULL, *document;
    size_t bytes, size;
    struct w4_error error = {0};
    FILE *out = open_memstream(&expected, &bytes);
    assert_non_null(out);
    print_document(out);
    assert_int_equal(fclose(out), 0);
    if (w4_file_read(W4_SOURCE_DIR "/docs/hip-api.md", 1u << 20, &document, &size, &error) != W4_OK)
        fail_msg("%s", error.message);
    if (size != bytes || memcmp(document, expected, bytes) != 0)
        fail_msg("docs/hip-api.md differs from api.def: test_hip_list --print > docs/hip-api.md");
    free(document);
    free(expected);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--print") == 0) {
        print_document(stdout);
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_of_the_list_is_exported_once),
        cmocka_unit_test(every_export_is_listed),
        cmocka_unit_test(everything_that_rocm_exports_is_listed),
        cmocka_unit_test(the_name_tells_the_version),
        cmocka_unit_test(the_document_is_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
