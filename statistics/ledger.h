// What the nightly controls prove about the gate: how often unchanged code raised an alarm, how often an injected
// slowdown was caught. Pure functions of the records; storing them is the harness's.
#ifndef W4_STATISTICS_LEDGER_H
#define W4_STATISTICS_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct w4_control_night {
    uint64_t unchanged;       // cases that went through the whole pipeline with the same code object (A/A)
    uint64_t alarms;          // of these, verdict FAIL before the same-code rule made it DRIFT
    uint64_t controls;        // injected slowdowns
    uint64_t controls_caught; // of these, FAIL
};

struct w4_ledger {
    uint64_t nights;       // with at least one unchanged case
    uint64_t alarm_nights; // with at least one alarm
    uint64_t unchanged, alarms;
    uint64_t controls, controls_caught;
    uint64_t blind_nights;      // without a control, or with one that was missed
    double alarm_night_bound;   // with confidence 1 - alpha at most so many nights raise an alarm (Clopper-Pearson)
    double alarm_case_bound;    // the same a case and night
    double control_catch_bound; // with confidence 1 - alpha at least so many injected slowdowns are caught
};

// A night is blind when its control was missed or absent: its PASS proves nothing.
bool w4_control_night_is_blind(const struct w4_control_night *night);
struct w4_ledger w4_ledger_of(const struct w4_control_night *nights, size_t count, double alpha);

#endif
