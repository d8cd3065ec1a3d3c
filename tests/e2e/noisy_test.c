// The real program on a machine that scatters like an APU (tests/noisy): it is measured, its times differ from process
// to process, an injected slowdown shows, and a device that is lost is no success.
#include "e2e.h"

#include <math.h>
#include <stdio.h>
#include <sys/stat.h>

#define NOISY                                                                                                          \
    "run --device " E2E_NOISY                                                                                          \
    " --suite smoke --filter *odd_n* --order-seed 1 --protocol @/protocol.json --baselines @/baselines --out @/out"

// The usual protocol, but for a rotation that takes no time to fill: nothing here has caches.
static int setup(void **state)
{
    const int failed = e2e_setup(state);
    if (!failed)
        e2e_write(*state, "protocol.json", "{\"cache_bytes\": 100000, \"rotation_bytes\": 400000}");
    return failed;
}

// The first sample in the result file of the case whose id ends in `kernel`.
static double first_sample(const struct e2e *test, const char *kernel)
{
    char *text = e2e_read(test, "out/results.json");
    char id[64];
    snprintf(id, sizeof(id), "/%s\"", kernel);
    const char *at = strstr(text, id);
    at = at ? strstr(at, "\"samples_ms\": [") : NULL;
    if (!at)
        fail_msg("no samples of %s in:\n%s", kernel, text);
    const double value = at ? strtod(at + strlen("\"samples_ms\": ["), NULL) : NAN;
    free(text);
    assert_true(value > 0);
    return value;
}

static void noisy_machine_is_measured_and_every_process_differs(void **state)
{
    struct e2e *test = *state;
    e2e_write(test, "noisy.json", "{\"profile\": \"typical-apu\", \"seed\": 5, \"time_scale\": 1000}");
    e2e_run(test, "W4_NOISY=@/noisy.json", NOISY);
    e2e_expect(test, 0, "ms measured");
    e2e_expect(test, 0, "2 right, 0 wrong");
    e2e_expect(test, 0, "Noisy 8060S");
    const double first = first_sample(test, "tuned");
    e2e_run(test, "W4_NOISY=@/noisy.json", NOISY);
    e2e_expect(test, 0, "2 right, 0 wrong");
    assert_true(first_sample(test, "tuned") != first);
    // The same process of the same night again, to the last bit.
    e2e_write(test, "noisy.json.processes", "");
    e2e_run(test, "W4_NOISY=@/noisy.json", NOISY);
    assert_float_equal(first_sample(test, "tuned"), first, 0);
}

static void injected_slowdown_shows_in_its_kernel_only(void **state)
{
    struct e2e *test = *state;
    static const char *const silent =
        "\"levels\": {\"night_machine\": 0, \"night_case\": 0, \"process\": 0, \"sample\": 0,"
        " \"drift\": 0, \"spike_share\": 0, \"ramp_size\": 0, \"throttle_per_s\": 0,"
        " \"bimodal_share\": 0}, \"time_scale\": 1000";
    char script[1024];
    snprintf(script, sizeof(script), "{%s}", silent);
    e2e_write(test, "noisy.json", script);
    e2e_run(test, "W4_NOISY=@/noisy.json", NOISY);
    e2e_expect(test, 0, "2 right");
    const double tuned = first_sample(test, "tuned");
    const double baseline = first_sample(test, "baseline");
    snprintf(script, sizeof(script), "{%s, \"slowdowns\": {\"w4_prefill_64x256x64_w8_u1_fp16_g128_zp\": 1.25}}",
             silent);
    e2e_write(test, "noisy.json", script);
    e2e_run(test, "W4_NOISY=@/noisy.json", NOISY);
    e2e_expect(test, 0, "2 right");
    assert_true(fabs(first_sample(test, "tuned") / tuned - 1.25) < 1e-4);
    assert_true(fabs(first_sample(test, "baseline") / baseline - 1) < 1e-4);
}

static void sensors_follow_the_noisy_machine(void **state)
{
    struct e2e *test = *state;
    char path[128];
    char script[256];
    snprintf(path, sizeof(path), "%s/hwmon", test->folder);
    assert_int_equal(mkdir(path, 0777), 0);
    snprintf(script, sizeof(script), "{\"time_scale\": 1000, \"hwmon\": \"%s\", \"levels\": {\"throttle_per_s\": 0}}",
             path);
    e2e_write(test, "noisy.json", script);
    e2e_run(test, "W4_NOISY=@/noisy.json", NOISY);
    e2e_expect(test, 0, "2 right");
    // From a cold start upwards, to 2.9 GHz.
    char *clock = e2e_read(test, "hwmon/freq1_input");
    const double clock_hz = strtod(clock, NULL);
    free(clock);
    assert_true(clock_hz > 1.9e9 && clock_hz <= 2.9e9);
    assert_true(e2e_exists(test, "hwmon/power1_input"));
}

static void lost_noisy_device_is_no_success(void **state)
{
    struct e2e *test = *state;
    e2e_write(test, "noisy.json", "{\"lost_after\": 5}");
    e2e_run(test, "W4_NOISY=@/noisy.json", NOISY);
    e2e_expect(test, 3, "the device was lost");
    e2e_write(test, "noisy.json", "{\"profile\": \"loud\"}");
    e2e_run(test, "W4_NOISY=@/noisy.json", NOISY);
    e2e_expect(test, 4, "\"loud\" is no noise profile");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(noisy_machine_is_measured_and_every_process_differs, setup, e2e_teardown),
        cmocka_unit_test_setup_teardown(injected_slowdown_shows_in_its_kernel_only, setup, e2e_teardown),
        cmocka_unit_test_setup_teardown(sensors_follow_the_noisy_machine, setup, e2e_teardown),
        cmocka_unit_test_setup_teardown(lost_noisy_device_is_no_success, setup, e2e_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
