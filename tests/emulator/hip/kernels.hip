// Kernels for the API tests, loaded as a module.
#define GLOBAL extern "C" __attribute__((global))

struct pair {
    int first;
    double second;
};

extern "C" __attribute__((device)) int offset = 5;

GLOBAL void add(const int *a, const int *b, int *c, int count)
{
    const int i = (int)(__builtin_amdgcn_workgroup_id_x() * 64 + __builtin_amdgcn_workitem_id_x());
    if (i < count)
        c[i] = a[i] + b[i] + offset;
}

GLOBAL void mixed(double *out, char small, struct pair value, float x)
{
    out[0] = small;
    out[1] = value.first + value.second;
    out[2] = x;
}

GLOBAL void count(unsigned *total)
{
    __atomic_fetch_add(total, 1u, __ATOMIC_RELAXED);
}

GLOBAL __attribute__((amdgpu_flat_work_group_size(1, 64))) void narrow(int *out)
{
    out[__builtin_amdgcn_workitem_id_x()] = 1;
}

GLOBAL void endless(volatile int *out)
{
    while (1)
        out[0]++;
}
