// Chooses the SIMD level of the instruction bodies for this host.
#ifndef EMU_EXEC_SIMD_H
#define EMU_EXEC_SIMD_H

#include "body.h"

// The best level that this processor has; `name` ("generic", "avx2", "avx512") asks for one, NULL for the best.
// NULL when the processor lacks the level asked for or the name is unknown.
const struct emu_bodies *emu_simd_choose(const char *name);

#endif
