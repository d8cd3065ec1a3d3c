// The ledger: one JSON line a gated night on a measured device, appended and never changed. From it the gate's own
// false-alarm rate is published.
#ifndef W4_HARNESS_GATE_LEDGER_H
#define W4_HARNESS_GATE_LEDGER_H

#include <stdio.h>

#include "../gate.h"

// One control of one night, as the ledger keeps it.
struct w4_ledger_control {
    char id[W4_CASE_ID_MAX]; // "" there was none
    char outcome[16];        // of statistics/decide.h
    int64_t blocks;          // 0: it came to no decision
    double sigma_d;          // of the block values; 0: fewer than two blocks
};

struct w4_ledger_night {
    char time_utc[32], device_key[160], revision[64], suite[W4_NAME_MAX];
    char verdict[16]; // of the night
    int64_t cases;    // held against baselines
    int64_t flagged;  // by the screen
    double injected_share;
    double level; // of one look at one case, multiplicity and looks divided out
    int64_t cap_blocks;
    struct w4_ledger_control same, injected;
};

// Appends a night as one write at the file's end; makes the file when there is none.
enum w4_status w4_ledger_append(const char *path, const struct w4_run *run, const struct w4_gate *gate,
                                struct w4_error *error);

struct w4_ledger_nights {
    struct w4_ledger_night *nights; // owned, in the file's order
    size_t count;
};
// A line that is no night is W4_PARSE with file and line.
enum w4_status w4_ledger_load(const char *path, struct w4_ledger_nights *nights, struct w4_error *error);
void w4_ledger_nights_fini(struct w4_ledger_nights *nights);

// What `w4bench gate ledger` prints: bounds on false alarms and on missed slowdowns, and for each case that was a
// control the smallest change its noise lets the gate see.
enum w4_status w4_ledger_print(const struct w4_ledger_nights *nights, FILE *out, bool colours, struct w4_error *error);

#endif
