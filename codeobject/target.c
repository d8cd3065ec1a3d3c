// The processors that code objects are compiled for, and which of them gfx1151 can load. Numbers: EF_AMDGPU_MACH of
// LLVM's AMDGPUUsage. gfx1100-gfx1103 and gfx1150-gfx1153 share gfx1151's encodings; what single chips lack (scalar
// float on gfx110x) is no obstacle in that direction.
#include "internal.h"

static const struct co_target targets[] = {
    {0x04a, "gfx1151", CO_MATCH_EXACT},         {0x054, "gfx11-generic", CO_MATCH_GENERIC},
    {0x041, "gfx1100", CO_MATCH_FAMILY},        {0x046, "gfx1101", CO_MATCH_FAMILY},
    {0x047, "gfx1102", CO_MATCH_FAMILY},        {0x044, "gfx1103", CO_MATCH_FAMILY},
    {0x043, "gfx1150", CO_MATCH_FAMILY},        {0x055, "gfx1152", CO_MATCH_FAMILY},
    {0x058, "gfx1153", CO_MATCH_FAMILY},        {0x02c, "gfx900", CO_MATCH_FOREIGN},
    {0x02f, "gfx906", CO_MATCH_FOREIGN},        {0x030, "gfx908", CO_MATCH_FOREIGN},
    {0x03f, "gfx90a", CO_MATCH_FOREIGN},        {0x04c, "gfx942", CO_MATCH_FOREIGN},
    {0x04f, "gfx950", CO_MATCH_FOREIGN},        {0x051, "gfx9-generic", CO_MATCH_FOREIGN},
    {0x033, "gfx1010", CO_MATCH_FOREIGN},       {0x036, "gfx1030", CO_MATCH_FOREIGN},
    {0x045, "gfx1036", CO_MATCH_FOREIGN},       {0x053, "gfx10-3-generic", CO_MATCH_FOREIGN},
    {0x048, "gfx1200", CO_MATCH_FOREIGN},       {0x04e, "gfx1201", CO_MATCH_FOREIGN},
    {0x059, "gfx12-generic", CO_MATCH_FOREIGN},
};

const struct co_target *co_target_by_machine(uint32_t machine)
{
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        if (targets[i].machine == machine)
            return &targets[i];
    return NULL;
}

const struct co_target *co_target_by_name(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        if (strlen(targets[i].name) == length && memcmp(targets[i].name, name, length) == 0)
            return &targets[i];
    return NULL;
}
