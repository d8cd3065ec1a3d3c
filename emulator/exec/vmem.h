// Vector memory, common part: the lanes of one instruction with their addresses, the bounds check against the device's
// allocations, and what checks and timing get to see. How an address is made is each family's business (global.c,
// flat.c, scratch.c, buffer.c); how data move between memory and registers is vmem_move.h.
#ifndef EMU_EXEC_VMEM_H
#define EMU_EXEC_VMEM_H

#include <inttypes.h>

#include "lanes.h"

// One instruction's accesses, for the half that wave->half names. Device addresses are host addresses.
struct vmem_lanes {
    uint64_t address[EMU_LANES]; // of every lane, active or not
    uint32_t mask;               // lanes that access
} __attribute__((aligned(64)));

// Registers of an instruction must lie within v0..v255; hardware's behaviour beyond is undefined. Cold: raises.
static inline bool vmem_registers(struct emu_wave *wave, const struct emu_inst *inst, const struct emu_operand *operand,
                                  unsigned dwords)
{
    if (operand->kind == EMU_K_VGPR && operand->reg + dwords <= 256)
        return true;
    emu_fault_raise(wave, inst, EMU_FAULT_ILLEGAL_INSTRUCTION, -1, 0,
                    "the operand of %u registers from v%u is no range of v0..v255", dwords, operand->reg);
    return false;
}

// The lanes whose [address, address + bytes) is not inside the wave's current allocation.
static inline uint32_t vmem_outside(const struct emu_wave *wave, const uint64_t *address, unsigned bytes)
{
    uint64_t begin = wave->range_begin, span = wave->range_end - begin;
    if (span < bytes)
        return UINT32_MAX;
    uint64_t limit = span - bytes;
    uint32_t outside = 0;
#if defined(__AVX512F__)
    const __m512i first = _mm512_set1_epi64((long long)begin), last = _mm512_set1_epi64((long long)limit);
    for (int i = 0; i < 4; i++) {
        __m512i distance = _mm512_sub_epi64(_mm512_load_si512(address + 8 * i), first);
        outside |= (uint32_t)_mm512_cmpgt_epu64_mask(distance, last) << (8 * i);
    }
#elif defined(__AVX2__)
    // AVX2 compares signed only: both sides are moved by 2^63.
    const __m256i first = _mm256_set1_epi64x((long long)(begin ^ (UINT64_C(1) << 63)));
    const __m256i last = _mm256_set1_epi64x((long long)(limit ^ (UINT64_C(1) << 63)));
    for (int i = 0; i < 8; i++) {
        __m256i distance = _mm256_sub_epi64(_mm256_load_si256((const __m256i *)(address + 4 * i)), first);
        __m256i beyond = _mm256_cmpgt_epi64(distance, last);
        outside |= (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(beyond)) << (4 * i);
    }
#else
    for (int lane = 0; lane < EMU_LANES; lane++)
        outside |= (uint32_t)(address[lane] - begin > limit) << lane;
#endif
    return outside;
}

// Whether lane n's address is lane 0's plus n * bytes: the whole access is then one piece of memory.
static inline bool vmem_contiguous(const uint64_t *address, unsigned bytes)
{
    if (address[EMU_LANES - 1] - address[0] != (uint64_t)(EMU_LANES - 1) * bytes)
        return false;
#if defined(__AVX512F__)
    __m512i expected = _mm512_add_epi64(
        _mm512_set1_epi64((long long)address[0]),
        _mm512_mullo_epi64(_mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi64((long long)bytes)));
    const __m512i step = _mm512_set1_epi64(8 * (long long)bytes);
    unsigned differs = 0;
    for (int i = 0; i < 4; i++) {
        differs |= _mm512_cmpneq_epi64_mask(_mm512_load_si512(address + 8 * i), expected);
        expected = _mm512_add_epi64(expected, step);
    }
    return differs == 0;
#else
    uint64_t differs = 0;
    for (unsigned lane = 0; lane < EMU_LANES; lane++)
        differs |= address[lane] ^ (address[0] + lane * bytes);
    return differs == 0;
#endif
}

// Looks the allocations of the lanes up that are outside the current one; raises and returns false when a lane hits
// none, or a read-only one with a store. Lanes of one instruction may lie in different allocations.
static inline bool vmem_find_ranges(struct emu_wave *wave, const struct emu_inst *inst, const struct vmem_lanes *at,
                                    unsigned bytes, bool write)
{
    uint32_t pending = at->mask;
    if (!write || wave->range_writable)
        pending &= vmem_outside(wave, at->address, bytes);
    while (pending) {
        int lane = __builtin_ctz(pending);
        uint64_t address = at->address[lane];
        if (!emu_wave_find_range(wave, address, bytes, write)) {
            bool readable = write && emu_wave_find_range(wave, address, bytes, false);
            emu_fault_raise(wave, inst, EMU_FAULT_GLOBAL_ACCESS, lane, address,
                            readable ? "%s of %u bytes at 0x%" PRIx64 ": the memory there is read-only"
                                     : "%s of %u bytes at 0x%" PRIx64
                                       ": no allocation holds these bytes; compare the address with the buffers' ends",
                            write ? "store" : "load", bytes, address);
            return false;
        }
        pending &= ~(UINT32_C(1) << lane) & vmem_outside(wave, at->address, bytes);
    }
    return true;
}

// Bounds check of every active lane; the common case is one vector comparison.
static inline bool vmem_check(struct emu_wave *wave, const struct emu_inst *inst, const struct vmem_lanes *at,
                              unsigned bytes, bool write)
{
    if ((!write || wave->range_writable) && !(vmem_outside(wave, at->address, bytes) & at->mask))
        return true;
    return vmem_find_ranges(wave, inst, at, bytes, write);
}

// Tells checks and timing what this instruction accesses. Called a half; the first half starts the record.
static inline void vmem_observe(const struct emu_wave *wave, enum emu_space space, const struct vmem_lanes *at,
                                unsigned bytes, bool store, bool atomic)
{
    if (!wave->observed || !wave->access)
        return;
    struct emu_access *access = wave->access;
    access->space = (uint8_t)space;
    access->store = store;
    access->atomic = atomic;
    access->bytes = (uint8_t)bytes;
    access->per_lane = 1;
    access->lanes = (wave->half ? access->lanes & UINT32_MAX : 0) | (uint64_t)at->mask << (32 * wave->half);
    memcpy(access->address[0] + EMU_LANES * wave->half, at->address, sizeof at->address);
}

#endif
