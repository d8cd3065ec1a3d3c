// The contents of buffers before a launch. Random values come from splitmix64 keyed by the seed, so that a launch file
// says all that a run depends on; floats are uniform in [-1, 1).
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "../../base/file.h"

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static float next_float(uint64_t *state)
{
    return (float)(int32_t)(next_random(state) >> 40) * 0x1p-23f - 1.0f;
}

static void put_f16(uint64_t *state, uint8_t *at)
{
    const _Float16 value = (_Float16)next_float(state);
    memcpy(at, &value, 2);
}

// The upper half of a float, cut off.
static void put_bf16(uint64_t *state, uint8_t *at)
{
    const float value = next_float(state);
    memcpy(at, (const uint8_t *)&value + 2, 2);
}

static void put_f32(uint64_t *state, uint8_t *at)
{
    const float value = next_float(state);
    memcpy(at, &value, 4);
}

// Bytes, eight at a time.
static void fill_bytes(uint64_t *state, uint8_t *memory, uint64_t bytes)
{
    for (uint64_t at = 0; at < bytes; at += 8) {
        const uint64_t value = next_random(state);
        memcpy(memory + at, &value, bytes - at < 8 ? (size_t)(bytes - at) : 8);
    }
}

// Whole elements only; a rest shorter than one stays zero.
static void fill_random(const struct plan_buffer *buffer, uint8_t *memory)
{
    static const struct {
        void (*put)(uint64_t *state, uint8_t *at);
        uint8_t bytes;
    } makers[] = {
        [PLAN_RANDOM_F16] = {put_f16, 2}, [PLAN_RANDOM_BF16] = {put_bf16, 2}, [PLAN_RANDOM_F32] = {put_f32, 4}};
    uint64_t state = buffer->seed;
    if (buffer->fill == PLAN_RANDOM) {
        fill_bytes(&state, memory, buffer->bytes);
        return;
    }
    const uint64_t element = makers[buffer->fill].bytes;
    for (uint64_t at = 0; at + element <= buffer->bytes; at += element)
        makers[buffer->fill].put(&state, memory + at);
}

static enum w4_status fill_from_file(const struct plan_buffer *buffer, uint8_t *memory, struct w4_error *error)
{
    char *data;
    size_t size;
    enum w4_status status = w4_file_read(buffer->file, (size_t)buffer->bytes, &data, &size, error);
    if (status != W4_OK)
        return status;
    if (size == buffer->bytes)
        memcpy(memory, data, size);
    else
        status = w4_fail(error, W4_RANGE, "%s: %zu bytes, but buffer %s has %llu", buffer->file, size, buffer->name,
                         (unsigned long long)buffer->bytes);
    free(data);
    return status;
}

enum w4_status plan_fill_buffer(const struct plan_buffer *buffer, uint8_t *memory, struct w4_error *error)
{
    switch (buffer->fill) {
    case PLAN_ZERO: break; // device memory starts as zero
    case PLAN_FILE: return fill_from_file(buffer, memory, error);
    case PLAN_WORD:
        for (uint64_t at = 0; at + 4 <= buffer->bytes; at += 4)
            memcpy(memory + at, &buffer->word, 4);
        break;
    case PLAN_RANDOM:
    case PLAN_RANDOM_F16:
    case PLAN_RANDOM_BF16:
    case PLAN_RANDOM_F32: fill_random(buffer, memory); break;
    }
    return W4_OK;
}
