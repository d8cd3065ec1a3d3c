// Decoded operands against values made by hand from the ISA manual: what LLVM's text does not show.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/inst.h"

static struct emu_inst inst, dual;

static void decode_wave(bool wave64, int words, uint32_t w0, uint32_t w1, uint32_t w2)
{
    const uint32_t code[] = {w0, w1, w2};
    assert_int_equal(emu_decode(code, 3, 0x40, wave64, &inst, &dual), words);
    assert_int_equal(inst.words, words);
    assert_int_equal(inst.pc, 0x40);
    assert_int_equal(inst.raw[0], w0);
}

static void decode(int words, uint32_t w0, uint32_t w1, uint32_t w2)
{
    decode_wave(false, words, w0, w1, w2);
}

static void expect_reg(const struct emu_operand *operand, enum emu_operand_kind kind, unsigned reg, unsigned dwords)
{
    assert_int_equal(operand->kind, kind);
    assert_int_equal(operand->reg, reg);
    assert_int_equal(operand->dwords, dwords);
}

static void inline_constants_take_the_operands_format(void **state)
{
    (void)state;
    static const struct {
        uint32_t words[2];
        uint64_t value;
    } cases[] = {
        {{0x7e0002f2, 0}, 0x3f800000},          // v_mov_b32 v0, 1.0
        {{0x7e0002c1, 0}, 0xffffffff},          // v_mov_b32 v0, -1
        {{0x7e0002d0, 0}, 0xfffffff0},          // v_mov_b32 v0, -16
        {{0x7e0002c0, 0}, 64},                  // v_mov_b32 v0, 64
        {{0x7e0002f8, 0}, 0x3e22f983},          // v_mov_b32 v0, 1/(2 pi)
        {{0x7e0038f2, 0}, 0x3c00},              // v_mov_b16 v0.l, 1.0
        {{0x7e0038c1, 0}, 0xffff},              // v_mov_b16 v0.l, -1
        {{0x7e0006f2, 0}, 0x3ff0000000000000},  // v_cvt_i32_f64 v0, 1.0
        {{0x7e0006f8, 0}, 0x3fc45f306dc9c882},  // v_cvt_i32_f64 v0, 1/(2 pi)
        {{0x7e0006c1, 0}, 0xffffffffffffffff},  // v_cvt_i32_f64 v0, -1: integer bits
        {{0xbe8401c1, 0}, 0xffffffffffffffff},  // s_mov_b64 s[4:5], -1
        {{0xbe8401f7, 0}, 0xc010000000000000},  // s_mov_b64 s[4:5], -4.0
        {{0xcc0f4000, 0x180208f2}, 0x3c00},     // v_pk_add_f16 v0, 1.0, v4: low half
        {{0xcc024000, 0x180208f2}, 0x3f800000}, // v_pk_add_i16 v0, 1.0, v4: the 32-bit pattern
        {{0xcc024000, 0x180208c1}, 0xffffffff}, // v_pk_add_i16 v0, -1, v4
        {{0xcc1a4000, 0x1c1208f2}, 0x3f80},     // v_dot2_f32_bf16 v0, 1.0, v4, v4
        {{0x780208f2, 0}, 0x3c003c00},          // v_pk_fmac_f16 v1, 1.0, v4: both halves
        {{0xd6670000, 0x041208f1}, 0xbf00},     // v_dot2_bf16_bf16 v0.l, -0.5, ..
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(emu_decode(cases[i].words, 2, 0, false, &inst, &dual) > 0);
        assert_int_equal(inst.src[0].kind, EMU_K_CONST);
        assert_int_equal(inst.src[0].value, cases[i].value);
    }
}

static void literals_are_widened_by_type(void **state)
{
    (void)state;
    decode(2, 0x7e0002ff, 0x87654321, 0); // v_mov_b32
    assert_int_equal(inst.src[0].value, 0x87654321);
    decode(2, 0x7e0006ff, 0x87654321, 0); // v_cvt_i32_f64: high half of the double
    assert_int_equal(inst.src[0].value, 0x8765432100000000);
    decode(2, 0xbe8401ff, 0x87654321, 0); // s_mov_b64: zero-extended
    assert_int_equal(inst.src[0].value, 0x87654321);
    decode(2, 0x868506ff, 0x87654321, 0); // s_ashr_i64: sign-extended
    assert_int_equal(inst.src[0].value, 0xffffffff87654321);
    decode(2, 0x7e0038ff, 0x87654321, 0); // v_mov_b16: low half
    assert_int_equal(inst.src[0].value, 0x4321);
    decode(3, 0xd5320800, 0x000208ff, 0x87654321); // v_add_f16 with op_sel on the literal: high half
    assert_int_equal(inst.src[0].value, 0x8765);
    decode(2, 0x80050000 | 0xffff, 0x12345678, 0); // s_add_u32 s5, lit, lit: one literal, twice
    assert_int_equal(inst.src[0].value, 0x12345678);
    assert_int_equal(inst.src[1].value, 0x12345678);
}

static void k_stands_where_the_name_says(void **state)
{
    (void)state;
    decode(2, 0x58080d04, 0x12345678, 0); // v_fmamk_f32 v4, v4, K, v6
    expect_reg(&inst.src[0], EMU_K_VGPR, 4, 1);
    assert_int_equal(inst.src[1].value, 0x12345678);
    expect_reg(&inst.src[2], EMU_K_VGPR, 6, 1);
    decode(2, 0x5a080d04, 0x12345678, 0); // v_fmaak_f32 v4, v4, v6, K
    expect_reg(&inst.src[1], EMU_K_VGPR, 6, 1);
    assert_int_equal(inst.src[2].value, 0x12345678);
    decode(2, 0xb9801001, 0xcafe, 0); // s_setreg_imm32_b32
    assert_int_equal(inst.imm, 0x1001);
    assert_int_equal(inst.src[1].value, 0xcafe);
}

static void halves_of_16_bit_operands(void **state)
{
    (void)state;
    decode(1, 0x65150b84, 0, 0); // v_add_f16 v10.h, v4.h, v5.h: bit 7 of each register field
    expect_reg(&inst.dst, EMU_K_VGPR, 10, 1);
    expect_reg(&inst.src[0], EMU_K_VGPR, 4, 1);
    expect_reg(&inst.src[1], EMU_K_VGPR, 5, 1);
    assert_int_equal(inst.dst.hi, 1);
    assert_int_equal(inst.src[0].hi, 1);
    assert_int_equal(inst.src[1].hi, 1);
    decode(2, 0xd532480a, 0x00020b84, 0); // v_add_f16_e64 v10.h, v132.h, v5.l: op_sel
    expect_reg(&inst.src[0], EMU_K_VGPR, 132, 1);
    assert_int_equal(inst.dst.hi, 1);
    assert_int_equal(inst.src[0].hi, 1);
    assert_int_equal(inst.src[1].hi, 0);
    decode(1, 0x06140b84, 0, 0); // v_add_f32: bit 7 is the register's
    expect_reg(&inst.src[0], EMU_K_VGPR, 132, 1);
    decode(2, 0xde96007f, 0x007c0204, 0); // global_store_d16_hi_b16
    assert_int_equal(inst.src[1].hi, 1);
}

static void masks_are_as_wide_as_the_wave(void **state)
{
    (void)state;
    decode(2, 0xd5010000, 0x001a0301, 0); // v_cndmask_b32_e64 v0, s1, v1, s6
    expect_reg(&inst.src[2], EMU_K_SGPR, 6, 1);
    decode_wave(true, 2, 0xd5010000, 0x001a0301, 0);
    expect_reg(&inst.src[2], EMU_K_SGPR, 6, 2);
    decode_wave(true, 1, 0x7c220501, 0, 0); // v_cmp_lt_f32 vcc, s1, v2
    expect_reg(&inst.sdst, EMU_K_SGPR, 106, 2);
    decode_wave(false, 1, 0x7d220501, 0, 0); // v_cmpx_lt_f32
    expect_reg(&inst.sdst, EMU_K_SGPR, 126, 1);
    decode_wave(true, 2, 0xcc404028, 0x1c622108, 0); // v_wmma: accumulators of 4 registers
    expect_reg(&inst.dst, EMU_K_VGPR, 40, 4);
    expect_reg(&inst.src[0], EMU_K_VGPR, 8, 8);
    expect_reg(&inst.src[2], EMU_K_VGPR, 24, 4);
}

static void special_scalars(void **state)
{
    (void)state;
    decode(1, 0xbe84007c, 0, 0); // s_mov_b32 s4, null
    assert_int_equal(inst.src[0].kind, EMU_K_NULL);
    decode(1, 0xbefc0004, 0, 0); // s_mov_b32 null, s4
    assert_int_equal(inst.dst.kind, EMU_K_NULL);
    decode(1, 0xbe8400fd, 0, 0);
    assert_int_equal(inst.src[0].kind, EMU_K_SCC);
    decode(1, 0xbe8401eb, 0, 0); // s_mov_b64 s[4:5], src_shared_base
    assert_int_equal(inst.src[0].kind, EMU_K_SHARED_BASE);
    assert_int_equal(inst.src[0].dwords, 2);
    decode(1, 0xbe8400fe, 0, 0); // src_lds_direct
    assert_int_equal(inst.src[0].kind, EMU_K_BAD);
    decode(1, 0x7e0007ff, 0, 0); // v_cvt_i32_f64 v0, v[255:256]
    assert_int_equal(inst.src[0].kind, EMU_K_BAD);
    decode(2, 0xd7600004, 0x00020d04, 0); // v_readlane_b32 s4, v4, v6: the lane cannot be a VGPR
    assert_int_equal(inst.src[1].kind, EMU_K_BAD);
}

static void dpp_words(void **state)
{
    (void)state;
    decode(2, 0x061404fa, 0xa57d1105, 0); // v_add_f32 v10, -|v5|.. row_shr:1
    expect_reg(&inst.src[0], EMU_K_VGPR, 5, 1);
    assert_int_equal(inst.dpp, EMU_DPP_16);
    assert_int_equal(inst.dpp_ctrl, 0x111);
    assert_int_equal(inst.dpp_row_mask, 0xa);
    assert_int_equal(inst.dpp_bank_mask, 0x5);
    assert_int_equal(inst.dpp_bound_ctrl, 1);
    assert_int_equal(inst.dpp_fi, 1);
    assert_int_equal(inst.src[0].neg, 1);
    assert_int_equal(inst.src[0].abs, 1);
    assert_int_equal(inst.src[1].neg, 1);
    assert_int_equal(inst.src[1].abs, 0);
    decode(2, 0x061404ea, 0xfac68805, 0); // dpp8:[0,1,2,..] fi:1
    assert_int_equal(inst.dpp, EMU_DPP_8);
    assert_int_equal(inst.dpp_ctrl, 0xfac688);
    assert_int_equal(inst.dpp_fi, 1);
    decode(3, 0xd5030005, 0x000208e9, 0xfac68885); // e64_dpp: eight bits of register
    expect_reg(&inst.src[0], EMU_K_VGPR, 0x85, 1);
}

static void dual_halves(void **state)
{
    (void)state;
    decode(3, 0xc8460aff, 0x07080d06, 0x3f000000); // v_dual_fmaak v7, lit, v5, K :: v_dual_mul v8, s6?, v6
    assert_int_equal(inst.op, EMU_OP_v_dual_fmaak_f32);
    assert_ptr_equal(inst.dual, &dual);
    assert_int_equal(inst.src[0].value, 0x3f000000);
    assert_int_equal(inst.src[2].value, 0x3f000000);
    expect_reg(&inst.dst, EMU_K_VGPR, 7, 1);
    assert_int_equal(dual.op, EMU_OP_v_dual_mul_f32);
    expect_reg(&dual.dst, EMU_K_VGPR, 8, 1); // the low bit is the other parity than X's
    expect_reg(&dual.src[1], EMU_K_VGPR, 6, 1);
    const uint32_t code[] = {0xc8460aff, 0x07080d06, 0x3f000000};
    assert_int_equal(emu_decode(code, 3, 0, true, &inst, &dual), 0); // wave32 only
}

static void memory_operands(void **state)
{
    (void)state;
    decode(2, 0xf4040204, 0xf81ffff8, 0); // s_load_b64 s[8:9], s[8:9], -8
    assert_int_equal(inst.offset, -8);
    assert_int_equal(inst.src[1].kind, EMU_K_NULL);
    expect_reg(&inst.src[0], EMU_K_SGPR, 8, 2);
    decode(2, 0xdc521ffc, 0x087c0002, 0); // global_load_b32 v8, v[2:3], off offset:-4
    assert_int_equal(inst.offset, -4);
    expect_reg(&inst.src[0], EMU_K_VGPR, 2, 2);
    assert_int_equal(inst.src[2].kind, EMU_K_NONE);
    decode(2, 0xdc520004, 0x08060002, 0); // global_load_b32 v8, v2, s[6:7] offset:4
    expect_reg(&inst.src[0], EMU_K_VGPR, 2, 1);
    expect_reg(&inst.src[2], EMU_K_SGPR, 6, 2);
    decode(2, 0xdcd60000, 0x087c0402, 0); // global_atomic_add_u32 without glc: no result
    assert_int_equal(inst.dst.kind, EMU_K_NONE);
    decode(2, 0xdcd64000, 0x087c0402, 0);
    expect_reg(&inst.dst, EMU_K_VGPR, 8, 1);
    decode(2, 0xd8dc0301, 0x08000002, 0); // ds_load_2addr_b32 v[8:9], v2 offset0:1 offset1:3
    assert_int_equal(inst.offset0, 1);
    assert_int_equal(inst.offset1, 3);
    expect_reg(&inst.dst, EMU_K_VGPR, 8, 2);
    decode(2, 0xe0500010, 0x80c20402, 0); // buffer_load_b32 v4, v[2:3], s[8:11], 0 idxen offen offset:16
    expect_reg(&inst.src[0], EMU_K_VGPR, 2, 2);
    expect_reg(&inst.src[2], EMU_K_SGPR, 8, 4);
    assert_int_equal(inst.src[3].kind, EMU_K_CONST);
    decode(1, 0xbfa0fffe, 0, 0); // s_branch -2
    assert_int_equal(inst.imm, -2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inline_constants_take_the_operands_format),
        cmocka_unit_test(literals_are_widened_by_type),
        cmocka_unit_test(k_stands_where_the_name_says),
        cmocka_unit_test(halves_of_16_bit_operands),
        cmocka_unit_test(masks_are_as_wide_as_the_wave),
        cmocka_unit_test(special_scalars),
        cmocka_unit_test(dpp_words),
        cmocka_unit_test(dual_halves),
        cmocka_unit_test(memory_operands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
