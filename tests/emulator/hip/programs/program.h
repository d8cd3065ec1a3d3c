// What every program here shares. The device library's headers are not needed to compile, so the usual words and
// indices come from the compiler's own.
#ifndef HIP_TEST_PROGRAM_H
#define HIP_TEST_PROGRAM_H

#include <hip/hip_runtime_api.h>
#include <stdio.h>
#include <string.h>

#define __global__   __attribute__((global))
#define __shared__   __attribute__((shared))
#define __device__   __attribute__((device))
#define __constant__ __attribute__((constant))
#define __managed__  __attribute__((managed))

#define HIP_SYMBOL(variable) variable // as hip_runtime.h has it: the calls are templates

#define THREAD_X __builtin_amdgcn_workitem_id_x()
#define THREAD_Y __builtin_amdgcn_workitem_id_y()
#define THREAD_Z __builtin_amdgcn_workitem_id_z()
#define BLOCK_X  __builtin_amdgcn_workgroup_id_x()
#define BLOCK_Y  __builtin_amdgcn_workgroup_id_y()
#define BLOCK_Z  __builtin_amdgcn_workgroup_id_z()

__device__ static inline unsigned global_x()
{
    return BLOCK_X * __builtin_amdgcn_workgroup_size_x() + THREAD_X;
}

__device__ static inline void barrier()
{
    __builtin_amdgcn_fence(__ATOMIC_RELEASE, "workgroup");
    __builtin_amdgcn_s_barrier();
    __builtin_amdgcn_fence(__ATOMIC_ACQUIRE, "workgroup");
}

#define CHECK(call)                                                                                                    \
    do {                                                                                                               \
        hipError_t check_code = (call);                                                                                \
        if (check_code != hipSuccess) {                                                                                \
            printf("line %d: %s: %s\n", __LINE__, #call, hipGetErrorName(check_code));                                 \
            return 1;                                                                                                  \
        }                                                                                                              \
    } while (0)
#define EXPECT(condition)                                                                                              \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            printf("line %d: not %s\n", __LINE__, #condition);                                                         \
            return 1;                                                                                                  \
        }                                                                                                              \
    } while (0)
// A call that must fail with a code, which the thread's last error then is, once.
#define FAILS(call, expected)                                                                                          \
    do {                                                                                                               \
        hipError_t fails_code = (call);                                                                                \
        if (fails_code != (expected)) {                                                                                \
            printf("line %d: %s: %s, not %s\n", __LINE__, #call, hipGetErrorName(fails_code), #expected);              \
            return 1;                                                                                                  \
        }                                                                                                              \
        EXPECT(hipPeekAtLastError() == (expected));                                                                    \
        EXPECT(hipGetLastError() == (expected));                                                                       \
        EXPECT(hipGetLastError() == hipSuccess);                                                                       \
    } while (0)

#endif
