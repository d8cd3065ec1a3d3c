// Signal handling of a run. The state is global because a signal handler gets no argument.
#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static volatile sig_atomic_t requested;
static struct w4_device *volatile current_device;

static const int handled_signals[] = {SIGINT, SIGTERM};

static void handle_signal(int number)
{
    (void)number;
    requested = 1;
    struct w4_device *device = current_device;
    if (device)
        w4_device_cancel(device);
}

enum w4_status w4_interrupt_install(struct w4_device *device, struct w4_error *error)
{
    struct sigaction action = {0};
    action.sa_handler = handle_signal;
    action.sa_flags = (int)SA_RESETHAND; // the second signal has its default effect
    requested = 0;
    current_device = device;
    for (size_t i = 0; i < sizeof(handled_signals) / sizeof(handled_signals[0]); ++i) {
        if (sigaction(handled_signals[i], &action, NULL) != 0)
            return w4_fail(error, W4_INTERNAL, "cannot handle signal %d: %s", handled_signals[i], strerror(errno));
    }
    return W4_OK;
}

void w4_interrupt_remove(void)
{
    for (size_t i = 0; i < sizeof(handled_signals) / sizeof(handled_signals[0]); ++i) {
        if (signal(handled_signals[i], SIG_DFL) == SIG_ERR)
            abort(); // cannot happen: both numbers are valid
    }
    current_device = NULL;
}

bool w4_interrupt_requested(void)
{
    return requested != 0;
}
