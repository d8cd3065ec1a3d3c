// Keeps what a test program executed and writes it out at its end.
#include "wave_coverage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RAN = 1, FAULTED = 2, WATCHED = 4 };

// How each opcode ended so far, over all tests of the process: every test has a fixture of its own, and what they
// executed is asked for once, at the end.
static unsigned char endings[EMU_OP_COUNT];

// The opcode that does nothing; set only in the audit's child processes.
static unsigned muted = EMU_OP_INVALID;

void fixture_coverage_note(const struct emu_inst *inst, bool faulted)
{
    for (; inst; inst = inst->dual)
        endings[inst->op] |= faulted ? FAULTED : RAN;
}

bool fixture_coverage_mutes(unsigned op)
{
    return op == muted && op != EMU_OP_INVALID;
}

// In the child: no output, no coverage; the exit status says whether a test failed.
static _Noreturn void run_muted(unsigned op, int (*run)(void *), void *context)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0 || dup2(nowhere, STDERR_FILENO) < 0)
        _exit(0); // counts as unwatched
    muted = op;
    _exit(run(context) != 0);
}

void fixture_coverage_audit(int (*run)(void *context), void *context)
{
    if (!getenv("FIXTURE_AUDIT"))
        return;
    fflush(NULL);
    for (unsigned op = 1; op < EMU_OP_COUNT; op++) {
        if (!endings[op])
            continue;
        pid_t child = fork();
        if (child == 0)
            run_muted(op, run, context);
        int status = 0;
        if (child > 0 && waitpid(child, &status, 0) == child && status != 0)
            endings[op] |= WATCHED;
    }
}

bool fixture_coverage_write(void)
{
    const char *path = getenv("FIXTURE_COVERAGE");
    if (!path)
        return true;
    FILE *file = fopen(path, "we");
    if (!file) {
        fprintf(stderr, "%s: %s; the coverage test needs it\n", path, strerror(errno));
        return false;
    }
    bool written = true;
    for (unsigned op = 1; op < EMU_OP_COUNT; op++) {
        const char *name = emu_opcodes[op].name;
        if (endings[op])
            written &= fprintf(file, "%s %s\n", name, endings[op] & RAN ? "ran" : "faulted") > 0;
        if (endings[op] & WATCHED)
            written &= fprintf(file, "%s watched\n", name) > 0;
    }
    written &= fclose(file) == 0;
    if (!written)
        fprintf(stderr, "%s: could not be written: %s\n", path, strerror(errno));
    return written;
}
