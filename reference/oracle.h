// What oracle.c shares with judge.c: how large a part of a block is computed at once.
#ifndef W4_REFERENCE_ORACLE_H
#define W4_REFERENCE_ORACLE_H

#include "reference.h"

// Large enough that conversion is a few percent of the products, small enough that K = 18944 takes 230 MB.
enum { W4_ORACLE_ROWS = 1024, W4_ORACLE_COLUMNS = 512 };

const struct w4_operands *w4_oracle_operands(const w4_oracle *oracle);

#endif
