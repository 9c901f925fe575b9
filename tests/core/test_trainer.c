/* What a training promises beside its arithmetic: what is recorded and kept, both precisions, and
 * what it refuses. */
#include "core/trainer.h"

#include "tests/core/naive_network.h"
#include "tests/core/small_trial.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- precision ---- */

static void float32_follows_float64(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(300, 4, 3, 1), test = small_trial_rows(200, 4, 3, 2);
    for (int kind = 0; kind < OPTIMIZER_COUNT; kind++) {
        TrainerConfig config = small_trial_config(4, 16, 3);
        config.optimizer.kind = (Optimizer)kind;
        config.optimizer.momentum = 0.5;
        config.optimizer.learning_rate = kind == OPTIMIZER_SGD ? 0.1 : 0.01;
        config.optimizer.weight_decay = 0.01;
        config.network.batch_norm = kind == OPTIMIZER_SGD;
        config.network.dropout = kind == OPTIMIZER_ADAM ? 0.25 : 0;
        config.l2 = 1e-3;
        config.batch_size = 50;
        config.epochs = 20;
        SmallTrial wide = small_trial_run(&config, &rows, NULL, &test, &team_serial, NULL, NULL, 0);
        config.dtype = DTYPE_FLOAT32;
        SmallTrial narrow =
            small_trial_run(&config, &rows, NULL, &test, &team_serial, NULL, NULL, 0);
        for (int64_t e = 0; e < 20; e++) {
            static const Metric metrics[] = {METRIC_TRAIN_OBJECTIVE, METRIC_TEST_LOSS};
            for (int m = 0; m < 2; m++) {
                const double a = small_trial_value(&wide, e, metrics[m]);
                const double b = small_trial_value(&narrow, e, metrics[m]);
                if (fabs(a - b) > 1e-4) {
                    fail_msg("%s, epoch %d: %.9g and %.9g", OPTIMIZER_NAMES[kind], (int)e, a, b);
                }
            }
        }
        assert_true(memcmp(wide.result.weights, narrow.result.weights, 8) != 0);
        small_trial_destroy(&wide);
        small_trial_destroy(&narrow);
    }
    dataset_destroy(&rows);
    dataset_destroy(&test);
}

/* ---- what is kept ---- */

static void no_epochs_give_the_metrics_of_the_start(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    TrainerConfig config = small_trial_busy_config();
    config.epochs = 0;
    const double values[200] = {[50] = 1};
    config.init = (InitConfig){.kind = INIT_VALUES, .values = values, .value_count = 113};
    SmallTrial trial = small_trial_train(&config, &rows);
    const TrainerResult *result = &trial.result;
    assert_int_equal(result->points, 0);
    assert_int_equal(result->epochs_run, 0);
    assert_int_equal(result->best_epoch, -1);
    assert_int_equal(result->verdict, VERDICT_NOT_TRAINED);
    assert_int_equal(result->state_size, 113);
    small_trial_assert_weights(result->weights, values, 113);
    small_trial_assert_weights(result->best_weights, values, 113);
    assert_true(fabs(small_trial_final(&trial, METRIC_TRAIN_LOSS) - log(3)) < 1e-15);
    for (int i = 0; i < metrics_count(result->metrics); i++) {
        assert_true(isfinite(result->final[i]));
        assert_true(isnan(result->best[i]));
    }
    small_trial_destroy(&trial);
    dataset_destroy(&rows);
}

/* As numpy.argmax has it: of equal outputs the first class. With zeros for weights all outputs
 * are equal. */
static void equal_outputs_are_the_first_class(void **state) {
    (void)state;
    for (int32_t classes = 2; classes <= 3; classes++) {
        Dataset rows = small_trial_rows(100, 2, classes, 1);
        TrainerConfig config = small_trial_config(2, 5, classes);
        config.init = (InitConfig){.kind = INIT_ZEROS};
        config.epochs = 0;
        int first = 0;
        for (int64_t i = 0; i < rows.n; i++) first += rows.label[i] == 0;
        assert_true(first > 0 && first != rows.n - first);
        SmallTrial trial = small_trial_train(&config, &rows);
        assert_true(small_trial_final(&trial, METRIC_TRAIN_ACCURACY) == (double)first / 100);
        small_trial_destroy(&trial);
        dataset_destroy(&rows);
    }
}

/* ---- what is refused ---- */

/* Whatever the order and the batches: with so small a rate an epoch is one step of the whole set's
 * gradient. A row taken twice, another never, would not be. */
static void check_epoch_takes_every_row_once(const Dataset *rows) {
    const double rate = 1e-6;
    TrainerConfig config = small_trial_config(rows->inputs, 9, 3);
    config.network.classes = rows->label;
    if (!rows->label) {
        config.network.output = ACTIVATION_IDENTITY;
        config.network.loss = LOSS_SQUARED_ERROR;
    }
    config.reduction = REDUCTION_SUM;
    config.optimizer.learning_rate = rate;
    config.batch_size = 11;
    config.shuffle = true;
    SmallTrial after = small_trial_train(&config, rows);
    config.epochs = 0;
    SmallTrial before = small_trial_train(&config, rows);
    const int64_t numbers = before.result.state_size;
    double *grads = calloc((size_t)numbers, sizeof *grads), largest = 0;
    Error err = {0};
    assert_non_null(grads);
    assert_true(trainer_gradient(grads, &config, before.result.weights, rows, &team_serial, &err));
    for (int64_t k = 0; k < numbers; k++) largest = fmax(largest, fabs(grads[k]));
    for (int64_t k = 0; k < numbers; k++) {
        const double got = (before.result.weights[k] - after.result.weights[k]) / rate;
        /* the weights move by the rate times a gradient below 1000: by less than 1e-3 of theirs */
        if (!(fabs(got - grads[k]) <= 1e-3 * largest)) {
            fail_msg("weight %d: %.9g, of all rows %.9g", (int)k, got, grads[k]);
        }
    }
    free(grads);
    small_trial_destroy(&after);
    small_trial_destroy(&before);
}

static void an_epoch_takes_every_row_once(void **state) {
    (void)state;
    static const int32_t inputs[] = {3, 64, 65, 100}; /* kept by columns; too many for that */
    for (int i = 0; i < 4; i++) {
        Dataset classes = small_trial_rows(50, inputs[i], 3, 1),
                numbers = small_trial_numbers(50, inputs[i], 3, 2);
        check_epoch_takes_every_row_once(&classes);
        check_epoch_takes_every_row_once(&numbers);
        dataset_destroy(&classes);
        dataset_destroy(&numbers);
    }
}

static void data_that_cannot_be_trained_on_are_refused(void **state) {
    (void)state;
    Dataset good = small_trial_rows(10, 4, 3, 1), bad = small_trial_rows(10, 4, 3, 2),
            narrow = small_trial_rows(10, 3, 3, 3), numbers = small_trial_numbers(10, 4, 3, 4),
            more = small_trial_rows(10, 4, 5, 4), wide = small_trial_numbers(10, 4, 2, 4);
    TrainerData *data = NULL;
    Error err = {0};
    bad.x[17] = (double)NAN;
    assert_false(trainer_data_create(&data, &bad, NULL, NULL, DTYPE_FLOAT64, &err));
    assert_non_null(strstr(err.text, "training data"));
    err = (Error){0};
    assert_false(trainer_data_create(&data, &good, NULL, &bad, DTYPE_FLOAT64, &err));
    assert_non_null(strstr(err.text, "test data"));
    bad.x[17] = 0;
    bad.label[3] = 3;
    assert_false(trainer_data_create(&data, &good, &bad, NULL, DTYPE_FLOAT32, NULL));
    const Dataset *const strangers[] = {&narrow, &numbers, &more};
    for (int i = 0; i < 3; i++) {
        err = (Error){0};
        assert_false(trainer_data_create(&data, &good, NULL, strangers[i], DTYPE_FLOAT64, &err));
        assert_non_null(strstr(err.text, "test data"));
        assert_null(data);
    }
    assert_false(trainer_data_create(&data, &numbers, &wide, NULL, DTYPE_FLOAT64, NULL));
    trainer_data_destroy(NULL);
    Dataset *all[] = {&good, &bad, &narrow, &numbers, &more, &wide};
    for (int i = 0; i < 6; i++) dataset_destroy(all[i]);
}

static void a_network_that_does_not_fit_the_data_is_refused(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(10, 4, 3, 1);
    TrainerConfig configs[6];
    for (int i = 0; i < 6; i++) configs[i] = small_trial_config(4, 5, 3);
    configs[0].network.inputs = 5;
    configs[1].network.outputs = 2;
    configs[2].network.classes = false;
    configs[2].network.loss = LOSS_SQUARED_ERROR;
    configs[3].network.activation = ACTIVATION_SOFTMAX;
    configs[4].network.hidden[0] = 0;
    const double values[3] = {0};
    configs[5].init = (InitConfig){.kind = INIT_VALUES, .values = values, .value_count = 3};
    for (int i = 0; i < 6; i++) {
        TrainerData *data = NULL;
        Arena arena;
        TrainerResult result;
        Error err = {0};
        bool stopped = false;
        assert_true(trainer_data_create(&data, &rows, NULL, NULL, DTYPE_FLOAT64, &err));
        assert_true(arena_create(&arena, trainer_bytes(&configs[i], data), &err));
        assert_false(trainer_train(&result, &configs[i], data,
                                   (TrainerWorker){&arena, &team_serial, NULL},
                                   (TrainerCheckpoint){0}, &stopped, &err));
        assert_false(stopped);
        assert_int_equal(err.kind, ERROR_USAGE);
        arena_destroy(&arena);
        trainer_data_destroy(data);
    }
    dataset_destroy(&rows);
}

static void the_level_of_the_kernels_can_be_forced_and_is_checked(void **state) {
    (void)state;
    const char *given = getenv("RUNNER_ISA");
    char *before = given ? strdup(given) : NULL;
    Error err = {0};
    setenv("RUNNER_ISA", "portable", 1);
    assert_true(trainer_isa_check(&err));
    assert_string_equal(trainer_isa(), "portable");
    assert_string_equal(trainer_arithmetic(), "portable");
    setenv("RUNNER_ISA", "v5", 1);
    assert_false(trainer_isa_check(&err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_non_null(strstr(err.text, "portable"));
    setenv("RUNNER_ISA", "", 1);
    err = (Error){0};
    assert_true(trainer_isa_check(&err));
    if (strcmp(trainer_isa(), "portable") != 0) assert_string_equal(trainer_arithmetic(), "fma");
    if (before)
        setenv("RUNNER_ISA", before, 1);
    else
        unsetenv("RUNNER_ISA");
    free(before);
}

/* Levels 4 and 3 are one arithmetic class: the same bits. Where the machine has no level 4,
 * trainer_v4 emulates it. */
static void assert_levels_agree(const TrainerConfig *config, const Dataset *rows) {
    setenv("RUNNER_ISA", "v4", 1);
    SmallTrial four = small_trial_train(config, rows);
    setenv("RUNNER_ISA", "v3", 1);
    SmallTrial three = small_trial_train(config, rows);
    small_trial_assert_same(&four, &three);
    small_trial_destroy(&four);
    small_trial_destroy(&three);
}

static void levels_of_one_class_give_the_same_bits(void **state) {
    (void)state;
    const char *given = getenv("RUNNER_ISA");
    char *before = given ? strdup(given) : NULL;
    setenv("RUNNER_ISA", "v4", 1);
    const bool has_v4 = trainer_isa_check(NULL);
    Dataset rows = small_trial_rows(100, 4, 3, 1), two = small_trial_rows(101, 2, 2, 1);
    for (int activation = 0; has_v4 && activation < ACTIVATION_SOFTMAX; activation++) {
        for (int options = 0; options < 4; options++) {
            TrainerConfig config = small_trial_busy_config();
            config.network.activation = (Activation)activation;
            config.network.batch_norm = options & 1;
            config.dtype = options & 2 ? DTYPE_FLOAT32 : DTYPE_FLOAT64;
            assert_levels_agree(&config, &rows);
            /* the fused kernels: one hidden layer of few inputs, in batches and a row at a time */
            config = small_trial_config(2, 5 + 3 * options, 2);
            config.network.activation = (Activation)activation;
            config.dtype = options & 2 ? DTYPE_FLOAT32 : DTYPE_FLOAT64;
            config.batch_size = options & 1 ? 1 : 33;
            config.shuffle = true;
            config.epochs = 5;
            assert_levels_agree(&config, &two);
        }
    }
    dataset_destroy(&rows);
    dataset_destroy(&two);
    if (before)
        setenv("RUNNER_ISA", before, 1);
    else
        unsetenv("RUNNER_ISA");
    free(before);
}

static void cost_grows_with_everything_that_takes_time(void **state) {
    (void)state;
    TrainerConfig config = small_trial_config(4, 5, 3), more = config;
    config.epochs = more.epochs = 10;
    const double cost = trainer_cost(&config, 100, 50, 4);
    assert_true(cost > 0);
    more.network.hidden[0] = 6;
    assert_true(trainer_cost(&more, 100, 50, 4) > cost);
    assert_true(trainer_cost(&config, 101, 50, 4) > cost);
    assert_true(trainer_cost(&config, 100, 51, 4) > cost);
    assert_true(trainer_cost(&config, 100, 50, 5) > cost);
    config.epochs = 11;
    assert_true(trainer_cost(&config, 100, 50, 4) > cost);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(float32_follows_float64),
        cmocka_unit_test(no_epochs_give_the_metrics_of_the_start),
        cmocka_unit_test(equal_outputs_are_the_first_class),
        cmocka_unit_test(an_epoch_takes_every_row_once),
        cmocka_unit_test(data_that_cannot_be_trained_on_are_refused),
        cmocka_unit_test(a_network_that_does_not_fit_the_data_is_refused),
        cmocka_unit_test(the_level_of_the_kernels_can_be_forced_and_is_checked),
        cmocka_unit_test(levels_of_one_class_give_the_same_bits),
        cmocka_unit_test(cost_grows_with_everything_that_takes_time),
    };
    return cmocka_run_group_tests_name("trainer", tests, NULL, NULL);
}
