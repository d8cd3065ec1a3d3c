// Lane addresses of GLOBAL and FLAT instructions (RDNA 3 ISA, "Flat memory instructions"): a 64-bit base from SGPRs
// plus a 32-bit unsigned VGPR offset, or a 64-bit address from a VGPR pair; either plus the signed immediate.
#ifndef EMU_EXEC_VMEM_ADDRESS_H
#define EMU_EXEC_VMEM_ADDRESS_H

#include "vmem.h"

static inline void vmem_address_pair(const struct emu_wave *wave, unsigned reg, uint64_t offset, struct vmem_lanes *at)
{
    const uint32_t *low = emu_vgpr(wave, reg), *high = emu_vgpr(wave, reg + 1);
    EMU_EACH_LANE(lane)
    at->address[lane] = (low[lane] | (uint64_t)high[lane] << 32) + offset;
}

// Fills in mask and addresses. False when the address registers go past v255 (raised).
static inline bool vmem_address(struct emu_wave *wave, const struct emu_inst *inst, struct vmem_lanes *at)
{
    const struct emu_operand *vaddr = &inst->src[0], *saddr = &inst->src[2];
    uint64_t offset = (uint64_t)(int64_t)inst->offset;
    at->mask = emu_exec_mask(wave);
    if (saddr->kind != EMU_K_SGPR) {
        if (!vmem_registers(wave, inst, vaddr, 2))
            return false;
        vmem_address_pair(wave, vaddr->reg, offset, at);
        return true;
    }
    uint64_t base = (wave->s[saddr->reg] | (uint64_t)wave->s[saddr->reg + 1] << 32) + offset;
    if (!vmem_registers(wave, inst, vaddr, 1))
        return false;
    const uint32_t *from_base = emu_vgpr(wave, vaddr->reg);
    EMU_EACH_LANE(lane)
    at->address[lane] = base + from_base[lane];
    return true;
}

#endif
