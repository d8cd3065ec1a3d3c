// What is wrong gets the code that ROCm gives, and leaves the process able to go on.
#include "program.h"
#include <stdlib.h>

__global__ void store(int *out, unsigned index)
{
    out[index] = 42;
}

__attribute__((amdgpu_flat_work_group_size(1, 64))) __global__ void narrow(int *out)
{
    out[THREAD_X] = 1;
}

// A launch refused: nobody sees its return value but the last error.
static int test_refused_launches(int *out)
{
    struct {
        dim3 grid, block;
        size_t lds;
        hipError_t code;
    } cases[] = {
        {dim3(0), dim3(1), 0, hipErrorInvalidConfiguration},
        {dim3(1, 0), dim3(1), 0, hipErrorInvalidConfiguration},
        {dim3(1), dim3(1, 1, 0), 0, hipErrorInvalidConfiguration},
        {dim3(1), dim3(1025), 0, hipErrorInvalidConfiguration},
        {dim3(1), dim3(33, 32), 0, hipErrorInvalidConfiguration},
        {dim3(1), dim3(1), 65537, hipErrorInvalidValue},
        {dim3(1), dim3(1), (size_t)1 << 40, hipErrorInvalidValue},
    };
    for (auto &at : cases) {
        store<<<at.grid, at.block, at.lds>>>(out, 0);
        EXPECT(hipPeekAtLastError() == at.code);
        EXPECT(hipGetLastError() == at.code);
        EXPECT(hipGetLastError() == hipSuccess);
        CHECK(hipDeviceSynchronize());
    }
    narrow<<<1, 65>>>(out);
    EXPECT(hipGetLastError() == hipErrorLaunchFailure);
    (void)hipDeviceSynchronize();
    (void)hipGetLastError();
    int word = 0;
    void *args[] = {&out, &word};
    FAILS(hipLaunchKernel(nullptr, dim3(1), dim3(1), args, 0, nullptr), hipErrorInvalidDeviceFunction);
    FAILS(hipLaunchKernel((const void *)&word, dim3(1), dim3(1), args, 0, nullptr), hipErrorInvalidDeviceFunction);
    FAILS(hipLaunchKernel((const void *)store, dim3(1), dim3(1), nullptr, 0, nullptr), hipErrorInvalidValue);
    FAILS(hipLaunchKernel((const void *)store, dim3(1), dim3(1), args, 0, (hipStream_t)&word), hipErrorInvalidValue);
    return 0;
}

// A launch that dies is reported by the launch, and once more by the next synchronisation.
static int test_wild_kernels(int *out)
{
    int *freed;
    CHECK(hipMalloc((void **)&freed, 64));
    CHECK(hipFree(freed));
    struct {
        int *pointer;
        unsigned index;
    } cases[] = {{nullptr, 0}, {out, 16}, {out, 1u << 30}, {freed, 0}, {(int *)&freed, 0}};
    for (auto &at : cases) {
        store<<<1, 1>>>(at.pointer, at.index);
        EXPECT(hipGetLastError() == hipErrorIllegalAddress);
        EXPECT(hipDeviceSynchronize() == hipErrorIllegalAddress);
        EXPECT(hipGetLastError() == hipErrorIllegalAddress);
        CHECK(hipDeviceSynchronize());
    }
    store<<<1, 1>>>(out, 15); // and the device goes on
    CHECK(hipGetLastError());
    int back;
    CHECK(hipMemcpy(&back, out + 15, sizeof back, hipMemcpyDeviceToHost));
    EXPECT(back == 42);
    return 0;
}

static int test_last_error()
{
    void *pointer;
    int device;
    EXPECT(hipMalloc(nullptr, 4) == hipErrorInvalidValue);
    EXPECT(hipSetDevice(3) == hipErrorInvalidDevice);
    CHECK(hipGetDevice(&device)); // a success does not hide the error
    EXPECT(hipPeekAtLastError() == hipErrorInvalidDevice);
    EXPECT(hipGetLastError() == hipErrorInvalidDevice);
    EXPECT(hipPeekAtLastError() == hipSuccess);
    FAILS(hipMalloc(&pointer, (size_t)1 << 62), hipErrorOutOfMemory);
    EXPECT(!pointer);
    CHECK(hipMalloc(&pointer, 0));
    EXPECT(!pointer);
    CHECK(hipFree(nullptr));
    EXPECT(!strcmp(hipGetErrorName(hipErrorNoBinaryForGpu), "hipErrorNoBinaryForGpu"));
    EXPECT(!strcmp(hipGetErrorString(hipErrorOutOfMemory), "out of memory"));
    return 0;
}

static int test_pointers(int *out)
{
    char host[8];
    FAILS(hipFree(out + 1), hipErrorInvalidValue);
    FAILS(hipFree(host), hipErrorInvalidValue);
    FAILS(hipMemcpy(out, host, 65, hipMemcpyHostToDevice), hipErrorInvalidValue);
    FAILS(hipMemcpy(nullptr, host, 8, hipMemcpyHostToDevice), hipErrorInvalidValue);
    FAILS(hipMemcpy(out, nullptr, 8, hipMemcpyHostToDevice), hipErrorInvalidValue);
    FAILS(hipMemcpy(out, host, 8, (hipMemcpyKind)9), hipErrorInvalidMemcpyDirection);
    FAILS(hipMemset(nullptr, 0, 8), hipErrorInvalidValue);
    FAILS(hipMemset(out + 8, 0, 33), hipErrorInvalidValue);
    CHECK(hipMemset(out, 0, 0));
    return 0;
}

static int test_code_objects()
{
    hipModule_t module;
    hipFunction_t function;
    void *address;
    size_t bytes;
    FAILS(hipModuleLoad(&module, "/nowhere/at/all.hsaco"), hipErrorFileNotFound);
    FAILS(hipModuleLoad(&module, nullptr), hipErrorInvalidValue);
    FAILS(hipModuleLoad(&module, FOREIGN), hipErrorNoBinaryForGpu); // gfx90a
    FAILS(hipModuleLoadData(&module, nullptr), hipErrorInvalidValue);
    FAILS(hipModuleLoadData(&module, "this is a text, as long as an ELF header is but with nothing of it inside"),
          hipErrorInvalidImage);
    FILE *file = fopen(KERNELS, "rb");
    EXPECT(file);
    static char whole[1 << 20];
    const size_t size = fread(whole, 1, sizeof whole, file);
    fclose(file);
    for (size_t keep = 1; keep < size; keep += keep < 300 ? 37 : 511) { // truncated anywhere
        FILE *cut = fopen(CUT, "wb");
        EXPECT(cut && fwrite(whole, 1, keep, cut) == keep && fclose(cut) == 0);
        FAILS(hipModuleLoad(&module, CUT), hipErrorInvalidImage);
    }
    remove(CUT);
    CHECK(hipModuleLoad(&module, KERNELS));
    FAILS(hipModuleGetFunction(&function, module, "missing"), hipErrorNotFound);
    FAILS(hipModuleGetFunction(&function, module, ""), hipErrorInvalidValue);
    FAILS(hipModuleGetFunction(nullptr, module, "add"), hipErrorInvalidValue);
    FAILS(hipModuleGetFunction(&function, nullptr, "add"), hipErrorInvalidHandle);
    FAILS(hipModuleGetGlobal(&address, &bytes, module, "missing"), hipErrorNotFound);
    CHECK(hipModuleGetFunction(&function, module, "add"));
    CHECK(hipModuleUnload(module));
    FAILS(hipModuleLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr), hipErrorInvalidHandle);
    FAILS(hipModuleLaunchKernel(nullptr, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr), hipErrorInvalidHandle);
    FAILS(hipModuleUnload(module), hipErrorNotFound);
    return 0;
}

int main()
{
    int *out;
    CHECK(hipMalloc((void **)&out, 16 * sizeof *out));
    if (test_refused_launches(out) || test_wild_kernels(out) || test_last_error() || test_pointers(out) ||
        test_code_objects())
        return 1;
    CHECK(hipFree(out));
    FAILS(hipFree(out), hipErrorInvalidValue);
    puts("passed");
    return 0;
}
