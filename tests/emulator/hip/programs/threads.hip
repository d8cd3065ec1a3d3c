// Host threads that launch, copy, allocate and fail at the same time; errors belong to the thread that made them.
#include "program.h"
#include <pthread.h>

enum { THREADS = 8, ROUNDS = 12, COUNT = 700 };

__device__ unsigned launches;

__global__ void affine(int *data, int scale, int bias, unsigned count)
{
    const unsigned i = global_x();
    if (i < count)
        data[i] = data[i] * scale + bias;
    if (i == 0)
        __atomic_fetch_add(&launches, 1u, __ATOMIC_RELAXED);
}

static int work(int id)
{
    hipStream_t stream;
    hipEvent_t event;
    CHECK(hipSetDevice(0));
    CHECK(hipStreamCreate(&stream));
    CHECK(hipEventCreate(&event));
    for (int round = 0; round < ROUNDS; round++) {
        int host[COUNT], *device;
        for (int i = 0; i < COUNT; i++)
            host[i] = i + id;
        CHECK(hipMalloc((void **)&device, sizeof host));
        CHECK(hipMemcpyAsync(device, host, sizeof host, hipMemcpyHostToDevice, stream));
        affine<<<(COUNT + 63) / 64, 64, 0, stream>>>(device, id + 1, round, COUNT);
        CHECK(hipGetLastError());
        CHECK(hipEventRecord(event, stream));
        CHECK(hipMemcpyAsync(host, device, sizeof host, hipMemcpyDeviceToHost, stream));
        CHECK(hipStreamSynchronize(stream));
        for (int i = 0; i < COUNT; i++)
            EXPECT(host[i] == (i + id) * (id + 1) + round);
        if (id % 2) { // odd threads err; even ones must not notice
            EXPECT(hipFree(host) == hipErrorInvalidValue);
            EXPECT(hipGetLastError() == hipErrorInvalidValue);
        } else {
            EXPECT(hipPeekAtLastError() == hipSuccess);
        }
        CHECK(hipFree(device));
    }
    CHECK(hipEventDestroy(event));
    CHECK(hipStreamDestroy(stream));
    return 0;
}

static void *start(void *id)
{
    return (void *)(long)work((int)(long)id);
}

int main()
{
    pthread_t threads[THREADS];
    unsigned total = 0;
    for (long i = 0; i < THREADS; i++)
        EXPECT(pthread_create(&threads[i], nullptr, start, (void *)i) == 0);
    int failures = 0;
    for (int i = 0; i < THREADS; i++) {
        void *result;
        EXPECT(pthread_join(threads[i], &result) == 0);
        failures += result != nullptr;
    }
    EXPECT(failures == 0);
    CHECK(hipMemcpyFromSymbol(&total, HIP_SYMBOL(launches), sizeof total, 0, hipMemcpyDeviceToHost));
    EXPECT(total == THREADS * ROUNDS);
    puts("passed");
    return 0;
}
