// The hidden command `w4bench gate-turns`: one process of an A/B block. It reads a request (request.h) from standard
// input, sets up one case with one code object and warms up, and answers; then it takes a turn for each line "turn",
// and on "end" verifies what the timed launches computed. Answers are JSON lines: {"samples_ms": [...]}, empty where
// there is nothing to tell, or {"error": "..."}, after which it ends.
#ifndef W4_HARNESS_GATE_TURNS_H
#define W4_HARNESS_GATE_TURNS_H

#include "../commands.h"

#define W4_TURNS_COMMAND "gate-turns"
#define W4_TURN_TAKE     "turn"
#define W4_TURN_END      "end"

enum w4_status w4_command_gate_turns(const struct w4_context *context, int *exit_code, struct w4_error *error);

#endif
