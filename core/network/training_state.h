/* All memory of one training. What it must remember between two updates is one block without
 * pointers, so that a checkpoint is a copy of it. */
#ifndef CORE_NETWORK_TRAINING_STATE_H
#define CORE_NETWORK_TRAINING_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/rng.h"
#include "core/model/trainer_config.h"
#include "core/network/network_plan.h"
#include "core/network/online.h"
#include "core/network/packed_dataset.h"

#define training_state_create REAL_NAME(training_state_create)

/* The scalars at the block's start. */
typedef struct TrainingProgress {
    uint64_t layout; /* TrainingState.layout of the program that wrote it */
    Rng rng;
    int64_t epoch;  /* being trained */
    int64_t batch;  /* next batch of it */
    int64_t step;   /* updates so far */
    int64_t points; /* recorded so far */
    int64_t best_epoch;
    double best_value;  /* of the metric that chooses best_epoch */
    double stop_value;  /* early stopping's best */
    int64_t stop_since; /* epochs without progress */
    double start;       /* objective before the first update */
    int64_t snapshots;  /* kept so far */
    int64_t window;     /* values in the ring of objectives so far */
    int64_t passed;     /* epochs whose displacement was looked at */
    double moved;       /* norm of the last displacement */
} TrainingProgress;

/* `state` is the parameters and running statistics (mlp.h). Arrays that are not needed are
 * NULL. */
typedef struct TrainingState {
    const TrainerConfig *config;
    const Mlp *mlp;
    const PackedDataset *train, *val, *test;
    MetricSet metrics;
    int32_t columns;
    int64_t batch_rows, batches, epochs; /* rows of a batch, batches of an epoch, epochs planned */
    int64_t capacity;                    /* points of the history */
    int64_t snapshots;                   /* epochs whose weights are kept */

    /* the checkpoint: checkpoint_bytes from progress on */
    TrainingProgress *progress;
    real *state, *moment1, *moment2, *best_state, *stop_state;
    int32_t *order;
    double *ring;    /* VERDICT_WINDOW objectives */
    double *cosines; /* VERDICT_CYCLE, of successive displacements; NULL where is_stochastic */
    real *previous, *displacement; /* parameters: after the epoch before, and the last step */
    int64_t *epoch;
    double *history, *best;
    double *snapshot; /* snapshots x state_size */
    size_t checkpoint_bytes;
    uint64_t layout; /* a hash of which arrays these are, and of what sizes */

    /* made anew at every start */
    int64_t *recorded, *snapshot_epoch; /* capacity, snapshots: the epochs planned */
    real *grads;
    NetworkPlan network;
    bool is_stochastic; /* updates depend on chance: minibatches or dropout */
    bool is_online;     /* batches of one row are trained by online.h */
    bool is_deferred;   /* an epoch's training scores come from the next one's forward pass */
    bool is_pending;    /* an epoch was trained and is not judged yet; nor counted */
    bool is_suspect;    /* training_watch_suspects() of that epoch's state */
    Online online;
    double *weights, *best_weights; /* state_size: the results' copies; while training `weights` has
                                       the first state where has_start */
    bool has_start;
    double *row;      /* columns: one row of metrics */
    double evaluated; /* operations of evaluations since the last poll */
} TrainingState;

/* On a measuring arena (arena.h) it only adds up its size. */
void training_state_create(TrainingState *training, const TrainerConfig *config, const Mlp *mlp,
                           PackedSplits splits, Arena *arena);

#endif
