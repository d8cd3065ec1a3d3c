// Workgroups that wait for each other: a cooperative launch runs them all at once, or refuses.
#include "program.h"

__global__ void ring(unsigned *arrived, int *cells, int *out, unsigned groups)
{
    const unsigned group = BLOCK_X;
    cells[group] = (int)(group * group);
    __builtin_amdgcn_fence(__ATOMIC_RELEASE, "agent");
    __hip_atomic_fetch_add(arrived, 1u, __ATOMIC_ACQ_REL, __HIP_MEMORY_SCOPE_AGENT);
    while (__hip_atomic_load(arrived, __ATOMIC_ACQUIRE, __HIP_MEMORY_SCOPE_AGENT) < groups)
        __builtin_amdgcn_s_sleep(1);
    out[group] = cells[(group + 1) % groups] - cells[group];
}

int main()
{
    enum { GROUPS = 16 };
    unsigned *arrived, groups = GROUPS;
    int *cells, *out, host[GROUPS];
    CHECK(hipMalloc((void **)&arrived, sizeof *arrived));
    CHECK(hipMalloc((void **)&cells, sizeof host));
    CHECK(hipMalloc((void **)&out, sizeof host));
    CHECK(hipMemset(arrived, 0, sizeof *arrived));
    void *args[] = {&arrived, &cells, &out, &groups};
    CHECK(hipLaunchCooperativeKernel((const void *)ring, dim3(GROUPS), dim3(1), args, 0, nullptr));
    CHECK(hipMemcpy(host, out, sizeof host, hipMemcpyDeviceToHost));
    for (int i = 0; i < GROUPS; i++) {
        const int next = (i + 1) % GROUPS;
        EXPECT(host[i] == next * next - i * i);
    }
    FAILS(hipLaunchCooperativeKernel((const void *)ring, dim3(10000), dim3(1024), args, 0, nullptr),
          hipErrorCooperativeLaunchTooLarge);
    CHECK(hipFree(arrived));
    CHECK(hipFree(cells));
    CHECK(hipFree(out));
    puts("passed");
    return 0;
}
