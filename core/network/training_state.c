#include "core/network/training_state.h"

#include <assert.h>

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
    training->capacity = trainer_config_record_count(config, n);
    training->is_online = training->batch_rows == 1 && n > 1 && !config->replacement &&
                          config->optimizer.kind == OPTIMIZER_SGD &&
                          config->optimizer.momentum == 0 && config->l1 == 0 && config->l2 == 0 &&
                          config->clip_norm == 0 && config->schedule.warmup == 0 &&
                          online_fits(training->mlp);
    training->metrics =
        metrics_of_task(training->train->label != NULL, training->val, training->test);
    training->columns = metrics_count(training->metrics);
}

static bool shuffles(const TrainingState *training) {
    return training->batch_rows < training->train->n || training->config->replacement;
}

/* Takes every array from the arena, or, where arena is NULL, only adds up what they take. */
static size_t lay_out(TrainingState *training, Arena *arena) {
    const TrainerConfig *config = training->config;
    const size_t state = (size_t)training->mlp->state_size,
                 parameters = (size_t)training->mlp->parameters;
    const bool has_moment1 = optimizer_has_moment1(&config->optimizer);
    const bool has_moment2 = optimizer_has_moment2(&config->optimizer);
    const bool swapped =
        config->optimizer.kind == OPTIMIZER_RMSPROP; /* s, v: the order of its checkpoints */
    const bool best = config->weights == WEIGHTS_BEST || config->weights == WEIGHTS_BOTH;
    const size_t points = (size_t)training->capacity, columns = (size_t)training->columns;
    size_t order = 0;
    if (shuffles(training)) order = (size_t)max(training->train->n, training->batch_rows);
    size_t bytes = 0;
    bool overflow = false;
#define TAKE(pointer, count)                                                                       \
    do {                                                                                           \
        const size_t piece = (count) > 0 ? arena_bytes((count), sizeof *(pointer)) : 0;            \
        overflow = overflow || __builtin_add_overflow(bytes, piece, &bytes);                       \
        if (arena && (count) > 0) (pointer) = arena_alloc(arena, (count), sizeof *(pointer));      \
    } while (0)
    TAKE(training->progress, 1);
    TAKE(training->state, state);
    if (swapped) TAKE(training->moment2, has_moment2 ? parameters : 0);
    TAKE(training->moment1, has_moment1 ? parameters : 0);
    if (!swapped) TAKE(training->moment2, has_moment2 ? parameters : 0);
    TAKE(training->best_state, best ? state : 0);
    TAKE(training->stop_state, config->patience > 0 ? state : 0);
    TAKE(training->order, order);
    TAKE(training->ring, (size_t)VERDICT_WINDOW);
    TAKE(training->epoch, points);
    TAKE(training->history, points * columns);
    TAKE(training->best, columns);
    training->checkpoint_bytes = bytes;
    TAKE(training->grads, parameters);
#undef TAKE
    return overflow ? SIZE_MAX : bytes;
}

static int64_t evaluate_rows(const TrainingState *training) {
    return max(training->train->n, max(rows_of(training->val), rows_of(training->test)));
}

size_t training_state_bytes(const TrainerConfig *config, const Mlp *mlp, const PackedDataset *train,
                            const PackedDataset *val, const PackedDataset *test) {
    TrainingState training = {
        .config = config, .mlp = mlp, .train = train, .val = val, .test = test};
    plan(&training);
    size_t bytes = lay_out(&training, NULL);
    const size_t results = 2 * arena_bytes((size_t)mlp->state_size, sizeof(double)) +
                           arena_bytes((size_t)training.columns, sizeof(double));
    const size_t network = network_plan_bytes(mlp, training.batch_rows, evaluate_rows(&training));
    if (__builtin_add_overflow(bytes, results, &bytes)) return SIZE_MAX;
    if (__builtin_add_overflow(bytes, network, &bytes)) return SIZE_MAX;
    if (training.is_online && __builtin_add_overflow(bytes, online_bytes(mlp), &bytes))
        return SIZE_MAX;
    return bytes;
}

void training_state_create(TrainingState *training, const TrainerConfig *config, const Mlp *mlp,
                           const PackedDataset *train, const PackedDataset *val,
                           const PackedDataset *test, Arena *arena) {
    *training =
        (TrainingState){.config = config, .mlp = mlp, .train = train, .val = val, .test = test};
    plan(training);
    lay_out(training, arena);
    network_plan_create(&training->network, mlp, training->batch_rows, evaluate_rows(training),
                        arena);
    if (training->is_online) online_create(&training->online, mlp, arena);
}
