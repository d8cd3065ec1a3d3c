// What the checks remember of the running workgroup. Private to checks/.
#ifndef EMU_CHECKS_STATE_H
#define EMU_CHECKS_STATE_H

#include "../counters.h"
#include "../registers.h"
#include "checks.h"

enum {
    EMU_GROUP_WAVES_MAX = 32, // waves a workgroup
    EMU_LDS_BYTES_MAX = 65536
};

// A register's pending load: the operation's number (from 1) in each counter it must see, 0 when none.
struct emu_pending {
    uint32_t operation[EMU_CNT_COUNT];
    const struct emu_inst *load;
};

// What the instruction hazards remember of a wave; see hazards.c.
enum { EMU_EXEC_WRITES = 8 };
struct emu_hazard_state {
    const struct emu_inst *last_vector;        // last VALU instruction, v_nop included
    bool cmpx;                                 // a v_cmpx wrote EXEC, and no VALU but v_nop has come since
    bool mask_read[EMU_SGPR_FILE];             // wave64: read as a lane mask by the VALU
    bool mask_written[EMU_SGPR_FILE];          // and then written by the SALU
    uint32_t vector_count;                     // VALU instructions so far
    uint32_t forward_from;                     // writes before this count are in the register file
    uint32_t vgpr_written_at[256];             // 1 + vector_count of the instruction that wrote the VGPR
    uint32_t exec_written_at[EMU_EXEC_WRITES]; // vector_count at the latest SALU writes of EXEC, newest first
};

struct emu_wave_checks {
    struct emu_counter_state counter[EMU_CNT_COUNT];
    uint32_t retired_at_barrier[EMU_CNT_COUNT]; // as the wave arrived at the last barrier
    uint32_t gl0_inv_epoch;                     // 1 + epoch of the last buffer_gl0_inv
    uint32_t acquire;                           // number on vmcnt of the wave's first load that may acquire; 0: none
    bool fresh;                                 // buffer_gl0_inv was executed after an acquire
    bool scc_written;
    uint8_t vgpr_written[256]; // bit 0 low half, bit 1 high half, ever written
    uint8_t sgpr_written[EMU_SGPR_FILE];
    struct emu_pending vgpr[256][2]; // by half
    struct emu_pending sgpr[EMU_SGPR_FILE];
    struct emu_hazard_state hazard;
};

// Who touched a piece of memory: enough to decide whether a later access is ordered behind it.
struct emu_toucher {
    uint32_t group;     // workgroup number + 1; 0: nobody
    uint32_t operation; // number in `counter`
    uint32_t epoch;     // barriers that the workgroup had passed
    uint32_t wave : 8;
    uint32_t counter : 3; // enum emu_counter
    uint32_t bytes : 4;   // bit mask within the cell
    uint32_t atomic : 1;  // read-modify-write
    uint32_t past_l0 : 1; // a load with GLC: how compilers write an atomic or volatile one
    uint32_t flag : 1;    // a store of one word by one lane: how they write an atomic one, among others
};

// The latest of two different waves each; an older writer matters only among atomics, of which none orders the others.
struct emu_cell {
    struct emu_toucher writer[2], reader[2];
};

// What a workgroup made visible to others: operations complete when one of its waves last stored or executed an atomic.
struct emu_release {
    uint32_t operation[EMU_GROUP_WAVES_MAX][EMU_CNT_COUNT];
    uint32_t epoch; // 1 + epoch for which the other waves' part was taken
};

struct emu_global_shadow; // global.c

struct emu_checker {
    bool wgp_mode;
    struct emu_group *group;
    struct emu_wave_checks wave[EMU_GROUP_WAVES_MAX];
    struct emu_access access;
    struct emu_cell *lds; // one a byte
    uint8_t *lds_written; // a bit a byte would do; a byte keeps it simple
    struct emu_global_shadow *global;
    uint32_t group_number;         // of the launch, from 1
    uint32_t epoch;                // barriers that the running workgroup has passed: its waves pass them together
    bool acquired;                 // a wave had acquired before the last barrier
    struct emu_register_uses uses; // of the instruction between before and after
    struct emu_finding *findings;
    size_t finding_count;
};

// Remembers an access; `stores` says as what. Of an older writer the bytes stay that this one leaves alone.
static inline void emu_cell_touch(struct emu_cell *cell, const struct emu_toucher *mine, bool stores)
{
    struct emu_toucher *known = stores ? cell->writer : cell->reader;
    if (known[0].wave != mine->wave || known[0].group != mine->group) {
        const uint32_t left = known[0].bytes & ~mine->bytes & 0xf;
        const bool both = !stores || (known[0].atomic && mine->atomic);
        known[1] = both || left ? known[0] : (struct emu_toucher){0};
        if (!both)
            known[1].bytes = left & 0xf;
    }
    known[0] = *mine;
}

// Records a finding, or counts it when the same kind is known at this instruction.
void emu_check_report(struct emu_checker *checker, enum emu_check_kind kind, const struct emu_wave *wave,
                      const struct emu_inst *inst, int lane, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

// Whether an earlier access of another wave of the running workgroup is ordered before an access now: a barrier stands
// between, and on arrival there the access was known to be complete.
static inline bool emu_toucher_is_ordered(const struct emu_checker *checker, const struct emu_toucher *toucher)
{
    return toucher->epoch < checker->epoch &&
           toucher->operation <= checker->wave[toucher->wave].retired_at_barrier[toucher->counter];
}

// waits.c: registers and counters.
void emu_check_registers(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst);
// A wait instruction retires operations; a memory instruction counts one and marks the registers it will write.
void emu_check_counters(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst);

// hazards.c: rules between and within instructions.
void emu_check_hazards(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst);

// lds.c, global.c: the access in checker->access.
void emu_check_lds(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst);
void emu_check_global(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst);
// Whether the wave, or one behind a barrier, has seen a value that another workgroup may have released.
bool emu_check_has_acquired(const struct emu_checker *checker, const struct emu_wave *wave);
// A scalar load's address must be a multiple of 4.
void emu_check_scalar_address(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst);
struct emu_global_shadow *emu_global_shadow_create(void);
void emu_global_shadow_destroy(struct emu_global_shadow *shadow);

// Describes the access of the running instruction as a toucher: its operation is the one that emu_check_counters will
// count next.
struct emu_toucher emu_check_toucher(const struct emu_checker *checker, const struct emu_wave *wave,
                                     const struct emu_inst *inst);

#endif
