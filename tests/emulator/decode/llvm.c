// The C interface of libLLVM, reached with dlopen: five functions, declared here so that no headers are needed.
#include "llvm.h"

#include <ctype.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

typedef void initialize_fn(void);
typedef void *create_fn(const char *triple, const char *cpu, const char *features, void *info, int tag_type,
                        void *get_op_info, void *symbol_lookup);
typedef int set_options_fn(void *disassembler, uint64_t options);
typedef size_t disassemble_fn(void *disassembler, uint8_t *bytes, uint64_t size, uint64_t pc, char *text,
                              size_t text_size);
typedef void dispose_fn(void *disassembler);

struct llvm {
    void *library;
    void *disassembler;
    disassemble_fn *disassemble;
    dispose_fn *dispose;
};

static void *open_library(void)
{
    static const char *const names[] = {"libLLVM.so.22.1", "libLLVM.so.22", "libLLVM-22.so", "libLLVM-22.so.1"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (library)
            return library;
    }
    return NULL;
}

// Object pointers to function pointers: what POSIX says dlsym is for.
static bool symbol(void *library, const char *name, void *function)
{
    void *address = dlsym(library, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

static bool initialize(void *library)
{
    static const char *const parts[] = {"LLVMInitializeAMDGPUTargetInfo", "LLVMInitializeAMDGPUTarget",
                                        "LLVMInitializeAMDGPUTargetMC", "LLVMInitializeAMDGPUDisassembler"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        initialize_fn *function;
        if (!symbol(library, parts[i], &function))
            return false;
        function();
    }
    return true;
}

struct llvm *llvm_open(bool wave64, const char **why)
{
    struct llvm *llvm = calloc(1, sizeof *llvm);
    create_fn *create;
    set_options_fn *set_options;

    *why = "out of memory";
    if (!llvm)
        return NULL;
    *why = "libLLVM 22 is not installed (Debian: libllvm22)";
    llvm->library = open_library();
    if (!llvm->library)
        goto failed;
    *why = "libLLVM 22 has no AMDGPU disassembler";
    if (!initialize(llvm->library) || !symbol(llvm->library, "LLVMCreateDisasmCPUFeatures", &create) ||
        !symbol(llvm->library, "LLVMSetDisasmOptions", &set_options) ||
        !symbol(llvm->library, "LLVMDisasmInstruction", &llvm->disassemble) ||
        !symbol(llvm->library, "LLVMDisasmDispose", &llvm->dispose))
        goto failed;
    llvm->disassembler =
        create("amdgcn-amd-amdhsa", "gfx1151", wave64 ? "+wavefrontsize64" : "+wavefrontsize32", NULL, 0, NULL, NULL);
    const uint64_t immediates_in_hexadecimal = 2; // as llvm-objdump and llvm-mc print them
    if (!llvm->disassembler || !set_options(llvm->disassembler, immediates_in_hexadecimal))
        goto failed;
    return llvm;
failed:
    llvm_close(llvm);
    return NULL;
}

void llvm_close(struct llvm *llvm)
{
    if (!llvm)
        return;
    if (llvm->disassembler)
        llvm->dispose(llvm->disassembler);
    if (llvm->library)
        (void)dlclose(llvm->library);
    free(llvm);
}

// Takes out "/*...*/" (except in s_delay_alu, where it stands for a value), the "; Warning" tail and outer blanks.
static void strip(const char *from, char *to, size_t size)
{
    bool keep_comments = strstr(from, "s_delay_alu") != NULL;
    size_t length = 0;
    while (isspace((unsigned char)*from))
        from++;
    while (*from && *from != ';' && length + 1 < size) {
        const char *end = !keep_comments && from[0] == '/' && from[1] == '*' ? strstr(from, "*/") : NULL;
        if (end)
            from = end + 2;
        else
            to[length++] = *from++;
    }
    while (length && isspace((unsigned char)to[length - 1]))
        length--;
    to[length] = '\0';
}

int llvm_disassemble(struct llvm *llvm, const uint32_t *words, char *text, size_t size)
{
    uint8_t bytes[4 * LLVM_WORDS];
    char raw[512];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(words[i / 4] >> (8 * (i % 4)));
    size_t used = llvm->disassemble(llvm->disassembler, bytes, sizeof bytes, 0, raw, sizeof raw);
    text[0] = '\0';
    if (used)
        strip(raw, text, size);
    return (int)(used / 4);
}
