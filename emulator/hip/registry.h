// What launches need of the program's registered fat binaries beyond runtime.h.
#ifndef EMU_HIP_REGISTRY_H
#define EMU_HIP_REGISTRY_H

#include "runtime.h"

// Whether a function handle belongs to a registered fat binary's loaded code object.
bool hip_registered_module_has(hipFunction_t function);

#endif
