// Writes and assembles kernels; see assemble.h.
#include "assemble.h"

#include <stdio.h>
#include <stdlib.h>

static void write_kernel(FILE *file, const struct asm_kernel *kernel)
{
    const char *name = kernel->name;
    fprintf(file, ".text\n.globl %s\n.p2align 8\n.type %s,@function\n%s:\n%s%s\n  s_endpgm\n", name, name, name,
            kernel->head, kernel->body);
    fprintf(file, ".Lend_%s:\n.size %s, .Lend_%s-%s\n", name, name, name, name);
    fprintf(file,
            ".rodata\n.p2align 6\n.amdhsa_kernel %s\n"
            "  .amdhsa_group_segment_fixed_size %u\n  .amdhsa_private_segment_fixed_size %u\n"
            "  .amdhsa_kernarg_size %u\n  .amdhsa_user_sgpr_kernarg_segment_ptr 1\n"
            "  .amdhsa_system_sgpr_workgroup_id_x 1\n  .amdhsa_system_sgpr_workgroup_id_y 0\n"
            "  .amdhsa_system_sgpr_workgroup_id_z 0\n  .amdhsa_enable_private_segment %d\n"
            "  .amdhsa_next_free_vgpr 128\n  .amdhsa_next_free_sgpr 64\n  .amdhsa_wavefront_size32 %d\n"
            "  .amdhsa_workgroup_processor_mode %d\n.end_amdhsa_kernel\n",
            name, kernel->lds_bytes, kernel->scratch_bytes, 8 * kernel->buffers, kernel->scratch_bytes > 0,
            !kernel->wave64, !kernel->cu_mode);
}

static void write_metadata(FILE *file, const struct asm_kernel *kernel)
{
    fprintf(file,
            "  - .name: %s\n    .symbol: %s.kd\n    .kernarg_segment_size: %u\n    .kernarg_segment_align: 8\n"
            "    .group_segment_fixed_size: %u\n    .private_segment_fixed_size: %u\n    .wavefront_size: %d\n"
            "    .sgpr_count: 64\n    .vgpr_count: 128\n    .max_flat_workgroup_size: 1024\n    "
            ".workgroup_processor_mode: %d\n    .args:\n",
            kernel->name, kernel->name, 8 * kernel->buffers, kernel->lds_bytes, kernel->scratch_bytes,
            kernel->wave64 ? 64 : 32, !kernel->cu_mode);
    for (unsigned i = 0; i < kernel->buffers; i++)
        fprintf(file,
                "      - .offset: %u\n        .size: 8\n        .value_kind: global_buffer\n"
                "        .address_space: global\n",
                8 * i);
}

bool asm_build(const char *clang, const char *folder, const char *name, const struct asm_kernel *kernels, size_t count,
               bool wave64)
{
    char source[256], command[1024];
    snprintf(source, sizeof source, "%s/%s.s", folder, name);
    FILE *file = fopen(source, "w");
    if (!file)
        return false;
    fprintf(file, ".amdgcn_target \"amdgcn-amd-amdhsa--gfx1151\"\n");
    size_t written = 0;
    for (size_t i = 0; i < count; i++)
        if (kernels[i].wave64 == wave64) {
            write_kernel(file, &kernels[i]);
            written++;
        }
    fprintf(file, ".amdgpu_metadata\namdhsa.version: [1, 2]\namdhsa.kernels:\n");
    for (size_t i = 0; i < count; i++)
        if (kernels[i].wave64 == wave64)
            write_metadata(file, &kernels[i]);
    fprintf(file, ".end_amdgpu_metadata\n");
    if (fclose(file) != 0)
        return false;
    if (written == 0)
        return true;
    snprintf(command, sizeof command, "%s -x assembler -g -target amdgcn-amd-amdhsa -mcpu=gfx1151 %s %s -o %s/%s.hsaco",
             clang, wave64 ? "-mwavefrontsize64" : "", source, folder, name);
    return system(command) == 0; // NOLINT(bugprone-command-processor): the compiler that the build found
}
