// Hardware registers: s_getreg, s_setreg, the rounding and denormal mode instructions, and the messages that return a
// value. What each register reads and which writes count stands in one table. Semantics: RDNA 3 ISA, sections 3.4 and
// 16.4; numbers: LLVM's hwreg names for gfx11.
//
// Time is the wave's own instruction count, not the host's clock, so that a launch gives the same results on any host;
// it never stands still, so that loops which wait for time to pass end.
#include "scalar.h"

enum { // wave->hw_scratch
    SCRATCH_TRAPSTS,
    SCRATCH_CLOCK_READS,
};

static uint64_t clock_now(struct emu_wave *wave)
{
    enum { CYCLES_PER_READ = 64 };
    return wave->instructions + (uint64_t)++wave->hw_scratch[SCRATCH_CLOCK_READS] * CYCLES_PER_READ;
}

static uint32_t read_mode(struct emu_wave *wave)
{
    return wave->mode;
}

static uint32_t read_status(struct emu_wave *wave)
{
    const bool execz = wave->s[EMU_SGPR_EXEC] == 0 && (!wave->wave64 || wave->s[EMU_SGPR_EXEC + 1] == 0);
    const bool vccz = wave->s[EMU_SGPR_VCC] == 0 && (!wave->wave64 || wave->s[EMU_SGPR_VCC + 1] == 0);
    const bool in_group = wave->group->wave_count > 1;
    return wave->scc | (uint32_t)execz << 9 | (uint32_t)vccz << 10 | (uint32_t)in_group << 11 | 1u << 16;
}

static uint32_t read_trapsts(struct emu_wave *wave)
{
    return wave->hw_scratch[SCRATCH_TRAPSTS];
}

// Size in granules of 512 B at bit 12; the base within the WGP is 0: a workgroup cannot tell where its LDS lies.
static uint32_t read_lds_alloc(struct emu_wave *wave)
{
    return (wave->group->lds_bytes + 511) / 512 << 12;
}

// The high halves of the private and shared apertures' upper words.
static uint32_t read_sh_mem_bases(struct emu_wave *wave)
{
    return (uint32_t)(wave->group->private_base >> 48) | (uint32_t)(wave->group->shared_base >> 48) << 16;
}

// Wave slot and SIMD as if the workgroup alone filled one WGP, wave after wave over its four SIMDs.
static uint32_t read_hw_id1(struct emu_wave *wave)
{
    return (wave->index / 4 & 0x1f) | (wave->index & 3) << 8;
}

static uint32_t read_shader_cycles(struct emu_wave *wave)
{
    return (uint32_t)clock_now(wave) & 0xfffff;
}

static uint32_t read_zero(struct emu_wave *wave)
{
    (void)wave;
    return 0;
}

static void write_mode(struct emu_wave *wave, uint32_t value)
{
    wave->mode = value;
}

static void write_trapsts(struct emu_wave *wave, uint32_t value)
{
    wave->hw_scratch[SCRATCH_TRAPSTS] = value;
}

// A register without `write` ignores writes, as hardware does for user code.
static const struct hwreg {
    uint32_t (*read)(struct emu_wave *wave);
    void (*write)(struct emu_wave *wave, uint32_t value);
} hwregs[64] = {
    [1] = {read_mode, write_mode},       // MODE
    [2] = {read_status, NULL},           // STATUS: SCC, EXECZ, VCCZ, IN_WG, VALID
    [3] = {read_trapsts, write_trapsts}, // TRAPSTS: no exceptions are recorded
    [5] = {read_zero, NULL},             // GPR_ALLOC
    [6] = {read_lds_alloc, NULL},        // LDS_ALLOC
    [7] = {read_zero, NULL},             // IB_STS: no counter is outstanding
    [15] = {read_sh_mem_bases, NULL},    // SH_MEM_BASES
    [18] = {read_zero, NULL},            // PERF_SNAPSHOT_PC_LO
    [19] = {read_zero, NULL},            // PERF_SNAPSHOT_PC_HI
    [20] = {read_zero, NULL},            // FLAT_SCR_LO: scratch addresses are lane-private offsets
    [21] = {read_zero, NULL},            // FLAT_SCR_HI
    [23] = {read_hw_id1, NULL},          // HW_ID1
    [24] = {read_zero, NULL},            // HW_ID2: queue, pipe, VMID 0
    [27] = {read_zero, NULL},            // PERF_SNAPSHOT_DATA
    [29] = {read_shader_cycles, NULL},   // SHADER_CYCLES, 20 bits
};

// simm16: register in bits 5:0, first bit in 10:6, width - 1 in 15:11.
struct field {
    const struct hwreg *reg;
    unsigned shift;
    uint32_t mask; // in place
};

static bool field_of(struct emu_wave *wave, const struct emu_inst *inst, struct field *field)
{
    const uint32_t simm = inst->raw[0] & 0xffff, id = simm & 0x3f;
    const unsigned width = (simm >> 11) + 1;
    field->reg = &hwregs[id];
    field->shift = simm >> 6 & 0x1f;
    field->mask = (uint32_t)(((uint64_t)1 << width) - 1) << field->shift;
    if (field->reg->read)
        return true;
    emu_fault_raise(wave, inst, EMU_FAULT_UNSUPPORTED, -1, id, "hardware register %u is not one of gfx11's", id);
    return false;
}

static void set_field(struct emu_wave *wave, const struct emu_inst *inst, uint32_t value)
{
    struct field field;
    if (!field_of(wave, inst, &field) || !field.reg->write)
        return;
    const uint32_t old = field.reg->read(wave);
    field.reg->write(wave, (old & ~field.mask) | (value << field.shift & field.mask));
}

SCALAR_BODY(s_getreg_b32)
{
    struct field field;
    if (field_of(wave, inst, &field))
        scalar_write32(wave, &inst->dst, (field.reg->read(wave) & field.mask) >> field.shift);
}

// The source stands in the destination's place.
SCALAR_BODY(s_setreg_b32)
{
    set_field(wave, inst, scalar_read32(wave, &inst->dst));
}

SCALAR_BODY(s_setreg_imm32_b32)
{
    set_field(wave, inst, inst->raw[1]);
}

SCALAR_BODY(s_round_mode)
{
    wave->mode = (wave->mode & ~0xfu) | ((uint32_t)inst->imm & 0xf);
}

SCALAR_BODY(s_denorm_mode)
{
    wave->mode = (wave->mode & ~0xf0u) | ((uint32_t)inst->imm & 0xf) << EMU_MODE_DENORM32_SHIFT;
}

// Messages that return a value; the id stands in the source field. GET_REALTIME is a 100 MHz counter on hardware and
// the instruction clock here. The doorbell, the dispatch id and the trap handler's addresses are the driver's and 0.
static uint64_t message_value(struct emu_wave *wave, const struct emu_inst *inst)
{
    enum { GET_DOORBELL = 128, GET_DDID, GET_TMA, GET_REALTIME, SAVE_WAVE, GET_TBA };
    const unsigned id = inst->raw[0] & 0xff;
    switch (id) {
    case GET_REALTIME: return clock_now(wave);
    case GET_DOORBELL:
    case GET_DDID:
    case GET_TMA:
    case GET_TBA: return 0;
    default:
        emu_fault_raise(wave, inst, EMU_FAULT_UNSUPPORTED, -1, id, "message %u returns nothing to a compute wave", id);
        return 0;
    }
}

SCALAR_BODY(s_sendmsg_rtn_b32)
{
    scalar_write32(wave, &inst->dst, (uint32_t)message_value(wave, inst));
}

SCALAR_BODY(s_sendmsg_rtn_b64)
{
    scalar_write64(wave, &inst->dst, message_value(wave, inst));
}
