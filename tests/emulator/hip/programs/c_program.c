// A C program as one finds it: only hip_runtime_api.h, linked against ROCm's library, a kernel from a code object.
#include <hip/hip_runtime_api.h>
#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 1000 };

static int check(hipError_t code, const char *what)
{
    if (code == hipSuccess)
        return 0;
    printf("%s: %s (%s)\n", what, hipGetErrorName(code), hipGetErrorString(code));
    return 1;
}
#define CHECK(call)                                                                                                    \
    if (check(call, #call))                                                                                            \
    goto out

int main(void)
{
    int *host[3] = {NULL}, *device[3] = {NULL}, count = COUNT, status = 1;
    hipModule_t module = NULL;
    hipStream_t stream = NULL;
    hipEvent_t start = NULL, stop = NULL;
    hipFunction_t add;
    float ms = -1;
    for (int i = 0; i < 3; i++) {
        host[i] = calloc(COUNT, sizeof(int));
        CHECK(hipMalloc((void **)&device[i], COUNT * sizeof(int)));
    }
    if (!host[0] || !host[1] || !host[2])
        goto out;
    for (int i = 0; i < COUNT; i++) {
        host[0][i] = i;
        host[1][i] = 3 * i;
    }
    CHECK(hipModuleLoad(&module, KERNELS));
    CHECK(hipModuleGetFunction(&add, module, "add"));
    CHECK(hipStreamCreate(&stream));
    CHECK(hipEventCreate(&start));
    CHECK(hipEventCreate(&stop));
    CHECK(hipMemcpyHtoDAsync(device[0], host[0], COUNT * sizeof(int), stream));
    CHECK(hipMemcpyHtoDAsync(device[1], host[1], COUNT * sizeof(int), stream));
    CHECK(hipEventRecord(start, stream));
    void *params[] = {&device[0], &device[1], &device[2], &count};
    CHECK(hipModuleLaunchKernel(add, (COUNT + 63) / 64, 1, 1, 64, 1, 1, 0, stream, params, NULL));
    CHECK(hipEventRecord(stop, stream));
    CHECK(hipMemcpyDtoHAsync(host[2], device[2], COUNT * sizeof(int), stream));
    CHECK(hipStreamSynchronize(stream));
    CHECK(hipEventElapsedTime(&ms, start, stop));
    for (int i = 0; i < COUNT; i++)
        if (host[2][i] != 4 * i + 5) { // the module's variable `offset` is 5
            printf("element %d is %d\n", i, host[2][i]);
            goto out;
        }
    if (!(ms > 0)) {
        printf("%g ms\n", (double)ms);
        goto out;
    }
    status = 0;
    puts("passed");
out:
    if (start)
        (void)hipEventDestroy(start);
    if (stop)
        (void)hipEventDestroy(stop);
    if (stream)
        (void)hipStreamDestroy(stream);
    if (module)
        (void)hipModuleUnload(module);
    for (int i = 0; i < 3; i++) {
        free(host[i]);
        (void)hipFree(device[i]);
    }
    return status;
}
