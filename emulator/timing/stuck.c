// Comparing waves with themselves; see stuck.h.
#include "stuck.h"

#include <string.h>

// Some tenths of a second of a host core before the first look; and how often a wave may come back changed.
enum { PATIENCE_MIN = 1 << 20, VISITS_MAX = 256, COMPARES_MAX = 16 };

void emu_stuck_init(struct emu_stuck *stuck)
{
    *stuck = (struct emu_stuck){.patience = PATIENCE_MIN};
}

void emu_stuck_alive(struct emu_stuck *stuck, uint64_t instructions)
{
    stuck->phase = EMU_STUCK_IDLE;
    stuck->since = instructions;
}

static void give_up(struct emu_stuck *stuck, uint64_t instructions)
{
    emu_stuck_alive(stuck, instructions);
    stuck->patience *= 2;
}

static uint64_t hash_words(uint64_t hash, const uint32_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15) + (hash >> 29);
    return hash;
}

static uint64_t scalar_hash(const struct emu_wave *wave)
{
    const uint32_t rest[] = {wave->scc, wave->mode};
    return hash_words(hash_words(1, wave->s, EMU_SGPR_FILE), rest, 2);
}

static uint64_t vector_hash(const struct emu_wave *wave)
{
    uint64_t hash = 1;
    for (unsigned half = 0; half <= wave->wave64; half++)
        hash = hash_words(hash, wave->v + (size_t)half * 256 * EMU_LANES,
                          (size_t)wave->group->launch->vgpr_words * EMU_LANES);
    return hash;
}

static bool runs(const struct emu_wave *wave)
{
    return wave->status == EMU_RUNNING || wave->status == EMU_YIELDED;
}

// Starts a phase: no running wave has done its part.
static void begin(struct emu_stuck *stuck, struct emu_engine *engine, enum emu_stuck_phase phase)
{
    stuck->phase = (uint8_t)phase;
    stuck->missing = 0;
    for (unsigned s = 0; s < EMU_SIMDS; s++)
        for (unsigned i = 0; i < engine->simd[s].count; i++) {
            struct emu_repeat *repeat = &engine->simd[s].wave[i]->repeat;
            repeat->done = !runs(engine->simd[s].wave[i]->wave);
            repeat->visits = repeat->compares = 0;
            stuck->missing += !repeat->done;
        }
}

static bool mark_done(struct emu_stuck *stuck, struct emu_timed_wave *wave)
{
    stuck->missing -= !wave->repeat.done;
    wave->repeat.done = true;
    return stuck->missing == 0;
}

static bool is_atomic(const struct emu_inst *inst)
{
    return inst->class == EMU_C_VMEM_ATOMIC || inst->class == EMU_C_FLAT_ATOMIC || inst->class == EMU_C_LDS_ATOMIC;
}

// An atomic that, repeated with the same operands, changes memory each time.
static bool keeps_changing(const struct emu_inst *inst)
{
    static const char *const words[] = {"add", "sub", "inc", "dec", "xor", "rsub"};
    for (size_t i = 0; i < sizeof words / sizeof *words && is_atomic(inst); i++)
        if (strstr(emu_opcodes[inst->op].name, words[i]))
            return true;
    return false;
}

static void note_question(struct emu_timed_wave *wave, const struct emu_inst *inst)
{
    if (is_atomic(inst) || inst->class == EMU_C_SMEM || inst->class == EMU_C_VMEM_LOAD ||
        inst->class == EMU_C_FLAT_LOAD || inst->class == EMU_C_LDS_LOAD || inst->class == EMU_C_SCRATCH_LOAD)
        wave->repeat.asks = inst;
}

static void record(struct emu_timed_wave *wave)
{
    wave->repeat.at = wave->wave->ip;
    wave->repeat.asks = NULL;
    wave->repeat.scalars = scalar_hash(wave->wave);
    wave->repeat.vectors = vector_hash(wave->wave);
}

static bool has_come_back(struct emu_timed_wave *wave)
{
    struct emu_repeat *repeat = &wave->repeat;
    repeat->visits++;
    if (scalar_hash(wave->wave) != repeat->scalars)
        return false;
    repeat->compares++;
    return vector_hash(wave->wave) == repeat->vectors;
}

static const struct emu_wave *raise(struct emu_engine *engine)
{
    const struct emu_timed_wave *oldest = NULL;
    unsigned spinning = 0, waiting = 0;
    for (unsigned s = 0; s < EMU_SIMDS; s++)
        for (unsigned i = 0; i < engine->simd[s].count; i++) {
            const struct emu_timed_wave *wave = engine->simd[s].wave[i];
            const bool spins = runs(wave->wave);
            spinning += spins;
            waiting += !spins;
            if (spins && (!oldest || wave->age < oldest->age))
                oldest = wave;
        }
    const struct emu_inst *at = oldest->repeat.asks ? oldest->repeat.asks : oldest->repeat.at;
    emu_fault_raise(oldest->wave, at, EMU_FAULT_SPIN, -1, 0,
                    "the wave spins here for ever: of the %u waves on the chip %u repeat themselves and %u wait at a "
                    "barrier, so that what it waits for cannot happen",
                    spinning + waiting, spinning, waiting);
    return oldest->wave;
}

bool emu_stuck_look(struct emu_stuck *stuck, struct emu_engine *engine, struct emu_timed_wave *wave,
                    uint64_t instructions, const struct emu_wave **faulted)
{
    const struct emu_inst *inst = wave->next->inst;
    if (stuck->phase == EMU_STUCK_IDLE) {
        if (instructions - stuck->since >= stuck->patience)
            begin(stuck, engine, EMU_STUCK_RECORDS);
        return false;
    }
    if (keeps_changing(inst)) {
        give_up(stuck, instructions);
        return false;
    }
    if (stuck->phase == EMU_STUCK_RECORDS) {
        if (!wave->repeat.done && runs(wave->wave))
            record(wave);
        if (mark_done(stuck, wave))
            begin(stuck, engine, EMU_STUCK_COMPARES);
        return false;
    }
    note_question(wave, inst);
    if (runs(wave->wave) && (wave->wave->ip != wave->repeat.at || wave->repeat.done))
        return false;
    // Whoever reaches a barrier only there waits for the rest.
    if (!runs(wave->wave) || has_come_back(wave)) {
        if (!mark_done(stuck, wave))
            return false;
        *faulted = raise(engine);
        return true;
    }
    if (wave->repeat.visits > VISITS_MAX || wave->repeat.compares > COMPARES_MAX)
        give_up(stuck, instructions);
    return false;
}
