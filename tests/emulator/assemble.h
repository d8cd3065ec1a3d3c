// Kernels written in assembly: a source with descriptors and metadata around their bodies, and its code object.
#ifndef TEST_EMULATOR_ASSEMBLE_H
#define TEST_EMULATOR_ASSEMBLE_H

#include <stdbool.h>
#include <stddef.h>

// Every kernel takes `buffers` pointers; s[0:1] holds the arguments' address, s2 the workgroup, v0 the work-item. The
// descriptor asks for 128 VGPRs and 64 SGPRs.
struct asm_kernel {
    const char *name;
    const char *head, *body; // one after the other; s_endpgm follows
    unsigned buffers, lds_bytes, scratch_bytes;
    bool wave64, cu_mode;
};

// Writes those of the kernels that have this wave width to FOLDER/NAME.s and assembles them into FOLDER/NAME.hsaco;
// none of that width is fine too, and makes no object. `clang` is the compiler's path. False when something failed.
bool asm_build(const char *clang, const char *folder, const char *name, const struct asm_kernel *kernels, size_t count,
               bool wave64);

#endif
