/* The training loop: epochs, batches, updates; what is recorded and when it ends. See trainer.h for
 * what is promised. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/kernels/update.h"
#include "core/model/init.h"
#include "core/network/kernels.h"
#include "core/network/training_state.h"

#define STATE_MAGIC  UINT64_C(0x31706f6f6c6e7572) /* "runloop1" */
#define POLL_UPDATES 64
#define POLL_WORK    1e9 /* operations: some tens of milliseconds */

static void set_numbers(real *to, const double *from, int64_t count) {
    for (int64_t i = 0; i < count; i++) to[i] = (real)from[i];
}

static void get_numbers(double *to, const real *from, int64_t count) {
    for (int64_t i = 0; i < count; i++) to[i] = (double)from[i];
}

/* Values of all metrics for the present numbers. `only_train` leaves val and test out (NaN). */
static void measure(Loop *loop, double *row, Team *team, bool only_train) {
    const TrainerConfig *config = loop->config;
    const struct {
        const Part *part;
        Metric loss, accuracy, mse, r2;
    } parts[] = {
        {loop->train, METRIC_TRAIN_LOSS, METRIC_TRAIN_ACCURACY, METRIC_TRAIN_MSE, METRIC_TRAIN_R2},
        {loop->val, METRIC_VAL_LOSS, METRIC_VAL_ACCURACY, METRIC_VAL_MSE, METRIC_VAL_R2},
        {loop->test, METRIC_TEST_LOSS, METRIC_TEST_ACCURACY, METRIC_TEST_MSE, METRIC_TEST_R2},
    };
    for (int p = 0; p < (only_train ? 1 : 3); p++) {
        const Part *part = parts[p].part;
        if (!part) continue;
        NetworkScores scores;
        network_evaluate(&loop->network, &scores, loop->numbers, part, team);
        const double n = (double)part->n;
        row[metrics_column(loop->metrics, parts[p].loss)] = scores.loss / n;
        if (part->label) {
            row[metrics_column(loop->metrics, parts[p].accuracy)] = scores.correct / n;
        } else {
            row[metrics_column(loop->metrics, parts[p].mse)] = scores.squares / (n * part->outputs);
            row[metrics_column(loop->metrics, parts[p].r2)] = scores.r2;
        }
        if (p > 0) continue;
        const double penalty = update_penalty(loop->numbers, loop->mlp, config->l1, config->l2);
        row[metrics_column(loop->metrics, METRIC_TRAIN_OBJECTIVE)] =
            config->reduction == REDUCTION_SUM ? (scores.loss + penalty) / n
                                               : scores.loss / n + penalty;
    }
}

/* What best_* and early stopping go by. */
static double monitored(const Loop *loop, const double *row) {
    const Metric metric = loop->val ? METRIC_VAL_LOSS : METRIC_TRAIN_OBJECTIVE;
    return row[metrics_column(loop->metrics, metric)];
}

/* Something overflowed or is NaN: the sum of squares says so, in the precision of the training. */
static bool overflowed(const Loop *loop) {
    real sum = 0;
    for (int64_t i = 0; i < loop->mlp->numbers; i++) sum += loop->numbers[i] * loop->numbers[i];
    return !isfinite(sum);
}

static void next_order(Loop *loop) {
    const TrainerConfig *config = loop->config;
    if (!loop->order || config->replacement) return;
    if (config->shuffle) {
        rng_permutation(&loop->state->rng, loop->order, loop->train->n);
        return;
    }
    for (int64_t i = 0; i < loop->train->n; i++) loop->order[i] = (int32_t)i;
}

static double rate_now(const Loop *loop) {
    const TrainerConfig *config = loop->config;
    return config->optimizer.learning_rate *
           schedule_factor(&config->schedule, loop->state->epoch, loop->epochs, loop->state->step);
}

/* Single rows: as many as come before the epoch, the steps or the hooks want a word. */
static void train_rows(Loop *loop, int64_t interval) {
    LoopState *state = loop->state;
    const int64_t steps = loop->config->steps;
    int64_t count = interval - state->step % interval;
    if (count > loop->batches - state->batch) count = loop->batches - state->batch;
    if (steps > 0 && count > steps - state->step) count = steps - state->step;
    online_load(&loop->online, loop->numbers);
    online_train(&loop->online, loop->train, loop->order, state->batch, count,
                 (real)rate_now(loop));
    online_store(&loop->online, loop->numbers);
    state->batch += count;
    state->step += count;
}

static void train_batch(Loop *loop, Team *team) {
    const TrainerConfig *config = loop->config;
    LoopState *state = loop->state;
    const int64_t n = loop->train->n, first = state->batch * loop->batch_rows;
    NetworkBatch batch = {.part = loop->train,
                          .order = loop->order,
                          .first = first,
                          .count = n - first < loop->batch_rows ? n - first : loop->batch_rows,
                          .seed = config->seed,
                          .step = (uint64_t)state->step};
    if (config->replacement) {
        batch.first = 0;
        batch.count = loop->batch_rows;
        for (int64_t i = 0; i < batch.count; i++) {
            loop->order[i] = (int32_t)rng_below(&state->rng, n);
        }
    }
    network_gradient(&loop->network, loop->grads, loop->numbers, &batch, team);
    const UpdateConfig update = {&config->optimizer, config->l1, config->l2, config->clip_norm};
    const double scale = config->reduction == REDUCTION_MEAN ? 1 / (double)batch.count : 1;
    update_step(loop->numbers, loop->grads, loop->first, loop->second, loop->mlp, &update, scale,
                rate_now(loop), state->step);
    state->step++;
    state->batch++;
}

static void record(Loop *loop, const double *row) {
    LoopState *state = loop->state;
    loop->epoch[state->points] = state->epoch;
    memcpy(loop->history + state->points * loop->columns, row, (size_t)loop->columns * sizeof *row);
    state->points++;
    const double value = monitored(loop, row);
    if (state->best_epoch >= 0 && !(value < state->best_value)) return;
    state->best_value = value;
    state->best_epoch = state->epoch;
    memcpy(loop->best, row, (size_t)loop->columns * sizeof *row);
    if (loop->best_numbers) {
        memcpy(loop->best_numbers, loop->numbers, (size_t)loop->mlp->numbers * sizeof(real));
    }
}

/* True where patience has run out. */
static bool loses_patience(Loop *loop, const double *row) {
    LoopState *state = loop->state;
    const double value = monitored(loop, row);
    if (value < state->stop_value - loop->config->min_delta) {
        state->stop_value = value;
        state->stop_since = 0;
        memcpy(loop->stop_numbers, loop->numbers, (size_t)loop->mlp->numbers * sizeof(real));
        return false;
    }
    return ++state->stop_since >= loop->config->patience;
}

typedef enum EpochEnd { EPOCH_GO_ON, EPOCH_STOP, EPOCH_DIVERGED } EpochEnd;

/* After an epoch's updates: measures what is wanted, records it, decides whether to go on. */
static EpochEnd end_epoch(Loop *loop, double *row, Team *team) {
    const TrainerConfig *config = loop->config;
    LoopState *state = loop->state;
    const bool wanted = trainer_config_records(config, loop->train->n, state->epoch);
    const bool watched = state->epoch >= loop->epochs - VERDICT_WINDOW || config->patience > 0;
    const bool suspect = overflowed(loop);
    if (!wanted && !watched && !suspect) return EPOCH_GO_ON;
    measure(loop, row, team, !wanted && (config->patience == 0 || !loop->val));
    const double objective = row[metrics_column(loop->metrics, METRIC_TRAIN_OBJECTIVE)];
    if (!isfinite(objective)) return EPOCH_DIVERGED;
    for (int64_t i = 0; suspect && i < loop->mlp->numbers; i++) {
        if (!isfinite(loop->numbers[i])) return EPOCH_DIVERGED;
    }
    if (wanted) record(loop, row);
    if (watched) loop->ring[state->window++ % VERDICT_WINDOW] = objective;
    return config->patience > 0 && loses_patience(loop, row) ? EPOCH_STOP : EPOCH_GO_ON;
}

static Verdict verdict(const Loop *loop) {
    const int64_t seen = loop->state->window;
    const int32_t count = (int32_t)(seen < VERDICT_WINDOW ? seen : VERDICT_WINDOW);
    double objective[VERDICT_WINDOW];
    for (int32_t i = 0; i < count; i++) {
        objective[i] = loop->ring[(seen - count + i) % VERDICT_WINDOW];
    }
    return verdict_of(objective, count);
}

static bool begin(Loop *loop, double *draft, Error *err) {
    LoopState *state = loop->state;
    const TrainerConfig *config = loop->config;
    rng_seed(&state->rng, config->seed);
    if (!init_numbers(draft, loop->mlp, &config->init, &config->init_bias, &state->rng, err)) {
        return false;
    }
    set_numbers(loop->numbers, draft, loop->mlp->numbers);
    state->magic = STATE_MAGIC;
    state->best_epoch = -1;
    state->best_value = state->stop_value = HUGE_VAL;
    return true;
}

/* Fills everything but the verdict of a diverged trial, whose values are NaN. */
static void finish(Loop *loop, TrainerResult *result, double *final, double *weights,
                   double *best_weights, bool diverged, Team *team) {
    const TrainerConfig *config = loop->config;
    const LoopState *state = loop->state;
    const int64_t numbers = loop->mlp->numbers;
    const bool restored = loop->stop_numbers && !diverged && isfinite(state->stop_value);
    if (restored) {
        memcpy(loop->numbers, loop->stop_numbers, (size_t)numbers * sizeof(real));
    }
    const bool recorded =
        !restored && state->points > 0 && loop->epoch[state->points - 1] == state->epoch - 1;
    if (recorded && !diverged) {
        memcpy(final, loop->history + (state->points - 1) * loop->columns,
               (size_t)loop->columns * sizeof *final);
    } else if (!diverged) {
        measure(loop, final, team, false);
    }
    for (int32_t i = 0; diverged && i < loop->columns; i++) final[i] = (double)NAN;
    for (int32_t i = 0; (diverged || state->points == 0) && i < loop->columns; i++) {
        loop->best[i] = (double)NAN;
    }
    *result = (TrainerResult){.verdict = diverged ? VERDICT_DIVERGED : verdict(loop),
                              .epochs_run = state->epoch,
                              .best_epoch = state->best_epoch,
                              .metrics = loop->metrics,
                              .points = (int32_t)state->points,
                              .epoch = loop->epoch,
                              .history = loop->history,
                              .final = final,
                              .best = loop->best};
    if (config->weights == WEIGHTS_NONE) return;
    result->numbers = numbers;
    if (config->weights != WEIGHTS_BEST) {
        get_numbers(weights, loop->numbers, numbers);
        result->weights = weights;
    }
    if (config->weights == WEIGHTS_BEST || config->weights == WEIGHTS_BOTH) {
        get_numbers(best_weights, state->best_epoch >= 0 ? loop->best_numbers : loop->numbers,
                    numbers);
        result->best_weights = best_weights;
    }
}

/* Updates between two questions to the hooks: about a tenth of a second's work, at most
 * POLL_UPDATES. */
static int64_t poll_interval(const Loop *loop) {
    const double work = 6.0 * (double)loop->mlp->parameters * (double)loop->batch_rows;
    const double updates = POLL_WORK / work, most = loop->is_online ? 4096 : POLL_UPDATES;
    return updates < 1 ? 1 : updates < most ? (int64_t)updates : (int64_t)most;
}

/* False where the hook says stop. The state is whole here: an update is done, or an epoch
 * closed. */
static bool ask(const Loop *loop, const TrainerHooks *hooks, int64_t interval) {
    if (!hooks || !hooks->poll || loop->state->step % interval != 0) return true;
    const TrainerOrder order = hooks->poll(hooks->context);
    if (order == TRAINER_CHECKPOINT && hooks->checkpoint) {
        hooks->checkpoint(hooks->context, loop->state, loop->state_bytes);
    }
    return order != TRAINER_STOP;
}

static bool train(TrainerResult *result, const TrainerConfig *config, const Mlp *mlp,
                  const KernelParts *parts, Arena *arena, Team *team, const TrainerHooks *hooks,
                  const void *state_given, size_t state_bytes, bool *stopped, Error *err) {
    Loop loop;
    *stopped = false;
    loop_create(&loop, config, mlp, parts->train, parts->val, parts->test, arena);
    double *weights = arena_take(arena, (size_t)mlp->numbers, sizeof(double));
    double *best_weights = arena_take(arena, (size_t)mlp->numbers, sizeof(double));
    double *row = arena_take(arena, (size_t)loop.columns, sizeof(double));
    LoopState *state = loop.state;
    if (state_given && state_bytes == loop.state_bytes) {
        memcpy(state, state_given, state_bytes);
        if (state->magic != STATE_MAGIC) {
            return error_set(err, ERROR_CONFLICT, "checkpoint: not of this program's making");
        }
    } else if (!begin(&loop, weights, err)) {
        return false;
    }
    const int64_t interval = poll_interval(&loop);
    EpochEnd end = EPOCH_GO_ON;
    while (state->epoch < loop.epochs && end == EPOCH_GO_ON) {
        if (state->batch == 0) next_order(&loop);
        if (loop.is_online)
            train_rows(&loop, interval);
        else
            train_batch(&loop, team);
        if (state->batch == loop.batches || state->step == config->steps) {
            end = end_epoch(&loop, row, team);
            state->epoch++;
            state->batch = 0;
        }
        if (end == EPOCH_GO_ON && !ask(&loop, hooks, interval)) {
            *stopped = true;
            return false;
        }
    }
    finish(&loop, result, row, weights, best_weights, end == EPOCH_DIVERGED, team);
    return true;
}

static bool pack(void **part, const Dataset *set, Error *err) {
    Part *made = NULL;
    if (!part_create(&made, set, err)) return false;
    *part = made;
    return true;
}

static void unpack(void *part) {
    part_destroy(part);
}

static size_t bytes(const TrainerConfig *config, const Mlp *mlp, const KernelParts *parts) {
    return loop_bytes(config, mlp, parts->train, parts->val, parts->test);
}

/* A network and a part of its own, for questions outside a training. */
typedef struct Probe {
    Part *part;
    Arena arena;
    Network network;
    real *numbers, *grads;
} Probe;

static void probe_destroy(Probe *probe) {
    part_destroy(probe->part);
    arena_destroy(&probe->arena);
}

static bool probe_create(Probe *probe, const Mlp *mlp, const double *weights, const Dataset *rows,
                         Error *err) {
    *probe = (Probe){0};
    const size_t size =
        network_bytes(mlp, rows->n, rows->n) + 2 * arena_bytes((size_t)mlp->numbers, sizeof(real));
    TRY(part_create(&probe->part, rows, err));
    TRY(arena_create(&probe->arena, size, err));
    network_create(&probe->network, mlp, rows->n, rows->n, &probe->arena);
    probe->numbers = arena_take(&probe->arena, (size_t)mlp->numbers, sizeof(real));
    probe->grads = arena_take(&probe->arena, (size_t)mlp->numbers, sizeof(real));
    set_numbers(probe->numbers, weights, mlp->numbers);
    return true;
fail:
    probe_destroy(probe);
    return false;
}

static bool predict(double *y, const Mlp *mlp, const double *weights, const Dataset *rows,
                    Error *err) {
    Probe probe;
    if (!probe_create(&probe, mlp, weights, rows, err)) return false;
    network_outputs(&probe.network, y, probe.numbers, probe.part);
    probe_destroy(&probe);
    return true;
}

static bool gradient(double *grads, const TrainerConfig *config, const Mlp *mlp,
                     const double *weights, const Dataset *rows, Team *team, Error *err) {
    Probe probe;
    if (!probe_create(&probe, mlp, weights, rows, err)) return false;
    const NetworkBatch batch = {.part = probe.part, .count = rows->n, .seed = config->seed};
    network_gradient(&probe.network, probe.grads, probe.numbers, &batch, team);
    const OptimizerConfig still = {.kind = OPTIMIZER_SGD};
    const UpdateConfig update = {&still, config->l1, config->l2, config->clip_norm};
    const double scale = config->reduction == REDUCTION_MEAN ? 1 / (double)rows->n : 1;
    update_step(probe.numbers, probe.grads, NULL, NULL, mlp, &update, scale, 0, 0);
    get_numbers(grads, probe.grads, mlp->parameters);
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
