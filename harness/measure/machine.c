// Joins the device's and the machine's part of a fingerprint.
#include "machine.h"

#include <stdio.h>

#include "../text.h"

void w4_machine_fingerprint(const struct w4_device_info *info, const char *root, struct w4_fingerprint *fingerprint)
{
    *fingerprint = (struct w4_fingerprint){0};
    if (!info->modelled)
        w4_fingerprint_read(root, fingerprint);
    w4_text_copy(fingerprint->device_name, sizeof(fingerprint->device_name), info->name);
    w4_text_copy(fingerprint->device_arch, sizeof(fingerprint->device_arch), info->arch);
    if (info->modelled)
        return;
    snprintf(fingerprint->hip_driver, sizeof(fingerprint->hip_driver), "%d", info->driver_version);
    snprintf(fingerprint->hip_runtime, sizeof(fingerprint->hip_runtime), "%d", info->runtime_version);
}

void w4_machine_print(const struct w4_fingerprint *fingerprint)
{
#define X(member, words, bytes)                                                                                        \
    printf("             %s: %s\n", words, fingerprint->member[0] ? fingerprint->member : "unknown");
    W4_FINGERPRINT_MACHINE(X)
#undef X
}
