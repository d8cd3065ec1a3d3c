// MUBUF: untyped buffer loads and stores, atomics and cache control. Formatted accesses are in buffer_format.c.
#include "buffer_lanes.h"
#include "vmem_atomic.h"

// *linear: the lanes are checked and can be moved as GLOBAL ones are.
static __attribute__((noinline)) bool prepare(struct emu_wave *wave, const struct emu_inst *inst,
                                              struct buffer_lanes *lanes, struct vmem_width width, bool write,
                                              bool *linear)
{
    unsigned unit = width.bytes < 4 ? width.bytes : 4;
    if (!vmem_registers(wave, inst, write ? &inst->src[1] : &inst->dst, width.registers) ||
        !buffer_lanes_init(wave, inst, lanes, width.bytes, unit))
        return false;
    *linear = buffer_is_linear(lanes, width.bytes);
    if (*linear && !vmem_check(wave, inst, &lanes->at, width.bytes, write))
        return false;
    vmem_observe(wave, EMU_SPACE_GLOBAL, &lanes->at, width.bytes, write, false);
    return true;
}

// Lane by lane and dword by dword: what is out of range reads as 0.
static void load_units(struct emu_wave *wave, const struct emu_inst *inst, enum vmem_load kind, struct vmem_width width,
                       const struct buffer_lanes *lanes)
{
    uint32_t *registers = emu_vgpr(wave, inst->dst.reg);
    unsigned unit = width.bytes < 4 ? width.bytes : 4;
    for (uint32_t rest = lanes->exec; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        uint32_t raw[4] = {0};
        for (unsigned i = 0; i < width.registers; i++) {
            uint64_t address = buffer_unit_address(lanes, lane, 4 * i, unit);
            if (!address)
                continue;
            if (!buffer_check_unit(wave, inst, lane, address, unit, false))
                return;
            memcpy(&raw[i], vmem_host(address), unit);
        }
        registers[lane] = vmem_extend(kind, raw[0], registers[lane]);
        for (unsigned i = 1; i < width.registers; i++)
            registers[i * EMU_LANES + (unsigned)lane] = raw[i];
    }
}

static void store_units(struct emu_wave *wave, const struct emu_inst *inst, struct vmem_width width,
                        const struct buffer_lanes *lanes)
{
    const uint32_t *registers = emu_vgpr(wave, inst->src[1].reg);
    unsigned unit = width.bytes < 4 ? width.bytes : 4;
    for (uint32_t rest = lanes->exec; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        for (unsigned i = 0; i < width.registers; i++) {
            uint64_t address = buffer_unit_address(lanes, lane, 4 * i, unit);
            if (!address)
                continue;
            if (!buffer_check_unit(wave, inst, lane, address, unit, true))
                return;
            uint32_t raw = registers[i * EMU_LANES + (unsigned)lane] >> width.shift;
            memcpy(vmem_host_writable(address), &raw, unit);
        }
    }
}

#define X(suffix, bytes_, registers_)                                                                                  \
    void EMU_BODY(buffer_load_##suffix)(struct emu_wave * wave, const struct emu_inst *inst)                           \
    {                                                                                                                  \
        const struct vmem_width width = {bytes_, registers_, 0};                                                       \
        struct buffer_lanes lanes;                                                                                     \
        bool linear;                                                                                                   \
        if (!prepare(wave, inst, &lanes, width, false, &linear))                                                       \
            return;                                                                                                    \
        if (linear)                                                                                                    \
            vmem_load(VMEM_LOAD_##suffix, width, &lanes.at, emu_vgpr(wave, inst->dst.reg));                            \
        else                                                                                                           \
            load_units(wave, inst, VMEM_LOAD_##suffix, width, &lanes);                                                 \
    }
VMEM_LOADS(X)
#undef X

#define X(suffix, bytes_, registers_, shift_)                                                                          \
    void EMU_BODY(buffer_store_##suffix)(struct emu_wave * wave, const struct emu_inst *inst)                          \
    {                                                                                                                  \
        const struct vmem_width width = {bytes_, registers_, shift_};                                                  \
        struct buffer_lanes lanes;                                                                                     \
        bool linear;                                                                                                   \
        if (!prepare(wave, inst, &lanes, width, true, &linear))                                                        \
            return;                                                                                                    \
        if (linear)                                                                                                    \
            vmem_store(width, &lanes.at, emu_vgpr(wave, inst->src[1].reg));                                            \
        else                                                                                                           \
            store_units(wave, inst, width, &lanes);                                                                    \
    }
VMEM_STORES(X)
#undef X

// With GLC the old value comes back in the data registers; lanes out of range get 0.
static void atomic(struct emu_wave *wave, const struct emu_inst *inst, const struct vmem_atomic *op)
{
    struct buffer_lanes lanes;
    unsigned bytes = 4 * op->dwords;
    const struct emu_operand *dst = &inst->src[1];
    if (!vmem_atomic_registers(wave, inst, op, dst) || !buffer_lanes_init(wave, inst, &lanes, bytes, bytes) ||
        !vmem_atomic_aligned(wave, inst, &lanes.at, bytes) || !vmem_check(wave, inst, &lanes.at, bytes, true))
        return;
    vmem_observe(wave, EMU_SPACE_GLOBAL, &lanes.at, bytes, true, true);
    vmem_atomic_lanes(wave, inst, op, dst, &lanes.at);
    if (!inst->glc)
        return;
    static const uint32_t zero[EMU_LANES] EMU_ALIGNED;
    for (unsigned i = 0; i < op->dwords; i++)
        emu_blend32(emu_vgpr(wave, dst->reg + i), zero, lanes.exec & ~lanes.at.mask);
}

#define X(suffix, bits, sources, expression)                                                                           \
    void EMU_BODY(buffer_atomic_##suffix)(struct emu_wave * wave, const struct emu_inst *inst)                         \
    {                                                                                                                  \
        static const struct vmem_atomic op = {vmem_atomic_##suffix, bits / 32, sources};                               \
        atomic(wave, inst, &op);                                                                                       \
    }
VMEM_ATOMICS(X)
VMEM_ATOMICS_CSUB(X)
#undef X

// Memory here has no caches that could be stale.
void EMU_BODY(buffer_gl0_inv)(struct emu_wave *wave, const struct emu_inst *inst)
{
    (void)wave;
    (void)inst;
}

void EMU_BODY(buffer_gl1_inv)(struct emu_wave *wave, const struct emu_inst *inst)
{
    (void)wave;
    (void)inst;
}
