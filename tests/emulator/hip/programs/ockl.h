// Stands in for the part of ROCm's device library that hip_runtime.h's indices and barriers call.
#define OCKL extern "C" __attribute__((device)) inline
OCKL __SIZE_TYPE__ __ockl_get_local_id(unsigned dim)
{
    return dim == 0   ? __builtin_amdgcn_workitem_id_x()
           : dim == 1 ? __builtin_amdgcn_workitem_id_y()
                      : __builtin_amdgcn_workitem_id_z();
}
OCKL __SIZE_TYPE__ __ockl_get_group_id(unsigned dim)
{
    return dim == 0   ? __builtin_amdgcn_workgroup_id_x()
           : dim == 1 ? __builtin_amdgcn_workgroup_id_y()
                      : __builtin_amdgcn_workgroup_id_z();
}
OCKL __SIZE_TYPE__ __ockl_get_local_size(unsigned dim)
{
    return dim == 0   ? __builtin_amdgcn_workgroup_size_x()
           : dim == 1 ? __builtin_amdgcn_workgroup_size_y()
                      : __builtin_amdgcn_workgroup_size_z();
}
OCKL __SIZE_TYPE__ __ockl_get_num_groups(unsigned dim)
{
    const unsigned items = dim == 0   ? __builtin_amdgcn_grid_size_x()
                           : dim == 1 ? __builtin_amdgcn_grid_size_y()
                                      : __builtin_amdgcn_grid_size_z();
    const unsigned size = (unsigned)__ockl_get_local_size(dim);
    return (items + size - 1) / size;
}
#undef OCKL

// Its declaration's parameters are enumerations that only the header knows, hence the name by the way.
extern "C" __attribute__((device, used)) void ockl_fence(unsigned, int, int) __asm__("__atomic_work_item_fence");
extern "C" __attribute__((device, used)) void ockl_fence(unsigned, int, int)
{
    __builtin_amdgcn_fence(__ATOMIC_ACQ_REL, "workgroup");
}
