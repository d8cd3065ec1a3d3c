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

void emu_counters_wait(struct emu_counter_state counters[EMU_CNT_COUNT], const struct emu_wave *wave,
                       const struct emu_inst *inst)
{
    const uint32_t imm = (uint32_t)inst->imm;
    // The SOPK waits add an SGPR to the immediate; compilers name NULL.
    const uint32_t count = (imm & 0x3f) + (inst->dst.kind == EMU_K_SGPR ? wave->s[inst->dst.reg] : 0);
    switch (inst->op) {
    case EMU_OP_s_waitcnt:
        retire(&counters[EMU_CNT_VM], imm >> 10 & 0x3f);
        wait_lgkm(counters, imm >> 4 & 0x3f);
        return;
    case EMU_OP_s_waitcnt_vmcnt: retire(&counters[EMU_CNT_VM], count); return;
    case EMU_OP_s_waitcnt_vscnt: retire(&counters[EMU_CNT_VS], count); return;
    case EMU_OP_s_waitcnt_lgkmcnt: wait_lgkm(counters, count); return;
    case EMU_OP_s_wait_idle:
        for (unsigned counter = 0; counter < EMU_CNT_COUNT; counter++)
            retire(&counters[counter], 0);
        return;
    default: return;
    }
}
