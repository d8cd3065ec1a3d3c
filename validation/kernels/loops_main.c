// validation-loops WAVE32.s WAVE64.s: writes the loops' assembly, for the build.
#include <stdio.h>

#include "loops.h"

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: validation-loops WAVE32.s WAVE64.s\n");
        return 4;
    }
    for (int i = 1; i < argc; i++)
        if (w4_loops_write(argv[i], i == 2) != 0) {
            fprintf(stderr, "validation-loops: cannot write %s\n", argv[i]);
            return 4;
        }
    return 0;
}
