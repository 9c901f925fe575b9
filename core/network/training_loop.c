#include "core/network/training_loop.h"

#include <math.h>
#include <string.h>

#include "core/kernels/update.h"
#include "core/model/init.h"
#include "core/network/network.h"
#include "core/network/training_watch.h"

#define POLL_UPDATES 64
#define POLL_WORK    1e9 /* operations: some tens of milliseconds */

static void set_state(real *to, const double *from, int64_t count) {
    for (int64_t i = 0; i < count; i++) to[i] = (real)from[i];
}

static void get_state(double *to, const real *from, int64_t count) {
    for (int64_t i = 0; i < count; i++) to[i] = (double)from[i];
}

/* Values of all metrics in the present state, into `row`. `only_train` leaves val and test out;
 * `train`: the training rows' scores, where they are known. */
static void measure(TrainingState *training, Team *team, bool only_train, const Scores *train) {
    double *row = training->row;
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
        Scores scores;
        if (p == 0 && train) {
            scores = *train;
        } else {
            network_evaluate(&training->network, &scores, training->state, data, team);
            training->evaluated += 2.0 * (double)training->mlp->parameters * (double)data->n;
        }
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

/* What chooses the best epoch and stops early. */
static double monitored(const TrainingState *training) {
    const Metric metric = training->val ? METRIC_VAL_LOSS : METRIC_TRAIN_OBJECTIVE;
    return training->row[metrics_column(training->metrics, metric)];
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
    const TrainingProgress *progress = training->progress;
    return training->config->optimizer.learning_rate *
           schedule_factor(&training->config->schedule, progress->epoch, training->epochs,
                           progress->step);
}

/* Single rows: as many as are left of the epoch, the steps and the interval between two polls. */
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

static bool is_listed(const int64_t *epochs, int64_t count, int64_t at, int64_t epoch) {
    return at < count && epochs[at] == epoch;
}

static void store_snapshot(TrainingState *training) {
    TrainingProgress *progress = training->progress;
    if (!is_listed(training->snapshot_epoch, training->snapshots, progress->snapshots,
                   progress->epoch)) {
        return;
    }
    const int64_t size = training->mlp->state_size;
    get_state(training->snapshot + progress->snapshots++ * size, training->state, size);
}

static void record(TrainingState *training) {
    const double *row = training->row;
    TrainingProgress *progress = training->progress;
    training->epoch[progress->points] = progress->epoch;
    memcpy(training->history + progress->points * training->columns, row,
           (size_t)training->columns * sizeof *row);
    progress->points++;
    store_snapshot(training);
    const double value = monitored(training);
    if (progress->best_epoch >= 0 && !(value < progress->best_value)) return;
    progress->best_value = value;
    progress->best_epoch = progress->epoch;
    memcpy(training->best, row, (size_t)training->columns * sizeof *row);
    if (training->best_state) {
        memcpy(training->best_state, training->state,
               (size_t)training->mlp->state_size * sizeof(real));
    }
}

/* Early stopping: true where patience has run out. */
static bool loses_patience(TrainingState *training) {
    TrainingProgress *progress = training->progress;
    const double value = monitored(training);
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

static double objective(const TrainingState *training) {
    return training->row[metrics_column(training->metrics, METRIC_TRAIN_OBJECTIVE)];
}

static bool records(const TrainingState *training) {
    const TrainingProgress *progress = training->progress;
    return is_listed(training->recorded, training->capacity, progress->points, progress->epoch);
}

/* Whether the epoch that was just trained must be measured. */
static bool must_measure(const TrainingState *training) {
    return training->is_suspect || training_watch_wants(training) || records(training);
}

/* After an epoch's updates: measures what is wanted, records it, decides whether to continue. */
static EpochEnd end_epoch(TrainingState *training, Team *team, const Scores *train) {
    const TrainerConfig *config = training->config;
    const bool wanted = records(training);
    training->is_pending = false;
    if (must_measure(training)) {
        measure(training, team, !wanted && (config->patience == 0 || !training->val), train);
        if (!isfinite(objective(training))) return EPOCH_DIVERGED;
        for (int64_t i = 0; training->is_suspect && i < training->mlp->state_size; i++) {
            if (!isfinite(training->state[i])) return EPOCH_DIVERGED;
        }
    }
    if (wanted) record(training);
    training_watch_epoch(training, objective(training));
    return config->patience > 0 && loses_patience(training) ? EPOCH_STOP : EPOCH_GO_ON;
}

/* Judges the epoch that was trained, and counts it. */
static EpochEnd judge_epoch(TrainingState *training, Team *team, const Scores *train) {
    const EpochEnd end = end_epoch(training, team, train);
    training->progress->epoch++;
    return end;
}

static void measure_start(TrainingState *training, Team *team, const Scores *train) {
    measure(training, team, true, train);
    training->progress->start = objective(training);
}

static bool begin(TrainingState *training, Team *team, Error *err) {
    double *draft = training->weights;
    TrainingProgress *progress = training->progress;
    const TrainerConfig *config = training->config;
    rng_seed(&progress->rng, config->seed);
    if (!init_state(draft, training->mlp, &config->init, &config->init_bias, &progress->rng, err)) {
        return false;
    }
    training->has_start = true;
    set_state(training->state, draft, training->mlp->state_size);
    progress->layout = training->layout;
    progress->best_epoch = -1;
    progress->best_value = progress->stop_value = HUGE_VAL;
    if (training->epochs > 0 && !training->is_deferred) measure_start(training, team, NULL);
    return true;
}

/* The gradient of a full batch, and what the same forward pass says of the state before its update:
 * the start, or the epoch that is pending. False where that one was the last. */
static EpochEnd deferred_gradient(TrainingState *training, const NetworkBatch *batch, Team *team) {
    const bool starts = training->progress->step == 0;
    const bool scored = starts || training->is_pending;
    Scores scores;
    network_gradient(&training->network, training->grads, training->state, batch,
                     scored ? &scores : NULL, team);
    if (starts) measure_start(training, team, &scores);
    return training->is_pending ? judge_epoch(training, team, &scores) : EPOCH_GO_ON;
}

static EpochEnd train_batch(TrainingState *training, Team *team) {
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
    if (training->is_deferred) {
        const EpochEnd end = deferred_gradient(training, &batch, team);
        if (end != EPOCH_GO_ON) return end;
    } else {
        network_gradient(&training->network, training->grads, training->state, &batch, NULL, team);
    }
    const UpdateConfig update = {&config->optimizer, config->l1, config->l2, config->clip_norm};
    const UpdateStep step = {.scale =
                                 config->reduction == REDUCTION_MEAN ? 1 / (double)batch.count : 1,
                             .rate = rate_now(training),
                             .number = progress->step};
    update_step(training->state, training->grads, training->moment1, training->moment2,
                training->mlp, &update, step);
    progress->step++;
    progress->batch++;
    return EPOCH_GO_ON;
}

/* An epoch's last update is done: it is judged now, or with the next forward pass, which measures
 * the same state. */
static EpochEnd finish_epoch(TrainingState *training, Team *team) {
    TrainingProgress *progress = training->progress;
    const bool last =
        progress->epoch + 1 == training->epochs || progress->step == training->config->steps;
    progress->batch = 0;
    training->is_suspect = training_watch_suspects(training);
    training->is_pending = training->is_deferred && !last && must_measure(training);
    return training->is_pending ? EPOCH_GO_ON : judge_epoch(training, team, NULL);
}

/* The row of the final state: NaN where diverged, else the last recorded one or a new one. */
static void measure_final(TrainingState *training, bool restored, bool diverged, Team *team) {
    const TrainingProgress *progress = training->progress;
    const int64_t last = progress->points - 1;
    double *row = training->row;
    const bool recorded = !restored && last >= 0 && training->epoch[last] == progress->epoch - 1;
    if (diverged) {
        for (int32_t i = 0; i < training->columns; i++) row[i] = (double)NAN;
    } else if (recorded) {
        memcpy(row, training->history + last * training->columns,
               (size_t)training->columns * sizeof *row);
    } else {
        measure(training, team, false, NULL);
    }
}

static void finish(TrainingState *training, TrainerResult *result, EpochEnd end, Team *team) {
    const WeightsKept kept = training->config->weights;
    const TrainingProgress *progress = training->progress;
    const int64_t size = training->mlp->state_size;
    const bool overflowed = end == EPOCH_DIVERGED;
    const bool restored = training->stop_state && !overflowed && isfinite(progress->stop_value);
    if (restored) memcpy(training->state, training->stop_state, (size_t)size * sizeof(real));
    measure_final(training, restored, overflowed, team);
    const Verdict verdict = training_watch_judge(training, end == EPOCH_STOP, objective(training));
    const bool diverged = verdict == VERDICT_DIVERGED;
    for (int32_t i = 0; i < training->columns; i++) {
        if (diverged) training->row[i] = (double)NAN;
        if (diverged || progress->points == 0) training->best[i] = (double)NAN;
    }
    *result = (TrainerResult){.verdict = verdict,
                              .epochs_run = progress->epoch,
                              .best_epoch = progress->best_epoch,
                              .metrics = training->metrics,
                              .points = (int32_t)progress->points,
                              .epoch = training->epoch,
                              .history = training->history,
                              .final = training->row,
                              .best = training->best};
    if (training->snapshot) {
        result->snapshots = (int32_t)progress->snapshots;
        result->snapshot_epoch = training->snapshot_epoch;
        result->snapshot_weights = training->snapshot;
    }
    if (kept != WEIGHTS_NONE || progress->snapshots > 0) result->state_size = size;
    if (kept == WEIGHTS_FINAL || kept == WEIGHTS_BOTH) {
        get_state(training->weights, training->state, size);
        result->weights = training->weights;
    }
    if (kept == WEIGHTS_BEST || kept == WEIGHTS_BOTH) {
        const bool has_best = progress->best_epoch >= 0;
        get_state(training->best_weights, has_best ? training->best_state : training->state, size);
        result->best_weights = training->best_weights;
    }
}

/* Updates between two polls of the hooks: about a tenth of a second's work, at most
 * POLL_UPDATES. */
static int64_t poll_interval(const TrainingState *training) {
    const double work = 6.0 * (double)training->mlp->parameters * (double)training->batch_rows;
    const double updates = POLL_WORK / work, max = training->is_online ? 4096 : POLL_UPDATES;
    return updates < 1 ? 1 : updates < max ? (int64_t)updates : (int64_t)max;
}

/* False where the hook says stop. The state is complete here: an update is done, or an epoch. It is
 * asked when enough was done, be it in updates or in measuring many test rows. */
static bool poll(TrainingState *training, TrainerWorker worker, int64_t interval, EpochEnd *end) {
    const TrainerHooks *hooks = worker.hooks;
    if (!hooks || !hooks->poll) return true;
    if (training->progress->step % interval != 0 && training->evaluated < POLL_WORK) return true;
    training->evaluated = 0;
    const TrainerOrder order = hooks->poll(hooks->context);
    if (order == TRAINER_GO_ON) return true;
    if (training->is_pending) *end = judge_epoch(training, worker.team, NULL);
    if (*end != EPOCH_GO_ON) return true;
    if (order == TRAINER_CHECKPOINT && hooks->checkpoint) {
        hooks->checkpoint(hooks->context, training->progress, training->checkpoint_bytes);
    }
    return order != TRAINER_STOP;
}

/* Whether the block has the arrays of this training, and every number that is used as an index can
 * be one. A checkpoint has a CRC against accidents; this is against another program's and against
 * bytes that were made up. */
static bool is_sound(const TrainingState *training) {
    const TrainingProgress *p = training->progress;
    if (p->layout != training->layout || p->rng.position < 0 || p->rng.position > 624) return false;
    const struct {
        int64_t value, low, high;
    } counters[] = {
        {p->epoch, 0, training->epochs},
        {p->batch, 0, training->batches - 1},
        {p->step, 0, INT64_MAX / 2},
        {p->points, 0, training->capacity},
        {p->best_epoch, -1, training->epochs},
        {p->stop_since, 0, training->epochs},
        {p->window, 0, training->epochs},
        {p->passed, 0, training->epochs},
        {p->snapshots, 0, training->snapshots},
    };
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        if (counters[i].value < counters[i].low || counters[i].value > counters[i].high)
            return false;
    }
    for (int64_t i = 0; i < p->points; i++) {
        const int64_t before = i > 0 ? training->epoch[i - 1] : -1;
        if (training->epoch[i] <= before || training->epoch[i] > p->epoch) return false;
    }
    /* rows drawn with replacement are drawn anew for each batch */
    const bool ordered = training->order && !training->config->replacement;
    const int64_t rows = ordered ? training->train->n : 0;
    for (int64_t i = 0; i < rows; i++) {
        if (training->order[i] < 0 || training->order[i] >= rows) return false;
    }
    return true;
}

/* Takes the state of a checkpoint; false where it is none of this training's. */
static bool restore(TrainingState *training, TrainerCheckpoint checkpoint) {
    if (checkpoint.size == training->checkpoint_bytes) {
        memcpy(training->progress, checkpoint.bytes, checkpoint.size);
        if (is_sound(training)) return true;
        memset(training->progress, 0, training->checkpoint_bytes);
    }
    return false;
}

bool training_loop_run(TrainerResult *result, TrainingState *training, TrainerWorker worker,
                       TrainerCheckpoint checkpoint, bool *stopped, Error *err) {
    const TrainerConfig *config = training->config;
    TrainingProgress *progress = training->progress;
    *stopped = false;
    if (!checkpoint.bytes || !restore(training, checkpoint)) {
        const TrainerHooks *hooks = worker.hooks;
        if (checkpoint.bytes && hooks && hooks->refused) hooks->refused(hooks->context);
        if (!begin(training, worker.team, err)) return false;
    }
    const int64_t interval = poll_interval(training);
    EpochEnd end = EPOCH_GO_ON;
    while (progress->epoch < training->epochs && end == EPOCH_GO_ON) {
        if (progress->batch == 0) next_order(training);
        if (training->is_online) {
            train_rows(training, interval);
        } else {
            end = train_batch(training, worker.team);
        }
        if (end == EPOCH_GO_ON &&
            (progress->batch == training->batches || progress->step == config->steps)) {
            end = finish_epoch(training, worker.team);
        }
        if (end == EPOCH_GO_ON && !poll(training, worker, interval, &end)) {
            *stopped = true;
            return false;
        }
    }
    finish(training, result, end, worker.team);
    return true;
}
