// The kernels of one prefill tile: both element types, with and without zero points, for the group sizes that the build
// asks for. The build compiles this file once a row of variants.def.
#include "instances.h"
#include "prefill.h"

#define W4_KERNEL(type, group, zero, has_zero)                                                                         \
    W4_ENTRY(prefill, type, group, zero)                                                                               \
    {                                                                                                                  \
        prefill<type, W4_BM, W4_BN, W4_BK, W4_WAVES, W4_UNROLL_K, group, has_zero>::run(args);                         \
    }

W4_INSTANCES(W4_KERNEL)
