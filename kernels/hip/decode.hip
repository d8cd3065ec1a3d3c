// The decode kernels: both element types, with and without zero points, for the group sizes that the build asks for.
// Built from variants.def like prefill.hip.
#include "decode.h"
#include "instances.h"

#define W4_KERNEL(type, group, zero, has_zero)                                                                         \
    W4_ENTRY(decode, type, group, zero)                                                                                \
    {                                                                                                                  \
        decode<type, W4_BN, W4_WAVES, group, has_zero>::run(args);                                                     \
    }

static_assert(W4_BM == decode<fp16, W4_BN, W4_WAVES, 32, false>::M_MAX, "the table's tile");
static_assert(W4_BK == decode<fp16, W4_BN, W4_WAVES, 32, false>::LANE_K, "the table's tile");

W4_INSTANCES(W4_KERNEL)
