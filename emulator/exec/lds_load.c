// LDS loads: 8 to 128 bits, d16 halves, two addresses, thread-id addressed. The address register may be a destination.
// Semantics: RDNA 3 ISA, chapter 12 and section 16.15.
#include "lds.h"
#include "lds_rows.h"

// The data registers, or with lanes switched off a buffer that is then blended in.
struct target {
    uint32_t *registers, *out;
    uint32_t buffer[4 * EMU_LANES] EMU_ALIGNED;
};

LDS_INLINE void target_open(struct target *target, struct emu_wave *wave, unsigned reg, uint32_t lanes)
{
    target->registers = emu_vgpr(wave, reg);
    target->out = EMU_LIKELY(lanes == ~0u) ? target->registers : target->buffer;
}

LDS_INLINE void target_close(struct target *target, unsigned dwords, uint32_t lanes)
{
    if (EMU_LIKELY(lanes == ~0u))
        return;
    for (unsigned d = 0; d < dwords; d++)
        emu_blend32(target->registers + d * EMU_LANES, target->buffer + d * EMU_LANES, lanes);
}

// `bytes` (4, 8, 12 or 16) a lane, spread over consecutive registers.
LDS_INLINE void gather(const uint8_t *lds, const uint32_t *address, unsigned bytes, uint32_t *out)
{
    if (bytes == 4 && lds_contiguous(address, 4)) {
        memcpy(out, lds + address[0], EMU_LANES * sizeof *out);
        return;
    }
    const bool twin = lds_halves_agree(address);
    const unsigned count = twin ? EMU_LANES / 2 : EMU_LANES;
    if (bytes == 4)
        lds_gather32(lds, address, count, out);
    else if (bytes == 8)
        lds_gather64(lds, address, count, out);
    else if (bytes == 16)
        lds_gather128(lds, address, count, out);
    else {
        uint32_t third[EMU_LANES] EMU_ALIGNED;
        for (unsigned lane = 0; lane < count; lane++)
            third[lane] = address[lane] + 8;
        lds_gather64(lds, address, count, out);
        lds_gather32(lds, third, count, out + 2 * EMU_LANES);
    }
    if (twin)
        lds_copy_half(out, bytes / 4);
}

LDS_INLINE void load_wide(struct emu_wave *wave, const struct emu_inst *inst, unsigned bytes)
{
    const uint32_t lanes = emu_exec_mask(wave);
    uint32_t address[EMU_LANES] EMU_ALIGNED;
    struct target target;
    if (!lds_addresses(wave, inst, (uint32_t)inst->offset, bytes, 1, lanes, address))
        return;
    target_open(&target, wave, inst->dst.reg, lanes);
    gather(wave->group->lds, address, bytes, target.out);
    target_close(&target, bytes / 4, lanes);
    if (EMU_UNLIKELY(wave->observed))
        lds_observe(wave, address, lanes, bytes, 0, 1, LDS_LOAD);
}

#define LOAD(name, bytes)                                                                                              \
    LDS_BODY(name)                                                                                                     \
    {                                                                                                                  \
        load_wide(wave, inst, bytes);                                                                                  \
    }
LOAD(ds_load_b32, 4)
LOAD(ds_load_b64, 8)
LOAD(ds_load_b96, 12)
LOAD(ds_load_b128, 16)

// Two addresses of `bytes` (4 or 8); offsets count elements, or rows of 64 elements.
LDS_INLINE void load_pair(struct emu_wave *wave, const struct emu_inst *inst, unsigned bytes, bool stride64)
{
    const uint32_t lanes = emu_exec_mask(wave);
    const uint32_t offset0 = lds_element_offset(inst->offset0, bytes, stride64);
    const uint32_t offset1 = lds_element_offset(inst->offset1, bytes, stride64);
    uint32_t first[EMU_LANES] EMU_ALIGNED, second[EMU_LANES] EMU_ALIGNED;
    struct target target;
    if (!lds_addresses(wave, inst, offset0, bytes, 1, lanes, first) ||
        !lds_addresses(wave, inst, offset1, bytes, 1, lanes, second))
        return;
    target_open(&target, wave, inst->dst.reg, lanes);
    gather(wave->group->lds, first, bytes, target.out);
    gather(wave->group->lds, second, bytes, target.out + bytes / 4 * EMU_LANES);
    target_close(&target, bytes / 2, lanes);
    if (EMU_UNLIKELY(wave->observed)) {
        lds_observe(wave, first, lanes, bytes, 0, 2, LDS_LOAD);
        lds_observe(wave, second, lanes, bytes, 1, 2, LDS_LOAD);
    }
}

#define LOAD_2ADDR(name, bytes, stride64)                                                                              \
    LDS_BODY(name)                                                                                                     \
    {                                                                                                                  \
        load_pair(wave, inst, bytes, stride64);                                                                        \
    }
LOAD_2ADDR(ds_load_2addr_b32, 4, false)
LOAD_2ADDR(ds_load_2addr_b64, 8, false)
LOAD_2ADDR(ds_load_2addr_stride64_b32, 4, true)
LOAD_2ADDR(ds_load_2addr_stride64_b64, 8, true)

// Loads narrower than a register. value: what memory holds, as type T; old: the register before.
#define LOAD_NARROW(name, T, expression)                                                                               \
    LDS_BODY(name)                                                                                                     \
    {                                                                                                                  \
        const uint32_t lanes = emu_exec_mask(wave);                                                                    \
        uint32_t address[EMU_LANES] EMU_ALIGNED, out[EMU_LANES] EMU_ALIGNED;                                           \
        if (!lds_addresses(wave, inst, (uint32_t)inst->offset, sizeof(T), 1, lanes, address))                          \
            return;                                                                                                    \
        const uint32_t *before = emu_vgpr(wave, inst->dst.reg);                                                        \
        for (unsigned lane = 0; lane < EMU_LANES; lane++) {                                                            \
            T value;                                                                                                   \
            memcpy(&value, wave->group->lds + address[lane], sizeof value);                                            \
            const uint32_t old = before[lane];                                                                         \
            (void)old;                                                                                                 \
            out[lane] = (uint32_t)(expression);                                                                        \
        }                                                                                                              \
        emu_write32(wave, &inst->dst, out, lanes);                                                                     \
        if (EMU_UNLIKELY(wave->observed))                                                                              \
            lds_observe(wave, address, lanes, sizeof(T), 0, 1, LDS_LOAD);                                              \
    }
#define LOW(value)  ((old & 0xffff0000) | (uint16_t)(value))
#define HIGH(value) ((old & 0xffff) | (uint32_t)(uint16_t)(value) << 16)
LOAD_NARROW(ds_load_i8, int8_t, value)
LOAD_NARROW(ds_load_u8, uint8_t, value)
LOAD_NARROW(ds_load_i16, int16_t, value)
LOAD_NARROW(ds_load_u16, uint16_t, value)
LOAD_NARROW(ds_load_u8_d16, uint8_t, LOW(value))
LOAD_NARROW(ds_load_u8_d16_hi, uint8_t, HIGH(value))
LOAD_NARROW(ds_load_i8_d16, int8_t, LOW(value))
LOAD_NARROW(ds_load_i8_d16_hi, int8_t, HIGH(value))
LOAD_NARROW(ds_load_u16_d16, uint16_t, LOW(value))
LOAD_NARROW(ds_load_u16_d16_hi, uint16_t, HIGH(value))

// Address: M0[15:0] + offset + 4 * lane.
LDS_BODY(ds_load_addtid_b32)
{
    const uint32_t lanes = emu_exec_mask(wave);
    const uint32_t base = (wave->s[EMU_SGPR_M0] & 0xffff) + (uint32_t)inst->offset + 4 * EMU_LANES * wave->half;
    uint32_t address[EMU_LANES] EMU_ALIGNED, out[EMU_LANES] EMU_ALIGNED;
    for (unsigned lane = 0; lane < EMU_LANES; lane++)
        address[lane] = lanes >> lane & 1 ? base + 4 * lane : 0;
    if (!lanes || !lds_check(wave, inst, address, lanes, 4, 1))
        return;
    gather(wave->group->lds, address, 4, out);
    emu_write32(wave, &inst->dst, out, lanes);
    if (EMU_UNLIKELY(wave->observed))
        lds_observe(wave, address, lanes, 4, 0, 1, LDS_LOAD);
}
