// The anchor kernels on the emulator: every thread's result against plain arithmetic, so that what they are said to do
// (all WMMAs, every byte read once) is what they do.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "../../../base/file.h"
#include "../../../device/hip.h"
#include "../../../kernels/anchor.h"

enum { ROUND_WORDS = W4_ANCHOR_ROUND_BYTES / 4, ROUNDS = 2 };

struct fixture {
    struct w4_device *device;
    w4_module module;
    struct w4_error error;
};

#define OK(call)                                                                                                       \
    if ((call) != W4_OK)                                                                                               \
    fail_msg("%s", fixture->error.message)

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    char *image = NULL;
    size_t size = 0;
    *state = fixture;
    if (!fixture || w4_device_open("emulator", &fixture->device, &fixture->error) != W4_OK ||
        w4_file_read(W4_BUILD_DIR "/kernels/anchor.hsaco", 1 << 20, &image, &size, &fixture->error) != W4_OK)
        return -1;
    int failed = w4_device_module_load(fixture->device, image, size, &fixture->module, &fixture->error) != W4_OK;
    free(image);
    return failed;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    w4_device_module_unload(fixture->device, fixture->module, NULL);
    w4_device_close(fixture->device);
    free(fixture);
    return 0;
}

static void launch(struct fixture *fixture, const char *symbol, uint32_t workgroups, const struct w4_anchor_args *args)
{
    const uint32_t grid[3] = {workgroups, 1, 1};
    const uint32_t block[3] = {W4_ANCHOR_THREADS, 1, 1};
    w4_function function = NULL;
    OK(w4_device_function(fixture->device, fixture->module, symbol, &function, &fixture->error));
    OK(w4_device_launch(fixture->device, function, grid, block, 0, args, sizeof(*args), &fixture->error));
    OK(w4_device_synchronize(fixture->device, &fixture->error));
}

// WMMA adds (1 + row) (1 + column) / 8 to C[row][column]; lane l holds column l % 16 of the rows 2 i + l / 16.
static void the_wmma_anchor_does_every_wmma(void **state)
{
    struct fixture *fixture = *state;
    enum { WORKGROUPS = 2, ITERATIONS = 5, THREADS = WORKGROUPS * W4_ANCHOR_THREADS };
    struct w4_anchor_args args = {.count = ITERATIONS};
    float out[THREADS];
    OK(w4_device_malloc(fixture->device, sizeof(out), &args.out, &fixture->error));
    launch(fixture, "w4_anchor_wmma", WORKGROUPS, &args);
    OK(w4_device_download(fixture->device, out, args.out, sizeof(out), &fixture->error));
    for (int thread = 0; thread < THREADS; ++thread) {
        const int lane = thread % 32;
        float sum = 0;
        const int first_row = lane / 16;
        for (int i = 0; i < 8; ++i)
            sum += (float)((1 + 2 * i + first_row) * (1 + lane % 16)) / 8;
        if (out[thread] != 8 * ITERATIONS * sum)
            fail_msg("thread %d: %g, not %g", thread, (double)out[thread], (double)(8 * ITERATIONS * sum));
    }
    OK(w4_device_free(fixture->device, args.out, &fixture->error));
}

static void the_bandwidth_anchor_reads_every_byte_once(void **state)
{
    struct fixture *fixture = *state;
    enum { THREADS = W4_ANCHOR_READ_WORKGROUPS * W4_ANCHOR_THREADS };
    struct w4_anchor_args args = {.count = ROUNDS};
    uint32_t *in = malloc((size_t)ROUNDS * W4_ANCHOR_ROUND_BYTES);
    uint32_t *out = malloc(THREADS * sizeof(*out));
    assert_true(in && out);
    uint32_t wanted = 0;
    for (uint32_t i = 0; i < ROUNDS * ROUND_WORDS; ++i) {
        in[i] = (i + 1) * UINT32_C(2654435761);
        wanted += in[i];
    }
    OK(w4_device_malloc(fixture->device, (size_t)ROUNDS * W4_ANCHOR_ROUND_BYTES, &args.in, &fixture->error));
    OK(w4_device_malloc(fixture->device, THREADS * sizeof(*out), &args.out, &fixture->error));
    OK(w4_device_upload(fixture->device, args.in, in, (size_t)ROUNDS * W4_ANCHOR_ROUND_BYTES, &fixture->error));
    launch(fixture, "w4_anchor_bandwidth", W4_ANCHOR_READ_WORKGROUPS, &args);
    OK(w4_device_download(fixture->device, out, args.out, THREADS * sizeof(*out), &fixture->error));
    uint32_t sum = 0;
    for (size_t i = 0; i < THREADS; ++i)
        sum += out[i];
    assert_int_equal(sum, wanted);
    OK(w4_device_free(fixture->device, args.in, &fixture->error));
    OK(w4_device_free(fixture->device, args.out, &fixture->error));
    free(in);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_wmma_anchor_does_every_wmma, setup, teardown),
        cmocka_unit_test_setup_teardown(the_bandwidth_anchor_reads_every_byte_once, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
