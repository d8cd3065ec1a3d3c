// The state of one wave and of its workgroup, as instruction bodies see it.
#ifndef EMU_WAVE_H
#define EMU_WAVE_H

#include <stdbool.h>
#include <stdint.h>

#include "inst.h"

#define EMU_LANES 32 // lanes a vector operation; a wave64 is two halves of 32

// Indices into wave->s: the operand encodings of the ISA (RDNA 3 ISA, section 5.1).
enum emu_sgpr {
    EMU_SGPR_VCC = 106,
    EMU_SGPR_TTMP0 = 108,
    EMU_SGPR_NULL = 124,
    EMU_SGPR_M0 = 125,
    EMU_SGPR_EXEC = 126,
    EMU_SGPR_FILE = 144 // 128 encodings and room so that a wide access at the end stays inside
};

// MODE register fields (s_setreg hwreg 1), as RSRC1 initialises them.
enum emu_mode {
    EMU_MODE_ROUND32_SHIFT = 0,  // 2 bits: 0 nearest even, 1 +inf, 2 -inf, 3 to zero
    EMU_MODE_ROUND64_SHIFT = 2,  // f16 and f64
    EMU_MODE_DENORM32_SHIFT = 4, // 2 bits: bit 0 allow input, bit 1 allow output denormals
    EMU_MODE_DENORM64_SHIFT = 6, // f16 and f64
    EMU_MODE_DX10_CLAMP = 1 << 8,
    EMU_MODE_IEEE = 1 << 9,
    EMU_MODE_FP16_OVFL = 1 << 23
};

enum emu_status { EMU_RUNNING, EMU_AT_BARRIER, EMU_ENDED, EMU_FAULTED, EMU_YIELDED };

struct emu_group;
struct emu_observer;

// The last memory instruction's accesses, filled by bodies when wave->observed is set; read by checks and timing.
enum emu_space { EMU_SPACE_GLOBAL, EMU_SPACE_LDS, EMU_SPACE_SCRATCH, EMU_SPACE_SCALAR };
struct emu_access {
    uint8_t space; // enum emu_space
    uint8_t store, atomic;
    uint8_t bytes;           // a lane and address
    uint8_t per_lane;        // addresses a lane: 1, or 2 (DS two-address forms)
    uint64_t lanes;          // lanes that accessed
    uint64_t address[2][64]; // device address, or byte offset in LDS / scratch (lane-private)
};

struct emu_wave {
    uint32_t *v;               // VGPRs: v[(half * 256 + reg) * 32 + lane], 64-byte aligned; use emu_vgpr()
    const struct emu_inst *ip; // next instruction; the run loop has advanced it before a body runs
    struct emu_group *group;
    uint32_t status; // enum emu_status
    uint32_t half;   // which half of a wave64 a VALU body works on; 0 in wave32
    uint32_t scc;
    uint32_t mode;
    uint32_t wave64;
    uint32_t index; // in the workgroup
    uint32_t s[EMU_SGPR_FILE];
    // The last global allocation hit: [range_begin, range_end), writable or not. See emu_memory_find.
    uint64_t range_begin, range_end;
    uint32_t range_writable;
    uint32_t observed;         // fill `access`
    struct emu_access *access; // NULL unless observed
    uint8_t *scratch;          // private memory, swizzled as hardware does: ((a / 4) * lanes + lane) * 4 + a % 4
    uint64_t scratch_lane_bytes;
    uint64_t instructions; // executed so far
    uint64_t class_counts[EMU_C_COUNT];
    uint32_t hw_scratch[8]; // trap status, hw id and other hwreg values that only s_getreg/s_setreg sees
};

// What the waves of a workgroup share, and what the launch tells them.
struct emu_group {
    uint8_t *lds;
    uint32_t lds_bytes; // static + dynamic
    uint32_t wave_count;
    uint32_t id[3];
    uint64_t linear_id;
    struct emu_wave *waves;
    const struct emu_launch_context *launch;
    uint64_t shared_base, private_base; // apertures: 2^32-aligned
    // First fault of the group; see emu_fault().
    struct emu_fault *fault;
};

static inline uint32_t *emu_vgpr(const struct emu_wave *wave, unsigned reg)
{
    return wave->v + ((size_t)wave->half * 256 + reg) * EMU_LANES;
}

// EXEC of the half being executed.
static inline uint32_t emu_exec_mask(const struct emu_wave *wave)
{
    return wave->s[EMU_SGPR_EXEC + wave->half];
}

// Why a launch stops. The text names the remedy where there is one.
enum emu_fault_kind {
    EMU_FAULT_NONE,
    EMU_FAULT_ILLEGAL_INSTRUCTION, // not decodable, reserved operand, or no body
    EMU_FAULT_UNSUPPORTED,         // decodable, and not available to compute kernels on this chip
    EMU_FAULT_GLOBAL_ACCESS,       // no allocation, read-only, out of bounds
    EMU_FAULT_LDS_ACCESS,
    EMU_FAULT_SCRATCH_ACCESS,
    EMU_FAULT_ALIGNMENT,
    EMU_FAULT_BARRIER,   // some waves ended or wait elsewhere
    EMU_FAULT_LIMIT,     // instruction limit reached
    EMU_FAULT_SPIN,      // nothing changes any more (modelled time)
    EMU_FAULT_NO_TIMING, // modelled time of a class that the model does not know
    EMU_FAULT_TRAP,      // s_trap
    EMU_FAULT_CANCELLED
};

struct emu_fault {
    uint32_t kind; // enum emu_fault_kind
    const struct emu_inst *inst;
    uint32_t pc;
    uint32_t wave;
    int32_t lane; // -1: the whole wave
    uint64_t address;
    uint64_t workgroup;
    char text[256]; // what happened, without place: the launcher adds kernel, workgroup, wave, lane, pc, instruction
};

// Records the group's first fault and stops the wave. lane = -1: none in particular. printf-like text.
void emu_fault_raise(struct emu_wave *wave, const struct emu_inst *inst, enum emu_fault_kind kind, int lane,
                     uint64_t address, const char *format, ...) __attribute__((format(printf, 6, 7)));

// Checks that [address, address + bytes) lies in one live allocation and, for stores, in a writable one; on success the
// wave's range is that allocation. Bodies test wave->range_begin/end first and call this only on a miss. Raises no
// fault: the caller does, with its lane.
bool emu_wave_find_range(struct emu_wave *wave, uint64_t address, uint64_t bytes, bool write);

#endif
