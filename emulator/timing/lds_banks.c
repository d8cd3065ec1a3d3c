// Bank conflicts: how many passes an LDS access takes.
//
// 32 banks of 4 bytes. An access goes in phases that move at most 128 bytes of at most 16 lanes: 16 lanes of up to 8
// bytes, 8 of 16 (and of 12). A phase takes as many passes as the busiest bank has different words; lanes that read the
// same word share it. Measured consequences are in gfx1151_cycles.csv: a 64-byte lane stride, and that four ds_load_b32
// cost what four ds_load_b64 do. No more than 16 lanes a phase is concluded from the latter, and from kernels full of
// 16-bit accesses being as slow as it makes them (bf16 rows of upstream_w4a16_gfx1151.csv).
#include "machine.h"

#include <string.h>

enum { BANKS = 32, BANK_BYTES = 4, PHASE_ADDRESSES_MAX = 32 };

// Different words that the busiest bank serves for `count` accesses.
static uint32_t busiest(const uint64_t *addresses, uint32_t count, uint32_t bytes)
{
    uint64_t words[BANKS][PHASE_ADDRESSES_MAX];
    uint32_t used[BANKS] = {0};
    uint32_t most = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t first = addresses[i] / BANK_BYTES;
        const uint64_t last = (addresses[i] + bytes - 1) / BANK_BYTES;
        for (uint64_t word = first; word <= last; word++) {
            const uint32_t bank = (uint32_t)(word % BANKS);
            uint32_t k = 0;
            while (k < used[bank] && words[bank][k] != word)
                k++;
            if (k < used[bank])
                continue;
            if (used[bank] == PHASE_ADDRESSES_MAX)
                continue;
            words[bank][used[bank]++] = word;
            most = used[bank] > most ? used[bank] : most;
        }
    }
    return most;
}

struct emu_lds_passes emu_lds_passes_of(const struct emu_access *access)
{
    struct emu_lds_passes result = {0, 0};
    const uint32_t phase_lanes = access->bytes <= 8 ? EMU_LDS_PHASE_LANES : EMU_LDS_PHASE_LANES / 2;
    // Both addresses of a lane that together are no wider than one of 8 bytes go in one phase.
    const unsigned together = access->bytes <= 4 ? access->per_lane : 1;
    for (unsigned k = 0; k < access->per_lane; k += together) {
        for (uint32_t begin = 0; begin < 64; begin += phase_lanes) {
            uint64_t addresses[PHASE_ADDRESSES_MAX];
            uint32_t count = 0;
            for (unsigned j = k; j < k + together; j++)
                for (uint32_t lane = begin; lane < begin + phase_lanes; lane++)
                    if (access->lanes >> lane & 1)
                        addresses[count++] = access->address[j][lane];
            if (count == 0)
                continue;
            const uint32_t most = busiest(addresses, count, access->bytes);
            result.passes++;
            result.replays += most - 1;
        }
    }
    return result;
}

// Whether every lane's address is the memo's, moved by one whole number of banks.
static bool moved_as_a_whole(const struct emu_lds_memo *memo, const struct emu_access *access)
{
    const unsigned count = access->lanes >> 32 ? 64 : 32;
    const uint64_t shift = access->address[0][0] - memo->address[0][0];
    uint64_t differences = shift % BANK_BYTES;
    for (unsigned k = 0; k < access->per_lane; k++)
        for (unsigned lane = 0; lane < count; lane++)
            differences |= (access->address[k][lane] - memo->address[k][lane]) ^ shift;
    return differences == 0;
}

struct emu_lds_passes emu_lds_passes_recall(struct emu_lds_memo *memo, const struct emu_access *access)
{
    if (memo->lanes == access->lanes && memo->bytes == access->bytes && memo->per_lane == access->per_lane &&
        moved_as_a_whole(memo, access))
        return memo->passes;
    memo->passes = emu_lds_passes_of(access);
    memo->lanes = access->lanes;
    memo->bytes = access->bytes;
    memo->per_lane = access->per_lane;
    memcpy(memo->address, access->address, sizeof memo->address);
    return memo->passes;
}
