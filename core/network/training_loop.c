/* The training loop: epochs, batches, updates; what is recorded and when it ends. See trainer.h for
 * what is promised. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/kernels/update.h"
#include "core/model/init.h"
#include "core/network/kernels.h"
#include "core/network/training_state.h"

#define CHECKPOINT_MAGIC UINT64_C(0x31706f6f6c6e7572) /* "runloop1" */
#define POLL_UPDATES     64
#define POLL_WORK        1e9 /* operations: some tens of milliseconds */

static void set_state(real *to, const double *from, int64_t count) {
    for (int64_t i = 0; i < count; i++) to[i] = (real)from[i];
}

static void get_state(double *to, const real *from, int64_t count) {
    for (int64_t i = 0; i < count; i++) to[i] = (double)from[i];
}

/* Values of all metrics for the present numbers. `only_train` leaves val and test out (NaN). */
static void measure(TrainingState *training, double *row, Team *team, bool only_train) {
    const TrainerConfig *config = training->config;
    const struct {
        const PackedDataset *data;
        Metric loss, accuracy, mse, r2;
    } splits[] = {
        {training->train, METRIC_TRAIN_LOSS, METRIC_TRAIN_ACCURACY, METRIC_TRAIN_MSE,
         METRIC_TRAIN_R2},
        {training->val, METRIC_VAL_LOSS, METRIC_VAL_ACCURACY, METRIC_VAL_MSE, METRIC_VAL_R2},
        {training->test, METRIC_TEST_LOSS, METRIC_TEST_ACCURACY, METRIC_TEST_MSE, METRIC_TEST_R2},
    };
    for (int p = 0; p < (only_train ? 1 : 3); p++) {
        const PackedDataset *data = splits[p].data;
        if (!data) continue;
        NetworkScores scores;
        network_evaluate(&training->network, &scores, training->state, data, team);
        const double n = (double)data->n;
        row[metrics_column(training->metrics, splits[p].loss)] = scores.loss / n;
        if (data->label) {
            row[metrics_column(training->metrics, splits[p].accuracy)] = scores.correct / n;
        } else {
            row[metrics_column(training->metrics, splits[p].mse)] =
                scores.squares / (n * data->outputs);
            row[metrics_column(training->metrics, splits[p].r2)] = scores.r2;
        }
        if (p > 0) continue;
        const double penalty =
            update_penalty(training->state, training->mlp, config->l1, config->l2);
        row[metrics_column(training->metrics, METRIC_TRAIN_OBJECTIVE)] =
            config->reduction == REDUCTION_SUM ? (scores.loss + penalty) / n
                                               : scores.loss / n + penalty;
    }
}

/* What best_* and early stopping go by. */
static double monitored(const TrainingState *training, const double *row) {
    const Metric metric = training->val ? METRIC_VAL_LOSS : METRIC_TRAIN_OBJECTIVE;
    return row[metrics_column(training->metrics, metric)];
}

/* Something overflowed or is NaN: the sum of squares says so, in the precision of the training. */
static bool overflowed(const TrainingState *training) {
    real sum = 0;
    for (int64_t i = 0; i < training->mlp->state_size; i++)
        sum += training->state[i] * training->state[i];
    return !isfinite(sum);
}

static void next_order(TrainingState *training) {
    const TrainerConfig *config = training->config;
    if (!training->order || config->replacement) return;
    if (config->shuffle) {
        rng_permutation(&training->progress->rng, training->order, training->train->n);
        return;
    }
    for (int64_t i = 0; i < training->train->n; i++) training->order[i] = (int32_t)i;
}

static double rate_now(const TrainingState *training) {
    const TrainerConfig *config = training->config;
    return config->optimizer.learning_rate *
           schedule_factor(&config->schedule, training->progress->epoch, training->epochs,
                           training->progress->step);
}

/* Single rows: as many as come before the epoch, the steps or the hooks want a word. */
static void train_rows(TrainingState *training, int64_t interval) {
    TrainingProgress *progress = training->progress;
    const int64_t steps = training->config->steps;
    int64_t count = interval - progress->step % interval;
    if (count > training->batches - progress->batch) count = training->batches - progress->batch;
    if (steps > 0 && count > steps - progress->step) count = steps - progress->step;
    online_load(&training->online, training->state);
    online_train(&training->online, training->train, training->order, progress->batch, count,
                 (real)rate_now(training));
    online_store(&training->online, training->state);
    progress->batch += count;
    progress->step += count;
}

static void train_batch(TrainingState *training, Team *team) {
    const TrainerConfig *config = training->config;
    TrainingProgress *progress = training->progress;
    const int64_t n = training->train->n, first = progress->batch * training->batch_rows;
    NetworkBatch batch = {.data = training->train,
                          .order = training->order,
                          .first = first,
                          .count =
                              n - first < training->batch_rows ? n - first : training->batch_rows,
                          .seed = config->seed,
                          .step = (uint64_t)progress->step};
    if (config->replacement) {
        batch.first = 0;
        batch.count = training->batch_rows;
        for (int64_t i = 0; i < batch.count; i++) {
            training->order[i] = (int32_t)rng_below(&progress->rng, n);
        }
    }
    network_gradient(&training->network, training->grads, training->state, &batch, team);
    const UpdateConfig update = {&config->optimizer, config->l1, config->l2, config->clip_norm};
    const double scale = config->reduction == REDUCTION_MEAN ? 1 / (double)batch.count : 1;
    update_step(training->state, training->grads, training->moment1, training->moment2,
                training->mlp, &update, scale, rate_now(training), progress->step);
    progress->step++;
    progress->batch++;
}

static void record(TrainingState *training, const double *row) {
    TrainingProgress *progress = training->progress;
    training->epoch[progress->points] = progress->epoch;
    memcpy(training->history + progress->points * training->columns, row,
           (size_t)training->columns * sizeof *row);
    progress->points++;
    const double value = monitored(training, row);
    if (progress->best_epoch >= 0 && !(value < progress->best_value)) return;
    progress->best_value = value;
    progress->best_epoch = progress->epoch;
    memcpy(training->best, row, (size_t)training->columns * sizeof *row);
    if (training->best_state) {
        memcpy(training->best_state, training->state,
               (size_t)training->mlp->state_size * sizeof(real));
    }
}

/* True where patience has run out. */
static bool loses_patience(TrainingState *training, const double *row) {
    TrainingProgress *progress = training->progress;
    const double value = monitored(training, row);
    if (value < progress->stop_value - training->config->min_delta) {
        progress->stop_value = value;
        progress->stop_since = 0;
        memcpy(training->stop_state, training->state,
               (size_t)training->mlp->state_size * sizeof(real));
        return false;
    }
    return ++progress->stop_since >= training->config->patience;
}

typedef enum EpochEnd { EPOCH_GO_ON, EPOCH_STOP, EPOCH_DIVERGED } EpochEnd;

/* After an epoch's updates: measures what is wanted, records it, decides whether to go on. */
static EpochEnd end_epoch(TrainingState *training, double *row, Team *team) {
    const TrainerConfig *config = training->config;
    TrainingProgress *progress = training->progress;
    const bool wanted = trainer_config_records(config, training->train->n, progress->epoch);
    const bool watched =
        progress->epoch >= training->epochs - VERDICT_WINDOW || config->patience > 0;
    const bool suspect = overflowed(training);
    if (!wanted && !watched && !suspect) return EPOCH_GO_ON;
    measure(training, row, team, !wanted && (config->patience == 0 || !training->val));
    const double objective = row[metrics_column(training->metrics, METRIC_TRAIN_OBJECTIVE)];
    if (!isfinite(objective)) return EPOCH_DIVERGED;
    for (int64_t i = 0; suspect && i < training->mlp->state_size; i++) {
        if (!isfinite(training->state[i])) return EPOCH_DIVERGED;
    }
    if (wanted) record(training, row);
    if (watched) training->ring[progress->window++ % VERDICT_WINDOW] = objective;
    return config->patience > 0 && loses_patience(training, row) ? EPOCH_STOP : EPOCH_GO_ON;
}

static Verdict verdict(const TrainingState *training) {
    const int64_t seen = training->progress->window;
    const int32_t count = (int32_t)(seen < VERDICT_WINDOW ? seen : VERDICT_WINDOW);
    double objective[VERDICT_WINDOW];
    for (int32_t i = 0; i < count; i++) {
        objective[i] = training->ring[(seen - count + i) % VERDICT_WINDOW];
    }
    return verdict_of(objective, count);
}

static bool begin(TrainingState *training, double *draft, Error *err) {
    TrainingProgress *progress = training->progress;
    const TrainerConfig *config = training->config;
    rng_seed(&progress->rng, config->seed);
    if (!init_state(draft, training->mlp, &config->init, &config->init_bias, &progress->rng, err)) {
        return false;
    }
    set_state(training->state, draft, training->mlp->state_size);
    progress->magic = CHECKPOINT_MAGIC;
    progress->best_epoch = -1;
    progress->best_value = progress->stop_value = HUGE_VAL;
    return true;
}

/* Fills everything but the verdict of a diverged trial, whose values are NaN. */
static void finish(TrainingState *training, TrainerResult *result, double *final, double *weights,
                   double *best_weights, bool diverged, Team *team) {
    const TrainerConfig *config = training->config;
    const TrainingProgress *progress = training->progress;
    const int64_t size = training->mlp->state_size;
    const bool restored = training->stop_state && !diverged && isfinite(progress->stop_value);
    if (restored) {
        memcpy(training->state, training->stop_state, (size_t)size * sizeof(real));
    }
    const bool recorded = !restored && progress->points > 0 &&
                          training->epoch[progress->points - 1] == progress->epoch - 1;
    if (recorded && !diverged) {
        memcpy(final, training->history + (progress->points - 1) * training->columns,
               (size_t)training->columns * sizeof *final);
    } else if (!diverged) {
        measure(training, final, team, false);
    }
    for (int32_t i = 0; diverged && i < training->columns; i++) final[i] = (double)NAN;
    for (int32_t i = 0; (diverged || progress->points == 0) && i < training->columns; i++) {
        training->best[i] = (double)NAN;
    }
    *result = (TrainerResult){.verdict = diverged ? VERDICT_DIVERGED : verdict(training),
                              .epochs_run = progress->epoch,
                              .best_epoch = progress->best_epoch,
                              .metrics = training->metrics,
                              .points = (int32_t)progress->points,
                              .epoch = training->epoch,
                              .history = training->history,
                              .final = final,
                              .best = training->best};
    if (config->weights == WEIGHTS_NONE) return;
    result->state_size = size;
    if (config->weights != WEIGHTS_BEST) {
        get_state(weights, training->state, size);
        result->weights = weights;
    }
    if (config->weights == WEIGHTS_BEST || config->weights == WEIGHTS_BOTH) {
        get_state(best_weights, progress->best_epoch >= 0 ? training->best_state : training->state,
                  size);
        result->best_weights = best_weights;
    }
}

/* Updates between two questions to the hooks: about a tenth of a second's work, at most
 * POLL_UPDATES. */
static int64_t poll_interval(const TrainingState *training) {
    const double work = 6.0 * (double)training->mlp->parameters * (double)training->batch_rows;
    const double updates = POLL_WORK / work, max = training->is_online ? 4096 : POLL_UPDATES;
    return updates < 1 ? 1 : updates < max ? (int64_t)updates : (int64_t)max;
}

/* False where the hook says stop. The progress is whole here: an update is done, or an epoch
 * closed. */
static bool poll(const TrainingState *training, const TrainerHooks *hooks, int64_t interval) {
    if (!hooks || !hooks->poll || training->progress->step % interval != 0) return true;
    const TrainerOrder order = hooks->poll(hooks->context);
    if (order == TRAINER_CHECKPOINT && hooks->checkpoint) {
        hooks->checkpoint(hooks->context, training->progress, training->checkpoint_bytes);
    }
    return order != TRAINER_STOP;
}

static bool train(TrainerResult *result, const TrainerConfig *config, const Mlp *mlp,
                  const KernelSplits *splits, Arena *arena, Team *team, const TrainerHooks *hooks,
                  const void *checkpoint, size_t checkpoint_bytes, bool *stopped, Error *err) {
    TrainingState training;
    *stopped = false;
    training_state_create(&training, config, mlp, splits->train, splits->val, splits->test, arena);
    double *weights = arena_alloc(arena, (size_t)mlp->state_size, sizeof(double));
    double *best_weights = arena_alloc(arena, (size_t)mlp->state_size, sizeof(double));
    double *row = arena_alloc(arena, (size_t)training.columns, sizeof(double));
    TrainingProgress *progress = training.progress;
    if (checkpoint && checkpoint_bytes == training.checkpoint_bytes) {
        memcpy(progress, checkpoint, checkpoint_bytes);
        if (progress->magic != CHECKPOINT_MAGIC) {
            return error_set(err, ERROR_CONFLICT, "checkpoint: not of this program's making");
        }
    } else if (!begin(&training, weights, err)) {
        return false;
    }
    const int64_t interval = poll_interval(&training);
    EpochEnd end = EPOCH_GO_ON;
    while (progress->epoch < training.epochs && end == EPOCH_GO_ON) {
        if (progress->batch == 0) next_order(&training);
        if (training.is_online)
            train_rows(&training, interval);
        else
            train_batch(&training, team);
        if (progress->batch == training.batches || progress->step == config->steps) {
            end = end_epoch(&training, row, team);
            progress->epoch++;
            progress->batch = 0;
        }
        if (end == EPOCH_GO_ON && !poll(&training, hooks, interval)) {
            *stopped = true;
            return false;
        }
    }
    finish(&training, result, row, weights, best_weights, end == EPOCH_DIVERGED, team);
    return true;
}

static bool pack(void **data, const Dataset *set, Error *err) {
    PackedDataset *made = NULL;
    if (!packed_dataset_create(&made, set, err)) return false;
    *data = made;
    return true;
}

static void unpack(void *data) {
    packed_dataset_destroy(data);
}

static size_t bytes(const TrainerConfig *config, const Mlp *mlp, const KernelSplits *splits) {
    return training_state_bytes(config, mlp, splits->train, splits->val, splits->test);
}

/* A network and a part of its own, for questions outside a training. */
typedef struct Probe {
    PackedDataset *data;
    Arena arena;
    NetworkPlan network;
    real *state, *grads;
} Probe;

static void probe_destroy(Probe *probe) {
    packed_dataset_destroy(probe->data);
    arena_destroy(&probe->arena);
}

static bool probe_create(Probe *probe, const Mlp *mlp, const double *weights, const Dataset *rows,
                         Error *err) {
    *probe = (Probe){0};
    const size_t size = network_plan_bytes(mlp, rows->n, rows->n) +
                        2 * arena_bytes((size_t)mlp->state_size, sizeof(real));
    TRY(packed_dataset_create(&probe->data, rows, err));
    TRY(arena_create(&probe->arena, size, err));
    network_plan_create(&probe->network, mlp, rows->n, rows->n, &probe->arena);
    probe->state = arena_alloc(&probe->arena, (size_t)mlp->state_size, sizeof(real));
    probe->grads = arena_alloc(&probe->arena, (size_t)mlp->state_size, sizeof(real));
    set_state(probe->state, weights, mlp->state_size);
    return true;
fail:
    probe_destroy(probe);
    return false;
}

static bool predict(double *y, const Mlp *mlp, const double *weights, const Dataset *rows,
                    Error *err) {
    Probe probe;
    if (!probe_create(&probe, mlp, weights, rows, err)) return false;
    network_outputs(&probe.network, y, probe.state, probe.data);
    probe_destroy(&probe);
    return true;
}

static bool gradient(double *grads, const TrainerConfig *config, const Mlp *mlp,
                     const double *weights, const Dataset *rows, Team *team, Error *err) {
    Probe probe;
    if (!probe_create(&probe, mlp, weights, rows, err)) return false;
    const NetworkBatch batch = {.data = probe.data, .count = rows->n, .seed = config->seed};
    network_gradient(&probe.network, probe.grads, probe.state, &batch, team);
    const OptimizerConfig still = {.kind = OPTIMIZER_SGD};
    const UpdateConfig update = {&still, config->l1, config->l2, config->clip_norm};
    const double scale = config->reduction == REDUCTION_MEAN ? 1 / (double)rows->n : 1;
    update_step(probe.state, probe.grads, NULL, NULL, mlp, &update, scale, 0, 0);
    get_state(grads, probe.grads, mlp->parameters);
    probe_destroy(&probe);
    return true;
}

#define kernels REAL_NAME(kernels)
const Kernels kernels = {.name = REAL_LEVEL == 4   ? "v4"
                                 : REAL_LEVEL == 3 ? "v3"
                                                   : "portable",
                         .arithmetic = REAL_LEVEL >= 3 ? "fma" : "portable",
                         .pack = pack,
                         .unpack = unpack,
                         .bytes = bytes,
                         .train = train,
                         .predict = predict,
                         .gradient = gradient};
