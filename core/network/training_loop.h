/* The training loop: epochs, batches, updates; what is recorded and when it ends. What it promises:
 * core/trainer.h. */
#ifndef CORE_NETWORK_TRAINING_LOOP_H
#define CORE_NETWORK_TRAINING_LOOP_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/model/trainer_config.h"
#include "core/network/training_state.h"

#define training_loop_run REAL_NAME(training_loop_run)

/* Trains from the checkpoint, or from the start where it has no bytes. As trainer_train(). */
MUST_CHECK bool training_loop_run(TrainerResult *result, TrainingState *training,
                                  TrainerWorker worker, TrainerCheckpoint checkpoint, bool *stopped,
                                  Error *err);

#endif
