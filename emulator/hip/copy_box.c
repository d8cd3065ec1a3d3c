// Copies and fills of rows and boxes with pitches (2D, 3D and the driver forms). Arrays (images) are not emulated.
#include "runtime.h"

#include <string.h>

// One end of a copy: rows `pitch` bytes apart, slices of `slice_rows` rows.
struct box_end {
    uint8_t *base;
    size_t pitch, slice_rows;
};
struct box_size {
    size_t width, height, depth; // bytes, rows, slices
};

// Bytes from the first to behind the last; false on overflow.
static bool extent_of(const struct box_end *end, const struct box_size *size, size_t *bytes)
{
    size_t rows;
    return !__builtin_mul_overflow(end->slice_rows, size->depth - 1, &rows) &&
           !__builtin_add_overflow(rows, size->height - 1, &rows) && !__builtin_mul_overflow(rows, end->pitch, bytes) &&
           !__builtin_add_overflow(*bytes, size->width, bytes);
}

// Moves an end to a position in it; false on overflow.
static bool advance(struct box_end *end, size_t x, size_t y, size_t z)
{
    size_t rows, bytes;
    if (__builtin_mul_overflow(z, end->slice_rows, &rows) || __builtin_add_overflow(rows, y, &rows) ||
        __builtin_mul_overflow(rows, end->pitch, &bytes) || __builtin_add_overflow(bytes, x, &bytes))
        return false;
    if (end->base)
        end->base += bytes;
    return true;
}

static uint8_t *row_of(const struct box_end *end, size_t slice, size_t row)
{
    return end->base + (slice * end->slice_rows + row) * end->pitch;
}

static bool is_empty(const struct box_size *size)
{
    return size->width == 0 || size->height == 0 || size->depth == 0;
}

static hipError_t check_end(const char *call, const struct box_end *end, const struct box_size *size, size_t *bytes)
{
    if (size->width > end->pitch)
        return hip_fail(hipErrorInvalidPitchValue, "%s: rows of %zu bytes, pitch %zu", call, size->width, end->pitch);
    if (size->depth > 1 && size->height > end->slice_rows)
        return hip_fail(hipErrorInvalidValue, "%s: %zu rows in slices of %zu", call, size->height, end->slice_rows);
    if (!extent_of(end, size, bytes))
        return hip_fail(hipErrorInvalidValue, "%s: %zu x %zu rows overflow", call, size->depth, size->height);
    return hipSuccess;
}

static hipError_t copy_box(const char *call, const struct box_end *to, const struct box_end *from,
                           const struct box_size *size, hipMemcpyKind kind, hipStream_t stream)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    size_t to_bytes, from_bytes;
    hipError_t code = hip_check_stream(runtime, stream, call);
    if (code != hipSuccess || is_empty(size))
        return code;
    code = check_end(call, to, size, &to_bytes);
    if (code == hipSuccess)
        code = check_end(call, from, size, &from_bytes);
    if (code == hipSuccess)
        code = hip_check_copy(runtime, call, to->base, from->base, to_bytes, from_bytes, kind);
    if (code != hipSuccess)
        return code;
    for (size_t slice = 0; slice < size->depth; slice++)
        for (size_t row = 0; row < size->height; row++)
            memmove(row_of(to, slice, row), row_of(from, slice, row), size->width);
    return hipSuccess;
}

static hipError_t fill_box(const char *call, const struct box_end *to, int value, const struct box_size *size,
                           hipStream_t stream)
{
    HIP_RUNTIME_OR_RETURN(runtime);
    size_t bytes;
    hipError_t code = hip_check_stream(runtime, stream, call);
    if (code != hipSuccess || is_empty(size))
        return code;
    code = check_end(call, to, size, &bytes);
    if (code == hipSuccess)
        code = hip_check_range(runtime, call, to->base, bytes, true);
    if (code != hipSuccess)
        return code;
    for (size_t slice = 0; slice < size->depth; slice++)
        for (size_t row = 0; row < size->height; row++)
            memset(row_of(to, slice, row), value, size->width);
    return hipSuccess;
}

static hipError_t copy_rows(const char *call, void *to, size_t to_pitch, const void *from, size_t from_pitch,
                            size_t width, size_t height, hipMemcpyKind kind, hipStream_t stream)
{
    const struct box_end ends[2] = {{to, to_pitch, height}, {(uint8_t *)(uintptr_t)from, from_pitch, height}};
    return copy_box(call, &ends[0], &ends[1], &(struct box_size){width, height, 1}, kind, stream);
}

HIP_EXPORT hipError_t hipMemcpy2D(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width,
                                  size_t height, hipMemcpyKind kind)
{
    const hipError_t pending = hip_take_pending();
    return pending == hipSuccess ? copy_rows(__func__, to, to_pitch, from, from_pitch, width, height, kind, NULL)
                                 : pending;
}
HIP_ALIAS(hipMemcpy2D, hipMemcpy2D_spt);

HIP_EXPORT hipError_t hipMemcpy2DAsync(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width,
                                       size_t height, hipMemcpyKind kind, hipStream_t stream)
{
    return copy_rows(__func__, to, to_pitch, from, from_pitch, width, height, kind, stream);
}
HIP_ALIAS(hipMemcpy2DAsync, hipMemcpy2DAsync_spt);

HIP_EXPORT hipError_t hipMemset2DAsync(void *to, size_t pitch, int value, size_t width, size_t height,
                                       hipStream_t stream)
{
    return fill_box(__func__, &(struct box_end){to, pitch, height}, value, &(struct box_size){width, height, 1},
                    stream);
}
HIP_ALIAS(hipMemset2DAsync, hipMemset2DAsync_spt);

HIP_EXPORT hipError_t hipMemset2D(void *to, size_t pitch, int value, size_t width, size_t height)
{
    return hipMemset2DAsync(to, pitch, value, width, height, NULL);
}
HIP_ALIAS(hipMemset2D, hipMemset2D_spt);

HIP_EXPORT hipError_t hipMemset3DAsync(hipPitchedPtr to, int value, hipExtent extent, hipStream_t stream)
{
    return fill_box(__func__, &(struct box_end){to.ptr, to.pitch, to.ysize}, value,
                    &(struct box_size){extent.width, extent.height, extent.depth}, stream);
}
HIP_ALIAS(hipMemset3DAsync, hipMemset3DAsync_spt);

HIP_EXPORT hipError_t hipMemset3D(hipPitchedPtr to, int value, hipExtent extent)
{
    return hipMemset3DAsync(to, value, extent, NULL);
}
HIP_ALIAS(hipMemset3D, hipMemset3D_spt);

static hipError_t no_arrays(const char *call)
{
    return hip_fail(hipErrorNotSupported, "%s: arrays (images) are not emulated", call);
}

HIP_EXPORT hipError_t hipMemcpy3DAsync(const struct hipMemcpy3DParms *copy, hipStream_t stream)
{
    if (!copy)
        return hip_fail(hipErrorInvalidValue, "hipMemcpy3D: the parameters are null");
    if (copy->srcArray || copy->dstArray)
        return no_arrays(__func__);
    struct box_end to = {copy->dstPtr.ptr, copy->dstPtr.pitch, copy->dstPtr.ysize};
    struct box_end from = {copy->srcPtr.ptr, copy->srcPtr.pitch, copy->srcPtr.ysize};
    if (!advance(&to, copy->dstPos.x, copy->dstPos.y, copy->dstPos.z) ||
        !advance(&from, copy->srcPos.x, copy->srcPos.y, copy->srcPos.z))
        return hip_fail(hipErrorInvalidValue, "hipMemcpy3D: a position overflows");
    return copy_box(__func__, &to, &from,
                    &(struct box_size){copy->extent.width, copy->extent.height, copy->extent.depth}, copy->kind,
                    stream);
}
HIP_ALIAS(hipMemcpy3DAsync, hipMemcpy3DAsync_spt);

HIP_EXPORT hipError_t hipMemcpy3D(const struct hipMemcpy3DParms *copy)
{
    const hipError_t pending = hip_take_pending();
    return pending == hipSuccess ? hipMemcpy3DAsync(copy, NULL) : pending;
}
HIP_ALIAS(hipMemcpy3D, hipMemcpy3D_spt);

// The pointer that a driver form's memory type selects; NULL for arrays.
static uint8_t *driver_base(hipMemoryType type, const void *host, hipDeviceptr_t device)
{
    const int first = hip_memory_type_host();
    const int array = first == 0 ? 2 : 10; // HIP 5, HIP 6
    if ((int)type == array)
        return NULL;
    return (int)type == first ? (uint8_t *)(uintptr_t)host : device;
}

HIP_EXPORT hipError_t hipMemcpyParam2DAsync(const hip_Memcpy2D *copy, hipStream_t stream)
{
    if (!copy)
        return hip_fail(hipErrorInvalidValue, "hipMemcpyParam2D: the parameters are null");
    if (copy->srcArray || copy->dstArray)
        return no_arrays("hipMemcpyParam2D");
    struct box_end to = {driver_base(copy->dstMemoryType, copy->dstHost, copy->dstDevice), copy->dstPitch, 0};
    struct box_end from = {driver_base(copy->srcMemoryType, copy->srcHost, copy->srcDevice), copy->srcPitch, 0};
    if (!advance(&to, copy->dstXInBytes, copy->dstY, 0) || !advance(&from, copy->srcXInBytes, copy->srcY, 0))
        return hip_fail(hipErrorInvalidValue, "hipMemcpyParam2D: a position overflows");
    return copy_box("hipMemcpyParam2D", &to, &from, &(struct box_size){copy->WidthInBytes, copy->Height, 1},
                    hipMemcpyDefault, stream);
}

HIP_EXPORT hipError_t hipMemcpyParam2D(const hip_Memcpy2D *copy)
{
    const hipError_t pending = hip_take_pending();
    return pending == hipSuccess ? hipMemcpyParam2DAsync(copy, NULL) : pending;
}
HIP_ALIAS(hipMemcpyParam2D, hipDrvMemcpy2DUnaligned);

HIP_EXPORT hipError_t hipDrvMemcpy3DAsync(const HIP_MEMCPY3D *copy, hipStream_t stream)
{
    if (!copy)
        return hip_fail(hipErrorInvalidValue, "hipDrvMemcpy3D: the parameters are null");
    if (copy->srcArray || copy->dstArray)
        return no_arrays("hipDrvMemcpy3D");
    struct box_end to = {driver_base(copy->dstMemoryType, copy->dstHost, copy->dstDevice), copy->dstPitch,
                         copy->dstHeight};
    struct box_end from = {driver_base(copy->srcMemoryType, copy->srcHost, copy->srcDevice), copy->srcPitch,
                           copy->srcHeight};
    if (!advance(&to, copy->dstXInBytes, copy->dstY, copy->dstZ) ||
        !advance(&from, copy->srcXInBytes, copy->srcY, copy->srcZ))
        return hip_fail(hipErrorInvalidValue, "hipDrvMemcpy3D: a position overflows");
    return copy_box("hipDrvMemcpy3D", &to, &from, &(struct box_size){copy->WidthInBytes, copy->Height, copy->Depth},
                    hipMemcpyDefault, stream);
}

HIP_EXPORT hipError_t hipDrvMemcpy3D(const HIP_MEMCPY3D *copy)
{
    const hipError_t pending = hip_take_pending();
    return pending == hipSuccess ? hipDrvMemcpy3DAsync(copy, NULL) : pending;
}
