// Program control: branches, calls, end, barrier, traps, and the SOPP/SOPK instructions that only steer time (waits,
// hints, priorities), which do nothing here: the timing model reads them by class. MODE and other hardware registers:
// salu_hwreg.c. Semantics: RDNA 3 ISA, sections 16.3 to 16.5; trap ids: AMDGPUUsage, "Trap Handler ABI".
#include "control.h"
#include "scalar.h"

// ---- Branches --------------------------------------------------------------------------------------------------

static void jump(struct emu_wave *wave, const struct emu_inst *inst)
{
    if (__builtin_expect(inst->target != NULL, 1)) {
        wave->ip = inst->target;
        return;
    }
    emu_fault_raise(wave, inst, EMU_FAULT_ILLEGAL_INSTRUCTION, -1, 0,
                    "branch by %d dwords leaves the code object's text or lands inside an instruction", inst->imm);
}

static inline bool is_zero(const struct emu_wave *wave, unsigned reg)
{
    return wave->s[reg] == 0 && (!wave->wave64 || wave->s[reg + 1] == 0);
}

#define BRANCH(name, condition)                                                                                        \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        (void)wave, (void)inst;                                                                                        \
        if (condition)                                                                                                 \
            jump(wave, inst);                                                                                          \
    }
BRANCH(s_branch, true)
BRANCH(s_cbranch_scc0, wave->scc == 0)
BRANCH(s_cbranch_scc1, wave->scc != 0)
BRANCH(s_cbranch_vccz, is_zero(wave, EMU_SGPR_VCC))
BRANCH(s_cbranch_vccnz, !is_zero(wave, EMU_SGPR_VCC))
BRANCH(s_cbranch_execz, is_zero(wave, EMU_SGPR_EXEC))
BRANCH(s_cbranch_execnz, !is_zero(wave, EMU_SGPR_EXEC))

// The conditional debug flags of STATUS are clear: no debugger is attached.
BRANCH(s_cbranch_cdbgsys, false)
BRANCH(s_cbranch_cdbguser, false)
BRANCH(s_cbranch_cdbgsys_or_user, false)
BRANCH(s_cbranch_cdbgsys_and_user, false)

// ---- Jumps to addresses ----------------------------------------------------------------------------------------

// Hardware ignores the two lowest bits of an instruction address.
static void jump_to_address(struct emu_wave *wave, const struct emu_inst *inst, uint64_t address)
{
    const struct emu_inst *target = emu_code_at(wave, address & ~(uint64_t)3);
    if (target) {
        wave->ip = target;
        return;
    }
    emu_fault_raise(wave, inst, EMU_FAULT_ILLEGAL_INSTRUCTION, -1, address,
                    "jump to 0x%llx, where no instruction of the code object starts", (unsigned long long)address);
}

SCALAR_BODY(s_getpc_b64)
{
    scalar_write64(wave, &inst->dst, emu_code_address(wave, wave->ip));
}

SCALAR_BODY(s_setpc_b64)
{
    jump_to_address(wave, inst, scalar_read64(wave, &inst->src[0]));
}

SCALAR_BODY(s_swappc_b64)
{
    const uint64_t target = scalar_read64(wave, &inst->src[0]);
    scalar_write64(wave, &inst->dst, emu_code_address(wave, wave->ip));
    jump_to_address(wave, inst, target);
}

SCALAR_BODY(s_call_b64)
{
    scalar_write64(wave, &inst->dst, emu_code_address(wave, wave->ip));
    jump(wave, inst);
}

// ---- The wave's life -------------------------------------------------------------------------------------------

SCALAR_BODY(s_endpgm)
{
    (void)inst;
    wave->status = EMU_ENDED;
}

SCALAR_BODY(s_barrier)
{
    (void)inst;
    wave->status = EMU_AT_BARRIER;
}

// Lets the other waves run: whoever sleeps usually waits for one of them.
SCALAR_BODY(s_sleep)
{
    (void)inst;
    wave->status = EMU_YIELDED;
}

// s_trap 2 is abort (__builtin_trap). s_trap 3 is a debugger's breakpoint, which does nothing when none is attached.
SCALAR_BODY(s_trap)
{
    enum { DEBUG_TRAP = 3 };
    const unsigned id = (unsigned)inst->imm & 0xff;
    if (id == DEBUG_TRAP)
        return;
    emu_fault_raise(wave, inst, EMU_FAULT_TRAP, -1, id, "s_trap %u%s", id,
                    id == 2 ? ": the kernel aborted (assertion or __builtin_trap)" : ", which no trap handler serves");
}

SCALAR_BODY(s_code_end)
{
    emu_fault_raise(wave, inst, EMU_FAULT_ILLEGAL_INSTRUCTION, -1, 0,
                    "the wave ran past the kernel's end into its padding: a s_endpgm is missing");
}

// ---- Time only -------------------------------------------------------------------------------------------------

#define NOTHING(name)                                                                                                  \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        (void)wave, (void)inst;                                                                                        \
    }
NOTHING(s_nop)
NOTHING(s_version)
NOTHING(s_set_inst_prefetch_distance)
NOTHING(s_clause)
NOTHING(s_delay_alu)
NOTHING(s_waitcnt_depctr)
NOTHING(s_waitcnt)
NOTHING(s_wait_idle)
NOTHING(s_wait_event)
NOTHING(s_waitcnt_vscnt)
NOTHING(s_waitcnt_vmcnt)
NOTHING(s_waitcnt_expcnt)
NOTHING(s_waitcnt_lgkmcnt)
NOTHING(s_wakeup)
NOTHING(s_setprio)
NOTHING(s_incperflevel)
NOTHING(s_decperflevel)
NOTHING(s_ttracedata)
NOTHING(s_ttracedata_imm)
NOTHING(s_icache_inv)
// A compute wave's messages tell the driver or a trace tool something; nobody listens.
NOTHING(s_sendmsg)

// ---- Not for compute kernels -----------------------------------------------------------------------------------

#define UNSUPPORTED(name, why)                                                                                         \
    SCALAR_BODY(name)                                                                                                  \
    {                                                                                                                  \
        emu_fault_raise(wave, inst, EMU_FAULT_UNSUPPORTED, -1, 0, #name " " why);                                      \
    }
UNSUPPORTED(s_rfe_b64, "returns from a trap handler, and there is none")
UNSUPPORTED(s_setkill, "kills the wave, which only the driver's tools ask for")
UNSUPPORTED(s_sethalt, "halts the wave until a debugger lets it go on, and there is none")
UNSUPPORTED(s_sendmsghalt, "halts the wave until the driver lets it go on, and there is none")
UNSUPPORTED(s_endpgm_saved, "ends a wave whose state a trap handler saved, and there is none")
UNSUPPORTED(s_endpgm_ordered_ps_done, "belongs to pixel shaders")
UNSUPPORTED(s_subvector_loop_begin, "is not implemented: no compiler emits it for gfx11")
UNSUPPORTED(s_subvector_loop_end, "is not implemented: no compiler emits it for gfx11")
