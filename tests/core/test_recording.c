/* What is recorded of a training and which weights are kept: the epochs that were asked for,
 * snapshots on the way, the same values whoever measures them. */
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

static void history_has_the_epochs_that_were_asked_for(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(30, 4, 3, 1);
    static const int64_t named[] = {0, 1, 7, 10, 22, 90};
    static const int64_t every[] = {1, 2, 5, 10, 100};
    for (int e = 0; e < 5; e++) {
        for (int64_t epochs = 0; epochs <= 23; epochs++) {
            for (int32_t also = 0; also <= 6; also += 3) {
                TrainerConfig config = small_trial_config(4, 3, 3);
                config.epochs = epochs;
                config.record_every = every[e];
                config.record_also = named;
                config.record_also_count = also;
                SmallTrial trial = small_trial_train(&config, &rows);
                int32_t points = 0;
                for (int64_t epoch = 0; epoch < epochs; epoch++) {
                    bool wanted = epoch % every[e] == 0 || epoch == epochs - 1;
                    for (int32_t i = 0; i < also; i++) wanted = wanted || named[i] == epoch;
                    if (!wanted) continue;
                    assert_true(points < trial.result.points);
                    assert_int_equal(trial.result.epoch[points], epoch);
                    points++;
                }
                assert_int_equal(points, trial.result.points);
                assert_int_equal(points, trainer_config_recorded(&config, 30, NULL));
                small_trial_destroy(&trial);
            }
        }
    }
    dataset_destroy(&rows);
}

/* Snapshots are the weights of trainings that end there, and change nothing else. */
static void a_snapshot_is_the_end_of_a_shorter_training(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    static const int64_t batch[] = {0, 7, 1};
    for (int variant = 0; variant < 6; variant++) {
        TrainerConfig config = small_trial_busy_config();
        config.batch_size = batch[variant % 3];
        config.dtype = variant < 3 ? DTYPE_FLOAT64 : DTYPE_FLOAT32;
        config.network.batch_norm = variant == 4;
        config.weights = WEIGHTS_FINAL;
        config.record_every = 0;
        config.record_points = 4;
        SmallTrial plain = small_trial_train(&config, &rows);
        assert_int_equal(plain.result.snapshots, 0);
        config.snapshots = 6;
        SmallTrial watched = small_trial_train(&config, &rows);
        const TrainerResult *result = &watched.result;
        assert_int_equal(result->snapshots, 6);
        small_trial_assert_weights(plain.result.weights, result->weights, result->state_size);
        for (int32_t s = 0; s < 6; s++) {
            config.epochs = result->snapshot_epoch[s] + 1;
            SmallTrial ended = small_trial_train(&config, &rows);
            small_trial_assert_weights(ended.result.weights,
                                       result->snapshot_weights + s * result->state_size,
                                       result->state_size);
            small_trial_destroy(&ended);
        }
        assert_int_equal(result->snapshot_epoch[5], 20);
        small_trial_destroy(&watched);
        config.epochs = 21;
        config.weights = WEIGHTS_NONE;
        watched = small_trial_train(&config, &rows);
        assert_null(watched.result.weights);
        assert_int_equal(watched.result.snapshots, 6);
        small_trial_assert_weights(plain.result.weights,
                                   watched.result.snapshot_weights + 5 * watched.result.state_size,
                                   plain.result.state_size);
        small_trial_destroy(&watched);
        small_trial_destroy(&plain);
    }
    dataset_destroy(&rows);
}

/* Those before it diverged. */
static void a_diverged_training_has_the_snapshots_on_its_way(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    TrainerConfig config = small_trial_busy_config();
    config.network.activation = ACTIVATION_IDENTITY;
    config.batch_size = 0;
    config.optimizer.learning_rate = 1e40;
    config.epochs = 40;
    config.snapshots = 40;
    SmallTrial trial = small_trial_train(&config, &rows);
    assert_int_equal(trial.result.verdict, VERDICT_DIVERGED);
    assert_int_equal(trial.result.snapshots, trial.result.epochs_run - 1);
    assert_in_range(trial.result.snapshots, 1, 38);
    small_trial_destroy(&trial);
    dataset_destroy(&rows);
}

/* What is recorded changes nothing else; a value belongs to the state after its epoch's updates. */
static void a_recorded_value_is_that_of_a_training_that_ends_there(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1), test = small_trial_rows(50, 4, 3, 2);
    TrainerConfig config = small_trial_busy_config();
    config.l1 = 1e-3;
    config.l2 = 1e-2;
    config.reduction = REDUCTION_SUM;
    config.optimizer.learning_rate = 0.01;
    SmallTrial whole = small_trial_run(&config, &rows, NULL, &test, &team_serial, NULL, NULL, 0);
    for (int64_t epochs = 1; epochs <= 21; epochs += 5) {
        config.epochs = epochs;
        config.record_every = 1000;
        SmallTrial part = small_trial_run(&config, &rows, NULL, &test, &team_serial, NULL, NULL, 0);
        const int32_t columns = metrics_count(part.result.metrics);
        assert_memory_equal(part.result.final, whole.result.history + (epochs - 1) * columns,
                            (size_t)columns * sizeof(double));
        /* and it is what the naive reference says of these weights */
        Wide numbers[200], y[300];
        for (int64_t i = 0; i < part.result.state_size; i++)
            numbers[i] = (Wide)part.result.weights[i];
        naive_outputs(y, &config.network, numbers, rows.x, 100, false, 0, 0);
        const Wide loss = naive_loss(&config.network, y, &rows);
        const Wide objective = (loss + naive_penalty(&config, numbers)) / 100;
        assert_true(fabs(small_trial_final(&part, METRIC_TRAIN_LOSS) - (double)loss / 100) < 1e-13);
        assert_true(fabs(small_trial_final(&part, METRIC_TRAIN_OBJECTIVE) - (double)objective) <
                    1e-13);
        small_trial_destroy(&part);
    }
    small_trial_destroy(&whole);
    dataset_destroy(&rows);
    dataset_destroy(&test);
}

/* A full batch's training rows are measured by the next epoch's forward pass, tiles cut for the
 * batch; the last epoch by an evaluation, whose tiles are cut for the largest split. */
static void check_full_batch(const TrainerConfig *given, const Dataset *rows, const Dataset *test) {
    TrainerConfig config = *given;
    config.record_every = 1;
    config.epochs = 30;
    SmallTrial whole = small_trial_run(&config, rows, NULL, test, &team_serial, NULL, NULL, 0);
    const int32_t columns = metrics_count(whole.result.metrics);
    for (int64_t epochs = 1; epochs <= 29; epochs += 4) {
        config.epochs = epochs;
        SmallTrial part = small_trial_run(&config, rows, NULL, test, &team_serial, NULL, NULL, 0);
        assert_memory_equal(part.result.final, whole.result.history + (epochs - 1) * columns,
                            (size_t)columns * sizeof(double));
        small_trial_destroy(&part);
    }
    small_trial_destroy(&whole);
}

static void full_batches_are_measured_on_the_way_to_the_same_bits(void **state) {
    (void)state;
    /* a tile of the batch, tiles, chunks; a test set that makes the evaluation's tiles others */
    static const int64_t sizes[] = {30, 300, 3000};
    for (int s = 0; s < 3; s++) {
        for (int deep = 0; deep < 2; deep++) {
            TrainerConfig config = small_trial_config(2, 6, 2);
            config.network.hidden_count = 1 + deep;
            config.network.hidden[1] = 5;
            Dataset two = small_trial_rows(sizes[s], 2, 2, 1);
            Dataset test = small_trial_rows(710, 2, 2, 2);
            check_full_batch(&config, &two, &test);
            config.network.outputs = 3;
            Dataset three = small_trial_rows(sizes[s], 2, 3, 1),
                    more = small_trial_rows(900, 2, 3, 2);
            check_full_batch(&config, &three, &more);
            config.network.classes = false;
            config.network.outputs = 2;
            config.network.output = ACTIVATION_IDENTITY;
            config.network.loss = LOSS_SQUARED_ERROR;
            Dataset numbers = small_trial_numbers(sizes[s], 2, 2, 1);
            Dataset other = small_trial_numbers(500, 2, 2, 2);
            check_full_batch(&config, &numbers, &other);
            config.dtype = DTYPE_FLOAT32;
            config.network.dropout = 0.2; /* not measured on the way */
            check_full_batch(&config, &numbers, &other);
            Dataset *made[] = {&two, &test, &three, &more, &numbers, &other};
            for (int i = 0; i < 6; i++) dataset_destroy(made[i]);
        }
    }
}

static void weights_are_kept_as_asked(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1), val = small_trial_rows(60, 4, 3, 2);
    TrainerConfig config = small_trial_busy_config();
    config.optimizer.learning_rate = 1; /* noisy, so that the best is not the last */
    SmallTrial both = small_trial_run(&config, &rows, &val, NULL, &team_serial, NULL, NULL, 0);
    const TrainerResult *kept = &both.result;
    int64_t best = 0;
    for (int64_t e = 1; e < kept->points; e++) {
        if (small_trial_value(&both, e, METRIC_VAL_LOSS) <
            small_trial_value(&both, best, METRIC_VAL_LOSS)) {
            best = e;
        }
    }
    assert_int_equal(kept->best_epoch, best);
    assert_true(best < 20);
    const int32_t columns = metrics_count(kept->metrics);
    assert_memory_equal(kept->best, kept->history + best * columns, (size_t)columns * 8);
    for (int kind = 0; kind < WEIGHTS_COUNT; kind++) {
        config.weights = (WeightsKept)kind;
        SmallTrial trial = small_trial_run(&config, &rows, &val, NULL, &team_serial, NULL, NULL, 0);
        const TrainerResult *result = &trial.result;
        const bool wants_final = kind == WEIGHTS_FINAL || kind == WEIGHTS_BOTH;
        const bool wants_best = kind == WEIGHTS_BEST || kind == WEIGHTS_BOTH;
        assert_int_equal(result->state_size, kind == WEIGHTS_NONE ? 0 : kept->state_size);
        assert_int_equal(!!result->weights, wants_final);
        assert_int_equal(!!result->best_weights, wants_best);
        if (wants_final)
            small_trial_assert_weights(result->weights, kept->weights, kept->state_size);
        if (wants_best)
            small_trial_assert_weights(result->best_weights, kept->best_weights, kept->state_size);
        assert_int_equal(result->best_epoch, best);
        small_trial_destroy(&trial);
    }
    /* the best weights are those of a training that ends at the best epoch */
    config.weights = WEIGHTS_FINAL;
    config.epochs = best + 1;
    SmallTrial part = small_trial_run(&config, &rows, &val, NULL, &team_serial, NULL, NULL, 0);
    small_trial_assert_weights(part.result.weights, kept->best_weights, kept->state_size);
    small_trial_destroy(&part);
    small_trial_destroy(&both);
    dataset_destroy(&rows);
    dataset_destroy(&val);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(history_has_the_epochs_that_were_asked_for),
        cmocka_unit_test(a_snapshot_is_the_end_of_a_shorter_training),
        cmocka_unit_test(a_diverged_training_has_the_snapshots_on_its_way),
        cmocka_unit_test(a_recorded_value_is_that_of_a_training_that_ends_there),
        cmocka_unit_test(full_batches_are_measured_on_the_way_to_the_same_bits),
        cmocka_unit_test(weights_are_kept_as_asked),
    };
    return cmocka_run_group_tests_name("recording", tests, NULL, NULL);
}
