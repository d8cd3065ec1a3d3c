// Draws that need more than one shift: bounded integers, normal deviates, permutations.
#include "rng.h"

#include "normal.h"

uint64_t w4_rng_below(struct w4_rng *rng, uint64_t limit)
{
    if (limit == 0)
        return 0;
    // Numbers below 2^64 mod limit would make the first residues more likely.
    const uint64_t reject_below = (0 - limit) % limit;
    uint64_t number = w4_rng_next(rng);
    while (number < reject_below)
        number = w4_rng_next(rng);
    return number % limit;
}

double w4_rng_normal(struct w4_rng *rng)
{
    return w4_normal_quantile_coarse(w4_rng_uniform(rng));
}

void w4_rng_shuffle(struct w4_rng *rng, size_t *order, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        const size_t j = (size_t)w4_rng_below(rng, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
}
