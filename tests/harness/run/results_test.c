// Result files: round trip, refusal of broken ones, and the figures that follow from samples.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "../../../base/file.h"
#include "../sample.h"

static void make_path(char path[64])
{
    strcpy(path, "/tmp/w4bench-results-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
}

static void *copy_of(const void *items, size_t bytes)
{
    void *copy = malloc(bytes);
    assert_non_null(copy);
    return memcpy(copy, items, bytes);
}

// Something in every array, and a sensor that did not answer.
static void fill_measured(struct w4_result *result)
{
    static const struct w4_window windows[] = {{7, 3, 0.25}};
    static const struct w4_reading readings[] = {{0.5, 2850, 1000, 119.5, -3, 0.125}, {1, NAN, NAN, NAN, NAN, NAN}};
    static const double times_ms[] = {0.1, 0.2, 0.3};
    struct w4_measured *measured = &result->measured;
    struct w4_block block = {.index = 4, .order = 2, .code_object_hash = "ab", .process_id = 4711, .sample_count = 2};
    block.samples_ms = copy_of(times_ms, 2 * sizeof(*times_ms));
    strcpy(block.message, "killed by signal 9");
    *measured = (struct w4_measured){
        .windows = copy_of(windows, sizeof(windows)),
        .window_count = 1,
        .hot_samples_ms = copy_of(times_ms, sizeof(*times_ms)),
        .hot_sample_count = 1,
        .hot_windows = copy_of(windows, sizeof(windows)),
        .hot_window_count = 1,
        .readings = copy_of(readings, sizeof(readings)),
        .reading_count = 2,
        .anchor_wmma_ms = copy_of(times_ms, sizeof(times_ms)),
        .anchor_wmma_count = 3,
        .anchor_bandwidth_ms = copy_of(times_ms, 2 * sizeof(*times_ms)),
        .anchor_bandwidth_count = 2,
        .blocks = copy_of(&block, sizeof(block)),
        .block_count = 1,
        .warm_up_s = 2.5,
        .run_position = 3,
        .marks = W4_MARK_CLOCK_NOT_SETTLED | W4_MARK_NO_ANCHORS,
    };
}

static void assert_measured_equal(const struct w4_measured *a, const struct w4_measured *b)
{
    assert_int_equal(a->window_count, b->window_count);
    assert_memory_equal(a->windows, b->windows, sizeof(*a->windows));
    assert_int_equal(a->hot_window_count, b->hot_window_count);
    assert_memory_equal(a->hot_samples_ms, b->hot_samples_ms, sizeof(double));
    assert_int_equal(a->reading_count, b->reading_count);
    assert_memory_equal(a->readings, b->readings, sizeof(*a->readings));
    assert_true(b->readings[1].engine_mhz != b->readings[1].engine_mhz);
    assert_true(b->readings[1].cpu_load != b->readings[1].cpu_load);
    assert_int_equal(a->anchor_wmma_count, b->anchor_wmma_count);
    assert_memory_equal(a->anchor_wmma_ms, b->anchor_wmma_ms, 3 * sizeof(double));
    assert_int_equal(a->anchor_bandwidth_count, b->anchor_bandwidth_count);
    assert_memory_equal(a->anchor_bandwidth_ms, b->anchor_bandwidth_ms, 2 * sizeof(double));
    assert_int_equal(b->block_count, 1);
    assert_int_equal(b->blocks[0].process_id, 4711);
    assert_int_equal(b->blocks[0].order, 2);
    assert_string_equal(b->blocks[0].code_object_hash, "ab");
    assert_string_equal(b->blocks[0].message, "killed by signal 9");
    assert_memory_equal(a->blocks[0].samples_ms, b->blocks[0].samples_ms, 2 * sizeof(double));
    assert_float_equal(b->warm_up_s, 2.5, 0);
    assert_int_equal(b->run_position, 3);
    assert_int_equal(a->marks, b->marks);
}

static void a_run_survives_a_round_trip_to_the_last_bit(void **state)
{
    (void)state;
    struct w4_run run;
    struct w4_run read;
    struct w4_error error = {0};
    char path[64];
    sample_run(&run);
    make_path(path);
    strcpy(run.fingerprint.kernel, "6.14.0");
    run.protocol = (struct w4_protocol){.active = true, .rotation_bytes = 512 << 20, .relative_error = 0.005};
    run.cases[0].samples_ms[0] = 0.1 + 0.2;
    run.cases[1].verification.worst_ratio = INFINITY;
    run.cases[1].state = W4_CASE_WRONG;
    fill_measured(&run.cases[2]);
    run.cases[1].modelled = (struct w4_modelled){
        .workgroups_timed = 40, .timing_seconds = 1.5, .limiter = "vgpr", .l2_bytes = 1e9 / 3, .no_wave_share = 0.1};
    assert_int_equal(w4_run_save(path, &run, &error), W4_OK);
    if (w4_run_load(path, &read, &error) != W4_OK)
        fail_msg("%s", error.message);
    assert_int_equal(read.case_count, run.case_count);
    assert_memory_equal(&read.device, &run.device, sizeof(run.device));
    assert_memory_equal(&read.options, &run.options, sizeof(run.options));
    assert_memory_equal(&read.toolchain, &run.toolchain, sizeof(run.toolchain));
    for (size_t i = 0; i < run.case_count; ++i) {
        assert_int_equal(read.cases[i].sample_count, 1);
        assert_memory_equal(read.cases[i].samples_ms, run.cases[i].samples_ms, sizeof(double));
        struct w4_result left = run.cases[i];
        struct w4_result right = read.cases[i];
        left.samples_ms = right.samples_ms = NULL;
        left.measured = right.measured = (struct w4_measured){0};
        assert_memory_equal(&left, &right, sizeof(left));
    }
    assert_memory_equal(&read.fingerprint, &run.fingerprint, sizeof(run.fingerprint));
    assert_memory_equal(&read.protocol, &run.protocol, sizeof(run.protocol));
    assert_measured_equal(&run.cases[2].measured, &read.cases[2].measured);
    unlink(path);
    w4_run_fini(&read);
    w4_run_fini(&run);
}

static void windows_that_do_not_fit_the_samples_are_refused(void **state)
{
    (void)state;
    struct w4_run run;
    struct w4_run read;
    struct w4_error error = {0};
    char path[64];
    sample_run(&run);
    make_path(path);
    fill_measured(&run.cases[2]);
    run.cases[2].measured.window_count = 1;
    run.cases[2].sample_count = 0;
    assert_int_equal(w4_run_save(path, &run, &error), W4_OK);
    assert_int_equal(w4_run_load(path, &read, &error), W4_PARSE);
    assert_non_null(strstr(error.message, "windows has 1 items for 0 samples"));
    unlink(path);
    w4_run_fini(&run);
}

static void a_case_that_stands_there_twice_is_refused(void **state)
{
    (void)state;
    struct w4_run run;
    struct w4_run read;
    struct w4_error error = {0};
    char path[64];
    sample_run(&run);
    make_path(path);
    w4_text_copy(run.cases[1].test.id, W4_CASE_ID_MAX, run.cases[0].test.id);
    assert_int_equal(w4_run_save(path, &run, &error), W4_OK);
    assert_int_equal(w4_run_load(path, &read, &error), W4_PARSE);
    assert_non_null(strstr(error.message, "stands there twice"));
    unlink(path);
    w4_run_fini(&run);
}

static void every_prefix_of_a_file_is_refused(void **state)
{
    (void)state;
    struct w4_run run;
    struct w4_run read;
    struct w4_error error = {0};
    char path[64];
    char *text = NULL;
    size_t size = 0;
    sample_run(&run);
    make_path(path);
    assert_int_equal(w4_run_save(path, &run, &error), W4_OK);
    assert_int_equal(w4_file_read(path, 1 << 20, &text, &size, &error), W4_OK);
    for (size_t length = 0; length + 2 < size; length += 1 + length / 16) {
        error = (struct w4_error){0};
        assert_int_equal(w4_file_write_atomic(path, text, length, &error), W4_OK);
        assert_int_not_equal(w4_run_load(path, &read, &error), W4_OK);
        assert_non_null(strstr(error.message, path));
    }
    free(text);
    unlink(path);
    w4_run_fini(&run);
}

static void figures_follow_from_samples_and_cycles(void **state)
{
    (void)state;
    struct w4_run run;
    struct w4_figures figures;
    sample_run(&run);
    w4_figures_of(&run.cases[0], &figures);
    // 53 046 411 264 FLOP / 2.17 ms; / 6 293 000 cycles / 40 CUs; share of 480.
    assert_float_equal(figures.tflops, 24.44535082, 1e-7);
    assert_float_equal(figures.flop_per_clock_cu, 210.7358, 1e-3);
    assert_float_equal(figures.ceiling_share, 0.4390, 1e-4);
    // 4608 * 3584 / 2 packed bytes + 4608 * 28 scales of 2 bytes = 8 515 584 bytes in 2.17 ms
    assert_float_equal(figures.weight_gbs, 3.92423, 1e-4);
    w4_figures_of(&run.cases[2], &figures);
    // with zero points: 2560 * 4096 / 2 + 2560 * 32 * 4 = 5 570 560 bytes in 1.5 ms
    assert_float_equal(figures.weight_gbs, 3.713706, 1e-5);
    free(run.cases[0].samples_ms);
    run.cases[0].samples_ms = NULL;
    run.cases[0].sample_count = 0;
    w4_figures_of(&run.cases[0], &figures);
    assert_false(figures.timed);
    w4_run_fini(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_survives_a_round_trip_to_the_last_bit),
        cmocka_unit_test(windows_that_do_not_fit_the_samples_are_refused),
        cmocka_unit_test(a_case_that_stands_there_twice_is_refused),
        cmocka_unit_test(every_prefix_of_a_file_is_refused),
        cmocka_unit_test(figures_follow_from_samples_and_cycles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
