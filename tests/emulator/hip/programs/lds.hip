// Static and dynamic LDS, and what occupancy queries make of them.
#include "program.h"

extern __shared__ int dynamic[];

// Inclusive prefix sums of a workgroup.
__global__ void scan(const int *in, int *out)
{
    const unsigned i = THREAD_X, count = __builtin_amdgcn_workgroup_size_x();
    dynamic[i] = in[BLOCK_X * count + i];
    for (unsigned step = 1; step < count; step *= 2) {
        barrier();
        const int left = i >= step ? dynamic[i - step] : 0;
        barrier();
        dynamic[i] += left;
    }
    out[BLOCK_X * count + i] = dynamic[i];
}

__global__ void hog(int *out)
{
    __shared__ int big[10240]; // 40 KiB
    big[THREAD_X] = (int)THREAD_X;
    barrier();
    out[THREAD_X] = big[__builtin_amdgcn_workgroup_size_x() - 1 - THREAD_X];
}

__attribute__((amdgpu_flat_work_group_size(1, 128))) __global__ void small(int *out)
{
    out[THREAD_X] = 1;
}

static int test_scan()
{
    enum { BLOCK = 512, GRID = 6, COUNT = BLOCK * GRID };
    static int host[COUNT], back[COUNT];
    int *in, *out;
    for (int i = 0; i < COUNT; i++)
        host[i] = i * 7 % 13 - 6;
    CHECK(hipMalloc((void **)&in, sizeof host));
    CHECK(hipMalloc((void **)&out, sizeof host));
    CHECK(hipMemcpy(in, host, sizeof host, hipMemcpyHostToDevice));
    scan<<<GRID, BLOCK, BLOCK * sizeof(int)>>>(in, out);
    CHECK(hipMemcpy(back, out, sizeof back, hipMemcpyDeviceToHost));
    for (int block = 0, total = 0; block < GRID; block++, total = 0)
        for (int i = 0; i < BLOCK; i++) {
            total += host[block * BLOCK + i];
            EXPECT(back[block * BLOCK + i] == total);
        }
    hog<<<1, 256>>>(out);
    CHECK(hipMemcpy(back, out, 256 * sizeof(int), hipMemcpyDeviceToHost));
    EXPECT(back[0] == 255 && back[255] == 0);
    hog<<<1, 256, 32 * 1024>>>(out); // 72 KiB in all
    EXPECT(hipGetLastError() == hipErrorInvalidValue);
    scan<<<1, 64, 65 * 1024>>>(in, out);
    EXPECT(hipGetLastError() == hipErrorInvalidValue);
    scan<<<1, 512, 16>>>(in, out); // far less than it writes: out of bounds is found
    EXPECT(hipGetLastError() != hipSuccess);
    (void)hipDeviceSynchronize();
    (void)hipGetLastError();
    CHECK(hipFree(in));
    CHECK(hipFree(out));
    return 0;
}

static int test_occupancy()
{
    int blocks = -1, fewer = -1, grid = 0, block = 0, value = 0;
    CHECK(hipOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, (const void *)hog, 256, 0));
    EXPECT(blocks >= 1 && blocks <= 3); // 40 of a WGP's 128 KiB each
    CHECK(hipOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&fewer, (const void *)scan, 1024, 0, 0));
    EXPECT(fewer == 2); // 64 waves a WGP
    CHECK(hipOccupancyMaxPotentialBlockSize(&grid, &block, (const void *)small, 0, 0));
    EXPECT(block >= 32 && block <= 128 && grid >= 20);
    hipFuncAttributes attributes;
    CHECK(hipFuncGetAttributes(&attributes, (const void *)hog));
    EXPECT(attributes.sharedSizeBytes == 40960 && attributes.numRegs > 0);
    EXPECT(attributes.maxDynamicSharedSizeBytes == 65536 - 40960);
    CHECK(hipFuncGetAttributes(&attributes, (const void *)small));
    EXPECT(attributes.maxThreadsPerBlock == 128);
    CHECK(hipFuncSetAttribute((const void *)scan, hipFuncAttributeMaxDynamicSharedMemorySize, 65536));
    FAILS(hipFuncSetAttribute((const void *)hog, hipFuncAttributeMaxDynamicSharedMemorySize, 65536),
          hipErrorInvalidValue);
    CHECK(hipFuncSetCacheConfig((const void *)hog, hipFuncCachePreferShared));
    FAILS(hipFuncSetCacheConfig(nullptr, hipFuncCachePreferShared), hipErrorInvalidDeviceFunction);
    FAILS(hipOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, (const void *)hog, 0, 0), hipErrorInvalidValue);
    FAILS(hipFuncGetAttributes(&attributes, &value), hipErrorInvalidDeviceFunction);
    FAILS(hipFuncGetAttributes(nullptr, (const void *)hog), hipErrorInvalidValue);
    return 0;
}

int main()
{
    if (test_scan() || test_occupancy())
        return 1;
    puts("passed");
    return 0;
}
