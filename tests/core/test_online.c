/* Batches of one row (core/network/online.h): each takes the step of its own gradient. */
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

/* They have kernels of their own (core/network/online.h): each row takes the step of its own
 * gradient, as trainer_gradient() gives it, which test_gradient.c holds to the naive reference. */
static void check_online(const TrainerConfig *config, const Dataset *rows) {
    SmallTrial trial = small_trial_train(config, rows);
    TrainerConfig start = *config;
    start.epochs = 0;
    SmallTrial first = small_trial_train(&start, rows);
    double *weights = first.result.weights,
           *grads = calloc((size_t)first.result.state_size, sizeof *grads);
    Error err = {0};
    assert_non_null(grads);
    for (int64_t i = 0; i < rows->n; i++) {
        const Dataset row = {.n = 1,
                             .inputs = rows->inputs,
                             .outputs = rows->outputs,
                             .x = rows->x + i * rows->inputs,
                             .label = rows->label ? rows->label + i : NULL,
                             .target = rows->target ? rows->target + i * rows->outputs : NULL};
        assert_true(trainer_gradient(grads, config, weights, &row, &team_serial, &err));
        for (int64_t k = 0; k < first.result.state_size; k++) {
            weights[k] -= config->optimizer.learning_rate * grads[k];
        }
    }
    const double tolerance = config->dtype == DTYPE_FLOAT32 ? 1e-5 : 1e-12;
    for (int64_t k = 0; k < first.result.state_size; k++) {
        const double got = trial.result.weights[k];
        if (fabs(got - weights[k]) > tolerance * (1 + fabs(weights[k]))) {
            fail_msg("weight %d: %.15g, row by row %.15g (%s, output %s, %s, %s)", (int)k, got,
                     weights[k], ACTIVATION_NAMES[config->network.activation],
                     ACTIVATION_NAMES[config->network.output], LOSS_NAMES[config->network.loss],
                     DTYPE_NAMES[config->dtype]);
        }
    }
    free(grads);
    small_trial_destroy(&trial);
    small_trial_destroy(&first);
}

static void batches_of_one_row_take_the_steps_of_their_own_gradients(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(13, 5, 3, 1), two = small_trial_rows(13, 5, 2, 1),
            numbers = small_trial_numbers(13, 5, 3, 2);
    uint32_t number = 0;
    for (int activation = 0; activation < ACTIVATION_SOFTMAX; activation++) {
        for (int output = 0; output < ACTIVATION_COUNT; output++) {
            for (int loss = 0; loss < LOSS_COUNT; loss++) {
                for (int32_t hidden = 0; hidden <= 3; hidden++, number++) {
                    const bool crosses =
                        output == ACTIVATION_SOFTMAX || output == ACTIVATION_SIGMOID;
                    if (loss == LOSS_CROSS_ENTROPY && !crosses) continue;
                    const Dataset *set = loss == LOSS_CROSS_ENTROPY || number % 3 == 0 ? &rows
                                         : number % 3 == 1                             ? &two
                                                                                       : &numbers;
                    TrainerConfig config = small_trial_config(5, 6, 3);
                    MlpConfig *network = &config.network;
                    network->hidden_count = hidden;
                    network->hidden[1] = 11;
                    network->hidden[2] = 4;
                    network->activation = (Activation)activation;
                    network->output = (Activation)output;
                    network->loss = (Loss)loss;
                    network->classes = set->label;
                    network->outputs = mlp_outputs(network->classes, set->outputs, network->output);
                    network->bias = number % 4 != 0;
                    network->error_signal = (ErrorSignal)(number / 2 % 2);
                    network->target_low = 0.1;
                    config.optimizer.learning_rate = 0.01;
                    config.reduction = (Reduction)(number % 2);
                    config.init_bias.kind = INIT_LECUN_NORMAL;
                    config.seed = number;
                    config.batch_size = 1;
                    config.shuffle = false;
                    check_online(&config, set);
                    config.dtype = DTYPE_FLOAT32;
                    const bool steps = activation == ACTIVATION_STEP || output == ACTIVATION_STEP;
                    if (!steps)
                        check_online(&config, set); /* a step's edge is elsewhere in float */
                }
            }
        }
    }
    dataset_destroy(&rows);
    dataset_destroy(&two);
    dataset_destroy(&numbers);
}

/* A wide first layer is walked in blocks of units, every other row from the last block on; later
 * layers take several vectors at a time. Both sides of each edge, at every level's width. */
static void wide_layers_take_the_steps_of_their_own_gradients(void **state) {
    (void)state;
    static const int32_t widths[][2] = {{20, 4},  {21, 5},  {40, 8},   {41, 9},
                                        {80, 16}, {81, 33}, {160, 64}, {203, 70}};
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        for (int64_t n = 1; n <= 4; n++) {
            Dataset rows = small_trial_rows(n, 7, 3, (uint32_t)w);
            TrainerConfig config = small_trial_config(7, widths[w][0], 3);
            config.network.hidden_count = 2;
            config.network.hidden[1] = widths[w][1];
            config.network.bias = n % 2 == 0;
            config.optimizer.learning_rate = 0.05;
            config.init_bias.kind = INIT_LECUN_NORMAL;
            config.batch_size = 1;
            config.shuffle = false;
            config.epochs = 1;
            for (int dtype = 0; dtype < DTYPE_COUNT; dtype++) {
                config.dtype = (Dtype)dtype;
                check_online(&config, &rows);
            }
            dataset_destroy(&rows);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_of_one_row_take_the_steps_of_their_own_gradients),
        cmocka_unit_test(wide_layers_take_the_steps_of_their_own_gradients),
    };
    return cmocka_run_group_tests_name("online", tests, NULL, NULL);
}
