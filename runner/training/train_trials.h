/* The trials of a plan, trained in parallel into a journal: where scheduler, trainer, journal and
 * progress meet. */
#ifndef RUNNER_TRAINING_TRAIN_TRIALS_H
#define RUNNER_TRAINING_TRAIN_TRIALS_H

#include <signal.h>

#include "core/base/error.h"
#include "runner/journal/journal_set.h"
#include "runner/training/plan.h"
#include "runner/training/progress.h"
#include "runner/training/trial_data.h"

/* Takes a result in place of the journal; one call at a time. False stops the run. */
typedef bool (*TrainTrialsSink)(void *context, int64_t trial, const TrialResult *result,
                                Error *err);

/* Who decides which of the plan's jobs are trained here, where several processes share them. */
typedef struct TrainTrialsDealer {
    bool (*next)(void *context, int64_t *job); /* false: none for now; any thread */
    void (*done)(void *context, int64_t job);  /* its result is safe in the journal */
    void (*others)(void *context, int64_t *trials, double *cost); /* finished elsewhere so far */
    void *context;
} TrainTrialsDealer;

typedef struct TrainTrialsInput {
    const TrialData *data;
    const Plan *plan;
    JournalSet *journals; /* results and checkpoints go to its own one; checkpoints come from any */
    TrainTrialsSink sink; /* not NULL: results go there, there is no journal, nothing is written */
    void *sink_context;
    const TrainTrialsDealer *dealer; /* NULL: all jobs are trained, the costliest first */
    int32_t threads;
    ProgressStyle progress;
    bool fail_fast;
    bool verbose;              /* a line on stderr for every trial */
    double time_limit;         /* seconds; 0 without */
    double checkpoint_seconds; /* a trial leaves its state in the journal this often */
    /* set by a signal handler: trials under way leave a checkpoint and end */
    volatile sig_atomic_t *stop;
} TrainTrialsInput;

typedef struct TrainTrialsOutput {
    int64_t done, diverged, failed; /* trials of this run */
    double seconds;                 /* of the parallel region */
    bool out_of_time;
} TrainTrialsOutput;

/* False where results could not be kept or memory was missing; stopping early by `stop` or the time
 * limit is true. */
MUST_CHECK bool train_trials(TrainTrialsOutput *output, const TrainTrialsInput *input, Error *err);

#endif
