// Profiles and traces of hand-made kernels whose profile is known by construction.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../emulator/profile/profile.h"
#include "../timing/kernels.h"

// Ten iterations of a known body; the rest runs once.
static const struct asm_kernel kernels[] = {
    KERNEL("loop", "  s_mov_b32 s10, 10\n1:\n  v_add_nc_u32 v3, 1, v3\n  s_sub_u32 s10, s10, 1\n"
                   "  s_cmp_lg_u32 s10, 0\n  s_cbranch_scc1 1b\n"),
    // Three times two iterations, the inner loop in the middle of the outer one.
    KERNEL("nested", "  s_mov_b32 s10, 3\n1:\n  s_mov_b32 s11, 2\n2:\n  v_add_nc_u32 v3, 1, v3\n"
                     "  s_sub_u32 s11, s11, 1\n  s_cmp_lg_u32 s11, 0\n  s_cbranch_scc1 2b\n"
                     "  s_sub_u32 s10, s10, 1\n  s_cmp_lg_u32 s10, 0\n  s_cbranch_scc1 1b\n"),
    // Lanes 16 bytes apart: every bank that a phase uses serves two words; v1 = 4 * lane has no conflict.
    KERNEL("conflict", "  v_lshlrev_b32 v2, 2, v1\n  ds_load_b32 v3, v2\n  ds_load_b32 v4, v1\n"
                       "  s_waitcnt lgkmcnt(0)\n"),
    // Lanes 128 bytes apart touch a line each, lanes 4 bytes apart one line.
    KERNEL("strided", "  v_lshlrev_b32 v2, 5, v1\n  global_load_b32 v3, v2, s[4:5]\n"
                      "  global_load_b32 v4, v1, s[4:5]\n  s_waitcnt vmcnt(0)\n"),
    // Each sum needs the one before; the second half tells the scheduler so, and the last sums are independent.
    KERNEL("chain", "  .rept 8\n  v_add_f32 v3, v3, v3\n  .endr\n  .rept 8\n  s_delay_alu instid0(VALU_DEP_1)\n"
                    "  v_add_f32 v4, v4, v4\n  .endr\n  .rept 8\n  v_add_f32 v5, v6, v7\n  .endr\n"),
    // Wave 0 comes to the barrier a thousand cycles after the other.
    KERNEL("barrier", "  s_cmp_lg_u32 s3, 0\n  s_cbranch_scc1 1f\n  s_sleep 16\n1:\n  s_barrier\n"),
};

static int set_up(void **state)
{
    (void)state;
    return kernels_set_up(kernels, sizeof kernels / sizeof *kernels);
}

static struct emu_profile *profile_of(const char *name, unsigned waves, uint64_t groups, bool trace)
{
    // What the profile borrows after the launch.
    static struct emu_launch_params params;
    struct emu_launch_result result;
    struct w4_error error = {0};
    struct emu_profile *profile = emu_profile_create(trace);
    assert_non_null(profile);
    if (kernels_launch(name, waves, groups, emu_profile_observer(profile), &result, &error) != W4_OK)
        fail_msg("%s", error.message);
    params = (struct emu_launch_params){.module = kernels_module(),
                                        .kernel = co_object_find_kernel(&kernels_module()->object, name)};
    assert_int_equal(emu_profile_finish(profile, &params, &result, &error), W4_OK);
    emu_launch_result_fini(&result);
    return profile;
}

// The n-th row whose text begins so.
static const struct emu_profile_row *row_of(const struct emu_profile *profile, const char *text, unsigned n)
{
    size_t count;
    const struct emu_profile_row *rows = emu_profile_rows(profile, &count);
    for (size_t i = 0; i < count; i++) {
        char name[160];
        (void)emu_print(rows[i].inst, name, sizeof name);
        if (strncmp(name, text, strlen(text)) == 0 && n-- == 0)
            return &rows[i];
    }
    fail_msg("no row %s", text);
    return NULL;
}

static double cycles_of(emu_ticks ticks)
{
    return (double)ticks / (double)EMU_TICKS_A_CYCLE;
}

static void executions_are_iterations_times_waves(void **state)
{
    (void)state;
    struct emu_profile *profile = profile_of("loop", 4, 5, false);
    assert_int_equal(row_of(profile, "v_add_nc_u32", 0)->executions, 10 * 20);
    assert_int_equal(row_of(profile, "s_cbranch_scc1", 0)->executions, 10 * 20);
    assert_int_equal(row_of(profile, "s_mov_b32 s10", 0)->executions, 20);
    assert_int_equal(row_of(profile, "s_endpgm", 0)->executions, 20);
    size_t count;
    const struct emu_profile_loop *loops = emu_profile_loops(profile, &count);
    assert_int_equal(count, 1);
    assert_int_equal(loops[0].iterations, 10 * 20);
    assert_int_equal(loops[0].first_pc, row_of(profile, "v_add_nc_u32", 0)->inst->pc);
    assert_int_equal(loops[0].last_pc, row_of(profile, "s_cbranch_scc1", 0)->inst->pc);
    assert_true(loops[0].time == loops[0].own_time);
    json_t *json = emu_profile_to_json(profile);
    assert_string_equal(json_string_value(json_object_get(json, "limiter")), "grid");
    assert_true(json_real_value(json_object_get(json, "occupancy_waves_per_simd")) == 20.0 / 80);
    json_decref(json);
    emu_profile_destroy(profile);
}

static void inner_loops_come_out_of_outer_ones(void **state)
{
    (void)state;
    struct emu_profile *profile = profile_of("nested", 1, 1, false);
    size_t count;
    const struct emu_profile_loop *loops = emu_profile_loops(profile, &count);
    assert_int_equal(count, 2);
    const struct emu_profile_loop *inner = &loops[loops[0].iterations == 6 ? 0 : 1];
    const struct emu_profile_loop *outer = &loops[inner == loops ? 1 : 0];
    assert_int_equal(inner->iterations, 6);
    assert_int_equal(outer->iterations, 3);
    assert_true(inner->own_time == inner->time);
    assert_true(outer->own_time + inner->time == outer->time);
    assert_true(loops[0].own_time >= loops[1].own_time);
    emu_profile_destroy(profile);
}

static void bank_conflicts_show_as_replays(void **state)
{
    (void)state;
    struct emu_profile *profile = profile_of("conflict", 1, 1, false);
    const struct emu_profile_row *two_way = row_of(profile, "ds_load_b32", 0);
    const struct emu_profile_row *none = row_of(profile, "ds_load_b32", 1);
    assert_int_equal(two_way->lds_passes, 2);
    assert_int_equal(two_way->lds_replays, 2);
    assert_int_equal(none->lds_passes, 2);
    assert_int_equal(none->lds_replays, 0);
    assert_true(row_of(profile, "s_waitcnt lgkmcnt(0)", 1)->wait[EMU_WAIT_LDS] > 0);
    emu_profile_destroy(profile);
}

static void lines_are_those_that_lanes_touch(void **state)
{
    (void)state;
    struct emu_profile *profile = profile_of("strided", 1, 3, false);
    const struct emu_profile_row *strided = row_of(profile, "global_load_b32 v3", 0);
    const struct emu_profile_row *dense = row_of(profile, "global_load_b32 v4", 0);
    assert_int_equal(strided->memory_accesses, 3);
    assert_int_equal(strided->lines, 3 * 32);
    assert_int_equal(strided->lines_least, 3);
    assert_int_equal(dense->lines, 3);
    assert_int_equal(dense->lines_least, 3);
    assert_true(strided->bytes[EMU_LEVEL_DRAM] > 0);
    assert_int_equal(dense->bytes[EMU_LEVEL_DRAM], 0); // the strided load brought its line
    assert_true(row_of(profile, "s_waitcnt vmcnt(0)", 0)->wait[EMU_WAIT_MEMORY] > emu_ticks_of(100));
    emu_profile_destroy(profile);
}

static void a_dependent_chain_waits_for_its_dependency(void **state)
{
    (void)state;
    struct emu_profile *profile = profile_of("chain", 1, 1, false);
    emu_ticks silent = 0, told = 0, independent = 0;
    for (unsigned i = 1; i < 7; i++) {
        silent += row_of(profile, "v_add_f32_e32 v3", i)->wait[EMU_WAIT_DEPENDENCY];
        told += row_of(profile, "v_add_f32_e32 v4", i)->wait[EMU_WAIT_DEPENDENCY];
        independent += row_of(profile, "v_add_f32_e32 v5", i)->wait[EMU_WAIT_DEPENDENCY];
        // What the unit is kept for an operand is waiting, and no work of its own.
        assert_true(row_of(profile, "v_add_f32_e32 v3", i)->busy == EMU_TICKS_A_CYCLE);
    }
    // Of the dependent-use latency, a cycle is the sum's own and one the hint's.
    assert_true(told == 6 * emu_ticks_of(emu_timing_defaults.latency_valu - 2));
    assert_true(silent > 6 * EMU_TICKS_A_CYCLE);
    assert_true(independent == 0);
    emu_profile_destroy(profile);
}

static void waiting_at_a_barrier_is_told_at_the_barrier(void **state)
{
    (void)state;
    struct emu_profile *profile = profile_of("barrier", 2, 1, false);
    const struct emu_profile_row *barrier = row_of(profile, "s_barrier", 0);
    assert_int_equal(barrier->executions, 2);
    assert_true(cycles_of(barrier->wait[EMU_WAIT_BARRIER]) > 16 * 64 - 100);
    emu_profile_destroy(profile);
}

// Nothing of the waves' time is lost or told twice.
static void times_of_rows_sum_to_the_waves_lifetimes(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned waves;
        uint64_t groups;
    } rows[] = {{"loop", 4, 5}, {"conflict", 8, 40}, {"strided", 3, 100}, {"chain", 16, 100}, {"barrier", 2, 30}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct emu_profile *profile = profile_of(rows[i].name, rows[i].waves, rows[i].groups, false);
        size_t count;
        const struct emu_profile_row *all = emu_profile_rows(profile, &count);
        emu_ticks sum = 0;
        for (size_t k = 0; k < count; k++)
            sum += emu_profile_row_time(&all[k]);
        json_t *json = emu_profile_to_json(profile);
        assert_non_null(json);
        const double lifetimes = json_real_value(json_object_get(json, "wave_cycles"));
        if (sum == 0 || cycles_of(sum) < lifetimes - 0.001 || cycles_of(sum) > lifetimes + 0.001)
            fail_msg("%s: %.3f cycles in rows, %.3f of the waves", rows[i].name, cycles_of(sum), lifetimes);
        json_decref(json);
        emu_profile_destroy(profile);
    }
}

// Not inlined: gcc 12 then takes the text for the pointer's own storage and warns of a dangling pointer.
__attribute__((noinline)) static char *text_of(const struct emu_profile *profile,
                                               void (*write)(const struct emu_profile *, FILE *))
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    write(profile, stream);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static void the_text_tells_hot_loops_first_and_names_sources(void **state)
{
    (void)state;
    struct emu_profile *profile = profile_of("nested", 2, 2, false);
    char *text = text_of(profile, emu_profile_write_text);
    const char *inner = strstr(text, "loop 1: ");
    const char *rest = strstr(text, "outside loops");
    assert_non_null(inner);
    assert_non_null(rest);
    assert_true(inner < rest);
    assert_non_null(strstr(inner, "6.0 iterations a wave"));
    assert_non_null(strstr(text, "s_cbranch_scc1"));
    assert_non_null(strstr(text, "kernels.s:"));
    assert_non_null(strstr(rest, "s_endpgm"));
    free(text);
    emu_profile_destroy(profile);
}

struct end {
    json_int_t process, thread;
    double at;
};

// Spans of a track follow each other; all traced waves are of the first WGP.
static void trace_spans_do_not_overlap(void **state)
{
    (void)state;
    static const char *const names[] = {"loop", "strided", "chain", "barrier", "conflict"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct emu_profile *profile = profile_of(names[i], 4, 200, true);
        char *text = text_of(profile, emu_profile_write_trace);
        json_error_t problem;
        json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &problem);
        if (!root)
            fail_msg("%s: line %d: %s", names[i], problem.line, problem.text);
        static struct end ends[1024];
        size_t end_count = 0, spans = 0, issues = 0;
        size_t index;
        json_t *event;
        json_array_foreach(json_object_get(root, "traceEvents"), index, event)
        {
            if (strcmp(json_string_value(json_object_get(event, "ph")), "X") != 0)
                continue;
            const json_int_t process = json_integer_value(json_object_get(event, "pid"));
            const json_int_t thread = json_integer_value(json_object_get(event, "tid"));
            const double at = json_number_value(json_object_get(event, "ts"));
            const double duration = json_number_value(json_object_get(event, "dur"));
            size_t k = 0;
            while (k < end_count && ends[k].thread != thread)
                k++;
            if (k == end_count)
                ends[end_count++] = (struct end){process, thread, 0};
            assert_in_range(end_count, 1, 1023);
            assert_in_range(process, 0, 3);
            assert_int_equal(ends[k].process, process);
            assert_true(duration > 0);
            if (at < ends[k].at - 0.0015)
                fail_msg("%s: a span at %.3f begins before the one that ends at %.3f", names[i], at, ends[k].at);
            ends[k].at = at + duration;
            spans++;
            issues += strcmp(json_string_value(json_object_get(event, "cat")), "issue") == 0;
        }
        assert_true(end_count > 4);
        assert_true(issues > 0 && issues < spans);
        json_decref(root);
        free(text);
        emu_profile_destroy(profile);
    }
}

// The same launch with an observer takes exactly the same cycles.
static void profiling_changes_no_time(void **state)
{
    (void)state;
    struct emu_launch_result plain;
    struct w4_error error = {0};
    assert_int_equal(kernels_launch("strided", 4, 300, NULL, &plain, &error), W4_OK);
    struct emu_profile *profile = profile_of("strided", 4, 300, true);
    json_t *json = emu_profile_to_json(profile);
    assert_true(json_real_value(json_object_get(json, "cycles")) == plain.cycles.cycles);
    json_decref(json);
    emu_profile_destroy(profile);
    emu_launch_result_fini(&plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(executions_are_iterations_times_waves),
        cmocka_unit_test(inner_loops_come_out_of_outer_ones),
        cmocka_unit_test(bank_conflicts_show_as_replays),
        cmocka_unit_test(lines_are_those_that_lanes_touch),
        cmocka_unit_test(a_dependent_chain_waits_for_its_dependency),
        cmocka_unit_test(waiting_at_a_barrier_is_told_at_the_barrier),
        cmocka_unit_test(times_of_rows_sum_to_the_waves_lifetimes),
        cmocka_unit_test(the_text_tells_hot_loops_first_and_names_sources),
        cmocka_unit_test(trace_spans_do_not_overlap),
        cmocka_unit_test(profiling_changes_no_time),
    };
    return cmocka_run_group_tests(tests, set_up, kernels_tear_down);
}
