#include "tests/core/naive_network.h"

#include "core/base/rng.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EPSILON 1e-5L /* batch norm's, as in PyTorch */

static int32_t size_of(const MlpConfig *config, int32_t layer) {
    return layer == 0                      ? config->inputs
           : layer <= config->hidden_count ? config->hidden[layer - 1]
                                           : config->outputs;
}

static int64_t count(const MlpConfig *config, bool running) {
    int64_t total = 0;
    for (int32_t l = 0; l <= config->hidden_count; l++) {
        const int64_t in = size_of(config, l), out = size_of(config, l + 1);
        total += in * out + (config->bias ? out : 0);
        if (config->batch_norm && l < config->hidden_count) total += running ? 4 * out : 2 * out;
    }
    return total;
}

int64_t naive_state_size(const MlpConfig *config) {
    return count(config, true);
}

int64_t naive_parameters(const MlpConfig *config) {
    return count(config, false);
}

static Wide sigmoid(Wide z) {
    return 1 / (1 + expl(-z));
}

static Wide activate(Activation kind, Wide z) {
    switch (kind) {
    case ACTIVATION_IDENTITY: return z;
    case ACTIVATION_STEP: return z > 0 ? 1 : 0;
    case ACTIVATION_SIGMOID: return sigmoid(z);
    case ACTIVATION_TANH: return tanhl(z);
    case ACTIVATION_RELU: return z > 0 ? z : 0;
    case ACTIVATION_LEAKY_RELU: return z > 0 ? z : 0.01L * z;
    case ACTIVATION_ELU: return z > 0 ? z : expm1l(z);
    case ACTIVATION_GELU: return z * (1 + erfl(z / sqrtl(2))) / 2;
    case ACTIVATION_SILU: return z * sigmoid(z);
    case ACTIVATION_SOFTPLUS: return log1pl(expl(z));
    case ACTIVATION_SOFTMAX:
    case ACTIVATION_COUNT: break;
    }
    abort();
}

static Wide *take(int64_t count) {
    Wide *block = calloc((size_t)count + 1, sizeof *block);
    if (!block) abort();
    return block;
}

/* Mean and biased variance of column u of n x units values. */
static void moments(Wide *mean, Wide *variance, const Wide *z, int64_t n, int32_t units,
                    int32_t u) {
    *mean = *variance = 0;
    for (int64_t i = 0; i < n; i++) *mean += z[i * units + u] / (Wide)n;
    for (int64_t i = 0; i < n; i++) {
        const Wide e = z[i * units + u] - *mean;
        *variance += e * e / (Wide)n;
    }
}

/* The pass behind both functions; statistics may be NULL. */
static void forward(Wide *y, Wide *statistics, const MlpConfig *config, const Wide *state,
                    const double *x, int64_t n, bool training, uint64_t seed, uint64_t step) {
    const Wide *at = state, *running = state + naive_parameters(config);
    Wide *a = take(n * config->inputs);
    for (int64_t i = 0; i < n * config->inputs; i++) a[i] = (Wide)x[i];
    for (int32_t l = 0; l <= config->hidden_count; l++) {
        const int32_t in = size_of(config, l), out = size_of(config, l + 1);
        const bool last = l == config->hidden_count;
        Wide *z = take(n * out);
        for (int64_t i = 0; i < n; i++) {
            for (int32_t j = 0; j < out; j++) {
                Wide sum = config->bias ? at[in * out + j] : 0;
                for (int32_t k = 0; k < in; k++) sum += a[i * in + k] * at[k * out + j];
                z[i * out + j] = sum;
            }
        }
        at += in * out + (config->bias ? out : 0);
        for (int32_t j = 0; config->batch_norm && !last && j < out; j++) {
            Wide mean = running[j], variance = running[out + j];
            if (training) moments(&mean, &variance, z, n, out, j);
            if (statistics) statistics[j] = mean, statistics[out + j] = variance;
            for (int64_t i = 0; i < n; i++) {
                const Wide xhat = (z[i * out + j] - mean) / sqrtl(variance + EPSILON);
                z[i * out + j] = at[j] * xhat + at[out + j];
            }
        }
        if (config->batch_norm && !last) {
            at += 2 * out;
            running += 2 * out;
            if (statistics) statistics += 2 * out;
        }
        for (int64_t i = 0; i < n; i++) {
            Wide *row = z + i * out, total = 0;
            const Activation kind = last ? config->output : config->activation;
            for (int32_t j = 0; j < out; j++) {
                if (kind != ACTIVATION_SOFTMAX)
                    row[j] = activate(kind, row[j]);
                else
                    total += expl(row[j]);
            }
            for (int32_t j = 0; kind == ACTIVATION_SOFTMAX && j < out; j++) {
                row[j] = expl(row[j]) / total;
            }
            for (int32_t j = 0; training && !last && config->dropout > 0 && j < out; j++) {
                const double draw =
                    rng_hash(seed, step, (uint64_t)l, (uint64_t)i, (uint64_t)j) * 0x1p-32;
                /* shares in the tests are multiples of 2^-32 */
                row[j] = draw < config->dropout ? 0 : row[j] / (1 - (Wide)config->dropout);
            }
        }
        free(a);
        a = z;
    }
    if (y) memcpy(y, a, (size_t)n * (size_t)config->outputs * sizeof *y);
    free(a);
}

void naive_outputs(Wide *y, const MlpConfig *config, const Wide *state, const double *x, int64_t n,
                   bool training, uint64_t seed, uint64_t step) {
    forward(y, NULL, config, state, x, n, training, seed, step);
}

void naive_statistics(Wide *statistics, const MlpConfig *config, const Wide *state, const double *x,
                      int64_t n, uint64_t seed, uint64_t step) {
    forward(NULL, statistics, config, state, x, n, true, seed, step);
}

double naive_target(const MlpConfig *config, const Dataset *rows, int64_t row, int32_t k) {
    if (!config->classes) return rows->target[row * rows->outputs + k];
    const bool hit = config->outputs == 1 ? rows->label[row] == 1 : rows->label[row] == k;
    if (config->output == ACTIVATION_SOFTMAX) return hit ? 1 : 0;
    return hit ? config->target_high : config->target_low;
}

Wide naive_loss(const MlpConfig *config, const Wide *y, const Dataset *rows) {
    Wide sum = 0;
    for (int64_t i = 0; i < rows->n; i++) {
        for (int32_t k = 0; k < config->outputs; k++) {
            const Wide p = y[i * config->outputs + k];
            const Wide t = (Wide)naive_target(config, rows, i, k);
            switch (config->loss) {
            case LOSS_CROSS_ENTROPY:
                if (t != 0) sum -= t * logl(p);
                if (config->output == ACTIVATION_SIGMOID && t != 1) sum -= (1 - t) * logl(1 - p);
                break;
            case LOSS_SQUARED_ERROR: sum += (p - t) * (p - t); break;
            case LOSS_HALF_SQUARED_ERROR: sum += (p - t) * (p - t) / 2; break;
            case LOSS_COUNT: abort();
            }
        }
    }
    return sum;
}

Wide naive_penalty(const TrainerConfig *config, const Wide *state) {
    const MlpConfig *network = &config->network;
    Wide penalty = 0;
    for (int32_t l = 0; l <= network->hidden_count; l++) {
        const int64_t in = size_of(network, l), out = size_of(network, l + 1);
        for (int64_t k = 0; k < in * out; k++) {
            penalty +=
                (Wide)config->l1 * fabsl(state[k]) + (Wide)config->l2 / 2 * state[k] * state[k];
        }
        state += in * out + (network->bias ? out : 0);
        if (network->batch_norm) state += 2 * out;
    }
    return penalty;
}

Wide naive_objective(const TrainerConfig *config, const Wide *state, const Dataset *rows) {
    const MlpConfig *network = &config->network;
    Wide *y = take(rows->n * network->outputs);
    naive_outputs(y, network, state, rows->x, rows->n, true, config->seed, 0);
    Wide loss = naive_loss(network, y, rows);
    free(y);
    if (config->reduction == REDUCTION_MEAN) loss /= (Wide)rows->n;
    return loss + naive_penalty(config, state);
}
