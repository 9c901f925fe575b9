/* Watches a training for what its verdict (core/model/verdict.h) is judged by, whatever of it is
 * recorded: the objective before it and over the last epochs, the displacements of full-batch
 * updates, and whether anything may have overflowed. It is all in the checkpoint. */
#ifndef CORE_NETWORK_TRAINING_WATCH_H
#define CORE_NETWORK_TRAINING_WATCH_H

#include <stdbool.h>

#include "core/network/training_state.h"

#define training_watch_wants    REAL_NAME(training_watch_wants)
#define training_watch_suspects REAL_NAME(training_watch_suspects)
#define training_watch_epoch    REAL_NAME(training_watch_epoch)
#define training_watch_judge    REAL_NAME(training_watch_judge)

/* Whether this epoch's objective must be measured. */
bool training_watch_wants(const TrainingState *training);

/* Whether the objective may be no finite number: false means that it is one. The bound is the
 * product of the layers' norms, far above what any useful network has, so that a diverging training
 * ends in the same epoch whatever is recorded. */
bool training_watch_suspects(const TrainingState *training);

/* After each epoch: keeps the displacement and, in epochs that are wanted, the objective. */
void training_watch_epoch(TrainingState *training, double objective);

/* `end`: the objective of the state. Overwrites training->weights. */
Verdict training_watch_judge(TrainingState *training, bool stopped_early, double end);

#endif
