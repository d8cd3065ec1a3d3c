// The strict mode: watches every instruction of a launch and reports what the ISA leaves undefined and silicon hides:
// missing waits, reads of never-written state, data races, hazards. Faults (bad addresses, illegal instructions) stop
// a wave and are no business of this module.
//
// What the hardware interlocks is no error; docs/checks.md lists each rule with where it is documented.
#ifndef EMU_CHECKS_H
#define EMU_CHECKS_H

#include "../wave.h"

// X(name, text): what a report says.
#define EMU_CHECK_KINDS(X)                                                                                             \
    X(RAW, "uses a register whose load has not been waited for")                                                       \
    X(WAW, "writes a register that an outstanding load will still write")                                              \
    X(UNINITIALISED_VGPR, "reads a VGPR that was never written")                                                       \
    X(UNINITIALISED_SGPR, "reads an SGPR that was never written")                                                      \
    X(UNINITIALISED_LDS, "reads LDS that was never written")                                                           \
    X(LDS_RACE, "touches LDS that another wave touches without a barrier between, and one of them writes")             \
    X(GLOBAL_RACE, "touches memory that another wave of the workgroup touches unordered, and one of them writes")      \
    X(GROUP_RACE, "touches memory that another workgroup touches unordered, and one of them writes")                   \
    X(STALE_L0, "reads memory that a wave on the other CU wrote, without buffer_gl0_inv since the barrier")            \
    X(MISALIGNED, "loads scalars from an address that is no multiple of 4")                                            \
    X(WMMA_HAZARD,                                                                                                     \
      "reads as A or B what the WMMA just before wrote: a v_nop or an independent VALU must stand between")            \
    X(WMMA_OVERLAP, "is a WMMA whose D overlaps A or B, or C in part")                                                 \
    X(WMMA_EXEC, "is a WMMA under an EXEC that is not all ones")                                                       \
    X(VOPD_RULE, "is a dual instruction that breaks a pairing rule")                                                   \
    X(VCMPX_PERMLANE, "is a permlane just after a v_cmpx that writes EXEC: a v_mov must stand between")                \
    X(MASK_WRITE, "reads an SGPR that the SALU overwrote after a wave64 VALU read it as a mask: s_waitcnt_depctr "     \
                  "sa_sdst(0) must stand between")                                                                     \
    X(PARTIAL_FORWARD,                                                                                                 \
      "reads VGPRs written just before and just after an EXEC write: s_waitcnt_depctr va_vdst(0) must stand between")  \
    X(BARRIER, "waits at a barrier that another wave of the workgroup has left by ending elsewhere")

enum emu_check_kind {
#define X(name, text) EMU_CHECK_##name,
    EMU_CHECK_KINDS(X)
#undef X
        EMU_CHECK_COUNT
};

extern const char *const emu_check_names[EMU_CHECK_COUNT]; // "raw", "lds_race", ...
extern const char *const emu_check_texts[EMU_CHECK_COUNT];

// One finding: the first occurrence of a kind at an instruction, with the number of all occurrences.
struct emu_finding {
    enum emu_check_kind kind;
    const struct emu_inst *inst;
    uint64_t count;
    uint64_t workgroup;
    uint32_t wave;
    int32_t lane;     // -1: the whole wave
    char detail[160]; // "v5, loaded at pc 0x1740"
};

struct emu_checker;

enum { EMU_FINDINGS_MAX = 256 }; // distinct ones kept a launch

// A checker for one launch; NULL when memory is short. `wgp_mode` as the kernel descriptor says. Not thread-safe: a
// checked launch runs its workgroups one after the other.
struct emu_checker *emu_checker_create(bool wgp_mode);
void emu_checker_destroy(struct emu_checker *checker);

// The waves of `group` are about to start with `sgprs` SGPRs and `vgprs` VGPRs set by the hardware (from s0, v0).
// Each wave's `observed` is set and its `access` points to the checker's record.
void emu_checker_group_begin(struct emu_checker *checker, struct emu_group *group, unsigned sgprs, unsigned vgprs);

// Around the execution of one instruction of one wave.
void emu_checker_before(struct emu_checker *checker, struct emu_wave *wave, const struct emu_inst *inst);
void emu_checker_after(struct emu_checker *checker, struct emu_wave *wave, const struct emu_inst *inst);

// The waves at the barrier were released.
void emu_checker_barrier(struct emu_checker *checker, struct emu_group *group);

const struct emu_finding *emu_checker_findings(const struct emu_checker *checker, size_t *count);

#endif
