// GLOBAL loads and stores. Addresses outside every allocation stop the launch; unaligned ones are allowed, as the HSA
// environment sets hardware up (RDNA 3 ISA, "Memory alignment").
#include "vmem_address.h"
#include "vmem_move.h"

// Everything before data move: registers, addresses, bounds, observation. One copy for all widths.
static __attribute__((noinline)) bool prepare(struct emu_wave *wave, const struct emu_inst *inst, struct vmem_lanes *at,
                                              struct vmem_width width, bool write)
{
    const struct emu_operand *data = write ? &inst->src[1] : &inst->dst;
    if (!vmem_registers(wave, inst, data, width.registers) || !vmem_address(wave, inst, at) ||
        !vmem_check(wave, inst, at, width.bytes, write))
        return false;
    vmem_observe(wave, EMU_SPACE_GLOBAL, at, width.bytes, write, false);
    return true;
}

#define X(suffix, bytes_, registers_)                                                                                  \
    void EMU_BODY(global_load_##suffix)(struct emu_wave * wave, const struct emu_inst *inst)                           \
    {                                                                                                                  \
        const struct vmem_width width = {bytes_, registers_, 0};                                                       \
        struct vmem_lanes at;                                                                                          \
        if (prepare(wave, inst, &at, width, false))                                                                    \
            vmem_load(VMEM_LOAD_##suffix, width, &at, emu_vgpr(wave, inst->dst.reg));                                  \
    }
VMEM_LOADS(X)
#undef X

#define X(suffix, bytes_, registers_, shift_)                                                                          \
    void EMU_BODY(global_store_##suffix)(struct emu_wave * wave, const struct emu_inst *inst)                          \
    {                                                                                                                  \
        const struct vmem_width width = {bytes_, registers_, shift_};                                                  \
        struct vmem_lanes at;                                                                                          \
        if (prepare(wave, inst, &at, width, true))                                                                     \
            vmem_store(width, &at, emu_vgpr(wave, inst->src[1].reg));                                                  \
    }
VMEM_STORES(X)
#undef X

// The "addtid" forms: SGPR base plus immediate plus four bytes times the lane's number in the wave.
static bool prepare_by_lane(struct emu_wave *wave, const struct emu_inst *inst, struct vmem_lanes *at, bool write)
{
    const struct emu_operand *data = write ? &inst->src[1] : &inst->dst, *saddr = &inst->src[2];
    if (!vmem_registers(wave, inst, data, 1))
        return false;
    uint64_t base = (uint64_t)(int64_t)inst->offset + 4 * EMU_LANES * wave->half;
    if (saddr->kind == EMU_K_SGPR)
        base += wave->s[saddr->reg] | (uint64_t)wave->s[saddr->reg + 1] << 32;
    at->mask = emu_exec_mask(wave);
    EMU_EACH_LANE(lane)
    at->address[lane] = base + 4 * lane;
    if (!vmem_check(wave, inst, at, 4, write))
        return false;
    vmem_observe(wave, EMU_SPACE_GLOBAL, at, 4, write, false);
    return true;
}

void EMU_BODY(global_load_addtid_b32)(struct emu_wave *wave, const struct emu_inst *inst)
{
    struct vmem_lanes at;
    if (prepare_by_lane(wave, inst, &at, false))
        vmem_load(VMEM_LOAD_b32, (struct vmem_width){4, 1, 0}, &at, emu_vgpr(wave, inst->dst.reg));
}

void EMU_BODY(global_store_addtid_b32)(struct emu_wave *wave, const struct emu_inst *inst)
{
    struct vmem_lanes at;
    if (prepare_by_lane(wave, inst, &at, true))
        vmem_store((struct vmem_width){4, 1, 0}, &at, emu_vgpr(wave, inst->src[1].reg));
}
