// Random numbers for simulations, shuffles and coins: a cursor on one of base/random.h's counter-based streams. The
// same seed, purpose and index give the same numbers on every host, in whatever order streams are used.
#ifndef W4_STATISTICS_RNG_H
#define W4_STATISTICS_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/random.h"

struct w4_rng {
    uint64_t stream;
    uint64_t position;
};

// `purpose` keeps streams of one seed apart (an enum of the caller), `index` numbers cases, nights, processes, ...
static inline struct w4_rng w4_rng_start(uint64_t seed, uint64_t purpose, uint64_t index)
{
    return (struct w4_rng){w4_random_stream(seed, purpose, index), 0};
}

static inline uint64_t w4_rng_next(struct w4_rng *rng)
{
    return w4_random_at(rng->stream, rng->position++);
}

// In (0, 1), never 0 or 1: safe for logarithms and quantiles.
static inline double w4_rng_uniform(struct w4_rng *rng)
{
    return ((double)(w4_rng_next(rng) >> 12) + 0.5) * 0x1p-52;
}

static inline bool w4_rng_coin(struct w4_rng *rng)
{
    return w4_rng_next(rng) >> 63;
}

// In 0 .. limit - 1, without bias; 0 when limit is 0.
uint64_t w4_rng_below(struct w4_rng *rng, uint64_t limit);
// A standard normal deviate; uses one number of the stream.
double w4_rng_normal(struct w4_rng *rng);
// Puts 0 .. count - 1 into `order`, shuffled (Fisher-Yates).
void w4_rng_shuffle(struct w4_rng *rng, size_t *order, size_t count);

#endif
