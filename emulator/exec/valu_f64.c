// f64 arithmetic, minimum and maximum, and rounding to integers.
#include <math.h>

#include "float_bits.h"
#include "valu.h"

#define IEEE ((mode & EMU_MODE_IEEE) != 0)

static inline uint64_t quiet(double x)
{
    uint64_t bits = emu_bits64(x);
    return emu_is_nan64(bits) ? bits | EMU_F64_QUIET : bits;
}

// Runs in MODE's rounding direction, where compilers' floor without SSE4.1 loses the sign of zeros.
static inline double fract64(double x)
{
    double rest = x - copysign(floor(x), x);
    return rest >= 1.0 ? 0x1.fffffffffffffp-1 : rest;
}

// clang-format off
EMU_VALU2(v_add_f64,   F64, F64, F64, a + b)
EMU_VALU2(v_mul_f64,   F64, F64, F64, a * b)
EMU_VALU3(v_fma_f64,   F64, F64, F64, F64, fma(a, b, c))
EMU_VALU2(v_min_f64,   B64, B64, B64, emu_min_bits64(a, b, IEEE))
EMU_VALU2(v_max_f64,   B64, B64, B64, emu_max_bits64(a, b, IEEE))
EMU_VALU1(v_trunc_f64, B64, B64, quiet(trunc(emu_double(a))))
EMU_VALU1(v_ceil_f64,  B64, B64, quiet(ceil(emu_double(a))))
EMU_VALU1(v_floor_f64, B64, B64, quiet(floor(emu_double(a))))
EMU_VALU1(v_rndne_f64, B64, B64, quiet(rint(emu_double(a))))
EMU_VALU1(v_fract_f64, F64, F64, fract64(a))
// clang-format on
