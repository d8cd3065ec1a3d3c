// What a gfx1151 reaches at most, as measured by others: data/gfx1151_ceilings.csv, built in.
#ifndef W4_HARNESS_CEILINGS_H
#define W4_HARNESS_CEILINGS_H

// The value of a row, in the table's unit: "wmma_fp16" TFLOPS (at 2890 MHz: *clock_mhz, may be NULL), "dram_read" and
// "mall_read" GB/s. NaN when the table has no such row.
double w4_ceiling(const char *name, double *clock_mhz);

#endif
