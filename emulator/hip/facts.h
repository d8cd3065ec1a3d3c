// What the emulated device answers about itself, once for all the ways HIP programs ask.
#ifndef EMU_HIP_FACTS_H
#define EMU_HIP_FACTS_H

#define FACT_NAME     "Radeon 8060S (gfx1151 emulator)"
#define FACT_ARCH     "gfx1151"
#define FACT_REVISION 0
#define FACT_UUID     "gfx1151-emulator"

enum {
    FACT_MAJOR = 11,
    FACT_MINOR = 5,
    FACT_WARP = 32,
    FACT_MULTIPROCESSORS = 20, // WGPs, as HIP reports them
    FACT_THREADS_A_BLOCK = 1024,
    FACT_THREADS_A_MULTIPROCESSOR = 2048, // 4 SIMDs x 16 waves x 32
    FACT_BLOCKS_A_MULTIPROCESSOR = 32,
    FACT_LDS_A_BLOCK = 65536,
    FACT_LDS_A_MULTIPROCESSOR = 131072,
    FACT_REGISTERS = 196608, // 4 SIMDs x 1536 x 32 lanes
    FACT_CLOCK_KHZ = 2900000,
    FACT_MEMORY_CLOCK_KHZ = 1000000, // LPDDR5X-8000: 8 transfers a reported clock
    FACT_MEMORY_BUS_BITS = 256,
    FACT_L2_BYTES = 2097152,
    FACT_TIMER_KHZ = 100000,
    FACT_GRID_X = 0x7fffffff,
    FACT_GRID_YZ = 65535,
    FACT_CONSTANT_BYTES = 0x7fffffff,
    FACT_PITCH_BYTES = 0x7fffffff,
    FACT_TEXTURE_ALIGNMENT = 256,
    FACT_PCI_BUS = 0xc5, // one device: any number will do
    FACT_HIP_VERSION_5 = 50200000,
    FACT_HIP_VERSION_6 = 60443484,
    FACT_HIP_VERSION_7 = 70051831
};

#endif
