/* Which trials are still to do, and whether the results file must be written again.
 *
 * What is known comes from the journals and from an existing results.h5, by the trials' identities;
 * the grid may have grown since. Work of a smaller or another grid is never dropped silently:
 * trials that the experiment does not have are an error. An existing results.h5 stays until a new
 * one is renamed over it: its trials are first copied into the journal, so that all results are
 * published from journals. */
#ifndef RUNNER_TRAINING_PLAN_H
#define RUNNER_TRAINING_PLAN_H

#include "core/base/error.h"
#include "runner/experiment/grid.h"
#include "runner/journal/journal_set.h"
#include "runner/store/store.h"

typedef struct PlanInput {
    const Grid *grid;
    const JournalSet *journals;
    const Results *old; /* results.h5, or NULL where there is none */
    /* trials: TrialResult.data_digest as it is now, 0 where not known; NULL: none is */
    const uint64_t *digest;
    const bool *wanted;     /* trials: this run's share (shard, filter); NULL: all */
    const char *arithmetic; /* trainer_arithmetic() */
    bool retry_failed;
} PlanInput;

typedef struct Plan {
    int64_t *job; /* trials to train, ascending; owned */
    int64_t jobs;
    int64_t finished, failed; /* trials of the grid that have a result; of these, failed */
    bool publish; /* something is to be trained, or the journals hold what results.h5 does not */
} Plan;

/* ERROR_CONFLICT where what is there does not belong to this experiment, its data or this machine's
 * arithmetic; nothing has been changed then. With no jobs and nothing to publish the results file
 * is complete and stays as it is. */
MUST_CHECK bool plan_create(Plan *plan, const PlanInput *input, Error *err);
void plan_destroy(Plan *plan);

/* Copies the trials that only results.h5 has into `journal`, the one of the input's that is
 * written; after that `old` is not needed any more. */
MUST_CHECK bool plan_copy_old(const PlanInput *input, Journal *journal, Error *err);

#endif
