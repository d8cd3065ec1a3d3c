// All SIMD levels compute the same bits: random instruction words of every scalar and vector opcode that touches no
// memory, with random modifiers, DPP, EXEC and MODE, on registers full of awkward values. What is right is for the
// other tests to say; where levels differ, at least one is wrong. NaNs may differ in payload.
#include <stdlib.h>
#include <string.h>

#include "wave_fixture.h"
#include "wave_program.h"

enum {
    LEVELS = 3,
    REGISTERS = 32, // VGPRs that instructions name, and room for wide ones
    NAMED = 16,
    CASES = 40, // an opcode, form and wave size
    NO_MATCH_MAX = 4000
};

static const char *const level_names[LEVELS] = {"generic", "avx2", "avx512"};

struct random {
    uint64_t state;
};

static uint32_t next(struct random *r)
{
    r->state = r->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(r->state >> 33) ^ (uint32_t)(r->state >> 13);
}

// Zeros, denormals, limits, NaNs and integers' ends, as f32, as two halves, and anything.
static uint32_t awkward(struct random *r)
{
    static const uint32_t words[] = {0,          0x80000000, 1,          0x80000001, 0x007fffff, 0x00800000, 0x3f800000,
                                     0xbf800000, 0x40200000, 0x3f000000, 0x7f7fffff, 0x7f800000, 0xff800000, 0x7fc00000,
                                     0x7f800001, 0x7fffffff, 0xffffffff, 0x4f000000, 0x4f800000, 0xcf000000, 0x7ff00000,
                                     0x3ff00000, 0x40180000, 31,         0x3c003c00, 0x00010001, 0x7bff8001, 0x7c00fc00,
                                     0x7e007c01, 0x04003555, 0x80008000, 0x7fffffff};
    uint32_t choice = next(r);
    if (choice & 1)
        return words[choice >> 1 & 31];
    return choice & 2 ? next(r) : (next(r) & 0x807fffffu) | (120 + (choice >> 2 & 15)) << 23;
}

// The forms of an opcode as a first word without operands; a form that does not exist decodes as something else.
static unsigned forms_of(const struct emu_opcode *opcode, uint32_t *out)
{
    const uint32_t op = opcode->opcode, vop3 = UINT32_C(0xd4000000);
    switch (opcode->encoding) {
    case EMU_E_SOP1: out[0] = UINT32_C(0xbe800000) | op << 8; return 1;
    case EMU_E_SOP2: out[0] = UINT32_C(0x80000000) | op << 23; return 1;
    case EMU_E_SOPC: out[0] = UINT32_C(0xbf000000) | op << 16; return 1;
    case EMU_E_VOP1: out[0] = UINT32_C(0x7e000000) | op << 9, out[1] = vop3 | (op + 0x180) << 16; return 2;
    case EMU_E_VOP2: out[0] = op << 25, out[1] = vop3 | (op + 0x100) << 16; return 2;
    case EMU_E_VOPC: out[0] = UINT32_C(0x7c000000) | op << 17, out[1] = vop3 | op << 16; return 2;
    case EMU_E_VOP3:
    case EMU_E_VOP3SD: out[0] = vop3 | op << 16; return 1;
    case EMU_E_VOP3P: out[0] = UINT32_C(0xcc000000) | op << 16; return 1;
    default: return 0;
    }
}

// Random operand fields around the opcode. Vector registers are v0..v15; sources of vector instructions are mostly
// those, and sometimes scalars, constants, a literal or DPP.
static uint32_t vector_source(struct random *r)
{
    static const uint32_t others[] = {0xfa, 0xe9, 0xea, 0xff, 0x6a, 0x7e, 0xf0, 0xf4, 0xf8, 0xc1};
    uint32_t choice = next(r);
    if (choice % 4)
        return 256 + (choice >> 4) % NAMED;
    return choice & 4 ? others[(choice >> 4) % (sizeof others / sizeof *others)] : choice >> 4 & 0xff;
}

static void fill_operands(struct random *r, const struct emu_opcode *opcode, uint32_t form, uint32_t words[4])
{
    const uint32_t sdst = next(r) & 0x7f, vdst = next(r) % NAMED, half = next(r) & 0x80;
    const uint32_t modifiers = next(r) & 1 ? ~0u : 0; // many opcodes allow none
    words[0] = form;
    words[1] = next(r);
    words[2] = next(r);
    words[3] = next(r);
    if (opcode->encoding == EMU_E_SOP1 || opcode->encoding == EMU_E_SOP2)
        words[0] |= (next(r) & 0xffff & (opcode->encoding == EMU_E_SOP1 ? 0xffu : 0xffffu)) | sdst << 16;
    else if (opcode->encoding == EMU_E_SOPC)
        words[0] |= next(r) & 0xffff;
    else if (form >> 30 == 3)
        words[0] |= (next(r) & modifiers & 0xff00) | (next(r) & 1 ? vdst : sdst);
    else if (opcode->encoding == EMU_E_VOPC)
        words[0] |= vector_source(r) | vdst << 9;
    else
        words[0] |= vector_source(r) | (vdst | (opcode->dst == EMU_T_F16 ? half : 0)) << 17;
    if (form >> 30 == 3)
        words[1] =
            vector_source(r) | vector_source(r) << 9 | vector_source(r) << 18 | (next(r) & modifiers & 0xf8000000u);
    else if (opcode->encoding == EMU_E_VOP2)
        words[0] |= next(r) % NAMED << 9;
    if ((words[0] & 0x1ff) == 0xfa)
        words[1] = (words[1] & ~0xffu) | next(r) % NAMED;
}

static bool names_only_low_registers(const struct emu_inst *inst)
{
    const struct emu_operand *operands[] = {&inst->dst, &inst->src[0], &inst->src[1], &inst->src[2]};
    for (size_t i = 0; i < sizeof operands / sizeof *operands; i++) {
        if (operands[i]->kind == EMU_K_BAD)
            return false;
        if (operands[i]->kind == EMU_K_VGPR && operands[i]->reg + operands[i]->dwords > REGISTERS)
            return false;
    }
    return true;
}

// C and D of a matrix instruction that overlap in part: undefined.
static bool overlaps_in_part(const struct emu_inst *inst)
{
    const unsigned c = inst->src[2].reg, d = inst->dst.reg;
    return (inst->class == EMU_C_WMMA || inst->class == EMU_C_WMMA_IU4) && inst->src[2].kind == EMU_K_VGPR && c != d &&
           c < d + 8 && d < c + 8;
}

struct levels {
    struct fixture *fixture[LEVELS];
    unsigned lanes;
};

static void set_state(struct levels *levels, struct random *r)
{
    const uint64_t exec = next(r) % 3 ? UINT64_MAX : (uint64_t)next(r) << 32 | next(r);
    const uint32_t mode = next(r) % 3 ? FIXTURE_MODE : (next(r) & 0x3ff) | (next(r) & 1) << 23;
    struct fixture *first = levels->fixture[0];
    for (unsigned reg = 0; reg < REGISTERS; reg++) {
        for (unsigned lane = 0; lane < levels->lanes; lane++)
            *fixture_v(first, reg, lane) = awkward(r);
    }
    for (unsigned reg = 0; reg < EMU_SGPR_FILE; reg++)
        first->wave.s[reg] = awkward(r);
    first->wave.s[EMU_SGPR_M0] = next(r) % 8; // relative moves stay near
    fixture_set_s64(first, EMU_SGPR_EXEC, exec);
    first->wave.mode = mode;
    first->wave.scc = next(r) & 1;
    for (unsigned i = 1; i < LEVELS && levels->fixture[i]; i++) {
        struct fixture *other = levels->fixture[i];
        for (unsigned half = 0; half < levels->lanes / EMU_LANES; half++)
            memcpy(fixture_v(other, 0, half * EMU_LANES), fixture_v(first, 0, half * EMU_LANES),
                   REGISTERS * EMU_LANES * sizeof *other->vgprs);
        memcpy(other->wave.s, first->wave.s, sizeof other->wave.s);
        other->wave.mode = mode;
        other->wave.scc = first->wave.scc;
    }
}

static void run_one(struct fixture *f, const uint32_t *words, size_t count)
{
    char message[256] = "";
    struct fixture_program *program =
        fixture_program_create(words, count, f->lanes == 64, f->bodies, message, sizeof message);
    if (!program)
        fail_msg("%s", message);
    f->fault = (struct emu_fault){0};
    f->wave.status = EMU_RUNNING;
    f->wave.ip = program->insts + 1;
    program->insts->exec(&f->wave, program->insts);
    fixture_program_destroy(program);
}

static bool is_nan(uint32_t word)
{
    return (word & 0x7fffffff) > 0x7f800000;
}

static bool half_is_nan(uint32_t half)
{
    return (half & 0x7fff) > 0x7c00;
}

// Equal, or NaNs of the same width.
static bool same(uint32_t a, uint32_t b, bool is_float)
{
    if (a == b || (is_float && is_nan(a) && is_nan(b)))
        return true;
    bool low = (a & 0xffff) == (b & 0xffff) || (half_is_nan(a & 0xffff) && half_is_nan(b & 0xffff));
    bool high = a >> 16 == b >> 16 || (half_is_nan(a >> 16) && half_is_nan(b >> 16));
    return is_float && low && high;
}

// Whether both have a NaN in the pair of registers that an f64 result takes.
static bool both_nan_f64(const struct fixture *x, const struct fixture *y, unsigned reg, unsigned lane)
{
    const uint64_t infinity = UINT64_C(0x7ff0000000000000), magnitude = UINT64_MAX >> 1;
    uint64_t a = *fixture_v(x, reg, lane) | (uint64_t)*fixture_v(x, reg + 1, lane) << 32;
    uint64_t b = *fixture_v(y, reg, lane) | (uint64_t)*fixture_v(y, reg + 1, lane) << 32;
    return (a & magnitude) > infinity && (b & magnitude) > infinity;
}

static bool makes_floats(const struct emu_opcode *opcode)
{
    static const uint8_t floats[] = {EMU_T_F16,   EMU_T_BF16,   EMU_T_F32, EMU_T_F64,
                                     EMU_T_PKF16, EMU_T_PKBF16, EMU_T_B256};
    for (size_t i = 0; i < sizeof floats; i++) {
        if (opcode->dst == floats[i])
            return true;
    }
    return false;
}

// Says where the levels differ.
static bool agree(const struct levels *levels, const struct emu_inst *inst)
{
    const struct fixture *first = levels->fixture[0];
    const struct emu_opcode *opcode = &emu_opcodes[inst->op];
    for (unsigned i = 1; i < LEVELS && levels->fixture[i]; i++) {
        const struct fixture *other = levels->fixture[i];
        for (unsigned reg = 0; reg < REGISTERS; reg++) {
            for (unsigned lane = 0; lane < levels->lanes; lane++) {
                uint32_t a = *fixture_v(first, reg, lane), b = *fixture_v(other, reg, lane);
                bool wide = opcode->dst == EMU_T_F64 && (reg == inst->dst.reg || reg == inst->dst.reg + 1u);
                if (same(a, b, makes_floats(opcode)) || (wide && both_nan_f64(first, other, inst->dst.reg, lane)))
                    continue;
                print_error("%s (%08x %08x %08x, wave%u, mode 0x%x): v%u lane %u is %08x in %s and %08x in %s\n",
                            opcode->name, inst->raw[0], inst->raw[1], inst->raw[2], levels->lanes, first->wave.mode,
                            reg, lane, a, level_names[0], b, level_names[i]);
                return false;
            }
        }
        for (unsigned reg = 0; reg < 128; reg++) {
            uint32_t a = first->wave.s[reg], b = other->wave.s[reg];
            if (same(a, b, makes_floats(opcode)))
                continue;
            print_error("%s (%08x %08x %08x, wave%u, mode 0x%x): SGPR %u is %08x in %s and %08x in %s\n", opcode->name,
                        inst->raw[0], inst->raw[1], inst->raw[2], levels->lanes, first->wave.mode, reg, a,
                        level_names[0], b, level_names[i]);
            return false;
        }
        if (first->wave.scc != other->wave.scc || first->wave.status != other->wave.status) {
            print_error("%s (%08x %08x %08x): scc or status differs between %s and %s\n", opcode->name, inst->raw[0],
                        inst->raw[1], inst->raw[2], level_names[0], level_names[i]);
            return false;
        }
    }
    return true;
}

// Tries words of one form until CASES of them are the opcode's, or the levels differ; returns how many were.
static unsigned try_form(struct levels *levels, struct random *r, unsigned op, uint32_t form, bool *agreed)
{
    unsigned cases = 0;
    *agreed = true;
    for (unsigned tries = 0; tries < NO_MATCH_MAX && cases < CASES && *agreed; tries++) {
        uint32_t words[4];
        struct emu_inst inst, dual;
        fill_operands(r, &emu_opcodes[op], form, words);
        int count = emu_decode(words, 4, 0, levels->lanes == 64, &inst, &dual);
        if (count <= 0 || inst.op != op || !names_only_low_registers(&inst) || overlaps_in_part(&inst))
            continue;
        set_state(levels, r);
        for (unsigned i = 0; i < LEVELS && levels->fixture[i]; i++)
            run_one(levels->fixture[i], words, (size_t)count);
        *agreed = agree(levels, &inst);
        cases++;
    }
    return cases;
}

static bool is_candidate(const struct emu_opcode *opcode)
{
    switch (opcode->class) {
    case EMU_C_BRANCH:
    case EMU_C_MESSAGE:
    case EMU_C_UNSUPPORTED: return false;
    default: return strcmp(opcode->name, "s_getpc_b64") != 0;
    }
}

static void levels_agree(unsigned lanes)
{
    struct levels levels = {.lanes = lanes};
    struct random r = {lanes};
    unsigned made = 0, differing = 0;
    for (unsigned i = 0; i < LEVELS; i++) {
        struct fixture *f = fixture_create(lanes, level_names[i]);
        if (f)
            levels.fixture[made++] = f;
    }
    assert_true(made > 0);
    for (unsigned op = 1; op < EMU_OP_COUNT; op++) {
        uint32_t forms[2];
        unsigned count = is_candidate(&emu_opcodes[op]) ? forms_of(&emu_opcodes[op], forms) : 0, cases = 0;
        for (unsigned i = 0; i < count; i++) {
            bool agreed;
            cases += try_form(&levels, &r, op, forms[i], &agreed);
            differing += !agreed;
        }
        if (count && !cases)
            fail_msg("%s: no random word was one", emu_opcodes[op].name);
    }
    for (unsigned i = 0; i < made; i++)
        fixture_destroy(levels.fixture[i]);
    assert_int_equal(differing, 0);
}

static void levels_agree_in_wave32(void **state)
{
    (void)state;
    levels_agree(32);
}

static void levels_agree_in_wave64(void **state)
{
    (void)state;
    levels_agree(64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(levels_agree_in_wave32),
                                       cmocka_unit_test(levels_agree_in_wave64)};
    return cmocka_run_group_tests_name("levels agree", tests, NULL, NULL);
}
