// LDS atomics, with and without return. One line an operation: the new memory value from old, a (data0) and b (data1).
// Lanes act in ascending order. Waves of a workgroup take turns on one host thread, so plain accesses are atomic.
// Semantics: RDNA 3 ISA, section 16.15. Float add rounds to nearest even and treats denormals as MODE says; float
// minimum and maximum are the manual's comparisons as they stand (a NaN leaves memory alone). Both are assumed.
#include "lds.h"

typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;
typedef int64_t i64;

LDS_INLINE u64 data_read(const uint32_t *registers, unsigned lane, unsigned bytes)
{
    return bytes == 8 ? registers[lane] | (u64)registers[EMU_LANES + lane] << 32 : registers[lane];
}

LDS_INLINE void data_write(uint32_t *registers, unsigned lane, unsigned bytes, u64 value)
{
    registers[lane] = (u32)value;
    if (bytes == 8)
        registers[EMU_LANES + lane] = (u32)(value >> 32);
}

// Data registers, or zeros where the opcode has none.
LDS_INLINE const uint32_t *data_registers(const struct emu_wave *wave, const struct emu_operand *operand,
                                          const uint32_t *none)
{
    return operand->kind == EMU_K_VGPR ? emu_vgpr(wave, operand->reg) : none;
}

typedef u64 operation(const struct emu_wave *wave, u64 old, u64 a, u64 b);

// Returned values are collected first: the destination may be a data register of later lanes' own operation.
LDS_INLINE void run(struct emu_wave *wave, const struct emu_inst *inst, unsigned bytes, bool returns, operation *apply)
{
    static const uint32_t none[2 * EMU_LANES];
    const uint32_t lanes = emu_exec_mask(wave);
    uint32_t address[EMU_LANES] EMU_ALIGNED, result[2 * EMU_LANES] EMU_ALIGNED;
    if (!lds_addresses(wave, inst, (uint32_t)inst->offset, bytes, bytes, lanes, address))
        return;
    const uint32_t *data0 = data_registers(wave, &inst->src[1], none);
    const uint32_t *data1 = data_registers(wave, &inst->src[2], none);
    for (uint32_t left = lanes; left; left &= left - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(left);
        uint8_t *at = wave->group->lds + address[lane];
        u64 old = 0;
        memcpy(&old, at, bytes);
        const u64 fresh = apply(wave, old, data_read(data0, lane, bytes), data_read(data1, lane, bytes));
        memcpy(at, &fresh, bytes);
        data_write(result, lane, bytes, old);
    }
    for (unsigned d = 0; returns && d < bytes / 4; d++)
        emu_blend32(emu_vgpr(wave, inst->dst.reg + d), result + d * EMU_LANES, lanes);
    if (EMU_UNLIKELY(wave->observed))
        lds_observe(wave, address, lanes, bytes, 0, 1, LDS_ATOMIC);
}

#define OPERATION(name, T, expression)                                                                                 \
    LDS_INLINE u64 apply_##name(const struct emu_wave *wave, u64 old_bits, u64 a_bits, u64 b_bits)                     \
    {                                                                                                                  \
        const T old = (T)old_bits, a = (T)a_bits, b = (T)b_bits;                                                       \
        (void)wave, (void)old, (void)a, (void)b;                                                                       \
        return (u64)(expression);                                                                                      \
    }
#define BODY(name, operation_name, T, returns)                                                                         \
    LDS_BODY(name)                                                                                                     \
    {                                                                                                                  \
        run(wave, inst, sizeof(T), returns, apply_##operation_name);                                                   \
    }
// ds_<op>_<type> and ds_<op>_rtn_<type>.
#define ATOMIC(op, type, T, expression)                                                                                \
    OPERATION(op##_##type, T, expression)                                                                              \
    BODY(ds_##op##_##type, op##_##type, T, false)                                                                      \
    BODY(ds_##op##_rtn_##type, op##_##type, T, true)
#define ATOMIC_RTN(op, type, T, expression)                                                                            \
    OPERATION(op##_##type, T, expression)                                                                              \
    BODY(ds_##op##_rtn_##type, op##_##type, T, true)
#define ATOMIC_BOTH(op, kind, expression)                                                                              \
    ATOMIC(op, kind##32, kind##32, expression)                                                                         \
    ATOMIC(op, kind##64, kind##64, expression)
#define b32 u32
#define b64 u64

ATOMIC_BOTH(add, u, old + a)
ATOMIC_BOTH(sub, u, old - a)
ATOMIC_BOTH(rsub, u, a - old)
ATOMIC_BOTH(inc, u, old >= a ? 0 : old + 1)
ATOMIC_BOTH(dec, u, old == 0 || old > a ? a : old - 1)
ATOMIC_BOTH(min, i, a < old ? a : old)
ATOMIC_BOTH(max, i, a >= old ? a : old)
ATOMIC_BOTH(min, u, a < old ? a : old)
ATOMIC_BOTH(max, u, a >= old ? a : old)
ATOMIC(and, b32, u32, old &a)
ATOMIC(and, b64, u64, old &a)
ATOMIC(or, b32, u32, old | a)
ATOMIC(or, b64, u64, old | a)
ATOMIC(xor, b32, u32, old ^ a)
ATOMIC(xor, b64, u64, old ^ a)
ATOMIC(mskor, b32, u32, (old & ~a) | b)
ATOMIC(mskor, b64, u64, (old & ~a) | b)
ATOMIC(cmpstore, b32, u32, old == b ? a : old)
ATOMIC(cmpstore, b64, u64, old == b ? a : old)
ATOMIC_RTN(storexchg, b32, u32, a)
ATOMIC_RTN(storexchg, b64, u64, a)
ATOMIC_RTN(wrap, b32, u32, old >= a ? old - a : old + b)

// ---- Floats ----------------------------------------------------------------------------------------------------

LDS_INLINE u32 flush_f32(u32 bits, bool flushes)
{
    return flushes && (bits & 0x7f800000) == 0 ? bits & 0x80000000 : bits;
}

static u32 add_f32(const struct emu_wave *wave, u32 a, u32 b)
{
    const bool inputs = emu_flushes_input(wave, EMU_MODE_DENORM32_SHIFT);
    const float sum = emu_float(flush_f32(a, inputs)) + emu_float(flush_f32(b, inputs));
    return flush_f32(emu_bits(sum), emu_flushes_output(wave, EMU_MODE_DENORM32_SHIFT));
}

#define F32(x) emu_float(x)
#define F64(x) emu_double(x)
ATOMIC(add, f32, u32, add_f32(wave, old, a))
ATOMIC(min, f32, u32, F32(a) < F32(old) ? a : old)
ATOMIC(max, f32, u32, F32(a) > F32(old) ? a : old)
ATOMIC(min, f64, u64, F64(a) < F64(old) ? a : old)
ATOMIC(max, f64, u64, F64(a) > F64(old) ? a : old)
ATOMIC(cmpstore, f32, u32, F32(old) == F32(b) ? a : old)
ATOMIC(cmpstore, f64, u64, F64(old) == F64(b) ? a : old)

// ---- Two addresses, conditional exchange, counters -------------------------------------------------------------

// Exchanges at two addresses; data1 is the second one's source.
LDS_INLINE void exchange_pair(struct emu_wave *wave, const struct emu_inst *inst, unsigned bytes, bool stride64)
{
    const uint32_t lanes = emu_exec_mask(wave);
    const uint32_t *data[2] = {emu_vgpr(wave, inst->src[1].reg), emu_vgpr(wave, inst->src[2].reg)};
    const uint32_t offset[2] = {lds_element_offset(inst->offset0, bytes, stride64),
                                lds_element_offset(inst->offset1, bytes, stride64)};
    uint32_t address[2][EMU_LANES] EMU_ALIGNED, result[4 * EMU_LANES] EMU_ALIGNED;
    if (!lds_addresses(wave, inst, offset[0], bytes, bytes, lanes, address[0]) ||
        !lds_addresses(wave, inst, offset[1], bytes, bytes, lanes, address[1]))
        return;
    for (uint32_t left = lanes; left; left &= left - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(left);
        u64 old[2] = {0, 0};
        for (unsigned i = 0; i < 2; i++)
            memcpy(&old[i], wave->group->lds + address[i][lane], bytes);
        for (unsigned i = 0; i < 2; i++) {
            const u64 fresh = data_read(data[i], lane, bytes);
            memcpy(wave->group->lds + address[i][lane], &fresh, bytes);
            data_write(result + i * (bytes / 4) * EMU_LANES, lane, bytes, old[i]);
        }
    }
    for (unsigned d = 0; d < bytes / 2; d++)
        emu_blend32(emu_vgpr(wave, inst->dst.reg + d), result + d * EMU_LANES, lanes);
    for (unsigned i = 0; EMU_UNLIKELY(wave->observed) && i < 2; i++)
        lds_observe(wave, address[i], lanes, bytes, i, 2, LDS_ATOMIC);
}

#define EXCHANGE_2ADDR(name, bytes, stride64)                                                                          \
    LDS_BODY(name)                                                                                                     \
    {                                                                                                                  \
        exchange_pair(wave, inst, bytes, stride64);                                                                    \
    }
EXCHANGE_2ADDR(ds_storexchg_2addr_rtn_b32, 4, false)
EXCHANGE_2ADDR(ds_storexchg_2addr_rtn_b64, 8, false)
EXCHANGE_2ADDR(ds_storexchg_2addr_stride64_rtn_b32, 4, true)
EXCHANGE_2ADDR(ds_storexchg_2addr_stride64_rtn_b64, 8, true)

// Two dwords, at 8-byte granularity: each is replaced where its data's top bit is set, by the data without that bit.
LDS_BODY(ds_condxchg32_rtn_b64)
{
    const uint32_t lanes = emu_exec_mask(wave), *base = emu_vgpr(wave, inst->src[0].reg);
    const uint32_t *data = emu_vgpr(wave, inst->src[1].reg);
    uint32_t address[EMU_LANES] EMU_ALIGNED, result[2 * EMU_LANES] EMU_ALIGNED;
    for (unsigned lane = 0; lane < EMU_LANES; lane++)
        address[lane] = lanes >> lane & 1 ? (base[lane] + (uint32_t)inst->offset) & 0xfff8 : 0;
    if (!lanes || !lds_check(wave, inst, address, lanes, 8, 8))
        return;
    for (uint32_t left = lanes; left; left &= left - 1) {
        const unsigned lane = (unsigned)__builtin_ctz(left);
        for (unsigned d = 0; d < 2; d++) {
            uint8_t *at = wave->group->lds + address[lane] + 4 * d;
            const uint32_t fresh = data[d * EMU_LANES + lane];
            memcpy(&result[d * EMU_LANES + lane], at, 4);
            if (fresh >> 31)
                memcpy(at, &(uint32_t){fresh & 0x7fffffff}, 4);
        }
    }
    emu_blend32(emu_vgpr(wave, inst->dst.reg), result, lanes);
    emu_blend32(emu_vgpr(wave, inst->dst.reg + 1), result + EMU_LANES, lanes);
    if (EMU_UNLIKELY(wave->observed))
        lds_observe(wave, address, lanes, 8, 0, 1, LDS_ATOMIC);
}

// Adds the number of active lanes of the whole wave to the counter at M0[15:0] + offset and returns the old count to
// all of them. One operation a wave: in wave64 the first half does it for both.
LDS_INLINE void count(struct emu_wave *wave, const struct emu_inst *inst, uint32_t sign)
{
    const uint32_t *exec = &wave->s[EMU_SGPR_EXEC];
    const unsigned halves = wave->wave64 ? 2 : 1;
    const uint32_t active =
        (uint32_t)__builtin_popcount(exec[0]) + (halves == 2 ? (uint32_t)__builtin_popcount(exec[1]) : 0);
    uint32_t address[EMU_LANES] EMU_ALIGNED = {(wave->s[EMU_SGPR_M0] & 0xffff) + (uint32_t)inst->offset}, old;
    if (wave->half != 0 || active == 0 || !lds_check(wave, inst, address, 1, 4, 4))
        return;
    memcpy(&old, wave->group->lds + address[0], 4);
    memcpy(wave->group->lds + address[0], &(uint32_t){old + sign * active}, 4);
    for (unsigned half = 0; half < halves; half++) {
        uint32_t *out = emu_vgpr(wave, inst->dst.reg) + (size_t)half * 256 * EMU_LANES;
        for (unsigned lane = 0; lane < EMU_LANES; lane++)
            out[lane] = exec[half] >> lane & 1 ? old : out[lane];
    }
    if (EMU_UNLIKELY(wave->observed))
        lds_observe(wave, address, 1, 4, 0, 1, LDS_ATOMIC);
}

LDS_BODY(ds_append)
{
    count(wave, inst, 1);
}

LDS_BODY(ds_consume)
{
    count(wave, inst, 0u - 1);
}
