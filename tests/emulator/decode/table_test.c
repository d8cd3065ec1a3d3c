// The rows of the instruction table: found under their numbers, complete, and with flags that fit their names.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/decode.h"

static bool contains(const struct emu_opcode *row, const char *part)
{
    return strstr(row->name, part) != NULL;
}

static bool starts(const struct emu_opcode *row, const char *start)
{
    return strncmp(row->name, start, strlen(start)) == 0;
}

#define FOR_EACH_ROW(row) for (const struct emu_opcode *row = emu_opcodes + 1; row < emu_opcodes + EMU_OP_COUNT; row++)

static void expect_flag(const struct emu_opcode *row, uint32_t flag, bool expected, const char *name)
{
    if (((row->flags & flag) != 0) != expected)
        fail_msg("%s: %s should%s be set", row->name, name, expected ? "" : " not");
}

static enum emu_encoding table_of(const struct emu_opcode *row)
{
    return row->encoding == EMU_E_VOP3SD ? EMU_E_VOP3 : (enum emu_encoding)row->encoding;
}

static void every_row_is_found_under_its_number(void **state)
{
    (void)state;
    FOR_EACH_ROW(row)
    {
        assert_int_equal(emu_decode_find(table_of(row), row->opcode), row - emu_opcodes);
        unsigned shift = row->encoding == EMU_E_VOP1 ? 0x180 : row->encoding == EMU_E_VOP2 ? 0x100 : 0;
        bool has_long_form = row->encoding == EMU_E_VOP1 || row->encoding == EMU_E_VOP2 || row->encoding == EMU_E_VOPC;
        if (has_long_form)
            assert_int_equal(emu_decode_find(EMU_E_VOP3, row->opcode + shift),
                             row->flags & EMU_F_NO_VOP3 ? EMU_OP_INVALID : row - emu_opcodes);
    }
}

static void names_are_unique(void **state)
{
    (void)state;
    FOR_EACH_ROW(row)
    for (const struct emu_opcode *other = row + 1; other < emu_opcodes + EMU_OP_COUNT; other++)
        assert_string_not_equal(row->name, other->name);
}

static void memory_flags_fit_the_names(void **state)
{
    (void)state;
    FOR_EACH_ROW(row)
    {
        bool ds = row->encoding == EMU_E_DS;
        expect_flag(row, EMU_F_TWO_ADDR, ds && contains(row, "2addr"), "TWO_ADDR");
        expect_flag(row, EMU_F_STRIDE64, ds && contains(row, "stride64"), "STRIDE64");
        expect_flag(row, EMU_F_ATOMIC_RTN, row->class == EMU_C_LDS_ATOMIC && row->dst != EMU_T_NONE, "ATOMIC_RTN");
        expect_flag(row, EMU_F_D16_HI, contains(row, "d16_hi") || contains(row, "mixhi"), "D16_HI");
        if (contains(row, "_load_") && contains(row, "d16") && row->dst == EMU_T_B16)
            expect_flag(row, EMU_F_DST_IS_SRC, true, "DST_IS_SRC");
        bool store = row->class == EMU_C_LDS_STORE || row->class == EMU_C_VMEM_STORE ||
                     row->class == EMU_C_FLAT_STORE || row->class == EMU_C_SCRATCH_STORE;
        if (store) {
            assert_true(contains(row, "store"));
            assert_int_equal(row->dst, EMU_T_NONE);
        }
        bool load = row->class == EMU_C_LDS_LOAD || row->class == EMU_C_VMEM_LOAD || row->class == EMU_C_FLAT_LOAD ||
                    row->class == EMU_C_SCRATCH_LOAD;
        if (load) {
            assert_true(contains(row, "load"));
            assert_int_not_equal(row->dst, EMU_T_NONE);
        }
        bool atomic = row->class == EMU_C_VMEM_ATOMIC || row->class == EMU_C_FLAT_ATOMIC;
        assert_int_equal(atomic, contains(row, "_atomic_"));
    }
}

static void scalar_flags_fit_the_names(void **state)
{
    (void)state;
    FOR_EACH_ROW(row)
    {
        expect_flag(row, EMU_F_READS_SCC,
                    starts(row, "s_cselect") || starts(row, "s_cmov") || starts(row, "s_addc") ||
                        starts(row, "s_subb_") || starts(row, "s_cbranch_scc"),
                    "READS_SCC");
        if (row->encoding == EMU_E_SOPC || starts(row, "s_cmpk") || starts(row, "s_bitcmp"))
            expect_flag(row, EMU_F_WRITES_SCC, true, "WRITES_SCC");
        if (row->encoding != EMU_E_SOP1 && row->encoding != EMU_E_SOP2 && row->encoding != EMU_E_SOPC &&
            row->encoding != EMU_E_SOPK)
            expect_flag(row, EMU_F_WRITES_SCC, false, "WRITES_SCC");
        if (contains(row, "saveexec") || contains(row, "wrexec")) {
            expect_flag(row, EMU_F_READS_EXEC, true, "READS_EXEC");
            expect_flag(row, EMU_F_WRITES_EXEC, true, "WRITES_EXEC");
            expect_flag(row, EMU_F_WRITES_SCC, true, "WRITES_SCC");
        }
        if (row->class == EMU_C_SFLOAT)
            assert_true(contains(row, "f16") || contains(row, "f32"));
    }
}

static void vector_flags_fit_the_names(void **state)
{
    (void)state;
    FOR_EACH_ROW(row)
    {
        bool vopc = row->encoding == EMU_E_VOPC;
        bool carry = row->encoding == EMU_E_VOP2 && contains(row, "_co_ci_");
        expect_flag(row, EMU_F_WRITES_VCC, carry || (vopc && starts(row, "v_cmp_")), "WRITES_VCC");
        if (row->encoding >= EMU_E_VOP1 && row->encoding <= EMU_E_VOPD) {
            expect_flag(row, EMU_F_WRITES_EXEC, starts(row, "v_cmpx"), "WRITES_EXEC");
            expect_flag(row, EMU_F_READS_VCC, carry || contains(row, "cndmask_b32") || contains(row, "div_fmas"),
                        "READS_VCC");
        }
        bool k = contains(row, "fmaak") || contains(row, "fmamk") || contains(row, "setreg_imm32");
        expect_flag(row, EMU_F_LITERAL_K, k, "LITERAL_K");
        if (contains(row, "fmac") || contains(row, "acc_f32") || contains(row, "v_swap"))
            expect_flag(row, EMU_F_DST_IS_SRC, true, "DST_IS_SRC");
        bool transcendental = starts(row, "v_exp_") || starts(row, "v_log_") || starts(row, "v_rcp_") ||
                              starts(row, "v_rsq_") || starts(row, "v_sqrt_") || starts(row, "v_sin_") ||
                              starts(row, "v_cos_");
        assert_int_equal(transcendental, row->class == EMU_C_VALU_TRANS || row->class == EMU_C_VALU_F64_TRANS);
        assert_int_equal(contains(row, "wmma"), row->class == EMU_C_WMMA || row->class == EMU_C_WMMA_IU4);
        if (contains(row, "wmma") || contains(row, "readlane") || contains(row, "writelane") ||
            contains(row, "permlane64"))
            expect_flag(row, EMU_F_WAVE_OP, true, "WAVE_OP");
        bool lane = contains(row, "readlane") || contains(row, "readfirstlane");
        assert_int_equal(lane, row->class == EMU_C_VALU_LANE);
        if (emu_type_bits[row->dst] == 64 && row->encoding <= EMU_E_VOPD && row->encoding >= EMU_E_VOP1)
            expect_flag(row, EMU_F_NO_DPP, true, "NO_DPP");
    }
}

// Forms of the published opcode list that LLVM 22 does not have for gfx1151.
static bool left_out(const char *name)
{
    static const char *const parts[] = {"_load_lds_", "flat_atomic_csub_u32"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strstr(name, parts[i]))
            return true;
    return false;
}

static bool has_row(const char *name)
{
    FOR_EACH_ROW(row)
    if (strcmp(row->name, name) == 0)
        return true;
    return false;
}

static void every_published_opcode_has_a_row(void **state)
{
    (void)state;
    FILE *file = fopen(W4_SOURCE_DIR "/data/gfx11_opcodes.csv", "r");
    char line[256], encoding[32], name[128];
    unsigned opcode, count = 0;
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file)); // the header
    while (fgets(line, sizeof line, file)) {
        assert_int_equal(sscanf(line, "%31[^,],%u,%127[^,]", encoding, &opcode, name), 3);
        size_t length = strlen(name);
        if (length > 4 && (strcmp(name + length - 4, "_e32") == 0 || strcmp(name + length - 4, "_e64") == 0))
            name[length - 4] = '\0';
        if (!left_out(name) && !has_row(name))
            fail_msg("%s %u %s has no row", encoding, opcode, name);
        count++;
    }
    assert_int_equal(fclose(file), 0);
    assert_true(count > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found_under_its_number), cmocka_unit_test(names_are_unique),
        cmocka_unit_test(memory_flags_fit_the_names),          cmocka_unit_test(scalar_flags_fit_the_names),
        cmocka_unit_test(vector_flags_fit_the_names),          cmocka_unit_test(every_published_opcode_has_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
