// VOPD: two operations that read their sources before either writes. The decoder has made two instructions of it; the
// X half runs first, and where Y reads what X wrote, Y is shown the old value.
#include "lanes.h"

static bool reads(const struct emu_inst *inst, unsigned reg)
{
    for (unsigned i = 0; i < 3; i++) {
        if (inst->src[i].kind == EMU_K_VGPR && inst->src[i].reg == reg)
            return true;
    }
    return false;
}

void EMU_LEVELED(emu_dual)(struct emu_wave *wave, const struct emu_inst *inst)
{
    const struct emu_inst *y = inst->dual;
    if (EMU_LIKELY(!reads(y, inst->dst.reg))) {
        inst->body(wave, inst);
        y->body(wave, y);
        return;
    }

    uint32_t old[EMU_LANES] EMU_ALIGNED, result[EMU_LANES] EMU_ALIGNED;
    uint32_t *target = emu_vgpr(wave, inst->dst.reg);
    memcpy(old, target, sizeof old);
    inst->body(wave, inst);
    memcpy(result, target, sizeof result);
    memcpy(target, old, sizeof old);
    y->body(wave, y);
    memcpy(target, result, sizeof result);
}
