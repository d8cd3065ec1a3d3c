// Tables of vectors for vector instructions: rows with the same text run at once, one a lane. Sources are v[2:3] = a,
// v[4:5] = b and v[6:7] = c, s10 has the lanes' `in` bits; the destination is v0, v0.l, v0.h or v[0:1], which held
// VECTOR_OLD before and keeps what the text does not name; texts that name vcc_lo also yield `bit`.
#ifndef EMU_TESTS_VECTORS_H
#define EMU_TESTS_VECTORS_H

#include <string.h>

#include "wave_fixture.h"

#define VECTOR_OLD UINT64_C(0x0123456789abcdef)

struct vector {
    const char *text;
    uint64_t a, b, c;
    uint64_t want;
    unsigned in, bit;
};

static inline void vector_set(struct fixture *f, unsigned reg, unsigned lane, uint64_t value)
{
    *fixture_v(f, reg, lane) = (uint32_t)value;
    *fixture_v(f, reg + 1, lane) = (uint32_t)(value >> 32);
}

static inline uint64_t vector_get(const struct fixture *f, unsigned reg, unsigned lane)
{
    return *fixture_v(f, reg, lane) | (uint64_t)*fixture_v(f, reg + 1, lane) << 32;
}

// What v[0:1] holds after the row's text has written `want`.
static inline uint64_t vector_expected(const struct vector *v)
{
    const uint64_t old = VECTOR_OLD;
    if (strstr(v->text, "v_cmp"))
        return old;
    if (strstr(v->text, "v[0:1]"))
        return v->want;
    if (strstr(v->text, "v0.l"))
        return (old & ~UINT64_C(0xffff)) | (v->want & 0xffff);
    if (strstr(v->text, "v0.h"))
        return (old & ~UINT64_C(0xffff0000)) | (v->want & 0xffff) << 16;
    return (old & ~UINT64_C(0xffffffff)) | (v->want & 0xffffffff);
}

static inline void vectors_run(struct fixture *f, const struct vector *rows, unsigned count)
{
    f->wave.s[10] = 0;
    for (unsigned lane = 0; lane < EMU_LANES; lane++) {
        const struct vector *v = &rows[lane < count ? lane : 0];
        vector_set(f, 0, lane, VECTOR_OLD);
        vector_set(f, 2, lane, v->a);
        vector_set(f, 4, lane, v->b);
        vector_set(f, 6, lane, v->c);
        f->wave.s[10] |= v->in << lane;
    }
    f->wave.s[EMU_SGPR_VCC] = f->wave.s[10];
    fixture_run(f, rows->text);
    for (unsigned lane = 0; lane < count; lane++) {
        const struct vector *v = &rows[lane];
        uint64_t got = vector_get(f, 0, lane), want = vector_expected(v);
        unsigned bit = f->wave.s[EMU_SGPR_VCC] >> lane & 1;
        bool bit_counts = strstr(v->text, "vcc_lo,") != NULL;
        if (got != want || (bit_counts && bit != v->bit))
            fail_msg("%s of 0x%llx, 0x%llx, 0x%llx (in %u): 0x%llx, bit %u; expected 0x%llx, bit %u", v->text,
                     (unsigned long long)v->a, (unsigned long long)v->b, (unsigned long long)v->c, v->in,
                     (unsigned long long)got, bit, (unsigned long long)want, v->bit);
    }
}

static inline void vectors_check(struct fixture *f, const struct vector *rows, size_t count)
{
    for (size_t i = 0, n; i < count; i += n) {
        for (n = 1; i + n < count && n < EMU_LANES && strcmp(rows[i + n].text, rows[i].text) == 0; n++)
            ;
        vectors_run(f, &rows[i], (unsigned)n);
    }
}

#define VECTORS_CHECK(f, table) vectors_check(f, table, sizeof(table) / sizeof *(table))

#endif
