/* The state of a training: one block without pointers, so that a checkpoint is a copy of it. */
#ifndef CORE_NETWORK_TRAINING_STATE_H
#define CORE_NETWORK_TRAINING_STATE_H

#include "core/base/rng.h"
#include "core/model/trainer_config.h"
#include "core/network/network.h"
#include "core/network/online.h"
#include "core/network/packed_dataset.h"

#define training_state_create REAL_NAME(training_state_create)
#define training_state_bytes  REAL_NAME(training_state_bytes)

/* The fixed part at the block's start. */
typedef struct TrainingProgress {
    uint64_t magic;
    Rng rng;
    int64_t epoch;  /* being trained */
    int64_t batch;  /* next batch of it */
    int64_t step;   /* updates so far */
    int64_t points; /* recorded so far */
    int64_t best_epoch;
    double best_value;  /* of what best_epoch goes by */
    double stop_value;  /* early stopping's best */
    int64_t stop_since; /* epochs without progress */
    int64_t window;     /* values in the verdict's ring so far */
} TrainingProgress;

/* The same with its arrays found: everything up to `end` in the arena is the state. */
typedef struct TrainingState {
    const TrainerConfig *config;
    const Mlp *mlp;
    const PackedDataset *train, *val, *test;
    MetricSet metrics;
    int32_t columns;
    int64_t batch_rows, batches, epochs; /* rows of a batch, batches of an epoch, epochs planned */
    int64_t capacity;                    /* points of the history */
    TrainingProgress *progress;
    real *state, *moment1, *moment2, *best_state, *stop_state; /* NULL where not needed */
    int32_t *order;
    double *ring; /* VERDICT_WINDOW objectives */
    int64_t *epoch;
    double *history, *best;
    size_t checkpoint_bytes;
    /* not part of the state */
    real *grads;
    NetworkPlan network;
    bool is_online; /* batches of one row go through online.h */
    Online online;
} TrainingState;

size_t training_state_bytes(const TrainerConfig *config, const Mlp *mlp, const PackedDataset *train,
                            const PackedDataset *val, const PackedDataset *test);
void training_state_create(TrainingState *training, const TrainerConfig *config, const Mlp *mlp,
                           const PackedDataset *train, const PackedDataset *val,
                           const PackedDataset *test, Arena *arena);

#endif
