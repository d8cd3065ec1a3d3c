// Faults: recording the first one of a workgroup, the address check behind memory accesses, and the message.
#include "launch.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void emu_fault_raise(struct emu_wave *wave, const struct emu_inst *inst, enum emu_fault_kind kind, int lane,
                     uint64_t address, const char *format, ...)
{
    struct emu_fault *fault = wave->group->fault;
    wave->status = EMU_FAULTED;
    if (fault->kind != EMU_FAULT_NONE)
        return;
    fault->kind = (uint32_t)kind;
    fault->inst = inst;
    fault->pc = inst ? inst->pc : 0;
    fault->wave = wave->index;
    fault->lane = lane;
    fault->address = address;
    fault->workgroup = wave->group->linear_id;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
}

// The launch's own blocks come first in no particular order: they are three.
static bool find_own(const struct emu_launch_context *launch, uint64_t address, uint64_t *begin, uint64_t *end)
{
    const struct {
        const uint8_t *at;
        uint64_t bytes;
    } own[] = {
        {launch->kernarg, launch->kernarg_bytes}, {launch->packet, EMU_PACKET_BYTES}, {launch->queue, EMU_QUEUE_BYTES}};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        *begin = (uint64_t)(uintptr_t)own[i].at;
        *end = *begin + own[i].bytes;
        if (address >= *begin && address < *end)
            return true;
    }
    return false;
}

bool emu_wave_find_range(struct emu_wave *wave, uint64_t address, uint64_t bytes, bool write)
{
    const struct emu_launch_context *launch = wave->group->launch;
    uint64_t begin, end;
    bool writable = false;
    const struct emu_range *range = emu_ranges_find(launch->ranges, address);
    if (range) {
        begin = range->begin;
        end = range->end;
        writable = range->writable;
    } else if (!find_own(launch, address, &begin, &end)) {
        return false;
    }
    if (bytes > end - address || (write && !writable))
        return false;
    wave->range_begin = begin;
    wave->range_end = end;
    wave->range_writable = writable;
    return true;
}

void emu_fault_message(const struct emu_launch_context *context, const struct emu_fault *fault, char *text, size_t size)
{
    const uint64_t x = fault->workgroup % context->groups[0];
    const uint64_t y = fault->workgroup / context->groups[0] % context->groups[1];
    const uint64_t z = fault->workgroup / context->groups[0] / context->groups[1];
    char lane[32] = "", instruction[160] = "", where[200] = "";
    if (fault->lane >= 0)
        snprintf(lane, sizeof lane, ", lane %d", fault->lane);
    if (fault->inst)
        (void)emu_print(fault->inst, instruction, sizeof instruction);
    if (fault->kind == EMU_FAULT_GLOBAL_ACCESS) {
        char neighbour[160] = "the launch's own arguments, packet or queue";
        uint64_t begin, end;
        if (!find_own(context, fault->address, &begin, &end))
            emu_memory_describe(context->memory, fault->address, neighbour, sizeof neighbour);
        snprintf(where, sizeof where, " (%s)", neighbour);
    }
    snprintf(text, size, "kernel %s, workgroup (%llu,%llu,%llu), wave %u%s, pc 0x%x: %s%s%s%s", context->kernel->name,
             (unsigned long long)x, (unsigned long long)y, (unsigned long long)z, fault->wave, lane,
             fault->pc + (uint32_t)context->params->module->object.text.address, instruction, *instruction ? ": " : "",
             fault->text, where);
}
