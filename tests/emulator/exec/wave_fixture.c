// The wave fixture: makes a wave, runs programs on it, and runs tests once a SIMD level.
#include "wave_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wave_coverage.h"
#include "wave_program.h"

enum { VGPR_WORDS = 2 * 256 * EMU_LANES, LEVELS = 3 };

static const char *const levels[LEVELS] = {"generic", "avx2", "avx512"};

struct fixture *fixture_create(unsigned lanes, const char *level)
{
    const struct emu_bodies *bodies = emu_simd_choose(level);
    struct fixture *f = bodies ? calloc(1, sizeof *f) : NULL;
    if (!f)
        return NULL;
    f->vgprs = aligned_alloc(64, VGPR_WORDS * sizeof *f->vgprs);
    f->memory = aligned_alloc(64, FIXTURE_MEMORY_BYTES);
    f->group.lds = aligned_alloc(64, FIXTURE_LDS_BYTES);
    if (!f->vgprs || !f->memory || !f->group.lds) {
        fixture_destroy(f);
        return NULL;
    }
    memset(f->vgprs, 0, VGPR_WORDS * sizeof *f->vgprs);
    memset(f->memory, 0, FIXTURE_MEMORY_BYTES);
    memset(f->group.lds, 0, FIXTURE_LDS_BYTES);
    f->memory_bytes = FIXTURE_MEMORY_BYTES;
    f->bodies = bodies;
    f->lanes = lanes;
    f->group.lds_bytes = FIXTURE_LDS_BYTES;
    f->group.wave_count = 1;
    f->group.waves = &f->wave;
    f->group.fault = &f->fault;
    f->group.shared_base = UINT64_C(0x100000000);
    f->group.private_base = UINT64_C(0x200000000);
    f->wave.v = f->vgprs;
    f->wave.group = &f->group;
    f->wave.mode = FIXTURE_MODE;
    f->wave.wave64 = lanes == 64;
    fixture_set_s64(f, EMU_SGPR_EXEC, lanes == 64 ? UINT64_MAX : UINT32_MAX);
    return f;
}

void fixture_destroy(struct fixture *fixture)
{
    if (!fixture)
        return;
    fixture_program_destroy((struct fixture_program *)(uintptr_t)fixture->program);
    free(fixture->vgprs);
    free(fixture->memory);
    free(fixture->group.lds);
    free(fixture);
}

void fixture_fill(struct fixture *fixture, unsigned reg, uint32_t value)
{
    fixture_ramp(fixture, reg, value, 0);
}

void fixture_ramp(struct fixture *fixture, unsigned reg, uint32_t base, uint32_t step)
{
    for (unsigned lane = 0; lane < fixture->lanes; lane++)
        *fixture_v(fixture, reg, lane) = base + lane * step;
}

void fixture_set_s64(struct fixture *fixture, unsigned reg, uint64_t value)
{
    fixture->wave.s[reg] = (uint32_t)value;
    fixture->wave.s[reg + 1] = (uint32_t)(value >> 32);
}

uint64_t fixture_s64(const struct fixture *fixture, unsigned reg)
{
    return fixture->wave.s[reg] | (uint64_t)fixture->wave.s[reg + 1] << 32;
}

static void load(struct fixture *f, const uint32_t *words, size_t count)
{
    char message[512] = "out of memory";
    fixture_program_destroy((struct fixture_program *)(uintptr_t)f->program);
    f->program = fixture_program_create(words, count, f->lanes == 64, f->bodies, message, sizeof message);
    if (!f->program)
        fail_msg("%s", message);
}

static void execute(struct fixture *f)
{
    struct emu_wave *wave = &f->wave;
    f->fault = (struct emu_fault){0};
    f->access = (struct emu_access){0};
    f->barriers = 0;
    wave->observed = f->observe != 0;
    wave->access = f->observe ? &f->access : NULL;
    wave->status = EMU_RUNNING;
    wave->ip = f->program->insts;
    uint64_t limit = wave->instructions + FIXTURE_INSTRUCTIONS_MAX;
    while (wave->status == EMU_RUNNING && wave->ip->exec) {
        if (wave->instructions++ == limit)
            fail_msg("the program still runs after %d instructions", (int)FIXTURE_INSTRUCTIONS_MAX);
        const struct emu_inst *inst = wave->ip++;
        inst->exec(wave, inst);
        fixture_coverage_note(inst, wave->status == EMU_FAULTED);
        f->barriers += wave->status == EMU_AT_BARRIER;
        if (wave->status == EMU_AT_BARRIER || wave->status == EMU_YIELDED)
            wave->status = EMU_RUNNING;
    }
}

static void load_text(struct fixture *f, const char *text)
{
    const uint32_t *words;
    size_t count;
    char message[512] = "out of memory";
    if (!fixture_assemble(text, f->lanes == 64, &words, &count, message, sizeof message))
        fail_msg("%s", message);
    load(f, words, count);
}

static void expect_no_fault(const struct fixture *f)
{
    if (f->wave.status == EMU_FAULTED)
        fail_msg("%s at pc 0x%x raised fault %u, lane %d, address 0x%llx: %s",
                 f->fault.inst ? emu_opcodes[f->fault.inst->op].name : "nothing", f->fault.pc, f->fault.kind,
                 f->fault.lane, (unsigned long long)f->fault.address, f->fault.text);
}

void fixture_run(struct fixture *fixture, const char *text)
{
    load_text(fixture, text);
    execute(fixture);
    expect_no_fault(fixture);
}

void fixture_run_words(struct fixture *fixture, const uint32_t *words, size_t count)
{
    load(fixture, words, count);
    execute(fixture);
    expect_no_fault(fixture);
}

void fixture_run_faulting(struct fixture *fixture, const char *text, enum emu_fault_kind kind)
{
    load_text(fixture, text);
    execute(fixture);
    if (fixture->wave.status != EMU_FAULTED)
        fail_msg("no fault, expected kind %d: %s", (int)kind, text);
    if (fixture->fault.kind != kind)
        fail_msg("fault %u (%s), expected kind %d: %s", fixture->fault.kind, fixture->fault.text, (int)kind, text);
}

// A test at a level: cmocka's initial state of one run.
struct run {
    const struct fixture_test *test;
    const char *level;
    struct fixture *fixture;
};

static int set_up(void **state)
{
    struct run *run = *state;
    run->fixture = fixture_create(run->test->lanes, run->level);
    if (!run->fixture)
        return -1;
    *state = run->fixture;
    return 0;
}

static int tear_down(void **state)
{
    fixture_destroy(*state);
    return 0;
}

// The tests of one level, for the audit.
struct level_tests {
    const char *group;
    const struct CMUnitTest *units;
    size_t count;
};

static int run_level(void *context)
{
    const struct level_tests *level = context;
    return _cmocka_run_group_tests(level->group, level->units, level->count, NULL, NULL);
}

int fixture_main(const char *group, const struct fixture_test *tests, size_t count)
{
    enum { NAME_BYTES = 160 };
    const char *only = getenv("FIXTURE_LEVEL");
    struct CMUnitTest *units = calloc(count * LEVELS, sizeof *units);
    struct run *runs = calloc(count * LEVELS, sizeof *runs);
    char (*names)[NAME_BYTES] = calloc(count * LEVELS, sizeof *names);
    int status = 1;
    size_t n = 0;
    if (!units || !runs || !names)
        goto out;
    for (size_t level = 0; level < LEVELS; level++) {
        if ((only && strcmp(only, levels[level]) != 0) || !emu_simd_choose(levels[level]))
            continue;
        for (size_t i = 0; i < count; i++, n++) {
            runs[n] = (struct run){&tests[i], levels[level], NULL};
            snprintf(names[n], sizeof names[n], "%s [%s, wave%u]", tests[i].name, levels[level], tests[i].lanes);
            units[n] = (struct CMUnitTest){names[n], tests[i].function, set_up, tear_down, &runs[n]};
        }
    }
    status = n ? _cmocka_run_group_tests(group, units, n, NULL, NULL) : 77;
    struct level_tests first = {group, units, count};
    if (n && status == 0)
        fixture_coverage_audit(run_level, &first);
    if (!fixture_coverage_write())
        status = 1;
out:
    free(units);
    free(runs);
    free(names);
    return status;
}
