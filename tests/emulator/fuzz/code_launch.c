// Builds the module and the launch by hand, so that no code object file stands between the bytes and the emulator.
#include "code_launch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/checks/adversary.h"
#include "emulator/checks/checks.h"
#include "emulator/launch.h"

enum {
    TEXT_OFFSET = 256,
    BUFFER_BYTES = 4096, // a page: what runs over its end hits the guard zone
    LDS_BYTES = 1024,
    SCRATCH_BYTES = 64,
    WORK_ITEMS = 80, // two full waves and a partial one in wave32
    INSTRUCTION_LIMIT = 600,
    ARGUMENT_WORDS = 32
};

// Addresses into registers; llvm-mc made the words. The same in wave32 and wave64.
static const uint32_t prologue[] = {
    0xf4100400, 0xf8000000, // s_load_b512 s[16:31], s[0:1], null
    0xf4100800, 0xf8000040, // s_load_b512 s[32:47], s[0:1], 0x40
    0xbf89fc07,             // s_waitcnt lgkmcnt(0)
    0x3602009f,             // v_and_b32 v1, 31, v0
    0x30020284,             // v_lshlrev_b32 v1, 4, v1
    0x7e040210,             // v_mov_b32 v2, s16
    0x7e060211,             // v_mov_b32 v3, s17
    0xd7006a04, 0x00020302, // v_add_co_u32 v4, vcc, v2, v1
    0xd5206a05, 0x01a90103, // v_add_co_ci_u32 v5, vcc, v3, 0, vcc
    0x7e0c02ff, 0x3fc00000, // v_mov_b32 v6, 1.5
    0x7e0e0d00,             // v_cvt_f32_u32 v7, v0
    0xd7111008, 0x00020d07, // v_pack_b32_f16 v8, v7.l, v6.h
    0xbefd00c0,             // s_mov_b32 m0, 64
    0xbeea00ff, 0x55555555, // s_mov_b32 vcc_lo, 0x55555555
};

struct world {
    struct emu_memory *memory;
    struct emu_module module;
    struct co_segment segment;
    struct co_symbol symbol;
    struct co_kernel kernel;
    struct co_arg argument;
    uint32_t arguments[ARGUMENT_WORDS];
};

// Round and denormal modes, DX10_CLAMP, IEEE, FP16_OVFL, as RSRC1 has them.
static uint32_t resources(unsigned mode)
{
    static const uint32_t modes[8] = {
        0xf0u << 12 | 1u << 21 | 1u << 23, // what compilers ask for
        0xf0u << 12,
        0,
        0xf5u << 12 | 1u << 21,
        0xfau << 12 | 1u << 23,
        0xffu << 12 | 1u << 26,
        0xc0u << 12 | 1u << 21 | 1u << 26,
        0x30u << 12 | 1u << 23,
    };
    return modes[mode & 7] | 31u; // 256 VGPRs
}

// s[16:17] buffer, s18 its size, s[20:23] raw buffer descriptor, s[24:27] structured one, s[28:31] swizzled one,
// s[32:33] code, s[34:35] LDS aperture, s[36:37] scratch aperture, s[40:47] garbage.
static void fill_arguments(struct world *world, const void *buffer)
{
    const uint64_t base = (uint64_t)(uintptr_t)buffer;
    const uint64_t code = (uint64_t)(uintptr_t)world->module.image + TEXT_OFFSET;
    const uint32_t low = (uint32_t)base, high = (uint32_t)(base >> 32);
    const uint32_t words[ARGUMENT_WORDS] = {
        low,
        high,
        BUFFER_BYTES,
        0,
        low,
        high,
        BUFFER_BYTES,
        0x31014000,
        low,
        high | 16u << 16,
        BUFFER_BYTES / 16,
        0x01014fac,
        low,
        high | 8u << 16 | 1u << 30,
        BUFFER_BYTES / 8,
        0x21214fac,
        (uint32_t)code,
        (uint32_t)(code >> 32),
        0,
        (uint32_t)(EMU_SHARED_BASE >> 32),
        0,
        (uint32_t)(EMU_PRIVATE_BASE >> 32),
        0,
        0,
        0x80000000,
        0x7fffffff,
        0xffffffff,
        0x7f800000,
        0xff800001,
        0x00000001,
        0x7bff7c00,
        0x4f000000,
    };
    memcpy(world->arguments, words, sizeof words);
}

static void describe(struct world *world, size_t text_bytes, unsigned options)
{
    const bool wave64 = options & CODE_WAVE64;
    struct co_object *object = &world->module.object;
    world->segment = (struct co_segment){.address = 0, .memory_bytes = TEXT_OFFSET + text_bytes, .executable = true};
    world->symbol = (struct co_symbol){"fuzz", TEXT_OFFSET, text_bytes, true};
    world->argument = (struct co_arg){CO_ARG_BY_VALUE, 0, sizeof world->arguments};
    world->kernel = (struct co_kernel){
        .name = "fuzz",
        .symbol = "fuzz.kd",
        .args = &world->argument,
        .arg_count = 1,
        .vgpr_count = wave64 ? 128 : 256,
        .sgpr_count = 106,
        .max_flat_workgroup_size = EMU_WORKITEMS_MAX,
        .kernarg_align = 8,
        .wavefront_size = wave64 ? 64 : 32,
        .wgp_mode = true,
        .lds_bytes = LDS_BYTES,
        .scratch_bytes = SCRATCH_BYTES,
        .kernarg_bytes = sizeof world->arguments,
        .rsrc1 = resources(options >> CODE_MODE_SHIFT),
        .rsrc2 = 2u << 1 | 1u << 7, // kernarg address; workgroup id x
        .properties = 1u << 3,
        .entry = TEXT_OFFSET,
    };
    object->load_size = TEXT_OFFSET + text_bytes;
    object->match = CO_MATCH_EXACT;
    object->text = (struct co_section){.address = TEXT_OFFSET, .size = text_bytes};
    object->segments = &world->segment;
    object->segment_count = 1;
    object->kernels = &world->kernel;
    object->kernel_count = 1;
    object->symbols = &world->symbol;
    object->symbol_count = 1;
    world->module.name = "fuzz";
}

static const struct emu_bodies *bodies_of(unsigned options)
{
    static const char *const levels[4] = {"generic", "avx2", "avx512", NULL};
    const struct emu_bodies *bodies = emu_simd_choose(levels[options >> CODE_LEVEL_SHIFT & 3]);
    return bodies ? bodies : emu_simd_choose(NULL);
}

static bool load(struct world *world, const uint8_t *code, size_t size, unsigned options)
{
    const bool wave64 = options & CODE_WAVE64;
    const size_t text_bytes = sizeof prologue + size;
    world->memory = emu_memory_create(UINT64_C(1) << 20);
    if (!world->memory)
        return false;
    describe(world, text_bytes, options);
    world->module.image = emu_memory_alloc(world->memory, TEXT_OFFSET + text_bytes, EMU_RANGE_IMAGE);
    void *buffer = emu_memory_alloc(world->memory, BUFFER_BYTES, EMU_RANGE_BUFFER);
    if (!world->module.image || !buffer)
        return false;
    memcpy(world->module.image + TEXT_OFFSET, prologue, sizeof prologue);
    memcpy(world->module.image + TEXT_OFFSET + sizeof prologue, code, size);
    const uint64_t base = (uint64_t)(uintptr_t)world->module.image;
    const struct emu_range part = {.begin = base, .end = base + TEXT_OFFSET + text_bytes};
    if (!emu_memory_split(world->memory, world->module.image, &part, 1))
        return false;
    fill_arguments(world, buffer);
    world->module.code[wave64] =
        emu_code_create(&world->module.object, world->module.image, base, wave64, bodies_of(options));
    return world->module.code[wave64] != NULL;
}

static _Noreturn void broken(const char *what, const struct emu_launch_result *result, const struct w4_error *error)
{
    fprintf(stderr, "%s: problem %d, %llu instructions, \"%s\"\n", what, (int)result->problem,
            (unsigned long long)result->wave_instructions, error->message);
    abort();
}

static void launch(struct world *world, unsigned options)
{
    struct emu_launch_params params = {
        .module = &world->module,
        .kernel = &world->kernel,
        .grid = {WORK_ITEMS + 3, 1, 1}, // and a second workgroup of three work-items
        .block = {WORK_ITEMS, 1, 1},
        .arguments = world->arguments,
        .argument_bytes = sizeof world->arguments,
        .threads = 1,
        .instruction_limit = INSTRUCTION_LIMIT,
    };
    if (options & CODE_ADVERSARY)
        params.adversary = emu_adversary_create(1);
    else if (options & CODE_CHECKER)
        params.checker = emu_checker_create(true);

    struct w4_error error = {0};
    struct emu_launch_result result;
    const enum w4_status status = emu_launch(world->memory, &params, &result, &error);
    if (status == W4_OK && (result.problem != EMU_LAUNCH_FINE || result.wave_instructions == 0))
        broken("a launch ended well and says otherwise", &result, &error);
    if (status != W4_OK && (result.problem == EMU_LAUNCH_FINE || error.message[0] == '\0'))
        broken("a launch failed without saying why", &result, &error);
    emu_launch_result_fini(&result);
    emu_adversary_destroy(params.adversary);
    emu_checker_destroy(params.checker);
}

void code_launch(const uint8_t *code, size_t size, unsigned options)
{
    struct world world = {0};
    if (load(&world, code, size < CODE_BYTES_MAX ? size : CODE_BYTES_MAX, options))
        launch(&world, options);
    emu_code_destroy(world.module.code[0]);
    emu_code_destroy(world.module.code[1]);
    emu_memory_destroy(world.memory);
}
