// Everything in api.def that is not emulated: exported, so that programs link and load, and answering
// hipErrorNotSupported with a line that says what is missing. The HIP header stays out: these have no parameters here,
// which the calling convention allows.
#include "unsupported.h"

#define EXPORT __attribute__((visibility("default")))

#define HIP_AREA(key, title, why) static const char why_##key[] = why;
#define HIP_HAVE(name, area, note)
#define HIP_LACK(name, area)
#define HIP_LACK_RTC(name, area)
#include "api.def"
#undef HIP_AREA
#undef HIP_LACK
#undef HIP_LACK_RTC

enum { RTC_INTERNAL_ERROR = 11 }; // HIPRTC_ERROR_INTERNAL_ERROR

#define HIP_AREA(key, title, why)
#define HIP_LACK(name, area)                                                                                           \
    EXPORT int name(void);                                                                                             \
    EXPORT int name(void)                                                                                              \
    {                                                                                                                  \
        return hip_not_supported(#name, why_##area);                                                                   \
    }
#define HIP_LACK_RTC(name, area)                                                                                       \
    EXPORT int name(void);                                                                                             \
    EXPORT int name(void)                                                                                              \
    {                                                                                                                  \
        (void)hip_not_supported(#name, why_##area);                                                                    \
        return RTC_INTERNAL_ERROR;                                                                                     \
    }
#include "api.def"
