// Atomic writes: a failed one leaves the old file and no debris.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../base/file.h"

static char folder[] = "/tmp/w4-file-test-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int count_files(void)
{
    DIR *stream = opendir(folder);
    assert_non_null(stream);
    int count = 0;
    for (const struct dirent *entry = readdir(stream); entry; entry = readdir(stream))
        count += entry->d_name[0] != '.';
    closedir(stream);
    return count;
}

static int remove_folder(void **state)
{
    (void)state;
    char path[256];
    snprintf(path, sizeof path, "%s/result", folder);
    unlink(path);
    return rmdir(folder);
}

static void a_failed_write_keeps_the_old_content(void **state)
{
    (void)state;
    char path[256];
    snprintf(path, sizeof path, "%s/result", folder);
    struct w4_error error = {0};
    assert_int_equal(w4_file_write_atomic(path, "old", 3, &error), W4_OK);

    // A file size limit stands in for a full disk: the write fails half-way.
    struct rlimit kept;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &kept), 0);
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit small = {4096, kept.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    static const char large[65536];
    const enum w4_status status = w4_file_write_atomic(path, large, sizeof large, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &kept), 0);

    assert_int_equal(status, W4_IO);
    assert_non_null(strstr(error.message, path));
    char *data = NULL;
    size_t size = 0;
    assert_int_equal(w4_file_read(path, 100, &data, &size, NULL), W4_OK);
    assert_int_equal(size, 3);
    assert_string_equal(data, "old");
    free(data);
    assert_int_equal(count_files(), 1);
}

static void files_beyond_the_limit_are_refused(void **state)
{
    (void)state;
    char path[256];
    snprintf(path, sizeof path, "%s/result", folder);
    assert_int_equal(w4_file_write_atomic(path, "12345", 5, NULL), W4_OK);
    char *data = NULL;
    size_t size = 0;
    struct w4_error error = {0};
    assert_int_equal(w4_file_read(path, 4, &data, &size, &error), W4_RANGE);
    error = (struct w4_error){0};
    assert_int_equal(w4_file_read("/nonexistent/file", 4, &data, &size, &error), W4_NOT_FOUND);
    assert_non_null(strstr(error.message, "/nonexistent/file"));
}

static void a_folder_under_a_file_cannot_be_made(void **state)
{
    (void)state;
    char path[256];
    struct w4_error error = {0};
    snprintf(path, sizeof path, "%s/result", folder);
    assert_int_equal(w4_file_write_atomic(path, "x", 1, NULL), W4_OK);
    assert_int_equal(w4_folder_create(path, &error), W4_IO);
    assert_non_null(strstr(error.message, "not a folder"));
    error = (struct w4_error){0};
    snprintf(path, sizeof path, "%s/result/below", folder);
    assert_int_equal(w4_folder_create(path, &error), W4_IO);
}

static void equal_bytes_have_equal_hashes(void **state)
{
    (void)state;
    char first[33];
    char second[33];
    w4_hash_hex("", 0, first);
    // XXH3-128 of the empty input, from xxHash's published test vectors (high word first).
    assert_string_equal(first, "99aa06d3014798d86001c324468d497f");
    w4_hash_hex("a", 1, second);
    assert_string_not_equal(first, second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_write_keeps_the_old_content),
        cmocka_unit_test(files_beyond_the_limit_are_refused),
        cmocka_unit_test(a_folder_under_a_file_cannot_be_made),
        cmocka_unit_test(equal_bytes_have_equal_hashes),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
