#include "runner/training/signals.h"

#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define STOP_PATIENCE_US 1500000 /* what trials get to end after a signal; 2 s are promised */

static volatile sig_atomic_t phase, stop_signal;

static void say(const char *words) {
    (void)!write(STDERR_FILENO, words, strlen(words));
}

static _Noreturn void leave(int number, const char *words) {
    say(words);
    _exit(128 + number);
}

/* The first one lets the trials under way end; the second leaves at once. */
static void on_signal(int number) {
    if (phase == INTERRUPT_READS)
        leave(number, "stopped before the first trial: nothing was changed\n");
    if (phase == INTERRUPT_DRAWS)
        leave(number, "stopped while drawing: the results are complete, `runner report` draws\n");
    if (stop_signal)
        leave(number, "stopped at once: finished trials are safe, --resume goes on with them\n");
    stop_signal = number;
    if (phase == INTERRUPT_KEEPS) say("writing results.h5 to its end; again to leave at once\n");
    if (phase == INTERRUPT_TRAINS) {
        const struct itimerval patience = {.it_value.tv_usec = STOP_PATIENCE_US % 1000000,
                                           .it_value.tv_sec = STOP_PATIENCE_US / 1000000};
        (void)setitimer(ITIMER_REAL, &patience, NULL);
    }
}

/* A single update, a full batch of a large set, may take longer than anyone wants to wait. */
static void on_alarm(int number) {
    (void)number;
    if (phase == INTERRUPT_TRAINS) {
        leave(stop_signal,
              "stopped in the middle of a long update: finished trials and checkpoints "
              "are safe, --resume goes on with them\n");
    }
}

void signals_catch(void) {
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    /* what was ignored stays so: nohup, or a shell's background job */
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGXCPU};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction before;
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler == SIG_IGN) continue;
        sigaction(numbers[i], &action, NULL);
    }
    action.sa_handler = on_alarm;
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a reader of our output has gone: no reason to stop */
}

void signals_phase(SignalsPhase now) {
    phase = (sig_atomic_t)now;
}

volatile sig_atomic_t *signals_caught(void) {
    return &stop_signal;
}
