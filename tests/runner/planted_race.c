/* The control of the race check: jobs add to one number without a lock. ThreadSanitizer must report
 * it through the very scheduler that the program uses; a check that cannot fail proves nothing.
 * Built with -DSANITIZE=thread only. */
#include "runner/training/scheduler.h"

#include <inttypes.h>
#include <stdio.h>

enum { JOBS = 64 };

static void *enter(void *context, int32_t worker) {
    (void)worker;
    return context;
}

static bool work(void *context, void *worker, int64_t job, Team *team) {
    (void)worker;
    (void)team;
    int64_t *sum = context;
    for (int i = 0; i < 1000; i++) *sum += job; /* the race */
    return true;
}

static void leave(void *context, void *worker) {
    (void)context;
    (void)worker;
}

int main(void) {
    double cost[JOBS];
    int64_t sum = 0;
    Error err = {0};
    for (int i = 0; i < JOBS; i++) cost[i] = 1;
    const SchedulerCalls calls = {enter, work, leave, &sum};
    const bool ran = scheduler_run(JOBS, cost, 4, &calls, &err);
    printf("%" PRId64 "\n", sum);
    return ran ? 0 : 1;
}
