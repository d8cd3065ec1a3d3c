// Which counter an instruction raises and what a wait proves.
#include "counters.h"

unsigned emu_counters_of(const struct emu_inst *inst)
{
    enum { VM = 1 << EMU_CNT_VM, VS = 1 << EMU_CNT_VS, LDS = 1 << EMU_CNT_LDS, SMEM = 1 << EMU_CNT_SMEM };
    const bool returns = inst->dst.kind == EMU_K_VGPR;
    switch ((enum emu_class)inst->class) {
    case EMU_C_VMEM_LOAD:
    case EMU_C_SCRATCH_LOAD: return VM;
    case EMU_C_VMEM_STORE:
    case EMU_C_SCRATCH_STORE: return VS;
    case EMU_C_VMEM_ATOMIC: return returns ? VM : VS;
    case EMU_C_FLAT_LOAD: return VM | LDS;
    case EMU_C_FLAT_STORE: return VS | LDS;
    case EMU_C_FLAT_ATOMIC: return (returns ? VM : VS) | LDS;
    case EMU_C_LDS_LOAD:
    case EMU_C_LDS_STORE:
    case EMU_C_LDS_ATOMIC:
    case EMU_C_LDS_PERMUTE: return LDS;
    case EMU_C_SMEM:
    case EMU_C_MESSAGE: return inst->dst.kind == EMU_K_NONE ? 0 : SMEM;
    default: return 0;
    }
}

static void retire(struct emu_counter_state *counter, uint32_t outstanding)
{
    if (counter->issued > outstanding && counter->issued - outstanding > counter->retired)
        counter->retired = counter->issued - outstanding;
}

static void wait_lgkm(struct emu_counter_state counters[EMU_CNT_COUNT], uint32_t outstanding)
{
    // An LDS operation that is not complete leaves itself and all later ones outstanding, so the count bounds it even
    // beside scalar loads; of those any may be the one left.
    retire(&counters[EMU_CNT_LDS], outstanding);
    if (outstanding == 0)
        retire(&counters[EMU_CNT_SMEM], 0);
}

struct emu_wait emu_wait_of(const struct emu_wave *wave, const struct emu_inst *inst)
{
    struct emu_wait wait = {EMU_NO_WAIT, EMU_NO_WAIT, EMU_NO_WAIT};
    const uint32_t imm = (uint32_t)inst->imm;
    // The SOPK waits add an SGPR to the immediate; compilers name NULL.
    const uint32_t count = (imm & 0x3f) + (inst->dst.kind == EMU_K_SGPR ? wave->s[inst->dst.reg] : 0);
    switch (inst->op) {
    case EMU_OP_s_waitcnt:
        wait.vm = imm >> 10 & 0x3f;
        wait.lgkm = imm >> 4 & 0x3f;
        break;
    case EMU_OP_s_waitcnt_vmcnt: wait.vm = count; break;
    case EMU_OP_s_waitcnt_vscnt: wait.vs = count; break;
    case EMU_OP_s_waitcnt_lgkmcnt: wait.lgkm = count; break;
    case EMU_OP_s_wait_idle: return (struct emu_wait){0};
    default: break;
    }
    return wait;
}

void emu_counters_wait(struct emu_counter_state counters[EMU_CNT_COUNT], const struct emu_wave *wave,
                       const struct emu_inst *inst)
{
    const struct emu_wait wait = emu_wait_of(wave, inst);
    if (wait.vm != EMU_NO_WAIT)
        retire(&counters[EMU_CNT_VM], wait.vm);
    if (wait.vs != EMU_NO_WAIT)
        retire(&counters[EMU_CNT_VS], wait.vs);
    if (wait.lgkm != EMU_NO_WAIT)
        wait_lgkm(counters, wait.lgkm);
}
