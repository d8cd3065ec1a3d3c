// The HIP runtime API as a C program meets it: modules, launches in both argument forms, memory, events, and the error
// code with a reason for everything that is wrong.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <hip/hip_runtime_api.h>
#include <pthread.h>
#include <unistd.h>

#include "../../../base/file.h"
#include "../../../emulator/hip/extras.h"

static void well(hipError_t code)
{
    if (code != hipSuccess)
        fail_msg("%s: %s", hipGetErrorName(code), emuGetLastMessage());
}

static void expect(hipError_t code, hipError_t expected, const char *word)
{
    if (code != expected)
        fail_msg("%s, expected %s (%s)", hipGetErrorName(code), hipGetErrorName(expected), emuGetLastMessage());
    if (!strstr(emuGetLastMessage(), word))
        fail_msg("'%s' does not mention '%s'", emuGetLastMessage(), word);
    assert_int_equal(hipGetLastError(), expected);
    assert_int_equal(hipGetLastError(), hipSuccess);
}

static hipFunction_t function_of(hipModule_t module, const char *name)
{
    hipFunction_t function;
    well(hipModuleGetFunction(&function, module, name));
    return function;
}

static hipModule_t load(void)
{
    hipModule_t module;
    well(hipModuleLoad(&module, KERNELS));
    return module;
}

static void the_device_is_a_gfx1151(void **state)
{
    (void)state;
    int count, value;
    hipDeviceProp_t properties;
    well(hipInit(0));
    well(hipGetDeviceCount(&count));
    assert_int_equal(count, 1);
    well(hipGetDeviceProperties(&properties, 0));
    assert_string_equal(properties.gcnArchName, "gfx1151");
    assert_int_equal(properties.warpSize, 32);
    assert_int_equal(properties.multiProcessorCount, 20);
    well(hipDeviceGetAttribute(&value, hipDeviceAttributeMaxThreadsPerBlock, 0));
    assert_int_equal(value, 1024);
    expect(hipSetDevice(1), hipErrorInvalidDevice, "device 1");
    expect(hipGetDeviceProperties(&properties, 7), hipErrorInvalidDevice, "device 7");
    expect(hipDeviceGetAttribute(&value, (hipDeviceAttribute_t)5000, 0), hipErrorInvalidValue, "5000");
}

// HIP 6's layout, read at the byte offsets of its public header.
hipError_t hipGetDevicePropertiesR0600(void *properties, int device);

static void newer_programs_get_the_newer_layout(void **state)
{
    (void)state;
    uint8_t properties[1472 + 8];
    int32_t value;
    memset(properties, 0xee, sizeof properties);
    well(hipGetDevicePropertiesR0600(properties, 0));
    assert_string_equal((char *)properties + 1160, "gfx1151");
    memcpy(&value, properties + 308, sizeof value); // warpSize
    assert_int_equal(value, 32);
    memcpy(&value, properties + 388, sizeof value); // multiProcessorCount
    assert_int_equal(value, 20);
    assert_int_equal(properties[1472], 0xee);
}

static void launches_take_addresses_or_a_buffer(void **state)
{
    (void)state;
    enum { COUNT = 100 };
    hipModule_t module = load();
    hipFunction_t add = function_of(module, "add");
    int *a, *b, *c, count = COUNT, host[COUNT];
    well(hipMalloc((void **)&a, sizeof host));
    well(hipMalloc((void **)&b, sizeof host));
    well(hipMalloc((void **)&c, sizeof host));
    for (int i = 0; i < COUNT; i++)
        host[i] = i;
    well(hipMemcpyHtoD(a, host, sizeof host));
    well(hipMemsetD32(b, 7, COUNT));
    void *params[] = {&a, &b, &c, &count};
    well(hipModuleLaunchKernel(add, 2, 1, 1, 64, 1, 1, 0, NULL, params, NULL));
    well(hipMemcpyDtoH(host, c, sizeof host));
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(host[i], i + 7 + 5);

    int *offset, five = 6;
    size_t bytes;
    well(hipModuleGetGlobal((void **)&offset, &bytes, module, "offset"));
    assert_int_equal(bytes, sizeof five);
    well(hipMemcpyHtoD(offset, &five, sizeof five));
    struct {
        int *a, *b, *c;
        int count;
    } block = {a, b, c, COUNT};
    size_t size = sizeof block;
    void *extra[] = {HIP_LAUNCH_PARAM_BUFFER_POINTER, &block, HIP_LAUNCH_PARAM_BUFFER_SIZE, &size,
                     HIP_LAUNCH_PARAM_END};
    well(hipModuleLaunchKernel(add, 2, 1, 1, 64, 1, 1, 0, NULL, NULL, extra));
    well(hipMemcpyDtoH(host, c, sizeof host));
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(host[i], i + 7 + 6);

    expect(hipModuleLaunchKernel(add, 2, 1, 1, 64, 1, 1, 0, NULL, params, extra), hipErrorInvalidValue, "both");
    expect(hipModuleLaunchKernel(add, 2, 1, 1, 64, 1, 1, 0, NULL, NULL, NULL), hipErrorInvalidValue, "got none");
    size = 8;
    expect(hipModuleLaunchKernel(add, 2, 1, 1, 64, 1, 1, 0, NULL, NULL, extra), hipErrorInvalidValue, "8 bytes");
    well(hipFree(a));
    well(hipFree(b));
    well(hipFree(c));
    well(hipModuleUnload(module));
}

static void arguments_of_all_sizes_arrive(void **state)
{
    (void)state;
    hipModule_t module = load();
    double *out, host[3];
    signed char small = -3;
    struct {
        int first;
        double second;
    } value = {40, 2.5};
    float x = 1.25f;
    well(hipMalloc((void **)&out, sizeof host));
    void *params[] = {&out, &small, &value, &x};
    well(hipModuleLaunchKernel(function_of(module, "mixed"), 1, 1, 1, 1, 1, 1, 0, NULL, params, NULL));
    well(hipMemcpy(host, out, sizeof host, hipMemcpyDeviceToHost));
    assert_true(host[0] == -3 && host[1] == 42.5 && host[2] == 1.25);
    well(hipFree(out));
    well(hipModuleUnload(module));
}

hipError_t hipExtModuleLaunchKernel(hipFunction_t f, uint32_t gx, uint32_t gy, uint32_t gz, uint32_t bx, uint32_t by,
                                    uint32_t bz, size_t lds, hipStream_t stream, void **params, void **extra,
                                    hipEvent_t start, hipEvent_t stop, uint32_t flags);

static void the_extended_launch_counts_work_items_and_records_events(void **state)
{
    (void)state;
    hipModule_t module = load();
    unsigned *total, host;
    hipEvent_t start, stop;
    float ms = 0;
    well(hipMallocManaged((void **)&total, sizeof *total, hipMemAttachGlobal));
    *total = 0;
    well(hipEventCreate(&start));
    well(hipEventCreate(&stop));
    void *params[] = {&total};
    well(hipExtModuleLaunchKernel(function_of(module, "count"), 150, 3, 1, 64, 2, 1, 0, NULL, params, NULL, start, stop,
                                  0));
    well(hipMemcpy(&host, total, sizeof host, hipMemcpyDefault));
    assert_int_equal(host, 450);
    well(hipEventElapsedTime(&ms, start, stop));
    assert_true(ms > 0);
    struct emu_launch_report report = {.size = sizeof report};
    assert_int_equal(emuGetLastLaunch(&report), 0);
    assert_true(ms > 0.999f * (float)report.milliseconds && ms < 1.001f * (float)report.milliseconds);
    assert_int_equal(report.workgroups, 3 * 2);
    assert_string_equal(report.kernel, "count");
    well(hipEventDestroy(start));
    well(hipEventDestroy(stop));
    well(hipFree(total));
    well(hipModuleUnload(module));
}

static void a_sampled_launch_says_which_workgroups_ran(void **state)
{
    (void)state;
    hipModule_t module = load();
    unsigned *total;
    uint64_t ids[8];
    well(hipHostMalloc((void **)&total, sizeof *total, 0));
    void *params[] = {&total};
    emuSetWorkgroupSample(4);
    well(hipModuleLaunchKernel(function_of(module, "count"), 10, 1, 1, 32, 1, 1, 0, NULL, params, NULL));
    emuSetWorkgroupSample(0);
    assert_int_equal(*total, 4 * 32);
    assert_int_equal(emuGetLastWorkgroups(ids, 8), 4);
    static const uint64_t expected[4] = {0, 3, 6, 9};
    assert_memory_equal(ids, expected, sizeof expected);
    struct emu_launch_report report = {.size = sizeof report};
    assert_int_equal(emuGetLastLaunch(&report), 0);
    assert_int_equal(report.sampled, 1);
    assert_int_equal(report.workgroups, 10);
    well(hipHostFree(total));
    well(hipModuleUnload(module));
}

static void impossible_launches_get_hips_codes(void **state)
{
    (void)state;
    hipModule_t module = load();
    hipFunction_t narrow = function_of(module, "narrow"), endless = function_of(module, "endless");
    int *out;
    well(hipMalloc((void **)&out, 256));
    void *params[] = {&out};
    expect(hipModuleLaunchKernel(narrow, 0, 1, 1, 64, 1, 1, 0, NULL, params, NULL), hipErrorInvalidConfiguration,
           "grid size is 0");
    expect(hipModuleLaunchKernel(narrow, 1, 1, 1, 2048, 1, 1, 0, NULL, params, NULL), hipErrorInvalidConfiguration,
           "at most 1024");
    expect(hipModuleLaunchKernel(narrow, 1, 1, 1, 65, 1, 1, 0, NULL, params, NULL), hipErrorLaunchFailure,
           "__launch_bounds__");
    expect(hipModuleLaunchKernel(narrow, 1, 1, 1, 64, 1, 1, 70000, NULL, params, NULL), hipErrorInvalidValue, "LDS");
    expect(hipModuleLaunchKernel((hipFunction_t)(uintptr_t)params, 1, 1, 1, 64, 1, 1, 0, NULL, params, NULL),
           hipErrorInvalidHandle, "no function");
    expect(hipModuleLaunchKernel(narrow, 1, 1, 1, 64, 1, 1, 0, (hipStream_t)(uintptr_t)params, params, NULL),
           hipErrorInvalidValue, "no stream");
    int *none = NULL;
    void *null_params[] = {&none};
    expect(hipModuleLaunchKernel(narrow, 1, 1, 1, 64, 1, 1, 0, NULL, null_params, NULL), hipErrorIllegalAddress,
           "null pointer");
    well(hipFree(out));
    expect(hipModuleLaunchKernel(narrow, 1, 1, 1, 64, 1, 1, 0, NULL, params, NULL), hipErrorIllegalAddress, "freed");
    setenv("EMU_INSTRUCTION_LIMIT", "50000", 1);
    well(hipMalloc((void **)&out, 256));
    expect(hipModuleLaunchKernel(endless, 1, 1, 1, 1, 1, 1, 0, NULL, params, NULL), hipErrorLaunchFailure,
           "endless loop");
    unsetenv("EMU_INSTRUCTION_LIMIT");
    well(hipFree(out));
    well(hipModuleUnload(module));
}

static void *cancel_later(void *unused)
{
    usleep(100000);
    emuCancel();
    return unused;
}

static void a_running_launch_can_be_cancelled(void **state)
{
    (void)state;
    hipModule_t module = load();
    pthread_t thread;
    int *out;
    well(hipMalloc((void **)&out, 4));
    void *params[] = {&out};
    assert_int_equal(pthread_create(&thread, NULL, cancel_later, NULL), 0);
    expect(hipModuleLaunchKernel(function_of(module, "endless"), 1, 1, 1, 1, 1, 1, 0, NULL, params, NULL),
           hipErrorLaunchFailure, "cancelled");
    pthread_join(thread, NULL);
    well(hipFree(out));
    well(hipModuleUnload(module));
}

static void copies_are_checked_against_allocations(void **state)
{
    (void)state;
    char *device, host[64] = "text", back[64];
    well(hipMalloc((void **)&device, 64));
    well(hipMemcpy(device, host, 64, hipMemcpyHostToDevice));
    well(hipMemset(device + 4, '!', 3));
    well(hipMemcpy(back, device, 64, hipMemcpyDeviceToHost));
    assert_string_equal(back, "text!!!");
    expect(hipMemcpy(device + 60, host, 8, hipMemcpyHostToDevice), hipErrorInvalidValue, "ends after 4");
    expect(hipMemcpy(host, host, 8, hipMemcpyHostToDevice), hipErrorInvalidValue, "not live device memory");
    expect(hipMemcpy(NULL, host, 8, hipMemcpyHostToDevice), hipErrorInvalidValue, "null");
    expect(hipMemcpy(device, host, 8, (hipMemcpyKind)77), hipErrorInvalidMemcpyDirection, "77");
    expect(hipMemset(device, 0, 65), hipErrorInvalidValue, "65 bytes");
    well(hipFree(device));
    expect(hipMemcpy(back, device, 4, hipMemcpyDeviceToHost), hipErrorInvalidValue, "freed");
    expect(hipFree(device), hipErrorInvalidValue, "freed");
    expect(hipFree(host), hipErrorInvalidValue, "not the start of a live allocation");
    well(hipFree(NULL));
}

static void memory_information_follows_allocations(void **state)
{
    (void)state;
    size_t before, after, total;
    void *device;
    hipPointerAttribute_t attributes;
    well(hipMemGetInfo(&before, &total));
    well(hipMalloc(&device, 1 << 20));
    well(hipMemGetInfo(&after, &total));
    assert_int_equal(before - after, 1 << 20);
    well(hipPointerGetAttributes(&attributes, (char *)device + 100));
    assert_ptr_equal(attributes.devicePointer, (char *)device + 100);
    well(hipFree(device));
    expect(hipMalloc(&device, (size_t)1 << 60), hipErrorOutOfMemory, "bytes");
    assert_null(device);
}

static void bad_modules_are_refused(void **state)
{
    (void)state;
    hipModule_t module;
    hipFunction_t function;
    char *bytes;
    size_t size;
    struct w4_error error = {0};
    expect(hipModuleLoad(&module, "/nowhere/kernel.hsaco"), hipErrorFileNotFound, "/nowhere/kernel.hsaco");
    expect(hipModuleLoadData(&module, "no code object, only a text that is long enough"), hipErrorInvalidImage, "ELF");
    assert_int_equal(w4_file_read(KERNELS, 1u << 24, &bytes, &size, &error), W4_OK);
    well(hipModuleLoadData(&module, bytes));
    expect(hipModuleGetFunction(&function, module, "nothing"), hipErrorNotFound, "nothing");
    well(hipModuleUnload(module));
    expect(hipModuleUnload(module), hipErrorNotFound, "module");
    expect(hipModuleUnload(NULL), hipErrorInvalidHandle, "module");
    expect(hipModuleGetFunction(&function, module, "add"), hipErrorNotFound, "module");
    bytes[48] = 0x36; // e_flags: gfx1030
    expect(hipModuleLoadData(&module, bytes), hipErrorNoBinaryForGpu, "gfx1030");
    free(bytes);
}

static void streams_and_events_are_checked_handles(void **state)
{
    (void)state;
    hipStream_t stream;
    hipEvent_t event, other;
    float ms;
    well(hipStreamCreateWithFlags(&stream, hipStreamNonBlocking));
    well(hipEventCreate(&event));
    well(hipEventCreate(&other));
    expect(hipEventElapsedTime(&ms, event, other), hipErrorInvalidHandle, "not recorded");
    well(hipEventRecord(event, stream));
    well(hipEventRecord(other, stream));
    well(hipStreamWaitEvent(stream, event, 0));
    well(hipEventSynchronize(other));
    well(hipEventElapsedTime(&ms, event, other));
    assert_true(ms == 0);
    well(hipStreamDestroy(stream));
    expect(hipStreamDestroy(stream), hipErrorInvalidHandle, "stream");
    expect(hipEventRecord(event, stream), hipErrorInvalidHandle, "stream");
    well(hipEventDestroy(event));
    expect(hipEventDestroy(event), hipErrorContextIsDestroyed, "event");
    well(hipEventDestroy(other));
}

static void every_error_has_a_name_and_a_text(void **state)
{
    (void)state;
    assert_string_equal(hipGetErrorName(hipErrorIllegalAddress), "hipErrorIllegalAddress");
    assert_string_equal(hipGetErrorString(hipSuccess), "no error");
    assert_non_null(hipGetErrorString((hipError_t)123456));
    assert_string_equal(emuModelLabel(), "modelled (issue only)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_device_is_a_gfx1151),
        cmocka_unit_test(newer_programs_get_the_newer_layout),
        cmocka_unit_test(launches_take_addresses_or_a_buffer),
        cmocka_unit_test(arguments_of_all_sizes_arrive),
        cmocka_unit_test(the_extended_launch_counts_work_items_and_records_events),
        cmocka_unit_test(a_sampled_launch_says_which_workgroups_ran),
        cmocka_unit_test(impossible_launches_get_hips_codes),
        cmocka_unit_test(a_running_launch_can_be_cancelled),
        cmocka_unit_test(copies_are_checked_against_allocations),
        cmocka_unit_test(memory_information_follows_allocations),
        cmocka_unit_test(bad_modules_are_refused),
        cmocka_unit_test(streams_and_events_are_checked_handles),
        cmocka_unit_test(every_error_has_a_name_and_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
