// Figures derived from raw samples: TFLOPS, bytes a second, FLOP a clock and CU.
#include <stdio.h>
#include <string.h>

#include "../statistics/order.h"
#include "results.h"
#include "text.h"

double w4_shape_flop(const struct w4_shape *shape)
{
    return 2.0 * (double)shape->m * (double)shape->n * (double)shape->k;
}

double w4_shape_weight_bytes(const struct w4_shape *shape)
{
    double groups = (double)shape->n * (double)shape->k / (double)shape->group_size;
    return (double)shape->n * (double)shape->k / 2 + groups * (shape->zero_point ? 4 : 2);
}

void w4_figures_of(const struct w4_result *result, struct w4_figures *figures)
{
    memset(figures, 0, sizeof(*figures));
    double time_ms = w4_median(result->samples_ms, result->sample_count);
    if (!(time_ms > 0))
        return;
    const struct w4_shape *shape = &result->test.shape;
    double flop = w4_shape_flop(shape);
    figures->timed = true;
    figures->time_ms = time_ms;
    figures->tflops = flop / (time_ms * 1e-3) * 1e-12;
    figures->weight_gbs = w4_shape_weight_bytes(shape) / (time_ms * 1e-3) * 1e-9;
    if (result->cycles > 0) {
        figures->flop_per_clock_cu = flop / result->cycles / W4_GFX1151_CUS;
        figures->ceiling_share = figures->flop_per_clock_cu / W4_WMMA_CEILING_FLOP_PER_CLOCK_CU;
    }
}

void w4_case_shape_key(const struct w4_case *test, char *out, size_t size)
{
    const struct w4_shape *shape = &test->shape;
    int written =
        snprintf(out, size, "%s/%s %lldx%lldx%lld %s g%lld %s a%lld w%lld s%lld c%lld", test->model, test->layer,
                 (long long)shape->m, (long long)shape->n, (long long)shape->k, w4_text_dtype(shape->dtype),
                 (long long)shape->group_size, w4_text_zero_point(shape->zero_point), (long long)shape->a_pitch,
                 (long long)shape->w_pitch, (long long)shape->scale_pitch, (long long)shape->c_pitch);
    if (written < 0 && size > 0)
        out[0] = '\0';
}

const char *w4_case_state_name(enum w4_case_state state)
{
    static const char *const names[] = {"ok", "wrong", "error", "skipped", "invalid"};
    return names[state];
}
