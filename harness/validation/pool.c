// Children by fork; each writes its outcome to a pipe and ends.
#include "pool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../interrupt.h"

enum { JOBS_MAX = 256, POLL_MS = 500 };

struct child {
    pid_t process;
    int pipe; // read end
    size_t row;
    struct w4_validation_outcome outcome;
    size_t received; // bytes of it
};

struct pool {
    const struct w4_validation_setup *setup;
    struct child children[JOBS_MAX];
    size_t running;
};

static void write_all(int descriptor, const void *data, size_t size)
{
    const char *at = data;
    while (size > 0) {
        const ssize_t written = write(descriptor, at, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return; // the parent sees a short outcome
        at += written;
        size -= (size_t)written;
    }
}

// Never returns. _exit: buffers and exit handlers are the parent's.
static void be_child(const struct w4_validation_setup *setup, size_t row, int descriptor)
{
    struct w4_validation_outcome outcome;
    w4_interrupt_remove();
    w4_validation_run_row(setup, &setup->validation->rows[row], &outcome);
    write_all(descriptor, &outcome, sizeof(outcome));
    _exit(0);
}

static enum w4_status start(struct pool *pool, size_t row, struct w4_error *error)
{
    int ends[2];
    if (pipe(ends) != 0)
        return w4_fail(error, W4_IO, "cannot make a pipe: %s", strerror(errno));
    const pid_t process = fork();
    if (process < 0) {
        const int code = errno;
        close(ends[0]);
        close(ends[1]);
        return w4_fail(error, W4_IO, "cannot start a process: %s", strerror(code));
    }
    if (process == 0) {
        close(ends[0]);
        be_child(pool->setup, row, ends[1]);
    }
    close(ends[1]);
    pool->children[pool->running++] = (struct child){.process = process, .pipe = ends[0], .row = row};
    return W4_OK;
}

// The child's pipe has ended: takes its outcome, or says how it died.
static void take_outcome(struct child *child, struct w4_validation_outcome *outcome)
{
    int status = 0;
    close(child->pipe);
    while (waitpid(child->process, &status, 0) < 0 && errno == EINTR)
        continue;
    *outcome = child->outcome;
    if (child->received == sizeof(*outcome) && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return;
    // Interrupted together with us, it was simply not finished.
    const bool interrupted = WIFSIGNALED(status) && (WTERMSIG(status) == SIGINT || WTERMSIG(status) == SIGTERM);
    *outcome = (struct w4_validation_outcome){.state = interrupted ? W4_VALIDATION_OPEN : W4_VALIDATION_FAILED};
    snprintf(outcome->message, sizeof(outcome->message), "its process died: %s %d",
             WIFSIGNALED(status) ? "signal" : "status", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

// True when the pipe has ended.
static bool receive(struct child *child)
{
    unsigned char beyond;
    const bool full = child->received == sizeof(child->outcome);
    const ssize_t got = read(child->pipe, full ? &beyond : (unsigned char *)&child->outcome + child->received,
                             full ? 1 : sizeof(child->outcome) - child->received);
    if (got > 0 && !full)
        child->received += (size_t)got;
    return got == 0 || (got < 0 && errno != EINTR);
}

static void kill_all(struct pool *pool)
{
    for (size_t i = 0; i < pool->running; ++i) {
        (void)kill(pool->children[i].process, SIGKILL);
        close(pool->children[i].pipe);
        while (waitpid(pool->children[i].process, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    pool->running = 0;
}

// Waits for something to happen; *ended is the index of a child that has ended, or `running`.
static enum w4_status wait_for_one(struct pool *pool, size_t *ended, struct w4_error *error)
{
    struct pollfd polled[JOBS_MAX];
    for (size_t i = 0; i < pool->running; ++i)
        polled[i] = (struct pollfd){.fd = pool->children[i].pipe, .events = POLLIN};
    *ended = pool->running;
    if (poll(polled, pool->running, POLL_MS) < 0 && errno != EINTR)
        return w4_fail(error, W4_IO, "cannot wait for processes: %s", strerror(errno));
    if (w4_interrupt_requested())
        return w4_fail(error, W4_INTERRUPTED, "interrupted");
    for (size_t i = 0; i < pool->running; ++i) {
        if ((polled[i].revents & (POLLIN | POLLHUP | POLLERR)) && receive(&pool->children[i])) {
            *ended = i;
            return W4_OK;
        }
    }
    return W4_OK;
}

enum w4_status w4_validation_run_rows(const struct w4_validation_setup *setup, const size_t *todo, size_t count,
                                      size_t jobs, struct w4_validation_outcome *outcomes, w4_validation_after after,
                                      void *context, struct w4_error *error)
{
    struct pool *pool = calloc(1, sizeof(*pool));
    size_t next = 0;
    if (!pool)
        return w4_fail(error, W4_MEMORY, "out of memory for the processes");
    pool->setup = setup;
    jobs = jobs < 1 ? 1 : jobs > JOBS_MAX ? JOBS_MAX : jobs;
    enum w4_status status = w4_interrupt_install(NULL, error);
    while (status == W4_OK && (next < count || pool->running > 0)) {
        size_t ended = 0;
        while (status == W4_OK && next < count && pool->running < jobs)
            status = start(pool, todo[next++], error);
        if (status == W4_OK)
            status = wait_for_one(pool, &ended, error);
        if (status != W4_OK || ended == pool->running)
            continue;
        const size_t row = pool->children[ended].row;
        take_outcome(&pool->children[ended], &outcomes[row]);
        pool->children[ended] = pool->children[--pool->running];
        status = after(context, row, error);
    }
    kill_all(pool);
    free(pool);
    w4_interrupt_remove();
    return status;
}
