// FLAT loads, stores and atomics: the upper half of a lane's VGPR address decides between LDS (shared aperture),
// private memory (private aperture) and global memory. Waves whose lanes are all global take the GLOBAL path; mixed
// ones go lane by lane. What checks and timing see of a mixed instruction is its global lanes, or else its LDS lanes.
#include "vmem_address.h"
#include "vmem_atomic.h"
#include "vmem_private.h"

enum space { SPACE_GLOBAL, SPACE_LDS, SPACE_PRIVATE };

// Lanes by where they point. Hardware looks at the address register alone, before the immediate is added.
struct targets {
    uint32_t lds, private;
};

static struct targets classify(const struct emu_wave *wave, const struct emu_inst *inst, uint32_t mask)
{
    const uint32_t *high = emu_vgpr(wave, inst->src[0].reg + 1u);
    const uint32_t shared_base = (uint32_t)(wave->group->shared_base >> 32);
    const uint32_t private_base = (uint32_t)(wave->group->private_base >> 32);
    uint32_t is_lds[EMU_LANES] EMU_ALIGNED, is_private[EMU_LANES] EMU_ALIGNED;
    EMU_EACH_LANE(lane)
    {
        is_lds[lane] = 0u - (high[lane] == shared_base);
        is_private[lane] = 0u - (high[lane] == private_base);
    }
    return (struct targets){emu_mask_collect(is_lds) & mask, emu_mask_collect(is_private) & mask};
}

static enum space space_of(struct targets targets, int lane)
{
    if (targets.lds >> lane & 1)
        return SPACE_LDS;
    return targets.private >> lane & 1 ? SPACE_PRIVATE : SPACE_GLOBAL;
}

// One lane's bounds check in its space; apertures are 2^32-aligned, so the low half is the offset in them.
static bool check_lane(struct emu_wave *wave, const struct emu_inst *inst, enum space space, int lane, uint64_t address,
                       unsigned bytes, bool write)
{
    if (space == SPACE_PRIVATE)
        return vmem_private_check(wave, inst, lane, (uint32_t)address, bytes);
    if (space == SPACE_GLOBAL) {
        struct vmem_lanes one = {.mask = UINT32_C(1) << lane};
        one.address[lane] = address;
        return vmem_check(wave, inst, &one, bytes, write);
    }
    uint32_t limit = wave->group->lds_bytes;
    if (bytes <= limit && (uint32_t)address <= limit - bytes)
        return true;
    emu_fault_raise(wave, inst, EMU_FAULT_LDS_ACCESS, lane, (uint32_t)address,
                    "LDS offset 0x%x, %u bytes, through a generic pointer: the workgroup has %u bytes",
                    (uint32_t)address, bytes, limit);
    return false;
}

// Whether every lane may access; nothing has moved when one may not.
static bool check_lanes(struct emu_wave *wave, const struct emu_inst *inst, const struct vmem_lanes *at,
                        struct targets targets, unsigned bytes, bool write)
{
    for (uint32_t rest = at->mask; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        if (!check_lane(wave, inst, space_of(targets, lane), lane, at->address[lane], bytes, write))
            return false;
    }
    return true;
}

static void observe(const struct emu_wave *wave, const struct vmem_lanes *at, struct targets targets, unsigned bytes,
                    bool store, bool atomic)
{
    if (!wave->observed)
        return;
    struct vmem_lanes seen = *at;
    enum emu_space space = EMU_SPACE_GLOBAL;
    seen.mask = at->mask & ~(targets.lds | targets.private);
    if (!seen.mask && at->mask) {
        space = targets.lds ? EMU_SPACE_LDS : EMU_SPACE_SCRATCH;
        seen.mask = targets.lds ? targets.lds : targets.private;
        for (int lane = 0; lane < EMU_LANES; lane++)
            seen.address[lane] = (uint32_t)at->address[lane];
    }
    vmem_observe(wave, space, &seen, bytes, store, atomic);
}

// Registers, addresses, bounds. *plain: all lanes are global and were checked at once.
static bool prepare(struct emu_wave *wave, const struct emu_inst *inst, struct vmem_lanes *at, struct vmem_width width,
                    bool write, struct targets *targets)
{
    if (!vmem_registers(wave, inst, write ? &inst->src[1] : &inst->dst, width.registers) ||
        !vmem_address(wave, inst, at))
        return false;
    *targets = classify(wave, inst, at->mask);
    bool plain = !(targets->lds | targets->private);
    if (!(plain ? vmem_check(wave, inst, at, width.bytes, write)
                : check_lanes(wave, inst, at, *targets, width.bytes, write)))
        return false;
    observe(wave, at, *targets, width.bytes, write, false);
    return true;
}

static void read_lane(const struct emu_wave *wave, enum space space, int lane, uint64_t address, uint32_t *raw,
                      unsigned bytes)
{
    if (space == SPACE_PRIVATE)
        vmem_private_read(wave, lane, (uint32_t)address, raw, bytes);
    else
        memcpy(raw, space == SPACE_LDS ? wave->group->lds + (uint32_t)address : vmem_host(address), bytes);
}

static void write_lane(const struct emu_wave *wave, enum space space, int lane, uint64_t address, const uint32_t *raw,
                       unsigned bytes)
{
    if (space == SPACE_PRIVATE)
        vmem_private_write(wave, lane, (uint32_t)address, raw, bytes);
    else
        memcpy(space == SPACE_LDS ? wave->group->lds + (uint32_t)address : vmem_host_writable(address), raw, bytes);
}

static void load_mixed(struct emu_wave *wave, const struct emu_inst *inst, enum vmem_load kind, struct vmem_width width,
                       const struct vmem_lanes *at, struct targets targets)
{
    uint32_t *registers = emu_vgpr(wave, inst->dst.reg);
    for (uint32_t rest = at->mask; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        uint32_t raw[4] = {0};
        read_lane(wave, space_of(targets, lane), lane, at->address[lane], raw, width.bytes);
        registers[lane] = vmem_extend(kind, raw[0], registers[lane]);
        for (unsigned i = 1; i < width.registers; i++)
            registers[i * EMU_LANES + (unsigned)lane] = raw[i];
    }
}

static void store_mixed(struct emu_wave *wave, const struct emu_inst *inst, struct vmem_width width,
                        const struct vmem_lanes *at, struct targets targets)
{
    const uint32_t *registers = emu_vgpr(wave, inst->src[1].reg);
    for (uint32_t rest = at->mask; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        uint32_t raw[4] = {registers[lane] >> width.shift};
        for (unsigned i = 1; i < width.registers; i++)
            raw[i] = registers[i * EMU_LANES + (unsigned)lane];
        write_lane(wave, space_of(targets, lane), lane, at->address[lane], raw, width.bytes);
    }
}

#define X(suffix, bytes_, registers_)                                                                                  \
    void EMU_BODY(flat_load_##suffix)(struct emu_wave * wave, const struct emu_inst *inst)                             \
    {                                                                                                                  \
        const struct vmem_width width = {bytes_, registers_, 0};                                                       \
        struct vmem_lanes at;                                                                                          \
        struct targets targets;                                                                                        \
        if (!prepare(wave, inst, &at, width, false, &targets))                                                         \
            return;                                                                                                    \
        if (targets.lds | targets.private)                                                                             \
            load_mixed(wave, inst, VMEM_LOAD_##suffix, width, &at, targets);                                           \
        else                                                                                                           \
            vmem_load(VMEM_LOAD_##suffix, width, &at, emu_vgpr(wave, inst->dst.reg));                                  \
    }
VMEM_LOADS(X)
#undef X

#define X(suffix, bytes_, registers_, shift_)                                                                          \
    void EMU_BODY(flat_store_##suffix)(struct emu_wave * wave, const struct emu_inst *inst)                            \
    {                                                                                                                  \
        const struct vmem_width width = {bytes_, registers_, shift_};                                                  \
        struct vmem_lanes at;                                                                                          \
        struct targets targets;                                                                                        \
        if (!prepare(wave, inst, &at, width, true, &targets))                                                          \
            return;                                                                                                    \
        if (targets.lds | targets.private)                                                                             \
            store_mixed(wave, inst, width, &at, targets);                                                              \
        else                                                                                                           \
            vmem_store(width, &at, emu_vgpr(wave, inst->src[1].reg));                                                  \
    }
VMEM_STORES(X)
#undef X

static bool check_no_private_atomic(struct emu_wave *wave, const struct emu_inst *inst, const struct vmem_lanes *at,
                                    uint32_t private)
{
    if (!private)
        return true;
    int lane = __builtin_ctz(private);
    emu_fault_raise(wave, inst, EMU_FAULT_SCRATCH_ACCESS, lane, (uint32_t)at->address[lane],
                    "flat atomic on private memory, which hardware cannot do; compilers test the aperture first");
    return false;
}

static void atomic(struct emu_wave *wave, const struct emu_inst *inst, const struct vmem_atomic *op)
{
    struct vmem_lanes at;
    unsigned bytes = 4 * op->dwords;
    if (!vmem_atomic_registers(wave, inst, op, &inst->dst) || !vmem_address(wave, inst, &at) ||
        !vmem_atomic_aligned(wave, inst, &at, bytes))
        return;
    struct targets targets = classify(wave, inst, at.mask);
    if (!check_no_private_atomic(wave, inst, &at, targets.private) ||
        !check_lanes(wave, inst, &at, targets, bytes, true))
        return;
    observe(wave, &at, targets, bytes, true, true);
    for (uint32_t rest = at.mask; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        bool lds = targets.lds >> lane & 1;
        vmem_atomic_lane(wave, inst, op, &inst->dst, lane,
                         lds ? wave->group->lds + (uint32_t)at.address[lane] : vmem_host_writable(at.address[lane]));
    }
}

#define X(suffix, bits, sources, expression)                                                                           \
    void EMU_BODY(flat_atomic_##suffix)(struct emu_wave * wave, const struct emu_inst *inst)                           \
    {                                                                                                                  \
        static const struct vmem_atomic op = {vmem_atomic_##suffix, bits / 32, sources};                               \
        atomic(wave, inst, &op);                                                                                       \
    }
VMEM_ATOMICS(X)
#undef X
