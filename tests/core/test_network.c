/* The network's passes against the naive reference: outputs, scores, running statistics; how
 * batches are cut; and what must hold whatever the numbers are. */
#define REAL_BITS  64 /* network_plan_cut() of one precision and level stands for all */
#define REAL_LEVEL 1
#include "core/network/network.h"

#include "core/base/rng.h"
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

static void *take(int64_t count, size_t size) {
    void *block = calloc((size_t)count + 1, size);
    assert_non_null(block);
    return block;
}

static double *random_numbers(const MlpConfig *network, double size, uint32_t seed) {
    Rng rng;
    rng_seed(&rng, seed);
    const int64_t count = naive_state_size(network), parameters = naive_parameters(network);
    double *numbers = take(count, sizeof *numbers);
    for (int64_t i = 0; i < count; i++) {
        numbers[i] = rng_normal(&rng, 0, size);
        if (i >= parameters) numbers[i] = 0.5 + fabs(numbers[i]); /* a variance is positive */
    }
    return numbers;
}

static Wide *widened(const double *numbers, int64_t count) {
    Wide *wide = take(count, sizeof *wide);
    for (int64_t i = 0; i < count; i++) wide[i] = (Wide)numbers[i];
    return wide;
}

static void a_batch_is_cut_into_whole_tiles_and_chunks_that_cover_it(void **state) {
    (void)state;
    static const int32_t shapes[][3] = {{2, 3, 2},      {1, 1, 1},    {64, 64, 10},
                                        {784, 100, 10}, {3, 5000, 2}, {2000, 2, 3000}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        const TrainerConfig config = small_trial_config(shapes[s][0], shapes[s][1], shapes[s][2]);
        Mlp mlp;
        Error err = {0};
        assert_true(mlp_create(&mlp, &config.network, &err));
        int32_t most = 0;
        for (int64_t rows = 1; rows < 2000000; rows += 1 + rows / 3) {
            const NetworkCut cut = network_plan_cut(&mlp, rows);
            assert_int_equal(cut.tile_rows % LANES, 0);
            assert_int_equal(cut.chunk_rows % cut.tile_rows, 0);
            assert_int_equal(cut.tiles_per_chunk * (int64_t)cut.tile_rows, cut.chunk_rows);
            assert_true((int64_t)cut.tiles * cut.tile_rows >= rows);
            assert_true((int64_t)(cut.tiles - 1) * cut.tile_rows < rows);
            assert_true(cut.chunks * cut.chunk_rows >= rows);
            assert_true((cut.chunks - 1) * cut.chunk_rows < rows);
            assert_true(cut.chunks >= 1 && cut.chunks <= NETWORK_PLAN_MAX_CHUNKS);
            most = cut.chunks > most ? cut.chunks : most;
        }
        assert_true(most > 8); /* large batches are shared out */
        assert_int_equal(network_plan_cut(&mlp, 1).chunks, 1);
    }
}

static void check_outputs(const TrainerConfig *config, int64_t n, uint32_t seed, double tolerance) {
    const MlpConfig *network = &config->network;
    Dataset rows = small_trial_rows(n, network->inputs, 2, seed);
    double *numbers = random_numbers(network, 0.7, seed);
    Wide *wide = widened(numbers, naive_state_size(network));
    Wide *wanted = take(n * network->outputs, sizeof *wanted);
    double *got = take(n * network->outputs, sizeof *got);
    Error err = {0};
    naive_outputs(wanted, network, wide, rows.x, n, false, 0, 0);
    assert_true(trainer_predict(got, config, numbers, rows.x, n, &err));
    for (int64_t i = 0; i < n * network->outputs; i++) {
        const double size = fmax(1, fabs((double)wanted[i]));
        if (fabs(got[i] - (double)wanted[i]) > tolerance * size) {
            fail_msg("row %d: %.15g, naive %.15g (%s, output %s, batch norm %d, %s)",
                     (int)(i / network->outputs), got[i], (double)wanted[i],
                     ACTIVATION_NAMES[network->activation], ACTIVATION_NAMES[network->output],
                     network->batch_norm, DTYPE_NAMES[config->dtype]);
        }
    }
    free(numbers);
    free(wide);
    free(wanted);
    free(got);
    dataset_destroy(&rows);
}

static void predictions_equal_the_naive_reference(void **state) {
    (void)state;
    uint32_t seed = 0;
    for (int activation = 0; activation < ACTIVATION_SOFTMAX; activation++) {
        for (int output = 0; output < ACTIVATION_COUNT; output++) {
            for (int32_t hidden = 0; hidden <= 3; hidden++, seed++) {
                TrainerConfig config = small_trial_config(3, 5, seed % 5 == 0 ? 2 : 3);
                config.network.hidden_count = hidden;
                config.network.hidden[1] = 9;
                config.network.hidden[2] = 4;
                config.network.activation = (Activation)activation;
                config.network.output = (Activation)output;
                config.network.loss = LOSS_SQUARED_ERROR;
                config.network.bias = seed % 3 != 0;
                config.network.batch_norm = seed % 2;
                config.network.dropout = seed % 4 == 1 ? 0.5 : 0; /* none in evaluation */
                check_outputs(&config, 1 + seed % 40, seed, 1e-12);
                if (activation == ACTIVATION_STEP || output == ACTIVATION_STEP) continue;
                config.dtype = DTYPE_FLOAT32; /* a step's edge is elsewhere in float */
                check_outputs(&config, 1 + seed % 40, seed, 3e-5);
            }
        }
    }
}

/* One hidden layer and few inputs have kernels of their own (core/kernels/fused.h). */
static void predictions_of_the_smallest_networks_equal_the_naive_reference(void **state) {
    (void)state;
    uint32_t seed = 0;
    for (int activation = 0; activation < ACTIVATION_SOFTMAX; activation++) {
        for (int32_t inputs = 1; inputs <= 4; inputs++) {
            for (int32_t outputs = 1; outputs <= 2; outputs++, seed++) {
                TrainerConfig config = small_trial_config(inputs, 1 + (int32_t)seed % 19, outputs);
                config.network.activation = (Activation)activation;
                if (outputs == 1) config.network.output = ACTIVATION_SIGMOID;
                config.network.bias = seed % 3 != 0;
                check_outputs(&config, 1 + seed % 40, seed, 1e-12);
                check_outputs(&config, 700, seed, 1e-12);
                if (activation == ACTIVATION_STEP) continue;
                config.dtype = DTYPE_FLOAT32;
                check_outputs(&config, 1 + seed % 40, seed, 3e-5);
            }
        }
    }
}

static void predictions_do_not_depend_on_how_many_rows_are_asked_for(void **state) {
    (void)state;
    TrainerConfig config = small_trial_config(3, 70, 3);
    config.network.output = ACTIVATION_SOFTPLUS;
    config.network.loss = LOSS_SQUARED_ERROR;
    const int64_t sizes[] = {1, 7, 8, 9, 31, 129, 1000, 20001};
    for (int s = 0; s < 8; s++) check_outputs(&config, sizes[s], 3, 1e-12);
    Dataset rows = small_trial_rows(300, 3, 2, 1);
    double *numbers = random_numbers(&config.network, 0.7, 3), all[900], one[3];
    Error err = {0};
    assert_true(trainer_predict(all, &config, numbers, rows.x, 300, &err));
    for (int i = 0; i < 300; i++) {
        assert_true(trainer_predict(one, &config, numbers, rows.x + 3 * i, 1, &err));
        assert_memory_equal(one, all + 3 * i, sizeof one);
    }
    assert_true(trainer_predict(all, &config, numbers, rows.x, 0, &err));
    free(numbers);
    dataset_destroy(&rows);
}

/* Scores of a part, from its definition; r2 as scikit-learn's r2_score (uniform average). */
static void check_scores(const TrainerResult *result, Metric loss, const TrainerConfig *config,
                         const Dataset *rows) {
    const MlpConfig *network = &config->network;
    const int32_t outputs = network->outputs;
    const int64_t n = rows->n;
    Wide *wide = widened(result->weights, naive_state_size(network));
    Wide *y = take(n * outputs, sizeof *y);
    naive_outputs(y, network, wide, rows->x, n, false, 0, 0);
    const double wanted = (double)(naive_loss(network, y, rows) / (Wide)n);
    const double *final = result->final;
    assert_true(fabs(final[metrics_column(result->metrics, loss)] - wanted) < 1e-11 * (1 + wanted));
    if (network->classes) {
        int64_t correct = 0;
        for (int64_t i = 0; i < n; i++) {
            int32_t class = 0;
            for (int32_t k = 1; k < outputs; k++) {
                if (y[i * outputs + k] > y[i * outputs + class]) class = k;
            }
            if (outputs == 1)
                class = (double)y[i] > (network->target_low + network->target_high) / 2;
            correct += class == rows->label[i];
        }
        const double accuracy = final[metrics_column(result->metrics, (Metric)(loss + 1))];
        assert_true(fabs(accuracy - (double)correct / (double)n) < 1e-15);
    } else {
        double squares = 0, r2 = 0;
        for (int32_t k = 0; k < outputs; k++) {
            double mean = 0, residual = 0, spread = 0;
            for (int64_t i = 0; i < n; i++) mean += rows->target[i * outputs + k] / (double)n;
            for (int64_t i = 0; i < n; i++) {
                const double t = rows->target[i * outputs + k];
                const double e = (double)y[i * outputs + k] - t;
                residual += e * e;
                spread += (t - mean) * (t - mean);
            }
            squares += residual;
            r2 += (1 - residual / spread) / outputs;
        }
        const double mse = final[metrics_column(result->metrics, (Metric)(loss + 2))];
        const double got = final[metrics_column(result->metrics, (Metric)(loss + 3))];
        assert_true(fabs(mse - squares / (double)(n * outputs)) < 1e-11 * mse);
        assert_true(fabs(got - r2) < 1e-10 * (1 + fabs(r2)));
    }
    free(wide);
    free(y);
}

static void scores_of_every_part_equal_the_naive_reference(void **state) {
    (void)state;
    static const int64_t sizes[][3] = {{50, 7, 300}, {5000, 9001, 1}, {3, 2, 2}};
    for (int numbers = 0; numbers < 2; numbers++) {
        for (int s = 0; s < 3; s++) {
            for (int single = 0; single < 2; single++) {
                const int32_t outputs = single ? 1 : 3;
                Dataset set[3];
                for (uint32_t p = 0; p < 3; p++) {
                    set[p] = numbers ? small_trial_numbers(sizes[s][p] + 1, 4, outputs, p)
                                     : small_trial_rows(sizes[s][p], 4, single ? 2 : 3, p);
                }
                TrainerConfig config = small_trial_config(4, 6, outputs);
                MlpConfig *network = &config.network;
                network->classes = !numbers;
                network->batch_norm = single;
                if (numbers)
                    network->output = ACTIVATION_IDENTITY;
                else if (single)
                    network->output = ACTIVATION_SIGMOID;
                if (numbers) network->loss = LOSS_HALF_SQUARED_ERROR;
                config.epochs = 0;
                SmallTrial trial = small_trial_run(&config, &set[0], &set[1], &set[2], &team_serial,
                                                   NULL, NULL, 0);
                check_scores(&trial.result, METRIC_TRAIN_LOSS, &config, &set[0]);
                check_scores(&trial.result, METRIC_VAL_LOSS, &config, &set[1]);
                check_scores(&trial.result, METRIC_TEST_LOSS, &config, &set[2]);
                small_trial_destroy(&trial);
                for (int p = 0; p < 3; p++) dataset_destroy(&set[p]);
            }
        }
    }
}

/* One update of rate 0 moves them by a tenth towards the batch's mean and unbiased variance. */
static void running_statistics_follow_the_batch(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(1000, 3, 2, 1);
    TrainerConfig config = small_trial_config(3, 5, 2);
    MlpConfig *network = &config.network;
    network->hidden_count = 2;
    network->hidden[1] = 4;
    network->batch_norm = true;
    network->dropout = 0.25;
    config.seed = 3;
    config.optimizer.learning_rate = 0;
    SmallTrial trial = small_trial_train(&config, &rows);
    const int64_t parameters = naive_parameters(network);
    Wide *wide = widened(trial.result.weights, naive_state_size(network)), statistics[18];
    naive_statistics(statistics, network, wide, rows.x, rows.n, config.seed, 0);
    int at = 0;
    for (int32_t l = 0; l < 2; l++) {
        const int32_t units = network->hidden[l];
        for (int32_t u = 0; u < 2 * units; u++, at++) {
            const double start = u < units ? 0 : 1;
            const double unbiased = u < units ? 1 : 1000.0 / 999;
            const double wanted = 0.9 * start + 0.1 * unbiased * (double)statistics[at];
            assert_true(fabs(trial.result.weights[parameters + at] - wanted) < 1e-13);
        }
    }
    free(wide);
    small_trial_destroy(&trial);
    dataset_destroy(&rows);
}

static void a_stack_of_linear_layers_is_one_linear_layer(void **state) {
    (void)state;
    TrainerConfig deep = small_trial_config(3, 6, 2), flat = small_trial_config(3, 0, 2);
    deep.network.hidden_count = 2;
    deep.network.hidden[1] = 4;
    deep.network.activation = ACTIVATION_IDENTITY;
    deep.network.output = flat.network.output = ACTIVATION_IDENTITY;
    deep.network.loss = flat.network.loss = LOSS_SQUARED_ERROR;
    double *numbers = random_numbers(&deep.network, 1, 1);
    /* the product of the maps: row by row through all three, the unit inputs and 0 for the bias */
    double product[8] = {0};
    const double *w1 = numbers, *b1 = w1 + 18, *w2 = b1 + 6, *b2 = w2 + 24, *w3 = b2 + 4,
                 *b3 = w3 + 8;
    for (int row = 0; row < 4; row++) {
        double a[6], b[4];
        for (int j = 0; j < 6; j++) a[j] = row < 3 ? w1[row * 6 + j] : b1[j];
        for (int j = 0; j < 4; j++) {
            b[j] = row < 3 ? 0 : b2[j];
            for (int k = 0; k < 6; k++) b[j] += a[k] * w2[k * 4 + j];
        }
        for (int j = 0; j < 2; j++) {
            product[row * 2 + j] = row < 3 ? 0 : b3[j];
            for (int k = 0; k < 4; k++) product[row * 2 + j] += b[k] * w3[k * 2 + j];
        }
    }
    Dataset rows = small_trial_rows(200, 3, 2, 1);
    double y_deep[400], y_flat[400];
    Error err = {0};
    assert_true(trainer_predict(y_deep, &deep, numbers, rows.x, 200, &err));
    assert_true(trainer_predict(y_flat, &flat, product, rows.x, 200, &err));
    for (int i = 0; i < 400; i++) assert_true(fabs(y_deep[i] - y_flat[i]) < 1e-12);
    free(numbers);
    dataset_destroy(&rows);
}

/* Without a hidden layer, weights of 1000 are logits of +-1000. */
static void logits_of_a_thousand_give_finite_losses_and_gradients(void **state) {
    (void)state;
    double x[] = {1, -1, 1, -1};
    int32_t label[] = {0, 0, 1, 1};
    for (int32_t classes = 2; classes <= 3; classes++) {
        for (int sigmoid = 0; sigmoid < 2; sigmoid++) {
            for (int dtype = 0; dtype < DTYPE_COUNT; dtype++) {
                const Dataset rows = {
                    .n = 4, .inputs = 1, .outputs = classes, .x = x, .label = label};
                const int32_t outputs = sigmoid && classes == 2 ? 1 : classes;
                TrainerConfig config = small_trial_config(1, 0, outputs);
                config.dtype = (Dtype)dtype;
                if (sigmoid) config.network.output = ACTIVATION_SIGMOID;
                config.network.bias = false;
                const double weights[] = {1000, -1000, 0};
                config.init =
                    (InitConfig){.kind = INIT_VALUES, .values = weights, .value_count = outputs};
                config.epochs = 0;
                SmallTrial trial = small_trial_train(&config, &rows);
                /* half of the rows are wrong by the distance of the logits */
                const double wanted = !sigmoid ? 1000 : classes == 2 ? 500 : 1000 + log(2);
                const double loss =
                    trial.result.final[metrics_column(trial.result.metrics, METRIC_TRAIN_LOSS)];
                if (!(fabs(loss - wanted) < 1e-4)) {
                    fail_msg("%d classes, sigmoid %d: %.9g, not %.9g", classes, sigmoid, loss,
                             wanted);
                }
                double grads[3];
                Error err = {0};
                assert_true(trainer_gradient(grads, &config, weights, &rows, &team_serial, &err));
                for (int i = 0; i < outputs; i++) assert_true(isfinite(grads[i]));
                small_trial_destroy(&trial);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_is_cut_into_whole_tiles_and_chunks_that_cover_it),
        cmocka_unit_test(predictions_equal_the_naive_reference),
        cmocka_unit_test(predictions_of_the_smallest_networks_equal_the_naive_reference),
        cmocka_unit_test(predictions_do_not_depend_on_how_many_rows_are_asked_for),
        cmocka_unit_test(scores_of_every_part_equal_the_naive_reference),
        cmocka_unit_test(running_statistics_follow_the_batch),
        cmocka_unit_test(a_stack_of_linear_layers_is_one_linear_layer),
        cmocka_unit_test(logits_of_a_thousand_give_finite_losses_and_gradients),
    };
    return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
