#include "core/network/training_state.h"

#include "core/network/network.h"

static int64_t min(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t max(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static int64_t rows_of(const PackedDataset *data) {
    return data ? data->n : 0;
}

/* Sizes that follow from the configuration and the number of rows. */
static void plan(TrainingState *training) {
    const TrainerConfig *config = training->config;
    const int64_t n = training->train->n;
    const bool full = config->batch_size == 0 || (config->batch_size >= n && !config->replacement);
    training->batch_rows = full ? n : config->batch_size;
    training->batches = (n + training->batch_rows - 1) / training->batch_rows;
    training->epochs = trainer_config_epochs(config, n);
    training->capacity = trainer_config_recorded(config, n, NULL);
    training->snapshots = min(config->snapshots, training->epochs);
    training->is_online = training->batch_rows == 1 && n > 1 && !config->replacement &&
                          config->optimizer.kind == OPTIMIZER_SGD &&
                          config->optimizer.momentum == 0 && config->l1 == 0 && config->l2 == 0 &&
                          config->clip_norm == 0 && config->schedule.warmup == 0 &&
                          online_fits(training->mlp);
    training->is_stochastic =
        training->batch_rows < n || config->replacement || config->network.dropout > 0;
    training->metrics = metrics_of_task(training->train->label, training->val, training->test);
    training->columns = metrics_count(training->metrics);
}

static bool shuffles(const TrainingState *training) {
    return training->batch_rows < training->train->n || training->config->replacement;
}

#define LAYOUT_VERSION UINT64_C(3) /* raised when the meaning of the block changes, its sizes not */

/* The next array of the checkpoint, NULL where it is not needed; its size goes into the layout
 * (FNV-1a, a word at a time). */
static void *next_array(TrainingState *training, bool needed, Arena *arena, size_t count,
                        size_t size) {
    const uint64_t words[] = {needed ? count : 0, size};
    for (int i = 0; i < 2; i++)
        training->layout = (training->layout ^ words[i]) * UINT64_C(0x100000001b3);
    return needed ? arena_alloc(arena, count, size) : NULL;
}

/* The arrays of a checkpoint, in its order. */
static void lay_out_checkpoint(TrainingState *training, Arena *arena) {
    const TrainerConfig *config = training->config;
    const OptimizerConfig *optimizer = &config->optimizer;
    const size_t size = (size_t)training->mlp->state_size;
    const size_t parameters = (size_t)training->mlp->parameters;
    const size_t points = (size_t)training->capacity, columns = (size_t)training->columns;
    const bool best = config->weights == WEIGHTS_BEST || config->weights == WEIGHTS_BOTH;
    const bool moment1 = optimizer_has_moment1(optimizer);
    const bool moment2 = optimizer_has_moment2(optimizer);
    const bool swapped = optimizer->kind == OPTIMIZER_RMSPROP;
    const size_t rows = (size_t)max(training->train->n, training->batch_rows);
    const size_t before = arena->used;
    training->layout = LAYOUT_VERSION;
    training->progress = next_array(training, true, arena, 1, sizeof *training->progress);
    training->state = next_array(training, true, arena, size, sizeof(real));
    if (swapped) training->moment2 = next_array(training, moment2, arena, parameters, sizeof(real));
    training->moment1 = next_array(training, moment1, arena, parameters, sizeof(real));
    if (!swapped)
        training->moment2 = next_array(training, moment2, arena, parameters, sizeof(real));
    training->best_state = next_array(training, best, arena, size, sizeof(real));
    training->stop_state = next_array(training, config->patience > 0, arena, size, sizeof(real));
    training->order =
        next_array(training, shuffles(training), arena, rows, sizeof *training->order);
    training->ring = next_array(training, true, arena, VERDICT_WINDOW, sizeof *training->ring);
    const bool cycles = !training->is_stochastic;
    training->cosines =
        next_array(training, cycles, arena, VERDICT_CYCLE, sizeof *training->cosines);
    training->previous = next_array(training, cycles, arena, parameters, sizeof(real));
    training->displacement = next_array(training, cycles, arena, parameters, sizeof(real));
    training->epoch = next_array(training, true, arena, points, sizeof *training->epoch);
    training->history =
        next_array(training, true, arena, points * columns, sizeof *training->history);
    training->best = next_array(training, true, arena, columns, sizeof *training->best);
    training->snapshot = next_array(training, training->snapshots > 0, arena,
                                    (size_t)training->snapshots, size * sizeof *training->snapshot);
    training->checkpoint_bytes = arena->used - before;
}

static int64_t evaluate_rows(const TrainingState *training) {
    return max(training->train->n, max(rows_of(training->val), rows_of(training->test)));
}

/* Which epochs are recorded, and of which the weights are kept. */
static void list_epochs(TrainingState *training, Arena *arena) {
    const TrainerConfig *config = training->config;
    const size_t snapshots = (size_t)training->snapshots;
    training->recorded = arena_alloc(arena, (size_t)training->capacity, sizeof *training->recorded);
    if (snapshots > 0)
        training->snapshot_epoch = arena_alloc(arena, snapshots, sizeof *training->snapshot_epoch);
    if (!training->recorded) return; /* measured */
    trainer_config_recorded(config, training->train->n, training->recorded);
    trainer_config_spread(training->snapshot_epoch, training->snapshots, EPOCH_SCALE_LOG,
                          training->epochs - 1);
}

void training_state_create(TrainingState *training, const TrainerConfig *config, const Mlp *mlp,
                           PackedSplits splits, Arena *arena) {
    *training = (TrainingState){.config = config,
                                .mlp = mlp,
                                .train = splits.train,
                                .val = splits.val,
                                .test = splits.test};
    plan(training);
    lay_out_checkpoint(training, arena);
    list_epochs(training, arena);
    training->grads = arena_alloc_raw(arena, (size_t)mlp->parameters, sizeof *training->grads);
    network_plan_create(&training->network, mlp, training->batch_rows, evaluate_rows(training),
                        arena);
    training->is_deferred = training->batches == 1 && !shuffles(training) &&
                            network_measures_gradients(&training->network);
    if (training->is_online) online_create(&training->online, mlp, arena);
    const size_t size = (size_t)mlp->state_size, columns = (size_t)training->columns;
    training->weights = arena_alloc_raw(arena, size, sizeof *training->weights);
    training->best_weights = arena_alloc_raw(arena, size, sizeof *training->best_weights);
    training->row = arena_alloc(arena, columns, sizeof *training->row);
}
