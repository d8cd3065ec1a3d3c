// One look at the machine's sensors. A sensor that did not answer is NaN: nothing here is ever guessed.
#ifndef W4_TELEMETRY_READING_H
#define W4_TELEMETRY_READING_H

struct w4_reading {
    double time_s;        // since the run began
    double engine_mhz;    // shader clock
    double memory_mhz;    // of the DRAM interface as amdgpu counts it (a quarter of LPDDR5X's transfer rate)
    double power_w;       // of the package
    double temperature_c; // of the GPU's edge sensor
    double cpu_load;      // busy share of all host cores since the reading before, 0..1
};

#endif
