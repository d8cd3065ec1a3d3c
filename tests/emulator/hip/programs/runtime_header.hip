// A program as tutorials write it: hip_runtime.h with its indices, atomics, barriers, templates and launch macro.
#include <hip/hip_runtime.h>
#include <stdio.h>
#include <vector>

#define CHECK(call)                                                                                                    \
    do {                                                                                                               \
        hipError_t code = (call);                                                                                      \
        if (code != hipSuccess) {                                                                                      \
            printf("line %d: %s: %s\n", __LINE__, #call, hipGetErrorString(code));                                     \
            return 1;                                                                                                  \
        }                                                                                                              \
    } while (0)

__constant__ float weight;
__device__ unsigned finished;

template <typename T> __global__ void axpy(const T *x, T *y, T a, size_t count)
{
    const size_t stride = (size_t)blockDim.x * gridDim.x;
    for (size_t i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += stride)
        y[i] += a * x[i];
}

__global__ void total(const float *in, float *out, unsigned count)
{
    HIP_DYNAMIC_SHARED(float, partial);
    const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    partial[threadIdx.x] = i < count ? in[i] * weight : 0.0f;
    __syncthreads();
    for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half)
            partial[threadIdx.x] += partial[threadIdx.x + half];
        __syncthreads();
    }
    if (threadIdx.x == 0) {
        atomicAdd(out, partial[0]);
        atomicAdd(&finished, 1u);
    }
}

int main()
{
    const unsigned count = 4000, block = 256, grid = (count + block - 1) / block;
    std::vector<float> x(count), y(count, 1.0f);
    float expected = 0, sum = 0, *dx, *dy, *dsum;
    for (unsigned i = 0; i < count; i++) {
        x[i] = (float)(i % 10);
        expected += 2.0f * (1.0f + 3.0f * x[i]); // exact in any order
    }
    int grid_best = 0, block_best = 0;
    CHECK(hipOccupancyMaxPotentialBlockSize(&grid_best, &block_best, axpy<float>, 0, 0));
    CHECK(hipMalloc(&dx, count * sizeof(float)));
    CHECK(hipMalloc(&dy, count * sizeof(float)));
    CHECK(hipMalloc(&dsum, sizeof(float)));
    CHECK(hipMemcpy(dx, x.data(), count * sizeof(float), hipMemcpyHostToDevice));
    CHECK(hipMemcpy(dy, y.data(), count * sizeof(float), hipMemcpyHostToDevice));
    CHECK(hipMemset(dsum, 0, sizeof(float)));
    const float two = 2.0f;
    CHECK(hipMemcpyToSymbol(HIP_SYMBOL(weight), &two, sizeof two));
    axpy<<<dim3(5), dim3((unsigned)block_best)>>>(dx, dy, 3.0f, (size_t)count);
    hipLaunchKernelGGL(total, dim3(grid), dim3(block), block * sizeof(float), 0, dy, dsum, count);
    CHECK(hipGetLastError());
    CHECK(hipDeviceSynchronize());
    CHECK(hipMemcpy(&sum, dsum, sizeof sum, hipMemcpyDeviceToHost));
    unsigned blocks = 0;
    CHECK(hipMemcpyFromSymbol(&blocks, HIP_SYMBOL(finished), sizeof blocks));
    if (sum != expected || blocks != grid) {
        printf("sum %g of %g, %u blocks of %u\n", sum, expected, blocks, grid);
        return 1;
    }
    CHECK(hipFree(dx));
    CHECK(hipFree(dy));
    CHECK(hipFree(dsum));
    puts("passed");
    return 0;
}
