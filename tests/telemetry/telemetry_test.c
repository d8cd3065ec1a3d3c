// Sensors and fingerprint on a copy of an APU's sysfs tree (apu/), on a machine without a GPU (bare/), and when files
// vanish. metrics/*.bin were packed member by member after Linux's kgd_pp_interface.h, not by this project's table.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../base/file.h"
#include "../../telemetry/fingerprint.h"
#include "../../telemetry/gpu_metrics.h"
#include "../../telemetry/sensors.h"
#include "../../telemetry/sysfs.h"

static const char gpu[] = "/sys/class/drm/renderD129/device";

static void read_metrics(const char *name, struct w4_gpu_metrics *metrics)
{
    char path[512];
    char *bytes = NULL;
    size_t size = 0;
    struct w4_error error = {0};
    snprintf(path, sizeof path, "%s/metrics/%s", W4_TEST_DATA, name);
    if (w4_file_read(path, 65536, &bytes, &size, &error) != W4_OK)
        fail_msg("%s", error.message);
    assert_true(w4_gpu_metrics_parse(bytes, size, metrics));
    free(bytes);
}

static void every_generation_of_gpu_metrics_is_read(void **state)
{
    (void)state;
    struct w4_gpu_metrics metrics;
    read_metrics("v3_0.bin", &metrics);
    assert_float_equal(metrics.engine_mhz, 2843, 0);
    assert_float_equal(metrics.memory_mhz, 1000, 0);
    assert_float_equal(metrics.power_w, 118.25, 1e-9);
    assert_float_equal(metrics.temperature_c, 45.12, 1e-9);
    read_metrics("v2_2.bin", &metrics);
    assert_float_equal(metrics.engine_mhz, 2200, 0);
    assert_float_equal(metrics.memory_mhz, 933, 0);
    assert_true(isnan(metrics.power_w));
    assert_float_equal(metrics.temperature_c, 61.25, 1e-9);
    read_metrics("v1_3.bin", &metrics);
    assert_float_equal(metrics.engine_mhz, 2511, 0);
    assert_float_equal(metrics.memory_mhz, 1249, 0);
    assert_float_equal(metrics.power_w, 230, 0);
    assert_float_equal(metrics.temperature_c, 51, 0);
}

static void tables_that_are_cut_foreign_or_invalid_give_nothing(void **state)
{
    (void)state;
    struct w4_gpu_metrics metrics;
    uint8_t bytes[264] = {8, 1, 3, 0};
    assert_true(w4_gpu_metrics_parse(bytes, sizeof bytes, &metrics));
    assert_false(w4_gpu_metrics_parse(bytes, 263, &metrics)); // says 264
    assert_false(w4_gpu_metrics_parse(bytes, 3, &metrics));
    assert_false(w4_gpu_metrics_parse(bytes, 0, &metrics));
    bytes[3] = 9;
    assert_false(w4_gpu_metrics_parse(bytes, sizeof bytes, &metrics));
    // A structure that says it is too short for its members has none of them.
    bytes[3] = 0;
    bytes[0] = 4;
    bytes[1] = 0;
    assert_false(w4_gpu_metrics_parse(bytes, sizeof bytes, &metrics));
    memset(bytes + 4, 0xff, sizeof bytes - 4);
    bytes[0] = 8;
    bytes[1] = 1;
    assert_true(w4_gpu_metrics_parse(bytes, sizeof bytes, &metrics));
    assert_true(isnan(metrics.power_w) && isnan(metrics.engine_mhz));
}

static void the_gfx1151_is_found_among_other_cards(void **state)
{
    (void)state;
    char folder[W4_SYSFS_PATH_MAX];
    assert_true(w4_sysfs_find_gpu(W4_TEST_DATA "/apu", folder, sizeof folder));
    assert_string_equal(folder, gpu);
    assert_false(w4_sysfs_find_gpu(W4_TEST_DATA "/bare", folder, sizeof folder));
}

static void an_apu_answers_with_clock_power_temperature_and_load(void **state)
{
    const char *root = *state;
    struct w4_reading reading;
    char text[256];
    struct w4_sensors *sensors = w4_sensors_create(root);
    assert_non_null(sensors);
    assert_true(w4_sensors_has_engine_clock(sensors));
    char path[512];
    struct w4_error error = {0};
    // 300 of 400 further ticks were busy; waiting for a disk is idle.
    static const char later[] = "cpu  1200 0 600 8050 550 0 0 0 0 0\n";
    snprintf(path, sizeof path, "%s/proc/stat", root);
    assert_int_equal(w4_file_write_atomic(path, later, strlen(later), &error), W4_OK);
    w4_sensors_read(sensors, 1.5, &reading);
    assert_float_equal(reading.time_s, 1.5, 0);
    assert_float_equal(reading.engine_mhz, 2850, 1e-9);
    assert_float_equal(reading.memory_mhz, 1000, 0);
    assert_float_equal(reading.power_w, 119.5, 1e-9);
    assert_float_equal(reading.temperature_c, 64, 1e-9);
    assert_float_equal(reading.cpu_load, 0.75, 1e-12);
    assert_false(w4_sensors_vanished(sensors));
    w4_sensors_describe(sensors, text, sizeof text);
    assert_string_equal(text, "engine clock: hwmon freq1_input; memory clock: gpu_metrics; power: hwmon "
                              "power1_average; temperature: hwmon temp1_input; CPU load: /proc/stat");
    w4_sensors_destroy(sensors);
}

static void a_sensor_that_vanishes_is_said_and_not_replaced(void **state)
{
    const char *root = *state;
    static const char *const files[] = {"hwmon/hwmon6/freq1_input", "gpu_metrics"};
    struct w4_reading reading;
    struct w4_sensors *sensors = w4_sensors_create(root);
    assert_non_null(sensors);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s%s/%s", root, gpu, files[i]);
        assert_int_equal(unlink(path), 0);
        w4_sensors_read(sensors, 0, &reading);
        assert_true(w4_sensors_vanished(sensors));
        assert_true(isnan(reading.engine_mhz));
        assert_float_equal(reading.temperature_c, 64, 1e-9);
        assert_int_equal(isnan(reading.memory_mhz), i == 1);
    }
    w4_sensors_destroy(sensors);
    // Opened anew, the next source is chosen: gpu_metrics is gone too, so the list of states.
    sensors = w4_sensors_create(root);
    w4_sensors_read(sensors, 0, &reading);
    assert_float_equal(reading.engine_mhz, 2841, 0);
    assert_false(w4_sensors_vanished(sensors));
    w4_sensors_destroy(sensors);
}

static void a_machine_without_sensors_says_none_and_guesses_nothing(void **state)
{
    (void)state;
    static const char *const roots[] = {W4_TEST_DATA "/bare", W4_TEST_DATA "/absent"};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        struct w4_reading reading;
        char text[256];
        struct w4_sensors *sensors = w4_sensors_create(roots[i]);
        assert_non_null(sensors);
        assert_false(w4_sensors_has_gpu(sensors));
        w4_sensors_read(sensors, 0, &reading);
        assert_true(isnan(reading.engine_mhz) && isnan(reading.memory_mhz) && isnan(reading.power_w) &&
                    isnan(reading.temperature_c) && isnan(reading.cpu_load));
        assert_false(w4_sensors_vanished(sensors));
        w4_sensors_describe(sensors, text, sizeof text);
        assert_non_null(strstr(text, "engine clock: none; memory clock: none; power: none; temperature: none"));
        assert_non_null(strstr(text, i == 0 ? "CPU load: /proc/stat" : "CPU load: none"));
        w4_sensors_destroy(sensors);
    }
}

static void a_fingerprint_holds_what_the_tree_says(void **state)
{
    (void)state;
    struct w4_fingerprint apu, bare;
    w4_fingerprint_read(W4_TEST_DATA "/apu", &apu);
    assert_string_equal(apu.amdgpu, "srcversion 0A1B2C3D4E5F60718293A4B");
    assert_string_equal(apu.vbios, "113-STRXLGEN-001");
    assert_string_equal(apu.smu_firmware, "0x00647000");
    assert_string_equal(apu.mec_firmware, "0x0000001e");
    assert_string_equal(apu.board, "Example Maker Mini AI 395 board STXH-1");
    assert_string_equal(apu.bios, "American Megatrends 1.08 09/12/2025");
    assert_string_equal(apu.performance_level, "auto");
    assert_string_equal(apu.power_profile, "COMPUTE platform performance");
    assert_string_equal(apu.power_cap_w, "120");
    assert_string_equal(apu.memory_speed, "memory clock up to 1000 MHz");
    assert_string_equal(apu.kernel, "6.14.0-1018-oem #18-Ubuntu SMP PREEMPT_DYNAMIC Tue Nov 4");
    assert_string_equal(apu.rocm, "7.1.0-55");
    assert_string_equal(apu.cpu, "AMD RYZEN AI MAX+ 395 w/ Radeon 8060S");
    assert_string_equal(apu.cpu_governor, "powersave preference balance_performance");
    assert_string_equal(apu.device_name, "");
    w4_fingerprint_read(W4_TEST_DATA "/bare", &bare);
    assert_string_equal(bare.kernel, "6.1.0-40-amd64");
    assert_string_equal(bare.vbios, "");
    assert_string_equal(bare.power_profile, "");
}

static void fingerprints_differ_by_named_fields(void **state)
{
    (void)state;
    struct w4_fingerprint a, b;
    char text[256];
    w4_fingerprint_read(W4_TEST_DATA "/apu", &a);
    b = a;
    assert_false(w4_fingerprint_differs(&a, &b, text, sizeof text));
    assert_string_equal(text, "");
    strcpy(b.kernel, "6.15.2");
    b.power_cap_w[0] = '\0';
    assert_true(w4_fingerprint_differs(&a, &b, text, sizeof text));
    assert_string_equal(text, "power cap (W) \"120\" -> \"\"; kernel \"6.14.0-1018-oem #18-Ubuntu SMP "
                              "PREEMPT_DYNAMIC Tue Nov 4\" -> \"6.15.2\"");
    assert_true(w4_fingerprint_differs(&a, &b, NULL, 0));
    assert_true(w4_fingerprint_differs(&a, &b, text, 8));
    assert_string_equal(text, "power c");
}

static int copy_tree(void **state)
{
    char command[1024];
    char *root = strdup("/tmp/w4bench-telemetry-XXXXXX");
    *state = root;
    if (!root || !mkdtemp(root))
        return -1;
    snprintf(command, sizeof command, "cp -R '%s/apu/.' '%s'", W4_TEST_DATA, root);
    return system(command);
}

static int remove_tree(void **state)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", (const char *)*state);
    free(*state);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_generation_of_gpu_metrics_is_read),
        cmocka_unit_test(tables_that_are_cut_foreign_or_invalid_give_nothing),
        cmocka_unit_test(the_gfx1151_is_found_among_other_cards),
        cmocka_unit_test_setup_teardown(an_apu_answers_with_clock_power_temperature_and_load, copy_tree, remove_tree),
        cmocka_unit_test_setup_teardown(a_sensor_that_vanishes_is_said_and_not_replaced, copy_tree, remove_tree),
        cmocka_unit_test(a_machine_without_sensors_says_none_and_guesses_nothing),
        cmocka_unit_test(a_fingerprint_holds_what_the_tree_says),
        cmocka_unit_test(fingerprints_differ_by_named_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
