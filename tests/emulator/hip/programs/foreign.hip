// A program built for another GPU: it starts, and its launches and variables fail with a code.
#include "program.h"

__device__ int value = 1;

__global__ void set()
{
    value = 2;
}

int main()
{
    void *address;
    int count = 0;
    CHECK(hipGetDeviceCount(&count));
    EXPECT(count == 1);
    set<<<1, 1>>>();
    EXPECT(hipGetLastError() == hipErrorInvalidDeviceFunction);
    CHECK(hipDeviceSynchronize());
    FAILS(hipGetSymbolAddress(&address, HIP_SYMBOL(value)), hipErrorInvalidSymbol);
    puts("passed");
    return 0;
}
