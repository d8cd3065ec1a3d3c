// What the rows of valu.h do after their loop when the result could not be written in place: finish floats as MODE and
// the modifiers say, restore the host's rounding, and write the enabled lanes.
#include "valu.h"

const uint32_t *emu_flush16(const struct emu_wave *wave, uint32_t *words)
{
    if (emu_flushes_input(wave, EMU_MODE_DENORM64_SHIFT)) {
        EMU_EACH_LANE(lane)
        words[lane] = (words[lane] & 0x7c00u) == 0 ? words[lane] & 0x8000u : words[lane];
    }
    return words;
}

void emu_end32(struct emu_wave *wave, const struct emu_inst *inst, uint32_t *words, enum emu_finish finish, bool plain,
               unsigned saved)
{
    if (!plain) {
        if (finish != EMU_FINISH_NONE)
            emu_finish_f32(wave, inst, words);
        emu_round_leave(saved);
    }
    emu_blend32(emu_vgpr(wave, inst->dst.reg), words, emu_lanes(wave, inst));
}

void emu_end16(struct emu_wave *wave, const struct emu_inst *inst, uint32_t *words, enum emu_finish finish, bool plain,
               unsigned saved)
{
    if (finish == EMU_FINISH_ROUND) {
        emu_result_f16(wave, inst, (const float *)words);
    } else {
        if (!plain && finish == EMU_FINISH_FLOAT)
            emu_finish_f16(wave, inst, words);
        emu_write16(wave, &inst->dst, words, emu_lanes(wave, inst));
    }
    if (!plain)
        emu_round_leave(saved);
}

void emu_end64(struct emu_wave *wave, const struct emu_inst *inst, uint64_t *words, enum emu_finish finish, bool plain,
               unsigned saved)
{
    if (!plain) {
        if (finish != EMU_FINISH_NONE)
            emu_finish_f64(wave, inst, words);
        emu_round_leave(saved);
    }
    emu_write64(wave, &inst->dst, words, emu_lanes(wave, inst));
}
