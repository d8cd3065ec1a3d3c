// The published loops as assembly. Registers: v[0:7] accumulator, v[8:23] matrices, v24-v27 factors, v30 lane address,
// v40 and up results; s[0:1] kernel arguments, s[4:5] the buffer's address, s6 iterations.
#include "loops.h"

#include <stdio.h>
#include <string.h>

const struct w4_loop w4_loops[] = {
    {.name = "wmma_f32_16x16x16_f16", .symbol = "f16"},
    {.name = "wmma_f32_16x16x16_bf16",
     .symbol = "bf16",
     .matrix = "v_wmma_f32_16x16x16_bf16 v[0:7], v[8:15], v[16:23], v[0:7]"},
    {.name = "wmma_i32_16x16x16_iu8",
     .symbol = "iu8",
     .matrix = "v_wmma_i32_16x16x16_iu8 v[0:7], v[8:11], v[16:19], v[0:7]"},
    {.name = "wmma_i32_16x16x16_iu4",
     .symbol = "iu4",
     .matrix = "v_wmma_i32_16x16x16_iu4 v[0:7], v[8:9], v[16:17], v[0:7]"},
    {.name = "wmma f16 dependent chain 1 wave", .symbol = "chain", .one_wave = true},
    {.name = "wmma f16 + 1 v_fma_f32",
     .symbol = "fma1",
     .body = "v_fma_f32 v%u, v24, v25, v26",
     .repeat = 1,
     .register_step = 1},
    {.name = "wmma f16 + 2 v_fma_f32",
     .symbol = "fma2",
     .body = "v_fma_f32 v%u, v24, v25, v26",
     .repeat = 2,
     .register_step = 1},
    {.name = "wmma f16 + 4 v_fma_f32",
     .symbol = "fma4",
     .body = "v_fma_f32 v%u, v24, v25, v26",
     .repeat = 4,
     .register_step = 1},
    {.name = "wmma f16 + 8 v_fma_f32",
     .symbol = "fma8",
     .body = "v_fma_f32 v%u, v24, v25, v26",
     .repeat = 8,
     .register_step = 1},
    {.name = "wmma f16 + 16 v_fma_f32",
     .symbol = "fma16",
     .body = "v_fma_f32 v%u, v24, v25, v26",
     .repeat = 16,
     .register_step = 1},
    {.name = "wmma f16 + 32 v_fma_f32",
     .symbol = "fma32",
     .body = "v_fma_f32 v%u, v24, v25, v26",
     .repeat = 32,
     .register_step = 1},
    {.name = "wmma f16 + 1 VOPD pair",
     .symbol = "vopd1",
     .body = "v_dual_fmac_f32 v%u, v24, v25 :: v_dual_fmac_f32 v%u, v26, v27",
     .repeat = 1,
     .register_step = 2},
    {.name = "wmma f16 + 4 VOPD pairs",
     .symbol = "vopd4",
     .body = "v_dual_fmac_f32 v%u, v24, v25 :: v_dual_fmac_f32 v%u, v26, v27",
     .repeat = 4,
     .register_step = 2},
    {.name = "wmma f16 + 8 VOPD pairs",
     .symbol = "vopd8",
     .body = "v_dual_fmac_f32 v%u, v24, v25 :: v_dual_fmac_f32 v%u, v26, v27",
     .repeat = 8,
     .register_step = 2},
    {.name = "wmma f16 + 1 ds_load_b128 conflict-free",
     .symbol = "load1",
     .body = "ds_load_b128 v[40:43], v30",
     .repeat = 1,
     .lane_bytes = 16},
    {.name = "wmma f16 + 2 ds_load_b128 conflict-free",
     .symbol = "load2",
     .body = "ds_load_b128 v[40:43], v30",
     .repeat = 2,
     .lane_bytes = 16},
    {.name = "wmma f16 + 4 ds_load_b128 conflict-free",
     .symbol = "load4",
     .body = "ds_load_b128 v[40:43], v30",
     .repeat = 4,
     .lane_bytes = 16},
    {.name = "wmma f16 + 1 ds_load_b128 64-byte lane stride",
     .symbol = "strided1",
     .body = "ds_load_b128 v[40:43], v30",
     .repeat = 1,
     .lane_bytes = 64},
    {.name = "wmma f16 + 2 ds_load_b128 64-byte lane stride",
     .symbol = "strided2",
     .body = "ds_load_b128 v[40:43], v30",
     .repeat = 2,
     .lane_bytes = 64},
    {.name = "wmma f16 + 4 ds_load_b128 64-byte lane stride",
     .symbol = "strided4",
     .body = "ds_load_b128 v[40:43], v30",
     .repeat = 4,
     .lane_bytes = 64},
    {.name = "wmma f16 + 1 ds_load_b32",
     .symbol = "narrow1",
     .body = "ds_load_b32 v40, v30",
     .repeat = 1,
     .lane_bytes = 4},
    {.name = "wmma f16 + 4 ds_load_b32",
     .symbol = "narrow4",
     .body = "ds_load_b32 v40, v30",
     .repeat = 4,
     .lane_bytes = 4},
    {.name = "wmma f16 + 4 ds_load_b64",
     .symbol = "middle4",
     .body = "ds_load_b64 v[40:41], v30",
     .repeat = 4,
     .lane_bytes = 8},
    {.name = "wmma f16 + 1 ds_store_b128",
     .symbol = "store1",
     .body = "ds_store_b128 v30, v[40:43]",
     .repeat = 1,
     .lane_bytes = 16},
    {.name = "wmma f16 + 4 ds_store_b128",
     .symbol = "store4",
     .body = "ds_store_b128 v30, v[40:43]",
     .repeat = 4,
     .lane_bytes = 16},
    {.name = "wmma f16 + 1 global_load_b128 L0 hit",
     .symbol = "global1",
     .body = "global_load_b128 v[40:43], v30, s[4:5]",
     .repeat = 1,
     .lane_bytes = 16},
    {.name = "wmma f16 + 4 global_load_b128 L0 hit",
     .symbol = "global4",
     .body = "global_load_b128 v[40:43], v30, s[4:5]",
     .repeat = 4,
     .lane_bytes = 16},
    {.name = "wmma f16 + v_perm chain", .symbol = "perm", .body = "v_perm_b32 v40, v40, v42, v43", .repeat = 2},
    {.name = "wmma f16 + cvt reading the accumulator",
     .symbol = "convert",
     .body = "v_cvt_f16_f32 v40, v3",
     .repeat = 1},
    {.name = "wmma f16 + dependent v_mul_lo_u32",
     .symbol = "multiply",
     .body = "v_mul_lo_u32 v40, v40, v41",
     .repeat = 1},
    {.name = "wmma f16 + fma_mixlo", .symbol = "mix", .body = "v_fma_mixlo_f16 v40, v41, v42, v43", .repeat = 1},
    {.name = "wmma f16 wave64",
     .symbol = "wide",
     .matrix = "v_wmma_f32_16x16x16_f16 v[0:3], v[8:15], v[16:23], v[0:3]",
     .wave64 = true},
};
const size_t w4_loop_count = sizeof w4_loops / sizeof *w4_loops;

enum { VGPRS = 80, LDS_BYTES = 8192 };

// The body with its holes filled by consecutive registers.
static void write_filled(FILE *file, const char *body, unsigned reg)
{
    for (const char *hole = strstr(body, "%u"); hole; hole = strstr(body, "%u")) {
        fprintf(file, "%.*s%u", (int)(hole - body), body, reg++);
        body = hole + 2;
    }
    fprintf(file, "%s\n", body);
}

static void write_body(FILE *file, const struct w4_loop *loop)
{
    const char *matrix = loop->matrix ? loop->matrix : "v_wmma_f32_16x16x16_f16 v[0:7], v[8:15], v[16:23], v[0:7]";
    fprintf(file, "  %s\n", matrix);
    for (unsigned i = 0; i < loop->repeat; i++) {
        // A chain tells the scheduler of its dependency, as compilers do.
        if (i && !loop->register_step)
            fprintf(file, "  s_delay_alu instid0(VALU_DEP_1)\n");
        write_filled(file, loop->body, 40 + i % 16 * loop->register_step);
    }
}

static void write_kernel(FILE *file, const struct w4_loop *loop)
{
    const char *name = loop->symbol;
    fprintf(file, ".text\n.globl %s\n.p2align 8\n.type %s,@function\n%s:\n", name, name, name);
    fprintf(file, "  s_load_b128 s[4:7], s[0:1], null\n");
    if (loop->lane_bytes)
        fprintf(file, "  v_mul_u32_u24 v30, %u, v0\n  v_and_b32 v30, 0x%x, v30\n", loop->lane_bytes, LDS_BYTES - 1);
    fprintf(file, "  s_waitcnt lgkmcnt(0)\n.Lloop_%s:\n", name);
    write_body(file, loop);
    fprintf(file,
            "  s_add_i32 s6, s6, -1\n  s_cmp_lg_u32 s6, 0\n  s_cbranch_scc1 .Lloop_%s\n  s_endpgm\n"
            ".Lend_%s:\n.size %s, .Lend_%s-%s\n",
            name, name, name, name, name);
    fprintf(file,
            ".rodata\n.p2align 6\n.amdhsa_kernel %s\n  .amdhsa_group_segment_fixed_size %d\n"
            "  .amdhsa_next_free_vgpr %d\n  .amdhsa_next_free_sgpr 16\n  .amdhsa_wavefront_size32 %d\n"
            "  .amdhsa_user_sgpr_kernarg_segment_ptr 1\n.end_amdhsa_kernel\n",
            name, LDS_BYTES, VGPRS, !loop->wave64);
}

static void write_metadata(FILE *file, const struct w4_loop *loop)
{
    fprintf(file,
            "  - {.name: %s, .symbol: %s.kd, .kernarg_segment_size: 16, .kernarg_segment_align: 8,\n"
            "     .group_segment_fixed_size: %d, .private_segment_fixed_size: 0, .wavefront_size: %d,\n"
            "     .sgpr_count: 16, .vgpr_count: %d, .max_flat_workgroup_size: 1024, .workgroup_processor_mode: 1,\n"
            "     .args: [{.size: 8, .offset: 0, .value_kind: global_buffer, .address_space: global},\n"
            "             {.size: 4, .offset: 8, .value_kind: by_value}]}\n",
            loop->symbol, loop->symbol, LDS_BYTES, loop->wave64 ? 64 : 32, VGPRS);
}

int w4_loops_write(const char *path, bool wave64)
{
    FILE *file = fopen(path, "w");
    if (!file)
        return -1;
    fprintf(file, ".amdgcn_target \"amdgcn-amd-amdhsa--gfx1151\"\n");
    for (size_t i = 0; i < w4_loop_count; i++)
        if (w4_loops[i].wave64 == wave64)
            write_kernel(file, &w4_loops[i]);
    fprintf(file, ".amdgpu_metadata\namdhsa.version: [1, 2]\namdhsa.kernels:\n");
    for (size_t i = 0; i < w4_loop_count; i++)
        if (w4_loops[i].wave64 == wave64)
            write_metadata(file, &w4_loops[i]);
    fprintf(file, ".end_amdgpu_metadata\n");
    const bool failed = ferror(file) != 0;
    return fclose(file) == 0 && !failed ? 0 : -1;
}
