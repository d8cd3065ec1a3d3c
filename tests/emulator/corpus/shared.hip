// Kernels that exchange values through LDS: transposition, histogram, stencil, dynamic LDS.
#include "device.h"

// 32 x 32 tiles by 256 work-items; width and height need not be multiples.
KERNEL BLOCK(256) void transpose(const float *in, float *out, u32 width, u32 height)
{
    SHARED float tile[32][33];
    const u32 x = item() % 32, y = item() / 32;
    const u32 tiles = (width + 31) / 32;
    const u32 left = group() % tiles * 32, top = group() / tiles * 32;
    for (u32 i = y; i < 32; i += 8)
        if (left + x < width && top + i < height)
            tile[i][x] = in[(top + i) * width + left + x];
    barrier();
    for (u32 i = y; i < 32; i += 8)
        if (top + x < height && left + i < width)
            out[(left + i) * height + top + x] = tile[x][i];
}

// 64 bins: counted in LDS, then added to the global ones.
KERNEL BLOCK(256) void histogram(const u8 *in, u32 *bins, u32 n)
{
    SHARED u32 local[64];
    if (item() < 64)
        local[item()] = 0;
    barrier();
    for (u32 i = group() * 256 + item(); i < n; i += 1024)
        __atomic_fetch_add(&local[in[i] % 64], 1u, __ATOMIC_RELAXED);
    barrier();
    if (item() < 64)
        __scoped_atomic_fetch_add(&bins[item()], local[item()], __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE);
}

// 7-point stencil on a box of x * y * z, 8 x 8 work-items marching along z with a plane in LDS.
KERNEL BLOCK(64) void stencil(const float *in, float *out, u32 nx, u32 ny, u32 nz)
{
    SHARED float plane[10][10];
    const u32 tiles = (nx + 7) / 8;
    const int x = (int)(group() % tiles * 8 + item() % 8), y = (int)(group() / tiles * 8 + item() / 8);
    const int lx = (int)(item() % 8) + 1, ly = (int)(item() / 8) + 1;
    const bool inside = x < (int)nx && y < (int)ny;
    const u32 pitch = nx * ny;
    for (u32 z = 0; z < nz; z++) {
        const float *at = in + z * pitch;
        const float here = inside ? at[y * (int)nx + x] : 0;
        plane[ly][lx] = here;
        if (lx == 1)
            plane[ly][0] = inside && x > 0 ? at[y * (int)nx + x - 1] : 0;
        if (lx == 8)
            plane[ly][9] = x + 1 < (int)nx && y < (int)ny ? at[y * (int)nx + x + 1] : 0;
        if (ly == 1)
            plane[0][lx] = inside && y > 0 ? at[(y - 1) * (int)nx + x] : 0;
        if (ly == 8)
            plane[9][lx] = x < (int)nx && y + 1 < (int)ny ? at[(y + 1) * (int)nx + x] : 0;
        barrier();
        if (inside) {
            const float below = z > 0 ? in[(z - 1) * pitch + (u32)y * nx + (u32)x] : 0;
            const float above = z + 1 < nz ? in[(z + 1) * pitch + (u32)y * nx + (u32)x] : 0;
            out[z * pitch + (u32)y * nx + (u32)x] = 6 * here - plane[ly][lx - 1] - plane[ly][lx + 1] -
                                                    plane[ly - 1][lx] - plane[ly + 1][lx] - below - above;
        }
        barrier();
    }
}

// Reverses blocks of `length` words through LDS that the launch sizes.
KERNEL BLOCK(128) void reverse(const u32 *in, u32 *out, u32 length)
{
    DYNAMIC u32 buffer[];
    for (u32 i = item(); i < length; i += 128)
        buffer[i] = in[group() * length + i];
    barrier();
    for (u32 i = item(); i < length; i += 128)
        out[group() * length + i] = buffer[length - 1 - i];
}

// Waves of one workgroup exchange through global memory.
KERNEL BLOCK(128) void rotate(const u32 *in, u32 *scratch, u32 *out, u32 rounds)
{
    u32 value = in[group() * 128 + item()];
    for (u32 round = 0; round < rounds; round++) {
        scratch[group() * 128 + item()] = value * 3 + round;
        barrier();
        value = scratch[group() * 128 + (item() + 37) % 128];
        barrier();
    }
    out[group() * 128 + item()] = value;
}

// The same with the fewest fences: caches are invalidated only where another wave's values are read next.
KERNEL BLOCK(128) void relay(const u32 *in, u32 *scratch, u32 *out, u32 rounds)
{
    u32 value = in[group() * 128 + item()];
    for (u32 round = 0; round < rounds; round++) {
        scratch[group() * 128 + item()] = value * 3 + round;
        barrier();
        value = scratch[group() * 128 + (item() + 37) % 128];
        __builtin_amdgcn_fence(__ATOMIC_RELEASE, "workgroup");
        __builtin_amdgcn_s_barrier();
    }
    out[group() * 128 + item()] = value;
}
