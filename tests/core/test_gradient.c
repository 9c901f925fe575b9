/* Back-propagation against central differences of the naive reference, for every activation with
 * every output and loss; and the two rules that are no gradients (step, raw errors) against what is
 * written of them. */
#include "core/trainer.h"

#include "core/base/rng.h"
#include "tests/core/naive_network.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* long double has digits enough for so small a step: kinks are seldom met */
#define STEP      0x1p-24L
#define TOLERANCE 1e-6

static const struct {
    Activation output;
    Loss loss;
} OUTPUTS[] = {
    {ACTIVATION_SOFTMAX, LOSS_CROSS_ENTROPY},    {ACTIVATION_SIGMOID, LOSS_CROSS_ENTROPY},
    {ACTIVATION_SOFTMAX, LOSS_SQUARED_ERROR},    {ACTIVATION_SOFTMAX, LOSS_HALF_SQUARED_ERROR},
    {ACTIVATION_IDENTITY, LOSS_SQUARED_ERROR},   {ACTIVATION_IDENTITY, LOSS_HALF_SQUARED_ERROR},
    {ACTIVATION_SIGMOID, LOSS_SQUARED_ERROR},    {ACTIVATION_SIGMOID, LOSS_HALF_SQUARED_ERROR},
    {ACTIVATION_TANH, LOSS_SQUARED_ERROR},       {ACTIVATION_TANH, LOSS_HALF_SQUARED_ERROR},
    {ACTIVATION_RELU, LOSS_SQUARED_ERROR},       {ACTIVATION_RELU, LOSS_HALF_SQUARED_ERROR},
    {ACTIVATION_LEAKY_RELU, LOSS_SQUARED_ERROR}, {ACTIVATION_LEAKY_RELU, LOSS_HALF_SQUARED_ERROR},
    {ACTIVATION_ELU, LOSS_SQUARED_ERROR},        {ACTIVATION_ELU, LOSS_HALF_SQUARED_ERROR},
    {ACTIVATION_GELU, LOSS_SQUARED_ERROR},       {ACTIVATION_GELU, LOSS_HALF_SQUARED_ERROR},
    {ACTIVATION_SILU, LOSS_SQUARED_ERROR},       {ACTIVATION_SILU, LOSS_HALF_SQUARED_ERROR},
    {ACTIVATION_SOFTPLUS, LOSS_SQUARED_ERROR},   {ACTIVATION_SOFTPLUS, LOSS_HALF_SQUARED_ERROR},
};
#define OUTPUT_COUNT (sizeof OUTPUTS / sizeof *OUTPUTS)

static void *take(size_t count, size_t size) {
    void *block = calloc(count, size);
    assert_non_null(block);
    return block;
}

/* Rows of random inputs, and labels or numbers that suit the network. */
static Dataset random_rows(const MlpConfig *network, int64_t n, Rng *rng) {
    Dataset rows;
    const bool two = network->classes && network->outputs == 1;
    const int32_t outputs = two ? 2 : network->outputs;
    Error err = {0};
    if (!dataset_create(&rows, n, network->inputs, outputs, network->classes, &err)) {
        fail_msg("%s", err.text);
    }
    for (int64_t i = 0; i < n * network->inputs; i++) rows.x[i] = rng_normal(rng, 0, 1);
    for (int64_t i = 0; network->classes && i < n; i++) {
        rows.label[i] = (int32_t)rng_below(rng, outputs);
    }
    for (int64_t i = 0; !network->classes && i < n * outputs; i++) {
        rows.target[i] = rng_normal(rng, 0, 1);
    }
    return rows;
}

/* Weights of the size that keeps the units alive and unsaturated. */
static double *random_numbers(const MlpConfig *network, Rng *rng) {
    const int64_t count = naive_state_size(network);
    double *numbers = take((size_t)count, sizeof *numbers);
    const double size = network->inputs > 20 ? 0.1 : 0.6;
    for (int64_t i = 0; i < count; i++) numbers[i] = rng_normal(rng, 0, size);
    return numbers;
}

/* The objective on the line numbers + t direction. */
static Wide objective_at(const TrainerConfig *config, const Dataset *rows, const double *numbers,
                         const double *direction, Wide t) {
    const int64_t count = naive_state_size(&config->network),
                  parameters = naive_parameters(&config->network);
    Wide *moved = take((size_t)count, sizeof *moved);
    for (int64_t i = 0; i < count; i++) {
        moved[i] = (Wide)numbers[i] + (i < parameters ? t * (Wide)direction[i] : 0);
    }
    const Wide value = naive_objective(config, moved, rows);
    free(moved);
    return value;
}

static double difference(const TrainerConfig *config, const Dataset *rows, const double *numbers,
                         const double *direction) {
    return (double)((objective_at(config, rows, numbers, direction, STEP) -
                     objective_at(config, rows, numbers, direction, -STEP)) /
                    (2 * STEP));
}

static char *describe(char *text, size_t size, const TrainerConfig *config, int64_t n) {
    const MlpConfig *network = &config->network;
    snprintf(text, size,
             "%s, output %s, %s, %d hidden layers, n %d, bias %d, batch norm %d, dropout %g, "
             "l1 %g, l2 %g, %s",
             ACTIVATION_NAMES[network->activation], ACTIVATION_NAMES[network->output],
             LOSS_NAMES[network->loss], network->hidden_count, (int)n, network->bias,
             network->batch_norm, network->dropout, config->l1, config->l2,
             REDUCTION_NAMES[config->reduction]);
    return text;
}

static double *gradient(const TrainerConfig *config, const Dataset *rows, const double *numbers) {
    double *grads = take((size_t)naive_parameters(&config->network), sizeof *grads);
    Error err = {0};
    if (!trainer_gradient(grads, config, numbers, rows, &team_serial, &err)) {
        fail_msg("%s", err.text);
    }
    return grads;
}

/* Every `stride`-th coordinate, and a few directions through all of them. */
static void check(const TrainerConfig *config, int64_t n, uint32_t seed, int64_t stride,
                  int32_t directions) {
    Rng rng;
    rng_seed(&rng, seed);
    const MlpConfig *network = &config->network;
    Dataset rows = random_rows(network, n, &rng);
    double *numbers = random_numbers(network, &rng), *grads = gradient(config, &rows, numbers);
    const int64_t parameters = naive_parameters(network);
    double *direction = take((size_t)parameters, sizeof *direction);
    double largest = 0;
    for (int64_t i = 0; i < parameters; i++) largest = fmax(largest, fabs(grads[i]));
    char text[300];
    for (int64_t i = 0; i < parameters; i += stride) {
        direction[i] = 1;
        const double wanted = difference(config, &rows, numbers, direction);
        direction[i] = 0;
        /* far smaller ones than the largest are differences of large numbers, in both */
        if (!(fabs(grads[i] - wanted) <= TOLERANCE * fmax(fabs(wanted), 1e-3 * largest + 1e-9))) {
            fail_msg("parameter %d: %.12g, by differences %.12g (%s)", (int)i, grads[i], wanted,
                     describe(text, sizeof text, config, n));
        }
    }
    for (int32_t d = 0; d < directions; d++) {
        double product = 0, size = 0;
        for (int64_t i = 0; i < parameters; i++) {
            direction[i] = rng_normal(&rng, 0, 1);
            product += direction[i] * grads[i];
            size += direction[i] * direction[i] * grads[i] * grads[i];
        }
        const double wanted = difference(config, &rows, numbers, direction);
        if (!(fabs(product - wanted) <= TOLERANCE * sqrt(size))) {
            fail_msg("direction %d: %.12g, by differences %.12g (%s)", d, product, wanted,
                     describe(text, sizeof text, config, n));
        }
    }
    free(direction);
    free(grads);
    free(numbers);
    dataset_destroy(&rows);
}

static TrainerConfig base(Activation activation, size_t output, int32_t hidden_count) {
    TrainerConfig config = {.network = {.inputs = 3,
                                        .outputs = 3,
                                        .hidden_count = hidden_count,
                                        .hidden = {4, 3, 5},
                                        .activation = activation,
                                        .output = OUTPUTS[output].output,
                                        .loss = OUTPUTS[output].loss,
                                        .bias = true,
                                        .classes = OUTPUTS[output].loss == LOSS_CROSS_ENTROPY,
                                        .target_low = 0,
                                        .target_high = 1},
                            .epochs = 1,
                            .record_every = 1,
                            .seed = 7};
    return config;
}

/* Everything else in its turn, so that each option meets each pair of activation and output. */
static void vary(TrainerConfig *config, uint32_t bits) {
    MlpConfig *network = &config->network;
    const bool squared = network->loss != LOSS_CROSS_ENTROPY;
    if (bits & 1) network->batch_norm = true;
    if (bits & 2) network->dropout = 0.25;
    if (bits & 4) network->bias = false;
    if (bits & 8) config->reduction = REDUCTION_SUM;
    if (bits & 16) config->l2 = 0.3;
    if (bits & 32) config->l1 = 0.2;
    if (bits & 64 && squared) network->classes = true;
    if (bits & 128 && network->classes) network->target_low = 0.01, network->target_high = 0.9;
    if (bits & 256 && network->output != ACTIVATION_SOFTMAX) network->outputs = 1;
    if (bits & 512) network->outputs = network->outputs == 3 ? 2 : network->outputs;
    if (network->classes && network->outputs == 2 && network->output != ACTIVATION_SOFTMAX) {
        network->outputs = 1;
    }
}

static void gradients_match_differences_for_every_activation_output_and_loss(void **state) {
    (void)state;
    uint32_t number = 0;
    for (int a = 0; a < ACTIVATION_SOFTMAX; a++) {
        if (a == ACTIVATION_STEP) continue;
        for (size_t o = 0; o < OUTPUT_COUNT; o++) {
            for (int32_t hidden = 0; hidden <= 3; hidden++) {
                for (int round = 0; round < 4; round++) {
                    TrainerConfig config = base((Activation)a, o, hidden);
                    number++;
                    const uint32_t draw = rng_hash(1, 2, 3, 4, number);
                    /* batch norm and dropout in all four combinations, the rest drawn */
                    vary(&config, (draw >> 8 & ~3u) | (uint32_t)round);
                    check(&config, draw % 8 == 0 ? 1 : 9, number, 1, 0);
                }
            }
        }
    }
}

/* Tiles of such a network hold 128 rows or fewer, chunks a few thousand. */
static void gradients_match_differences_over_several_tiles_and_chunks(void **state) {
    (void)state;
    static const int64_t rows[] = {127, 129, 700, 5501, 9000};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        for (uint32_t options = 0; options < 4; options++) {
            const Activation activation = options % 2 == 0 ? ACTIVATION_GELU : ACTIVATION_TANH;
            TrainerConfig config = base(activation, r % 2, 2);
            vary(&config, options | (r % 2 ? 8u : 0) | 16u);
            check(&config, rows[r], (uint32_t)r, rows[r] > 1000 ? 17 : 5, 2);
        }
    }
}

/* One hidden layer and few inputs have kernels of their own (core/kernels/fused.h): their every
 * shape, and those beside it. */
static void gradients_match_differences_in_the_smallest_networks(void **state) {
    (void)state;
    static const Activation activations[] = {ACTIVATION_TANH, ACTIVATION_SIGMOID, ACTIVATION_RELU,
                                             ACTIVATION_ELU};
    static const int32_t hidden[] = {1, 2, 3, 7, 8, 9, 20};
    static const int64_t rows[] = {1, 3, 8, 9, 33, 200};
    uint32_t number = 0;
    for (int a = 0; a < 4; a++) {
        for (int32_t inputs = 1; inputs <= 4; inputs++) {
            for (int h = 0; h < 7; h++) {
                for (size_t o = 0; o < OUTPUT_COUNT; o++, number++) {
                    if (o > 2 && (number + o) % 7 != 0) continue;
                    TrainerConfig config = base(activations[a], o, 1);
                    MlpConfig *network = &config.network;
                    network->inputs = inputs;
                    network->hidden[0] = hidden[h];
                    network->outputs = network->output == ACTIVATION_SOFTMAX ? 2 : 1;
                    vary(&config, (number & 3) << 3 | (number & 4));
                    check(&config, rows[number % 6], number, 1 + hidden[h] / 4, 2);
                }
            }
        }
    }
    for (int a = 0; a < 3; a++) { /* and several chunks of them */
        TrainerConfig config = base(activations[a], 0, 1);
        config.network.inputs = 2;
        config.network.outputs = 2;
        check(&config, 9000, number++, 3, 1);
    }
}

/* Layers whose gradients run along the units, inputs too many to be kept by columns, sums longer
 * than a block. */
static void gradients_match_differences_in_wide_networks(void **state) {
    (void)state;
    static const struct {
        int32_t inputs, hidden[3], outputs;
        int64_t n;
    } shapes[] = {
        {300, {40, 19, 8}, 10, 50}, {64, {33, 64, 7}, 2, 150}, {65, {16, 17, 300}, 3, 20},
        {2, {50, 50, 50}, 2, 200},  {31, {8, 9, 1}, 9, 140},   {1, {257, 3, 100}, 1, 33},
        {520, {9, 530, 9}, 12, 11},
    };
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        for (uint32_t options = 0; options < 8; options += 3) {
            TrainerConfig config = base(ACTIVATION_TANH, 5, 3);
            MlpConfig *network = &config.network;
            network->inputs = shapes[s].inputs;
            network->outputs = shapes[s].outputs;
            memcpy(network->hidden, shapes[s].hidden, sizeof shapes[s].hidden);
            vary(&config, options);
            network->activation = options == 0 ? ACTIVATION_SOFTPLUS : ACTIVATION_TANH;
            check(&config, shapes[s].n, (uint32_t)s, naive_parameters(network) / 7, 3);
        }
    }
}

/* Padding is an answer to inputs of 0 that nobody gave. Here it would overflow where no row does:
 * every row's hidden units are 0, theirs are the product of huge weights. */
static void what_no_row_needs_does_not_overflow(void **state) {
    (void)state;
    static const double sizes[DTYPE_COUNT] = {[DTYPE_FLOAT64] = 1e120, [DTYPE_FLOAT32] = 1e15};
    for (int dtype = 0; dtype < DTYPE_COUNT; dtype++) {
        for (int64_t n = 1; n <= 40; n++) {
            TrainerConfig config = base(ACTIVATION_RELU, 0, 3);
            config.dtype = (Dtype)dtype;
            MlpConfig *network = &config.network;
            network->inputs =
                70; /* too many to be kept by columns: gathered, with the bias's ones */
            for (int l = 0; l < 3; l++) network->hidden[l] = 3;
            double *numbers = take((size_t)naive_state_size(network), sizeof *numbers),
                   *at = numbers;
            for (int i = 0; i < 70 * 3; i++) *at++ = -sizes[dtype]; /* inputs are above 1 */
            for (int i = 0; i < 3; i++) *at++ = sizes[dtype] / 100;
            for (int l = 0; l < 2; l++) {
                for (int i = 0; i < 9; i++) *at++ = sizes[dtype];
                for (int i = 0; i < 3; i++) *at++ = 0.1;
            }
            for (int i = 0; i < 9; i++) *at++ = 0.1 * i;
            Rng rng;
            rng_seed(&rng, (uint32_t)n);
            Dataset rows = random_rows(network, n, &rng);
            for (int64_t i = 0; i < n * 70; i++) rows.x[i] = 1.5 + 0.1 * (double)(i % 5);
            double *grads = gradient(&config, &rows, numbers);
            for (int64_t i = 0; i < naive_parameters(network); i++) {
                if (!isfinite(grads[i])) {
                    fail_msg("parameter %d of %s: %g with %d rows", (int)i, DTYPE_NAMES[dtype],
                             grads[i], (int)n);
                }
            }
            free(grads);
            free(numbers);
            dataset_destroy(&rows);
        }
    }
}

/* ---- rules that are no gradients ---- */

/* The rule of one or two hidden layers, written out: `slope` is what a hidden unit passes on, given
 * its value; the error that goes back into the last hidden layer is the output's delta, or under
 * `raw` y - t. Sums over the rows. */
static double *rule(const MlpConfig *network, const Dataset *rows, const double *w,
                    double (*hidden)(double), double (*slope)(double), double (*output)(double),
                    double (*output_slope)(double), bool raw) {
    const int32_t in = network->inputs, h1 = network->hidden[0], h2 = network->hidden[1],
                  out = network->outputs;
    const double *w1 = w, *b1 = w1 + in * h1, *w2 = b1 + h1, *b2 = w2 + h1 * h2, *w3 = b2 + h2,
                 *b3 = w3 + h2 * out;
    double *g = take((size_t)(b3 - w + out), sizeof *g);
    double *g1 = g, *gb1 = g + (b1 - w), *g2 = g + (w2 - w), *gb2 = g + (b2 - w),
           *g3 = g + (w3 - w), *gb3 = g + (b3 - w);
    for (int64_t i = 0; i < rows->n; i++) {
        const double *x = rows->x + i * in;
        double a1[8], a2[8], d2[8], d3[8], back[8];
        for (int32_t j = 0; j < h1; j++) {
            a1[j] = b1[j];
            for (int32_t k = 0; k < in; k++) a1[j] += x[k] * w1[k * h1 + j];
            a1[j] = hidden(a1[j]);
        }
        for (int32_t j = 0; j < h2; j++) {
            a2[j] = b2[j];
            for (int32_t k = 0; k < h1; k++) a2[j] += a1[k] * w2[k * h2 + j];
            a2[j] = hidden(a2[j]);
        }
        const double factor = network->loss == LOSS_SQUARED_ERROR ? 2 : 1;
        for (int32_t j = 0; j < out; j++) {
            double y = b3[j];
            for (int32_t k = 0; k < h2; k++) y += a2[k] * w3[k * out + j];
            y = output(y);
            const double e = y - naive_target(network, rows, i, j);
            d3[j] = factor * e * output_slope(y);
            back[j] = raw ? e : d3[j];
            gb3[j] += d3[j];
            for (int32_t k = 0; k < h2; k++) g3[k * out + j] += a2[k] * d3[j];
        }
        for (int32_t k = 0; k < h2; k++) {
            d2[k] = 0;
            for (int32_t j = 0; j < out; j++) d2[k] += w3[k * out + j] * back[j];
            d2[k] *= slope(a2[k]);
            gb2[k] += d2[k];
            for (int32_t m = 0; m < h1; m++) g2[m * h2 + k] += a1[m] * d2[k];
        }
        for (int32_t k = 0; k < h1; k++) {
            double d1 = 0;
            for (int32_t j = 0; j < h2; j++) d1 += w2[k * h2 + j] * d2[j];
            d1 *= slope(a1[k]);
            gb1[k] += d1;
            for (int32_t m = 0; m < in; m++) g1[m * h1 + k] += x[m] * d1;
        }
    }
    return g;
}

static double step(double z) {
    return z > 0 ? 1 : 0;
}
static double passed_on(double a) {
    (void)a;
    return 1;
}
static double sigmoid(double z) {
    return 1 / (1 + exp(-z));
}
static double sigmoid_slope(double a) {
    return a * (1 - a);
}

static void check_rule(const TrainerConfig *config, double (*hidden)(double),
                       double (*slope)(double), double (*output)(double),
                       double (*output_slope)(double)) {
    Rng rng;
    rng_seed(&rng, 5);
    const MlpConfig *network = &config->network;
    Dataset rows = random_rows(network, 40, &rng);
    double *numbers = random_numbers(network, &rng);
    double *got = gradient(config, &rows, numbers);
    double *wanted = rule(network, &rows, numbers, hidden, slope, output, output_slope,
                          network->error_signal == ERROR_SIGNAL_RAW);
    for (int64_t i = 0; i < naive_parameters(network); i++) {
        if (!(fabs(got[i] - wanted[i]) <= 1e-12 * (1 + fabs(wanted[i])))) {
            fail_msg("parameter %d: %.15g, by the rule %.15g", (int)i, got[i], wanted[i]);
        }
    }
    free(got);
    free(wanted);
    free(numbers);
    dataset_destroy(&rows);
}

static void step_passes_errors_on_unchanged(void **state) {
    (void)state;
    TrainerConfig config = base(ACTIVATION_STEP, 5, 2);
    config.reduction = REDUCTION_SUM;
    config.network.output = ACTIVATION_STEP;
    check_rule(&config, step, passed_on, step, passed_on);
    config.network.loss = LOSS_SQUARED_ERROR;
    check_rule(&config, step, passed_on, step, passed_on);
}

/* w += x (t - y), bias += t - y: Rosenblatt's rule, as the half squared error's step of rate 1. */
static void a_step_unit_alone_follows_the_perceptron_rule(void **state) {
    (void)state;
    TrainerConfig config = base(ACTIVATION_TANH, 5, 0);
    config.network.output = ACTIVATION_STEP;
    config.network.inputs = 2;
    config.network.outputs = 1;
    config.network.classes = true;
    config.reduction = REDUCTION_SUM;
    double x[] = {0, 0, 0, 1, 1, 0, 1, 1};
    int32_t label[] = {1, 1, 1, 0};
    const Dataset nand = {.n = 4, .inputs = 2, .outputs = 2, .x = x, .label = label};
    const double numbers[] = {0.25, 0.5, -0.3}; /* says 0 0... : z = -0.3, 0.2, -0.05, 0.45 */
    double *grads = gradient(&config, &nand, numbers);
    assert_true(grads[0] == -1 + 1);
    assert_true(grads[1] == 1);
    assert_true(grads[2] == -2 + 1);
    free(grads);
}

/* Softmax with cross-entropy has y - t for its delta, so that both rules are one: with two
 * classes too, which have shorter ways that keep neither y nor t. */
static void raw_errors_of_softmax_are_its_deltas(void **state) {
    (void)state;
    for (int32_t classes = 2; classes <= 3; classes++) {
        TrainerConfig config = base(ACTIVATION_TANH, 0, 1);
        config.network.outputs = classes;
        Rng rng;
        rng_seed(&rng, (uint32_t)classes);
        Dataset rows = random_rows(&config.network, 21, &rng);
        double *numbers = random_numbers(&config.network, &rng);
        double *wanted = gradient(&config, &rows, numbers);
        config.network.error_signal = ERROR_SIGNAL_RAW;
        double *got = gradient(&config, &rows, numbers);
        for (int64_t i = 0; i < naive_parameters(&config.network); i++) {
            /* other kernels, other order of sums */
            if (!(fabs(got[i] - wanted[i]) <= 1e-12)) {
                fail_msg("parameter %d: %.15g, delta's %.15g", (int)i, got[i], wanted[i]);
            }
        }
        free(got);
        free(wanted);
        free(numbers);
        dataset_destroy(&rows);
    }
}

static void raw_errors_go_back_without_the_outputs_derivative(void **state) {
    (void)state;
    for (int loss = LOSS_SQUARED_ERROR; loss <= LOSS_HALF_SQUARED_ERROR; loss++) {
        TrainerConfig config = base(ACTIVATION_SIGMOID, 5, 2);
        config.reduction = REDUCTION_SUM;
        config.network.output = ACTIVATION_SIGMOID;
        config.network.loss = (Loss)loss;
        config.network.classes = true;
        config.network.target_low = 0.01;
        config.network.target_high = 0.99;
        check_rule(&config, sigmoid, sigmoid_slope, sigmoid, sigmoid_slope);
        config.network.error_signal = ERROR_SIGNAL_RAW;
        check_rule(&config, sigmoid, sigmoid_slope, sigmoid, sigmoid_slope);
    }
}

static void clipping_shortens_the_gradient_and_keeps_its_direction(void **state) {
    (void)state;
    TrainerConfig config = base(ACTIVATION_TANH, 5, 2);
    Rng rng;
    rng_seed(&rng, 3);
    Dataset rows = random_rows(&config.network, 40, &rng);
    double *numbers = random_numbers(&config.network, &rng);
    double *whole = gradient(&config, &rows, numbers);
    double norm = 0;
    const int64_t parameters = naive_parameters(&config.network);
    for (int64_t i = 0; i < parameters; i++) norm += whole[i] * whole[i];
    norm = sqrt(norm);
    const double limits[] = {norm / 3, norm * 3};
    for (int l = 0; l < 2; l++) {
        config.clip_norm = limits[l];
        double *clipped = gradient(&config, &rows, numbers);
        const double factor = fmin(1, limits[l] / norm);
        for (int64_t i = 0; i < parameters; i++) {
            assert_true(fabs(clipped[i] - factor * whole[i]) <= 1e-14 * norm);
        }
        free(clipped);
    }
    free(whole);
    free(numbers);
    dataset_destroy(&rows);
}

/* At the kink: torch.autograd on torch.zeros(1) gives 0 for relu, 0.01 for leaky_relu, 1 for elu:
 * the derivative is 1 where z > 0 alone (elu: the limit is 1 on both sides). */
static void the_derivative_at_zero_is_that_of_pytorch(void **state) {
    (void)state;
    static const struct {
        Activation activation;
        double slope;
    } cases[] = {{ACTIVATION_RELU, 0}, {ACTIVATION_LEAKY_RELU, 0.01}, {ACTIVATION_ELU, 1}};
    Dataset rows;
    Error err = {0};
    if (!dataset_create(&rows, 1, 1, 1, false, &err)) fail_msg("%s", err.text);
    rows.x[0] = 3;
    rows.target[0] = 1;
    const double weights[] = {0, 0, 1, 0}; /* z = 0, y = 0, dL/dz = -2 slope */
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const TrainerConfig config = {.network = {.inputs = 1,
                                                  .outputs = 1,
                                                  .hidden_count = 1,
                                                  .hidden = {1},
                                                  .activation = cases[c].activation,
                                                  .output = ACTIVATION_IDENTITY,
                                                  .loss = LOSS_SQUARED_ERROR,
                                                  .bias = true}};
        double grads[4];
        if (!trainer_gradient(grads, &config, weights, &rows, &team_serial, &err)) {
            fail_msg("%s", err.text);
        }
        assert_true(fabs(grads[0] + 6 * cases[c].slope) < 1e-15);
        assert_true(fabs(grads[1] + 2 * cases[c].slope) < 1e-15);
    }
    dataset_destroy(&rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_match_differences_for_every_activation_output_and_loss),
        cmocka_unit_test(gradients_match_differences_over_several_tiles_and_chunks),
        cmocka_unit_test(gradients_match_differences_in_the_smallest_networks),
        cmocka_unit_test(gradients_match_differences_in_wide_networks),
        cmocka_unit_test(what_no_row_needs_does_not_overflow),
        cmocka_unit_test(step_passes_errors_on_unchanged),
        cmocka_unit_test(a_step_unit_alone_follows_the_perceptron_rule),
        cmocka_unit_test(raw_errors_of_softmax_are_its_deltas),
        cmocka_unit_test(raw_errors_go_back_without_the_outputs_derivative),
        cmocka_unit_test(clipping_shortens_the_gradient_and_keeps_its_direction),
        cmocka_unit_test(the_derivative_at_zero_is_that_of_pytorch),
    };
    return cmocka_run_group_tests_name("gradient", tests, NULL, NULL);
}
