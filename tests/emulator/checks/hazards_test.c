// Rules between and within instructions that gfx11 leaves to the program.
#include "samples.h"

// All of v8..v47 zero, so that nothing is uninitialised.
#define ZEROS ".set r, 8\n .rept 40\n v_mov_b32 v[r], 0\n .set r, r + 1\n .endr\n"

static const struct sample samples[] = {
    {.name = "wmma_result_as_the_next_one_s_a",
     .finding = "WMMA_HAZARD",
     .instruction = "v_wmma_f32_16x16x16_f16 v[40:47]",
     .body = ZEROS "v_wmma_f32_16x16x16_f16 v[24:31], v[8:15], v[16:23], v[24:31]\n"
                   "v_wmma_f32_16x16x16_f16 v[40:47], v[24:31], v[16:23], v[40:47]"},
    {.name = "wmma_result_as_the_next_one_s_b",
     .finding = "WMMA_HAZARD",
     .instruction = "v_wmma_f32_16x16x16_f16 v[40:47]",
     .body = ZEROS "v_wmma_f32_16x16x16_f16 v[24:31], v[8:15], v[16:23], v[24:31]\n s_mov_b32 s10, 0\n"
                   "v_wmma_f32_16x16x16_f16 v[40:47], v[8:15], v[28:35], v[40:47]"},
    {.name = "wmma_result_as_a_behind_a_nop",
     .body = ZEROS "v_wmma_f32_16x16x16_f16 v[24:31], v[8:15], v[16:23], v[24:31]\n v_nop\n"
                   "v_wmma_f32_16x16x16_f16 v[40:47], v[24:31], v[16:23], v[40:47]"},
    {.name = "wmma_result_as_a_behind_another_wmma",
     .body = ZEROS "v_wmma_f32_16x16x16_f16 v[24:31], v[8:15], v[16:23], v[24:31]\n"
                   "v_wmma_f32_16x16x16_f16 v[32:39], v[8:15], v[16:23], v[32:39]\n"
                   "v_wmma_f32_16x16x16_f16 v[40:47], v[24:31], v[16:23], v[40:47]"},
    {.name = "chain_of_accumulators",
     .body = ZEROS "v_wmma_f32_16x16x16_f16 v[24:31], v[8:15], v[16:23], v[24:31]\n"
                   "v_wmma_f32_16x16x16_f16 v[24:31], v[8:15], v[16:23], v[24:31]"},
    {.name = "wmma_d_overlaps_a",
     .finding = "WMMA_OVERLAP",
     .instruction = "v_wmma_f32_16x16x16_f16 v[8:15]",
     .body = ZEROS "v_wmma_f32_16x16x16_f16 v[8:15], v[8:15], v[16:23], v[24:31]"},
    {.name = "wmma_d_overlaps_b_in_part",
     .finding = "WMMA_OVERLAP",
     .instruction = "v_wmma_f32_16x16x16_f16 v[20:27]",
     .body = ZEROS "v_wmma_f32_16x16x16_f16 v[20:27], v[8:15], v[16:23], v[32:39]"},
    {.name = "wmma_d_overlaps_c_in_part",
     .finding = "WMMA_OVERLAP",
     .instruction = "v_wmma_f32_16x16x16_f16 v[28:35]",
     .body = ZEROS "v_wmma_f32_16x16x16_f16 v[28:35], v[8:15], v[16:23], v[24:31]"},
    {.name = "wmma_d_beside_c", .body = ZEROS "v_wmma_f32_16x16x16_f16 v[32:39], v[8:15], v[16:23], v[24:31]"},
    {.name = "wmma_under_a_partial_mask",
     .finding = "WMMA_EXEC",
     .instruction = "v_wmma_f32_16x16x16_f16",
     .body = ZEROS "s_mov_b32 exec_lo, 0xffff\n v_wmma_f32_16x16x16_f16 v[24:31], v[8:15], v[16:23], v[24:31]"},
    {.name = "wmma_under_a_restored_mask",
     .body = ZEROS "s_mov_b32 exec_lo, 0xffff\n s_mov_b32 exec_lo, -1\n"
                   "v_wmma_f32_16x16x16_f16 v[24:31], v[8:15], v[16:23], v[24:31]"},

    // VOPD: the assembler refuses what breaks a rule, so the words stand here. A pair of v_dual_mov_b32:
    // 0x32<<26 | op x 8<<22 | op y 8<<17 | vsrc1 x | src0 x (256 + v), dst x<<24 | dst y / 2<<17 | vsrc1 y | src0 y.
    {.name = "dual_sources_of_one_bank",
     .finding = "VOPD_RULE",
     .instruction = "v_dual_mov_b32 v10, v8",
     .body = ZEROS ".long 0xca100108, 0x0a0a010c"},
    {.name = "dual_sources_of_two_banks", .body = ZEROS ".long 0xca100108, 0x0a0a010d"},
    {.name = "dual_second_half_reads_what_the_first_writes",
     .body = ZEROS "v_dual_mov_b32 v8, v9 :: v_dual_add_nc_u32 v11, v10, v8"},

    {.name = "permlane_after_a_compare_into_exec",
     .finding = "VCMPX_PERMLANE",
     .instruction = "v_permlane16_b32",
     .body = ZEROS "s_mov_b32 s10, 0\n v_cmpx_eq_u32 v8, v9\n v_permlane16_b32 v10, v11, s10, s10"},
    {.name = "permlane_after_compare_and_move",
     .body =
         ZEROS "s_mov_b32 s10, 0\n v_cmpx_eq_u32 v8, v9\n v_mov_b32 v12, v12\n v_permlane16_b32 v10, v11, s10, s10"},
    {.name = "permlane_after_compare_and_nop",
     .finding = "VCMPX_PERMLANE",
     .instruction = "v_permlane16_b32",
     .body = ZEROS "s_mov_b32 s10, 0\n v_cmpx_eq_u32 v8, v9\n v_nop\n v_permlane16_b32 v10, v11, s10, s10"},

    {.name = "mask_overwritten_by_the_salu_in_wave64",
     .finding = "MASK_WRITE",
     .instruction = "s_mov_b64 s[14:15]",
     .body = "s_mov_b64 s[10:11], -1\n v_cndmask_b32_e64 v2, v0, v1, s[10:11]\n s_mov_b64 s[10:11], 0\n s_mov_b64 "
             "s[14:15], "
             "s[10:11]",
     .options = SAMPLE_WAVE64},
    {.name = "mask_overwritten_and_waited_for",
     .body = "s_mov_b64 s[10:11], -1\n v_cndmask_b32_e64 v2, v0, v1, s[10:11]\n s_mov_b64 s[10:11], 0\n"
             "s_waitcnt_depctr 0xfffe\n s_mov_b64 s[14:15], s[10:11]",
     .options = SAMPLE_WAVE64},
    {.name = "mask_overwritten_in_wave32",
     .body = "s_mov_b32 s10, -1\n v_cndmask_b32_e64 v2, v0, v1, s10\n s_mov_b32 s10, 0\n s_mov_b32 s14, s10"},
    {.name = "partial_forward_in_wave64",
     .finding = "PARTIAL_FORWARD",
     .instruction = "v_add_nc_u32_e32 v4, v2, v3",
     .body = "s_mov_b64 s[10:11], exec\n v_mov_b32 v2, v0\n s_mov_b64 exec, s[10:11]\n v_mov_b32 v3, v0\n v_add_nc_u32 "
             "v4, v2, "
             "v3",
     .options = SAMPLE_WAVE64},
    {.name = "partial_forward_waited_for",
     .body = "s_mov_b64 s[10:11], exec\n v_mov_b32 v2, v0\n s_mov_b64 exec, s[10:11]\n v_mov_b32 v3, v0\n"
             "s_waitcnt_depctr 0xfff\n v_add_nc_u32 v4, v2, v3",
     .options = SAMPLE_WAVE64},
    {.name = "partial_forward_of_old_results",
     .body = "s_mov_b64 s[10:11], exec\n v_mov_b32 v2, v0\n v_mov_b32 v5, v0\n v_mov_b32 v6, v0\n v_mov_b32 v7, v0\n"
             "s_mov_b64 exec, s[10:11]\n v_mov_b32 v3, v0\n v_add_nc_u32 v4, v2, v3",
     .options = SAMPLE_WAVE64},

    {.name = "scalar_load_from_an_odd_address",
     .finding = "MISALIGNED",
     .instruction = "s_load_b32",
     .body = "s_add_u32 s10, s4, 2\n s_addc_u32 s11, s5, 0\n s_load_b32 s12, s[10:11], null\n s_waitcnt lgkmcnt(0)"},
    {.name = "scalar_load_from_a_word",
     .body = "s_add_u32 s10, s4, 4\n s_addc_u32 s11, s5, 0\n s_load_b32 s12, s[10:11], null\n s_waitcnt lgkmcnt(0)"},
    {.name = "vector_load_from_an_odd_address", .body = "global_load_b32 v2, v0, s[4:5]\n s_waitcnt vmcnt(0)"},
};

int main(void)
{
    return samples_run("hazards", samples, sizeof samples / sizeof *samples);
}
