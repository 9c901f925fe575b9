/* SIGINT, SIGTERM, SIGHUP and SIGXCPU: what the first one does depends on what it would interrupt;
 * the second one leaves at once. One that was ignored when the program began (nohup) stays ignored.
 *
 * Everything is at rest on disk at any moment (the journal), so leaving at once is always allowed;
 * it costs the work since the last checkpoint, and a results.h5 of what is finished so far. */
#ifndef RUNNER_TRAINING_SIGNALS_H
#define RUNNER_TRAINING_SIGNALS_H

#include <signal.h>

typedef enum SignalsPhase {
    INTERRUPT_READS, /* the experiment and its data: nothing is at stake, it leaves */
    /* trials under way leave a checkpoint and end; a long update is not waited for */
    INTERRUPT_TRAINS,
    INTERRUPT_KEEPS, /* results.h5 is written to its end */
    INTERRUPT_DRAWS  /* the results are complete, it leaves: a report can be drawn at any time */
} SignalsPhase;

/* Installs the handlers; the first phase is INTERRUPT_READS. A pipe without reader is no reason to
 * stop. */
void signals_catch(void);

void signals_phase(SignalsPhase now);

/* The signal that came, 0 before; for those who poll. */
volatile sig_atomic_t *signals_caught(void);

#endif
