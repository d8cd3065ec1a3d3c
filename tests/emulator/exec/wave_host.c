// What bodies call outside exec/, answered by the wave fixture: faults are kept, global memory is one piece, code is
// the program being run. The emulator's own answers (launch, allocations, code objects) have their own tests.
#include <stdarg.h>
#include <stdio.h>

#include "emulator/exec/control.h"
#include "wave_fixture.h"
#include "wave_program.h"

static struct fixture *owner(const struct emu_wave *wave)
{
    return (struct fixture *)((uintptr_t)wave - offsetof(struct fixture, wave));
}

void emu_fault_raise(struct emu_wave *wave, const struct emu_inst *inst, enum emu_fault_kind kind, int lane,
                     uint64_t address, const char *format, ...)
{
    struct emu_fault *fault = wave->group->fault;
    wave->status = EMU_FAULTED;
    if (fault->kind != EMU_FAULT_NONE)
        return;
    *fault = (struct emu_fault){
        .kind = (uint32_t)kind, .inst = inst, .pc = inst ? inst->pc : 0, .lane = lane, .address = address};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
}

bool emu_wave_find_range(struct emu_wave *wave, uint64_t address, uint64_t bytes, bool write)
{
    (void)write;
    const struct fixture *f = owner(wave);
    uint64_t begin = (uint64_t)(uintptr_t)f->memory;
    if (address < begin || bytes > f->memory_bytes || address - begin > f->memory_bytes - bytes)
        return false;
    wave->range_begin = begin;
    wave->range_end = begin + f->memory_bytes;
    wave->range_writable = 1;
    return true;
}

const struct emu_inst *emu_code_at(const struct emu_wave *wave, uint64_t address)
{
    const struct fixture_program *program = owner(wave)->program;
    for (size_t i = 0; i <= program->count; i++) {
        if (FIXTURE_CODE_BASE + program->insts[i].pc == address)
            return &program->insts[i];
    }
    return NULL;
}

uint64_t emu_code_address(const struct emu_wave *wave, const struct emu_inst *next)
{
    (void)wave;
    return FIXTURE_CODE_BASE + next->pc;
}
