// Every loader against a folder of broken files: each is refused with a message that names file, place and field. And
// prefixes of the good files, which must be refused or, at the very end, accepted, without a crash.
#include <stdlib.h>
#include <unistd.h>

#include "../../../base/file.h"
#include "catalog_test.h"

struct row {
    const char *file;
    const char *place, *what; // parts of the message
};

static void check(const char *folder, const struct row *row, enum w4_status status, const struct w4_error *error)
{
    char name[128];
    snprintf(name, sizeof(name), "%s/%s.json", folder, row->file);
    if (!status) {
        fail_msg("%s was accepted", name);
    }
    assert_int_equal(status, error->status);
    assert_message(error, row->place);
    assert_message(error, row->what);
}

static void broken_models_are_refused(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"array", "array.json:1:1:", "is an array, must be an object"},
        {"bad_group", "bad_group.json:6:5: layers[0]:", "layer \"good\": group size 48 is not 32, 64, 128 or 256"},
        {"bad_layer_name",
         "bad_layer_name.json:7:14: layers[1].name:", "\"a/b\" is no name: 1 to 63 letters, digits, '.', '_', '-'"},
        {"beyond_64_bits", "beyond_64_bits.json:7:47:", "too big integer near '92233720368547758070'"},
        {"config_no_object",
         "config_no_object.json:3:61: source.config:", "must be an object of the config fields used"},
        {"deep", "deep.json:1:2049:", "maximum parsing depth reached near '['"},
        {"duplicate_key", "duplicate_key.json:7:56:", "duplicate object key near '\"n\"'"},
        {"duplicate_layer", "duplicate_layer.json:7:5: layers[1]:", "layer \"good\" is there twice"},
        {"empty", "empty.json:1:0:", "'[' or '{' expected near end of file"},
        {"empty_layer_name",
         "empty_layer_name.json:7:14: layers[1].name:", "\"\" is no name: 1 to 63 letters, digits, '.', '_', '-'"},
        {"foreign_quantisation",
         "foreign_quantisation.json:4:68: quantisation.type:", "\"int8\" is not known; this suite measures \"int4\""},
        {"huge_size", "huge_size.json:7:28: layers[1].n:", "9223372036854775807 is outside 1..2147483647"},
        {"huge_weights", "huge_weights.json:7:5: layers[1]:",
         "layer \"other\": W of 2147483647 rows with a pitch of 131072 elements exceeds 2^40 bytes"},
        {"k_not_multiple",
         "k_not_multiple.json:7:5: layers[1]:", "layer \"other\": K = 320 is not a multiple of the group size 128"},
        {"layer_no_object", "layer_no_object.json:7:5: layers[1]:", "is an integer, must be an object"},
        {"layers_no_array", "layers_no_array.json:5:13: layers:", "is an object, must be an array"},
        {"malformed", "malformed.json:7:5:", "']' expected near '{'"},
        {"missing_field", "missing_field.json:7:5: layers[1]:", "lacks the field \"count\""},
        {"no_layers", "no_layers.json:5:13: layers:", "a model needs at least one layer"},
        {"no_source", "no_source.json:1:1:", "lacks the field \"source\""},
        {"not_utf8", "not_utf8.json:3:26:", "unable to decode byte 0xff near '\"'"},
        {"nul_byte", "nul_byte.json:", "holds a NUL byte, so it is no JSON text"},
        {"other_name",
         "other_name.json:2:11: name:", "\"different\" differs from the file's name; call one as the other"},
        {"real_size", "real_size.json:7:28: layers[1].n:", "is a real number, must be an integer"},
        {"trailing_text", "trailing_text.json:10:1:", "end of file expected near '}'"},
        {"truncated", "truncated.json:6:16:", "premature end of input near '\"go'"},
        {"unknown_key", "unknown_key.json:7:59: layers[1].m:", "unknown key; known here:"},
        {"unknown_top_key", "unknown_top_key.json:5:12: lines:", "unknown key; known here:"},
        {"upstream_no_bool", "upstream_no_bool.json:7:66: layers[1].upstream:", "is an integer, must be true or false"},
        {"wrong_type", "wrong_type.json:7:28: layers[1].n:", "is a string, must be an integer"},
        {"zero_count", "zero_count.json:7:51: layers[1].count:", "0 is outside 1..2147483647"},
        {"zero_size", "zero_size.json:7:28: layers[1].n:", "0 is outside 1..2147483647"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char path[512];
        struct w4_model model;
        struct w4_error error = {0};
        snprintf(path, sizeof(path), W4_TEST_DATA "/bad/models/%s.json", rows[i].file);
        check("models", &rows[i], w4_model_load(path, &model, &error), &error);
        assert_null(model.layers);
    }
}

static void broken_configs_are_refused(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"duplicate_key", "duplicate_key.json:8:29:", "duplicate object key near '\"head_dim\"'"},
        {"eight_bits", "eight_bits.json:9:35: quantization_config.bits:", "8 bits; this suite measures 4-bit weights"},
        {"group_does_not_divide",
         "group_does_not_divide.json:1:1:", "a layer cannot be run: K = 9736 is not a multiple of the group size 128"},
        {"group_size_negative",
         "group_size_negative.json:9:52: quantization_config.group_size:", "-1 is outside 1..1048576"},
        {"head_dim_undefined", "head_dim_undefined.json:1:1:",
         "hidden_size 2560 is not a multiple of num_attention_heads 33, and head_dim is absent"},
        {"hidden_size_text", "hidden_size_text.json:3:18: hidden_size:", "is a string, must be an integer"},
        {"huge_heads", "huge_heads.json:6:26: num_attention_heads:", "9223372036854775807 is outside 1..1048576"},
        {"huge_product", "huge_product.json:1:1:", "a layer cannot be run: K = 134217728 is not in 1..1048576"},
        {"no_bits", "no_bits.json:9:26: quantization_config:", "lacks the field \"bits\""},
        {"no_hidden_size", "no_hidden_size.json:1:1:", "lacks the field \"hidden_size\""},
        {"sym_no_bool", "sym_no_bool.json:9:34: quantization_config.sym:", "is an integer, must be true or false"},
        {"truncated", "truncated.json:4:9:", "unexpected newline near '\"inter,'"},
        {"unknown_type", "unknown_type.json:2:17: model_type:",
         "\"mamba\" is not known (qwen2, qwen3, llama); write its shape file by hand"},
        {"zero_heads", "zero_heads.json:6:26: num_attention_heads:", "0 is outside 1..1048576"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char path[512], *text;
        struct w4_error error = {0};
        snprintf(path, sizeof(path), W4_TEST_DATA "/bad/configs/%s.json", rows[i].file);
        check("configs", &rows[i], w4_model_derive(path, "x", &text, &error), &error);
        assert_null(text);
    }
}

static void broken_manifests_are_refused(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"bad_type", "bad_type.json:6:259: variants[1].type:", "\"fp32\" is neither \"fp16\" nor \"bf16\""},
        {"duplicate_id",
         "duplicate_id.json:8:5: variants[3]:", "id \"prefill-64x256x64-w8-u1-fp16-g128-sym\" is there twice"},
        {"duplicate_key", "duplicate_key.json:8:224:", "duplicate object key near '\"m_max\"'"},
        {"duplicate_symbol", "duplicate_symbol.json:6:5: variants[1]:", "symbol \"a\" of"},
        {"empty_code_object", "empty_code_object.json:8:5: variants[3]:", "code_object is empty"},
        {"huge_number", "huge_number.json:8:299: variants[3].vgprs:", "4294967296 is outside 0..2147483647"},
        {"long_hash", "long_hash.json:5:137: variants[0].code_object_hash:", "longer than 32 characters"},
        {"long_id", "long_id.json:8:12: variants[3].id:", "longer than 191 characters"},
        {"missing_field", "missing_field.json:8:5: variants[3]:", "lacks the field \"m_max\""},
        {"no_toolchain", "no_toolchain.json:1:1:", "lacks the field \"toolchain\""},
        {"no_variants", "no_variants.json:4:15: variants:", "no kernel was compiled; see the build's messages"},
        {"schema", "schema.json:2:13: schema:", "2 is outside 1..1"},
        {"truncated", "truncated.json:7:114:", "premature end of input near '\"/tmp/two.h'"},
        {"unknown_key", "unknown_key.json:8:227: variants[3].lucky:", "unknown key; known here:"},
        {"unknown_tile_key", "unknown_tile_key.json:8:168: variants[3].tile.stages:", "unknown key; known here:"},
        {"convention_unknown",
         "convention_unknown.json:10:422: variants[1].convention:", "\"plane\" is not in the file's \"conventions\""},
        {"convention_no_text",
         "convention_no_text.json:10:422: variants[1].convention:", "is an integer, must be a string"},
        {"argument_unknown",
         "argument_unknown.json:5:34: conventions.plain.arguments[1]:", "\"M\" is no argument; known: a w scales"},
        {"arguments_none", "arguments_none.json:5:28: conventions.plain.arguments:", "has 0 arguments, not 1 to 24"},
        {"arguments_many", "arguments_many.json:5:28: conventions.plain.arguments:", "has 25 arguments, not 1 to 24"},
        {"grid_twice_m",
         "grid_twice_m.json:5:48: conventions.plain.grid:", "is neither [\"m\", \"n\"] nor [\"n\", \"m\"]"},
        {"grid_one", "grid_one.json:5:48: conventions.plain.grid:", "is neither [\"m\", \"n\"] nor [\"n\", \"m\"]"},
        {"pitch_multiple_zero",
         "pitch_multiple_zero.json:5:78: conventions.plain.pitch_multiple:", "0 is outside 1..4096"},
        {"operand_bytes_negative",
         "operand_bytes_negative.json:5:102: conventions.plain.operand_bytes_max:", "-1 is outside 0.."},
        {"convention_unknown_key",
         "convention_unknown_key.json:5:90: conventions.plain.block:", "unknown key; known here:"},
        {"lds_too_large", "lds_too_large.json:9:452: variants[0].dynamic_lds_bytes:", "65537 is outside 0..65536"},
        {"stages_zero", "stages_zero.json:9:188: variants[0].tile.num_stages:", "0 is outside 1.."},
        {"unpack_long", "unpack_long.json:9:201: variants[0].tile.unpack:", "longer than 7 characters"},
        {"wrong_type", "wrong_type.json:8:215: variants[3].m_max:", "is a string, must be an integer"},
        {"zero_tile", "zero_tile.json:8:155: variants[3].tile.bm:", "0 is outside 1..2147483647"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char path[512];
        struct w4_manifest manifest;
        struct w4_error error = {0};
        snprintf(path, sizeof(path), W4_TEST_DATA "/bad/manifests/%s.json", rows[i].file);
        check("manifests", &rows[i], w4_manifest_load(path, &manifest, &error), &error);
        assert_null(manifest.variants);
    }
}

static void broken_rule_tables_are_refused(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"bad_condition", "bad_condition.json:5:26: rules[0].when:",
         "column 13 of \"N < 100 and X > 3\": M, N, K, G, an integer or \"(\" expected"},
        {"bad_type", "bad_type.json:6:40: rules[1].type:", "\"fp8\" is neither \"fp16\" nor \"bf16\""},
        {"zero_point_text", "zero_point_text.json:6:46: rules[1].zero_point:", "is a string, must be true or false"},
        {"both", "both.json:6:5: rules[1]:", "a rule has either a tile or \"use\""},
        {"circle_a", "circle_b.json:6:13: rules[1].use:", "\"circle_a\" leads back to itself"},
        {"circle_b", "circle_a.json:6:13: rules[1].use:", "\"circle_b\" leads back to itself"},
        {"condition_no_text", "condition_no_text.json:5:26: rules[0].when:", "is an integer, must be a string"},
        {"deep_0", "deep_7.json:6:13: rules[1].use:", "more than 8 tables use each other"},
        {"duplicate_key", "duplicate_key.json:5:24:", "duplicate object key near '\"m_max\"'"},
        {"long_family",
         "long_family.json:6:42: rules[1].family:", "ff\" is no name: 1 to 63 letters, digits, '.', '_', '-'"},
        {"malformed", "malformed.json:5:41:", "'}' expected near '\"tile\"'"},
        {"neither", "neither.json:6:5: rules[1]:", "a rule has either a tile or \"use\""},
        {"never", "never.json:6:27: rules[1].m_max:", "is below m_min, so that the rule never holds"},
        {"no_rules", "no_rules.json:4:12: rules:", "a table needs at least one rule"},
        {"other_name",
         "other_name.json:2:11: name:", "\"different\" differs from the file's name; call one as the other"},
        {"real_tile", "real_tile.json:6:19: rules[1].tile[1]:", "is a real number, must be an integer"},
        {"short_tile", "short_tile.json:6:14: rules[1].tile:", "has 3 numbers; BM, BN, BK and waves are four"},
        {"truncated", "truncated.json:6:0:", "']' expected near end of file"},
        {"unknown_key", "unknown_key.json:5:15: rules[0].M_max:", "unknown key; known here:"},
        {"unknown_use", "unknown_use.json:6:13: rules[1].use:", "unknown kernel \"nowhere\""},
        {"use_itself", "use_itself.json:6:13: rules[1].use:", "\"use_itself\" leads back to itself"},
        {"use_of_broken", "never.json:6:27: rules[1].m_max:", "is below m_min, so that the rule never holds"},
        {"use_with_family", "use_with_family.json:6:32: rules[1].family:", "is the used table's to say"},
        {"wrong_type", "wrong_type.json:5:15: rules[0].m_max:", "is true, must be an integer"},
        {"stages_zero", "stages_zero.json:6:46: rules[1].num_stages:", "0 is outside 1..64"},
        {"type_unknown", "type_unknown.json:6:40: rules[1].type:", "\"fp32\" is neither \"fp16\" nor \"bf16\""},
        {"unpack_long", "unpack_long.json:6:42: rules[1].unpack:", "longer than 7 characters"},
        {"zero_tile", "zero_tile.json:6:19: rules[1].tile[1]:", "0 is outside 1..4096"},
        {"zero_unroll", "zero_unroll.json:6:44: rules[1].unroll_k:", "0 is outside 1..64"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct w4_rules *rules;
        struct w4_error error = {0};
        check("rules", &rows[i], w4_rules_load(W4_TEST_DATA "/bad/rules", rows[i].file, &rules, &error), &error);
        assert_null(rules);
    }
}

static void broken_suites_are_refused(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"bad_type", "bad_type.json:7:21: types[1]:", "\"fp8\" is neither \"fp16\" nor \"bf16\""},
        {"case_no_object", "case_no_object.json:7:13: cases[0]:", "is an integer, must be an object"},
        {"duplicate_key", "duplicate_key.json:6:16:", "duplicate object key near '\"m\"'"},
        {"empty_cases", "empty_cases.json:7:12: cases:", "is empty, so that nothing would be measured"},
        {"empty_list", "empty_list.json:6:8: m:", "is empty, so that nothing would be measured"},
        {"group_does_not_divide", "suite \"group_does_not_divide\"", "K = 384 is not a multiple of the group size 256"},
        {"group_unknown", "group_unknown.json:7:18: group_size[0]:", "group size 48 is not 32, 64, 128 or 256"},
        {"huge_m", "huge_m.json:6:9: m[0]:", "4294967296 is outside 1..2147483647"},
        {"large_m", "suite \"large_m\"", "A of 2147483647 rows with a pitch of 384 elements exceeds 2^40 bytes"},
        {"malformed", "malformed.json:7:9:", "'}' expected near '\"types\"'"},
        {"missing_list", "missing_list.json:1:1:", "lacks the list \"m\", and so does the top"},
        {"negative_pad", "negative_pad.json:7:17: pitch_pad[0]:", "-1 is outside 0..1048576"},
        {"other_name",
         "other_name.json:2:11: name:", "\"different\" differs from the file's name; call one as the other"},
        {"path_as_model",
         "path_as_model.json:4:14: models[0]:", "\"../model\" is no name: 1 to 63 letters, digits, '.', '_', '-'"},
        {"truncated", "truncated.json:7:15:", "premature end of input near '\"fp'"},
        {"unknown_case_key", "unknown_case_key.json:7:23: cases[1].n:", "unknown key; known here:"},
        {"unknown_kernel", "unknown_kernel.json:5:23: kernels[1]:", "unknown kernel \"fast\""},
        {"unknown_key", "unknown_key.json:6:9: ms:", "unknown key; known here:"},
        {"unknown_layer", "suite \"unknown_layer\" names the layer \"lm_head\"", "only"},
        {"unknown_model", "unknown_model.json:4:23: models[1]:", "unknown model \"gpt\""},
        {"wrong_type", "wrong_type.json:6:8: m:", "is an integer, must be an array"},
        {"zero_m", "zero_m.json:6:12: m[1]:", "0 is outside 1..2147483647"},
        {"zero_point_number", "zero_point_number.json:8:18: zero_point[0]:", "is an integer, must be true or false"},
    };
    const struct w4_paths paths = {.shapes = W4_TEST_DATA "/bad/shapes", .heuristics = W4_TEST_DATA "/rules"};
    struct w4_cases cases;
    struct w4_error error = {0};
    assert_ok(w4_cases_expand(&paths, &(struct w4_selection){.suite = "good"}, &cases, &error), error);
    w4_cases_fini(&cases);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct w4_selection selection = {.suite = rows[i].file};
        error = (struct w4_error){0};
        check("suites", &rows[i], w4_cases_expand(&paths, &selection, &cases, &error), &error);
        assert_null(cases.items);
    }
}

static void missing_files_and_folders_are_named(void **state)
{
    (void)state;
    struct w4_model model;
    struct w4_manifest manifest;
    struct w4_rules *rules;
    struct w4_cases cases;
    char *text;
    const struct w4_paths nowhere = {.shapes = "/nowhere/shapes", .heuristics = "/nowhere/heuristics"};
    struct w4_error error = {0};
    assert_int_not_equal(w4_model_load("/nowhere/x.json", &model, &error), W4_OK);
    assert_message(&error, "/nowhere/x.json");
    error = (struct w4_error){0};
    assert_int_not_equal(w4_model_derive("/nowhere/config.json", "x", &text, &error), W4_OK);
    assert_message(&error, "/nowhere/config.json");
    error = (struct w4_error){0};
    assert_int_not_equal(w4_manifest_load("/nowhere/kernels.json", &manifest, &error), W4_OK);
    assert_message(&error, "/nowhere/kernels.json");
    error = (struct w4_error){0};
    assert_int_not_equal(w4_rules_load("/nowhere/heuristics", "tuned", &rules, &error), W4_OK);
    assert_message(&error, "/nowhere/heuristics");
    error = (struct w4_error){0};
    assert_int_not_equal(w4_cases_expand(&nowhere, &(struct w4_selection){0}, &cases, &error), W4_OK);
    assert_message(&error, "/nowhere/shapes/suites");
}

typedef enum w4_status load_file(const char *path);

static enum w4_status load_model(const char *path)
{
    struct w4_model model;
    const enum w4_status status = w4_model_load(path, &model, NULL);
    if (!status) {
        w4_model_fini(&model);
    }
    return status;
}

static enum w4_status load_manifest(const char *path)
{
    struct w4_manifest manifest;
    const enum w4_status status = w4_manifest_load(path, &manifest, NULL);
    if (!status) {
        w4_manifest_fini(&manifest);
    }
    return status;
}

static enum w4_status derive(const char *path)
{
    char *text;
    const enum w4_status status = w4_model_derive(path, "x", &text, NULL);
    free(text);
    return status;
}

static enum w4_status load_rules(const char *path)
{
    char folder[512];
    struct w4_rules *rules;
    snprintf(folder, sizeof(folder), "%s", path);
    *strrchr(folder, '/') = '\0';
    const enum w4_status status = w4_rules_load(folder, "base", &rules, NULL);
    w4_rules_destroy(rules);
    return status;
}

// Loads prefixes, and the file with one byte replaced, at some 200 places, under the name that the loader expects.
static void mangle(const char *good, const char *name, load_file *load)
{
    static const char replacements[] = {'"', '{', ']', ',', '-', '9', 'e', ' ', '\\', '\xff'};
    char folder[] = "/tmp/w4-mangle-XXXXXX", path[512], *text;
    size_t size;
    assert_int_equal(w4_file_read(good, 1 << 20, &text, &size, NULL), W4_OK);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    const size_t step = size / 200 + 1;
    for (size_t i = size % step; i <= size; i += step) { // ends with the whole file
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(text, 1, i, file), i);
        assert_int_equal(fclose(file), 0);
        const bool whole = i + 1 >= size; // all but the last newline
        assert_int_equal(load(path) == W4_OK, whole);
    }
    for (size_t i = 0; i < size; i += step) {
        const char right = text[i];
        text[i] = replacements[i % sizeof(replacements)];
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(text, 1, size, file), size);
        assert_int_equal(fclose(file), 0);
        (void)load(path); // either way, but without a crash
        text[i] = right;
    }
    free(text);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void mangled_files_never_crash(void **state)
{
    (void)state;
    mangle(W4_SOURCE_DIR "/shapes/qwen3-4b.json", "qwen3-4b.json", load_model);
    mangle(W4_TEST_DATA "/kernels.json", "kernels.json", load_manifest);
    mangle(W4_TEST_DATA "/configs/awq.json", "config.json", derive);
    mangle(W4_TEST_DATA "/rules/base.json", "base.json", load_rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_models_are_refused),    cmocka_unit_test(broken_configs_are_refused),
        cmocka_unit_test(broken_manifests_are_refused), cmocka_unit_test(broken_rule_tables_are_refused),
        cmocka_unit_test(broken_suites_are_refused),    cmocka_unit_test(missing_files_and_folders_are_named),
        cmocka_unit_test(mangled_files_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
