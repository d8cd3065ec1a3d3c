// Variables of the device by their host names, and several kernels that share them.
#include "program.h"

struct settings {
    int scale;
    double bias;
};

__constant__ settings current = {2, 0.5};
__device__ double results[8];
__device__ int never_used_by_the_host = 11;
namespace inner
{
__device__ static unsigned hidden = 1; // not visible outside of this file
}

__global__ void compute(const int *in)
{
    results[THREAD_X] = in[THREAD_X] * current.scale + current.bias + never_used_by_the_host;
    if (THREAD_X == 0)
        inner::hidden *= 3;
}

static int expect_results(const int *host, settings with)
{
    double back[8];
    CHECK(hipMemcpyFromSymbol(back, HIP_SYMBOL(results), sizeof back, 0, hipMemcpyDeviceToHost));
    for (int i = 0; i < 8; i++)
        EXPECT(back[i] == host[i] * with.scale + with.bias + 11);
    return 0;
}

int main()
{
    static const int host[8] = {1, -2, 3, -4, 5, -6, 7, -8};
    int *in;
    CHECK(hipMalloc((void **)&in, sizeof host));
    CHECK(hipMemcpy(in, host, sizeof host, hipMemcpyHostToDevice));
    compute<<<1, 8>>>(in);
    if (expect_results(host, settings{2, 0.5}))
        return 1;

    const settings next = {-3, 100};
    CHECK(hipMemcpyToSymbol(HIP_SYMBOL(current), &next, sizeof next, 0, hipMemcpyHostToDevice));
    compute<<<1, 8>>>(in);
    if (expect_results(host, next))
        return 1;
    const double bias = 7;
    hipStream_t stream;
    CHECK(hipStreamCreate(&stream));
    CHECK(hipMemcpyToSymbolAsync(HIP_SYMBOL(current), &bias, sizeof bias, offsetof(settings, bias),
                                 hipMemcpyHostToDevice, stream));
    compute<<<1, 8, 0, stream>>>(in);
    CHECK(hipStreamSynchronize(stream));
    if (expect_results(host, settings{-3, 7}))
        return 1;

    void *address = nullptr;
    size_t bytes = 0;
    unsigned hidden = 0;
    double one = 0;
    CHECK(hipGetSymbolAddress(&address, HIP_SYMBOL(results)));
    CHECK(hipGetSymbolSize(&bytes, HIP_SYMBOL(results)));
    EXPECT(bytes == 64 && address);
    CHECK(hipMemcpy(&one, (double *)address + 3, sizeof one, hipMemcpyDeviceToHost));
    EXPECT(one == -4 * -3 + 7 + 11);
    CHECK(
        hipMemcpyFromSymbolAsync(&hidden, HIP_SYMBOL(inner::hidden), sizeof hidden, 0, hipMemcpyDeviceToHost, stream));
    EXPECT(hidden == 27);

    FAILS(hipMemcpyToSymbol(HIP_SYMBOL(current), &next, sizeof next, 8, hipMemcpyHostToDevice), hipErrorInvalidValue);
    FAILS(hipGetSymbolAddress(&address, host), hipErrorInvalidSymbol);
    FAILS(hipGetSymbolSize(&bytes, (const void *)nullptr), hipErrorInvalidSymbol);
    CHECK(hipStreamDestroy(stream));
    CHECK(hipFree(in));
    puts("passed");
    return 0;
}
