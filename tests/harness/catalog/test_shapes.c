// The committed models against figures worked out from their configurations, and shape checks of a case.
#include "catalog_test.h"

struct row {
    const char *name;
    int64_t k, n, count;
    bool upstream;
};

static void check_model(const char *file, const char *id, const struct row *rows, size_t count)
{
    struct w4_model model;
    struct w4_error error = {0};
    assert_ok(w4_model_load(file, &model, &error), error);
    assert_string_equal(model.source_id, id);
    assert_int_equal(model.group_size, 128);
    assert_false(model.zero_point);
    assert_int_equal(model.layer_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(model.layers[i].name, rows[i].name);
        assert_int_equal(model.layers[i].k, rows[i].k);
        assert_int_equal(model.layers[i].n, rows[i].n);
        assert_int_equal(model.layers[i].count, rows[i].count);
        assert_int_equal(model.layers[i].upstream, rows[i].upstream);
    }
    w4_model_fini(&model);
}

static void committed_models_hold_their_layers(void **state)
{
    (void)state;
    const struct row qwen25[] = {{"qkv_proj", 3584, 4608, 28, false},
                                 {"o_proj", 3584, 3584, 28, false},
                                 {"gate_up_proj", 3584, 37888, 28, false},
                                 {"down_proj", 18944, 3584, 28, false},
                                 {"up_proj_upstream", 3584, 18944, 28, true}};
    const struct row qwen3[] = {{"qkv_proj", 2560, 6144, 36, false},         {"o_proj", 4096, 2560, 36, false},
                                {"gate_up_proj", 2560, 19456, 36, false},    {"down_proj", 9728, 2560, 36, false},
                                {"qkv_proj_upstream", 2560, 3840, 36, true}, {"o_proj_upstream", 2560, 2560, 36, true}};
    check_model(W4_SOURCE_DIR "/shapes/qwen2.5-7b.json", "Qwen/Qwen2.5-7B-Instruct", qwen25, 5);
    check_model(W4_SOURCE_DIR "/shapes/qwen3-4b.json", "Qwen/Qwen3-4B", qwen3, 6);
}

static void pitches_of_zero_become_dense(void **state)
{
    (void)state;
    struct w4_shape shape = {.m = 3, .n = 5, .k = 256, .group_size = 64};
    struct w4_error error = {0};
    assert_ok(w4_shape_check(&shape, &error), error);
    assert_int_equal(shape.a_pitch, 256);
    assert_int_equal(shape.w_pitch, 32);
    assert_int_equal(shape.scale_pitch, 4);
    assert_int_equal(shape.c_pitch, 5);
    shape.a_pitch = 300;
    assert_ok(w4_shape_check(&shape, &error), error);
    assert_int_equal(shape.a_pitch, 300);
}

static void unusable_shapes_are_refused_by_name(void **state)
{
    (void)state;
    const struct {
        struct w4_shape shape;
        const char *message;
    } rows[] = {
        {{.m = 0, .n = 5, .k = 256, .group_size = 64}, "M = 0"},
        {{.m = 3, .n = -5, .k = 256, .group_size = 64}, "N = -5"},
        {{.m = 3, .n = 5, .k = 0, .group_size = 64}, "K = 0"},
        {{.m = 3, .n = 5, .k = 200, .group_size = 64}, "K = 200 is not a multiple of the group size 64"},
        {{.m = 3, .n = 5, .k = 256, .group_size = 0}, "group size 0"},
        {{.m = 3, .n = 5, .k = 256, .group_size = 48}, "group size 48 is not 32, 64, 128 or 256"},
        {{.m = 3, .n = 5, .k = 256, .group_size = 64, .a_pitch = 255}, "pitch of A is 255"},
        {{.m = 3, .n = 5, .k = 256, .group_size = 64, .c_pitch = INT64_MAX}, "C of 3 rows"},
        {{.m = 1, .n = 5, .k = 256, .group_size = 64, .c_pitch = INT64_C(1) << 33}, "is above the kernels' limit"},
        {{.m = INT64_MAX, .n = INT64_MAX, .k = 256, .group_size = 64}, "M = 9223372036854775807"},
        {{.m = INT32_MAX, .n = INT32_MAX, .k = 256, .group_size = 64}, "exceeds 2^40 bytes"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct w4_shape shape = rows[i].shape;
        struct w4_error error = {0};
        assert_int_equal(w4_shape_check(&shape, &error), W4_RANGE);
        assert_message(&error, rows[i].message);
    }
}

static void ids_name_everything_that_differs(void **state)
{
    (void)state;
    struct w4_case test = {.model = "qwen2.5-7b",
                           .layer = "gate_up_proj",
                           .kernel = "tuned",
                           .shape = {.m = 1606, .n = 37888, .k = 3584, .group_size = 128}};
    w4_case_make_id(&test);
    assert_string_equal(test.id, "qwen2.5-7b/gate_up_proj/m1606/fp16/g128/sym/tuned");
    struct w4_error error = {0};
    assert_ok(w4_shape_check(&test.shape, &error), error); // resolved pitches are still dense
    w4_case_make_id(&test);
    assert_string_equal(test.id, "qwen2.5-7b/gate_up_proj/m1606/fp16/g128/sym/tuned");
    test.shape.a_pitch += 16;
    w4_case_make_id(&test);
    assert_string_equal(test.id, "qwen2.5-7b/gate_up_proj/m1606/fp16/g128/sym/tuned/pitch+a16+w0+s0+c0");
    test.shape.w_pitch += 16;
    w4_case_make_id(&test);
    assert_string_equal(test.id, "qwen2.5-7b/gate_up_proj/m1606/fp16/g128/sym/tuned/pitch+a16+w16+s0+c0");
    test.shape.scale_pitch += 16;
    w4_case_make_id(&test);
    assert_string_equal(test.id, "qwen2.5-7b/gate_up_proj/m1606/fp16/g128/sym/tuned/pitch+a16+w16+s16+c0");
    test.shape.c_pitch += 16;
    test.shape.dtype = W4_BF16;
    test.shape.zero_point = true;
    w4_case_make_id(&test);
    assert_string_equal(test.id, "qwen2.5-7b/gate_up_proj/m1606/bf16/g128/zp/tuned/pitch+16");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(committed_models_hold_their_layers),
        cmocka_unit_test(pitches_of_zero_become_dense),
        cmocka_unit_test(unusable_shapes_are_refused_by_name),
        cmocka_unit_test(ids_name_everything_that_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
