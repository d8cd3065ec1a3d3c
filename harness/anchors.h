// Which of the two anchor kernels tells how fast the machine was for a case, and what it said.
#ifndef W4_HARNESS_ANCHORS_H
#define W4_HARNESS_ANCHORS_H

#include "results.h"

enum w4_anchor { W4_ANCHOR_WMMA, W4_ANCHOR_BANDWIDTH };

// The roof that a case is under: bandwidth when reading its weights takes longer than multiplying, at the protocol's
// rooflines (without a protocol at those of gfx1151).
enum w4_anchor w4_anchor_for(const struct w4_shape *shape, const struct w4_protocol *protocol);

// Median milliseconds of that anchor around the case; 0 when it was not timed.
double w4_anchor_time_ms(const struct w4_measured *measured, enum w4_anchor anchor);

#endif
