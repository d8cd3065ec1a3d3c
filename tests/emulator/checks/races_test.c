// Data races through LDS and memory, stale caches, and barriers that not every wave reaches.
#include "samples.h"

// v2: the byte offset of the same lane in the other of two waves. Wave 0 jumps over a part with WAVE_1_ONLY ... 1:
#define OTHER        "v_xor_b32 v2, 128, v1\n"
#define WAVE_0_ONLY  "s_cmp_lg_u32 s3, 0\n s_cbranch_scc1 1f\n"
#define WAVE_1_ONLY  "s_cmp_eq_u32 s3, 0\n s_cbranch_scc1 1f\n"
#define GROUP_0_ONLY "s_cmp_lg_u32 s2, 0\n s_cbranch_scc1 1f\n"
#define GROUP_1_ONLY "s_cmp_eq_u32 s2, 0\n s_cbranch_scc1 1f\n"
#define FILL_LDS     "ds_store_b32 v1, v0\n s_waitcnt lgkmcnt(0)\n s_barrier\n"

static const struct sample samples[] = {
    // LDS within a workgroup.
    {.name = "lds_exchange_without_a_barrier",
     .finding = "LDS_RACE",
     .instruction = "ds_load_b32 v3, v2",
     .body = OTHER "ds_store_b32 v1, v0\n s_waitcnt lgkmcnt(0)\n" WAVE_1_ONLY
                   "ds_load_b32 v3, v2\n s_waitcnt lgkmcnt(0)\n1:",
     .waves = 2,
     .reporter = 1},
    {.name = "lds_exchange_over_a_barrier",
     .body = OTHER FILL_LDS "ds_load_b32 v3, v2\n s_waitcnt lgkmcnt(0)",
     .waves = 2},
    {.name = "barrier_before_the_store_is_complete",
     .finding = "LDS_RACE",
     .instruction = "ds_load_b32 v3, v2",
     .body = OTHER "ds_store_b32 v1, v0\n s_barrier\n" WAVE_1_ONLY "ds_load_b32 v3, v2\n s_waitcnt lgkmcnt(0)\n1:",
     .waves = 2,
     .reporter = 1},
    {.name = "overwriting_what_another_wave_still_reads",
     .finding = "LDS_RACE",
     .instruction = "ds_store_b32 v1, v1",
     .body =
         OTHER FILL_LDS WAVE_0_ONLY "ds_load_b32 v3, v2\n s_waitcnt lgkmcnt(0)\n s_endpgm\n1:\n ds_store_b32 v1, v1",
     .waves = 2,
     .reporter = 1},
    {.name = "overwriting_before_the_other_wave_s_read_returned",
     .finding = "LDS_RACE",
     .instruction = "ds_store_b32 v1, v1",
     .body = OTHER FILL_LDS "s_cmp_lg_u32 s3, 0\n s_cbranch_scc1 2f\n ds_load_b32 v3, v2\n2:\n s_barrier\n" WAVE_1_ONLY
                            "ds_store_b32 v1, v1\n1:",
     .waves = 2,
     .reporter = 1},
    {.name = "overwriting_after_the_other_wave_s_read_returned",
     .body = OTHER FILL_LDS "ds_load_b32 v3, v2\n s_waitcnt lgkmcnt(0)\n s_barrier\n ds_store_b32 v1, v1",
     .waves = 2},
    {.name = "two_waves_read_the_same_lds",
     .body = FILL_LDS "v_mov_b32 v2, 0\n ds_load_b32 v3, v2\n s_waitcnt lgkmcnt(0)",
     .waves = 2},
    {.name = "lds_atomics_meet",
     .body = "v_mov_b32 v2, 0\n" WAVE_0_ONLY
             "ds_store_b32 v2, v2\n1:\n s_waitcnt lgkmcnt(0)\n s_barrier\n ds_add_u32 v2, v0",
     .waves = 2},
    {.name = "lds_atomic_meets_a_plain_read",
     .finding = "LDS_RACE",
     .instruction = "ds_load_b32 v3, v2",
     .body = "v_mov_b32 v2, 0\n" WAVE_0_ONLY
             "ds_store_b32 v2, v2\n1:\n s_waitcnt lgkmcnt(0)\n s_barrier\n ds_add_u32 v2, v0\n"
             "s_waitcnt lgkmcnt(0)\n s_cmp_eq_u32 s3, 0\n s_cbranch_scc1 2f\n ds_load_b32 v3, v2\n s_waitcnt "
             "lgkmcnt(0)\n2:",
     .waves = 2,
     .reporter = 1},
    {.name = "neighbouring_bytes_do_not_race", .body = "ds_store_b8 v0, v0", .waves = 2},
    {.name = "a_third_wave_reads_early",
     .finding = "LDS_RACE",
     .instruction = "ds_store_b32 v2, v0",
     .body = "v_mov_b32 v2, 0\n" WAVE_0_ONLY "ds_store_b32 v2, v2\n1:\n s_waitcnt lgkmcnt(0)\n s_barrier\n"
             "s_cmp_eq_u32 s3, 2\n s_cbranch_scc1 2f\n ds_load_b32 v3, v2\n s_waitcnt lgkmcnt(0)\n s_endpgm\n2:\n"
             "ds_store_b32 v2, v0",
     .waves = 3,
     .reporter = 2},

    // Memory within a workgroup.
    {.name = "memory_exchange_without_a_barrier",
     .finding = "GLOBAL_RACE",
     .instruction = "global_load_b32 v3, v2",
     .body = OTHER "global_store_b32 v1, v0, s[6:7]\n s_waitcnt_vscnt null, 0x0\n" WAVE_1_ONLY
                   "global_load_b32 v3, v2, s[6:7]\n s_waitcnt vmcnt(0)\n1:",
     .waves = 2,
     .reporter = 1},
    {.name = "memory_exchange_over_a_barrier",
     .body = OTHER "global_store_b32 v1, v0, s[6:7]\n s_waitcnt_vscnt null, 0x0\n s_barrier\n buffer_gl0_inv\n"
                   "global_load_b32 v3, v2, s[6:7]\n s_waitcnt vmcnt(0)",
     .waves = 2},
    {.name = "barrier_before_the_store_reached_memory",
     .finding = "GLOBAL_RACE",
     .instruction = "global_load_b32 v3, v2",
     .body = OTHER "global_store_b32 v1, v0, s[6:7]\n s_waitcnt vmcnt(0)\n s_barrier\n buffer_gl0_inv\n"
                   "global_load_b32 v3, v2, s[6:7]\n s_waitcnt vmcnt(0)",
     .waves = 2},
    {.name = "overwriting_memory_another_wave_still_reads",
     .finding = "GLOBAL_RACE",
     .instruction = "global_store_b32 v1, v0",
     .body = OTHER WAVE_0_ONLY "global_load_b32 v3, v2, s[6:7]\n s_waitcnt vmcnt(0)\n s_endpgm\n1:\n"
                               "global_store_b32 v1, v0, s[6:7]",
     .waves = 2,
     .reporter = 1},
    {.name = "three_waves_and_the_first_reads_early",
     .finding = "GLOBAL_RACE",
     .instruction = "global_store_b32 v4, v0",
     .body = "v_mov_b32 v4, 0\n s_cmp_eq_u32 s3, 1\n s_cbranch_scc1 2f\n global_load_b32 v3, v4, s[6:7]\n s_waitcnt "
             "vmcnt(0)\n"
             "s_endpgm\n2:\n global_load_b32 v3, v4, s[6:7]\n s_waitcnt vmcnt(0)\n global_store_b32 v4, v0, s[6:7]",
     .waves = 2,
     .reporter = 1},
    {.name = "stale_line_of_the_other_compute_unit",
     .finding = "STALE_L0",
     .instruction = "global_load_b32 v3, v2",
     .body = OTHER "global_store_b32 v1, v0, s[6:7]\n s_waitcnt_vscnt null, 0x0\n s_barrier\n"
                   "global_load_b32 v3, v2, s[6:7]\n s_waitcnt vmcnt(0)",
     .waves = 2},
    {.name = "one_compute_unit_has_one_cache",
     .body = OTHER "global_store_b32 v1, v0, s[6:7]\n s_waitcnt_vscnt null, 0x0\n s_barrier\n"
                   "global_load_b32 v3, v2, s[6:7]\n s_waitcnt vmcnt(0)",
     .waves = 2,
     .options = SAMPLE_CU_MODE},
    {.name = "load_past_the_cache",
     .body = OTHER "global_store_b32 v1, v0, s[6:7]\n s_waitcnt_vscnt null, 0x0\n s_barrier\n"
                   "global_load_b32 v3, v2, s[6:7] glc\n s_waitcnt vmcnt(0)",
     .waves = 2},
    {.name = "invalidated_before_the_barrier",
     .finding = "STALE_L0",
     .instruction = "global_load_b32 v3, v2",
     .body = OTHER "global_store_b32 v1, v0, s[6:7]\n s_waitcnt_vscnt null, 0x0\n buffer_gl0_inv\n s_barrier\n"
                   "global_load_b32 v3, v2, s[6:7]\n s_waitcnt vmcnt(0)",
     .waves = 2},
    {.name = "memory_atomics_meet", .body = "v_mov_b32 v2, 0\n global_atomic_add_u32 v2, v0, s[6:7]", .waves = 2},
    {.name = "memory_atomic_meets_a_plain_store",
     .finding = "GLOBAL_RACE",
     .instruction = "global_store_b32",
     .body = "v_mov_b32 v2, 0\n" WAVE_0_ONLY "global_atomic_add_u32 v2, v0, s[6:7]\n s_endpgm\n1:\n"
             "global_store_b32 v2, v0, s[6:7]",
     .waves = 2,
     .reporter = 1},
    {.name = "half_written_early_beside_another_wave_s_half",
     .finding = "GLOBAL_RACE",
     .instruction = "global_load_d16_b16 v6",
     .body = "v_lshlrev_b32 v2, 1, v0\n v_mov_b32 v7, 0\n s_cmp_eq_u32 s3, 2\n"
             "s_cbranch_scc1 1f\n v_mov_b32 v8, s3\n v_lshlrev_b32 v8, 1, v8\n global_store_b16 v8, v0, s[6:7]\n"
             "s_endpgm\n1:\n global_load_d16_b16 v6, v7, s[6:7]\n s_waitcnt vmcnt(0)",
     .waves = 3,
     .reporter = 2},
    {.name = "neighbouring_halves_do_not_race",
     .body = "v_lshlrev_b32 v2, 1, v0\n global_store_b16 v2, v0, s[6:7]",
     .waves = 2},

    // Between workgroups.
    {.name = "two_workgroups_write_one_word",
     .finding = "GROUP_RACE",
     .instruction = "global_store_b32",
     .body = "global_store_b32 v1, v0, s[6:7]",
     .groups = 2},
    {.name = "two_workgroups_add_to_one_word", .body = "global_atomic_add_u32 v1, v0, s[6:7]", .groups = 2},
    {.name = "two_workgroups_read_one_word",
     .body = "global_load_b32 v2, v1, s[4:5]\n s_waitcnt vmcnt(0)",
     .groups = 2},
    {.name = "reading_what_another_workgroup_wrote",
     .finding = "GROUP_RACE",
     .instruction = "global_load_b32",
     .body = GROUP_0_ONLY
     "global_store_b32 v1, v0, s[6:7]\n s_endpgm\n1:\n global_load_b32 v2, v1, s[6:7]\n s_waitcnt vmcnt(0)",
     .groups = 2},
    {.name = "reading_behind_release_and_acquire",
     .body = "v_mov_b32 v4, 1\n v_mov_b32 v5, 0x800\n" GROUP_0_ONLY
             "global_store_b32 v1, v0, s[6:7]\n s_waitcnt_vscnt null, 0x0\n global_atomic_add_u32 v5, v4, s[6:7]\n "
             "s_endpgm\n1:\n"
             "global_atomic_add_u32 v6, v5, v4, s[6:7] glc\n s_waitcnt vmcnt(0)\n buffer_gl1_inv\n buffer_gl0_inv\n"
             "global_load_b32 v2, v1, s[6:7]\n s_waitcnt vmcnt(0)",
     .groups = 2},
    {.name = "release_before_the_store_is_complete",
     .finding = "GROUP_RACE",
     .instruction = "global_load_b32",
     .body = "v_mov_b32 v4, 1\n v_mov_b32 v5, 0x800\n" GROUP_0_ONLY
             "global_store_b32 v1, v0, s[6:7]\n global_atomic_add_u32 v5, v4, s[6:7]\n s_endpgm\n1:\n"
             "global_atomic_add_u32 v6, v5, v4, s[6:7] glc\n s_waitcnt vmcnt(0)\n buffer_gl1_inv\n buffer_gl0_inv\n"
             "global_load_b32 v2, v1, s[6:7]\n s_waitcnt vmcnt(0)",
     .groups = 2},
    {.name = "reading_before_the_acquire_returned",
     .finding = "GROUP_RACE",
     .instruction = "global_load_b32",
     .body = "v_mov_b32 v4, 1\n v_mov_b32 v5, 0x800\n" GROUP_0_ONLY
             "global_store_b32 v1, v0, s[6:7]\n s_waitcnt_vscnt null, 0x0\n global_atomic_add_u32 v5, v4, s[6:7]\n "
             "s_endpgm\n1:\n"
             "global_atomic_add_u32 v6, v5, v4, s[6:7] glc\n buffer_gl1_inv\n buffer_gl0_inv\n"
             "global_load_b32 v2, v1, s[6:7]\n s_waitcnt vmcnt(0)",
     .groups = 2},
    {.name = "acquire_without_invalidating_the_cache",
     .finding = "STALE_L0",
     .instruction = "global_load_b32",
     .body = "v_mov_b32 v4, 1\n v_mov_b32 v5, 0x800\n" GROUP_0_ONLY
             "global_store_b32 v1, v0, s[6:7]\n s_waitcnt_vscnt null, 0x0\n global_atomic_add_u32 v5, v4, s[6:7]\n "
             "s_endpgm\n1:\n"
             "global_atomic_add_u32 v6, v5, v4, s[6:7] glc\n s_waitcnt vmcnt(0)\n"
             "global_load_b32 v2, v1, s[6:7]\n s_waitcnt vmcnt(0)",
     .groups = 2},
    {.name = "flag_stored_and_polled",
     .body = "v_mov_b32 v4, 1\n v_mov_b32 v5, 0x800\n" GROUP_0_ONLY
             "global_store_b32 v1, v0, s[6:7]\n s_waitcnt_vscnt null, 0x0\n global_store_b32 v5, v4, s[6:7]\n "
             "s_endpgm\n1:\n"
             "global_load_b32 v6, v5, s[6:7] glc\n s_waitcnt vmcnt(0)\n buffer_gl1_inv\n buffer_gl0_inv\n"
             "global_load_b32 v2, v1, s[6:7]\n s_waitcnt vmcnt(0)",
     .groups = 2},
    {.name = "one_wave_acquires_for_the_workgroup",
     .body = "v_mov_b32 v4, 1\n v_mov_b32 v5, 0x800\n s_cmp_lg_u32 s2, 0\n s_cbranch_scc1 1f\n"
             "global_store_b32 v1, v0, s[6:7]\n s_waitcnt_vscnt null, 0x0\n s_barrier\n s_cmp_lg_u32 s3, 0\n "
             "s_cbranch_scc1 "
             "3f\n"
             "global_atomic_add_u32 v5, v4, s[6:7]\n3:\n s_endpgm\n1:\n s_cmp_lg_u32 s3, 0\n s_cbranch_scc1 2f\n"
             "global_atomic_add_u32 v6, v5, v4, s[6:7] glc\n s_waitcnt vmcnt(0)\n2:\n s_barrier\n buffer_gl1_inv\n"
             "buffer_gl0_inv\n global_load_b32 v2, v1, s[6:7]\n s_waitcnt vmcnt(0)",
     .groups = 2,
     .waves = 2},

    // Barriers.
    {.name = "a_wave_ends_before_the_others_barrier",
     .finding = "BARRIER",
     .instruction = "s_barrier",
     .body = WAVE_0_ONLY "s_endpgm\n1:\n s_barrier",
     .waves = 2,
     .reporter = 1},
    {.name = "all_waves_meet_twice", .body = "s_barrier\n s_barrier", .waves = 4},
    {.name = "all_waves_end_early_together", .body = "s_branch 1f\n s_barrier\n1:", .waves = 2},
};

int main(void)
{
    return samples_run("races", samples, sizeof samples / sizeof *samples);
}
