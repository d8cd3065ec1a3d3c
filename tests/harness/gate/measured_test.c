// Decisions on a measured device, from hand-made records alone: screen, confirmation, controls, machines.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "../../../harness/gate.h"
#include "../../../harness/gate/blocks.h"
#include "../sample.h"

#define NEW_HASH "ffffffffffffffffffffffffffffffff"
#define OLD_HASH "0123456789abcdef0123456789abcdef" // sample.h's

enum { FIRST_BLOCKS = 16, CAP_BLOCKS = 24 };

struct fixture {
    struct w4_run run;
    struct w4_baselines baselines;
    struct w4_gate gate;
};

static void *doubles(size_t count, double value)
{
    double *values = malloc((count ? count : 1) * sizeof(*values));
    assert_non_null(values);
    for (size_t i = 0; i < count; ++i)
        values[i] = value;
    return values;
}

// Adds a block whose value is `d`: times of 1 ms against exp(d) ms, with drift that ABBA cancels.
static struct w4_block *add_block(struct w4_result *result, const char *kind, int32_t index, const char *baseline,
                                  const char *candidate, double d)
{
    struct w4_measured *measured = &result->measured;
    struct w4_block *grown = realloc(measured->blocks, (measured->block_count + 4) * sizeof(*grown));
    assert_non_null(grown);
    measured->blocks = grown;
    struct w4_block *first = &grown[measured->block_count];
    for (int32_t order = 0; order < 4; ++order) {
        struct w4_block *part = &grown[measured->block_count++];
        bool is_candidate = order == 1 || order == 2;
        *part = (struct w4_block){.index = index, .order = order, .process_id = 1, .sample_count = 3};
        w4_text_copy(part->kind, sizeof(part->kind), kind);
        w4_text_copy(part->side, sizeof(part->side), is_candidate ? W4_SIDE_CANDIDATE : W4_SIDE_BASELINE);
        w4_text_copy(part->code_object_hash, sizeof(part->code_object_hash), is_candidate ? candidate : baseline);
        part->samples_ms = doubles(3, exp((is_candidate ? d : 0) + 0.01 * order));
        part->samples_ms[order % 3] *= 9; // a spike that the turn's median shrugs off
    }
    return first;
}

// `count` blocks around `d`, so that the interval has a width.
static void add_blocks(struct w4_result *result, const char *kind, const char *baseline, const char *candidate,
                       size_t count, double d)
{
    for (size_t i = 0; i < count; ++i)
        add_block(result, kind, (int32_t)i, baseline, candidate, d + 0.002 * ((double)i - (double)(count - 1) / 2));
}

static void set_anchor(struct w4_result *result, double time_ms)
{
    free(result->measured.anchor_wmma_ms);
    result->measured.anchor_wmma_ms = doubles(3, time_ms);
    result->measured.anchor_wmma_count = 3;
}

// A measured night equal to its baselines, whose controls are in order.
static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct w4_error error = {0};
    const struct w4_acceptance wish = {.reason = "first", .tolerance = -1};
    size_t accepted = 0;
    if (!fixture)
        return -1;
    *state = fixture;
    struct w4_run *run = &fixture->run;
    sample_run(run);
    run->device.modelled = false;
    run->clock_mhz = 0;
    w4_text_copy(run->device.key, sizeof(run->device.key), "gfx1151-box");
    w4_text_copy(run->fingerprint.kernel, sizeof(run->fingerprint.kernel), "6.14.0");
    for (size_t i = 0; i < run->case_count; ++i)
        set_anchor(&run->cases[i], 1);
    if (w4_baselines_accept(&fixture->baselines, run, &wish, &accepted, &error) != W4_OK)
        return -1;
    run->gate_plan = (struct w4_gate_plan){.active = true,
                                           .alpha = 0.05,
                                           .comparisons = SAMPLE_COUNT,
                                           .first_blocks = FIRST_BLOCKS,
                                           .step_blocks = CAP_BLOCKS - FIRST_BLOCKS,
                                           .cap_blocks = CAP_BLOCKS,
                                           .visit_samples = 3,
                                           .injected_share = 0.08};
    w4_text_copy(run->gate_plan.same_case, W4_CASE_ID_MAX, sample_rows[2].id);
    w4_text_copy(run->gate_plan.injected_case, W4_CASE_ID_MAX, sample_rows[3].id);
    add_blocks(&run->cases[2], W4_KIND_SAME, OLD_HASH, OLD_HASH, FIRST_BLOCKS, 0);
    add_blocks(&run->cases[3], W4_KIND_INJECTED, OLD_HASH, OLD_HASH, FIRST_BLOCKS, -log(0.92));
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    w4_gate_fini(&fixture->gate);
    w4_baselines_fini(&fixture->baselines);
    w4_run_fini(&fixture->run);
    free(fixture);
    return 0;
}

static int decide(struct fixture *fixture)
{
    struct w4_error error = {0};
    w4_gate_fini(&fixture->gate);
    if (w4_gate_decide(&fixture->run, &fixture->baselines, false, -1, &fixture->gate, &error) != W4_OK)
        fail_msg("%s", error.message);
    return w4_gate_exit_code(&fixture->gate);
}

static void expect_verdict(const struct fixture *fixture, size_t item, enum w4_verdict verdict, const char *text)
{
    const struct w4_gate_item *found = &fixture->gate.items[item];
    if (found->verdict != verdict || !strstr(found->note, text))
        fail_msg("%s \"%s\" instead of %s with \"%s\"", w4_verdict_word(found->verdict), found->note,
                 w4_verdict_word(verdict), text);
}

static void change_code(struct w4_result *result, double time_factor)
{
    w4_text_copy(result->code_object_hash, sizeof(result->code_object_hash), NEW_HASH);
    result->samples_ms[0] *= time_factor;
}

static void a_quiet_night_passes(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decide(fixture), 0);
    assert_int_equal(fixture->gate.counts[W4_VERDICT_PASS], SAMPLE_COUNT);
    assert_false(fixture->gate.controls.blind);
    assert_non_null(strstr(fixture->gate.controls.text, "-8 % injected into "));
    assert_non_null(strstr(fixture->gate.controls.text, "caught after 16 blocks"));
}

struct confirm_row {
    double time_factor; // that night's figure
    double d;           // of the blocks
    size_t blocks;
    enum w4_verdict verdict;
    const char *note;
};

// Tolerance 5 %: delta is 0.0513; the screen flags half of that in the figure.
static void what_the_screen_flags_is_decided_by_its_blocks(void **state)
{
    struct fixture *fixture = *state;
    static const struct confirm_row rows[] = {
        {1.02, 0, 0, W4_VERDICT_PASS, ""}, // not flagged
        {1.10, 0.105, FIRST_BLOCKS, W4_VERDICT_FAIL, "A/B of 16 blocks"},
        {1.10, 0, FIRST_BLOCKS, W4_VERDICT_PASS, "A/B of 16 blocks"}, // the figure lied
        {0.90, -0.105, FIRST_BLOCKS, W4_VERDICT_IMPROVED, "baseline accept"},
        {1.06, 0.048, FIRST_BLOCKS, W4_VERDICT_INCONCLUSIVE, "not confirmed to the end"},
        {1.06, 0.048, CAP_BLOCKS, W4_VERDICT_INCONCLUSIVE, "not settled within 24 blocks"},
        {1.10, 0.105, FIRST_BLOCKS - 1, W4_VERDICT_INCONCLUSIVE, "not confirmed to the end"},
        {1.10, 0, 0, W4_VERDICT_INCONCLUSIVE, "not confirmed to the end"},
    };
    struct w4_result *result = &fixture->run.cases[0];
    change_code(result, 1);
    const double base_ms = result->samples_ms[0];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        for (size_t j = 0; j < result->measured.block_count; ++j)
            free(result->measured.blocks[j].samples_ms);
        result->measured.block_count = 0;
        result->samples_ms[0] = base_ms * rows[i].time_factor;
        add_blocks(result, W4_KIND_CONFIRM, OLD_HASH, NEW_HASH, rows[i].blocks, rows[i].d);
        decide(fixture);
        expect_verdict(fixture, 0, rows[i].verdict, rows[i].note);
        assert_int_equal(w4_gate_exit_code(&fixture->gate), w4_verdict_exit_code(rows[i].verdict));
    }
}

static void the_anchor_takes_off_what_the_machine_lost(void **state)
{
    struct fixture *fixture = *state;
    struct w4_result *result = &fixture->run.cases[0];
    change_code(result, 1.10);
    set_anchor(result, 1.10);
    assert_int_equal(decide(fixture), 0);
    assert_int_equal(fixture->gate.items[0].verdict, W4_VERDICT_PASS);
    assert_float_equal(fixture->gate.items[0].evidence.log_change, 0, 1e-4);
    // A slower anchor beside an unchanged time is a case that gained.
    result->samples_ms[0] /= 1.10;
    decide(fixture);
    assert_int_equal(fixture->gate.items[0].evidence.screen, W4_SCREEN_FASTER);
}

static void the_same_code_moved_is_drift_and_no_failure(void **state)
{
    struct fixture *fixture = *state;
    fixture->run.cases[0].samples_ms[0] *= 1.10;
    assert_int_equal(decide(fixture), 0);
    expect_verdict(fixture, 0, W4_VERDICT_DRIFT, "no regression");
    assert_string_equal(w4_gate_word(&fixture->gate), "PASS");
    // Another variant in the same code object is other code.
    w4_text_copy(fixture->run.cases[0].variant, W4_CASE_ID_MAX, "another");
    assert_int_equal(decide(fixture), 3);
    assert_int_equal(fixture->gate.items[0].verdict, W4_VERDICT_INCONCLUSIVE);
}

static void a_time_beyond_the_roofline_is_invalid(void **state)
{
    struct fixture *fixture = *state;
    fixture->run.cases[1].state = W4_CASE_INVALID;
    assert_int_equal(decide(fixture), 3);
    assert_int_equal(fixture->gate.items[1].verdict, W4_VERDICT_INVALID);
}

static void blocks_of_other_code_objects_prove_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct w4_result *result = &fixture->run.cases[0];
    change_code(result, 1.10);
    add_blocks(result, W4_KIND_CONFIRM, "00000000000000000000000000000000", NEW_HASH, FIRST_BLOCKS, 0);
    assert_int_equal(decide(fixture), 3);
    expect_verdict(fixture, 0, W4_VERDICT_INCONCLUSIVE, "ran code object 000000000000");
}

static void a_failed_block_is_left_out_and_two_in_a_row_end_it(void **state)
{
    struct fixture *fixture = *state;
    struct w4_result *result = &fixture->run.cases[0];
    struct w4_block_values values;
    struct w4_error error = {0};
    change_code(result, 1.10);
    add_blocks(result, W4_KIND_CONFIRM, OLD_HASH, NEW_HASH, FIRST_BLOCKS, 0.105);
    w4_text_copy(result->measured.blocks[4 * 3].message, 256, "killed by signal 9");
    add_block(result, W4_KIND_CONFIRM, FIRST_BLOCKS, OLD_HASH, NEW_HASH, 0.105);
    assert_int_equal(decide(fixture), 1);
    assert_int_equal(fixture->gate.items[0].evidence.blocks, FIRST_BLOCKS);
    w4_text_copy(result->measured.blocks[4 * 6].message, 256, "killed by signal 9");
    assert_int_equal(w4_block_values_of(&result->measured, W4_KIND_CONFIRM, OLD_HASH, NEW_HASH, &values, &error),
                     W4_OK);
    assert_int_equal(values.failed, 2);
    assert_false(values.broken);
    free(values.d);
    result->measured.blocks[4 * 6].message[0] = '\0';
    w4_text_copy(result->measured.blocks[4 * 4].message, 256, "killed by signal 9");
    assert_int_equal(w4_block_values_of(&result->measured, W4_KIND_CONFIRM, OLD_HASH, NEW_HASH, &values, &error),
                     W4_OK);
    assert_int_equal(values.failed, 2);
    assert_true(values.broken);
    free(values.d);
    assert_int_equal(decide(fixture), 3);
    expect_verdict(fixture, 0, W4_VERDICT_INCONCLUSIVE, "a block failed: killed by signal 9");
}

static void a_missed_or_absent_control_blinds_the_night(void **state)
{
    struct fixture *fixture = *state;
    char kept[W4_CASE_ID_MAX];
    w4_text_copy(kept, sizeof(kept), fixture->run.gate_plan.injected_case);
    fixture->run.gate_plan.injected_case[0] = '\0';
    assert_int_equal(decide(fixture), 3);
    assert_string_equal(w4_gate_word(&fixture->gate), "INCONCLUSIVE");
    assert_non_null(strstr(fixture->gate.controls.text, "blind"));
    w4_text_copy(fixture->run.gate_plan.injected_case, W4_CASE_ID_MAX, kept);
    assert_int_equal(decide(fixture), 0);
    struct w4_measured *measured = &fixture->run.cases[3].measured;
    for (size_t i = 0; i < measured->block_count; ++i) {
        for (size_t j = 0; j < measured->blocks[i].sample_count; ++j)
            measured->blocks[i].samples_ms[j] = 1 + 0.001 * (double)(i % 7);
    }
    assert_int_equal(decide(fixture), 3);
    assert_non_null(strstr(fixture->gate.controls.text, "MISSED"));
    // A failure that was found stays one.
    change_code(&fixture->run.cases[0], 1.10);
    add_blocks(&fixture->run.cases[0], W4_KIND_CONFIRM, OLD_HASH, NEW_HASH, FIRST_BLOCKS, 0.105);
    assert_int_equal(decide(fixture), 1);
}

static void an_alarm_on_unchanged_code_is_counted(void **state)
{
    struct fixture *fixture = *state;
    struct w4_measured *measured = &fixture->run.cases[2].measured;
    for (size_t i = 0; i < measured->block_count; ++i) {
        for (size_t j = 0; j < 3; ++j)
            measured->blocks[i].samples_ms[j] *= i % 4 == 1 || i % 4 == 2 ? 1.2 : 1;
    }
    decide(fixture);
    assert_int_equal(fixture->gate.controls.night.unchanged, 1);
    assert_int_equal(fixture->gate.controls.night.alarms, 1);
    assert_non_null(strstr(fixture->gate.controls.text, "FALSE ALARM"));
}

static void a_run_without_a_live_gate_confirms_nothing(void **state)
{
    struct fixture *fixture = *state;
    fixture->run.gate_plan = (struct w4_gate_plan){0};
    change_code(&fixture->run.cases[0], 1.10);
    assert_int_equal(decide(fixture), 3);
    expect_verdict(fixture, 0, W4_VERDICT_INCONCLUSIVE, "run `w4bench gate` on the machine");
    assert_true(fixture->gate.controls.blind);
}

static void expect_refused(struct fixture *fixture, enum w4_status status, const char *text)
{
    struct w4_error error = {0};
    w4_gate_fini(&fixture->gate);
    assert_int_equal(w4_gate_decide(&fixture->run, &fixture->baselines, false, -1, &fixture->gate, &error), status);
    if (!strstr(error.message, text))
        fail_msg("\"%s\" is not in \"%s\"", text, error.message);
}

static void a_changed_machine_is_refused_by_field(void **state)
{
    struct fixture *fixture = *state;
    w4_text_copy(fixture->run.fingerprint.kernel, sizeof(fixture->run.fingerprint.kernel), "6.15.2");
    expect_refused(fixture, W4_USAGE, "kernel \"6.14.0\" -> \"6.15.2\"");
    // Baselines that this run is not held against do not matter.
    w4_text_copy(fixture->run.fingerprint.kernel, sizeof(fixture->run.fingerprint.kernel), "6.14.0");
    struct w4_baseline_entry *entry = w4_baselines_find(&fixture->baselines, sample_rows[3].id);
    w4_text_copy(fixture->baselines.machines[0].fingerprint.bios, 128, "1.08");
    expect_refused(fixture, W4_USAGE, "BIOS");
    assert_non_null(entry);
}

static void a_design_that_can_never_fail_a_case_is_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture->run.gate_plan.first_blocks = 5;
    fixture->run.gate_plan.cap_blocks = 5;
    expect_refused(fixture, W4_RANGE, "blocks");
}

static void quarantine_excuses_timing_and_ends(void **state)
{
    struct fixture *fixture = *state;
    struct w4_baseline_entry *entry = w4_baselines_find(&fixture->baselines, sample_rows[0].id);
    w4_text_copy(entry->quarantine_until, sizeof(entry->quarantine_until), "2026-01-31");
    w4_text_copy(entry->quarantine_reason, sizeof(entry->quarantine_reason), "flaky since the BIOS update");
    change_code(&fixture->run.cases[0], 1.10);
    add_blocks(&fixture->run.cases[0], W4_KIND_CONFIRM, OLD_HASH, NEW_HASH, FIRST_BLOCKS, 0.105);
    assert_int_equal(decide(fixture), 0);
    expect_verdict(fixture, 0, W4_VERDICT_FAIL, "in quarantine until 2026-01-31: flaky");
    assert_int_equal(fixture->gate.quarantined, 1);
    assert_int_equal(fixture->gate.counts[W4_VERDICT_FAIL], 0);
    w4_text_copy(entry->quarantine_until, sizeof(entry->quarantine_until), "2026-01-30");
    assert_int_equal(decide(fixture), 1);
    assert_int_equal(fixture->gate.quarantine_expired, 1);
    w4_text_copy(entry->quarantine_until, sizeof(entry->quarantine_until), "2026-01-31");
    fixture->run.cases[0].state = W4_CASE_WRONG;
    assert_int_equal(decide(fixture), 2);
}

// Save, load, decide: bit for bit what was decided before.
static void a_decision_replays_from_the_files(void **state)
{
    struct fixture *fixture = *state;
    struct fixture again = {0};
    struct w4_error error = {0};
    char results[] = "/tmp/w4bench-results-XXXXXX";
    char baselines[] = "/tmp/w4bench-baselines-XXXXXX";
    int first = mkstemp(results);
    int second = mkstemp(baselines);
    assert_true(first >= 0 && second >= 0);
    close(first);
    close(second);
    change_code(&fixture->run.cases[0], 1.10);
    add_blocks(&fixture->run.cases[0], W4_KIND_CONFIRM, OLD_HASH, NEW_HASH, FIRST_BLOCKS, 0.105);
    fixture->run.cases[1].samples_ms[0] *= 1.3;
    assert_int_equal(w4_run_save(results, &fixture->run, &error), W4_OK);
    assert_int_equal(w4_baselines_save(baselines, &fixture->baselines, &error), W4_OK);
    assert_int_equal(w4_baselines_load(baselines, &again.baselines, &error), W4_OK);
    w4_baselines_fini(&fixture->baselines);
    assert_int_equal(w4_baselines_load(baselines, &fixture->baselines, &error), W4_OK);
    if (w4_run_load(results, &again.run, &error) != W4_OK)
        fail_msg("%s", error.message);
    assert_int_equal(decide(fixture), 1);
    assert_int_equal(decide(&again), 1);
    for (size_t i = 0; i < SAMPLE_COUNT; ++i) {
        assert_int_equal(fixture->gate.items[i].verdict, again.gate.items[i].verdict);
        assert_string_equal(fixture->gate.items[i].note, again.gate.items[i].note);
        assert_memory_equal(&fixture->gate.items[i].evidence.interval, &again.gate.items[i].evidence.interval,
                            sizeof(struct w4_interval));
    }
    assert_string_equal(fixture->gate.controls.text, again.gate.controls.text);
    unlink(results);
    unlink(baselines);
    w4_gate_fini(&again.gate);
    w4_baselines_fini(&again.baselines);
    w4_run_fini(&again.run);
}

int main(void)
{
#define MEASURED_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        MEASURED_TEST(a_quiet_night_passes),
        MEASURED_TEST(what_the_screen_flags_is_decided_by_its_blocks),
        MEASURED_TEST(the_anchor_takes_off_what_the_machine_lost),
        MEASURED_TEST(the_same_code_moved_is_drift_and_no_failure),
        MEASURED_TEST(a_time_beyond_the_roofline_is_invalid),
        MEASURED_TEST(blocks_of_other_code_objects_prove_nothing),
        MEASURED_TEST(a_failed_block_is_left_out_and_two_in_a_row_end_it),
        MEASURED_TEST(a_missed_or_absent_control_blinds_the_night),
        MEASURED_TEST(an_alarm_on_unchanged_code_is_counted),
        MEASURED_TEST(a_run_without_a_live_gate_confirms_nothing),
        MEASURED_TEST(a_changed_machine_is_refused_by_field),
        MEASURED_TEST(a_design_that_can_never_fail_a_case_is_refused),
        MEASURED_TEST(quarantine_excuses_timing_and_ends),
        MEASURED_TEST(a_decision_replays_from_the_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
