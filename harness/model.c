// Identity and geometry of a case: its stable id, and which shapes are usable.
#include "model.h"

#include <inttypes.h>
#include <stdio.h>

#include "../kernels/abi.h"
#include "../reference/reference.h"
#include "catalog.h"
#include "text.h"

// Pitches of 0 become dense; the sizes were checked before.
static struct w4_shape with_pitches(struct w4_shape shape)
{
    shape.a_pitch = shape.a_pitch ? shape.a_pitch : shape.k;
    shape.w_pitch = shape.w_pitch ? shape.w_pitch : shape.k / 8;
    if (!shape.scale_pitch && shape.group_size > 0) {
        shape.scale_pitch = shape.k / shape.group_size;
    }
    shape.c_pitch = shape.c_pitch ? shape.c_pitch : shape.n;
    return shape;
}

enum w4_status w4_shape_check(struct w4_shape *shape, struct w4_error *error)
{
    const int64_t g = shape->group_size;
    if (g != 32 && g != 64 && g != 128 && g != 256) { // what the kernels' scale indexing is built for
        return w4_fail(error, W4_RANGE, "group size %" PRId64 " is not 32, 64, 128 or 256", g);
    }
    const struct w4_shape full = with_pitches(*shape);
    const struct w4_gemm_shape gemm = {.m = full.m,
                                       .n = full.n,
                                       .k = full.k,
                                       .group_size = g,
                                       .type = full.dtype == W4_BF16 ? W4_FLOAT_BF16 : W4_FLOAT_FP16,
                                       .zero_point = full.zero_point,
                                       .a_pitch = full.a_pitch,
                                       .w_pitch = full.w_pitch,
                                       .scale_pitch = full.scale_pitch,
                                       .c_pitch = full.c_pitch};
    const enum w4_status status = w4_gemm_shape_check(&gemm, error);
    if (status) {
        return status;
    }
    const int64_t pitches[] = {full.a_pitch, full.w_pitch, full.scale_pitch, full.c_pitch};
    for (size_t i = 0; i < sizeof(pitches) / sizeof(pitches[0]); i++) {
        if (pitches[i] > W4_PITCH_MAX) {
            return w4_fail(error, W4_RANGE, "a pitch of %" PRId64 " elements is above the kernels' limit of %u",
                           pitches[i], W4_PITCH_MAX);
        }
    }
    *shape = full;
    return W4_OK;
}

// How far the rows are apart beyond their length: "", "/pitch+P" when all operands agree, else all four.
static void write_pitches(const struct w4_shape *shape, char *text, size_t size)
{
    const struct w4_shape full = with_pitches(*shape);
    const int64_t a = full.a_pitch - full.k, w = full.w_pitch - full.k / 8;
    const int64_t s = full.scale_pitch - (full.group_size > 0 ? full.k / full.group_size : 0);
    const int64_t c = full.c_pitch - full.n;
    text[0] = '\0';
    if (a == w && a == s && a == c) {
        if (a != 0) {
            snprintf(text, size, "/pitch+%" PRId64, a);
        }
        return;
    }
    snprintf(text, size, "/pitch+a%" PRId64 "+w%" PRId64 "+s%" PRId64 "+c%" PRId64, a, w, s, c);
}

void w4_case_make_id(struct w4_case *test)
{
    const struct w4_shape *shape = &test->shape;
    char pitches[100];
    write_pitches(shape, pitches, sizeof(pitches));
    char id[4 * W4_CASE_ID_MAX]; // longest names and numbers; the loaders keep names far shorter
    snprintf(id, sizeof(id), "%s/%s/m%" PRId64 "/%s/g%" PRId64 "/%s/%s%s", test->model, test->layer, shape->m,
             w4_text_dtype(shape->dtype), shape->group_size, w4_text_zero_point(shape->zero_point), test->kernel,
             pitches);
    w4_text_copy(test->id, sizeof(test->id), id);
}
