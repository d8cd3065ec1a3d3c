// The prefill kernels of one tile with the packed unpacking of weights; all else is prefill.h.
#include "element_packed.h"
#include "instances.h"
#include "prefill.h"

#define W4_KERNEL(type, group, zero, has_zero)                                                                         \
    W4_ENTRY(prefill_packed, type, group, zero)                                                                        \
    {                                                                                                                  \
        prefill<type##_packed, W4_BM, W4_BN, W4_BK, W4_WAVES, W4_UNROLL_K, group, has_zero>::run(args);                \
    }

W4_INSTANCES(W4_KERNEL)
