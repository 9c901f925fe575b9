/* Runs jobs on all processors, longest first: the program's only parallel region.
 *
 * It knows callbacks, not networks. A worker with a large batch may hand chunks of it to workers
 * that have nothing left to do, through its Team; who did what never shows in a result. Nothing
 * leaves the region by a jump: where a callback returns false, no further job begins, and those
 * under way are drained. */
#ifndef RUNNER_TRAINING_SCHEDULER_H
#define RUNNER_TRAINING_SCHEDULER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/team.h"

/* libgomp aborts when asked for many thousands. */
enum { SCHEDULER_MAX_THREADS = 1024 };

typedef struct SchedulerCalls {
    /* On the worker's own thread, before its first job: its private value (memory that it touches
     * first), NULL on failure, which stops the run. */
    void *(*enter)(void *context, int32_t worker);
    /* Does a job; on any thread, many at once. False: no further job begins. */
    bool (*work)(void *context, void *worker, int64_t job, Team *team);
    /* The next job, on any thread, where somebody else decides; false: none is left. NULL: the
     * costliest that has not begun. */
    bool (*next)(void *context, int64_t *job);
    /* On the worker's own thread, after its last job. */
    void (*leave)(void *context, void *worker);
    void *context;
} SchedulerCalls;

/* Runs jobs 0..count-1, those of the highest cost first (equal ones in order), or those that
 * calls->next gives. False where a
 * callback said so or a worker could not begin; which, the callbacks know. */
bool scheduler_run(int64_t count, const double *cost, int32_t threads, const SchedulerCalls *calls,
                   Error *err);

/* Default number of threads: OMP_NUM_THREADS, else the processors this process may
 * run on, at most what the control group grants. */
int32_t scheduler_threads(void);

#endif
