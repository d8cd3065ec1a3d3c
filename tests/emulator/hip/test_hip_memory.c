// Copies of rows and boxes against plain loops, pools' accounts, pointers' attributes, calls that are not emulated.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <hip/hip_runtime_api.h>

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
}

enum { WIDTH = 13, ROWS = 7, SLICES = 4, HOST_BYTES = WIDTH * ROWS * SLICES };

static uint8_t sample(size_t i)
{
    return (uint8_t)(i * 37 + 11);
}

static void boxes_are_copied_as_loops_would(void **state)
{
    (void)state;
    uint8_t host[HOST_BYTES], back[HOST_BYTES];
    for (size_t i = 0; i < sizeof host; i++)
        host[i] = sample(i);
    hipPitchedPtr device;
    const hipExtent extent = {WIDTH, ROWS, SLICES};
    well(hipMalloc3D(&device, extent));
    assert_true(device.pitch >= WIDTH && device.xsize == WIDTH && device.ysize == ROWS);
    well(hipMemset3D(device, 0xee, extent));
    hipMemcpy3DParms in = {.srcPtr = {host, WIDTH, WIDTH, ROWS},
                           .srcPos = {1, 2, 1},
                           .dstPtr = device,
                           .dstPos = {3, 1, 0},
                           .extent = {5, 4, 3},
                           .kind = hipMemcpyHostToDevice};
    well(hipMemcpy3D(&in));
    memset(back, 0, sizeof back);
    hipMemcpy3DParms out = {
        .srcPtr = device, .dstPtr = {back, WIDTH, WIDTH, ROWS}, .extent = extent, .kind = hipMemcpyDeviceToHost};
    well(hipMemcpy3DAsync(&out, NULL));
    for (size_t z = 0; z < SLICES; z++)
        for (size_t y = 0; y < ROWS; y++)
            for (size_t x = 0; x < WIDTH; x++) {
                const int inside = x >= 3 && x < 8 && y >= 1 && y < 5 && z < 3;
                const size_t from = ((z + 1) * ROWS + y + 1) * WIDTH + x - 2;
                assert_int_equal(back[(z * ROWS + y) * WIDTH + x], inside ? sample(from) : 0xee);
            }
    in.extent.depth = 40;
    expect(hipMemcpy3D(&in), hipErrorInvalidValue, "allocation ends");
    in.extent = (hipExtent){5, 4, SIZE_MAX};
    expect(hipMemcpy3D(&in), hipErrorInvalidValue, "overflow");
    in.srcArray = (hipArray_t)(uintptr_t)&in;
    expect(hipMemcpy3D(&in), hipErrorNotSupported, "arrays");
    expect(hipMemcpy3D(NULL), hipErrorInvalidValue, "null");
    well(hipFree(device.ptr));
}

static void the_drivers_copies_do_the_same(void **state)
{
    (void)state;
    uint8_t host[HOST_BYTES], back[WIDTH * ROWS] = {0};
    uint8_t *device;
    for (size_t i = 0; i < sizeof host; i++)
        host[i] = sample(i);
    well(hipMalloc((void **)&device, sizeof host));
    well(hipMemset(device, 0, sizeof host));
    const HIP_MEMCPY3D box = {.srcMemoryType = hipMemoryTypeHost,
                              .srcHost = host,
                              .srcPitch = WIDTH,
                              .srcHeight = ROWS,
                              .dstMemoryType = hipMemoryTypeDevice,
                              .dstDevice = device,
                              .dstPitch = WIDTH,
                              .dstHeight = ROWS,
                              .WidthInBytes = WIDTH,
                              .Height = ROWS,
                              .Depth = SLICES};
    well(hipDrvMemcpy3D(&box));
    assert_memory_equal(device, host, sizeof host); // the host reads device memory at the same address
    hip_Memcpy2D rows = {.srcMemoryType = hipMemoryTypeDevice,
                         .srcDevice = device,
                         .srcPitch = WIDTH,
                         .srcXInBytes = 2,
                         .srcY = 3,
                         .dstMemoryType = hipMemoryTypeHost,
                         .dstHost = back,
                         .dstPitch = WIDTH,
                         .WidthInBytes = 6,
                         .Height = 2};
    well(hipMemcpyParam2D(&rows));
    for (size_t y = 0; y < 2; y++)
        for (size_t x = 0; x < WIDTH; x++)
            assert_int_equal(back[y * WIDTH + x], x < 6 ? sample((y + 3) * WIDTH + x + 2) : 0);
    rows.srcPitch = 5;
    expect(hipMemcpyParam2D(&rows), hipErrorInvalidPitchValue, "pitch 5");
    well(hipFree(device));
}

static void pools_keep_account(void **state)
{
    (void)state;
    hipMemPool_t pool, standard;
    void *a, *b, *c;
    uint64_t used;
    const hipMemPoolProps wish = {.allocType = hipMemAllocationTypePinned,
                                  .location = {.type = hipMemLocationTypeDevice, .id = 0}};
    well(hipDeviceGetDefaultMemPool(&standard, 0));
    well(hipMemPoolCreate(&pool, &wish));
    well(hipMallocFromPoolAsync(&a, 1000, pool, NULL));
    well(hipDeviceSetMemPool(0, pool));
    well(hipMallocAsync(&b, 500, NULL));
    well(hipDeviceSetMemPool(0, standard));
    well(hipMallocAsync(&c, 50, NULL));
    well(hipMemPoolGetAttribute(pool, hipMemPoolAttrUsedMemCurrent, &used));
    assert_int_equal(used, 1500);
    well(hipFreeAsync(a, NULL));
    well(hipMemPoolGetAttribute(pool, hipMemPoolAttrUsedMemCurrent, &used));
    assert_int_equal(used, 500);
    well(hipMemPoolGetAttribute(pool, hipMemPoolAttrUsedMemHigh, &used));
    assert_int_equal(used, 1500);
    used = 0;
    well(hipMemPoolSetAttribute(pool, hipMemPoolAttrUsedMemHigh, &used));
    well(hipMemPoolTrimTo(pool, 0));
    well(hipMemPoolDestroy(pool));
    expect(hipMemPoolDestroy(pool), hipErrorInvalidValue, "pool");
    expect(hipMallocFromPoolAsync(&a, 8, pool, NULL), hipErrorInvalidValue, "no pool");
    expect(hipMemPoolDestroy(standard), hipErrorInvalidValue, "default");
    well(hipMemset(b, 1, 500)); // outlives its pool
    well(hipFree(b));
    well(hipFreeAsync(c, NULL));
    well(hipMemPoolGetAttribute(standard, hipMemPoolAttrUsedMemCurrent, &used));
    assert_int_equal(used, 0);
    expect(hipFreeAsync(c, NULL), hipErrorInvalidValue, "freed");
}

static void pointers_know_their_allocation(void **state)
{
    (void)state;
    char *device, *host;
    hipDeviceptr_t base, start;
    size_t bytes;
    unsigned range = 0, flags = 0, type = 99;
    bool managed = true;
    well(hipMalloc((void **)&device, 300));
    well(hipHostMalloc((void **)&host, 300, 0));
    well(hipMemGetAddressRange(&base, &bytes, device + 299));
    assert_true(base == device && bytes == 300);
    well(hipPointerGetAttribute(&start, HIP_POINTER_ATTRIBUTE_RANGE_START_ADDR, device + 7));
    well(hipPointerGetAttribute(&range, HIP_POINTER_ATTRIBUTE_RANGE_SIZE, device));
    assert_true(start == device && range == 300);
    hipPointer_attribute asked[] = {HIP_POINTER_ATTRIBUTE_MEMORY_TYPE, HIP_POINTER_ATTRIBUTE_IS_MANAGED};
    void *answers[] = {&type, &managed};
    well(hipDrvPointerGetAttributes(2, asked, answers, host));
    assert_true(!managed);
    well(hipHostGetFlags(&flags, host));
    assert_true(flags & hipHostMallocMapped);
    expect(hipHostGetFlags(&flags, device), hipErrorInvalidValue, "pinned");
    expect(hipMemGetAddressRange(&base, &bytes, device + 300), hipErrorNotFound, "no allocation");
    expect(hipPointerGetAttribute(&start, HIP_POINTER_ATTRIBUTE_P2P_TOKENS, device), hipErrorNotSupported, "5");
    well(hipFree(device));
    well(hipHostFree(host));
}

static void what_is_not_emulated_says_so(void **state)
{
    (void)state;
    hipGraph_t graph;
    hipIpcMemHandle_t handle;
    hipTextureObject_t texture;
    expect(hipGraphCreate(&graph, 0), hipErrorNotSupported, "graphs and stream capture are not emulated");
    expect(hipIpcGetMemHandle(&handle, NULL), hipErrorNotSupported, "between processes");
    expect(hipCreateTextureObject(&texture, NULL, NULL, NULL), hipErrorNotSupported, "images");
    expect(hipStreamBeginCapture(NULL, hipStreamCaptureModeGlobal), hipErrorNotSupported, "hipStreamBeginCapture");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boxes_are_copied_as_loops_would),
        cmocka_unit_test(the_drivers_copies_do_the_same),
        cmocka_unit_test(pools_keep_account),
        cmocka_unit_test(pointers_know_their_allocation),
        cmocka_unit_test(what_is_not_emulated_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
