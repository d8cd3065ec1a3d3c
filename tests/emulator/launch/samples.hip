// Kernels that show how a launch starts, synchronises and fails.
#define GLOBAL   extern "C" __attribute__((global))
#define SHARED   __attribute__((shared))
#define VARIABLE extern "C" __attribute__((device))

typedef unsigned u32;
typedef unsigned long long u64;

__attribute__((device)) static u32 group(int d)
{
    return d == 0   ? __builtin_amdgcn_workgroup_id_x()
           : d == 1 ? __builtin_amdgcn_workgroup_id_y()
                    : __builtin_amdgcn_workgroup_id_z();
}

__attribute__((device)) static u32 item(int d)
{
    return d == 0   ? __builtin_amdgcn_workitem_id_x()
           : d == 1 ? __builtin_amdgcn_workitem_id_y()
                    : __builtin_amdgcn_workitem_id_z();
}

__attribute__((device)) static void barrier()
{
    __builtin_amdgcn_fence(__ATOMIC_RELEASE, "workgroup");
    __builtin_amdgcn_s_barrier();
    __builtin_amdgcn_fence(__ATOMIC_ACQUIRE, "workgroup");
}

// out[global id] = x | y << 10 | z << 20, for a block given by the arguments.
GLOBAL void ids(u32 *out, u32 block_x, u32 block_y, u32 block_z, u32 grid_x, u32 grid_y)
{
    const u32 x = group(0) * block_x + item(0), y = group(1) * block_y + item(1), z = group(2) * block_z + item(2);
    out[(z * grid_y + y) * grid_x + x] = x | y << 10 | z << 20;
}

// What the runtime hides behind the explicit arguments: block counts, group sizes, remainders.
GLOBAL void hidden(u32 *out)
{
    const u32 *block_counts = (const u32 *)__builtin_amdgcn_implicitarg_ptr();
    const unsigned short *sizes = (const unsigned short *)(block_counts + 3);
    for (int i = 0; i < 3; i++) {
        out[i] = block_counts[i];
        out[3 + i] = sizes[i];
        out[6 + i] = sizes[3 + i];
    }
}

// Reverses a workgroup's values through dynamic LDS.
GLOBAL void reverse(int *data, int count)
{
    extern SHARED int values[];
    const u32 base = group(0) * (u32)count, i = item(0);
    values[i] = data[base + i];
    barrier();
    data[base + i] = values[(u32)count - 1 - i];
}

// Half of the waves end at once; the others still meet at the barrier.
GLOBAL void early_end(int *out)
{
    SHARED int value;
    if (item(0) >= 64)
        return;
    if (item(0) == 0)
        value = 42;
    barrier();
    out[item(0)] = value;
}

// Workgroup i waits until workgroup i + 1 has passed; the last one waits for nobody.
GLOBAL void chain(u32 *flags, u32 count)
{
    const u32 i = group(0);
    if (i + 1 < count)
        while (__atomic_load_n(&flags[i + 1], __ATOMIC_ACQUIRE) == 0)
            ;
    __atomic_store_n(&flags[i], count - i, __ATOMIC_RELEASE);
}

// Wave 0 waits for wave 1 of its workgroup without a barrier.
GLOBAL void pair(u32 *out)
{
    SHARED u32 flag;
    if (item(0) == 0)
        __atomic_store_n(&flag, 0, __ATOMIC_RELAXED);
    barrier();
    if (item(0) / 32 == 0)
        while (__atomic_load_n(&flag, __ATOMIC_ACQUIRE) == 0)
            ;
    else
        __atomic_store_n(&flag, 7, __ATOMIC_RELEASE);
    out[item(0)] = __atomic_load_n(&flag, __ATOMIC_RELAXED);
}

// An array that must live in scratch.
GLOBAL void scratch(int *data, int index)
{
    volatile int private_values[64];
    for (int i = 0; i < 64; i++)
        private_values[i] = (int)item(0) * 100 + i;
    data[item(0)] = private_values[(index + (int)item(0)) & 63];
}

// Sums with integer atomics, so that any order gives the same result.
GLOBAL void sum(u32 *total, const u32 *values, u32 count)
{
    const u32 i = group(0) * 64 + item(0);
    if (i < count)
        __atomic_fetch_add(total, values[i], __ATOMIC_RELAXED);
}

GLOBAL void endless(volatile u32 *out)
{
    while (1)
        out[0]++;
}

GLOBAL void fails(u32 *out, u32 from)
{
    if (group(0) >= from && item(0) == 5)
        out[1 << 20] = 1;
}

GLOBAL void aborts()
{
    __builtin_trap();
}

GLOBAL void writes_arguments(u32 *out)
{
    u64 block = (u64)__builtin_amdgcn_kernarg_segment_ptr();
    asm volatile("" : "+s"(block)); // so that the compiler does not see that the store is undefined
    *(volatile u32 *)block = 1;
    out[0] = 0;
}

// A call through a pointer: code that is decoded when it is reached.
__attribute__((device, noinline)) static u32 twice(u32 x)
{
    return x * 2;
}
__attribute__((device, noinline)) static u32 thrice(u32 x)
{
    return x * 3;
}
GLOBAL void calls(u32 *out, int which)
{
    u32 (*function)(u32) = which ? thrice : twice;
    out[item(0)] = function(item(0)) + 1;
}
