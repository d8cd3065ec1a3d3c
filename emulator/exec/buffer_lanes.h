// The lanes of one MUBUF instruction: descriptor, index and offset of each lane, and which bytes may be touched. Out of
// range is defined behaviour: loads give 0 and stores are dropped, a dword at a time for untyped accesses and all or
// nothing for formatted ones and atomics (RDNA 3 ISA, "Buffer range checking").
#ifndef EMU_EXEC_BUFFER_LANES_H
#define EMU_EXEC_BUFFER_LANES_H

#include "buffer_resource.h"
#include "vmem.h"

struct buffer_lanes {
    struct vmem_lanes at;   // mask: lanes with their first unit in range; address: of the first unit
    uint32_t exec;          // active lanes
    uint32_t whole;         // lanes with every byte in range
    uint64_t scalar_offset; // from soffset
    uint32_t index[EMU_LANES], offset[EMU_LANES];
    struct buffer_resource buffer;
};

static inline bool buffer_operands(struct emu_wave *wave, const struct emu_inst *inst)
{
    if (inst->tfe || inst->lds) {
        emu_fault_raise(wave, inst, EMU_FAULT_UNSUPPORTED, -1, 0,
                        "buffer access with %s, which this chip does not offer to compute kernels",
                        inst->tfe ? "tfe" : "lds");
        return false;
    }
    unsigned address_registers = (unsigned)inst->idxen + inst->offen;
    if (address_registers && !vmem_registers(wave, inst, &inst->src[0], address_registers))
        return false;
    if (inst->src[2].kind == EMU_K_SGPR)
        return true;
    emu_fault_raise(wave, inst, EMU_FAULT_ILLEGAL_INSTRUCTION, -1, 0, "the buffer descriptor is not in SGPRs");
    return false;
}

// A raw linear buffer, as compilers use: start and end of all lanes at once.
static inline void buffer_range_raw(struct buffer_lanes *lanes, uint64_t base, unsigned bytes, unsigned unit)
{
    uint32_t first[EMU_LANES] EMU_ALIGNED, all[EMU_LANES] EMU_ALIGNED;
    uint64_t records = lanes->buffer.records, stride = lanes->buffer.stride;
    EMU_EACH_LANE(lane)
    {
        uint64_t start = lanes->index[lane] * stride + lanes->offset[lane];
        lanes->at.address[lane] = base + start;
        first[lane] = 0u - (start + unit <= records);
        all[lane] = 0u - (start + bytes <= records);
    }
    lanes->at.mask = emu_mask_collect(first) & lanes->exec;
    lanes->whole = emu_mask_collect(all) & lanes->exec;
}

// The same without an index, in 32 bits. `records` covers at least one access.
static inline void buffer_range_offset(struct buffer_lanes *lanes, const uint32_t *offsets, uint32_t immediate,
                                       uint64_t base, unsigned bytes, unsigned unit)
{
    uint32_t first[EMU_LANES] EMU_ALIGNED, all[EMU_LANES] EMU_ALIGNED;
    const uint32_t last_unit = lanes->buffer.records - unit, last_whole = lanes->buffer.records - bytes;
    EMU_EACH_LANE(lane)
    {
        uint32_t offset = offsets[lane] + immediate;
        lanes->offset[lane] = offset;
        lanes->at.address[lane] = base + offset;
        first[lane] = 0u - (offset <= last_unit);
        all[lane] = 0u - (offset <= last_whole);
    }
    lanes->at.mask = emu_mask_collect(first) & lanes->exec;
    lanes->whole = emu_mask_collect(all) & lanes->exec;
}

static inline void buffer_range_other(struct buffer_lanes *lanes, uint64_t base, unsigned bytes, unsigned unit)
{
    lanes->at.mask = lanes->whole = 0;
    for (unsigned lane = 0; lane < EMU_LANES; lane++) {
        uint64_t room = buffer_room(&lanes->buffer, lanes->index[lane], lanes->offset[lane]);
        lanes->at.address[lane] = base + buffer_offset(&lanes->buffer, lanes->index[lane], lanes->offset[lane]);
        lanes->at.mask |= (uint32_t)(room >= unit) << lane;
        lanes->whole |= (uint32_t)(room >= bytes) << lane;
    }
    lanes->at.mask &= lanes->exec;
    lanes->whole &= lanes->exec;
}

// Index and offset of each lane, then addresses and range of `bytes` in units of `unit` bytes (a dword, or less for
// narrow accesses; all of it for formatted ones).
static inline bool buffer_lanes_init(struct emu_wave *wave, const struct emu_inst *inst, struct buffer_lanes *lanes,
                                     unsigned bytes, unsigned unit)
{
    if (!buffer_operands(wave, inst))
        return false;
    lanes->buffer = buffer_resource_decode(wave->s + inst->src[2].reg);
    lanes->scalar_offset = (uint32_t)emu_scalar_source(wave, &inst->src[3]);
    lanes->exec = emu_exec_mask(wave);

    static const uint32_t none[EMU_LANES] EMU_ALIGNED;
    const uint32_t *vaddr = inst->idxen || inst->offen ? emu_vgpr(wave, inst->src[0].reg) : none;
    const uint32_t *indices = inst->idxen ? vaddr : none;
    const uint32_t *offsets = !inst->offen ? none : inst->idxen ? vaddr + EMU_LANES : vaddr;
    uint64_t base = lanes->buffer.base + lanes->scalar_offset;
    bool linear = lanes->buffer.bounds == BUFFER_BOUNDS_RAW && !lanes->buffer.element_bytes;
    if (linear && !inst->idxen && !lanes->buffer.add_lane && lanes->buffer.records >= bytes) {
        memset(lanes->index, 0, sizeof lanes->index);
        buffer_range_offset(lanes, offsets, (uint32_t)inst->offset, base, bytes, unit);
        return true;
    }
    uint32_t lane_step = lanes->buffer.add_lane ? 1 : 0;
    uint32_t first_index = lane_step * EMU_LANES * wave->half, immediate = (uint32_t)inst->offset;
    EMU_EACH_LANE(lane)
    {
        lanes->index[lane] = indices[lane] + first_index + lane * lane_step;
        lanes->offset[lane] = offsets[lane] + immediate;
    }
    if (linear)
        buffer_range_raw(lanes, base, bytes, unit);
    else
        buffer_range_other(lanes, base, bytes, unit);
    return true;
}

// The address of the unit at byte `at` of a lane's access, or 0 when it is out of range. Units of a swizzled buffer
// need not be neighbours.
static inline uint64_t buffer_unit_address(const struct buffer_lanes *lanes, int lane, unsigned at, unsigned unit)
{
    uint64_t index = lanes->index[lane], offset = (uint64_t)lanes->offset[lane] + at;
    if (buffer_room(&lanes->buffer, index, offset) < unit)
        return 0;
    return lanes->buffer.base + lanes->scalar_offset + buffer_offset(&lanes->buffer, index, offset);
}

// Whether all active lanes are in range and lie linearly, so that they are GLOBAL accesses in all but name.
static inline bool buffer_is_linear(const struct buffer_lanes *lanes, unsigned bytes)
{
    return lanes->whole == lanes->exec && (!lanes->buffer.element_bytes || bytes <= 4);
}

// Bounds of one unit against the device's allocations.
static inline bool buffer_check_unit(struct emu_wave *wave, const struct emu_inst *inst, int lane, uint64_t address,
                                     unsigned bytes, bool write)
{
    if (address - wave->range_begin < wave->range_end - wave->range_begin && bytes <= wave->range_end - address &&
        (!write || wave->range_writable))
        return true;
    struct vmem_lanes one = {.mask = UINT32_C(1) << lane};
    one.address[lane] = address;
    return vmem_check(wave, inst, &one, bytes, write);
}

#endif
