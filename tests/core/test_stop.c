/* When a training ends, and how it is judged: steps, early stopping, divergence, the verdict. */
#include "core/trainer.h"

#include "tests/core/small_trial.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void steps_end_a_training_in_mid_epoch(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    TrainerConfig config = small_trial_busy_config(); /* 15 batches an epoch */
    static const struct {
        int64_t steps, epochs, expected;
    } cases[] = {{1, 21, 1},  {14, 21, 1}, {15, 21, 1},  {16, 21, 2}, {31, 21, 3},
                 {45, 21, 3}, {45, 2, 2},  {1000, 4, 4}, {100, 0, 0}, {0, 5, 5}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        config.steps = cases[c].steps;
        config.epochs = cases[c].epochs;
        assert_int_equal(trainer_config_epochs(&config, 100), cases[c].expected);
        SmallTrial trial = small_trial_train(&config, &rows);
        assert_int_equal(trial.result.epochs_run, cases[c].expected);
        assert_int_equal(trial.result.points, cases[c].expected);
        small_trial_destroy(&trial);
    }
    /* the number of updates is exact: 15 steps are an epoch, 14 and 16 are not */
    config.epochs = 21;
    SmallTrial trial[3];
    for (int i = 0; i < 3; i++) {
        config.steps = 14 + i;
        trial[i] = small_trial_train(&config, &rows);
    }
    config.steps = 0;
    config.epochs = 1;
    SmallTrial epoch = small_trial_train(&config, &rows);
    small_trial_assert_same(&epoch, &trial[1]);
    assert_true(memcmp(epoch.result.weights, trial[0].result.weights, 8) != 0);
    assert_true(memcmp(epoch.result.weights, trial[2].result.weights, 8) != 0);
    for (int i = 0; i < 3; i++) small_trial_destroy(&trial[i]);
    small_trial_destroy(&epoch);
    dataset_destroy(&rows);
}

/* The rule, applied to the history of a training without it. */
static int64_t stops_at(const SmallTrial *trial, Metric metric, const TrainerConfig *config,
                        int64_t *best) {
    double value = HUGE_VAL;
    int64_t since = 0;
    *best = 0;
    for (int64_t e = 0; e < trial->result.points; e++) {
        const double now = small_trial_value(trial, e, metric);
        if (now < value - config->min_delta) {
            value = now;
            *best = e;
            since = 0;
        } else if (++since == config->patience) {
            return e;
        }
    }
    return trial->result.points - 1;
}

static void early_stopping_ends_at_its_epoch_and_restores_the_best_weights(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(60, 4, 3, 1), val = small_trial_rows(60, 4, 3, 2);
    static const double deltas[] = {0, 1e-3, 0.02};
    int stopped_early = 0;
    for (int64_t patience = 1; patience <= 16; patience *= 4) {
        for (int d = 0; d < 3; d++) {
            for (int with_val = 0; with_val < 2; with_val++) {
                TrainerConfig config = small_trial_busy_config();
                config.network.batch_norm = d == 1;
                config.optimizer.learning_rate = 0.5;
                config.epochs = 80;
                const Dataset *given = with_val ? &val : NULL;
                const Metric metric = with_val ? METRIC_VAL_LOSS : METRIC_TRAIN_OBJECTIVE;
                SmallTrial free_run =
                    small_trial_run(&config, &rows, given, NULL, &team_serial, NULL, NULL, 0);
                config.patience = patience;
                config.min_delta = deltas[d];
                config.record_every = 1 + patience % 3; /* watched at every epoch all the same */
                int64_t best;
                const int64_t end = stops_at(&free_run, metric, &config, &best);
                SmallTrial trial =
                    small_trial_run(&config, &rows, given, NULL, &team_serial, NULL, NULL, 0);
                assert_int_equal(trial.result.epochs_run, end + 1);
                stopped_early += end + 1 < 80;
                assert_true(small_trial_final(&trial, metric) ==
                            small_trial_value(&free_run, best, metric));
                config.patience = 0;
                config.epochs = best + 1;
                SmallTrial part =
                    small_trial_run(&config, &rows, given, NULL, &team_serial, NULL, NULL, 0);
                small_trial_assert_weights(trial.result.weights, part.result.weights,
                                           part.result.state_size);
                small_trial_destroy(&part);
                small_trial_destroy(&trial);
                small_trial_destroy(&free_run);
            }
        }
    }
    assert_true(stopped_early > 8);
    dataset_destroy(&rows);
    dataset_destroy(&val);
}

static void a_diverging_training_is_a_result(void **state) {
    (void)state;
    Dataset rows = small_trial_numbers(100, 4, 2, 1), test = small_trial_numbers(50, 4, 2, 2);
    for (int dtype = 0; dtype < DTYPE_COUNT; dtype++) {
        static const int64_t sizes[] = {0, 7, 1};
        for (int batches = 0; batches < 3; batches++) {
            TrainerConfig config = small_trial_busy_config();
            config.network.outputs = 2;
            config.network.classes = false;
            config.network.activation = ACTIVATION_RELU;
            config.network.output = ACTIVATION_IDENTITY;
            config.network.loss = LOSS_SQUARED_ERROR;
            config.optimizer.learning_rate = 1e6;
            config.dtype = (Dtype)dtype;
            config.batch_size = sizes[batches];
            config.epochs = 100000;
            config.steps = batches ? 0 : 1000000;
            SmallTrial trial =
                small_trial_run(&config, &rows, NULL, &test, &team_serial, NULL, NULL, 0);
            const TrainerResult *result = &trial.result;
            assert_int_equal(result->verdict, VERDICT_DIVERGED);
            /* the error grows by a factor of some 1e6 an update at least */
            assert_true(result->epochs_run <= (batches ? 5 : 60));
            /* what was recorded before is kept, and finite; the epoch that broke it is not there */
            assert_int_equal(result->points, result->epochs_run - 1);
            const int32_t columns = metrics_count(result->metrics);
            for (int32_t i = 0; i < columns; i++) {
                assert_true(isnan(result->final[i]));
                assert_true(isnan(result->best[i]));
            }
            for (int32_t i = 0; i < columns * result->points; i++) {
                assert_true(isfinite(result->history[i]));
            }
            assert_non_null(result->weights);
            assert_int_equal(result->best_epoch >= 0, result->points > 0);
            /* seldom recorded, it ends in the same epoch */
            config.record_every = 50000;
            SmallTrial seldom =
                small_trial_run(&config, &rows, NULL, &test, &team_serial, NULL, NULL, 0);
            assert_int_equal(seldom.result.verdict, VERDICT_DIVERGED);
            assert_int_equal(seldom.result.epochs_run, result->epochs_run);
            small_trial_destroy(&seldom);
            small_trial_destroy(&trial);
        }
    }
    dataset_destroy(&rows);
    dataset_destroy(&test);
}

/* The judgement looks at every one of the last epochs, whatever is recorded. */
static void the_verdict_does_not_depend_on_what_is_recorded(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    static const double rates[] = {1e-6, 0.01, 0.1, 1, 8};
    static const int64_t every[] = {2, 5, 50, 1000};
    for (int r = 0; r < 10; r++) {
        TrainerConfig config = small_trial_busy_config();
        config.batch_size = r % 2 ? 7 : 0;
        config.optimizer.learning_rate = rates[r / 2];
        config.epochs = 150;
        SmallTrial often = small_trial_train(&config, &rows);
        for (int e = 0; e < 4; e++) {
            config.record_every = every[e];
            SmallTrial seldom = small_trial_train(&config, &rows);
            assert_int_equal(seldom.result.verdict, often.result.verdict);
            assert_int_equal(seldom.result.epochs_run, often.result.epochs_run);
            small_trial_assert_weights(seldom.result.weights, often.result.weights,
                                       often.result.state_size);
            small_trial_destroy(&seldom);
        }
        small_trial_destroy(&often);
    }
    dataset_destroy(&rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_end_a_training_in_mid_epoch),
        cmocka_unit_test(early_stopping_ends_at_its_epoch_and_restores_the_best_weights),
        cmocka_unit_test(a_diverging_training_is_a_result),
        cmocka_unit_test(the_verdict_does_not_depend_on_what_is_recorded),
    };
    return cmocka_run_group_tests_name("stop", tests, NULL, NULL);
}
