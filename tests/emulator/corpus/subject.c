// Runs subjects; see subject.h.
#include "subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../emulator/checks/adversary.h"
#include "../../../emulator/checks/checks.h"
#include "../../../emulator/checks/finding.h"
#include "../../../emulator/launch.h"

struct stage {
    struct emu_memory *memory;
    struct emu_module *module;
    uint8_t *buffer[SUBJECT_BUFFERS];
    uint8_t arguments[SUBJECT_ARGUMENTS];
};

static bool make_buffers(const struct subject *subject, const struct subject_run *run, struct stage *stage)
{
    memcpy(stage->arguments, subject->arguments, sizeof stage->arguments);
    for (unsigned i = 0; i < subject->buffer_count; i++) {
        const struct subject_buffer *buffer = &subject->buffer[i];
        stage->buffer[i] = emu_memory_alloc(stage->memory, buffer->bytes, EMU_RANGE_BUFFER);
        if (!stage->buffer[i])
            return false;
        memcpy(stage->buffer[i], buffer->content, buffer->bytes);
        const int64_t shift = run->shifted == i + 1 ? (int64_t)run->shift * buffer->element : 0;
        const uint64_t address = (uint64_t)(uintptr_t)stage->buffer[i] + (uint64_t)shift;
        memcpy(stage->arguments + buffer->argument_at, &address, sizeof address);
    }
    return true;
}

// Buffers follow each other at multiples of 16 in an outcome's memory.
static size_t kept_bytes(const struct subject_buffer *buffer)
{
    return ((size_t)buffer->bytes + 15) & ~(size_t)15;
}

static bool keep_memory(const struct subject *subject, const struct stage *stage, struct subject_outcome *outcome)
{
    size_t at = 0;
    for (unsigned i = 0; i < subject->buffer_count; i++)
        outcome->bytes += kept_bytes(&subject->buffer[i]);
    outcome->memory = calloc(1, outcome->bytes);
    for (unsigned i = 0; i < subject->buffer_count && outcome->memory; i++) {
        memcpy(outcome->memory + at, stage->buffer[i], subject->buffer[i].bytes);
        at += kept_bytes(&subject->buffer[i]);
    }
    return outcome->memory != NULL;
}

const void *subject_output(const struct subject *subject, const struct subject_outcome *outcome)
{
    size_t at = 0;
    for (unsigned i = 0; i < subject->output; i++)
        at += kept_bytes(&subject->buffer[i]);
    return outcome->memory + at;
}

static bool run_stage(const struct subject *subject, const struct subject_run *run, struct stage *stage,
                      struct subject_outcome *outcome)
{
    struct emu_launch_params params = {
        .module = stage->module,
        .kernel = co_object_find_kernel(&stage->module->object, subject->kernel),
        .block = {subject->items, 1, 1},
        .grid = {subject->groups[0] * subject->items, subject->groups[1], subject->groups[2]},
        .dynamic_lds_bytes = subject->lds_bytes,
        .arguments = stage->arguments,
        .argument_bytes = subject->argument_bytes,
        .threads = 1,
        .instruction_limit = run->instruction_limit,
        .list = run->list,
        .list_count = run->list_count,
    };
    if (!params.kernel) {
        snprintf(outcome->first, sizeof outcome->first, "%s: no kernel %s", subject->path, subject->kernel);
        return false;
    }
    if (run->mode == SUBJECT_CHECK)
        params.checker = emu_checker_create(params.kernel->wgp_mode);
    if (run->mode == SUBJECT_ADVERSARY)
        params.adversary = emu_adversary_create(run->seed);
    struct emu_launch_result result;
    struct w4_error error = {0};
    const enum w4_status status = emu_launch(stage->memory, &params, &result, &error);
    outcome->faulted = status != W4_OK;
    outcome->wave_instructions = result.wave_instructions;
    if (outcome->faulted)
        snprintf(outcome->first, sizeof outcome->first, "%s", error.message);
    if (params.checker) {
        const struct emu_finding *findings = emu_checker_findings(params.checker, &outcome->findings);
        if (outcome->findings)
            emu_finding_message(&params, &findings[0], outcome->first, sizeof outcome->first);
    }
    // What the adversary still holds back arrives with its end.
    emu_adversary_destroy(params.adversary);
    emu_checker_destroy(params.checker);
    emu_launch_result_fini(&result);
    return keep_memory(subject, stage, outcome);
}

bool subject_launch(const struct subject *subject, const struct subject_run *run, struct subject_outcome *outcome)
{
    struct stage stage = {.memory = emu_memory_create(UINT64_C(1) << 28)};
    struct w4_error error = {0};
    *outcome = (struct subject_outcome){0};
    bool fine = false;
    if (!stage.memory)
        return false;
    if (emu_module_create(stage.memory, run->object, run->size, subject->title, &stage.module, &error) != W4_OK) {
        snprintf(outcome->first, sizeof outcome->first, "%s", error.message);
        fine = true;
        goto out;
    }
    outcome->loaded = true;
    fine = make_buffers(subject, run, &stage) && run_stage(subject, run, &stage, outcome);
out:
    emu_module_destroy(stage.memory, stage.module);
    emu_memory_destroy(stage.memory);
    return fine;
}

void subject_outcome_fini(struct subject_outcome *outcome)
{
    free(outcome->memory);
    *outcome = (struct subject_outcome){0};
}

bool subject_outcome_equal(const struct subject_outcome *a, const struct subject_outcome *b)
{
    return a->bytes == b->bytes && memcmp(a->memory, b->memory, a->bytes) == 0;
}

void subject_fini(struct subject *subject)
{
    for (unsigned i = 0; i < subject->buffer_count; i++)
        free(subject->buffer[i].content);
    subject->buffer_count = 0;
}

void *subject_add_buffer(struct subject *subject, uint32_t count, uint32_t element)
{
    const uint32_t at = (subject->argument_bytes + 7) & ~7u;
    struct subject_buffer *buffer = &subject->buffer[subject->buffer_count];
    if (subject->buffer_count == SUBJECT_BUFFERS || at + 8 > SUBJECT_ARGUMENTS)
        return NULL;
    *buffer = (struct subject_buffer){calloc(count, element), count * element, element, at};
    if (!buffer->content)
        return NULL;
    subject->argument_bytes = at + 8;
    subject->buffer_count++;
    return buffer->content;
}

void subject_add_u32(struct subject *subject, uint32_t value)
{
    if (subject->argument_bytes + 4 > SUBJECT_ARGUMENTS)
        return;
    memcpy(subject->arguments + subject->argument_bytes, &value, 4);
    subject->argument_bytes += 4;
}

uint32_t subject_random(uint64_t *state)
{
    // Knuth's MMIX generator; the high half is the better one.
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 32);
}

float subject_random_unit(uint64_t *state)
{
    return ((float)(subject_random(state) % 129) - 64.0f) / 64.0f;
}
