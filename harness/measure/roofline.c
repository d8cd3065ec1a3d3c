// Holds figures against the chip's ceilings. Pure functions.
#include "roofline.h"

#include <math.h>
#include <stdio.h>

#include "../../statistics/order.h"

double w4_roofline_weight_gbs(const struct w4_protocol *protocol, double rotated_bytes)
{
    double cached = fmin(1, (double)protocol->cache_bytes / rotated_bytes);
    return 1 / (cached / protocol->roofline_hot_gbs + (1 - cached) / protocol->roofline_cold_gbs);
}

bool w4_roofline_is_broken(const struct w4_protocol *protocol, const struct w4_result *result, double rotated_bytes,
                           char *text, size_t size)
{
    struct w4_figures figures;
    const double allowed = 1 + protocol->roofline_margin;
    w4_figures_of(result, &figures);
    if (!figures.timed)
        return false;
    double hot_ms = w4_median(result->measured.hot_samples_ms, result->measured.hot_sample_count);
    double hot_tflops = hot_ms > 0 ? figures.tflops * figures.time_ms / hot_ms : 0;
    double tflops = fmax(figures.tflops, hot_tflops);
    double ceiling_gbs = w4_roofline_weight_gbs(protocol, rotated_bytes);
    if (!(tflops <= protocol->roofline_tflops * allowed)) {
        snprintf(text, size, "%.4g TFLOPS%s, and the chip's ceiling is %.4g: the time is wrong", tflops,
                 tflops > figures.tflops ? " (hot)" : "", protocol->roofline_tflops);
        return true;
    }
    if (!(figures.weight_gbs <= ceiling_gbs * allowed)) {
        snprintf(text, size,
                 "weights at %.4g GB/s, and memory and caches give %.4g at most: the time is wrong, or the rotation "
                 "does not work",
                 figures.weight_gbs, ceiling_gbs);
        return true;
    }
    return false;
}
