// Sums of control nights and the exact bounds that follow.
#include "ledger.h"

#include "binomial.h"

bool w4_control_night_is_blind(const struct w4_control_night *night)
{
    return night->controls == 0 || night->controls_caught < night->controls;
}

struct w4_ledger w4_ledger_of(const struct w4_control_night *nights, size_t count, double alpha)
{
    struct w4_ledger ledger = {0};
    for (size_t i = 0; i < count; ++i) {
        const struct w4_control_night *night = &nights[i];
        ledger.nights += night->unchanged > 0;
        ledger.alarm_nights += night->alarms > 0;
        ledger.unchanged += night->unchanged;
        ledger.alarms += night->alarms;
        ledger.controls += night->controls;
        ledger.controls_caught += night->controls_caught;
        ledger.blind_nights += w4_control_night_is_blind(night);
    }
    ledger.alarm_night_bound = w4_proportion_upper(ledger.alarm_nights, ledger.nights, alpha);
    ledger.alarm_case_bound = w4_proportion_upper(ledger.alarms, ledger.unchanged, alpha);
    ledger.control_catch_bound = w4_proportion_lower(ledger.controls_caught, ledger.controls, alpha);
    return ledger;
}
