#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* One wish to end may come twice: timeout(1) tells the program and then its group, a terminal the whole group. */
static const int64_t same_wish_ms = 500;

/* A signal handler is given no context, so these have to be global. */
static atomic_bool interrupted;
static atomic_int_least64_t first_ms; /* when that was */

static int64_t milliseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void on_signal(int number) {
    const int64_t now_ms = milliseconds_now();
    if (!atomic_exchange(&interrupted, true)) {
        atomic_store(&first_ms, now_ms);
    } else if (now_ms - atomic_load(&first_ms) > same_wish_ms) {
        signal(number, SIG_DFL);
        raise(number); /* taken when this returns */
    }
}

void signals_prepare(void) {
    struct sigaction action = {.sa_handler = SIG_IGN};
    sigemptyset(&action.sa_mask);
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGXFSZ, &action, NULL);
}

const atomic_bool *interrupt_watch(void) {
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGINT); /* one at a time */
    sigaddset(&action.sa_mask, SIGTERM);
    sigaddset(&action.sa_mask, SIGHUP);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    struct sigaction hangup;
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, NULL);
    return &interrupted;
}
