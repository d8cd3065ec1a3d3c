// A finding in words.
#include "finding.h"

#include <stdio.h>

#include "../source_line.h"

void emu_finding_message(const struct emu_launch_params *params, const struct emu_finding *finding, char *text,
                         size_t size)
{
    const struct co_object *object = &params->module->object;
    const uint64_t address = object->text.address + finding->inst->pc;
    uint64_t groups[3];
    for (int i = 0; i < 3; i++)
        groups[i] = (params->grid[i] + params->block[i] - 1) / params->block[i];
    char lane[32] = "";
    char instruction[160];
    char line[256];
    char place[264] = "";
    char times[48] = "";
    if (finding->lane >= 0)
        snprintf(lane, sizeof lane, ", lane %d", finding->lane);
    (void)emu_print(finding->inst, instruction, sizeof instruction);
    emu_source_line(object->bytes, object->size, address, line, sizeof line);
    if (*line)
        snprintf(place, sizeof place, " (%s)", line);
    if (finding->count > 1)
        snprintf(times, sizeof times, " (%llu times)", (unsigned long long)finding->count);
    snprintf(text, size, "kernel %s, workgroup (%llu,%llu,%llu), wave %u%s, pc 0x%llx: %s%s: %s: %s%s",
             params->kernel->name, (unsigned long long)(finding->workgroup % groups[0]),
             (unsigned long long)(finding->workgroup / groups[0] % groups[1]),
             (unsigned long long)(finding->workgroup / groups[0] / groups[1]), finding->wave, lane,
             (unsigned long long)address, instruction, place, emu_check_texts[finding->kind], finding->detail, times);
}
