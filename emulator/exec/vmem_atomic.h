// Memory atomics: the operation on one lane's memory, and the loop over lanes. Workgroups run on several host threads,
// so each is a compare-and-exchange on host memory. Semantics: RDNA 3 ISA pseudocode. Float add rounds to nearest and
// keeps denormals (assumed: the ISA names no mode for the memory unit's adder).
#ifndef EMU_EXEC_VMEM_ATOMIC_H
#define EMU_EXEC_VMEM_ATOMIC_H

#include "vmem_move.h"

// X(suffix of the mnemonic, bits, sources: 1 or 2 with the compare value, new value from `old`, `data`, `compare`)
#define VMEM_ATOMICS(X)                                                                                                \
    X(swap_b32, 32, 1, data)                                                                                           \
    X(cmpswap_b32, 32, 2, old == compare ? data : old)                                                                 \
    X(add_u32, 32, 1, old + data)                                                                                      \
    X(sub_u32, 32, 1, old - data)                                                                                      \
    X(min_i32, 32, 1, (int32_t)data < (int32_t)old ? data : old)                                                       \
    X(min_u32, 32, 1, data < old ? data : old)                                                                         \
    X(max_i32, 32, 1, (int32_t)data >= (int32_t)old ? data : old)                                                      \
    X(max_u32, 32, 1, data >= old ? data : old)                                                                        \
    X(and_b32, 32, 1, old &data)                                                                                       \
    X(or_b32, 32, 1, old | data)                                                                                       \
    X(xor_b32, 32, 1, old ^ data)                                                                                      \
    X(inc_u32, 32, 1, old >= data ? 0 : old + 1)                                                                       \
    X(dec_u32, 32, 1, old == 0 || old > data ? data : old - 1)                                                         \
    X(cmpswap_f32, 32, 2, emu_float(old) == emu_float(compare) ? data : old)                                           \
    X(min_f32, 32, 1, emu_float(data) < emu_float(old) ? data : old)                                                   \
    X(max_f32, 32, 1, emu_float(data) > emu_float(old) ? data : old)                                                   \
    X(add_f32, 32, 1, emu_bits(emu_float(old) + emu_float(data)))                                                      \
    X(swap_b64, 64, 1, data)                                                                                           \
    X(cmpswap_b64, 64, 2, old == compare ? data : old)                                                                 \
    X(add_u64, 64, 1, old + data)                                                                                      \
    X(sub_u64, 64, 1, old - data)                                                                                      \
    X(min_i64, 64, 1, (int64_t)data < (int64_t)old ? data : old)                                                       \
    X(min_u64, 64, 1, data < old ? data : old)                                                                         \
    X(max_i64, 64, 1, (int64_t)data >= (int64_t)old ? data : old)                                                      \
    X(max_u64, 64, 1, data >= old ? data : old)                                                                        \
    X(and_b64, 64, 1, old &data)                                                                                       \
    X(or_b64, 64, 1, old | data)                                                                                       \
    X(xor_b64, 64, 1, old ^ data)                                                                                      \
    X(inc_u64, 64, 1, old >= data ? 0 : old + 1)                                                                       \
    X(dec_u64, 64, 1, old == 0 || old > data ? data : old - 1)

// Only GLOBAL and MUBUF have it: subtract, but not below zero.
#define VMEM_ATOMICS_CSUB(X) X(csub_u32, 32, 1, old < data ? 0 : old - data)

typedef uint64_t vmem_atomic_fn(void *memory, uint64_t data, uint64_t compare);

#define X(suffix, bits, sources, expression)                                                                           \
    static inline uint64_t vmem_atomic_##suffix(void *memory, uint64_t data_, uint64_t compare_)                       \
    {                                                                                                                  \
        uint##bits##_t *word = memory, data = (uint##bits##_t)data_, compare = (uint##bits##_t)compare_;               \
        uint##bits##_t old = __atomic_load_n(word, __ATOMIC_RELAXED), next;                                            \
        (void)compare;                                                                                                 \
        do {                                                                                                           \
            next = (uint##bits##_t)(expression);                                                                       \
        } while (!__atomic_compare_exchange_n(word, &old, next, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));           \
        return old;                                                                                                    \
    }
VMEM_ATOMICS(X)
VMEM_ATOMICS_CSUB(X)
#undef X

struct vmem_atomic {
    vmem_atomic_fn *apply;
    unsigned dwords;  // 1 or 2
    unsigned sources; // 2: data and compare value
};

// Registers of the instruction: the data, and with GLC the result in `dst`.
static inline bool vmem_atomic_registers(struct emu_wave *wave, const struct emu_inst *inst,
                                         const struct vmem_atomic *op, const struct emu_operand *dst)
{
    return vmem_registers(wave, inst, &inst->src[1], op->dwords * op->sources) &&
           (!inst->glc || vmem_registers(wave, inst, dst, op->dwords));
}

// Atomics need natural alignment: hardware reports a memory violation otherwise.
static inline bool vmem_atomic_aligned(struct emu_wave *wave, const struct emu_inst *inst, const struct vmem_lanes *at,
                                       unsigned bytes)
{
    for (uint32_t rest = at->mask; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        if (at->address[lane] % bytes == 0)
            continue;
        emu_fault_raise(wave, inst, EMU_FAULT_ALIGNMENT, lane, at->address[lane],
                        "atomic on %u bytes at 0x%" PRIx64 ", which is no multiple of %u", bytes, at->address[lane],
                        bytes);
        return false;
    }
    return true;
}

// Reads a lane's value of one or two registers from `first`.
static inline uint64_t vmem_lane_value(const uint32_t *first, int lane, unsigned dwords)
{
    return dwords == 1 ? first[lane] : first[lane] | (uint64_t)first[EMU_LANES + lane] << 32;
}

// One lane: memory is checked and aligned. Without GLC nothing comes back.
static inline void vmem_atomic_lane(const struct emu_wave *wave, const struct emu_inst *inst,
                                    const struct vmem_atomic *op, const struct emu_operand *dst, int lane, void *memory)
{
    const uint32_t *source = emu_vgpr(wave, inst->src[1].reg);
    uint64_t data = vmem_lane_value(source, lane, op->dwords);
    uint64_t compare = op->sources == 2 ? vmem_lane_value(source + op->dwords * EMU_LANES, lane, op->dwords) : 0;
    uint64_t old = op->apply(memory, data, compare);
    if (!inst->glc)
        return;
    uint32_t *result = emu_vgpr(wave, dst->reg);
    result[lane] = (uint32_t)old;
    if (op->dwords == 2)
        result[EMU_LANES + lane] = (uint32_t)(old >> 32);
}

// Active lanes in ascending order on checked device memory.
static inline void vmem_atomic_lanes(const struct emu_wave *wave, const struct emu_inst *inst,
                                     const struct vmem_atomic *op, const struct emu_operand *dst,
                                     const struct vmem_lanes *at)
{
    for (uint32_t rest = at->mask; rest; rest &= rest - 1) {
        int lane = __builtin_ctz(rest);
        vmem_atomic_lane(wave, inst, op, dst, lane, vmem_host_writable(at->address[lane]));
    }
}

#endif
