// Shared by the vector memory tests: a pattern in memory and what loads of each width make of it, worked out bytewise.
#ifndef EMU_TESTS_VMEM_MEMORY_H
#define EMU_TESTS_VMEM_MEMORY_H

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "wave_fixture.h"

struct load_form {
    const char *suffix;
    unsigned bytes, registers;
    bool is_signed;
    int half; // D16: 0 low, 1 high; -1: the whole register
};

static const struct load_form load_forms[] = {
    {"u8", 1, 1, false, -1},      {"i8", 1, 1, true, -1},         {"u16", 2, 1, false, -1},
    {"i16", 2, 1, true, -1},      {"b32", 4, 1, false, -1},       {"b64", 8, 2, false, -1},
    {"b96", 12, 3, false, -1},    {"b128", 16, 4, false, -1},     {"d16_u8", 1, 1, false, 0},
    {"d16_i8", 1, 1, true, 0},    {"d16_b16", 2, 1, false, 0},    {"d16_hi_u8", 1, 1, false, 1},
    {"d16_hi_i8", 1, 1, true, 1}, {"d16_hi_b16", 2, 1, false, 1},
};

struct store_form {
    const char *suffix;
    unsigned bytes, registers, shift;
};

static const struct store_form store_forms[] = {
    {"b8", 1, 1, 0},   {"b16", 2, 1, 0},   {"b32", 4, 1, 0},        {"b64", 8, 2, 0},
    {"b96", 12, 3, 0}, {"b128", 16, 4, 0}, {"d16_hi_b8", 1, 1, 16}, {"d16_hi_b16", 2, 1, 16},
};

enum { LOAD_FORMS = sizeof load_forms / sizeof *load_forms, STORE_FORMS = sizeof store_forms / sizeof *store_forms };

static inline uint8_t memory_byte(size_t i)
{
    return (uint8_t)(i * 37 + (i >> 8) * 11 + 129);
}

static inline void memory_pattern(struct fixture *f)
{
    for (size_t i = 0; i < FIXTURE_MEMORY_BYTES; i++)
        f->memory[i] = memory_byte(i);
}

// Register `i` of a load's result when memory holds `bytes` from `from` on and the register held `old`.
static inline uint32_t load_want(const struct load_form *form, const uint8_t *from, unsigned i, uint32_t old)
{
    uint32_t raw = 0;
    for (unsigned b = 0; b < 4 && 4 * i + b < form->bytes; b++)
        raw |= (uint32_t)from[4 * i + b] << (8 * b);
    if (form->is_signed && raw >> (8 * form->bytes - 1) & 1)
        raw |= UINT32_MAX << (8 * form->bytes);
    if (form->half < 0)
        return raw;
    return form->half ? (old & 0xffff) | raw << 16 : (old & 0xffff0000) | (raw & 0xffff);
}

// "v[10:13]", or "v10" for one register.
static inline const char *registers_text(unsigned first, unsigned count, char text[32])
{
    if (count == 1)
        snprintf(text, 32, "v%u", first);
    else
        snprintf(text, 32, "v[%u:%u]", first, first + count - 1);
    return text;
}

static inline uint64_t memory_address(const struct fixture *f)
{
    return (uint64_t)(uintptr_t)f->memory;
}

// A 64-bit value in a lane's register pair.
static inline void set_pair(struct fixture *f, unsigned reg, unsigned lane, uint64_t value)
{
    *fixture_v(f, reg, lane) = (uint32_t)value;
    *fixture_v(f, reg + 1, lane) = (uint32_t)(value >> 32);
}

#endif
