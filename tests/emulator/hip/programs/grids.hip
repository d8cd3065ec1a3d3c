// Three dimensions, partial waves, arguments of all kinds, and launches without <<< >>>.
#include "program.h"

struct box {
    unsigned size[3];
    short low;
    double factor;
    char tag;
};

// Writes every item's own coordinates.
__global__ void place(double *out, box value, char small, bool negate, long long wide)
{
    const unsigned x = BLOCK_X * __builtin_amdgcn_workgroup_size_x() + THREAD_X;
    const unsigned y = BLOCK_Y * __builtin_amdgcn_workgroup_size_y() + THREAD_Y;
    const unsigned z = BLOCK_Z * __builtin_amdgcn_workgroup_size_z() + THREAD_Z;
    if (x >= value.size[0] || y >= value.size[1] || z >= value.size[2])
        return;
    const double sum = value.factor * (x + 100.0 * y + 10000.0 * z) + value.low + small + value.tag + (double)wide;
    out[(z * value.size[1] + y) * value.size[0] + x] = negate ? -sum : sum;
}

static const box shape = {{37, 11, 5}, -300, 0.25, 'c'};
enum { COUNT = 37 * 11 * 5 };

static int expect(const double *device, int small, bool negate, long long wide)
{
    static double host[COUNT];
    CHECK(hipMemcpy(host, device, sizeof host, hipMemcpyDeviceToHost));
    for (unsigned i = 0; i < COUNT; i++) {
        const unsigned x = i % 37, y = i / 37 % 11, z = i / (37 * 11);
        const double sum = 0.25 * (x + 100.0 * y + 10000.0 * z) - 300 + small + 'c' + (double)wide;
        EXPECT(host[i] == (negate ? -sum : sum));
    }
    CHECK(hipMemset((void *)device, 0, sizeof host));
    return 0;
}

int main()
{
    double *out;
    CHECK(hipMalloc((void **)&out, COUNT * sizeof *out));
    const dim3 block(8, 3, 2), grid(5, 4, 3);
    place<<<grid, block>>>(out, shape, -5, true, 1ll << 40);
    CHECK(hipGetLastError());
    if (expect(out, -5, true, 1ll << 40))
        return 1;

    char small = 9;
    bool negate = false;
    long long wide = -12345678901ll;
    void *args[] = {&out, (void *)&shape, &small, &negate, &wide};
    CHECK(hipLaunchKernel((const void *)place, dim3(37), dim3(1, 11, 5), args, 0, nullptr));
    if (expect(out, 9, false, wide))
        return 1;
    hipEvent_t start, stop;
    float ms = 0;
    CHECK(hipEventCreate(&start));
    CHECK(hipEventCreate(&stop));
    CHECK(hipExtLaunchKernel((const void *)place, dim3(1, 11, 5), dim3(64), args, 0, nullptr, start, stop, 0));
    CHECK(hipEventElapsedTime(&ms, start, stop));
    EXPECT(ms > 0);
    if (expect(out, 9, false, wide))
        return 1;
    CHECK(hipEventDestroy(start));
    CHECK(hipEventDestroy(stop));
    CHECK(hipFree(out));
    puts("passed");
    return 0;
}
