// What the noisy machine is told to be: a JSON file named by the environment variable W4_NOISY.
//   {"profile": "typical-apu",                       of noise.h
//    "levels": {"sample": 0.0},                      replaces single levels of the profile
//    "seed": 1, "night": 3,                          W4_NOISY_NIGHT replaces the night
//    "slowdowns": {"w4_prefill_...": 1.08},          by kernel name, or by the hash of a code object (w4_hash_hex)
//    "time_scale": 8,                                times the modelled time; 8 when left out: the model of issue alone
//                                                    knows no memory, and what is faster than memory is refused as
//                                                    INVALID. A larger one needs fewer launches for the seconds of a
//                                                    warm-up
//    "hwmon": "/tmp/tree/sys/.../hwmon/hwmon3",      freq1_input and power1_input there are kept up to date
//    "lost_after": 100}                              launches; then every call fails, as with a lost device
// All members may be left out. Without the variable: typical-apu, seed 1, night 0. Each process that opens the script
// is a process of its own to the noise model; they are counted in a file beside it, NAME.processes.
#ifndef W4_NOISY_SCRIPT_H
#define W4_NOISY_SCRIPT_H

#include <stdint.h>

#include "../../base/error.h"
#include "../../base/json.h"
#include "noise.h"

struct noisy_script {
    struct w4_noise_profile profile;
    uint64_t seed, night, process;
    double time_scale;
    int64_t lost_after;  // INT64_MAX: never
    char hwmon[512];     // "": none
    struct w4_json json; // owned; slowdowns are looked up in it
};

// `path` may be NULL.
enum w4_status noisy_script_init(struct noisy_script *script, const char *path, struct w4_error *error);
void noisy_script_fini(struct noisy_script *script);

// The factor for a kernel of a code object; 1 when the script says nothing of it.
double noisy_script_slowdown(const struct noisy_script *script, const char *kernel, const char *object_hash);

#endif
