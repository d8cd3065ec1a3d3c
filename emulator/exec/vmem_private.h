// Private (scratch) memory of a lane. Dwords of the lanes of a wave lie side by side, as hardware swizzles them: byte a
// of lane l is at ((a / 4) * lanes + l) * 4 + a % 4, lanes = 32 or 64 (RDNA 3 ISA, "Scratch"; AMDGPUUsage, "Flat
// scratch").
#ifndef EMU_EXEC_VMEM_PRIVATE_H
#define EMU_EXEC_VMEM_PRIVATE_H

#include "vmem.h"

// Lane 0 (of the half being executed) of the row of dwords that holds byte `address`.
static inline uint8_t *vmem_private_row(const struct emu_wave *wave, uint64_t address)
{
    uint64_t lanes = wave->wave64 ? 2 * EMU_LANES : EMU_LANES;
    return wave->scratch + ((address / 4) * lanes + (uint64_t)EMU_LANES * wave->half) * 4;
}

static inline bool vmem_private_check(struct emu_wave *wave, const struct emu_inst *inst, int lane, uint64_t address,
                                      unsigned bytes)
{
    if (bytes <= wave->scratch_lane_bytes && address <= wave->scratch_lane_bytes - bytes)
        return true;
    emu_fault_raise(wave, inst, EMU_FAULT_SCRATCH_ACCESS, lane, address,
                    "private address 0x%" PRIx64 ", %u bytes: a lane has %" PRIu64
                    " bytes of scratch (the kernel's private segment size)",
                    address, bytes, wave->scratch_lane_bytes);
    return false;
}

// Copies checked bytes of one lane out of private memory, or into it; any alignment.
static inline void vmem_private_read(const struct emu_wave *wave, int lane, uint64_t address, void *out, unsigned bytes)
{
    for (unsigned done = 0; done < bytes;) {
        unsigned within = (unsigned)((address + done) % 4);
        unsigned part = bytes - done < 4 - within ? bytes - done : 4 - within;
        memcpy((uint8_t *)out + done, vmem_private_row(wave, address + done) + 4 * lane + within, part);
        done += part;
    }
}

static inline void vmem_private_write(const struct emu_wave *wave, int lane, uint64_t address, const void *in,
                                      unsigned bytes)
{
    for (unsigned done = 0; done < bytes;) {
        unsigned within = (unsigned)((address + done) % 4);
        unsigned part = bytes - done < 4 - within ? bytes - done : 4 - within;
        memcpy(vmem_private_row(wave, address + done) + 4 * lane + within, (const uint8_t *)in + done, part);
        done += part;
    }
}

#endif
