// What makes two machines the same for a comparison of times. All text as the machine gives it; "" is unknown.
#ifndef W4_TELEMETRY_FINGERPRINT_H
#define W4_TELEMETRY_FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>

// X(member, words for people, bytes): what the HIP runtime says, and what the machine says. The source of each is in
// docs/measuring.md.
#define W4_FINGERPRINT_DEVICE(X)                                                                                       \
    X(device_name, "device", 128)                                                                                      \
    X(device_arch, "architecture", 64)                                                                                 \
    X(hip_driver, "HIP driver", 64)                                                                                    \
    X(hip_runtime, "HIP runtime", 64)
#define W4_FINGERPRINT_MACHINE(X)                                                                                      \
    X(amdgpu, "amdgpu module", 96)                                                                                     \
    X(vbios, "VBIOS", 96)                                                                                              \
    X(smu_firmware, "SMU firmware", 64)                                                                                \
    X(mec_firmware, "compute firmware", 64)                                                                            \
    X(board, "board", 192)                                                                                             \
    X(bios, "BIOS", 128)                                                                                               \
    X(performance_level, "performance level", 64)                                                                      \
    X(power_profile, "power profile", 64)                                                                              \
    X(power_cap_w, "power cap (W)", 32)                                                                                \
    X(memory_speed, "memory speed", 64)                                                                                \
    X(kernel, "kernel", 192)                                                                                           \
    X(rocm, "ROCm", 64)                                                                                                \
    X(cpu, "CPU", 128)                                                                                                 \
    X(cpu_governor, "CPU governor", 64)
#define W4_FINGERPRINT_FIELDS(X) W4_FINGERPRINT_DEVICE(X) W4_FINGERPRINT_MACHINE(X)

struct w4_fingerprint {
#define X(member, words, bytes) char member[bytes];
    W4_FINGERPRINT_FIELDS(X)
#undef X
};

// Fills what the machine below `root` tells ("" for the machine itself); the fields of the device are left
// empty for whoever has one open.
void w4_fingerprint_read(const char *root, struct w4_fingerprint *fingerprint);

// True when times of one may not be held against times of the other: any field differs, unknown against known
// included. `text` (may be NULL) receives the fields that differ: `kernel "6.14.0" -> "6.15.2"; BIOS "" -> "1.08"`.
bool w4_fingerprint_differs(const struct w4_fingerprint *a, const struct w4_fingerprint *b, char *text, size_t size);

#endif
