#include "tests/core/small_trial.h"

#include "core/base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

TrainerConfig small_trial_config(int32_t inputs, int32_t hidden, int32_t outputs) {
    TrainerConfig config = {.network = {.inputs = inputs,
                                        .outputs = outputs,
                                        .hidden_count = hidden > 0 ? 1 : 0,
                                        .hidden = {hidden},
                                        .activation = ACTIVATION_TANH,
                                        .output = ACTIVATION_SOFTMAX,
                                        .loss = LOSS_CROSS_ENTROPY,
                                        .bias = true,
                                        .classes = true,
                                        .target_high = 1},
                            .init = {.kind = INIT_LECUN_NORMAL},
                            .init_bias = {.kind = INIT_ZEROS},
                            .optimizer = {.kind = OPTIMIZER_SGD,
                                          .learning_rate = 0.1,
                                          .beta1 = 0.9,
                                          .beta2 = 0.999,
                                          .rho = 0.99,
                                          .epsilon = 1e-8},
                            .shuffle = true,
                            .epochs = 1,
                            .record_every = 1};
    return config;
}

TrainerConfig small_trial_busy_config(void) {
    TrainerConfig config = small_trial_config(4, 9, 3);
    config.network.hidden_count = 2;
    config.network.hidden[1] = 5;
    config.batch_size = 7;
    config.epochs = 21;
    config.seed = 4;
    config.weights = WEIGHTS_BOTH;
    return config;
}

SmallTrial small_trial_run(const TrainerConfig *config, const Dataset *train, const Dataset *val,
                           const Dataset *test, Team *team, const TrainerHooks *hooks,
                           const void *state, size_t state_bytes) {
    SmallTrial trial = {0};
    Error err = {0};
    if (!trainer_data_create(&trial.data, train, val, test, config->dtype, &err) ||
        !arena_create(&trial.arena, trainer_bytes(config, trial.data), &err) ||
        (!trainer_train(&trial.result, config, trial.data,
                        (TrainerWorker){&trial.arena, team, hooks},
                        (TrainerCheckpoint){state, state_bytes}, &trial.stopped, &err) &&
         !trial.stopped)) {
        fail_msg("%s", err.text);
    }
    return trial;
}

SmallTrial small_trial_train(const TrainerConfig *config, const Dataset *train) {
    return small_trial_run(config, train, NULL, NULL, &team_serial, NULL, NULL, 0);
}

void small_trial_destroy(SmallTrial *trial) {
    trainer_data_destroy(trial->data);
    arena_destroy(&trial->arena);
    *trial = (SmallTrial){0};
}

double small_trial_value(const SmallTrial *trial, int64_t point, Metric metric) {
    const TrainerResult *result = &trial->result;
    const int32_t column = metrics_column(result->metrics, metric);
    assert_true(column >= 0 && point < result->points);
    return result->history[point * metrics_count(result->metrics) + column];
}

double small_trial_final(const SmallTrial *trial, Metric metric) {
    const int32_t column = metrics_column(trial->result.metrics, metric);
    assert_true(column >= 0);
    return trial->result.final[column];
}

void small_trial_assert_weights(const double *a, const double *b, int64_t numbers) {
    assert_memory_equal(a, b, (size_t)numbers * sizeof *a);
}

static void assert_same_bits(const void *a, const void *b, size_t bytes) {
    if (bytes > 0) assert_memory_equal(a, b, bytes);
}

void small_trial_assert_same(const SmallTrial *first, const SmallTrial *second) {
    const TrainerResult *a = &first->result, *b = &second->result;
    const size_t columns = (size_t)metrics_count(a->metrics), points = (size_t)a->points;
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->epochs_run, b->epochs_run);
    assert_int_equal(a->best_epoch, b->best_epoch);
    assert_int_equal(a->metrics, b->metrics);
    assert_int_equal(a->points, b->points);
    assert_int_equal(a->state_size, b->state_size);
    assert_same_bits(a->epoch, b->epoch, points * sizeof *a->epoch);
    assert_same_bits(a->history, b->history, points * columns * sizeof *a->history);
    assert_same_bits(a->final, b->final, columns * sizeof *a->final);
    assert_same_bits(a->best, b->best, columns * sizeof *a->best);
    assert_true(!a->weights == !b->weights && !a->best_weights == !b->best_weights);
    const size_t numbers = (size_t)a->state_size * sizeof *a->weights;
    if (a->weights) assert_same_bits(a->weights, b->weights, numbers);
    if (a->best_weights) assert_same_bits(a->best_weights, b->best_weights, numbers);
    const size_t snapshots = (size_t)a->snapshots;
    assert_int_equal(a->snapshots, b->snapshots);
    assert_same_bits(a->snapshot_epoch, b->snapshot_epoch, snapshots * sizeof *a->snapshot_epoch);
    assert_same_bits(a->snapshot_weights, b->snapshot_weights, snapshots * numbers);
}

static Dataset make(int64_t n, int32_t inputs, int32_t outputs, bool classes, Rng *rng) {
    Dataset rows;
    Error err = {0};
    if (!dataset_create(&rows, n, inputs, outputs, classes, &err)) fail_msg("%s", err.text);
    for (int64_t i = 0; i < n * inputs; i++) rows.x[i] = rng_normal(rng, 0, 1);
    return rows;
}

Dataset small_trial_rows(int64_t n, int32_t inputs, int32_t classes, uint32_t seed) {
    Rng rng;
    rng_seed(&rng, seed);
    Dataset rows = make(n, inputs, classes, true, &rng);
    for (int64_t i = 0; i < n; i++) {
        double sum = 0;
        for (int32_t k = 0; k < inputs; k++) sum += rows.x[i * inputs + k] * (k % 2 ? -1 : 1);
        const double place = 0.5 + 0.4 * sin(sum) + rng_uniform(&rng, -0.1, 0.1);
        rows.label[i] = (int32_t)fmin(fmax(floor(place * classes), 0), classes - 1);
    }
    return rows;
}

Dataset small_trial_numbers(int64_t n, int32_t inputs, int32_t outputs, uint32_t seed) {
    Rng rng;
    rng_seed(&rng, seed);
    Dataset rows = make(n, inputs, outputs, false, &rng);
    for (int64_t i = 0; i < n * outputs; i++) {
        const double *x = rows.x + i / outputs * inputs;
        rows.target[i] = sin(x[i % inputs] + (double)(i % outputs)) + rng_normal(&rng, 0, 0.1);
    }
    return rows;
}

double *small_trial_golden(const char *name, size_t count) {
    FILE *file = fopen(SOURCE_DIR "/tests/golden/training.txt", "r");
    assert_non_null(file);
    double *values = calloc(count, sizeof *values);
    assert_non_null(values);
    char line[200], found[100];
    size_t size = 0;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%99s %zu", found, &size) == 2 && strcmp(found, name) == 0) break;
    }
    if (feof(file) || size != count) fail_msg("no %zu golden numbers %s", count, name);
    for (size_t i = 0; i < count; i++) assert_int_equal(fscanf(file, "%lf", &values[i]), 1);
    fclose(file);
    return values;
}
