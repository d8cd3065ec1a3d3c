// What the gate and its A/B processes tell each other, and the arithmetic of the injected slowdown.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../../harness/gate/request.h"
#include "../../../harness/text.h"
#include "../sample.h"

static void assert_near(double value, double wanted, double tolerance)
{
    if (!(fabs(value - wanted) <= tolerance))
        fail_msg("%g is not %g +- %g", value, wanted, tolerance);
}

// Repeating `extra` of `launches` multiplies time by 1 + extra / launches; TFLOPS fall by the share.
static void injected_launches_cost_the_share_that_was_asked_for(void **state)
{
    (void)state;
    static const struct {
        double share;
        int32_t launches, extra;
    } rows[] = {{0.08, 23, 2}, {0.05, 19, 1}, {0.1, 9, 1}, {0.5, 1, 1}, {0, 1, 0}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        int32_t launches = 0;
        int32_t extra = 0;
        w4_turn_injection(rows[i].share, &launches, &extra);
        assert_int_equal(launches, rows[i].launches);
        assert_int_equal(extra, rows[i].extra);
        assert_near(1 - 1 / (1 + (double)extra / launches), rows[i].share, 1e-6);
    }
    for (int percent = 1; percent < 50; ++percent) {
        int32_t launches = 0;
        int32_t extra = 0;
        w4_turn_injection(percent / 100.0, &launches, &extra);
        assert_near(1 - 1 / (1 + (double)extra / launches), percent / 100.0, 0.002);
    }
}

static void a_request_arrives_as_it_was_sent(void **state)
{
    (void)state;
    struct w4_result result;
    struct w4_turn_request sent = {.seed = 7, .jobs = 2, .samples = 10, .injected_share = 0.08, .launch_multiple = 23};
    struct w4_turn_request received;
    struct w4_error error = {0};
    sample_case(&sample_rows[2], &result);
    sent.test = result.test;
    sent.protocol =
        (struct w4_protocol){.active = true, .rotation_bytes = 400000, .batch_min_ms = 10, .lead_launches = 2};
    w4_text_copy(sent.device, sizeof(sent.device), "/lib/\"quoted\".so");
    w4_text_copy(sent.manifest, sizeof(sent.manifest), "objects/0123.json");
    w4_text_copy(sent.variant, sizeof(sent.variant), "prefill-64x256x64-w8-u4-fp16-g128-sym");
    char *line = w4_turn_request_write(&sent);
    assert_non_null(line);
    assert_null(strchr(line, '\n'));
    if (w4_turn_request_read(line, &received, &error) != W4_OK)
        fail_msg("%s", error.message);
    assert_string_equal(received.device, sent.device);
    assert_string_equal(received.manifest, sent.manifest);
    assert_string_equal(received.variant, sent.variant);
    assert_string_equal(received.test.id, sent.test.id);
    assert_memory_equal(&received.test.shape, &sent.test.shape, sizeof(sent.test.shape));
    assert_int_equal(received.protocol.rotation_bytes, 400000);
    assert_int_equal(received.launch_multiple, 23);
    assert_float_equal(received.injected_share, 0.08, 0);
    free(line);
    w4_result_fini(&result);
}

static void broken_requests_are_refused_by_field(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "{}", "[1]", "{\"device\": 1}", "nonsense"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
        struct w4_turn_request request;
        struct w4_error error = {0};
        assert_int_equal(w4_turn_request_read(bad[i], &request, &error), W4_PARSE);
        assert_non_null(strstr(error.message, "request"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(injected_launches_cost_the_share_that_was_asked_for),
        cmocka_unit_test(a_request_arrives_as_it_was_sent),
        cmocka_unit_test(broken_requests_are_refused_by_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
