// The measurement protocol against a stand-in GPU whose clock is scripted (stub_time.h): what is timed, what is marked,
// what is refused, and what is left when the device or a sensor goes away.
#include "e2e.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "../../base/file.h"

// Small caches, so that few copies of the tiny weights get past them.
static const char small_protocol[] =
    "{\"cache_bytes\": 100000, \"rotation_bytes\": 400000, \"anchor_bytes\": 200000}\n";

#define MEASURED                                                                                                       \
    "run --device " E2E_STUB_MEASURED " --suite tiny --shapes @/shapes --heuristics @/heuristics --manifest "          \
    "@/kernels.json --baselines @/baselines --out @/out --protocol @/protocol.json --order-seed 7 "

#define APU W4_TEST_DATA "/../telemetry/apu"

static const char clock_file[] = "@/apu/sys/class/drm/renderD129/device/hwmon/hwmon6/freq1_input";

static int setup(void **state)
{
    int failed = e2e_setup(state);
    if (!failed)
        e2e_write(*state, "protocol.json", small_protocol);
    return failed;
}

// A copy of the APU's sysfs tree that the stand-in may write to.
static void copy_apu(const struct e2e *test)
{
    char command[2 * E2E_PATH_MAX];
    snprintf(command, sizeof(command), "cp -R '%s' '%s/apu'", APU, test->folder);
    assert_int_equal(system(command), 0);
}

static json_t *load_results(const struct e2e *test)
{
    char *text = e2e_read(test, "out/results.json");
    json_error_t error;
    json_t *root = json_loads(text, 0, &error);
    free(text);
    if (!root)
        fail_msg("out/results.json: %s", error.text);
    return root;
}

static json_t *case_at(const json_t *root, size_t index)
{
    return json_array_get(json_object_get(root, "cases"), index);
}

static json_t *measured_at(const json_t *root, size_t index)
{
    return json_object_get(case_at(root, index), "measured");
}

static size_t case_count(const json_t *root)
{
    return json_array_size(json_object_get(root, "cases"));
}

static bool has_mark(const json_t *measured, const char *mark)
{
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(measured, "marks"), index, item)
    {
        if (strcmp(json_string_value(item), mark) == 0)
            return true;
    }
    return false;
}

static int compare_reals(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

static double median_of(const json_t *array)
{
    double values[1000];
    size_t count = json_array_size(array);
    assert_true(count > 0 && count <= 1000);
    for (size_t i = 0; i < count; ++i)
        values[i] = json_real_value(json_array_get(array, i));
    qsort(values, count, sizeof(*values), compare_reals);
    return values[count / 2];
}

static void assert_near(double value, double wanted, double tolerance)
{
    if (!(fabs(value - wanted) <= tolerance))
        fail_msg("%.9g is not %.9g within %.3g", value, wanted, tolerance);
}

static double real_of(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static void a_measured_run_records_how_it_measured(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, MEASURED "--sensor-root %s --set warm_up_min_s=2.5", APU);
    e2e_expect(test, 0, "8 right");
    e2e_expect(test, 0, "order of the cases: --order-seed 7");
    json_t *root = load_results(test);
    const json_t *protocol = json_object_get(root, "protocol");
    assert_true(json_is_true(json_object_get(protocol, "active")));
    assert_int_equal(json_integer_value(json_object_get(protocol, "rotation_bytes")), 400000);
    assert_near(real_of(protocol, "warm_up_min_s"), 2.5, 0);
    assert_near(real_of(protocol, "batch_min_ms"), 5, 0);
    assert_string_equal(json_string_value(json_object_get(json_object_get(root, "fingerprint"), "bios")),
                        "American Megatrends 1.08 09/12/2025");
    assert_non_null(strstr(json_string_value(json_object_get(root, "sensors")), "hwmon freq1_input"));
    for (size_t i = 0; i < case_count(root); ++i) {
        const json_t *measured = measured_at(root, i);
        const json_t *windows = json_object_get(measured, "windows");
        const json_t *window = json_array_get(windows, 0);
        const json_t *samples = json_object_get(case_at(root, i), "samples_ms");
        const json_t *reading = json_array_get(json_object_get(measured, "readings"), 0);
        assert_int_equal(json_array_size(windows), json_array_size(samples));
        // A window lasts 5 ms, so fast launches share one and find other weights each.
        double launches = real_of(window, "launches");
        assert_true(launches * median_of(samples) >= 5);
        assert_true((launches - 1) * median_of(samples) < 5);
        assert_near(real_of(window, "buffers"), launches, 0);
        assert_true(real_of(measured, "warm_up_s") >= 2.5);
        assert_near(real_of(reading, "engine_mhz"), 2850, 1e-9);
        assert_int_equal(json_array_size(json_object_get(measured, "hot_samples_ms")), 0);
        assert_false(has_mark(measured, "clock_not_settled") || has_mark(measured, "imprecise") ||
                     has_mark(measured, "no_sensors") || has_mark(measured, "rotation_short"));
    }
    json_decref(root);
}

static void cold_launches_find_other_weights_and_hot_ones_the_same(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, "W4_STUB_HOT=0.25", MEASURED "--hot");
    e2e_expect(test, 0, "8 right");
    e2e_expect(test, 0, "hot (weights in the caches, compared with nothing) tiny/square/m17/fp16/g128/sym/baseline");
    e2e_expect(test, 0, "4.00x the cold one");
    json_t *root = load_results(test);
    for (size_t i = 0; i < case_count(root); ++i) {
        double cold_ms = median_of(json_object_get(case_at(root, i), "samples_ms"));
        double hot_ms = median_of(json_object_get(measured_at(root, i), "hot_samples_ms"));
        assert_near(hot_ms / cold_ms, 0.25, 1e-3);
    }
    json_decref(root);
}

static void memory_too_small_for_the_rotation_is_marked(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, "W4_STUB_MEMORY=300000", MEASURED);
    e2e_expect(test, 0, "8 right");
    e2e_expect(test, 0, "mark on 8 of 8 cases: memory did not suffice to rotate past the caches\n");
    json_t *root = load_results(test);
    for (size_t i = 0; i < case_count(root); ++i)
        assert_true(has_mark(measured_at(root, i), "rotation_short"));
    json_decref(root);
}

static void a_clock_that_never_settles_marks_every_row(void **state)
{
    struct e2e *test = *state;
    copy_apu(test);
    char environment[2 * E2E_PATH_MAX];
    static const char *const roots[] = {"@/apu", "@/nothing"};
    for (size_t i = 0; i < 2; ++i) {
        // Judged by the sensor, then by launch times.
        snprintf(environment, sizeof(environment), "W4_STUB_WAVER=0.1 W4_STUB_CLOCK_FILE=%s", clock_file);
        e2e_run(test, environment,
                MEASURED "--sensor-root %s --set warm_up_max_s=5 --set batches_min=200 --layer square", roots[i]);
        e2e_expect(test, 0, "4 right");
        json_t *root = load_results(test);
        for (size_t j = 0; j < case_count(root); ++j) {
            assert_true(has_mark(measured_at(root, j), "clock_not_settled"));
            assert_true(real_of(measured_at(root, j), "warm_up_s") >= 5);
            assert_int_equal(has_mark(measured_at(root, j), "no_sensors"), i == 1);
            assert_int_equal(has_mark(measured_at(root, j), "clock_moved"), i == 0);
        }
        json_decref(root);
    }
}

static void a_slow_ramp_is_waited_for(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, MEASURED "--filter */square/*/sym/baseline");
    e2e_expect(test, 0, "1 right");
    json_t *root = load_results(test);
    double full_ms = median_of(json_object_get(case_at(root, 0), "samples_ms"));
    assert_true(real_of(measured_at(root, 0), "warm_up_s") < 2.5);
    json_decref(root);
    e2e_run(test, "W4_STUB_RAMP_MS=6000", MEASURED "--filter */square/*/sym/baseline");
    e2e_expect(test, 0, "1 right");
    root = load_results(test);
    // Settled to 1 %: some of the last percent may be left.
    assert_near(median_of(json_object_get(case_at(root, 0), "samples_ms")) / full_ms, 1, 0.02);
    assert_true(real_of(measured_at(root, 0), "warm_up_s") > 4);
    assert_false(has_mark(measured_at(root, 0), "clock_not_settled"));
    json_decref(root);
}

static void sensors_that_vanish_are_marked_and_cost_no_result(void **state)
{
    struct e2e *test = *state;
    copy_apu(test);
    char environment[2 * E2E_PATH_MAX];
    snprintf(environment, sizeof(environment), "W4_STUB_CLOCK_VANISHES=2000 W4_STUB_CLOCK_FILE=%s", clock_file);
    e2e_run(test, environment, MEASURED "--sensor-root @/apu --set warm_up_max_s=3");
    e2e_expect(test, 0, "8 right");
    json_t *root = load_results(test);
    size_t before = 0;
    size_t after = 0;
    for (size_t i = 0; i < case_count(root); ++i) {
        const json_t *readings = json_object_get(measured_at(root, i), "readings");
        const json_t *last = json_array_get(readings, json_array_size(readings) - 1);
        bool vanished = has_mark(measured_at(root, i), "sensors_vanished");
        assert_int_equal(json_is_null(json_object_get(last, "engine_mhz")), vanished);
        assert_near(real_of(last, "temperature_c"), 64, 1e-9);
        *(vanished ? &after : &before) += 1;
    }
    assert_true(before >= 1 && after >= 1);
    json_decref(root);
}

static void times_faster_than_the_chip_are_invalid_and_never_a_record(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, "W4_STUB_SLOWDOWN=1e-6", MEASURED "--set warm_up_min_s=0 --set warm_up_max_s=0.01");
    e2e_expect(test, 3, "the time is wrong");
    e2e_expect(test, 3, "0 right, 0 wrong, 0 failed to run, 0 skipped, 8 invalid");
    json_t *root = load_results(test);
    for (size_t i = 0; i < case_count(root); ++i) {
        assert_string_equal(json_string_value(json_object_get(case_at(root, i), "state")), "invalid");
        assert_true(json_array_size(json_object_get(case_at(root, i), "samples_ms")) > 0);
    }
    json_decref(root);
    e2e_run(test, NULL, "baseline accept --all --results @/out/results.json --reason r --baselines @/baselines");
    e2e_expect_error(test, 4, "invalid");
}

static void cases_of_a_shape_stay_together_in_an_order_that_the_seed_gives(void **state)
{
    struct e2e *test = *state;
    double positions[3][8];
    static const char *const seeds[] = {"7", "7", "8"};
    for (size_t i = 0; i < 3; ++i) {
        e2e_run(test, NULL,
                "run --device " E2E_STUB_MEASURED " --suite tiny --shapes @/shapes --heuristics @/heuristics "
                "--manifest @/kernels.json --out @/out --protocol @/protocol.json --set warm_up_min_s=0 "
                "--order-seed %s",
                seeds[i]);
        e2e_expect(test, 0, "8 right");
        json_t *root = load_results(test);
        bool seen[8] = {false};
        for (size_t j = 0; j < 8; ++j) {
            positions[i][j] = real_of(measured_at(root, j), "run_position");
            seen[(int)positions[i][j]] = true;
        }
        for (size_t j = 0; j < 8; ++j)
            assert_true(seen[j]);
        // The list holds baseline and tuned of a shape one after the other.
        for (size_t j = 0; j < 8; j += 2)
            assert_near(fabs(positions[i][j] - positions[i][j + 1]), 1, 0);
        json_decref(root);
    }
    assert_memory_equal(positions[0], positions[1], sizeof(positions[0]));
    assert_memory_not_equal(positions[0], positions[2], sizeof(positions[0]));
}

static void anchors_are_measured_beside_every_case(void **state)
{
    struct e2e *test = *state;
    char command[2 * E2E_PATH_MAX];
    snprintf(command, sizeof(command), "cp '%s/kernel.hsaco' '%s/anchor.hsaco'", test->folder, test->folder);
    assert_int_equal(system(command), 0);
    e2e_run(test, NULL, MEASURED "--set anchor_batches=4");
    e2e_expect(test, 0, "8 right");
    json_t *root = load_results(test);
    assert_int_equal(strlen(json_string_value(json_object_get(root, "anchor_hash"))), 32);
    for (size_t i = 0; i < case_count(root); ++i) {
        const json_t *wmma = json_object_get(measured_at(root, i), "anchor_wmma_ms");
        const json_t *bandwidth = json_object_get(measured_at(root, i), "anchor_bandwidth_ms");
        assert_int_equal(json_array_size(wmma), 8);
        assert_int_equal(json_array_size(bandwidth), 8);
        assert_near(median_of(wmma), 2, 1e-3);
        assert_near(median_of(bandwidth), 1, 1e-3);
        assert_false(has_mark(measured_at(root, i), "no_anchors"));
    }
    json_decref(root);
    e2e_write(test, "anchor.hsaco", "no ELF file");
    e2e_run(test, NULL, MEASURED "--layer square");
    e2e_expect(test, 0, "no anchors: the code object is no ELF file");
    root = load_results(test);
    assert_true(has_mark(measured_at(root, 0), "no_anchors"));
    json_decref(root);
}

static void a_device_lost_in_warm_up_or_window_keeps_what_was_finished(void **state)
{
    struct e2e *test = *state;
    // The first case takes some 1700 launches; 2000 is in the second one's warm-up, 3200 near the end of its windows.
    static const char *const after[] = {"2000", "3200"};
    for (size_t i = 0; i < 2; ++i) {
        char environment[64];
        snprintf(environment, sizeof(environment), "W4_STUB=lost W4_STUB_AFTER=%s", after[i]);
        e2e_run(test, environment, MEASURED "--layer square");
        e2e_expect(test, 3, "the device was lost in");
        json_t *root = load_results(test);
        size_t right = 0;
        for (size_t j = 0; j < case_count(root); ++j)
            right += strcmp(json_string_value(json_object_get(case_at(root, j), "state")), "ok") == 0;
        assert_true(right >= 1 && right < 4);
        json_decref(root);
    }
}

static void wrong_results_are_found_behind_a_warm_up(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, "W4_STUB=missed_row", MEASURED "--layer square");
    e2e_expect(test, 2, "were never written");
    // Right in the warm-up, idle when it is timed.
    e2e_run(test, "W4_STUB=idle W4_STUB_AFTER=1", MEASURED "--filter */square/*/sym/baseline");
    e2e_expect(test, 2, "were never written");
}

static void a_fixed_count_of_samples_is_kept(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, MEASURED "--repeat 3 --set budget_s=0.001 --layer square");
    e2e_expect(test, 0, "4 right");
    json_t *root = load_results(test);
    assert_int_equal(json_array_size(json_object_get(case_at(root, 0), "samples_ms")), 3);
    assert_true(has_mark(measured_at(root, 0), "imprecise")); // six samples are the fewest that have an interval
    json_decref(root);
}

static void a_protocol_can_be_put_on_modelled_times(void **state)
{
    struct e2e *test = *state;
    e2e_run(test, NULL, "run " E2E_FIXTURE " --protocol @/protocol.json --set warm_up_min_s=0.001 --layer square");
    e2e_expect(test, 0, "ms modelled");
    json_t *root = load_results(test);
    assert_int_equal(json_array_size(json_object_get(case_at(root, 0), "samples_ms")), 20);
    json_decref(root);
    e2e_run(test, NULL, "run " E2E_FIXTURE " --layer square");
    root = load_results(test);
    assert_false(json_is_true(json_object_get(json_object_get(root, "protocol"), "active")));
    assert_int_equal(json_array_size(json_object_get(case_at(root, 0), "samples_ms")), 1);
    assert_string_equal(json_string_value(json_object_get(json_object_get(root, "fingerprint"), "kernel")), "");
    json_decref(root);
}

static void the_doctor_prints_machine_and_sensors(void **state)
{
    struct e2e *test = *state;
    static const char *const lines[] = {
        "BIOS: American Megatrends 1.08 09/12/2025",
        "power profile: COMPUTE platform performance",
        "sensors      engine clock: hwmon freq1_input; memory clock: gpu_metrics",
    };
    e2e_run(test, NULL, "doctor --device " E2E_STUB_MEASURED " --sensor-root %s", APU);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); ++i)
        e2e_expect(test, test->exit_code, lines[i]);
    e2e_run(test, NULL, "doctor --device " E2E_STUB_MEASURED " --sensor-root @/nothing");
    e2e_expect(test, test->exit_code, "BIOS: unknown");
    e2e_expect(test, test->exit_code, "no sensor of a GPU answers");
}

struct protocol_row {
    const char *file, *option, *message;
};

static void unusable_protocols_are_refused_by_place(void **state)
{
    struct e2e *test = *state;
    static const struct protocol_row rows[] = {
        {"{\"warm_up\": 1}", "", "protocol.json:1:"},
        {"{\"batch_min_ms\": \"5\"}", "", "batch_min_ms"},
        {"{\"batch_min_ms\": -1}", "", "batch_min_ms"},
        {"{\"active\": true}", "", "active"},
        {"{\"batch_min_ms\": 1, \"batch_min_ms\": 2}", "", "duplicate"},
        {"[]", "", "protocol.json"},
        {"{", "", "protocol.json:"},
        {"{\"rotation_bytes\": 130000000}", "", "rotation_bytes below 4 * cache_bytes"},
        {"{\"warm_up_max_s\": 1}", "", "warm_up_max_s is below warm_up_min_s"},
        {"{}", "--set batches_max=0", "batches_max"},
        {"{}", "--set warm_up=1", "warm_up"},
        {"{}", "--set warm_up_min_s", "wants NAME=VALUE"},
        {"{}", "--set warm_up_min_s=", "--set"},
        {"{}", "--set roofline_tflops=0", "roofline of 0"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        e2e_write(test, "protocol.json", rows[i].file);
        e2e_run(test, NULL, MEASURED "%s", rows[i].option);
        if (test->exit_code != 4 || !strstr(test->err, rows[i].message))
            fail_msg("%s %s: exit %d, not 4 with \"%s\":\n%s", rows[i].file, rows[i].option, test->exit_code,
                     rows[i].message, test->err);
        assert_false(e2e_exists(test, "out/results.json"));
    }
    e2e_run(test, NULL, "run " E2E_FIXTURE " --protocol @/absent.json");
    e2e_expect_error(test, 4, "absent.json");
}

int main(void)
{
#define MEASURE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, e2e_teardown)
    const struct CMUnitTest tests[] = {
        MEASURE_TEST(a_measured_run_records_how_it_measured),
        MEASURE_TEST(cold_launches_find_other_weights_and_hot_ones_the_same),
        MEASURE_TEST(memory_too_small_for_the_rotation_is_marked),
        MEASURE_TEST(a_clock_that_never_settles_marks_every_row),
        MEASURE_TEST(a_slow_ramp_is_waited_for),
        MEASURE_TEST(sensors_that_vanish_are_marked_and_cost_no_result),
        MEASURE_TEST(times_faster_than_the_chip_are_invalid_and_never_a_record),
        MEASURE_TEST(cases_of_a_shape_stay_together_in_an_order_that_the_seed_gives),
        MEASURE_TEST(anchors_are_measured_beside_every_case),
        MEASURE_TEST(a_device_lost_in_warm_up_or_window_keeps_what_was_finished),
        MEASURE_TEST(wrong_results_are_found_behind_a_warm_up),
        MEASURE_TEST(a_fixed_count_of_samples_is_kept),
        MEASURE_TEST(a_protocol_can_be_put_on_modelled_times),
        MEASURE_TEST(the_doctor_prints_machine_and_sensors),
        MEASURE_TEST(unusable_protocols_are_refused_by_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
