// One process of an A/B block, seen from the gate: started fresh, told what to run, given its turns, ended. What goes
// wrong with it (killed, hung, rubbish on its output, a wrong result) is a message, not an error of the gate.
#ifndef W4_HARNESS_GATE_PROCESS_H
#define W4_HARNESS_GATE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "../../base/error.h"
#include "request.h"

enum { W4_TURN_MESSAGE_MAX = 256 };

struct w4_turn_process {
    pid_t pid;                         // 0: not running
    int to, from;                      // pipes to its input and from its output
    double limit_s;                    // for each answer
    char message[W4_TURN_MESSAGE_MAX]; // of the first thing that went wrong, else ""
};

// Starts this program's `gate-turns`, sends the request and waits until the kernel is warmed up. Its standard error
// goes to `log_path` (appended). False: see message. Call w4_turn_process_kill in any case.
bool w4_turn_process_start(struct w4_turn_process *process, const struct w4_turn_request *request, const char *log_path,
                           double limit_s);
// One turn: *samples_ms (owned by the caller, free it in any case) are milliseconds a launch.
bool w4_turn_process_take(struct w4_turn_process *process, double **samples_ms, size_t *count);
// Has it verify what it computed, and waits for its end. False when the result was wrong, too.
bool w4_turn_process_end(struct w4_turn_process *process);
// Kills it if it still runs, and frees what belongs to it.
void w4_turn_process_kill(struct w4_turn_process *process);

#endif
