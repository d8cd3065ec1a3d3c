// The machine's sensors while a run lasts. Each value has one source, chosen when the sensors are opened and kept: two
// sensors of the same thing read differently, so a source that vanishes is not replaced but said.
#ifndef W4_TELEMETRY_SENSORS_H
#define W4_TELEMETRY_SENSORS_H

#include <stdbool.h>
#include <stddef.h>

#include "reading.h"

struct w4_sensors;

// Looks for sensors below `root` ("" for the machine itself; tests use a copy of a sysfs tree), which is copied.
// NULL only when memory ran out; a machine without any sensor gives one that answers NaN. CPU load counts from here.
struct w4_sensors *w4_sensors_create(const char *root);
void w4_sensors_destroy(struct w4_sensors *sensors);

// Reads all of them; takes some 100 us on a machine that has them, so never inside a timed window.
void w4_sensors_read(struct w4_sensors *sensors, double time_s, struct w4_reading *reading);

bool w4_sensors_has_engine_clock(const struct w4_sensors *sensors); // when they were opened
bool w4_sensors_has_gpu(const struct w4_sensors *sensors);          // any value of the GPU
// True when at least one source that answered at first has failed in any reading since.
bool w4_sensors_vanished(const struct w4_sensors *sensors);

// One line for people and result files: "engine clock: hwmon freq1_input; memory clock: gpu_metrics 3.0; power: none;
// temperature: ...; CPU load: /proc/stat".
void w4_sensors_describe(const struct w4_sensors *sensors, char *text, size_t size);

#endif
