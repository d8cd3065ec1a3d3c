// What the emulator offers beyond the HIP runtime API: looked up by name (dlsym) and used when present. C ABI.
#ifndef EMU_HIP_EXTRAS_H
#define EMU_HIP_EXTRAS_H

#include <stddef.h>
#include <stdint.h>

// Bytes that a launch moved out of each level of memory (L0: to the registers).
struct emu_level_bytes {
    double l0, gl1, l2, mall, dram;
};

// Where the time of the chip's SIMDs goes: at work on WMMA and other vector instructions, else waiting. Sums to 1.
struct emu_time_shares {
    double wmma, valu, lds, memory, barrier, dependency, fetch, no_wave;
};

// The last completed launch of this process.
struct emu_launch_report {
    uint32_t size;    // sizeof(struct emu_launch_report), set by the caller
    uint32_t sampled; // 1 when only a sample of the workgroups ran
    uint64_t workgroups, workgroups_run;
    uint64_t wave_instructions; // executed
    double host_seconds;
    double cycles; // modelled, of the whole launch
    double clock_mhz;
    double milliseconds; // cycles / clock
    double occupancy_waves_per_simd;
    char limiter[32]; // what limits occupancy or time
    char kernel[256];
    // Of the model "cycles" alone; 0 with the other: workgroups that were simulated for the time, and what they did.
    uint64_t workgroups_timed;
    struct emu_level_bytes bytes; // of the whole launch
    struct emu_time_shares time_shares;
};

// Key of the timing model in use ("issue-1"), part of a modelled device's key, and its words for reports
// ("modelled (issue only)"). Static strings.
const char *emuModelKey(void);
const char *emuModelLabel(void);
// Chooses the model of later launches: "issue" (at first) or "cycles", which runs on one host thread, chooses the
// workgroups itself and takes no sample. Returns 0, or -1 when there is no such model.
int emuSetTimingModel(const char *name);
// What if: another value for a parameter of the cycles model (emulator/timing/params.def), for later launches. Returns
// 0, or -1 when there is no such parameter or the value is no possible one.
int emuSetTimingParameter(const char *name, double value);

// Later launches by the model "cycles" are profiled (1), traced as well (2), or neither (0, default).
void emuSetProfile(int level);
// The profile of the last launch: as text, as JSON, and a trace of its first waves in Chrome's format. NULL when that
// launch was not profiled or traced, or failed. Valid until the next launch.
enum emu_profile_form { EMU_PROFILE_TEXT, EMU_PROFILE_JSON, EMU_PROFILE_TRACE, EMU_PROFILE_FORMS };
const char *emuGetLastProfile(enum emu_profile_form form);

// 0: run every workgroup (default); n: an even sample of at most n workgroups a launch.
void emuSetWorkgroupSample(uint64_t workgroups);
// Host threads that execute workgroups; 0: all cores.
void emuSetHostThreads(unsigned threads);
// Shader clock of modelled times, MHz.
void emuSetClockMhz(double mhz);

// Fills *report; returns 0, or -1 when nothing was launched yet.
int emuGetLastLaunch(struct emu_launch_report *report);
// Copies up to `capacity` linear ids of the workgroups that the last launch ran, ascending; returns how many there are.
uint64_t emuGetLastWorkgroups(uint64_t *ids, uint64_t capacity);
// One line that says why the last failed call failed, with kernel, workgroup, wave, pc and instruction; "" when none.
const char *emuGetLastMessage(void);
// Asks the running launch to stop (async-signal-safe); it then fails with hipErrorLaunchFailure.
void emuCancel(void);

#endif
