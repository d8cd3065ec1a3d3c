// Opening providers: what a machine without a GPU, a wrong library and the emulator answer.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../device/hip.h"

static void assert_message(const struct w4_error *error, const char *text)
{
    if (!strstr(error->message, text))
        fail_msg("message \"%s\" lacks \"%s\"", error->message, text);
}

static void a_missing_library_is_an_error_with_a_remedy(void **state)
{
    (void)state;
    struct w4_device *device = NULL;
    struct w4_error error = {0};
    assert_int_equal(w4_device_open("/nonexistent/libhip.so", &device, &error), W4_DEVICE);
    assert_null(device);
    assert_message(&error, "/nonexistent/libhip.so");
    assert_message(&error, "--device takes");
}

static void a_library_without_hip_is_refused_by_the_first_missing_function(void **state)
{
    (void)state;
    struct w4_device *device = NULL;
    struct w4_error error = {0};
    assert_int_equal(w4_device_open("libm.so.6", &device, &error), W4_DEVICE);
    assert_message(&error, "lacks the HIP function hipInit");
}

// On a machine with a gfx1151 this opens it; anywhere else the message must say what to do.
static void amd_opens_a_gfx1151_or_says_what_to_do(void **state)
{
    (void)state;
    struct w4_device *device = NULL;
    struct w4_error error = {0};
    if (w4_device_open("amd", &device, &error) == W4_OK) {
        assert_string_equal(w4_device_info(device)->arch, "gfx1151");
        assert_false(w4_device_info(device)->modelled);
        w4_device_close(device);
        return;
    }
    assert_message(&error, "amd");
    assert_message(&error, "--device emulator");
}

static void the_emulator_is_a_modelled_gfx1151_with_its_model_in_the_key(void **state)
{
    (void)state;
    struct w4_device *device = NULL;
    struct w4_error error = {0};
    if (w4_device_open("emulator", &device, &error) != W4_OK)
        fail_msg("%s", error.message);
    const struct w4_device_info *info = w4_device_info(device);
    assert_string_equal(info->arch, "gfx1151");
    assert_true(info->modelled);
    assert_int_equal(info->compute_units, 20);
    assert_non_null(strstr(info->key, info->model_key));
    assert_non_null(strstr(info->model_label, "modelled"));
    assert_true(info->memory_bytes > 0);
    w4_device_close(device);
}

static void the_timing_model_is_chosen_by_name_and_shows_in_the_key(void **state)
{
    (void)state;
    struct w4_device *device = NULL;
    struct w4_error error = {0};
    assert_int_equal(w4_device_open("emulator", &device, &error), W4_OK);
    const struct w4_device_info *info = w4_device_info(device);
    assert_string_equal(info->key, "gfx1151-emulator-issue-1");
    assert_int_equal(w4_device_set_timing_model(device, "cycles", &error), W4_OK);
    assert_string_equal(info->key, "gfx1151-emulator-cycles-1");
    assert_non_null(strstr(info->model_label, "cycles"));
    assert_int_equal(w4_device_set_timing_parameter(device, "issue_wmma", 17, &error), W4_OK);
    assert_int_equal(w4_device_set_timing_parameter(device, "issue_wmma", 34, &error), W4_OK);
    assert_int_equal(w4_device_set_timing_parameter(device, "issue_wmma", -1, &error), W4_USAGE);
    error = (struct w4_error){0};
    assert_int_equal(w4_device_set_timing_parameter(device, "issue_nonsense", 1, &error), W4_USAGE);
    assert_message(&error, "issue_nonsense");
    error = (struct w4_error){0};
    assert_int_equal(w4_device_set_timing_model(device, "guess", &error), W4_UNSUPPORTED);
    assert_message(&error, "\"guess\"");
    assert_string_equal(info->key, "gfx1151-emulator-cycles-1");
    assert_int_equal(w4_device_set_timing_model(device, "issue", &error), W4_OK);
    w4_device_close(device);
}

static void memory_goes_up_and_comes_down_unchanged(void **state)
{
    (void)state;
    struct w4_device *device = NULL;
    struct w4_error error = {0};
    assert_int_equal(w4_device_open("emulator", &device, &error), W4_OK);
    uint64_t address = 0;
    assert_int_equal(w4_device_malloc(device, 1000, &address, &error), W4_OK);
    assert_int_equal(w4_device_fill(device, address, 0xa5, 1000, &error), W4_OK);
    assert_int_equal(w4_device_upload(device, address + 10, "hello", 5, &error), W4_OK);
    unsigned char back[1000];
    assert_int_equal(w4_device_download(device, back, address, sizeof back, &error), W4_OK);
    assert_memory_equal(back + 10, "hello", 5);
    assert_int_equal(back[9], 0xa5);
    assert_int_equal(back[999], 0xa5);
    assert_int_equal(w4_device_free(device, address, &error), W4_OK);
    assert_int_not_equal(w4_device_free(device, address, &error), W4_OK);
    assert_message(&error, "hipFree");
    w4_device_close(device);
}

static void a_code_object_that_is_cut_off_is_refused(void **state)
{
    (void)state;
    struct w4_device *device = NULL;
    struct w4_error error = {0};
    assert_int_equal(w4_device_open("emulator", &device, &error), W4_OK);
    static const unsigned char header[64] = {0x7f, 'E', 'L', 'F', 2, 1, 1, 64, 3, [40] = 0xff, [41] = 0xff, [60] = 9};
    w4_module module = NULL;
    assert_int_equal(w4_device_module_load(device, header, sizeof header, &module, &error), W4_DEVICE);
    assert_message(&error, "cut off");
    error = (struct w4_error){0};
    assert_int_equal(w4_device_module_load(device, "no", 2, &module, &error), W4_DEVICE);
    w4_device_close(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_library_is_an_error_with_a_remedy),
        cmocka_unit_test(a_library_without_hip_is_refused_by_the_first_missing_function),
        cmocka_unit_test(amd_opens_a_gfx1151_or_says_what_to_do),
        cmocka_unit_test(the_emulator_is_a_modelled_gfx1151_with_its_model_in_the_key),
        cmocka_unit_test(the_timing_model_is_chosen_by_name_and_shows_in_the_key),
        cmocka_unit_test(memory_goes_up_and_comes_down_unchanged),
        cmocka_unit_test(a_code_object_that_is_cut_off_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
