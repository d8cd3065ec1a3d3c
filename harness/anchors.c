// The choice between the anchors.
#include "anchors.h"

#include "../statistics/order.h"

#define GFX1151_DRAM_GBS 240.5 // read, as measured by others; see data/

enum w4_anchor w4_anchor_for(const struct w4_shape *shape, const struct w4_protocol *protocol)
{
    double tflops = protocol->roofline_tflops > 0 ? protocol->roofline_tflops : W4_WMMA_CEILING_TFLOPS;
    double gbs = protocol->roofline_cold_gbs > 0 ? protocol->roofline_cold_gbs : GFX1151_DRAM_GBS;
    double multiply_s = w4_shape_flop(shape) / (tflops * 1e12);
    double read_s = w4_shape_weight_bytes(shape) / (gbs * 1e9);
    return read_s > multiply_s ? W4_ANCHOR_BANDWIDTH : W4_ANCHOR_WMMA;
}

double w4_anchor_time_ms(const struct w4_measured *measured, enum w4_anchor anchor)
{
    const double *times_ms = anchor == W4_ANCHOR_WMMA ? measured->anchor_wmma_ms : measured->anchor_bandwidth_ms;
    size_t count = anchor == W4_ANCHOR_WMMA ? measured->anchor_wmma_count : measured->anchor_bandwidth_count;
    return count > 0 ? w4_median(times_ms, count) : 0;
}
