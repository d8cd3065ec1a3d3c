// What all LDS bodies share: the lanes' addresses, checked once an instruction, and what checks and timing observe.
//
// Addresses wrap at 32 bits (base + offset), so negative bases work as LLVM assumes for this chip. Outside the
// workgroup's LDS hardware reads 0 and drops writes; here it is a fault. Loads and stores may have any alignment:
// HSA sets SH_MEM_CONFIG.alignment_mode = unaligned, which LLVM relies on (feature unaligned-ds-access); that a
// misaligned b96 or b128 is slower is a matter of timing. Atomics must be aligned to their size.
#ifndef EMU_EXEC_LDS_H
#define EMU_EXEC_LDS_H

#include "body.h"
#include "lanes.h"

#define LDS_BODY(name)  void EMU_BODY(name)(struct emu_wave * wave, const struct emu_inst *inst)
#define LDS_INLINE      static inline __attribute__((always_inline))
#define lds_report      EMU_LEVELED(emu_lds_report)
#define lds_observe     EMU_LEVELED(emu_lds_observe)
#define lds_unsupported EMU_LEVELED(emu_lds_unsupported)

enum lds_kind { LDS_LOAD, LDS_STORE, LDS_ATOMIC };

// lds.c. Finds the first lane at fault and raises it. `alignment`: a power of two that addresses must keep.
void lds_report(struct emu_wave *wave, const struct emu_inst *inst, const uint32_t *address, uint32_t lanes,
                unsigned bytes, unsigned alignment);
// Fills wave->access; `which` of `per_lane` addresses a lane.
void lds_observe(struct emu_wave *wave, const uint32_t *address, uint32_t lanes, unsigned bytes, unsigned which,
                 unsigned per_lane, enum lds_kind kind);
void lds_unsupported(struct emu_wave *wave, const struct emu_inst *inst);

// Whether all active lanes' [address, address + bytes) lie in the workgroup's LDS, and are aligned if they must be.
// Inactive lanes must have address 0.
LDS_INLINE bool lds_check(struct emu_wave *wave, const struct emu_inst *inst, const uint32_t *address, uint32_t lanes,
                          unsigned bytes, unsigned alignment)
{
    const uint32_t size = wave->group->lds_bytes;
    uint32_t highest = 0, bits = 0;
    EMU_EACH_LANE(lane)
    highest = address[lane] > highest ? address[lane] : highest;
    if (alignment > 1) {
        EMU_EACH_LANE(lane)
        bits |= address[lane];
    }
    if (EMU_LIKELY(size >= bytes && highest <= size - bytes && !(bits & (alignment - 1)) && !inst->gds))
        return true;
    lds_report(wave, inst, address, lanes, bytes, alignment);
    return false;
}

// The active lanes' addresses, 0 for the others. False: nothing to do, or a fault was raised.
LDS_INLINE bool lds_addresses(struct emu_wave *wave, const struct emu_inst *inst, uint32_t offset, unsigned bytes,
                              unsigned alignment, uint32_t lanes, uint32_t *address)
{
    const uint32_t *base = emu_vgpr(wave, inst->src[0].reg);
    if (EMU_LIKELY(lanes == ~0u)) {
        EMU_EACH_LANE(lane)
        address[lane] = base[lane] + offset;
    } else {
        EMU_EACH_LANE(lane)
        address[lane] = (base[lane] + offset) & (0u - (lanes >> lane & 1));
        if (lanes == 0)
            return false;
    }
    return lds_check(wave, inst, address, lanes, bytes, alignment);
}

// Bytes from an instruction's two-address offset field: elements of `bytes`, or rows of 64 of them.
LDS_INLINE uint32_t lds_element_offset(uint32_t offset, unsigned bytes, bool stride64)
{
    return offset * bytes * (stride64 ? 64 : 1);
}

#endif
