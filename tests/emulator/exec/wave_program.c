// Assembles, decodes and links the programs of the wave fixture. Runs nothing.
#include "wave_program.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wave_coverage.h"

#ifndef W4_LLVM_MC
#error "W4_LLVM_MC must name the assembler (tests/emulator/exec/CMakeLists.txt)"
#endif

enum { OBJECT_BYTES_MAX = 1 << 24 };

struct assembled {
    struct assembled *next;
    char *text;
    bool wave64;
    uint32_t *words;
    size_t count;
};

// What was assembled so far. The one mutable variable of the fixture: each test runs once a SIMD level in a fixture of
// its own, and starting the assembler is what a test program spends its time on.
static struct assembled *assembled;

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, bytes, size);
        if (written < 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

// Runs the assembler on a file; the object comes back in a fresh buffer.
static uint8_t *run_assembler(const char *path, bool wave64, size_t *size)
{
    char command[512];
    snprintf(command, sizeof command, "%s -triple=amdgcn-amd-amdhsa -mcpu=gfx1151 -mattr=%s -filetype=obj -o - %s",
             W4_LLVM_MC, wave64 ? "-wavefrontsize32,+wavefrontsize64" : "+wavefrontsize32,-wavefrontsize64", path);
    FILE *pipe = popen(command, "re");
    if (!pipe)
        return NULL;
    uint8_t *object = malloc(OBJECT_BYTES_MAX);
    *size = object ? fread(object, 1, OBJECT_BYTES_MAX, pipe) : 0;
    int status = pclose(pipe);
    if (object && (status != 0 || *size == OBJECT_BYTES_MAX)) {
        free(object);
        return NULL;
    }
    return object;
}

static bool inside(uint64_t offset, uint64_t bytes, size_t size)
{
    return offset <= size && bytes <= size - offset;
}

// Copies section .text out of an ELF64 object.
static uint32_t *text_section(const uint8_t *object, size_t size, size_t *count)
{
    Elf64_Ehdr header;
    if (size < sizeof header)
        return NULL;
    memcpy(&header, object, sizeof header);
    if (!inside(header.e_shoff, (uint64_t)header.e_shnum * sizeof(Elf64_Shdr), size) ||
        header.e_shstrndx >= header.e_shnum)
        return NULL;
    Elf64_Shdr names;
    memcpy(&names, object + header.e_shoff + header.e_shstrndx * sizeof names, sizeof names);
    for (unsigned i = 0; i < header.e_shnum; i++) {
        Elf64_Shdr section;
        memcpy(&section, object + header.e_shoff + i * sizeof section, sizeof section);
        uint64_t name = names.sh_offset + section.sh_name;
        if (!inside(name, sizeof ".text", size) || memcmp(object + name, ".text", sizeof ".text") != 0)
            continue;
        if (!inside(section.sh_offset, section.sh_size, size))
            return NULL;
        uint32_t *words = malloc(section.sh_size + 1);
        if (words)
            memcpy(words, object + section.sh_offset, section.sh_size);
        *count = section.sh_size / sizeof *words;
        return words;
    }
    return NULL;
}

static uint32_t *assemble(const char *text, bool wave64, size_t *count, char *message, size_t size)
{
    char path[] = "/tmp/wave_fixture_XXXXXX";
    uint8_t *object = NULL;
    uint32_t *words = NULL;
    size_t object_bytes = 0;
    int fd = mkstemp(path);
    if (fd < 0) {
        snprintf(message, size, "%s: %s", path, strerror(errno));
        return NULL;
    }
    bool written = write_all(fd, text, strlen(text)) && write_all(fd, "\n", 1);
    if (close(fd) != 0 || !written) {
        snprintf(message, size, "%s: %s", path, strerror(errno));
        goto out;
    }
    object = run_assembler(path, wave64, &object_bytes);
    if (!object) {
        snprintf(message, size, "%s does not assemble: %s", W4_LLVM_MC, text);
        goto out;
    }
    words = text_section(object, object_bytes, count);
    if (!words)
        snprintf(message, size, "no .text in what %s made of: %s", W4_LLVM_MC, text);
out:
    free(object);
    unlink(path);
    return words;
}

bool fixture_assemble(const char *text, bool wave64, const uint32_t **words, size_t *count, char *message, size_t size)
{
    for (const struct assembled *entry = assembled; entry; entry = entry->next) {
        if (entry->wave64 != wave64 || strcmp(entry->text, text) != 0)
            continue;
        *words = entry->words;
        *count = entry->count;
        return true;
    }
    struct assembled *entry = calloc(1, sizeof *entry);
    char *copy = strdup(text);
    uint32_t *made = entry && copy ? assemble(text, wave64, &entry->count, message, size) : NULL;
    if (!made) {
        free(copy);
        free(entry);
        return false;
    }
    *entry = (struct assembled){assembled, copy, wave64, made, entry->count};
    assembled = entry;
    *words = made;
    *count = entry->count;
    return true;
}

// Vector instructions act on 32 lanes: in wave64 they run once a half, unless their body wants all lanes at once.
static bool runs_per_half(const struct emu_inst *inst)
{
    return inst->encoding >= EMU_E_VOP1 && !(emu_opcodes[inst->op].flags & EMU_F_WAVE_OP);
}

static void do_nothing(struct emu_wave *wave, const struct emu_inst *inst)
{
    (void)wave, (void)inst;
}

static emu_exec_fn *body_of(const struct emu_bodies *bodies, unsigned op)
{
    return fixture_coverage_mutes(op) ? do_nothing : bodies->body[op];
}

static bool link_body(struct emu_inst *inst, bool wave64, const struct emu_bodies *bodies)
{
    inst->body = body_of(bodies, inst->op);
    inst->exec = wave64 && runs_per_half(inst) ? bodies->both_halves : inst->body;
    if (!inst->dual)
        return inst->body != NULL;
    struct emu_inst *dual = (struct emu_inst *)(uintptr_t)inst->dual;
    dual->body = dual->exec = body_of(bodies, dual->op);
    inst->exec = bodies->dual;
    return inst->body && dual->body && inst->exec;
}

// Where a branch goes: the offset counts dwords from the end of the instruction (SOPP and SOPK branches).
static void link_target(struct fixture_program *program, struct emu_inst *inst)
{
    if (emu_opcodes[inst->op].class != EMU_C_BRANCH || (inst->encoding != EMU_E_SOPP && inst->encoding != EMU_E_SOPK))
        return;
    int64_t pc = (int64_t)inst->pc + 4 * (inst->words + (int64_t)inst->imm);
    for (size_t i = 0; i <= program->count; i++) {
        if (program->insts[i].pc == pc)
            inst->target = &program->insts[i];
    }
}

static bool decode_and_link(struct fixture_program *program, const uint32_t *words, size_t count, bool wave64,
                            const struct emu_bodies *bodies, char *message, size_t size)
{
    for (size_t at = 0; at < count; program->count++) {
        struct emu_inst *inst = &program->insts[program->count], *dual = &program->duals[program->count];
        int taken = emu_decode(words + at, count - at, (uint32_t)at * 4, wave64, inst, dual);
        if (inst->dual)
            inst->dual = dual;
        if (taken <= 0) {
            snprintf(message, size, "pc 0x%zx: emu_decode does not know 0x%08x", at * 4, words[at]);
            return false;
        }
        if (!link_body(inst, wave64, bodies)) {
            snprintf(message, size, "pc 0x%zx: no body for %s in level %s", at * 4, emu_opcodes[inst->op].name,
                     bodies->level);
            return false;
        }
        at += (size_t)taken;
    }
    program->bytes = (uint32_t)count * 4;
    program->insts[program->count].pc = program->bytes;
    for (size_t i = 0; i < program->count; i++)
        link_target(program, &program->insts[i]);
    return true;
}

struct fixture_program *fixture_program_create(const uint32_t *words, size_t count, bool wave64,
                                               const struct emu_bodies *bodies, char *message, size_t size)
{
    struct fixture_program *program = calloc(1, sizeof *program);
    if (!program)
        return NULL;
    program->insts = calloc(count + 1, sizeof *program->insts);
    program->duals = calloc(count + 1, sizeof *program->duals);
    if (program->insts && program->duals && decode_and_link(program, words, count, wave64, bodies, message, size))
        return program;
    fixture_program_destroy(program);
    return NULL;
}

void fixture_program_destroy(struct fixture_program *program)
{
    if (!program)
        return;
    free(program->insts);
    free(program->duals);
    free(program);
}
