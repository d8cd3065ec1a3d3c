// What a run needs before its first case.
#ifndef W4_HARNESS_RUN_SETUP_H
#define W4_HARNESS_RUN_SETUP_H

#include "runner.h"

// Opens the device that the options choose and records it and the machine.
enum w4_status w4_run_open_device(struct w4_runner *runner, struct w4_run *run, struct w4_error *error);
// Settles the protocol, and opens sensors and anchors when times are measured. The runner keeps a pointer to
// run->protocol. Prints what decides about the figures on standard error.
enum w4_status w4_run_prepare_measuring(struct w4_runner *runner, struct w4_run *run, struct w4_error *error);

#endif
