// The module interface: code objects from files and from memory, both forms of arguments, globals, attributes.
#include "program.h"
#include <stdlib.h>

hipError_t hipExtModuleLaunchKernel(hipFunction_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, size_t,
                                    hipStream_t, void **, void **, hipEvent_t, hipEvent_t, uint32_t);

static char *read_all(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = (char *)malloc(1 << 20);
    *size = file && bytes ? fread(bytes, 1, 1 << 20, file) : 0;
    if (file)
        fclose(file);
    return bytes;
}

// The kernel `add` adds two vectors and the module's variable `offset`.
static int test_module(hipModule_t module)
{
    enum { COUNT = 100 };
    hipFunction_t add;
    int host[COUNT], *a, *b, *c, count = COUNT, value = 0, blocks = 0, *offset = nullptr;
    size_t bytes = 0;
    for (int i = 0; i < COUNT; i++)
        host[i] = i * i;
    CHECK(hipModuleGetFunction(&add, module, "add"));
    CHECK(hipMalloc((void **)&a, sizeof host));
    CHECK(hipMalloc((void **)&b, sizeof host));
    CHECK(hipMalloc((void **)&c, sizeof host));
    CHECK(hipMemcpyHtoD(a, host, sizeof host));
    CHECK(hipMemsetD32(b, 1000, COUNT));
    CHECK(hipModuleGetGlobal((void **)&offset, &bytes, module, "offset"));
    EXPECT(bytes == sizeof(int));
    const int next = -1;
    CHECK(hipMemcpy(offset, &next, sizeof next, hipMemcpyHostToDevice));

    void *params[] = {&a, &b, &c, &count};
    CHECK(hipModuleLaunchKernel(add, 2, 1, 1, 64, 1, 1, 0, nullptr, params, nullptr));
    CHECK(hipMemcpyDtoH(host, c, sizeof host));
    for (int i = 0; i < COUNT; i++)
        EXPECT(host[i] == i * i + 999);

    struct {
        const int *a, *b;
        int *c, count;
    } block = {c, c, c, 50};
    size_t size = sizeof block;
    void *extra[] = {HIP_LAUNCH_PARAM_BUFFER_POINTER, &block, HIP_LAUNCH_PARAM_BUFFER_SIZE, &size,
                     HIP_LAUNCH_PARAM_END};
    CHECK(hipExtModuleLaunchKernel(add, 128, 1, 1, 64, 1, 1, 0, nullptr, nullptr, extra, nullptr, nullptr, 0));
    CHECK(hipMemcpyDtoH(host, c, sizeof host));
    for (int i = 0; i < COUNT; i++)
        EXPECT(host[i] == (i < 50 ? 2 * (i * i + 999) - 1 : i * i + 999));

    CHECK(hipFuncGetAttribute(&value, HIP_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, add));
    EXPECT(value == 1024);
    CHECK(hipFuncGetAttribute(&value, HIP_FUNC_ATTRIBUTE_NUM_REGS, add));
    EXPECT(value > 0 && value < 256);
    CHECK(hipFuncGetAttribute(&value, HIP_FUNC_ATTRIBUTE_BINARY_VERSION, add));
    EXPECT(value == 115);
    CHECK(hipModuleOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, add, 256, 0));
    EXPECT(blocks == 8);
    CHECK(hipModuleOccupancyMaxPotentialBlockSize(&value, &blocks, add, 0, 0));
    EXPECT(value > 0 && blocks > 0);
    EXPECT(!strcmp(hipKernelNameRef(add), "add"));
    CHECK(hipFree(a));
    CHECK(hipFree(b));
    CHECK(hipFree(c));
    return 0;
}

int main()
{
    hipModule_t module;
    size_t size;
    char *bytes = read_all(KERNELS, &size);
    EXPECT(size > 0);
    CHECK(hipModuleLoad(&module, KERNELS));
    if (test_module(module))
        return 1;
    CHECK(hipModuleUnload(module));
    CHECK(hipModuleLoadData(&module, bytes));
    if (test_module(module))
        return 1;
    CHECK(hipModuleUnload(module));
    CHECK(hipModuleLoadDataEx(&module, bytes, 0, nullptr, nullptr));
    free(bytes); // the module has its own copy
    if (test_module(module))
        return 1;
    CHECK(hipModuleUnload(module));
    CHECK(hipModuleLoad(&module, BUNDLE)); // as `clang --genco` leaves them
    if (test_module(module))
        return 1;
    CHECK(hipModuleUnload(module));
    puts("passed");
    return 0;
}
