// Loads any bytes as a code object and launches each of its kernels for a few instructions, for the fuzz targets and
// the smoke test. Refusals and faults are fine ends; they must say why.
#ifndef EMU_TESTS_OBJECT_LAUNCH_H
#define EMU_TESTS_OBJECT_LAUNCH_H

#include <stddef.h>
#include <stdint.h>

// Returns how many kernels started. Aborts when a failure gives no reason.
size_t object_launch(const uint8_t *bytes, size_t size);

#endif
