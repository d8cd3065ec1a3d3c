// Reading scalar sources and writing scalar results; included by the bodies of scalar instructions.
#ifndef EMU_EXEC_SCALAR_H
#define EMU_EXEC_SCALAR_H

#include "body.h"
#include "lanes.h"

#define SCALAR_BODY(name) void EMU_BODY(name)(struct emu_wave * wave, const struct emu_inst *inst)

// The SGPR case first: it is nearly all of them.
static inline uint32_t scalar_read32(const struct emu_wave *wave, const struct emu_operand *operand)
{
    if (__builtin_expect(operand->kind == EMU_K_SGPR, 1))
        return wave->s[operand->reg];
    return (uint32_t)emu_scalar_source(wave, operand);
}

static inline uint64_t scalar_read64(const struct emu_wave *wave, const struct emu_operand *operand)
{
    return emu_scalar_source(wave, operand);
}

// NULL as destination: the write vanishes.
static inline void scalar_write32(struct emu_wave *wave, const struct emu_operand *operand, uint32_t value)
{
    if (__builtin_expect(operand->kind == EMU_K_SGPR, 1))
        wave->s[operand->reg] = value;
}

static inline void scalar_write64(struct emu_wave *wave, const struct emu_operand *operand, uint64_t value)
{
    if (operand->kind != EMU_K_SGPR)
        return;
    wave->s[operand->reg] = (uint32_t)value;
    wave->s[operand->reg + 1] = (uint32_t)(value >> 32);
}

// By the width of the C type T that an instruction table names.
#define SCALAR_READ(T, operand) ((T)(sizeof(T) == 8 ? scalar_read64(wave, operand) : scalar_read32(wave, operand)))
#define SCALAR_WRITE(T, operand, value)                                                                                \
    (sizeof(T) == 8 ? scalar_write64(wave, operand, (uint64_t)(value))                                                 \
                    : scalar_write32(wave, operand, (uint32_t)(value)))

static inline uint64_t scalar_exec(const struct emu_wave *wave)
{
    return wave->s[EMU_SGPR_EXEC] | (uint64_t)wave->s[EMU_SGPR_EXEC + 1] << 32;
}

#endif
