// Kernels with control flow, calls, private memory and doubles.
#include "device.h"

KERNEL BLOCK(64) void collatz(const u32 *in, u32 *out)
{
    u32 n = in[group() * 64 + item()] % 200 + 1, steps = 0;
    while (n != 1) {
        n = n % 2 ? 3 * n + 1 : n / 2;
        steps++;
    }
    out[group() * 64 + item()] = steps;
}

KERNEL BLOCK(64) void dispatch(const u32 *in, u32 *out)
{
    const u32 x = in[group() * 64 + item()];
    u32 y = 0;
    switch (x % 7) {
    case 0: y = x * 3; break;
    case 1: y = x ^ 0x55aa; break;
    case 2:
        for (u32 i = 0; i < x % 5; i++)
            y += x >> i;
        break;
    case 3: y = __builtin_popcount(x); break;
    case 4: y = x / 11; // falls through
    case 5: y += x % 13; break;
    default: y = ~x; break;
    }
    out[group() * 64 + item()] = y;
}

NOINLINE u32 mix(u32 a, u32 b)
{
    a ^= b >> 3;
    return a * 0x9e3779b1u + b;
}

NOINLINE u32 deep(u32 a, u32 depth)
{
    u32 keep[4];
    for (u32 i = 0; i < 4; i++)
        keep[i] = mix(a, i + depth);
    return mix(keep[a % 4], keep[(a >> 2) % 4]);
}

KERNEL BLOCK(64) void calls(const u32 *in, u32 *out)
{
    u32 x = in[group() * 64 + item()];
    for (u32 i = 0; i < 3; i++)
        x = x % 3 ? deep(x, i) : mix(x, i);
    out[group() * 64 + item()] = x;
}

// A private array indexed at run time: scratch memory.
KERNEL BLOCK(64) void stack(const u32 *in, u32 *out)
{
    volatile u32 table[24];
    const u32 x = in[group() * 64 + item()];
    for (u32 i = 0; i < 24; i++)
        table[i] = x * (i + 1);
    u32 at = x % 24, sum = 0;
    for (u32 i = 0; i < 24; i++) {
        sum += table[at];
        at = (at + 7) % 24;
    }
    out[group() * 64 + item()] = sum + table[(x >> 5) % 24];
}

// More live values than the registers allowed: spills.
KERNEL __attribute__((amdgpu_num_vgpr(40))) BLOCK(64) void spill(const float *in, float *out)
{
    float value[64];
    const float *at = in + item();
#pragma unroll
    for (int i = 0; i < 64; i++)
        value[i] = at[i * 64];
    float sum = 0;
#pragma unroll
    for (int i = 0; i < 64; i++) {
        float product = value[i];
#pragma unroll
        for (int k = 1; k < 64; k *= 2)
            product = product * 0.5f + value[(i + k * 5) % 64];
        sum += product;
    }
    out[group() * 64 + item()] = sum;
}

// Newton's square root and a polynomial in doubles.
KERNEL BLOCK(64) void doubles(const double *in, double *out)
{
    const double x = in[group() * 64 + item()];
    double root = x > 1 ? x : 1;
    for (int i = 0; i < 12; i++)
        root = 0.5 * (root + x / root);
    out[group() * 64 + item()] = root + ((x * 0.25 - 1.5) * x + 3.0) * x;
}
