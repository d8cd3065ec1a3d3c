// The execution-driven timing model: runs workgroups on the whole modelled chip, instruction by instruction, in the
// order of modelled time. Private to timing/ (see timing.h for what others use).
#ifndef EMU_TIMING_ENGINE_H
#define EMU_TIMING_ENGINE_H

#include "../group.h"
#include "../registers.h"
#include "machine.h"
#include "observer.h"
#include "places.h"

// Units of a SIMD that take one instruction at a time.
enum emu_port {
    EMU_PORT_VECTOR,
    EMU_PORT_SCALAR,
    EMU_PORT_LDS,
    EMU_PORT_MEMORY,
    EMU_PORT_BRANCH,
    EMU_PORT_NONE,
    EMU_PORT_COUNT
};

// Who produces a register and who consumes it: the dependent-use latency is a table of the two.
enum emu_maker {
    EMU_MAKER_NONE,
    EMU_MAKER_VALU,
    EMU_MAKER_TRANS,
    EMU_MAKER_QUARTER,
    EMU_MAKER_F64,
    EMU_MAKER_WMMA,
    EMU_MAKER_SALU,
    EMU_MAKER_SFLOAT,
    EMU_MAKER_COUNT
};
enum emu_user { EMU_USER_VECTOR, EMU_USER_SCALAR, EMU_USER_MEMORY, EMU_USER_COUNT };

// What the model knows of one instruction.
struct emu_timed_inst {
    const struct emu_inst *inst;
    uint8_t port, maker, user;
    bool known; // its class has a row
    bool wmma, vopd;
    emu_ticks issue;
    emu_ticks steal;                  // VALU time that its data movement takes
    struct emu_timed_inst *following; // the next in memory, once looked up
    struct emu_lds_memo memo;
    struct emu_register_uses uses;
};

enum { EMU_TREE_LEAVES = 128 };

// Completion times of a counter's operations, by number; in order.
enum { EMU_OUTSTANDING = 64 };
struct emu_completions {
    uint32_t issued;
    emu_ticks done[EMU_OUTSTANDING];
};

// For stuck.c: the wave when it was last recorded, and what it did since.
struct emu_repeat {
    const struct emu_inst *at, *asks; // where it was; the last instruction that read memory
    uint64_t scalars, vectors;        // hashes of its registers
    uint32_t visits, compares;
    bool done;
};

struct emu_timed_wave {
    struct emu_wave *wave;
    struct emu_timed_group *group;
    struct emu_timed_inst *next;
    emu_ticks ready; // when `next` may issue, but for its port; EMU_NEVER at a barrier
    uint8_t reason;  // enum emu_stall: what `ready` waits for
    uint8_t
        carried; // what an earlier instruction waited for since the last vector instruction; EMU_STALL_COUNT: nothing
    emu_ticks free;      // when the wave's previous instruction let it go
    unsigned simd, slot; // where it runs, and its place there
    uint64_t age;
    uint64_t fetch_line;
    uint8_t hinted; // instructions for which an s_delay_alu covers a dependency
    emu_ticks vgpr[256], sgpr[EMU_SGPR_FILE];
    uint8_t vgpr_maker[256], sgpr_maker[EMU_SGPR_FILE];
    struct emu_completions vm, vs, lds;
    emu_ticks smem_done;
    struct emu_repeat repeat;
};

struct emu_timed_group {
    struct emu_slot *slot;
    struct emu_timed_wave *waves;
    unsigned wgp, cu, live, waiting;
    unsigned number; // among those that fit on the chip
};

struct emu_timed_simd {
    struct emu_timed_wave *wave[EMU_WAVES_A_SIMD]; // by age
    // Of each, beside it: `ready`, its next instruction and that one's port, its registers, when it issued last.
    emu_ticks ready[EMU_WAVES_A_SIMD];
    uint8_t port[EMU_WAVES_A_SIMD];
    const struct emu_timed_inst *next[EMU_WAVES_A_SIMD];
    const struct emu_wave *state[EMU_WAVES_A_SIMD];
    const uint32_t *vgprs[EMU_WAVES_A_SIMD];
    emu_ticks last[EMU_WAVES_A_SIMD];
    unsigned count;
    unsigned current; // place of the wave that issued last; no wave's when that one ended
    unsigned chosen;  // of the wave that issues next
    emu_ticks port_free[EMU_PORT_COUNT];
    emu_ticks steal;
    bool after_wmma;
    emu_ticks last_wmma;
    emu_ticks time[EMU_STALL_COUNT];
};

struct emu_engine {
    const struct emu_launch_context *context;
    struct emu_timing_params params;
    emu_ticks latency[EMU_MAKER_COUNT][EMU_USER_COUNT];
    emu_ticks elder; // issue_elder
    struct emu_places places;
    struct emu_memory_path path;
    struct emu_timed_simd simd[EMU_SIMDS];
    emu_ticks lds_free[EMU_WGPS][EMU_CUS_A_WGP]; // one server in WGP mode (index 0), one a CU in CU mode
    bool wgp_mode;
    double clock_mhz;
    unsigned waves_a_group;
    // Tournament tree over SIMDs: the earliest next issue, as ticks * EMU_TREE_LEAVES + SIMD.
    emu_ticks tree[2 * EMU_TREE_LEAVES];
    struct emu_timed_inst **table; // open addressing by instruction pointer
    size_t table_size, table_count;
    uint64_t ages;
    bool failed;                                // memory short
    const struct emu_cycles_observer *observer; // NULL: nobody looks
    emu_ticks held; // for it: how long the last vector instruction held its port for an operand
};

// Of the wave among all that fit on the chip, as scratch counts them.
static inline unsigned emu_engine_place(const struct emu_engine *engine, const struct emu_timed_wave *wave)
{
    return wave->group->number * engine->waves_a_group + wave->wave->index;
}

// instruction.c
struct emu_timed_inst *emu_engine_inst(struct emu_engine *engine, const struct emu_inst *inst);
// Works out when the wave's next instruction may issue and why not earlier.
void emu_engine_prepare(struct emu_engine *engine, unsigned simd, struct emu_timed_wave *wave);
// Executes and times the wave's next instruction, issued at `now`.
void emu_engine_issue(struct emu_engine *engine, unsigned simd, struct emu_timed_wave *wave, emu_ticks now);
void emu_engine_set_latencies(struct emu_engine *engine);
// observe.c: the same as emu_engine_issue, and tells the engine's observer; the others accept that there is none.
void emu_engine_issue_observed(struct emu_engine *engine, unsigned simd, struct emu_timed_wave *wave, emu_ticks now);
void emu_engine_observe_start(const struct emu_engine *engine, const struct emu_timed_wave *wave);
void emu_engine_observe_release(const struct emu_engine *engine, const struct emu_timed_wave *wave);
// When the last store of the group's waves counts as done.
emu_ticks emu_engine_stores_done(const struct emu_timed_group *group);

#endif
