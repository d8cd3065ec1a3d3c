// The noise model keeps what it promises: levels as published, the same seed the same noise, and each disturbance where
// it belongs.
#include "../statistics/statistics_test.h"

#include <math.h>

#include "../../statistics/order.h"
#include "noise.h"
#include "script.h"

static const struct w4_noise_profile *typical(void)
{
    return w4_noise_profile_find("typical-apu");
}

static double warm_sample(const struct w4_noise_profile *profile, uint64_t key, uint64_t night, uint64_t process)
{
    struct w4_noise_machine machine = w4_noise_machine_start(profile, 1, night, process);
    struct w4_noise_case state = w4_noise_case_start(profile, 1, key, night, process);
    w4_noise_machine_pass(&machine, 10, true);
    return w4_noise_sample(&machine, &state);
}

static void noise_follows_from_the_seed_alone(void **state)
{
    (void)state;
    const double once = warm_sample(typical(), 3, 5, 7);
    assert_float_equal(warm_sample(typical(), 3, 5, 7), once, 0);
    assert_true(warm_sample(typical(), 4, 5, 7) != once);
    assert_true(warm_sample(typical(), 3, 6, 7) != once);
    assert_true(warm_sample(typical(), 3, 5, 8) != once);
}

// Of 2000 cases: deviation of the process' offset around the night's, as repeats of a case show it.
static void typical_repeats_spread_as_published(void **state)
{
    (void)state;
    enum { CASES = 2000, REPEATS = 10, SAMPLES = 15 };
    static double spreads[CASES];
    for (uint64_t key = 0; key < CASES; ++key) {
        double medians[REPEATS];
        for (size_t repeat = 0; repeat < REPEATS; ++repeat) {
            const uint64_t process = key << 8 | repeat;
            struct w4_noise_machine machine = w4_noise_machine_start(typical(), 1, 0, process);
            struct w4_noise_case one = w4_noise_case_start(typical(), 1, key, 0, process);
            double samples[SAMPLES];
            w4_noise_machine_pass(&machine, 3, true);
            for (size_t i = 0; i < SAMPLES; ++i)
                samples[i] = w4_noise_sample(&machine, &one);
            medians[repeat] = w4_median(samples, SAMPLES);
        }
        spreads[key] = w4_deviation(medians, REPEATS);
    }
    const double median = w4_median(spreads, CASES);
    const double high = w4_quantile(spreads, CASES, 0.9);
    const double worst = w4_quantile(spreads, CASES, 1);
    if (!(median > 0.012 && median < 0.016 && high > 0.035 && high < 0.19 && worst > 0.2 && worst < 0.5))
        fail_msg("spread: median %.4f, 90th percentile %.4f, worst %.4f", median, high, worst);
}

static void a_cold_machine_is_slow_and_warms_up(void **state)
{
    (void)state;
    struct w4_noise_machine machine = w4_noise_machine_start(typical(), 1, 0, 0);
    assert_close(w4_noise_machine_clock(&machine), typical()->ramp_size, 1e-12);
    w4_noise_machine_pass(&machine, 10, false);
    assert_close(w4_noise_machine_clock(&machine), typical()->ramp_size, 1e-12);
    struct w4_noise_profile steady = *typical();
    steady.throttle_per_s = 0;
    machine.profile = &steady;
    w4_noise_machine_pass(&machine, 4, true);
    assert_true(w4_noise_machine_clock(&machine) < 1e-4);
}

static void throttling_comes_and_goes(void **state)
{
    (void)state;
    const struct w4_noise_profile *laptop = w4_noise_profile_find("laptop");
    struct w4_noise_machine machine = w4_noise_machine_start(laptop, 1, 0, 0);
    int throttled = 0;
    const int steps = 20000;
    w4_noise_machine_pass(&machine, 20, true);
    for (int i = 0; i < steps; ++i) {
        w4_noise_machine_pass(&machine, 0.1, true);
        throttled += w4_noise_machine_clock(&machine) > 0.1;
    }
    // An event of 3 s every 20 s that are free of one: 3 / 23.
    assert_true(fabs(throttled / (double)steps - 3.0 / 23) < 0.04);
}

static void without_levels_there_is_no_noise(void **state)
{
    (void)state;
    const struct w4_noise_profile silent = {.name = "silent"};
    assert_float_equal(warm_sample(&silent, 1, 2, 3), 0, 0);
}

static void broken_scripts_are_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } broken[] = {
        {"{\"profile\": \"loud\"}", "\"loud\" is no noise profile"},
        {"{\"levels\": {\"sampel\": 1}}", "sampel"},
        {"{\"slowdowns\": {\"k\": \"fast\"}}", "slowdowns.k"},
        {"{\"slowdowns\": [1]}", "slowdowns"},
        {"{\"lost_after\": -1}", "lost_after"},
        {"{\"hwmon\": 3}", "hwmon"},
        {"[]", "object"},
        {"{\"time_scale\": 0}", "time_scale"},
    };
    char path[] = "/tmp/w4-noisy-XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0);
    for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); ++i) {
        struct noisy_script script;
        struct w4_error error = {0};
        FILE *out = fopen(path, "w");
        assert_non_null(out);
        fputs(broken[i].text, out);
        fclose(out);
        assert_int_not_equal(noisy_script_init(&script, path, &error), W4_OK);
        noisy_script_fini(&script);
        if (!strstr(error.message, broken[i].message) || !strstr(error.message, path))
            fail_msg("%s: %s", broken[i].text, error.message);
    }
    remove(path);
}

static void a_script_sets_levels_slowdowns_and_process(void **state)
{
    (void)state;
    char path[] = "/tmp/w4-noisy-XXXXXX";
    char counter[64];
    FILE *out = fdopen(mkstemp(path), "w");
    assert_non_null(out);
    fputs("{\"profile\": \"quiet\", \"levels\": {\"sample\": 0.25}, \"seed\": 4, \"night\": 2, \"lost_after\": 9,"
          " \"slowdowns\": {\"kernel\": 1.5, \"00ff\": 2}, \"hwmon\": \"/x\"}",
          out);
    fclose(out);
    for (uint64_t process = 1; process <= 3; ++process) {
        struct noisy_script script;
        assert_int_equal(noisy_script_init(&script, path, NULL), W4_OK);
        assert_string_equal(script.profile.name, "quiet");
        assert_float_equal(script.profile.sample, 0.25, 0);
        assert_true(script.seed == 4 && script.night == 2 && script.lost_after == 9 && script.process == process);
        assert_float_equal(noisy_script_slowdown(&script, "kernel", "1234"), 1.5, 0);
        assert_float_equal(noisy_script_slowdown(&script, "kernel", "00ff"), 2, 0);
        assert_float_equal(noisy_script_slowdown(&script, "other", "1234"), 1, 0);
        noisy_script_fini(&script);
    }
    snprintf(counter, sizeof(counter), "%s.processes", path);
    remove(counter);
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_follows_from_the_seed_alone),
        cmocka_unit_test(typical_repeats_spread_as_published),
        cmocka_unit_test(a_cold_machine_is_slow_and_warms_up),
        cmocka_unit_test(throttling_comes_and_goes),
        cmocka_unit_test(without_levels_there_is_no_noise),
        cmocka_unit_test(broken_scripts_are_refused_by_name),
        cmocka_unit_test(a_script_sets_levels_slowdowns_and_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
