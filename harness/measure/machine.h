// The fingerprint of a run: what the HIP runtime says of its device and what the machine says of itself.
#ifndef W4_HARNESS_MEASURE_MACHINE_H
#define W4_HARNESS_MEASURE_MACHINE_H

#include "../../device/hip.h"
#include "../../telemetry/fingerprint.h"

// `root` as in w4_fingerprint_read. When times are modelled only the device's fields are filled: no machine can change
// a modelled time, so none may stand in the way of a comparison.
void w4_machine_fingerprint(const struct w4_device_info *info, const char *root, struct w4_fingerprint *fingerprint);

// Prints what the machine says (not the device), one line a field, "unknown" where it says nothing.
void w4_machine_print(const struct w4_fingerprint *fingerprint);

#endif
