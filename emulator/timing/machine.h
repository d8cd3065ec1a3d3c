// The chip's state in the execution-driven timing model: SIMDs, LDS, caches and memory channels, each with the time
// from which it is free. Private to timing/.
#ifndef EMU_TIMING_MACHINE_H
#define EMU_TIMING_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../wave.h"
#include "cycles_result.h"
#include "params.h"
#include "timing.h"

// Time in 1/1024 of a shader cycle: integers, so that every host computes the same.
typedef int64_t emu_ticks;
enum { EMU_TICKS_A_CYCLE = 1024 };
#define EMU_NEVER INT64_MAX

static inline emu_ticks emu_ticks_of(double cycles)
{
    return (emu_ticks)(cycles * (double)EMU_TICKS_A_CYCLE + 0.5);
}

static inline emu_ticks emu_ticks_max(emu_ticks a, emu_ticks b)
{
    return a > b ? a : b;
}

enum {
    EMU_SHADER_ARRAYS = 2,
    EMU_CHANNELS = 16, // of 256 bytes interleave: L2 channels, MALL slices, DRAM channels
    EMU_CHANNEL_INTERLEAVE = 256,
    EMU_LINE_BYTES = 128,
    EMU_DRAM_BANKS = 16,       // a channel (LPDDR5X, JESD209-5)
    EMU_DRAM_ROW_BYTES = 2048, // of a channel: eight of its interleave's pieces
    EMU_CUS_A_WGP = 2,
    EMU_SIMDS = EMU_WGPS * EMU_SIMDS_A_WGP
};

#define EMU_LINE_DIRTY (UINT64_C(1) << 63)
#define EMU_NO_LINE    UINT64_MAX

// Tags with, for each line, the time at which its data are there: a second access to a line under way waits for it.
struct emu_cache_level {
    uint32_t sets, ways;
    bool hashed;
    uint64_t *line;   // sets * ways, line number + 1 (and EMU_LINE_DIRTY), most recently used first
    emu_ticks *ready; // beside it
};

// hashed: upper address bits choose the set as well, else the lowest bits of the line number alone.
bool emu_cache_level_init(struct emu_cache_level *cache, uint32_t lines, uint32_t ways, bool hashed);
void emu_cache_level_fini(struct emu_cache_level *cache);
// On a hit the time at which the line is there (may lie in the past); EMU_NEVER on a miss.
emu_ticks emu_cache_level_find(struct emu_cache_level *cache, uint64_t line);
// Both return the written line that had to leave for this one (EMU_NO_LINE: none). write: a line that is not there is
// taken in without being read.
uint64_t emu_cache_level_put(struct emu_cache_level *cache, uint64_t line, emu_ticks ready);
uint64_t emu_cache_level_write(struct emu_cache_level *cache, uint64_t line, emu_ticks ready);
void emu_cache_level_clear(struct emu_cache_level *cache);

// Parameters as ticks, computed once.
struct emu_memory_times {
    emu_ticks l0_line, l0_latency, gl1_line, gl1_latency, l2_line, l2_latency;
    emu_ticks mall_line, mall_latency, dram_line, dram_latency, dram_write_line, dram_open, mall_queue,
        dram_queue; // queues: how long written lines wait
    emu_ticks store_latency, smem_latency, fetch_latency;
};

// Hands out a server's time (server.c).
struct emu_server {
    struct slice *slices; // owned
    emu_ticks tail;       // of what lies beyond them
};
bool emu_server_init(struct emu_server *server);
void emu_server_fini(struct emu_server *server);
// Takes `duration` of the server from `arrival` (>= now, the present) on; returns when it starts.
emu_ticks emu_server_take(struct emu_server *server, emu_ticks now, emu_ticks arrival, emu_ticks duration);

// Servers of the memory path. Reads and writes have data paths of their own as far as the L2.
enum emu_server_index {
    EMU_SERVER_GL1,
    EMU_SERVER_GL1_WRITE = EMU_SERVER_GL1 + EMU_SHADER_ARRAYS,
    EMU_SERVER_L2 = EMU_SERVER_GL1_WRITE + EMU_SHADER_ARRAYS,
    EMU_SERVER_L2_WRITE = EMU_SERVER_L2 + EMU_CHANNELS,
    EMU_SERVER_MALL = EMU_SERVER_L2_WRITE + EMU_CHANNELS,
    EMU_SERVER_DRAM = EMU_SERVER_MALL + EMU_CHANNELS,
    EMU_SERVER_COUNT = EMU_SERVER_DRAM + EMU_CHANNELS
};

struct emu_memory_path {
    struct emu_memory_times times;
    struct emu_cache_level l0[EMU_WGPS * EMU_CUS_A_WGP];
    struct emu_cache_level scalar[EMU_WGPS];
    struct emu_cache_level fetch[EMU_WGPS];
    struct emu_cache_level gl1[EMU_SHADER_ARRAYS];
    struct emu_cache_level l2, mall;
    emu_ticks l0_free[EMU_WGPS * EMU_CUS_A_WGP];
    struct emu_server servers[EMU_SERVER_COUNT];
    uint64_t open_row[EMU_CHANNELS][EMU_DRAM_BANKS]; // of DRAM, number + 1
    emu_ticks now;                                   // of the access under way
    uint64_t bytes[EMU_LEVEL_COUNT];                 // moved out of each level (L0: to the registers)
};

bool emu_memory_path_init(struct emu_memory_path *path, const struct emu_timing_params *params, double clock_mhz);
void emu_memory_path_fini(struct emu_memory_path *path);

// A vector memory access of a wave on a CU (0..39) at `now`: when its data are in the registers (loads, atomics with
// return) or the store counts as done. *lines: 128-byte lines touched, for the profile.
emu_ticks emu_memory_path_vector(struct emu_memory_path *path, unsigned cu, const struct emu_access *access,
                                 emu_ticks now, unsigned *lines);
// A scalar load, and an instruction line; both through the WGP's own cache.
emu_ticks emu_memory_path_scalar(struct emu_memory_path *path, unsigned wgp, uint64_t address, unsigned bytes,
                                 emu_ticks now);
emu_ticks emu_memory_path_fetch(struct emu_memory_path *path, unsigned wgp, uint64_t address, emu_ticks now);

// Passes that an LDS access takes without conflicts, each of at most 128 bytes and 16 lanes, and further ones by bank
// conflicts.
enum { EMU_LDS_PHASE_LANES = 16 };
struct emu_lds_passes {
    uint32_t passes, replays;
};
struct emu_lds_passes emu_lds_passes_of(const struct emu_access *access);

// The answer for an instruction's last access: its next one mostly moves all lanes by the same number of banks.
struct emu_lds_memo {
    struct emu_lds_passes passes;
    uint64_t lanes;
    uint8_t bytes, per_lane;
    uint64_t address[2][64];
};
struct emu_lds_passes emu_lds_passes_recall(struct emu_lds_memo *memo, const struct emu_access *access);

#endif
