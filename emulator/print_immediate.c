// Immediates with a structure: hwreg, sendmsg, s_waitcnt, s_waitcnt_depctr, s_delay_alu, s_version, ds_swizzle.
// Names are LLVM's.
#include "print.h"

#include "decode.h"

struct name {
    unsigned value;
    const char *text;
};

static const char *find_name(const struct name *names, size_t count, unsigned value)
{
    for (size_t i = 0; i < count; i++)
        if (names[i].value == value)
            return names[i].text;
    return NULL;
}

#define FIND(names, value) find_name(names, sizeof(names) / sizeof *(names), value)

void emu_print_hwreg(struct emu_text *text, unsigned imm)
{
    static const struct name registers[] = {{1, "HW_REG_MODE"},
                                            {2, "HW_REG_STATUS"},
                                            {3, "HW_REG_TRAPSTS"},
                                            {5, "HW_REG_GPR_ALLOC"},
                                            {6, "HW_REG_LDS_ALLOC"},
                                            {7, "HW_REG_IB_STS"},
                                            {15, "HW_REG_SH_MEM_BASES"},
                                            {18, "HW_REG_PERF_SNAPSHOT_PC_LO"},
                                            {19, "HW_REG_PERF_SNAPSHOT_PC_HI"},
                                            {20, "HW_REG_FLAT_SCR_LO"},
                                            {21, "HW_REG_FLAT_SCR_HI"},
                                            {23, "HW_REG_HW_ID1"},
                                            {24, "HW_REG_HW_ID2"},
                                            {27, "HW_REG_PERF_SNAPSHOT_DATA"},
                                            {29, "HW_REG_SHADER_CYCLES"}};
    unsigned id = emu_bits(imm, 0, 6), offset = emu_bits(imm, 6, 5), size = emu_bits(imm, 11, 5) + 1;
    const char *name = FIND(registers, id);
    emu_text_put(text, "hwreg(");
    if (name)
        emu_text_put(text, "%s", name);
    else
        emu_text_put(text, "%u", id);
    if (offset != 0 || size != 32)
        emu_text_put(text, ", %u, %u", offset, size);
    emu_text_put(text, ")");
}

void emu_print_message(struct emu_text *text, unsigned imm)
{
    static const struct name messages[] = {
        {1, "MSG_INTERRUPT"},          {2, "MSG_HS_TESSFACTOR"},   {3, "MSG_DEALLOC_VGPRS"},
        {5, "MSG_STALL_WAVE_GEN"},     {6, "MSG_HALT_WAVES"},      {9, "MSG_GS_ALLOC_REQ"},
        {128, "MSG_RTN_GET_DOORBELL"}, {129, "MSG_RTN_GET_DDID"},  {130, "MSG_RTN_GET_TMA"},
        {131, "MSG_RTN_GET_REALTIME"}, {132, "MSG_RTN_SAVE_WAVE"}, {133, "MSG_RTN_GET_TBA"},
        {134, "MSG_RTN_GET_TBA_TO_PC"}};
    const char *name = FIND(messages, imm & 0xff);
    if (name)
        emu_text_put(text, "sendmsg(%s)", name);
    else if (imm < 256)
        emu_text_put(text, "sendmsg(%u, 0, 0)", imm);
    else
        emu_text_put(text, "%u", imm);
}

struct field {
    const char *name;
    uint8_t low, count;
};

// Fields at their default (all ones) are left out, unless all are.
static void print_fields(struct emu_text *text, const struct field *fields, size_t count, unsigned imm)
{
    bool all_default = true;
    for (size_t i = 0; i < count; i++)
        all_default = all_default && emu_bits(imm, fields[i].low, fields[i].count) == (1u << fields[i].count) - 1;
    const char *separator = "";
    for (size_t i = 0; i < count; i++) {
        unsigned value = emu_bits(imm, fields[i].low, fields[i].count);
        if (!all_default && value == (1u << fields[i].count) - 1)
            continue;
        emu_text_put(text, "%s%s(%u)", separator, fields[i].name, value);
        separator = " ";
    }
}

void emu_print_waitcnt(struct emu_text *text, unsigned imm)
{
    static const struct field fields[] = {{"vmcnt", 10, 6}, {"expcnt", 0, 3}, {"lgkmcnt", 4, 6}};
    print_fields(text, fields, sizeof fields / sizeof *fields, imm);
}

void emu_print_depctr(struct emu_text *text, unsigned imm)
{
    static const struct field fields[] = {
        {"depctr_hold_cnt", 7, 1}, {"depctr_sa_sdst", 0, 1}, {"depctr_va_vdst", 12, 4}, {"depctr_va_sdst", 9, 3},
        {"depctr_va_ssrc", 8, 1},  {"depctr_va_vcc", 1, 1},  {"depctr_vm_vsrc", 2, 3}};
    const unsigned unused_bits = 0x60;
    if (imm & unused_bits)
        emu_text_put(text, "0x%x", imm);
    else
        print_fields(text, fields, sizeof fields / sizeof *fields, imm);
}

static void print_delay_id(struct emu_text *text, unsigned id)
{
    static const char *const names[] = {
        "NO_DEP",        "VALU_DEP_1",    "VALU_DEP_2",        "VALU_DEP_3",   "VALU_DEP_4",   "TRANS32_DEP_1",
        "TRANS32_DEP_2", "TRANS32_DEP_3", "FMA_ACCUM_CYCLE_1", "SALU_CYCLE_1", "SALU_CYCLE_2", "SALU_CYCLE_3"};
    emu_text_put(text, "%s", id < sizeof names / sizeof *names ? names[id] : "/* invalid instid value */");
}

void emu_print_delay(struct emu_text *text, unsigned imm)
{
    static const char *const skips[] = {"SAME", "NEXT", "SKIP_1", "SKIP_2", "SKIP_3", "SKIP_4"};
    unsigned first = emu_bits(imm, 0, 4), skip = emu_bits(imm, 4, 3), second = emu_bits(imm, 7, 4);
    const char *separator = "";
    if (first) {
        emu_text_put(text, "instid0(");
        print_delay_id(text, first);
        emu_text_put(text, ")");
        separator = " | ";
    }
    if (skip) {
        emu_text_put(text, "%sinstskip(%s)", separator,
                     skip < sizeof skips / sizeof *skips ? skips[skip] : "/* invalid instskip value */");
        separator = " | ";
    }
    if (second) {
        emu_text_put(text, "%sinstid1(", separator);
        print_delay_id(text, second);
        emu_text_put(text, ")");
    }
    if (!first && !skip && !second)
        emu_text_put(text, "0");
}

void emu_print_version(struct emu_text *text, unsigned imm)
{
    static const struct name versions[] = {
        {0, "UC_VERSION_GFX7"}, {4, "UC_VERSION_GFX10"}, {6, "UC_VERSION_GFX11"}, {9, "UC_VERSION_GFX12"}};
    static const struct name flags[] = {
        {0x2000, "UC_VERSION_W64_BIT"}, {0x4000, "UC_VERSION_W32_BIT"}, {0x8000, "UC_VERSION_MDP_BIT"}};
    unsigned version = imm & 0x1fff, set = 0;
    const char *name = FIND(versions, version);
    if (version > 0xff) {
        emu_text_put(text, "0x%x", imm);
        return;
    }
    for (unsigned i = 0; i < 3; i++)
        set += (imm & flags[i].value) != 0;
    for (unsigned i = 1; i < set; i++)
        emu_text_put(text, "(");
    if (name)
        emu_text_put(text, "%s", name);
    else
        emu_text_put(text, "%u", version);
    for (unsigned i = 0; i < 3; i++)
        if (imm & flags[i].value)
            emu_text_put(text, "|%s%s", flags[i].text, --set ? ")" : "");
}

// One letter a lane bit: p kept, i inverted, 0 and 1 fixed.
static void print_bitmask(struct emu_text *text, unsigned and_mask, unsigned or_mask, unsigned xor_mask)
{
    unsigned zeros = or_mask ^ xor_mask, ones = (and_mask | or_mask) ^ xor_mask;
    emu_text_put(text, "swizzle(BITMASK_PERM,\"");
    for (unsigned bit = 16; bit; bit >>= 1) {
        bool from0 = zeros & bit, from1 = ones & bit;
        emu_text_put(text, from0 == from1 ? (from0 ? "1" : "0") : (from0 ? "i" : "p"));
    }
    emu_text_put(text, "\")");
}

static bool power_of_two(unsigned value)
{
    return value && !(value & (value - 1));
}

static void print_bitmask_mode(struct emu_text *text, unsigned imm)
{
    unsigned and_mask = imm & 31, or_mask = imm >> 5 & 31, xor_mask = imm >> 10 & 31;
    unsigned group = 32 - and_mask;
    if (and_mask == 31 && or_mask == 0 && power_of_two(xor_mask))
        emu_text_put(text, "swizzle(SWAP,%u)", xor_mask);
    else if (and_mask == 31 && or_mask == 0 && xor_mask && power_of_two(xor_mask + 1))
        emu_text_put(text, "swizzle(REVERSE,%u)", xor_mask + 1);
    else if (group > 1 && power_of_two(group) && or_mask < group && xor_mask == 0)
        emu_text_put(text, "swizzle(BROADCAST,%u,%u)", group, or_mask);
    else
        print_bitmask(text, and_mask, or_mask, xor_mask);
}

void emu_print_swizzle(struct emu_text *text, unsigned imm)
{
    if (imm == 0)
        return;
    emu_text_put(text, " offset:");
    if (imm >= 0xe000)
        emu_text_put(text, "swizzle(FFT,%u)", imm & 31);
    else if (imm >= 0xc000)
        emu_text_put(text, "swizzle(ROTATE,%u,%u)", imm >> 10 & 1, imm >> 5 & 31);
    else if ((imm & 0xff00) == 0x8000)
        emu_text_put(text, "swizzle(QUAD_PERM,%u,%u,%u,%u)", imm & 3, imm >> 2 & 3, imm >> 4 & 3, imm >> 6 & 3);
    else if (!(imm & 0x8000))
        print_bitmask_mode(text, imm);
    else
        emu_text_put(text, "%u", imm);
}
