// Vector memory, data part: what each load and store width does to a register, and moving 32 lanes between checked
// host addresses and registers. Lanes are stored in ascending order, so the highest lane wins where lanes collide
// (hardware leaves that open).
#ifndef EMU_EXEC_VMEM_MOVE_H
#define EMU_EXEC_VMEM_MOVE_H

#include "vmem.h"

// X(suffix of the mnemonic, bytes in memory, registers). D16 forms write one half of the register and keep the other.
#define VMEM_LOADS(X)                                                                                                  \
    X(u8, 1, 1)                                                                                                        \
    X(i8, 1, 1)                                                                                                        \
    X(u16, 2, 1)                                                                                                       \
    X(i16, 2, 1)                                                                                                       \
    X(b32, 4, 1)                                                                                                       \
    X(b64, 8, 2)                                                                                                       \
    X(b96, 12, 3)                                                                                                      \
    X(b128, 16, 4)                                                                                                     \
    X(d16_u8, 1, 1)                                                                                                    \
    X(d16_i8, 1, 1)                                                                                                    \
    X(d16_b16, 2, 1)                                                                                                   \
    X(d16_hi_u8, 1, 1)                                                                                                 \
    X(d16_hi_i8, 1, 1)                                                                                                 \
    X(d16_hi_b16, 2, 1)

// X(suffix, bytes, registers, bits by which the stored value lies higher in the register)
#define VMEM_STORES(X)                                                                                                 \
    X(b8, 1, 1, 0)                                                                                                     \
    X(b16, 2, 1, 0)                                                                                                    \
    X(b32, 4, 1, 0)                                                                                                    \
    X(b64, 8, 2, 0)                                                                                                    \
    X(b96, 12, 3, 0)                                                                                                   \
    X(b128, 16, 4, 0)                                                                                                  \
    X(d16_hi_b8, 1, 1, 16)                                                                                             \
    X(d16_hi_b16, 2, 1, 16)

enum vmem_load {
#define X(suffix, bytes, registers) VMEM_LOAD_##suffix,
    VMEM_LOADS(X)
#undef X
};

struct vmem_width {
    unsigned bytes, registers, shift;
};

// The first register's new content from what memory holds (zero-extended) and what the register held.
static inline uint32_t vmem_extend(enum vmem_load load, uint32_t raw, uint32_t old)
{
    switch (load) {
    case VMEM_LOAD_i8: return (uint32_t)(int32_t)(int8_t)raw;
    case VMEM_LOAD_i16: return (uint32_t)(int32_t)(int16_t)raw;
    case VMEM_LOAD_d16_u8:
    case VMEM_LOAD_d16_b16: return (old & 0xffff0000u) | raw;
    case VMEM_LOAD_d16_i8: return (old & 0xffff0000u) | (uint16_t)(int8_t)raw;
    case VMEM_LOAD_d16_hi_u8:
    case VMEM_LOAD_d16_hi_b16: return (old & 0xffffu) | raw << 16;
    case VMEM_LOAD_d16_hi_i8: return (old & 0xffffu) | (uint32_t)(uint16_t)(int8_t)raw << 16;
    default: return raw;
    }
}

static inline const void *vmem_host(uint64_t address)
{
    return (const void *)(uintptr_t)address;
}

static inline void *vmem_host_writable(uint64_t address)
{
    return (void *)(uintptr_t)address;
}

// Loads the active lanes one by one: any width, any mask.
static inline void vmem_load_each(enum vmem_load load, struct vmem_width width, const struct vmem_lanes *at,
                                  uint32_t *registers)
{
    for (uint32_t rest = at->mask; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        uint32_t raw[4] = {0};
        memcpy(raw, vmem_host(at->address[lane]), width.bytes);
        registers[lane] = vmem_extend(load, raw[0], registers[lane]);
        for (unsigned i = 1; i < width.registers; i++)
            registers[i * EMU_LANES + (unsigned)lane] = raw[i];
    }
}

// All 32 lanes of one dword.
static inline void vmem_load_all_b32(const uint64_t *address, uint32_t *registers)
{
    if (vmem_contiguous(address, 4)) {
        memcpy(registers, vmem_host(address[0]), 4 * EMU_LANES);
        return;
    }
    for (int lane = 0; lane < EMU_LANES; lane++)
        memcpy(registers + lane, vmem_host(address[lane]), 4);
}

// All 32 lanes of two and four dwords: four lanes at a time through a 4x4 transpose, which needs no special case for
// contiguous lanes.
static inline void vmem_load_all_b64(const uint64_t *address, uint32_t *registers)
{
    for (int lane = 0; lane < EMU_LANES; lane += 4) {
        __m128i ab = _mm_unpacklo_epi32(_mm_loadl_epi64(vmem_host(address[lane])),
                                        _mm_loadl_epi64(vmem_host(address[lane + 1])));
        __m128i cd = _mm_unpacklo_epi32(_mm_loadl_epi64(vmem_host(address[lane + 2])),
                                        _mm_loadl_epi64(vmem_host(address[lane + 3])));
        _mm_store_si128((__m128i *)(registers + lane), _mm_unpacklo_epi64(ab, cd));
        _mm_store_si128((__m128i *)(registers + EMU_LANES + lane), _mm_unpackhi_epi64(ab, cd));
    }
}

static inline void vmem_load_all_b128(const uint64_t *address, uint32_t *registers)
{
    for (int lane = 0; lane < EMU_LANES; lane += 4) {
        __m128i a = _mm_loadu_si128(vmem_host(address[lane])), b = _mm_loadu_si128(vmem_host(address[lane + 1]));
        __m128i c = _mm_loadu_si128(vmem_host(address[lane + 2])), d = _mm_loadu_si128(vmem_host(address[lane + 3]));
        __m128i ab01 = _mm_unpacklo_epi32(a, b), ab23 = _mm_unpackhi_epi32(a, b);
        __m128i cd01 = _mm_unpacklo_epi32(c, d), cd23 = _mm_unpackhi_epi32(c, d);
        __m128i *out = (__m128i *)(registers + lane);
        _mm_store_si128(out, _mm_unpacklo_epi64(ab01, cd01));
        _mm_store_si128(out + EMU_LANES / 4, _mm_unpackhi_epi64(ab01, cd01));
        _mm_store_si128(out + 2 * EMU_LANES / 4, _mm_unpacklo_epi64(ab23, cd23));
        _mm_store_si128(out + 3 * EMU_LANES / 4, _mm_unpackhi_epi64(ab23, cd23));
    }
}

// All 32 lanes of one or two bytes: `load` and `bytes` are constants where this is called.
static inline __attribute__((always_inline)) void vmem_load_all_narrow(enum vmem_load load, unsigned bytes,
                                                                       const uint64_t *address, uint32_t *registers)
{
    uint32_t raw[EMU_LANES] EMU_ALIGNED;
    for (int lane = 0; lane < EMU_LANES; lane++) {
        uint16_t value = 0;
        memcpy(&value, vmem_host(address[lane]), bytes);
        raw[lane] = value;
    }
    EMU_EACH_LANE(lane)
    registers[lane] = vmem_extend(load, raw[lane], registers[lane]);
}

// Moves checked lanes into `registers` (the first destination register's 32 lanes; further ones follow).
static inline __attribute__((always_inline)) void vmem_load(enum vmem_load load, struct vmem_width width,
                                                            const struct vmem_lanes *at, uint32_t *registers)
{
    if (at->mask != UINT32_MAX)
        vmem_load_each(load, width, at, registers);
    else if (load == VMEM_LOAD_b32)
        vmem_load_all_b32(at->address, registers);
    else if (load == VMEM_LOAD_b64)
        vmem_load_all_b64(at->address, registers);
    else if (load == VMEM_LOAD_b128)
        vmem_load_all_b128(at->address, registers);
    else if (width.bytes <= 2)
        vmem_load_all_narrow(load, width.bytes, at->address, registers);
    else
        vmem_load_each(load, width, at, registers);
}

static inline void vmem_store_each(struct vmem_width width, const struct vmem_lanes *at, const uint32_t *registers)
{
    for (uint32_t rest = at->mask; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        uint32_t raw[4] = {registers[lane] >> width.shift};
        for (unsigned i = 1; i < width.registers; i++)
            raw[i] = registers[i * EMU_LANES + (unsigned)lane];
        memcpy(vmem_host_writable(at->address[lane]), raw, width.bytes);
    }
}

static inline void vmem_store_all_b32(const uint64_t *address, const uint32_t *registers)
{
    if (vmem_contiguous(address, 4)) {
        memcpy(vmem_host_writable(address[0]), registers, 4 * EMU_LANES);
        return;
    }
    for (int lane = 0; lane < EMU_LANES; lane++)
        memcpy(vmem_host_writable(address[lane]), registers + lane, 4);
}

static inline void vmem_store_all_b64(const uint64_t *address, const uint32_t *registers)
{
    for (int lane = 0; lane < EMU_LANES; lane += 4) {
        __m128i low = _mm_load_si128((const __m128i *)(registers + lane));
        __m128i high = _mm_load_si128((const __m128i *)(registers + EMU_LANES + lane));
        __m128i ab = _mm_unpacklo_epi32(low, high), cd = _mm_unpackhi_epi32(low, high);
        _mm_storel_epi64(vmem_host_writable(address[lane]), ab);
        _mm_storel_epi64(vmem_host_writable(address[lane + 1]), _mm_unpackhi_epi64(ab, ab));
        _mm_storel_epi64(vmem_host_writable(address[lane + 2]), cd);
        _mm_storel_epi64(vmem_host_writable(address[lane + 3]), _mm_unpackhi_epi64(cd, cd));
    }
}

static inline void vmem_store_all_b128(const uint64_t *address, const uint32_t *registers)
{
    for (int lane = 0; lane < EMU_LANES; lane += 4) {
        const __m128i *in = (const __m128i *)(registers + lane);
        __m128i x = _mm_load_si128(in), y = _mm_load_si128(in + EMU_LANES / 4);
        __m128i z = _mm_load_si128(in + 2 * EMU_LANES / 4), w = _mm_load_si128(in + 3 * EMU_LANES / 4);
        __m128i xy01 = _mm_unpacklo_epi32(x, y), xy23 = _mm_unpackhi_epi32(x, y);
        __m128i zw01 = _mm_unpacklo_epi32(z, w), zw23 = _mm_unpackhi_epi32(z, w);
        _mm_storeu_si128(vmem_host_writable(address[lane]), _mm_unpacklo_epi64(xy01, zw01));
        _mm_storeu_si128(vmem_host_writable(address[lane + 1]), _mm_unpackhi_epi64(xy01, zw01));
        _mm_storeu_si128(vmem_host_writable(address[lane + 2]), _mm_unpacklo_epi64(xy23, zw23));
        _mm_storeu_si128(vmem_host_writable(address[lane + 3]), _mm_unpackhi_epi64(xy23, zw23));
    }
}

static inline __attribute__((always_inline)) void vmem_store(struct vmem_width width, const struct vmem_lanes *at,
                                                             const uint32_t *registers)
{
    if (at->mask != UINT32_MAX)
        vmem_store_each(width, at, registers);
    else if (width.bytes == 4)
        vmem_store_all_b32(at->address, registers);
    else if (width.bytes == 8)
        vmem_store_all_b64(at->address, registers);
    else if (width.bytes == 16)
        vmem_store_all_b128(at->address, registers);
    else
        vmem_store_each(width, at, registers);
}

#endif
