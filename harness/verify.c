// Judges the elements of C tile by tile, and counts damage everywhere else.
#include "verify.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"

enum { GUARD_BYTES = 64 << 10, TAIL_LIMIT_BYTES = 16 << 20, JUDGE_COLUMNS = 2048 };

enum w4_status w4_c_layout_of(const struct w4_shape *shape, const struct w4_tile *tile, struct w4_c_layout *layout,
                              struct w4_error *error)
{
    size_t c_bytes = 0;
    if (__builtin_mul_overflow((size_t)shape->m, (size_t)shape->c_pitch, &c_bytes) ||
        __builtin_mul_overflow(c_bytes, sizeof(uint16_t), &c_bytes) || c_bytes > SIZE_MAX / 4)
        return w4_fail(error, W4_RANGE, "C of %" PRId64 " x %" PRId64 " elements is too large", shape->m,
                       shape->c_pitch);
    size_t row_bytes = (size_t)shape->c_pitch * sizeof(uint16_t);
    size_t rows = TAIL_LIMIT_BYTES / row_bytes;
    size_t tail = row_bytes * (rows < (size_t)tile->bm ? rows : (size_t)tile->bm);
    *layout = (struct w4_c_layout){GUARD_BYTES, c_bytes, tail + GUARD_BYTES};
    return W4_OK;
}

static uint64_t count_changed(const unsigned char *bytes, size_t size, unsigned char expected)
{
    if (size == 0 || (bytes[0] == expected && memcmp(bytes, bytes + 1, size - 1) == 0))
        return 0;
    uint64_t changed = 0;
    for (size_t i = 0; i < size; ++i)
        changed += bytes[i] != expected;
    return changed;
}

// The grid of output tiles and which of them ran.
struct tile_map {
    int64_t m_tiles, n_tiles;
    int64_t m_step, n_step; // from a tile to its neighbour in linear workgroup ids
    bool *ran;              // by workgroup id, NULL: all
};

static enum w4_status map_init(struct tile_map *map, const struct w4_shape *shape, const struct w4_tile *tile,
                               bool n_first, const uint64_t *ids, size_t id_count, struct w4_error *error)
{
    map->m_tiles = (shape->m + tile->bm - 1) / tile->bm;
    map->n_tiles = (shape->n + tile->bn - 1) / tile->bn;
    map->m_step = n_first ? map->n_tiles : 1;
    map->n_step = n_first ? 1 : map->m_tiles;
    map->ran = NULL;
    if (!ids)
        return W4_OK;
    uint64_t total = (uint64_t)map->m_tiles * (uint64_t)map->n_tiles;
    map->ran = calloc(total, sizeof(*map->ran));
    if (!map->ran)
        return w4_fail(error, W4_MEMORY, "out of memory for a map of %" PRIu64 " workgroups", total);
    for (size_t i = 0; i < id_count; ++i) {
        if (ids[i] >= total)
            return w4_fail(error, W4_DEVICE, "the device says workgroup %" PRIu64 " ran, the launch had %" PRIu64,
                           ids[i], total);
        map->ran[ids[i]] = true;
    }
    return W4_OK;
}

static bool tile_ran(const struct tile_map *map, int64_t m_tile, int64_t n_tile)
{
    return !map->ran || map->ran[m_tile * map->m_step + n_tile * map->n_step];
}

static int64_t minimum(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

// Bytes that changed in the pitch padding of every row and in the tiles that did not run.
static uint64_t count_outside(const struct tile_map *map, const struct w4_shape *shape, const struct w4_tile *tile,
                              const uint16_t *c)
{
    uint64_t damage = 0;
    for (int64_t m = 0; m < shape->m; ++m) {
        const uint16_t *row = c + m * shape->c_pitch;
        damage += count_changed((const unsigned char *)(row + shape->n),
                                (size_t)(shape->c_pitch - shape->n) * sizeof(*row), W4_POISON_BYTE);
        for (int64_t n_tile = 0; map->ran && n_tile < map->n_tiles; ++n_tile) {
            int64_t n0 = n_tile * tile->bn;
            if (!tile_ran(map, m / tile->bm, n_tile))
                damage += count_changed((const unsigned char *)(row + n0),
                                        (size_t)(minimum(shape->n, n0 + tile->bn) - n0) * sizeof(*row), W4_POISON_BYTE);
        }
    }
    return damage;
}

struct judge {
    w4_oracle *oracle;
    const struct w4_shape *shape;
    const uint16_t *c;
    struct w4_judgement judgement;
};

static enum w4_status judge_block(struct judge *judge, int64_t m0, int64_t m1, int64_t n0, int64_t n1,
                                  struct w4_error *error)
{
    if (w4_interrupt_requested())
        return w4_fail(error, W4_INTERRUPTED, "interrupted while verifying");
    m1 = minimum(m1, judge->shape->m);
    n1 = minimum(n1, judge->shape->n);
    return w4_oracle_judge(judge->oracle, judge->c, W4_POISON, m0, m1 - m0, n0, n1 - n0, &judge->judgement, error);
}

static enum w4_status judge_all(struct judge *judge, struct w4_error *error)
{
    enum w4_status status = W4_OK;
    for (int64_t n0 = 0; n0 < judge->shape->n && status == W4_OK; n0 += JUDGE_COLUMNS)
        status = judge_block(judge, 0, judge->shape->m, n0, n0 + JUDGE_COLUMNS, error);
    return status;
}

// Neighbouring tiles of a column of tiles are judged together.
static enum w4_status judge_sample(struct judge *judge, const struct tile_map *map, const struct w4_tile *tile,
                                   struct w4_error *error)
{
    enum w4_status status = W4_OK;
    for (int64_t n_tile = 0; n_tile < map->n_tiles; ++n_tile) {
        for (int64_t m_tile = 0; m_tile < map->m_tiles && status == W4_OK; ++m_tile) {
            int64_t first = m_tile;
            while (m_tile < map->m_tiles && tile_ran(map, m_tile, n_tile))
                ++m_tile;
            if (m_tile > first)
                status = judge_block(judge, first * tile->bm, m_tile * tile->bm, n_tile * tile->bn,
                                     (n_tile + 1) * tile->bn, error);
        }
    }
    return status;
}

enum w4_status w4_verify(w4_oracle *oracle, const struct w4_shape *shape, const struct w4_tile *tile, bool n_first,
                         const struct w4_c_layout *layout, const unsigned char *memory, const uint64_t *ids,
                         size_t id_count, struct w4_verification *verification, struct w4_error *error)
{
    memset(verification, 0, sizeof(*verification));
    const void *c = memory + layout->head_bytes;
    struct judge judge = {.oracle = oracle, .shape = shape, .c = c};
    struct tile_map map;
    enum w4_status status = map_init(&map, shape, tile, n_first, ids, id_count, error);
    if (status == W4_OK)
        status = map.ran ? judge_sample(&judge, &map, tile, error) : judge_all(&judge, error);
    if (status == W4_OK) {
        const struct w4_judgement *judgement = &judge.judgement;
        verification->worst_ratio = judgement->worst_ratio;
        verification->judged = judgement->judged;
        verification->beyond = judgement->beyond;
        verification->unwritten = judgement->unwritten;
        verification->worst_m = judgement->worst_m;
        verification->worst_n = judgement->worst_n;
        verification->all_zero = judgement->nonzero == 0;
        verification->guard_damage =
            count_changed(memory, layout->head_bytes, W4_GUARD_BYTE) + count_outside(&map, shape, tile, judge.c) +
            count_changed(memory + layout->head_bytes + layout->c_bytes, layout->tail_bytes, W4_GUARD_BYTE);
    }
    free(map.ran);
    return status;
}

bool w4_verification_is_right(const struct w4_verification *verification, char *message, size_t size)
{
    if (verification->judged == 0)
        snprintf(message, size, "no element was judged");
    else if (verification->all_zero)
        snprintf(message, size, "all %" PRIu64 " judged elements are zero", verification->judged);
    else if (verification->unwritten > 0)
        snprintf(message, size,
                 "%" PRIu64 " of %" PRIu64 " elements were never written, one at C[%" PRId64 ", %" PRId64 "]",
                 verification->unwritten, verification->judged, verification->worst_m, verification->worst_n);
    else if (verification->beyond > 0 || !(verification->worst_ratio <= 1))
        snprintf(message, size,
                 "%" PRIu64 " of %" PRIu64 " elements are beyond their bound, the worst %.3g times at C[%" PRId64
                 ", %" PRId64 "]",
                 verification->beyond, verification->judged, verification->worst_ratio, verification->worst_m,
                 verification->worst_n);
    else if (verification->guard_damage > 0)
        snprintf(message, size, "%" PRIu64 " bytes outside C's elements were overwritten", verification->guard_damage);
    else
        return true;
    return false;
}
