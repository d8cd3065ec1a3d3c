// The rare paths of LDS bodies: faults, observation, and the opcodes that compute kernels do not have.
#include "lds.h"

void lds_report(struct emu_wave *wave, const struct emu_inst *inst, const uint32_t *address, uint32_t lanes,
                unsigned bytes, unsigned alignment)
{
    const uint32_t size = wave->group->lds_bytes;
    if (inst->gds) {
        emu_fault_raise(wave, inst, EMU_FAULT_UNSUPPORTED, -1, 0, "GDS is not available to compute kernels");
        return;
    }
    for (int lane = 0; lane < EMU_LANES; lane++) {
        const uint32_t at = address[lane];
        if (!(lanes >> lane & 1))
            continue;
        const int wave_lane = lane + (int)wave->half * EMU_LANES;
        if (size < bytes || at > size - bytes) {
            emu_fault_raise(wave, inst, EMU_FAULT_LDS_ACCESS, wave_lane, at,
                            "lane %d accesses %u bytes at LDS offset 0x%x; the workgroup has 0x%x bytes", wave_lane,
                            bytes, at, size);
            return;
        }
        if (at & (alignment - 1)) {
            emu_fault_raise(wave, inst, EMU_FAULT_ALIGNMENT, wave_lane, at,
                            "lane %d: LDS atomic of %u bytes at offset 0x%x, which is not a multiple of %u", wave_lane,
                            bytes, at, alignment);
            return;
        }
    }
}

void lds_observe(struct emu_wave *wave, const uint32_t *address, uint32_t lanes, unsigned bytes, unsigned which,
                 unsigned per_lane, enum lds_kind kind)
{
    struct emu_access *access = wave->access;
    if (wave->half == 0)
        access->lanes = 0;
    access->space = EMU_SPACE_LDS;
    access->store = kind != LDS_LOAD;
    access->atomic = kind == LDS_ATOMIC;
    access->bytes = (uint8_t)bytes;
    access->per_lane = (uint8_t)per_lane;
    const unsigned first = wave->half * EMU_LANES;
    access->lanes |= (uint64_t)lanes << first;
    for (unsigned lane = 0; lane < EMU_LANES; lane++)
        access->address[which][first + lane] = address[lane];
}

void lds_unsupported(struct emu_wave *wave, const struct emu_inst *inst)
{
    emu_fault_raise(wave, inst, EMU_FAULT_UNSUPPORTED, -1, 0, "%s is not available to compute kernels",
                    emu_opcodes[inst->op].name);
}

#define UNSUPPORTED(name)                                                                                              \
    LDS_BODY(name)                                                                                                     \
    {                                                                                                                  \
        lds_unsupported(wave, inst);                                                                                   \
    }
UNSUPPORTED(lds_direct_load)
UNSUPPORTED(lds_param_load)
UNSUPPORTED(ds_gws_sema_release_all)
UNSUPPORTED(ds_gws_init)
UNSUPPORTED(ds_gws_sema_v)
UNSUPPORTED(ds_gws_sema_br)
UNSUPPORTED(ds_gws_sema_p)
UNSUPPORTED(ds_gws_barrier)
UNSUPPORTED(ds_ordered_count)
UNSUPPORTED(ds_add_gs_reg_rtn)
UNSUPPORTED(ds_sub_gs_reg_rtn)
UNSUPPORTED(ds_bvh_stack_rtn_b32)

LDS_BODY(ds_nop)
{
    (void)wave, (void)inst;
}
