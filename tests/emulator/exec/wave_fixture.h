// A wave to run a few instructions on: registers, LDS and one piece of global memory, and a small loop that assembles
// text with llvm-mc, decodes it and executes the bodies of one SIMD level. Used by every test of instruction bodies;
// it knows nothing of kernels, launches or scheduling.
//
//   static void s_add_u32_carries_into_scc(void **state)
//   {
//       struct fixture *f = *state;
//       f->wave.s[1] = 0xffffffff;
//       f->wave.s[2] = 1;
//       fixture_run(f, "s_add_u32 s0, s1, s2");
//       assert_int_equal(f->wave.s[0], 0);
//       assert_int_equal(f->wave.scc, 1);
//   }
//
//   int main(void)
//   {
//       static const struct fixture_test tests[] = {FIXTURE_TEST(s_add_u32_carries_into_scc, 32)};
//       return fixture_main("scalar", tests, sizeof tests / sizeof *tests);
//   }
#ifndef EMU_TESTS_WAVE_FIXTURE_H
#define EMU_TESTS_WAVE_FIXTURE_H

// cmocka wants these four before its own header.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "emulator/exec/simd.h"

enum {
    FIXTURE_LDS_BYTES = 4096,
    FIXTURE_MEMORY_BYTES = 4096,
    FIXTURE_INSTRUCTIONS_MAX = 1000000, // executed by one fixture_run, before it calls the program endless
    // MODE as HSA kernels start: round to nearest even, denormals kept, DX10_CLAMP and IEEE.
    FIXTURE_MODE = 0x3f0
};

struct fixture_program;

struct fixture {
    struct emu_wave wave; // s[], scc, mode, status; VGPRs through fixture_v
    struct emu_group group;
    struct emu_fault fault;                // of the last fixture_run_faulting
    struct emu_access access;              // of the last memory instruction when `observe` was set
    int observe;                           // set before fixture_run: bodies fill `access`
    uint64_t barriers;                     // passed by the last run: a wave on its own never waits
    unsigned lanes;                        // 32 or 64
    uint8_t *memory;                       // global memory; a device address is the host address
    uint64_t memory_bytes;                 // of it that are allocated; a test may set less
    const struct emu_bodies *bodies;       // of the SIMD level under test
    const struct fixture_program *program; // being run
    uint32_t *vgprs;
};

// A test and the wave size that it wants; its `state` points to a fresh `struct fixture *`.
struct fixture_test {
    const char *name;
    CMUnitTestFunction function;
    unsigned lanes;
};
// clang-format off
#define FIXTURE_TEST(function, lanes) {#function, function, lanes}
// clang-format on

// Runs every test once for each SIMD level that this processor has (FIXTURE_LEVEL in the environment picks one);
// returns main's exit status.
int fixture_main(const char *group, const struct fixture_test *tests, size_t count);

// For programs that do not use fixture_main. `level` as in emu_simd_choose; NULL when the processor lacks it.
// Registers, LDS and memory start as zero, EXEC full, MODE = FIXTURE_MODE.
struct fixture *fixture_create(unsigned lanes, const char *level);
void fixture_destroy(struct fixture *fixture);

// A lane's register; lane counts through both halves of a wave64.
static inline uint32_t *fixture_v(const struct fixture *fixture, unsigned reg, unsigned lane)
{
    return fixture->vgprs + ((size_t)(lane / EMU_LANES) * 256 + reg) * EMU_LANES + lane % EMU_LANES;
}

// Fills a register in all lanes: with one value, or with base + lane * step.
void fixture_fill(struct fixture *fixture, unsigned reg, uint32_t value);
void fixture_ramp(struct fixture *fixture, unsigned reg, uint32_t base, uint32_t step);

// EXEC and other 64-bit scalars.
void fixture_set_s64(struct fixture *fixture, unsigned reg, uint64_t value);
uint64_t fixture_s64(const struct fixture *fixture, unsigned reg);

// Assembles the text (lines, labels and directives as llvm-mc takes them), decodes and runs it to its end or to
// s_endpgm. Anything unexpected (text that does not assemble, an undecodable word, no body, a fault) fails the test
// with the instruction's text. Assembled programs are kept, so that the same text costs the assembler once a process.
void fixture_run(struct fixture *fixture, const char *text);

// The same, and the program must end in a fault of this kind; fixture->fault holds it.
void fixture_run_faulting(struct fixture *fixture, const char *text, enum emu_fault_kind kind);

// The same for words that no assembler makes.
void fixture_run_words(struct fixture *fixture, const uint32_t *words, size_t count);

#endif
