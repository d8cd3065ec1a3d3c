// Kernels and variables whose facts the tests know by heart.
#define GLOBAL   extern "C" __attribute__((global))
#define SHARED   __attribute__((shared))
#define VARIABLE extern "C" __attribute__((device))

VARIABLE int table[4] = {1, 2, 3, 4};
VARIABLE int *pointer = &table[2];

GLOBAL void add(float *a, const float *b, int n)
{
    const unsigned i = __builtin_amdgcn_workgroup_id_x() * 64 + __builtin_amdgcn_workitem_id_x();
    if ((int)i < n)
        a[i] += b[i] + (float)*pointer;
}

GLOBAL __attribute__((amdgpu_flat_work_group_size(1, 128))) void shuffle(int *out)
{
    SHARED int values[128];
    const unsigned i = __builtin_amdgcn_workitem_id_x();
    values[i] = out[i];
    __builtin_amdgcn_s_barrier();
    out[i] = values[127 - i];
}
