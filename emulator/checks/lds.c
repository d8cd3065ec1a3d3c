// LDS: data races between waves of a workgroup, and reads of bytes that nothing has written.
//
// Rule: two waves touch the same byte, at least one writes, not both are atomic, and no barrier stands between that the
// first access had completed before (RDNA 3 ISA, ch. 12 "Data share": LDS operations of different waves are unordered;
// s_barrier waits for no counter).
#include "state.h"

static void check_race(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst,
                       const struct emu_toucher *other, const struct emu_toucher *mine, int lane, uint64_t byte,
                       const char *what)
{
    if (!other->group || other->wave == wave->index || (other->atomic && mine->atomic))
        return;
    if (emu_toucher_is_ordered(checker, other))
        return;
    emu_check_report(checker, EMU_CHECK_LDS_RACE, wave, inst, lane, "LDS byte 0x%llx, %s by wave %u%s",
                     (unsigned long long)byte, what, other->wave,
                     other->epoch < checker->epoch ? " before the barrier without waiting for it" : "");
}

// An atomic whose new value does not depend on the old one.
static bool exchanges(const struct emu_inst *inst)
{
    return inst->op == EMU_OP_ds_storexchg_rtn_b32 || inst->op == EMU_OP_ds_storexchg_rtn_b64;
}

static void touch_byte(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst,
                       const struct emu_toucher *mine, int lane, uint64_t byte)
{
    const struct emu_access *access = &checker->access;
    struct emu_cell *cell = &checker->lds[byte];
    const bool stores = access->store || access->atomic;
    for (unsigned i = 0; i < 2; i++) {
        check_race(checker, wave, inst, &cell->writer[i], mine, lane, byte, "written");
        if (stores)
            check_race(checker, wave, inst, &cell->reader[i], mine, lane, byte, "read");
    }
    const bool reads = !access->store || (access->atomic && !exchanges(inst));
    if (reads && !checker->lds_written[byte])
        emu_check_report(checker, EMU_CHECK_UNINITIALISED_LDS, wave, inst, lane, "LDS byte 0x%llx",
                         (unsigned long long)byte);
    checker->lds_written[byte] = 1;
    emu_cell_touch(cell, mine, stores);
}

void emu_check_lds(struct emu_checker *checker, const struct emu_wave *wave, const struct emu_inst *inst)
{
    const struct emu_access *access = &checker->access;
    const struct emu_toucher mine = emu_check_toucher(checker, wave, inst);
    for (uint64_t lanes = access->lanes; lanes; lanes &= lanes - 1) {
        const int lane = __builtin_ctzll(lanes);
        for (unsigned i = 0; i < access->per_lane; i++)
            for (unsigned b = 0; b < access->bytes; b++) {
                const uint64_t byte = access->address[i][lane] + b;
                if (byte < checker->group->lds_bytes)
                    touch_byte(checker, wave, inst, &mine, lane, byte);
            }
    }
}
