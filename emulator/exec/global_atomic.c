// GLOBAL atomics on device memory.
#include "vmem_address.h"
#include "vmem_atomic.h"

static void run(struct emu_wave *wave, const struct emu_inst *inst, const struct vmem_atomic *op)
{
    struct vmem_lanes at;
    unsigned bytes = 4 * op->dwords;
    if (!vmem_atomic_registers(wave, inst, op, &inst->dst) || !vmem_address(wave, inst, &at) ||
        !vmem_atomic_aligned(wave, inst, &at, bytes) || !vmem_check(wave, inst, &at, bytes, true))
        return;
    vmem_observe(wave, EMU_SPACE_GLOBAL, &at, bytes, true, true);
    vmem_atomic_lanes(wave, inst, op, &inst->dst, &at);
}

#define X(suffix, bits, sources, expression)                                                                           \
    void EMU_BODY(global_atomic_##suffix)(struct emu_wave * wave, const struct emu_inst *inst)                         \
    {                                                                                                                  \
        static const struct vmem_atomic op = {vmem_atomic_##suffix, bits / 32, sources};                               \
        run(wave, inst, &op);                                                                                          \
    }
VMEM_ATOMICS(X)
VMEM_ATOMICS_CSUB(X)
#undef X
