// How calls that are not emulated answer.
#ifndef EMU_HIP_UNSUPPORTED_H
#define EMU_HIP_UNSUPPORTED_H

// Records and returns hipErrorNotSupported.
int hip_not_supported(const char *call, const char *why);

#endif
