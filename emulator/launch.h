// Launches of one kernel: what the caller asks for, what it gets back, and the facts of a running launch that waves
// look up. Launches are synchronous; workgroups are spread over host threads.
#ifndef EMU_LAUNCH_H
#define EMU_LAUNCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"
#include "../codeobject/codeobject.h"
#include "code.h"
#include "memory.h"
#include "timing/cycles_result.h"
#include "timing/params.h"
#include "timing/timing.h"
#include "wave.h"

enum {
    EMU_WORKITEMS_MAX = 1024, // a workgroup
    EMU_WAVES_A_GROUP = EMU_WORKITEMS_MAX / EMU_LANES,
    EMU_LDS_MAX = 65536, // bytes a workgroup
    // 32767 granules of 256 bytes: what the 15 bits of COMPUTE_TMPRING_SIZE.WAVESIZE hold (LLVM, GCNSubtarget's
    // getMaxWaveScratchSize for gfx11).
    EMU_SCRATCH_WAVE_MAX = 256 * 32767,
    EMU_KERNARG_MAX = 1 << 24 // ours: far above any real kernel's
};

// Aperture bases: 2^32-aligned, as the gfx11 driver places them, above every user address of the host.
#define EMU_SHARED_BASE  (UINT64_C(1) << 48)
#define EMU_PRIVATE_BASE (UINT64_C(2) << 48)

// A loaded code object.
struct emu_module {
    struct co_object object;
    uint8_t *image; // in device memory; its address is the load base
    char *name;
    struct emu_code *code[2]; // wave32, wave64
};

// Parses, loads and registers a code object. `name` is for messages. The caller destroys the module before the memory.
enum w4_status emu_module_create(struct emu_memory *memory, const void *bytes, size_t size, const char *name,
                                 struct emu_module **module, struct w4_error *error);
void emu_module_destroy(struct emu_memory *memory, struct emu_module *module);

// Why a launch was refused or failed; a caller maps it to its own codes.
enum emu_launch_problem {
    EMU_LAUNCH_FINE,
    EMU_LAUNCH_EMPTY,     // a dimension of grid or block is 0
    EMU_LAUNCH_TOO_LARGE, // block or grid beyond the chip's limits
    EMU_LAUNCH_BOUNDS,    // block beyond the kernel's own limit
    EMU_LAUNCH_LDS,       // LDS beyond 64 KB
    EMU_LAUNCH_ARGUMENTS, // argument bytes do not fit the kernel
    EMU_LAUNCH_NO_MEMORY,
    EMU_LAUNCH_FAULT, // a wave faulted
    EMU_LAUNCH_CANCELLED
};

enum emu_model { EMU_MODEL_ISSUE, EMU_MODEL_CYCLES };

struct emu_adversary;       // checks/adversary.h
struct emu_checker;         // checks/checks.h
struct emu_cycles_observer; // timing/observer.h

struct emu_launch_params {
    const struct emu_module *module;
    const struct co_kernel *kernel;
    uint64_t grid[3];  // work-items; need not be a multiple of the block
    uint32_t block[3]; // work-items
    uint32_t dynamic_lds_bytes;
    const void *arguments; // explicit arguments in kernarg layout; hidden ones are filled in
    size_t argument_bytes;
    // Which workgroups: `list` (ascending linear ids) when not NULL, else an even sample of `sample` when not 0.
    const uint64_t *list;
    size_t list_count;
    uint64_t sample;
    unsigned threads;           // 0: all cores
    uint64_t instruction_limit; // a wave; 0: EMU_INSTRUCTION_LIMIT
    double clock_mhz;           // of modelled time
    const atomic_int *cancel;   // stops the launch when not 0; may be NULL
    // Model of time. CYCLES runs the workgroups itself, on the whole modelled chip and on one host thread: all of them,
    // or, in a large launch, some rounds of them (sample and list are then not taken).
    enum emu_model model;
    const struct emu_timing_params *timing;     // of the cycles model; NULL: emu_timing_defaults
    uint64_t instruction_budget;                // CYCLES: wave instructions that are simulated, about, before the rest
                                                // is extrapolated; 0: a few seconds' work, UINT64_MAX: all
    const struct emu_cycles_observer *observer; // of EMU_MODEL_CYCLES; NULL: none
    // At most one of these, or neither; both run the workgroups one after the other on one host thread.
    struct emu_checker *checker;
    struct emu_adversary *adversary;
};

// About ten minutes of one host core: far above any real kernel's wave, and still an end.
#define EMU_INSTRUCTION_LIMIT (UINT64_C(1) << 34)
// What EMU_INSTRUCTION_LIMIT in the environment asks for; 0 when it is not set.
uint64_t emu_instruction_limit_setting(void);

struct emu_launch_result {
    enum emu_launch_problem problem;
    uint32_t fault; // enum emu_fault_kind, with EMU_LAUNCH_FAULT
    uint64_t workgroups, workgroups_run;
    uint64_t *ids; // linear ids of the workgroups that ran, ascending; owned
    uint64_t wave_instructions;
    uint64_t class_counts[EMU_C_COUNT];
    double host_seconds;
    struct emu_timing_result timing;
    struct emu_cycles_result cycles; // EMU_MODEL_CYCLES
};

// Runs the launch to its end. On failure the error says kernel, workgroup, wave, lane, pc, instruction and reason. The
// caller calls emu_launch_result_fini in either case. One launch at a time a memory.
enum w4_status emu_launch(struct emu_memory *memory, const struct emu_launch_params *params,
                          struct emu_launch_result *result, struct w4_error *error);
void emu_launch_result_fini(struct emu_launch_result *result);

// ---- What a running launch shares among its workgroups ----------------------------------------------------------

struct emu_launch_context {
    const struct emu_launch_params *params;
    const struct co_kernel *kernel;
    struct emu_code *code;
    const struct emu_inst *entry;
    struct emu_memory *memory;
    const struct emu_ranges *ranges;
    // Memory that only this launch has: arguments, dispatch packet, queue. Read-only to kernels.
    uint8_t *kernarg, *packet, *queue;
    uint64_t kernarg_bytes;
    uint64_t groups[3]; // workgroups, the partial last ones included
    uint32_t wave_size, lds_bytes, vgpr_words, scratch_lane_bytes;
    uint64_t instruction_limit;
};

// Fills the kernarg segment: explicit arguments, then hidden ones where the metadata places them.
void emu_kernarg_fill(struct emu_launch_context *context);

// Builds the dispatch packet (HSA kernel_dispatch_packet) and the queue that kernels may read.
enum { EMU_PACKET_BYTES = 64, EMU_QUEUE_BYTES = 256 };
void emu_packet_fill(struct emu_launch_context *context);

// Sets a workgroup's id and its waves to their state at the first instruction. Storage (VGPRs, LDS, scratch) is the
// caller's and is cleared here: hardware leaves it undefined, and zero makes every run the same.
void emu_startup(const struct emu_launch_context *context, uint64_t linear_id, struct emu_group *group);

// Number of SGPRs that start-up sets (user and system).
unsigned emu_startup_sgprs(const struct co_kernel *kernel);

// "kernel K, workgroup (x,y,z), wave w, lane l, pc 0x..: <instruction>: <what>".
void emu_fault_message(const struct emu_launch_context *context, const struct emu_fault *fault, char *text,
                       size_t size);

#endif
