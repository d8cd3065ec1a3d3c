// The memory path: which level serves a line, and when. Every level is a server with a bandwidth and a latency; L2,
// MALL and DRAM are split into 16 channels of 256 bytes, so that row strides that are multiples of 4 KB queue up on few
// of them, as they do on the chip.
#include <string.h>

#include "machine.h"

// Ways and hashes are assumed; the L0's plain index is what the ratio of row strides in MALL asks for
// (gfx1151_row_stride.csv, 2048): 4096 and 2048 bytes modulo 4096 are equally slow, 1024 half as much.
enum {
    L0_BYTES = 32 << 10,
    SCALAR_BYTES = 16 << 10,
    FETCH_BYTES = 32 << 10,
    GL1_BYTES = 256 << 10,
    L2_BYTES = 2 << 20,
    MALL_BYTES = 32 << 20,
    L0_WAYS = 8,
    SCALAR_WAYS = 4,
    GL1_WAYS = 16,
    L2_WAYS = 16,
    MALL_WAYS = 16,
    LINES_MAX = 192,
    HALF_BYTES = EMU_LINE_BYTES / 2 // what L0 and GL1 ask for, hold, and write
};

struct touched_line {
    uint64_t line;
    uint8_t halves; // bit mask
};

static void set_times(struct emu_memory_times *times, const struct emu_timing_params *p, double clock_mhz)
{
    const double cycles_a_ns = clock_mhz / 1000.0;
    const double line = EMU_LINE_BYTES;
    const double mall_channel = p->mall_gbytes_per_s / cycles_a_ns / (double)EMU_CHANNELS; // bytes a cycle
    const double dram_channel = p->dram_gbytes_per_s / cycles_a_ns / (double)EMU_CHANNELS;
    const double dram_write_channel = p->dram_write_gbytes_per_s / cycles_a_ns / (double)EMU_CHANNELS;
    *times = (struct emu_memory_times){
        .l0_line = emu_ticks_of(line / p->l0_bytes_per_cycle),
        .l0_latency = emu_ticks_of(p->l0_latency),
        .gl1_line = emu_ticks_of(line / p->gl1_bytes_per_cycle),
        .gl1_latency = emu_ticks_of(p->gl1_latency),
        .l2_line = emu_ticks_of(line / p->l2_channel_bytes_per_cycle),
        .l2_latency = emu_ticks_of(p->l2_latency),
        .mall_line = emu_ticks_of(line / mall_channel),
        .mall_latency = emu_ticks_of(p->mall_latency_ns * cycles_a_ns),
        .dram_line = emu_ticks_of(line / dram_channel),
        .dram_latency = emu_ticks_of(p->dram_latency_ns * cycles_a_ns),
        .dram_write_line = emu_ticks_of(line / dram_write_channel),
        .dram_open = emu_ticks_of(p->dram_row_ns * cycles_a_ns),
        .mall_queue = emu_ticks_of(line / mall_channel * p->write_queue),
        .dram_queue = emu_ticks_of(line / dram_write_channel * p->write_queue),
        .store_latency = emu_ticks_of(p->store_latency),
        .smem_latency = emu_ticks_of(p->smem_latency),
        .fetch_latency = emu_ticks_of(p->fetch_miss_latency),
    };
}

bool emu_memory_path_init(struct emu_memory_path *path, const struct emu_timing_params *params, double clock_mhz)
{
    memset(path, 0, sizeof *path);
    set_times(&path->times, params, clock_mhz);
    bool ok = true;
    for (unsigned i = 0; i < EMU_WGPS * EMU_CUS_A_WGP; i++)
        ok &= emu_cache_level_init(&path->l0[i], L0_BYTES / HALF_BYTES, L0_WAYS, false);
    for (unsigned i = 0; i < EMU_WGPS; i++) {
        ok &= emu_cache_level_init(&path->scalar[i], SCALAR_BYTES / EMU_LINE_BYTES, SCALAR_WAYS, true);
        ok &= emu_cache_level_init(&path->fetch[i], FETCH_BYTES / EMU_LINE_BYTES, SCALAR_WAYS, true);
    }
    for (unsigned i = 0; i < EMU_SHADER_ARRAYS; i++)
        ok &= emu_cache_level_init(&path->gl1[i], GL1_BYTES / HALF_BYTES, GL1_WAYS, true);
    ok &= emu_cache_level_init(&path->l2, L2_BYTES / EMU_LINE_BYTES, L2_WAYS, true);
    ok &= emu_cache_level_init(&path->mall, MALL_BYTES / EMU_LINE_BYTES, MALL_WAYS, true);
    for (unsigned i = 0; i < EMU_SERVER_COUNT; i++)
        ok &= emu_server_init(&path->servers[i]);
    return ok;
}

void emu_memory_path_fini(struct emu_memory_path *path)
{
    for (unsigned i = 0; i < EMU_WGPS * EMU_CUS_A_WGP; i++)
        emu_cache_level_fini(&path->l0[i]);
    for (unsigned i = 0; i < EMU_WGPS; i++) {
        emu_cache_level_fini(&path->scalar[i]);
        emu_cache_level_fini(&path->fetch[i]);
    }
    for (unsigned i = 0; i < EMU_SHADER_ARRAYS; i++)
        emu_cache_level_fini(&path->gl1[i]);
    emu_cache_level_fini(&path->l2);
    emu_cache_level_fini(&path->mall);
    for (unsigned i = 0; i < EMU_SERVER_COUNT; i++)
        emu_server_fini(&path->servers[i]);
}

// Takes the L0 for `duration` from `now` on, in the order of requests; returns when it starts.
static emu_ticks serve(emu_ticks *free_at, emu_ticks now, emu_ticks duration)
{
    const emu_ticks start = emu_ticks_max(*free_at, now);
    *free_at = start + duration;
    return start;
}

static emu_ticks take(struct emu_memory_path *path, unsigned server, emu_ticks arrival, emu_ticks duration)
{
    return emu_server_take(&path->servers[server], path->now, arrival, duration);
}

static unsigned channel_of(uint64_t line)
{
    return (unsigned)(line * EMU_LINE_BYTES / EMU_CHANNEL_INTERLEAVE % EMU_CHANNELS);
}

// What opening the line's row costs its channel: nothing while the row is open. Rows of different banks are opened
// beside each other's transfers, so that this is less than a bank's own cycle time.
static emu_ticks open_row(struct emu_memory_path *path, uint64_t line)
{
    const uint64_t row = line * EMU_LINE_BYTES / ((uint64_t)EMU_DRAM_ROW_BYTES * EMU_CHANNELS);
    uint64_t *open = &path->open_row[channel_of(line)][(row ^ row / EMU_DRAM_BANKS) % EMU_DRAM_BANKS];
    if (*open == row + 1)
        return 0;
    *open = row + 1;
    return path->times.dram_open;
}

// Lines that leave a level because others need their place take their turn in the next one, without anybody waiting.
// Channels are asked in the order of arrival there: `now` is when the request that displaces them arrives.
static void write_dram(struct emu_memory_path *path, uint64_t line, emu_ticks now)
{
    if (line == EMU_NO_LINE)
        return;
    (void)take(path, EMU_SERVER_DRAM + channel_of(line), now + path->times.dram_queue,
               path->times.dram_write_line + open_row(path, line));
    path->bytes[EMU_LEVEL_DRAM] += EMU_LINE_BYTES;
}

static void write_mall(struct emu_memory_path *path, uint64_t line, emu_ticks now)
{
    if (line == EMU_NO_LINE)
        return;
    (void)take(path, EMU_SERVER_MALL + channel_of(line), now + path->times.mall_queue, path->times.mall_line);
    path->bytes[EMU_LEVEL_MALL] += EMU_LINE_BYTES;
    write_dram(path, emu_cache_level_write(&path->mall, line, now), now);
}

// A line read from MALL or DRAM: when it is at the L2.
static emu_ticks read_beyond_l2(struct emu_memory_path *path, uint64_t line, emu_ticks now)
{
    const struct emu_memory_times *t = &path->times;
    const unsigned channel = channel_of(line);
    emu_ticks at = take(path, EMU_SERVER_MALL + channel, now, t->mall_line) + t->mall_latency;
    path->bytes[EMU_LEVEL_MALL] += EMU_LINE_BYTES;
    const emu_ticks ready = emu_cache_level_find(&path->mall, line);
    if (ready != EMU_NEVER)
        return emu_ticks_max(at, ready);
    const emu_ticks asked = at;
    at = take(path, EMU_SERVER_DRAM + channel, asked, t->dram_line + open_row(path, line)) + t->dram_latency;
    path->bytes[EMU_LEVEL_DRAM] += EMU_LINE_BYTES;
    write_dram(path, emu_cache_level_put(&path->mall, line, at), asked);
    return at;
}

// Halves of a line that an L0 or GL1 lacks (bit mask, like touched_line's); *ready: when those it has are there.
static uint8_t missing_halves(struct emu_cache_level *cache, const struct touched_line *touched, emu_ticks *ready)
{
    uint8_t missing = 0;
    for (unsigned half = 0; half < 2; half++) {
        if (!(touched->halves >> half & 1))
            continue;
        const emu_ticks at = emu_cache_level_find(cache, touched->line * 2 + half);
        if (at == EMU_NEVER)
            missing |= (uint8_t)(1 << half);
        else
            *ready = emu_ticks_max(*ready, at);
    }
    return missing;
}

static void put_halves(struct emu_cache_level *cache, const struct touched_line *touched, emu_ticks ready)
{
    for (unsigned half = 0; half < 2; half++)
        if (touched->halves >> half & 1)
            (void)emu_cache_level_put(cache, touched->line * 2 + half, ready);
}

// What the touched halves take of `line`, a whole line's time or bytes.
static emu_ticks share_of(const struct touched_line *touched, emu_ticks line)
{
    return touched->halves == 3 ? line : line / 2;
}

// Halves of a line read beyond the L0s: when they arrive there.
static emu_ticks read_line(struct emu_memory_path *path, unsigned array, struct touched_line touched, emu_ticks now)
{
    const struct emu_memory_times *t = &path->times;
    const uint64_t line = touched.line;
    emu_ticks at = take(path, EMU_SERVER_GL1 + array, now, share_of(&touched, t->gl1_line)) + t->gl1_latency;
    path->bytes[EMU_LEVEL_GL1] += (uint64_t)share_of(&touched, EMU_LINE_BYTES);
    emu_ticks ready = at;
    touched.halves = missing_halves(&path->gl1[array], &touched, &ready);
    if (!touched.halves)
        return ready;

    emu_ticks read = take(path, EMU_SERVER_L2 + channel_of(line), at, share_of(&touched, t->l2_line)) + t->l2_latency;
    path->bytes[EMU_LEVEL_L2] += (uint64_t)share_of(&touched, EMU_LINE_BYTES);
    const emu_ticks held = emu_cache_level_find(&path->l2, line);
    if (held == EMU_NEVER) {
        const emu_ticks asked = read;
        read = read_beyond_l2(path, line, asked);
        write_mall(path, emu_cache_level_put(&path->l2, line, read), asked);
    } else {
        read = emu_ticks_max(read, held);
    }
    put_halves(&path->gl1[array], &touched, read);
    return emu_ticks_max(ready, read);
}

// A line written, one or both of its halves: it stays in L2 until another one needs its place.
static void write_line(struct emu_memory_path *path, unsigned array, const struct touched_line *touched, emu_ticks now)
{
    const struct emu_memory_times *t = &path->times;
    const uint64_t line = touched->line;
    emu_ticks at = take(path, EMU_SERVER_GL1_WRITE + array, now, share_of(touched, t->gl1_line));
    at = take(path, EMU_SERVER_L2_WRITE + channel_of(line), at, share_of(touched, t->l2_line));
    path->bytes[EMU_LEVEL_L2] += EMU_LINE_BYTES;
    write_mall(path, emu_cache_level_write(&path->l2, line, at), at);
}

// The different lines of an access, in lane order.
static unsigned gather_lines(const struct emu_access *access, struct touched_line lines[LINES_MAX])
{
    unsigned count = 0;
    for (unsigned k = 0; k < access->per_lane; k++)
        for (uint64_t lanes = access->lanes; lanes; lanes &= lanes - 1) {
            const uint64_t address = access->address[k][__builtin_ctzll(lanes)];
            const uint64_t last = (address + access->bytes - 1) / HALF_BYTES;
            for (uint64_t half = address / HALF_BYTES; half <= last; half++) {
                const uint64_t line = half / 2;
                unsigned i = count;
                while (i > 0 && lines[i - 1].line != line)
                    i--;
                if (i == 0 && count < LINES_MAX)
                    lines[count++] = (struct touched_line){line, (uint8_t)(1 << half % 2)};
                else if (i > 0)
                    lines[i - 1].halves |= (uint8_t)(1 << half % 2);
            }
        }
    return count;
}

emu_ticks emu_memory_path_vector(struct emu_memory_path *path, unsigned cu, const struct emu_access *access,
                                 emu_ticks now, unsigned *lines)
{
    const struct emu_memory_times *t = &path->times;
    const unsigned array = cu / (EMU_WGPS * EMU_CUS_A_WGP / EMU_SHADER_ARRAYS);
    struct touched_line touched[LINES_MAX];
    const unsigned count = gather_lines(access, touched);
    *lines = count;
    path->now = now;
    emu_ticks done = now;
    for (unsigned i = 0; i < count; i++) {
        // One line a turn of the L0; a miss takes its turn as well.
        const emu_ticks start = serve(&path->l0_free[cu], now, t->l0_line);
        path->bytes[EMU_LEVEL_L0] += EMU_LINE_BYTES;
        if (access->store) {
            write_line(path, array, &touched[i], start);
            done = emu_ticks_max(done, start + t->store_latency);
            continue;
        }
        emu_ticks ready = start;
        struct touched_line wanted = touched[i];
        if (!access->atomic)
            wanted.halves = missing_halves(&path->l0[cu], &touched[i], &ready);
        if (wanted.halves) {
            ready = emu_ticks_max(ready, read_line(path, array, wanted, start));
            if (!access->atomic)
                put_halves(&path->l0[cu], &wanted, ready);
        }
        done = emu_ticks_max(done, ready + t->l0_latency);
    }
    return done;
}

emu_ticks emu_memory_path_scalar(struct emu_memory_path *path, unsigned wgp, uint64_t address, unsigned bytes,
                                 emu_ticks now)
{
    emu_ticks done = now;
    path->now = now;
    for (uint64_t line = address / EMU_LINE_BYTES; line <= (address + bytes - 1) / EMU_LINE_BYTES; line++) {
        emu_ticks ready = emu_cache_level_find(&path->scalar[wgp], line);
        if (ready == EMU_NEVER) {
            ready = read_line(path, wgp / (EMU_WGPS / EMU_SHADER_ARRAYS), (struct touched_line){line, 3}, now);
            (void)emu_cache_level_put(&path->scalar[wgp], line, ready);
        }
        done = emu_ticks_max(done, emu_ticks_max(now, ready) + path->times.smem_latency);
    }
    return done;
}

emu_ticks emu_memory_path_fetch(struct emu_memory_path *path, unsigned wgp, uint64_t address, emu_ticks now)
{
    const uint64_t line = address / EMU_LINE_BYTES;
    emu_ticks ready = emu_cache_level_find(&path->fetch[wgp], line);
    if (ready == EMU_NEVER) {
        ready = now + path->times.fetch_latency;
        (void)emu_cache_level_put(&path->fetch[wgp], line, ready);
    }
    // The next line is prefetched, so that straight code waits once.
    if (emu_cache_level_find(&path->fetch[wgp], line + 1) == EMU_NEVER)
        (void)emu_cache_level_put(&path->fetch[wgp], line + 1,
                                  emu_ticks_max(now, ready) + path->times.fetch_latency / 4);
    return emu_ticks_max(now, ready);
}
