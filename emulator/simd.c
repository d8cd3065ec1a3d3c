// Chooses the SIMD level of the instruction bodies for this host.
#include "exec/simd.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

extern const struct emu_bodies emu_bodies_generic;
extern const struct emu_bodies emu_bodies_avx2;
extern const struct emu_bodies emu_bodies_avx512;

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("f16c");
}

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

static bool always(void)
{
    return true;
}

const struct emu_bodies *emu_simd_choose(const char *name)
{
    static const struct {
        const struct emu_bodies *bodies;
        bool (*available)(void);
    } levels[] = {{&emu_bodies_avx512, has_avx512}, {&emu_bodies_avx2, has_avx2}, {&emu_bodies_generic, always}};

    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (name && strcmp(name, levels[i].bodies->level) != 0)
            continue;
        if (levels[i].available())
            return levels[i].bodies;
    }
    return NULL;
}
