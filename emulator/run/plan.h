// A LAUNCH.json as data: what gfx1151-run is asked to do. Format: docs of gfx1151-run (README).
#ifndef EMU_RUN_PLAN_H
#define EMU_RUN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../base/error.h"
#include "../timing/params.h"

enum plan_fill { PLAN_ZERO, PLAN_RANDOM, PLAN_RANDOM_F16, PLAN_RANDOM_BF16, PLAN_RANDOM_F32, PLAN_WORD, PLAN_FILE };

struct plan_buffer {
    char *name;
    uint64_t bytes; // 0: as long as the file
    enum plan_fill fill;
    uint32_t word; // PLAN_WORD
    uint64_t seed;
    char *file;   // PLAN_FILE
    char *dump;   // where its bytes go after the launch; NULL: nowhere
    void *memory; // device memory; set by plan_run
};

enum plan_arg_kind { PLAN_ARG_BUFFER, PLAN_ARG_INTEGER, PLAN_ARG_FLOAT, PLAN_ARG_POINTER };

struct plan_arg {
    enum plan_arg_kind kind;
    uint8_t bytes;  // 4 or 8
    uint64_t value; // its bits
    size_t buffer;  // index, PLAN_ARG_BUFFER
};

enum plan_mode { PLAN_FUNCTION, PLAN_TIMING, PLAN_FUNCTION_TIMING, PLAN_CHECK };

struct plan {
    char *code_object, *kernel;
    uint32_t grid[3], block[3]; // workgroups, work-items
    uint32_t dynamic_lds_bytes;
    struct plan_arg *args;
    size_t arg_count;
    struct plan_buffer *buffers;
    size_t buffer_count;
    enum plan_mode mode;
    uint64_t sample; // 0: all
    uint64_t *list;  // linear workgroup ids, ascending; NULL: none given
    size_t list_count;
};

// Reads the file; relative paths in it are relative to its folder. The caller calls plan_fini in either case.
enum w4_status plan_load(struct plan *plan, const char *path, struct w4_error *error);
void plan_fini(struct plan *plan);

struct plan_options {
    unsigned threads; // 0: all cores
    double clock_mhz;
    bool cycles;       // the execution-driven model of time instead of the issue-only one
    bool profile;      // in the report and as text on standard error; needs `cycles` and a mode with timing
    const char *trace; // file for a trace of the waves; needs the same; NULL: none
    struct emu_timing_params timing; // of the execution-driven model
    bool simulate_all;               // it extrapolates nothing
};

// Runs the plan, prints its JSON object on standard output and writes the dumps. *fired: a check or fault was reported.
enum w4_status plan_run(struct plan *plan, const struct plan_options *options, bool *fired, struct w4_error *error);

// Fills `bytes` of memory as the buffer asks.
enum w4_status plan_fill_buffer(const struct plan_buffer *buffer, uint8_t *memory, struct w4_error *error);

#endif
