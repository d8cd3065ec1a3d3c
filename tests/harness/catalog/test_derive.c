// A Hugging Face config.json gives the committed shape files' layers, and a file that loads.
#include <stdlib.h>
#include <unistd.h>

#include "../../../base/file.h"
#include "catalog_test.h"

// Derives configs/NAME.json to a temporary file and loads it.
static void derive(const char *name, struct w4_model *model)
{
    char config[512], folder[] = "/tmp/w4-derive-XXXXXX", path[512], *text;
    struct w4_error error = {0};
    snprintf(config, sizeof(config), W4_TEST_DATA "/configs/%s.json", name);
    assert_ok(w4_model_derive(config, name, &text, &error), error);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/%s.json", folder, name);
    assert_ok(w4_file_write_atomic(path, text, strlen(text), &error), error);
    free(text);
    assert_ok(w4_model_load(path, model, &error), error);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void derived_layers_equal_the_committed_ones(void **state)
{
    (void)state;
    const char *const names[] = {"qwen2.5-7b", "qwen3-4b"};
    for (size_t i = 0; i < 2; i++) {
        char path[512];
        struct w4_model derived, committed;
        struct w4_error error = {0};
        derive(names[i], &derived);
        snprintf(path, sizeof(path), W4_SOURCE_DIR "/shapes/%s.json", names[i]);
        assert_ok(w4_model_load(path, &committed, &error), error);
        assert_int_equal(derived.layer_count, 4);
        assert_int_equal(derived.group_size, committed.group_size);
        size_t own = 0;
        for (size_t j = 0; j < committed.layer_count; j++) {
            if (!committed.layers[j].upstream) {
                assert_memory_equal(&derived.layers[own], &committed.layers[j], sizeof(struct w4_layer));
                own++;
            }
        }
        assert_int_equal(own, 4);
        w4_model_fini(&derived);
        w4_model_fini(&committed);
    }
}

static void quantisation_of_the_config_is_taken_over(void **state)
{
    (void)state;
    struct w4_model model;
    derive("awq", &model);
    assert_int_equal(model.group_size, 64);
    assert_true(model.zero_point);
    // head_dim null: 2560 / 20 heads = 128; qkv = 20 * 128 + 2 * 8 * 128
    assert_int_equal(model.layers[0].n, 4608);
    assert_int_equal(model.layers[1].k, 2560);
    w4_model_fini(&model);
    derive("gptq", &model);
    assert_int_equal(model.group_size, 32);
    assert_true(model.zero_point); // "sym": false
    w4_model_fini(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derived_layers_equal_the_committed_ones),
        cmocka_unit_test(quantisation_of_the_config_is_taken_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
