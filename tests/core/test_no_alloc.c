/* A training allocates nothing; and where memory is short before it, that is an error, and nothing
 * leaks. The linker leads malloc and its kin here (--wrap). */
#include "tests/core/small_trial.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void __wrap_free(void *block);

/* Allocations since the last reset, blocks alive, and which allocation is to fail (0: none). */
static int64_t allocations, alive, failing;

static bool fails(void) {
    return ++allocations == failing;
}

static void *counted(void *block) {
    if (block) alive++;
    return block;
}

void *__wrap_malloc(size_t size) {
    return fails() ? NULL : counted(__real_malloc(size));
}
void *__wrap_calloc(size_t count, size_t size) {
    return fails() ? NULL : counted(__real_calloc(count, size));
}
void *__wrap_realloc(void *block, size_t size) {
    if (fails()) return NULL;
    void *grown = __real_realloc(block, size);
    if (!block) counted(grown);
    return grown;
}
void *__wrap_aligned_alloc(size_t alignment, size_t size) {
    return fails() ? NULL : counted(__real_aligned_alloc(alignment, size));
}
void __wrap_free(void *block) {
    if (block) alive--;
    __real_free(block);
}

static void count_from(int64_t failing_one) {
    allocations = 0;
    failing = failing_one;
}

static TrainerOrder go_on(void *context) {
    (void)context;
    return TRAINER_CHECKPOINT;
}

static void look_at(void *context, const void *state, size_t bytes) {
    (void)state;
    *(size_t *)context = bytes;
}

static void a_training_allocates_nothing(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(3000, 70, 3, 1), test = small_trial_rows(500, 70, 3, 2);
    for (int options = 0; options < 10; options++) {
        TrainerConfig config = small_trial_config(70, 40, 3);
        config.network.batch_norm = options & 1;
        config.network.dropout = options < 8 ? 0.5 : 0;
        config.dtype = options & 2 ? DTYPE_FLOAT32 : DTYPE_FLOAT64;
        config.optimizer.kind = OPTIMIZER_ADAM;
        config.optimizer.learning_rate = 0.01;
        config.batch_size = options & 4 ? 64 : 0;
        config.replacement = options == 7;
        if (options >= 8) config.batch_size = 1, config.optimizer.kind = OPTIMIZER_SGD;
        config.epochs = options < 8 ? 3 : 2;
        config.patience = 2;
        config.weights = WEIGHTS_BOTH;
        TrainerData *data = NULL;
        Arena arena;
        TrainerResult result;
        Error err = {0};
        bool stopped = false;
        size_t seen = 0;
        const TrainerHooks hooks = {.poll = go_on, .checkpoint = look_at, .context = &seen};
        assert_true(trainer_data_create(&data, &rows, &test, &test, config.dtype, &err));
        assert_true(arena_create(&arena, trainer_bytes(&config, data), &err));
        count_from(0);
        const bool done =
            trainer_train(&result, &config, data, (TrainerWorker){&arena, &team_serial, &hooks},
                          (TrainerCheckpoint){0}, &stopped, &err);
        const int64_t counted_here = allocations;
        assert_true(done);
        assert_int_equal(counted_here, 0);
        assert_true(options < 4 || seen > 0);
        arena_destroy(&arena);
        trainer_data_destroy(data);
    }
    dataset_destroy(&rows);
    dataset_destroy(&test);
}

/* The first, the second, ... allocation fails until none is left to fail. `work` says whether it
 * got through, and takes back what it made. */
static void starve(bool (*work)(void *context, Error *err), void *context) {
    const int64_t before = alive;
    int64_t failures = 0;
    for (int64_t i = 1; i < 1000; i++) {
        Error err = {0};
        count_from(i);
        const bool done = work(context, &err);
        const bool reached = allocations >= i;
        count_from(0);
        assert_int_equal(alive, before);
        if (done) {
            assert_false(reached); /* a failure went unnoticed */
            assert_true(failures >= 3);
            return;
        }
        assert_true(reached);
        assert_int_equal(err.kind, ERROR_RESOURCE);
        assert_true(err.text[0] != '\0');
        failures++;
    }
    fail_msg("there is no end to it");
}

typedef struct Sets {
    const Dataset *train, *val, *test;
    Dtype dtype;
} Sets;

static bool make_data(void *context, Error *err) {
    const Sets *sets = context;
    TrainerData *data = NULL;
    const bool done =
        trainer_data_create(&data, sets->train, sets->val, sets->test, sets->dtype, err);
    assert_int_equal(done, !!data);
    trainer_data_destroy(data);
    return done;
}

static void data_without_memory_are_an_error_and_no_leak(void **state) {
    (void)state;
    Dataset classes = small_trial_rows(20, 3, 2, 1), wide = small_trial_rows(20, 100, 2, 2),
            numbers = small_trial_numbers(20, 3, 2, 3);
    for (int dtype = 0; dtype < DTYPE_COUNT; dtype++) {
        starve(make_data, &(Sets){&classes, &classes, &classes, (Dtype)dtype});
        starve(make_data, &(Sets){&wide, NULL, &wide, (Dtype)dtype});
        starve(make_data, &(Sets){&numbers, &numbers, NULL, (Dtype)dtype});
    }
    dataset_destroy(&classes);
    dataset_destroy(&wide);
    dataset_destroy(&numbers);
}

static bool predict(void *context, Error *err) {
    static const double weights[200], x[60];
    double y[60];
    return trainer_predict(y, context, weights, x, 20, err);
}

static bool differentiate(void *context, Error *err) {
    static const double weights[200];
    static double x[60], grads[200];
    static int32_t label[20];
    const Dataset rows = {.n = 20, .inputs = 3, .outputs = 3, .x = x, .label = label};
    return trainer_gradient(grads, context, weights, &rows, &team_serial, err);
}

static void predictions_and_gradients_without_memory_are_an_error_and_no_leak(void **state) {
    (void)state;
    TrainerConfig config = small_trial_config(3, 5, 3);
    for (int dtype = 0; dtype < DTYPE_COUNT; dtype++) {
        config.dtype = (Dtype)dtype;
        starve(predict, &config);
        starve(differentiate, &config);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_training_allocates_nothing),
        cmocka_unit_test(data_without_memory_are_an_error_and_no_leak),
        cmocka_unit_test(predictions_and_gradients_without_memory_are_an_error_and_no_leak),
    };
    return cmocka_run_group_tests_name("no_alloc", tests, NULL, NULL);
}
