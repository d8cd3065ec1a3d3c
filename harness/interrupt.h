// SIGINT and SIGTERM: the first asks the run to stop and cancels the launch that is running; a second one kills.
#ifndef W4_HARNESS_INTERRUPT_H
#define W4_HARNESS_INTERRUPT_H

#include <stdbool.h>

#include "../base/error.h"
#include "../device/hip.h"

// The device is borrowed until w4_interrupt_remove.
enum w4_status w4_interrupt_install(struct w4_device *device, struct w4_error *error);
void w4_interrupt_remove(void);
bool w4_interrupt_requested(void);

#endif
