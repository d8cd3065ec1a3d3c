// SCRATCH loads and stores: private memory at VGPR + SGPR + immediate, each optional, modulo 2^32. Compilers spill with
// one address for all lanes; then a dword of all lanes is one row of memory.
#include "vmem_move.h"
#include "vmem_private.h"

// Addresses and bounds. *uniform: all active lanes have one address, a multiple of four.
static __attribute__((noinline)) bool prepare(struct emu_wave *wave, const struct emu_inst *inst, struct vmem_lanes *at,
                                              struct vmem_width width, bool write, bool *uniform)
{
    const struct emu_operand *vaddr = &inst->src[0], *saddr = &inst->src[2];
    if (!vmem_registers(wave, inst, write ? &inst->src[1] : &inst->dst, width.registers))
        return false;
    uint32_t base = (uint32_t)inst->offset;
    if (saddr->kind != EMU_K_NONE)
        base += (uint32_t)emu_scalar_source(wave, saddr);
    at->mask = emu_exec_mask(wave);
    if (vaddr->kind != EMU_K_VGPR) {
        EMU_EACH_LANE(lane)
        at->address[lane] = base;
    } else {
        const uint32_t *from_base = emu_vgpr(wave, vaddr->reg);
        EMU_EACH_LANE(lane)
        at->address[lane] = (uint32_t)(base + from_base[lane]);
    }
    uint64_t first = at->mask ? at->address[__builtin_ctz(at->mask)] : 0;
    *uniform = first % 4 == 0;
    for (uint32_t rest = at->mask; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        *uniform &= at->address[lane] == first;
        if (!vmem_private_check(wave, inst, lane, at->address[lane], width.bytes))
            return false;
        if (vaddr->kind != EMU_K_VGPR)
            break;
    }
    vmem_observe(wave, EMU_SPACE_SCRATCH, at, width.bytes, write, false);
    return true;
}

static inline __attribute__((always_inline)) void load(struct emu_wave *wave, const struct emu_inst *inst,
                                                       enum vmem_load kind, struct vmem_width width)
{
    struct vmem_lanes at;
    bool uniform;
    if (!prepare(wave, inst, &at, width, false, &uniform) || !at.mask)
        return;
    uint32_t *registers = emu_vgpr(wave, inst->dst.reg);
    if (uniform && width.bytes >= 4) {
        uint64_t address = at.address[__builtin_ctz(at.mask)];
        for (unsigned i = 0; i < width.registers; i++)
            emu_blend32(registers + i * EMU_LANES, (const uint32_t *)vmem_private_row(wave, address + 4 * i), at.mask);
        return;
    }
    for (uint32_t rest = at.mask; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        uint32_t raw[4] = {0};
        vmem_private_read(wave, lane, at.address[lane], raw, width.bytes);
        registers[lane] = vmem_extend(kind, raw[0], registers[lane]);
        for (unsigned i = 1; i < width.registers; i++)
            registers[i * EMU_LANES + (unsigned)lane] = raw[i];
    }
}

static inline __attribute__((always_inline)) void store(struct emu_wave *wave, const struct emu_inst *inst,
                                                        struct vmem_width width)
{
    struct vmem_lanes at;
    bool uniform;
    if (!prepare(wave, inst, &at, width, true, &uniform) || !at.mask)
        return;
    const uint32_t *registers = emu_vgpr(wave, inst->src[1].reg);
    if (uniform && width.bytes >= 4) {
        uint64_t address = at.address[__builtin_ctz(at.mask)];
        for (unsigned i = 0; i < width.registers; i++)
            emu_blend32((uint32_t *)vmem_private_row(wave, address + 4 * i), registers + i * EMU_LANES, at.mask);
        return;
    }
    for (uint32_t rest = at.mask; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        uint32_t raw[4] = {registers[lane] >> width.shift};
        for (unsigned i = 1; i < width.registers; i++)
            raw[i] = registers[i * EMU_LANES + (unsigned)lane];
        vmem_private_write(wave, lane, at.address[lane], raw, width.bytes);
    }
}

#define X(suffix, bytes, registers)                                                                                    \
    void EMU_BODY(scratch_load_##suffix)(struct emu_wave * wave, const struct emu_inst *inst)                          \
    {                                                                                                                  \
        load(wave, inst, VMEM_LOAD_##suffix, (struct vmem_width){bytes, registers, 0});                                \
    }
VMEM_LOADS(X)
#undef X

#define X(suffix, bytes, registers, shift)                                                                             \
    void EMU_BODY(scratch_store_##suffix)(struct emu_wave * wave, const struct emu_inst *inst)                         \
    {                                                                                                                  \
        store(wave, inst, (struct vmem_width){bytes, registers, shift});                                               \
    }
VMEM_STORES(X)
#undef X
