/* Trains one network: epochs of batches, the history of its metrics, its final and best weights.
 *
 * trainer_train() is a pure function of (config, data, arithmetic class): it reads no clock, no
 * thread number and no global, allocates nothing, and gives the same bits whoever runs it. Threads
 * are the team's business.
 *
 * What is minimized: the loss summed (reduction sum) or averaged (mean) over the batch, plus l1
 * |W|_1 + l2/2 |W|^2 over weights, not biases. What is recorded is always per row; under sum the
 * whole objective, penalty included, is divided by the number of rows. */
#ifndef CORE_TRAINER_H
#define CORE_TRAINER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/team.h"
#include "core/data/dataset.h"
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
    int64_t record_every;
    const int64_t *record_also; /* further epochs to record, ascending, borrowed */
    int32_t record_also_count;
    WeightsKept weights;
} TrainerConfig;

/* The parts of a data set as the kernels want them; made once, read by every trial and thread. */
typedef struct TrainerData TrainerData;

/* `val` and `test` may be NULL. The sets are borrowed and must outlive it; they are checked
 * (dataset_check), and val and test must have the columns of train. */
MUST_CHECK bool trainer_data_create(TrainerData **data, const Dataset *train, const Dataset *val,
                                    const Dataset *test, Dtype dtype, Error *err);
void trainer_data_destroy(TrainerData *data);

/* What a training leaves behind; every pointer lies in the arena, valid until it is reset. */
typedef struct TrainerResult {
    Verdict verdict; /* VERDICT_DIVERGED: the loss stopped being finite; a result, not a failure */
    int64_t epochs_run; /* begun and finished or broken off by `steps` or divergence */
    int64_t
        best_epoch;    /* of the recorded ones, by val_loss, else train_objective; -1 without any */
    MetricSet metrics; /* columns of the arrays below */
    int32_t points;    /* recorded epochs */
    int64_t *epoch;  /* points; 0-based, a value belongs to the state after that epoch's updates */
    double *history; /* points x metrics */
    double *final;   /* metrics: state at the end; NaN where diverged */
    double *best;    /* metrics: state of best_epoch; NaN where diverged or nothing recorded */
    int64_t numbers; /* length of each weights block (Mlp.numbers); 0 under `weights: none` */
    double *weights; /* final, or NULL */
    double *best_weights; /* best, or NULL */
} TrainerResult;

/* Asked every few updates, several times a second where training takes that long. */
typedef enum TrainerOrder { TRAINER_GO_ON, TRAINER_CHECKPOINT, TRAINER_STOP } TrainerOrder;
typedef struct TrainerHooks {
    TrainerOrder (*poll)(void *context); /* NULL: go on */
    void (*checkpoint)(void *context, const void *state,
                       size_t bytes); /* takes a copy; NULL: never */
    void *context;
} TrainerHooks;

/* Bytes an arena must have for this training, checkpoint state included. Overflow-safe: SIZE_MAX if
 * absurd. */
size_t trainer_bytes(const TrainerConfig *config, const TrainerData *data);

/* Floating-point work of a training, roughly, for "longest first": only ratios mean anything. */
double trainer_cost(const TrainerConfig *config, int64_t train_rows, int64_t test_rows,
                    int32_t inputs);

/* `state` is NULL, or a checkpoint of the very same training to go on from. False on a usage error
 * (the network does not fit) or when the hook said stop: then *stopped is true and err is
 * untouched. */
MUST_CHECK bool trainer_train(TrainerResult *result, const TrainerConfig *config,
                              const TrainerData *data, Arena *arena, Team *team,
                              const TrainerHooks *hooks, const void *state, size_t state_bytes,
                              bool *stopped, Error *err);

/* Epochs that a training plans on n rows: `epochs`, or fewer where `steps` ends it before. */
int64_t trainer_epochs(const TrainerConfig *config, int64_t n);

/* Is this epoch recorded: every record_every-th from 0, the last planned one, and record_also. How
 * many are in all. */
bool trainer_records(const TrainerConfig *config, int64_t n, int64_t epoch);
int64_t trainer_record_count(const TrainerConfig *config, int64_t n);

/* Gradient of the objective (see above; not divided by n under sum) at the given weights over all
 * rows as one batch, in training mode, dropout masks those of step 0. grads: parameters. For
 * checks. */
MUST_CHECK bool trainer_gradient(double *grads, const TrainerConfig *config, const double *weights,
                                 const Dataset *rows, Team *team, Error *err);

/* Outputs of a kept network for n rows: y is n x config->network.outputs; weights as in
 * TrainerResult. */
MUST_CHECK bool trainer_predict(double *y, const TrainerConfig *config, const double *weights,
                                const double *x, int64_t n, Error *err);

/* Kernels in use: "v4", "v3" or "portable", and the arithmetic class they belong to: "fma" or
 * "portable". RUNNER_ISA forces a level; trainer_isa_check() refuses an unknown or unsupported
 * one. */
const char *trainer_isa(void);
const char *trainer_arithmetic(void);
MUST_CHECK bool trainer_isa_check(Error *err);

#endif
