/* One training in values: its settings (TrainerConfig), who runs and may interrupt it
 * (TrainerWorker, TrainerHooks), what it returns (TrainerResult), and which of its epochs are
 * recorded. It is run by core/trainer.h. */
#ifndef CORE_MODEL_TRAINER_CONFIG_H
#define CORE_MODEL_TRAINER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/team.h"
#include "core/model/metrics.h"
#include "core/model/mlp.h"
#include "core/model/optimizer.h"
#include "core/model/schedule.h"
#include "core/model/verdict.h"

typedef enum Dtype { DTYPE_FLOAT64, DTYPE_FLOAT32, DTYPE_COUNT } Dtype;
extern const char *const DTYPE_NAMES[DTYPE_COUNT + 1];

typedef enum Reduction { REDUCTION_MEAN, REDUCTION_SUM, REDUCTION_COUNT } Reduction;
extern const char *const REDUCTION_NAMES[REDUCTION_COUNT + 1];

typedef enum WeightsKept {
    WEIGHTS_FINAL,
    WEIGHTS_BEST,
    WEIGHTS_BOTH,
    WEIGHTS_NONE,
    WEIGHTS_COUNT
} WeightsKept;
extern const char *const WEIGHTS_NAMES[WEIGHTS_COUNT + 1];

/* How epochs are spread over a training. */
typedef enum EpochScale { EPOCH_SCALE_LOG, EPOCH_SCALE_LINEAR, EPOCH_SCALE_COUNT } EpochScale;
extern const char *const EPOCH_SCALE_NAMES[EPOCH_SCALE_COUNT + 1];

typedef struct TrainerConfig {
    MlpConfig network;
    InitConfig init, init_bias;
    OptimizerConfig optimizer;
    ScheduleConfig schedule;
    int64_t batch_size; /* rows; 0 is the full batch */
    bool shuffle;       /* a new order each epoch (a full batch keeps the file's) */
    bool replacement;   /* batches drawn with replacement */
    Reduction reduction;
    int64_t epochs;
    int64_t steps; /* stops after so many updates, in mid-epoch too; 0 is off */
    double l1, l2;
    double clip_norm; /* largest Euclidean norm of the gradient; 0 is off */
    Dtype dtype;
    uint32_t seed;
    int64_t patience; /* early stopping after so many epochs without progress; 0 is off */
    double min_delta;
    int64_t record_every;       /* epochs 0, every, 2 every, ... are recorded; 0: none of these */
    int64_t record_points;      /* so many are, spread from the first to the last; 0: none */
    EpochScale record_scale;    /* of record_points */
    const int64_t *record_also; /* further epochs to record, ascending, borrowed */
    int32_t record_also_count;
    WeightsKept weights;
    int64_t snapshots; /* log-spaced epochs whose weights are kept, and which are recorded */
} TrainerConfig;

/* What a training returns; every pointer is into the arena, valid until it is reset. */
typedef struct TrainerResult {
    Verdict verdict;    /* VERDICT_DIVERGED is a result, not a failure */
    int64_t epochs_run; /* finished, or ended by `steps` or divergence */
    int64_t
        best_epoch;    /* of the recorded ones, by val_loss, else train_objective; -1 without any */
    MetricSet metrics; /* columns of the arrays below */
    int32_t points;    /* recorded epochs */
    int64_t *epoch;  /* points; 0-based, a value belongs to the state after that epoch's updates */
    double *history; /* points x metrics */
    double *final;   /* metrics: state at the end; NaN where diverged */
    double *best;    /* metrics: state of best_epoch; NaN where diverged or nothing recorded */
    int64_t state_size;   /* length of each weights block (Mlp.state_size); 0 where none is kept */
    double *weights;      /* final, or NULL */
    double *best_weights; /* best, or NULL */
    int32_t snapshots;    /* epochs whose weights were kept */
    int64_t *snapshot_epoch;
    double *snapshot_weights; /* snapshots x state_size, or NULL */
} TrainerResult;

/* The answer of a hook that is called every few updates, several times a second where training
 * lasts so long. */
typedef enum TrainerOrder { TRAINER_GO_ON, TRAINER_CHECKPOINT, TRAINER_STOP } TrainerOrder;
typedef struct TrainerHooks {
    TrainerOrder (*poll)(void *context); /* NULL: always go on */
    /* copies the state; NULL: never */
    void (*checkpoint)(void *context, const void *checkpoint, size_t bytes);
    /* the checkpoint it was given is none of this training's, which begins anew; NULL: no matter */
    void (*refused)(void *context);
    void *context;
} TrainerHooks;

/* Who trains: its memory, who helps with large batches, and who may interrupt (NULL: nobody). */
typedef struct TrainerWorker {
    Arena *arena;
    Team *team;
    const TrainerHooks *hooks;
} TrainerWorker;

/* A copy of what a hook was given, to continue from; no bytes: from the start. */
typedef struct TrainerCheckpoint {
    const void *bytes;
    size_t size;
} TrainerCheckpoint;

/* Epochs that a training plans on n rows: `epochs`, or fewer where `steps` ends it first. */
int64_t trainer_config_epochs(const TrainerConfig *config, int64_t n);

/* `points` epochs from 0 to last, ascending: all of them where there are no more, else linear, or
 * log-spaced in epoch + 1: single ones first, then ever wider apart. `epoch` has room for `points`;
 * returns how many it got. */
int64_t trainer_config_spread(int64_t *epoch, int64_t points, EpochScale scale, int64_t last);

/* The epochs that are recorded, ascending: every record_every-th from 0, record_points of them, the
 * last planned one, those of record_also, those of the snapshots. Returns how many; `epoch` has
 * room for them, or is NULL. */
int64_t trainer_config_recorded(const TrainerConfig *config, int64_t n, int64_t *epoch);

#endif
