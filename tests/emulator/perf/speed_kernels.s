// Kernels that tests/emulator/perf/launch_speed.c times. Arguments: buffer address (8 bytes), loop count (4). A
// workgroup of any number of waves works on 16 KiB of the buffer of its own, at 16 KiB * workgroup. The buffer is
// filled with 0x3c003800 by the host; nobody reads the results.
.amdgcn_target "amdgcn-amd-amdhsa--gfx1151"
.text

// Per iteration: 16 v_wmma_f32_16x16x16_f16 on 8 independent accumulators, and 3 scalar instructions.
.globl wmma
.p2align 8
.type wmma,@function
wmma:
  s_load_b32 s4, s[0:1], 8
  v_and_b32 v0, 0x3ff, v0
  v_mov_b32 v1, 0x3c003800
.set reg, 2
.rept 126
  v_mov_b32 v[reg], 0
  .set reg, reg + 1
.endr
.set reg, 64
.rept 32
  v_mov_b32 v[reg], v1
  .set reg, reg + 1
.endr
  s_waitcnt lgkmcnt(0)
.Lwmma_loop:
.rept 2
  v_wmma_f32_16x16x16_f16 v[2:9], v[64:71], v[72:79], v[2:9]
  v_wmma_f32_16x16x16_f16 v[10:17], v[80:87], v[72:79], v[10:17]
  v_wmma_f32_16x16x16_f16 v[18:25], v[64:71], v[88:95], v[18:25]
  v_wmma_f32_16x16x16_f16 v[26:33], v[80:87], v[88:95], v[26:33]
  v_wmma_f32_16x16x16_f16 v[34:41], v[64:71], v[72:79], v[34:41]
  v_wmma_f32_16x16x16_f16 v[42:49], v[80:87], v[72:79], v[42:49]
  v_wmma_f32_16x16x16_f16 v[50:57], v[64:71], v[88:95], v[50:57]
  v_wmma_f32_16x16x16_f16 v[96:103], v[80:87], v[88:95], v[96:103]
.endr
  s_sub_i32 s4, s4, 1
  s_cmp_lg_u32 s4, 0
  s_cbranch_scc1 .Lwmma_loop
  s_endpgm
.Lwmma_end:
.size wmma, .Lwmma_end-wmma

// Per iteration: 20 VALU, 3 LDS, 2 global, 3 SALU, 1 branch; and 2 waits, which do nothing but order.
.globl mix
.p2align 8
.type mix,@function
mix:
  s_load_b64 s[4:5], s[0:1], 0
  s_load_b32 s6, s[0:1], 8
  v_and_b32 v0, 0x3ff, v0
  v_lshlrev_b32 v1, 4, v0                 // 16 bytes a work-item: LDS and global
  s_lshl_b32 s7, s2, 14
  s_waitcnt lgkmcnt(0)
  s_add_u32 s4, s4, s7
  s_addc_u32 s5, s5, 0
  v_mov_b32 v2, 0x3f800000
  v_mov_b32 v3, 0x3c003c00
  v_mov_b32 v4, 0
  v_mov_b32 v5, 0
  v_mov_b32 v6, 0x64006400
  v_mov_b32 v7, 0
  v_mov_b32 v24, 0
  v_mov_b32 v25, 0
  s_mov_b32 s8, 0
  s_mov_b32 s9, 0xf000f
  s_mov_b32 s11, 0x05040100
.Lmix_loop:
  global_load_b128 v[8:11], v1, s[4:5]
  ds_load_b128 v[12:15], v1
  ds_load_b32 v16, v1 offset:8
  v_add_nc_u32 v17, s8, v0
  v_lshlrev_b32 v18, 2, v17
  v_and_b32 v18, 0x3ffc, v18
  v_cvt_f32_u32 v20, v17
  v_fma_f32 v21, v20, v2, v21
  v_mul_f32 v20, v20, v2
  v_add_f32 v21, v21, v20
  s_waitcnt vmcnt(0) lgkmcnt(0)
  v_and_or_b32 v22, v8, s9, v6
  v_lshrrev_b32 v23, 8, v9
  v_and_or_b32 v23, v23, s9, v6
  v_perm_b32 v24, v22, v23, s11
  v_pk_fma_f16 v22, v22, v3, v24
  v_pk_add_f16 v23, v23, v3
  v_pk_mul_f16 v25, v23, v3
  v_cmp_lt_u32 vcc_lo, v17, v16
  v_cndmask_b32 v4, v12, v13, vcc_lo
  v_max_f32 v5, v5, v20
  v_lshl_add_u32 v7, v14, 1, v7
  v_add3_u32 v7, v7, v15, v10
  v_cvt_f16_f32 v26.l, v21
  ds_store_b64 v1, v[22:23]
  global_store_b32 v1, v7, s[4:5] offset:12
  s_add_u32 s8, s8, 1
  s_and_b32 s10, s8, 0xff
  s_waitcnt lgkmcnt(0)
  s_cmp_lt_u32 s8, s6
  s_cbranch_scc1 .Lmix_loop
  s_endpgm
.Lmix_end:
.size mix, .Lmix_end-mix

.macro descriptor name
.p2align 6
.amdhsa_kernel \name
  .amdhsa_group_segment_fixed_size 16384
  .amdhsa_kernarg_size 16
  .amdhsa_user_sgpr_kernarg_segment_ptr 1
  .amdhsa_system_sgpr_workgroup_id_x 1
  .amdhsa_next_free_vgpr 128
  .amdhsa_next_free_sgpr 16
  .amdhsa_wavefront_size32 1
  .amdhsa_float_denorm_mode_16_64 3
  .amdhsa_float_denorm_mode_32 3
.end_amdhsa_kernel
.endm
.rodata
descriptor wmma
descriptor mix

.amdgpu_metadata
amdhsa.version: [1, 2]
amdhsa.kernels:
  - .name: wmma
    .symbol: wmma.kd
    .kernarg_segment_size: 16
    .kernarg_segment_align: 8
    .group_segment_fixed_size: 16384
    .private_segment_fixed_size: 0
    .wavefront_size: 32
    .sgpr_count: 16
    .vgpr_count: 128
    .max_flat_workgroup_size: 1024
    .args:
      - {.offset: 0, .size: 8, .value_kind: global_buffer, .address_space: global}
      - {.offset: 8, .size: 4, .value_kind: by_value}
  - .name: mix
    .symbol: mix.kd
    .kernarg_segment_size: 16
    .kernarg_segment_align: 8
    .group_segment_fixed_size: 16384
    .private_segment_fixed_size: 0
    .wavefront_size: 32
    .sgpr_count: 16
    .vgpr_count: 128
    .max_flat_workgroup_size: 1024
    .args:
      - {.offset: 0, .size: 8, .value_kind: global_buffer, .address_space: global}
      - {.offset: 8, .size: 4, .value_kind: by_value}
.end_amdgpu_metadata
