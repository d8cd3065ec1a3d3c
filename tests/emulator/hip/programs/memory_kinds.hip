// Pinned, managed, registered and pitched memory as kernels and host see it.
#include "program.h"
#include <stdlib.h>

__managed__ int shared_total = 3;
__managed__ float table[4] = {1, 2, 3, 4};

__global__ void accumulate(const int *values, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        shared_total += values[i] * (int)table[i & 3];
}

__global__ void negate_rows(float *rows, size_t pitch, unsigned width)
{
    float *row = (float *)((char *)rows + BLOCK_X * pitch);
    if (THREAD_X < width)
        row[THREAD_X] = -row[THREAD_X];
}

static int test_pinned_and_managed()
{
    enum { COUNT = 9 };
    int *pinned, *managed, *device = nullptr, expected = 3;
    CHECK(hipHostMalloc((void **)&pinned, COUNT * sizeof(int), hipHostMallocMapped));
    CHECK(hipMallocManaged((void **)&managed, COUNT * sizeof(int), hipMemAttachGlobal));
    for (int i = 0; i < COUNT; i++) {
        pinned[i] = i;
        managed[i] = 10 * i;
        expected += (i + 10 * i) * (1 + i % 4);
    }
    CHECK(hipHostGetDevicePointer((void **)&device, pinned, 0));
    accumulate<<<1, 1>>>(device, COUNT);
    CHECK(hipMemPrefetchAsync(managed, COUNT * sizeof(int), 0, nullptr));
    CHECK(hipMemAdvise(managed, COUNT * sizeof(int), hipMemAdviseSetReadMostly, 0));
    accumulate<<<1, 1>>>(managed, COUNT);
    CHECK(hipDeviceSynchronize());
    EXPECT(shared_total == expected);
    table[0] = 100; // host writes, the next kernel reads
    accumulate<<<1, 1>>>(managed + 1, 1);
    CHECK(hipDeviceSynchronize());
    EXPECT(shared_total == expected + 1000);

    hipPointerAttribute_t attributes;
    CHECK(hipPointerGetAttributes(&attributes, managed + 2));
    EXPECT(attributes.isManaged && attributes.hostPointer == managed + 2);
    CHECK(hipPointerGetAttributes(&attributes, pinned));
    EXPECT(attributes.memoryType == hipMemoryTypeHost && !attributes.isManaged);
    CHECK(hipHostFree(pinned));
    CHECK(hipFree(managed));
    FAILS(hipPointerGetAttributes(&attributes, pinned), hipErrorInvalidValue);
    return 0;
}

static int test_registered()
{
    enum { COUNT = 4 };
    int *plain = (int *)malloc(COUNT * sizeof(int)), *device, total = shared_total;
    EXPECT(plain);
    for (int i = 0; i < COUNT; i++)
        plain[i] = 1;
    CHECK(hipHostRegister(plain, COUNT * sizeof(int), hipHostRegisterDefault));
    FAILS(hipHostRegister(plain, COUNT * sizeof(int), hipHostRegisterDefault), hipErrorHostMemoryAlreadyRegistered);
    CHECK(hipHostGetDevicePointer((void **)&device, plain, 0));
    accumulate<<<1, 1>>>(device, COUNT);
    CHECK(hipDeviceSynchronize());
    EXPECT(shared_total == total + 100 + 2 + 3 + 4);
    CHECK(hipHostUnregister(plain));
    FAILS(hipHostUnregister(plain), hipErrorHostMemoryNotRegistered);
    accumulate<<<1, 1>>>(plain, COUNT); // the host's again
    EXPECT(hipGetLastError() == hipErrorIllegalAddress);
    EXPECT(hipDeviceSynchronize() == hipErrorIllegalAddress);
    (void)hipGetLastError();
    free(plain);
    return 0;
}

static int test_pitched()
{
    enum { WIDTH = 100, HEIGHT = 5 };
    static float host[HEIGHT][WIDTH], back[HEIGHT][WIDTH + 3];
    float *rows;
    size_t pitch = 0;
    for (int i = 0; i < HEIGHT * WIDTH; i++)
        host[i / WIDTH][i % WIDTH] = (float)i;
    CHECK(hipMallocPitch((void **)&rows, &pitch, WIDTH * sizeof(float), HEIGHT));
    EXPECT(pitch >= WIDTH * sizeof(float) && pitch % 128 == 0);
    CHECK(hipMemcpy2D(rows, pitch, host, sizeof host[0], sizeof host[0], HEIGHT, hipMemcpyHostToDevice));
    negate_rows<<<HEIGHT, 128>>>(rows, pitch, WIDTH);
    CHECK(hipMemset2D((char *)rows + pitch, pitch, 0, 4 * sizeof(float), 2));
    CHECK(hipMemcpy2DAsync(back, sizeof back[0], rows, pitch, sizeof host[0], HEIGHT, hipMemcpyDeviceToHost, nullptr));
    CHECK(hipStreamSynchronize(nullptr));
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            EXPECT(back[y][x] == ((y == 1 || y == 2) && x < 4 ? 0 : -host[y][x]));
    EXPECT(back[0][WIDTH] == 0);
    FAILS(hipMemcpy2D(rows, pitch, host, sizeof host[0], pitch + 1, HEIGHT, hipMemcpyHostToDevice),
          hipErrorInvalidPitchValue);
    CHECK(hipFree(rows));
    return 0;
}

int main()
{
    if (test_pinned_and_managed() || test_registered() || test_pitched())
        return 1;
    puts("passed");
    return 0;
}
