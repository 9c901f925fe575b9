#include "core/network/training_state.h"

#include <assert.h>

static int64_t most(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static int64_t rows_of(const Part *part) {
    return part ? part->n : 0;
}

/* Sizes that follow from the configuration and the number of rows. */
static void plan(Loop *loop) {
    const TrainerConfig *config = loop->config;
    const int64_t n = loop->train->n;
    const bool full = config->batch_size == 0 || (config->batch_size >= n && !config->replacement);
    loop->batch_rows = full ? n : config->batch_size;
    loop->batches = (n + loop->batch_rows - 1) / loop->batch_rows;
    loop->epochs = trainer_config_epochs(config, n);
    loop->capacity = trainer_config_record_count(config, n);
    loop->is_online = loop->batch_rows == 1 && n > 1 && !config->replacement &&
                      config->optimizer.kind == OPTIMIZER_SGD && config->optimizer.momentum == 0 &&
                      config->l1 == 0 && config->l2 == 0 && config->clip_norm == 0 &&
                      config->schedule.warmup == 0 && online_fits(loop->mlp);
    loop->metrics = metrics_of_task(loop->train->label != NULL, loop->val, loop->test);
    loop->columns = metrics_count(loop->metrics);
}

static bool shuffles(const Loop *loop) {
    return loop->batch_rows < loop->train->n || loop->config->replacement;
}

/* Takes every array from the arena, or, where arena is NULL, only adds up what they take. */
static size_t lay_out(Loop *loop, Arena *arena) {
    const TrainerConfig *config = loop->config;
    const size_t numbers = (size_t)loop->mlp->numbers, parameters = (size_t)loop->mlp->parameters;
    const int32_t states = optimizer_states(&config->optimizer);
    const bool best = config->weights == WEIGHTS_BEST || config->weights == WEIGHTS_BOTH;
    const size_t points = (size_t)loop->capacity, columns = (size_t)loop->columns;
    size_t order = 0;
    if (shuffles(loop)) order = (size_t)most(loop->train->n, loop->batch_rows);
    size_t bytes = 0;
    bool overflow = false;
#define TAKE(pointer, count)                                                                       \
    do {                                                                                           \
        const size_t piece = (count) > 0 ? arena_bytes((count), sizeof *(pointer)) : 0;            \
        overflow = overflow || __builtin_add_overflow(bytes, piece, &bytes);                       \
        if (arena && (count) > 0) (pointer) = arena_take(arena, (count), sizeof *(pointer));       \
    } while (0)
    TAKE(loop->state, 1);
    TAKE(loop->numbers, numbers);
    TAKE(loop->first, states > 0 ? parameters : 0);
    TAKE(loop->second, states > 1 ? parameters : 0);
    TAKE(loop->best_numbers, best ? numbers : 0);
    TAKE(loop->stop_numbers, config->patience > 0 ? numbers : 0);
    TAKE(loop->order, order);
    TAKE(loop->ring, (size_t)VERDICT_WINDOW);
    TAKE(loop->epoch, points);
    TAKE(loop->history, points * columns);
    TAKE(loop->best, columns);
    loop->state_bytes = bytes;
    TAKE(loop->grads, parameters);
#undef TAKE
    return overflow ? SIZE_MAX : bytes;
}

static int64_t evaluate_rows(const Loop *loop) {
    return most(loop->train->n, most(rows_of(loop->val), rows_of(loop->test)));
}

size_t loop_bytes(const TrainerConfig *config, const Mlp *mlp, const Part *train, const Part *val,
                  const Part *test) {
    Loop loop = {.config = config, .mlp = mlp, .train = train, .val = val, .test = test};
    plan(&loop);
    size_t bytes = lay_out(&loop, NULL);
    const size_t results = 2 * arena_bytes((size_t)mlp->numbers, sizeof(double)) +
                           arena_bytes((size_t)loop.columns, sizeof(double));
    const size_t network = network_bytes(mlp, loop.batch_rows, evaluate_rows(&loop));
    if (__builtin_add_overflow(bytes, results, &bytes)) return SIZE_MAX;
    if (__builtin_add_overflow(bytes, network, &bytes)) return SIZE_MAX;
    if (loop.is_online && __builtin_add_overflow(bytes, online_bytes(mlp), &bytes)) return SIZE_MAX;
    return bytes;
}

void loop_create(Loop *loop, const TrainerConfig *config, const Mlp *mlp, const Part *train,
                 const Part *val, const Part *test, Arena *arena) {
    *loop = (Loop){.config = config, .mlp = mlp, .train = train, .val = val, .test = test};
    plan(loop);
    lay_out(loop, arena);
    network_create(&loop->network, mlp, loop->batch_rows, evaluate_rows(loop), arena);
    if (loop->is_online) online_create(&loop->online, mlp, arena);
}
