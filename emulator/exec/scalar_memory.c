// SMEM: scalar loads through a pointer or a buffer resource, and the cache invalidations, which have nothing to
// invalidate here. Semantics: RDNA 3 ISA, chapter 8.
//
// Addresses lose their two lowest bits. Compilers widen loads (three dwords to four, a 16-bit value to a dword) when
// alignment guarantees that the extra bytes lie in the same page. Such a tail beyond the allocation reads as 0 here;
// everything else that leaves an allocation is a fault.
#include "scalar.h"

enum { SMEM_BYTES_MAX = 64 };

static bool in_range(struct emu_wave *wave, uint64_t address, uint64_t bytes)
{
    if (address >= wave->range_begin && address < wave->range_end && bytes <= wave->range_end - address)
        return true;
    return emu_wave_find_range(wave, address, bytes, false);
}

// How many bytes from `address` on may be read: all, or up to the allocation's end for a widened load; 0: none.
static uint64_t readable_bytes(struct emu_wave *wave, uint64_t address, uint64_t bytes)
{
    if (__builtin_expect(in_range(wave, address, bytes), 1))
        return bytes;
    const bool widened = address % bytes == 0;
    const uint64_t needed = bytes == 4 ? 1 : bytes / 2 + 1;
    if (!widened || !in_range(wave, address, needed))
        return 0;
    const uint64_t left = wave->range_end - address;
    return left < bytes ? left : bytes;
}

static void observe(struct emu_wave *wave, uint64_t address, unsigned bytes)
{
    struct emu_access *access = wave->access;
    access->space = EMU_SPACE_SCALAR;
    access->store = access->atomic = 0;
    access->bytes = (uint8_t)bytes;
    access->per_lane = 1;
    access->lanes = 1;
    access->address[0][0] = address;
}

// The load's data go straight to consecutive SGPRs.
static void write_data(struct emu_wave *wave, const struct emu_inst *inst, const uint32_t *data, unsigned bytes)
{
    if (inst->dst.kind == EMU_K_SGPR)
        memcpy(&wave->s[inst->dst.reg], data, bytes);
}

static uint64_t offset_of(const struct emu_wave *wave, const struct emu_inst *inst)
{
    return (uint64_t)(int64_t)inst->offset + scalar_read32(wave, &inst->src[1]);
}

static inline void load(struct emu_wave *wave, const struct emu_inst *inst, unsigned bytes)
{
    uint32_t data[SMEM_BYTES_MAX / 4] = {0};
    const uint64_t address = (scalar_read64(wave, &inst->src[0]) + offset_of(wave, inst)) & ~(uint64_t)3;
    const uint64_t readable = readable_bytes(wave, address, bytes);
    if (__builtin_expect(wave->observed, 0))
        observe(wave, address, bytes);
    if (__builtin_expect(readable == 0, 0)) {
        emu_fault_raise(wave, inst, EMU_FAULT_GLOBAL_ACCESS, -1, address,
                        "scalar load of %u bytes at 0x%llx, which no allocation holds", bytes,
                        (unsigned long long)address);
        return;
    }
    memcpy(data, (const void *)(uintptr_t)address, readable);
    write_data(wave, inst, data, bytes);
}

// Buffer resource: base in bits 47:0, stride in 61:48, records in 95:64, counted in strides when there is one. Dwords
// outside the buffer read as 0.
static inline void buffer_load(struct emu_wave *wave, const struct emu_inst *inst, unsigned bytes)
{
    uint32_t data[SMEM_BYTES_MAX / 4] = {0};
    const uint32_t *rsrc = inst->src[0].kind == EMU_K_SGPR ? &wave->s[inst->src[0].reg] : data;
    const uint64_t base = rsrc[0] | (uint64_t)(rsrc[1] & 0xffff) << 32;
    const uint64_t stride = rsrc[1] >> 16 & 0x3fff;
    const uint64_t size = stride ? stride * rsrc[2] : rsrc[2];
    const uint64_t offset = offset_of(wave, inst) & ~(uint64_t)3;
    const uint64_t address = (base + offset) & ~(uint64_t)3;
    uint64_t inside = offset < size ? (size - offset) / 4 * 4 : 0;
    inside = inside < bytes ? inside : bytes;
    if (__builtin_expect(wave->observed, 0))
        observe(wave, address, (unsigned)inside);
    if (inside && !in_range(wave, address, inside)) {
        emu_fault_raise(wave, inst, EMU_FAULT_GLOBAL_ACCESS, -1, address,
                        "scalar buffer load of %llu bytes at 0x%llx, which no allocation holds: check the resource",
                        (unsigned long long)inside, (unsigned long long)address);
        return;
    }
    if (inside)
        memcpy(data, (const void *)(uintptr_t)address, inside);
    write_data(wave, inst, data, bytes);
}

#define SMEM_LOAD(name, kind, bytes)                                                                                   \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        kind(wave, inst, bytes);                                                                                       \
    }
SMEM_LOAD(s_load_b32, load, 4)
SMEM_LOAD(s_load_b64, load, 8)
SMEM_LOAD(s_load_b128, load, 16)
SMEM_LOAD(s_load_b256, load, 32)
SMEM_LOAD(s_load_b512, load, 64)
SMEM_LOAD(s_buffer_load_b32, buffer_load, 4)
SMEM_LOAD(s_buffer_load_b64, buffer_load, 8)
SMEM_LOAD(s_buffer_load_b128, buffer_load, 16)
SMEM_LOAD(s_buffer_load_b256, buffer_load, 32)
SMEM_LOAD(s_buffer_load_b512, buffer_load, 64)

#define NOTHING(name)                                                                                                  \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        (void)wave, (void)inst;                                                                                        \
    }
NOTHING(s_gl1_inv)
NOTHING(s_dcache_inv)

#define UNSUPPORTED(name)                                                                                              \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        emu_fault_raise(wave, inst, EMU_FAULT_UNSUPPORTED, -1, 0, #name ": address translation is not modelled");      \
    }
UNSUPPORTED(s_atc_probe)
UNSUPPORTED(s_atc_probe_buffer)
