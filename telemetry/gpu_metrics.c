// Reads gpu_metrics tables by a table of offsets, because the structs differ by version and their units by generation.
#include "gpu_metrics.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

// metrics_table_header: u16 structure_size, u8 format_revision, u8 content_revision.
enum { HEADER_BYTES = 4 };

// A value of a version. Power of 2.x is left out: its unit differs from chip to chip (mW or W) and nothing in the table
// says which.
static const struct row {
    int format, content_first, content_last;
    size_t member, offset, bytes;
    double scale;
} rows[] = {
#define AT(member) offsetof(struct w4_gpu_metrics, member)
    // v1_1 .. v1_3 (cards): temperature_edge, average_socket_power (W), current_gfxclk, current_uclk
    {1, 1, 3, AT(temperature_c), 4, 2, 1},
    {1, 1, 3, AT(power_w), 22, 2, 1},
    {1, 1, 3, AT(engine_mhz), 54, 2, 1},
    {1, 1, 3, AT(memory_mhz), 58, 2, 1},
    // v2_1 .. v2_4 (APUs): temperature_gfx (0.01 C), current_gfxclk, current_uclk
    {2, 1, 4, AT(temperature_c), 4, 2, 0.01},
    {2, 1, 4, AT(engine_mhz), 76, 2, 1},
    {2, 1, 4, AT(memory_mhz), 80, 2, 1},
    // v3_0 (Strix, Strix Halo): temperature_gfx (0.01 C), average_socket_power (mW), average_gfxclk and _uclk
    {3, 0, 0, AT(temperature_c), 4, 2, 0.01},
    {3, 0, 0, AT(power_w), 112, 4, 0.001},
    {3, 0, 0, AT(engine_mhz), 174, 2, 1},
    {3, 0, 0, AT(memory_mhz), 186, 2, 1},
#undef AT
};

// Little-endian, as amdgpu's only hosts in question are.
static double value_of(const uint8_t *bytes, const struct row *row)
{
    uint32_t value = 0;
    for (size_t i = 0; i < row->bytes; i++)
        value |= (uint32_t)bytes[row->offset + i] << (8 * i);
    const uint32_t invalid = row->bytes == 2 ? UINT16_MAX : UINT32_MAX;
    return value == invalid ? NAN : value * row->scale;
}

bool w4_gpu_metrics_parse(const void *data, size_t size, struct w4_gpu_metrics *metrics)
{
    const uint8_t *bytes = data;
    bool known = false;
    *metrics = (struct w4_gpu_metrics){.engine_mhz = NAN, .memory_mhz = NAN, .power_w = NAN, .temperature_c = NAN};
    if (size < HEADER_BYTES)
        return false;
    const size_t structure_bytes = (size_t)bytes[0] | (size_t)bytes[1] << 8;
    metrics->format = bytes[2];
    metrics->content = bytes[3];
    if (size < structure_bytes)
        return false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        if (row->format != metrics->format || metrics->content < row->content_first ||
            metrics->content > row->content_last || row->offset + row->bytes > structure_bytes)
            continue;
        const double value = value_of(bytes, row);
        memcpy((char *)metrics + row->member, &value, sizeof value);
        known = true;
    }
    return known;
}
