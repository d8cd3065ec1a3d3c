// What one process of an A/B block is told to run: a JSON line between `w4bench gate` and the `w4bench gate-turns` that
// it starts. One table, read and written.
#ifndef W4_HARNESS_GATE_REQUEST_H
#define W4_HARNESS_GATE_REQUEST_H

#include <jansson.h>

#include "../context.h"
#include "../results.h"

struct w4_turn_request {
    char device[512];          // as --device
    char sensor_root[512];     // as --sensor-root; "" the machine itself
    char manifest[1024];       // kernels.json, or the kept one of a code object
    char variant[W4_NAME_MAX]; // which of its kernels
    char code_object_hash[33]; // what it must be
    uint64_t seed;             // of the operands
    int64_t jobs;              // host threads; 0: all
    int32_t samples;           // timed windows a turn
    double injected_share;     // slow the kernel down: 0.08 = 8 % fewer TFLOPS; 0: as it is
    int32_t launch_multiple;   // launches of a window are a multiple of this; 1: any number
    struct w4_case test;
    struct w4_protocol protocol;
};

// One line of text, to be freed; NULL when memory ran out or a text is not UTF-8.
char *w4_turn_request_write(const struct w4_turn_request *request);
enum w4_status w4_turn_request_read(const char *line, struct w4_turn_request *request, struct w4_error *error);

// The injected slowdown as whole launches: of every *launches, *extra are launched twice, so that time grows by
// share / (1 - share) and TFLOPS fall by `share`. 8 % is exactly 2 of 23.
void w4_turn_injection(double share, int32_t *launches, int32_t *extra);

#endif
