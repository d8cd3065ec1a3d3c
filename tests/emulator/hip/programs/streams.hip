// Two streams, ordered by events, with asynchronous copies on both ends and host functions in between.
#include "program.h"

__global__ void add(int *data, int what, unsigned count)
{
    const unsigned i = global_x();
    if (i < count)
        data[i] += what;
}

__global__ void sum(const int *a, const int *b, int *out, unsigned count)
{
    const unsigned i = global_x();
    if (i < count)
        out[i] = a[i] + b[i];
}

static void count_call(hipStream_t, hipError_t code, void *data)
{
    *(int *)data += code == hipSuccess ? 1 : 100;
}

static void count_host(void *data)
{
    *(int *)data += 10;
}

static int test_order()
{
    enum { COUNT = 5000, BLOCK = 256, GRID = (COUNT + BLOCK - 1) / BLOCK };
    hipStream_t first, second;
    hipEvent_t copied, done, timing[2];
    int *host, *a, *b, *out, calls = 0;
    CHECK(hipStreamCreateWithFlags(&first, hipStreamNonBlocking));
    CHECK(hipStreamCreateWithPriority(&second, hipStreamDefault, -1));
    CHECK(hipEventCreateWithFlags(&copied, hipEventDisableTiming));
    CHECK(hipEventCreateWithFlags(&done, hipEventDisableTiming | hipEventBlockingSync));
    CHECK(hipEventCreate(&timing[0]));
    CHECK(hipEventCreate(&timing[1]));
    CHECK(hipHostMalloc((void **)&host, COUNT * sizeof(int), hipHostMallocDefault));
    CHECK(hipMallocAsync((void **)&a, COUNT * sizeof(int), first));
    CHECK(hipMallocAsync((void **)&b, COUNT * sizeof(int), second));
    CHECK(hipMalloc((void **)&out, COUNT * sizeof(int)));
    for (int i = 0; i < COUNT; i++)
        host[i] = i;

    CHECK(hipEventRecord(timing[0], first));
    CHECK(hipMemcpyAsync(a, host, COUNT * sizeof(int), hipMemcpyHostToDevice, first));
    CHECK(hipEventRecord(copied, first));
    CHECK(hipStreamWaitEvent(second, copied, 0));
    CHECK(hipMemcpyAsync(b, a, COUNT * sizeof(int), hipMemcpyDeviceToDevice, second));
    add<<<GRID, BLOCK, 0, first>>>(a, 5, COUNT);
    add<<<GRID, BLOCK, 0, second>>>(b, 7, COUNT);
    CHECK(hipStreamAddCallback(second, count_call, &calls, 0));
    CHECK(hipLaunchHostFunc(second, count_host, &calls));
    CHECK(hipEventRecord(done, second));
    CHECK(hipStreamWaitEvent(first, done, 0));
    sum<<<GRID, BLOCK, 0, first>>>(a, b, out, COUNT);
    CHECK(hipGetLastError());
    CHECK(hipMemcpyAsync(host, out, COUNT * sizeof(int), hipMemcpyDeviceToHost, first));
    CHECK(hipMemsetAsync(out, 0, COUNT * sizeof(int), first));
    CHECK(hipEventRecord(timing[1], first));
    CHECK(hipStreamSynchronize(first));
    CHECK(hipStreamQuery(first));
    CHECK(hipEventQuery(done));
    EXPECT(calls == 11);
    for (int i = 0; i < COUNT; i++)
        EXPECT(host[i] == 2 * i + 12);

    float ms = -1;
    CHECK(hipEventSynchronize(timing[1]));
    CHECK(hipEventElapsedTime(&ms, timing[0], timing[1]));
    EXPECT(ms > 0 && ms < 1000);
    FAILS(hipEventElapsedTime(&ms, copied, done), hipErrorInvalidHandle); // made without timing
    CHECK(hipFreeAsync(a, first));
    CHECK(hipFreeAsync(b, second));
    CHECK(hipFree(out));
    CHECK(hipHostFree(host));
    CHECK(hipEventDestroy(copied));
    CHECK(hipEventDestroy(done));
    CHECK(hipEventDestroy(timing[0]));
    CHECK(hipEventDestroy(timing[1]));
    CHECK(hipStreamDestroy(first));
    CHECK(hipStreamDestroy(second));
    return 0;
}

static int test_what_streams_say_of_themselves()
{
    hipStream_t stream;
    unsigned flags = 77;
    int priority = 77, least = 0, greatest = 0;
    hipStreamCaptureStatus status;
    CHECK(hipDeviceGetStreamPriorityRange(&least, &greatest));
    EXPECT(greatest < least);
    CHECK(hipStreamCreateWithPriority(&stream, hipStreamNonBlocking, greatest - 5));
    CHECK(hipStreamGetFlags(stream, &flags));
    CHECK(hipStreamGetPriority(stream, &priority));
    EXPECT(flags == hipStreamNonBlocking && priority == greatest);
    CHECK(hipStreamIsCapturing(stream, &status));
    EXPECT(status == hipStreamCaptureStatusNone);
    FAILS(hipStreamBeginCapture(stream, hipStreamCaptureModeGlobal), hipErrorNotSupported);
    FAILS(hipStreamWaitEvent(stream, nullptr, 0), hipErrorInvalidHandle);
    CHECK(hipStreamDestroy(stream));
    FAILS(hipStreamSynchronize(stream), hipErrorInvalidHandle);
    FAILS(hipStreamCreateWithFlags(&stream, 99), hipErrorInvalidValue);
    FAILS(hipStreamCreate(nullptr), hipErrorInvalidValue);
    FAILS(hipStreamDestroy(nullptr), hipErrorInvalidHandle);
    return 0;
}

int main()
{
    if (test_order() || test_what_streams_say_of_themselves())
        return 1;
    puts("passed");
    return 0;
}
