// A folder that one process at a time writes results to.
#ifndef W4_BASE_LOCK_H
#define W4_BASE_LOCK_H

#include "error.h"

// Takes FOLDER/.w4bench-lock, or fails with who holds it. The kernel releases it when its holder ends, however it ends:
// a lock file that a killed run left behind is taken over. *descriptor is for w4_lock_release; -1 when it failed.
enum w4_status w4_lock_take(const char *folder, int *descriptor, struct w4_error *error);
// Removes the file and lets go; -1 is accepted.
void w4_lock_release(const char *folder, int descriptor);

#endif
