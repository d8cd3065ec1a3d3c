// An ordinary HIP program with <<< >>> launches; it must run unchanged on the drop-in library. Prints "passed" when
// every result is right.
#include "program.h"

__constant__ int factors[4] = {1, 2, 3, 4};
__device__ int counter;

__global__ void scale(float *data, float by, unsigned count)
{
    const unsigned i = global_x();
    if (i < count)
        data[i] = data[i] * by + (float)factors[i & 3];
}

template <typename T> __global__ void reverse(T *data, unsigned count)
{
    extern __shared__ unsigned char raw[];
    T *values = (T *)raw;
    const unsigned i = __builtin_amdgcn_workitem_id_x();
    values[i] = data[i];
    __builtin_amdgcn_fence(__ATOMIC_RELEASE, "workgroup");
    __builtin_amdgcn_s_barrier();
    __builtin_amdgcn_fence(__ATOMIC_ACQUIRE, "workgroup");
    data[i] = values[count - 1 - i];
}

__global__ void tick()
{
    __atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED);
}

__global__ void wild(int *nowhere)
{
    nowhere[1 << 20] = 1;
}

static int test_scale()
{
    enum { COUNT = 1000 };
    static float host[COUNT];
    float *device, ms = -1;
    hipStream_t stream;
    hipEvent_t start, stop;
    for (int i = 0; i < COUNT; i++)
        host[i] = (float)i;
    CHECK(hipMalloc((void **)&device, sizeof host));
    CHECK(hipStreamCreate(&stream));
    CHECK(hipEventCreate(&start));
    CHECK(hipEventCreate(&stop));
    CHECK(hipMemcpyAsync(device, host, sizeof host, hipMemcpyHostToDevice, stream));
    CHECK(hipEventRecord(start, stream));
    scale<<<dim3((COUNT + 127) / 128), dim3(128), 0, stream>>>(device, 2.0f, COUNT);
    CHECK(hipGetLastError());
    CHECK(hipEventRecord(stop, stream));
    CHECK(hipMemcpyAsync(host, device, sizeof host, hipMemcpyDeviceToHost, stream));
    CHECK(hipStreamSynchronize(stream));
    CHECK(hipEventElapsedTime(&ms, start, stop));
    EXPECT(ms > 0);
    for (int i = 0; i < COUNT; i++)
        EXPECT(host[i] == 2.0f * (float)i + (float)(1 + i % 4));
    CHECK(hipEventDestroy(start));
    CHECK(hipEventDestroy(stop));
    CHECK(hipStreamDestroy(stream));
    CHECK(hipFree(device));
    return 0;
}

static int test_reverse_and_symbols()
{
    enum { COUNT = 200 };
    static double host[COUNT];
    double *device;
    int ticks = 40, blocks = 0;
    void *address;
    size_t size;
    for (int i = 0; i < COUNT; i++)
        host[i] = i;
    CHECK(hipMalloc((void **)&device, sizeof host));
    CHECK(hipMemcpy(device, host, sizeof host, hipMemcpyHostToDevice));
    reverse<double><<<1, COUNT, sizeof host>>>(device, COUNT);
    CHECK(hipGetLastError());
    CHECK(hipMemcpy(host, device, sizeof host, hipMemcpyDeviceToHost));
    for (int i = 0; i < COUNT; i++)
        EXPECT(host[i] == COUNT - 1 - i);
    CHECK(hipFree(device));

    CHECK(hipMemcpyToSymbol((const void *)&counter, &ticks, sizeof ticks, 0, hipMemcpyHostToDevice));
    tick<<<3, 64>>>();
    CHECK(hipDeviceSynchronize());
    CHECK(hipMemcpyFromSymbol(&ticks, (const void *)&counter, sizeof ticks, 0, hipMemcpyDeviceToHost));
    EXPECT(ticks == 40 + 3 * 64);
    CHECK(hipGetSymbolAddress(&address, (const void *)&counter));
    CHECK(hipGetSymbolSize(&size, (const void *)&counter));
    EXPECT(size == sizeof ticks && *(int *)address == ticks);

    CHECK(hipOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, (const void *)tick, 64, 0));
    EXPECT(blocks > 0);
    return 0;
}

static int test_failures()
{
    int *device;
    CHECK(hipMalloc((void **)&device, 64));
    wild<<<1, 1>>>(device);
    EXPECT(hipPeekAtLastError() == hipErrorIllegalAddress);
    EXPECT(hipGetLastError() == hipErrorIllegalAddress);
    EXPECT(hipGetLastError() == hipSuccess);
    EXPECT(hipDeviceSynchronize() == hipErrorIllegalAddress);
    CHECK(hipDeviceSynchronize());
    (void)hipGetLastError();
    tick<<<1, 2048>>>();
    EXPECT(hipGetLastError() == hipErrorInvalidConfiguration);
    CHECK(hipFree(device));
    EXPECT(hipFree(device) == hipErrorInvalidValue);
    return 0;
}

int main()
{
    if (test_scale() || test_reverse_and_symbols() || test_failures())
        return 1;
    puts("passed");
    return 0;
}
