// Launches of hand-made kernels in modelled time: assembled when the program starts, run one by one.
#ifndef TEST_TIMING_KERNELS_H
#define TEST_TIMING_KERNELS_H

#include "../../../emulator/launch.h"
#include "../../../emulator/timing/observer.h"
#include "../assemble.h"

enum { KERNEL_BUFFER_BYTES = 1 << 20, KERNEL_LDS_BYTES = 16384 };

// What every body finds: s[4:5] address of a buffer of KERNEL_BUFFER_BYTES zeros, s2 the workgroup, s3 the wave, v0
// the work-item of the workgroup, v1 = 4 * v0.
extern const char kernels_head[];
#define KERNEL(kernel_name, kernel_body)                                                                               \
    {.name = (kernel_name), .head = kernels_head, .body = (kernel_body), .buffers = 1, .lds_bytes = KERNEL_LDS_BYTES}

// For a group of tests: assembles and loads the kernels (wave32). Nonzero when that failed.
int kernels_set_up(const struct asm_kernel *kernels, size_t count);
int kernels_tear_down(void **state);
const struct emu_module *kernels_module(void);

// Gives the kernels another buffer, further up in memory by at least this much. False when memory is short.
bool kernels_move_buffer(uint64_t bytes);

// Runs `groups` workgroups of `waves` waves. The caller calls emu_launch_result_fini.
enum w4_status kernels_launch(const char *name, unsigned waves, uint64_t groups,
                              const struct emu_cycles_observer *observer, struct emu_launch_result *result,
                              struct w4_error *error);
// The same, of which only about `budget` wave instructions are simulated (see emu_launch_params).
enum w4_status kernels_launch_part(const char *name, unsigned waves, uint64_t groups, uint64_t budget,
                                   const struct emu_cycles_observer *observer, struct emu_launch_result *result,
                                   struct w4_error *error);

#endif
