// LDS stores: 8 to 128 bits, d16 high halves, two addresses, thread-id addressed. When lanes store to the same bytes
// the highest lane wins. Semantics: RDNA 3 ISA, chapter 12 and section 16.15.
#include "lds.h"
#include "lds_rows.h"

// Stores `bytes` of each active lane's row; rows are `pitch` bytes apart.
LDS_INLINE void scatter(uint8_t *lds, const uint32_t *address, const void *rows, unsigned pitch, unsigned bytes,
                        uint32_t lanes)
{
    const uint8_t *row = rows;
    if (EMU_LIKELY(lanes == ~0u)) {
        for (unsigned lane = 0; lane < EMU_LANES; lane++)
            memcpy(lds + address[lane], row + lane * pitch, bytes);
        return;
    }
    for (uint32_t left = lanes; left; left &= left - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(left);
        memcpy(lds + address[lane], row + lane * pitch, bytes);
    }
}

// From one to four registers to memory, one lane after the other.
LDS_INLINE void scatter_some(uint8_t *lds, const uint32_t *address, const uint32_t *registers, unsigned bytes,
                             uint32_t lanes)
{
    for (uint32_t left = lanes; left; left &= left - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(left);
        uint32_t row[4];
        for (unsigned d = 0; d < bytes / 4; d++)
            row[d] = registers[d * EMU_LANES + lane];
        memcpy(lds + address[lane], row, bytes);
    }
}

LDS_INLINE void scatter_registers(uint8_t *lds, const uint32_t *address, const uint32_t *registers, unsigned bytes,
                                  uint32_t lanes)
{
    if (bytes == 4 && lanes == ~0u && lds_contiguous(address, 4))
        memcpy(lds + address[0], registers, EMU_LANES * sizeof *registers);
    else if (bytes <= 4)
        scatter(lds, address, registers, 4, bytes, lanes);
    else if (EMU_UNLIKELY(lanes != ~0u) || bytes == 12)
        scatter_some(lds, address, registers, bytes, lanes);
    else if (bytes == 8)
        lds_scatter64(lds, address, registers);
    else
        lds_scatter128(lds, address, registers);
}

LDS_INLINE void store_wide(struct emu_wave *wave, const struct emu_inst *inst, unsigned bytes)
{
    const uint32_t lanes = emu_exec_mask(wave);
    uint32_t address[EMU_LANES] EMU_ALIGNED;
    if (!lds_addresses(wave, inst, (uint32_t)inst->offset, bytes, 1, lanes, address))
        return;
    scatter_registers(wave->group->lds, address, emu_vgpr(wave, inst->src[1].reg), bytes, lanes);
    if (EMU_UNLIKELY(wave->observed))
        lds_observe(wave, address, lanes, bytes, 0, 1, LDS_STORE);
}

#define STORE(name, bytes)                                                                                             \
    LDS_BODY(name)                                                                                                     \
    {                                                                                                                  \
        store_wide(wave, inst, bytes);                                                                                 \
    }
STORE(ds_store_b8, 1)
STORE(ds_store_b16, 2)
STORE(ds_store_b32, 4)
STORE(ds_store_b64, 8)
STORE(ds_store_b96, 12)
STORE(ds_store_b128, 16)

// Bits 23:16 or 31:16 of the register.
LDS_INLINE void store_high(struct emu_wave *wave, const struct emu_inst *inst, unsigned bytes)
{
    const uint32_t lanes = emu_exec_mask(wave), *data = emu_vgpr(wave, inst->src[1].reg);
    uint32_t address[EMU_LANES] EMU_ALIGNED, high[EMU_LANES] EMU_ALIGNED;
    if (!lds_addresses(wave, inst, (uint32_t)inst->offset, bytes, 1, lanes, address))
        return;
    EMU_EACH_LANE(lane)
    high[lane] = data[lane] >> 16;
    scatter(wave->group->lds, address, high, 4, bytes, lanes);
    if (EMU_UNLIKELY(wave->observed))
        lds_observe(wave, address, lanes, bytes, 0, 1, LDS_STORE);
}

#define STORE_HIGH(name, bytes)                                                                                        \
    LDS_BODY(name)                                                                                                     \
    {                                                                                                                  \
        store_high(wave, inst, bytes);                                                                                 \
    }
STORE_HIGH(ds_store_b8_d16_hi, 1)
STORE_HIGH(ds_store_b16_d16_hi, 2)

LDS_INLINE void store_pair(struct emu_wave *wave, const struct emu_inst *inst, unsigned bytes, bool stride64)
{
    const uint32_t lanes = emu_exec_mask(wave);
    const uint32_t offset0 = lds_element_offset(inst->offset0, bytes, stride64);
    const uint32_t offset1 = lds_element_offset(inst->offset1, bytes, stride64);
    uint32_t first[EMU_LANES] EMU_ALIGNED, second[EMU_LANES] EMU_ALIGNED;
    if (!lds_addresses(wave, inst, offset0, bytes, 1, lanes, first) ||
        !lds_addresses(wave, inst, offset1, bytes, 1, lanes, second))
        return;
    scatter_registers(wave->group->lds, first, emu_vgpr(wave, inst->src[1].reg), bytes, lanes);
    scatter_registers(wave->group->lds, second, emu_vgpr(wave, inst->src[2].reg), bytes, lanes);
    if (EMU_UNLIKELY(wave->observed)) {
        lds_observe(wave, first, lanes, bytes, 0, 2, LDS_STORE);
        lds_observe(wave, second, lanes, bytes, 1, 2, LDS_STORE);
    }
}

#define STORE_2ADDR(name, bytes, stride64)                                                                             \
    LDS_BODY(name)                                                                                                     \
    {                                                                                                                  \
        store_pair(wave, inst, bytes, stride64);                                                                       \
    }
STORE_2ADDR(ds_store_2addr_b32, 4, false)
STORE_2ADDR(ds_store_2addr_b64, 8, false)
STORE_2ADDR(ds_store_2addr_stride64_b32, 4, true)
STORE_2ADDR(ds_store_2addr_stride64_b64, 8, true)

// Address: M0[15:0] + offset + 4 * lane.
LDS_BODY(ds_store_addtid_b32)
{
    const uint32_t lanes = emu_exec_mask(wave);
    const uint32_t base = (wave->s[EMU_SGPR_M0] & 0xffff) + (uint32_t)inst->offset + 4 * EMU_LANES * wave->half;
    uint32_t address[EMU_LANES] EMU_ALIGNED;
    for (unsigned lane = 0; lane < EMU_LANES; lane++)
        address[lane] = lanes >> lane & 1 ? base + 4 * lane : 0;
    if (!lanes || !lds_check(wave, inst, address, lanes, 4, 1))
        return;
    scatter(wave->group->lds, address, emu_vgpr(wave, inst->src[1].reg), 4, 4, lanes);
    if (EMU_UNLIKELY(wave->observed))
        lds_observe(wave, address, lanes, 4, 0, 1, LDS_STORE);
}
