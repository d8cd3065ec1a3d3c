// The gate from run to verdict with the real program, the real kernels and a machine that scatters (tests/noisy): a new
// build of the same speed passes, a slower one fails, and a device that is lost on the way is not green.
#include "e2e.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#include "../../base/file.h"

#define OBJECT "prefill-64x256x64-w8-u1.hsaco"
#define FILES                                                                                                          \
    "--device " E2E_NOISY " --suite smoke --filter *odd_n*tuned --manifest @/kernels/kernels.json --order-seed 1 "     \
    "--protocol @/protocol.json --baselines @/baselines --objects @/objects --sensor-root @/nothing --out @/out "
#define GATE "gate " FILES "--blocks 6 --jobs 1"

static char current_hash[33];

static void path_in_kernels(const struct e2e *test, const char *name, char path[E2E_PATH_MAX])
{
    snprintf(path, E2E_PATH_MAX, "%s/kernels/%s", test->folder, name);
}

// The build's kernels by links, but for the one object that will be rebuilt, and its manifest.
static void link_kernels(const struct e2e *test)
{
    char path[E2E_PATH_MAX];
    struct w4_error error = {0};
    path_in_kernels(test, "", path);
    assert_int_equal(w4_folder_create(path, &error), W4_OK);
    DIR *stream = opendir(W4_BUILD_DIR "/kernels");
    assert_non_null(stream);
    for (const struct dirent *entry = readdir(stream); entry; entry = readdir(stream)) {
        char target[E2E_PATH_MAX];
        if (!strstr(entry->d_name, ".hsaco") || strcmp(entry->d_name, OBJECT) == 0)
            continue;
        snprintf(target, sizeof(target), "%s/kernels/%s", W4_BUILD_DIR, entry->d_name);
        path_in_kernels(test, entry->d_name, path);
        assert_int_equal(symlink(target, path), 0);
    }
    closedir(stream);
}

static void copy_from_build(const struct e2e *test, const char *name, char hash[33])
{
    char path[E2E_PATH_MAX];
    char *data = NULL;
    size_t size = 0;
    struct w4_error error = {0};
    snprintf(path, sizeof(path), "%s/kernels/%s", W4_BUILD_DIR, name);
    if (w4_file_read(path, 64u << 20, &data, &size, &error) != W4_OK)
        fail_msg("%s", error.message);
    path_in_kernels(test, name, path);
    assert_int_equal(w4_file_write_atomic(path, data, size, &error), W4_OK);
    w4_hash_hex(data, size, hash);
    free(data);
}

static void write_script(const struct e2e *test, double slowdown, int night)
{
    char script[512];
    snprintf(
        script, sizeof(script),
        "{\"profile\": \"quiet\", \"seed\": 3, \"night\": %d, \"time_scale\": 1000, \"slowdowns\": {\"%s\": %.4f}}",
        night, current_hash, slowdown);
    e2e_write(test, "noisy.json", script);
}

// Another build of the object: the compiler's name in it, which nothing reads, is spelled differently.
static void rebuild(const struct e2e *test)
{
    char path[E2E_PATH_MAX];
    char hash[33];
    char *data = NULL;
    size_t size = 0;
    struct w4_error error = {0};
    path_in_kernels(test, OBJECT, path);
    if (w4_file_read(path, 64u << 20, &data, &size, &error) != W4_OK)
        fail_msg("%s", error.message);
    char *name = memmem(data, size, "clang version", strlen("clang version"));
    assert_non_null(name);
    if (name)
        name[0] = 'k';
    assert_int_equal(w4_file_write_atomic(path, data, size, &error), W4_OK);
    w4_hash_hex(data, size, hash);
    free(data);
    e2e_replace(test, "kernels/kernels.json", current_hash, hash);
    strcpy(current_hash, hash);
}

static int setup(void **state)
{
    char ignored[33];
    if (e2e_setup(state) != 0)
        return -1;
    struct e2e *test = *state;
    link_kernels(test);
    copy_from_build(test, "kernels.json", ignored);
    copy_from_build(test, OBJECT, current_hash);
    e2e_write(test, "protocol.json", "{\"cache_bytes\": 100000, \"rotation_bytes\": 400000, \"anchor_bytes\": 200000}");
    write_script(test, 1, 0);
    e2e_run(test, "W4_NOISY=@/noisy.json", "run " FILES);
    e2e_expect(test, 0, "1 right");
    e2e_run(test, NULL,
            "baseline accept --all --results @/out/results.json --reason first --baselines @/baselines "
            "--objects @/objects --manifest @/kernels/kernels.json");
    e2e_expect(test, 0, "1 baselines written");
    return 0;
}

static void a_build_of_the_same_speed_passes(void **state)
{
    struct e2e *test = *state;
    rebuild(test);
    write_script(test, 1, 1);
    e2e_run(test, "W4_NOISY=@/noisy.json", GATE);
    e2e_expect(test, 0, "gate: PASS - 1 PASS of 1 cases");
    e2e_expect(test, 0, "caught after 6 blocks");
}

static void a_build_that_is_12_percent_slower_fails_and_replays(void **state)
{
    struct e2e *test = *state;
    rebuild(test);
    write_script(test, 1 / 0.88, 1);
    e2e_run(test, "W4_NOISY=@/noisy.json", GATE);
    e2e_expect(test, 1, "gate: FAIL - 1 FAIL of 1 cases");
    e2e_run(test, NULL, "gate --results @/out/results.json --baselines @/baselines --out @/again");
    e2e_expect(test, 1, "gate: FAIL - 1 FAIL of 1 cases");
}

// At the first launch, while it warms up, while it is timed.
static void a_device_that_is_lost_is_never_green(void **state)
{
    struct e2e *test = *state;
    static const int launches[] = {1, 100, 300};
    for (size_t i = 0; i < 3; ++i) {
        char script[256];
        snprintf(script, sizeof(script), "{\"profile\": \"quiet\", \"time_scale\": 1000, \"lost_after\": %d}",
                 launches[i]);
        e2e_write(test, "noisy.json", script);
        e2e_run(test, "W4_NOISY=@/noisy.json", GATE);
        if (test->exit_code != 3 && test->exit_code != 4)
            fail_msg("lost after %d launches: exit code %d\n%s%s", launches[i], test->exit_code, test->out, test->err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_build_of_the_same_speed_passes, setup, e2e_teardown),
        cmocka_unit_test_setup_teardown(a_build_that_is_12_percent_slower_fails_and_replays, setup, e2e_teardown),
        cmocka_unit_test_setup_teardown(a_device_that_is_lost_is_never_green, setup, e2e_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
