#include "core/model/mlp.h"

#include <stddef.h>

const char *const ACTIVATION_NAMES[ACTIVATION_COUNT + 1] = {
    "identity", "step", "sigmoid", "tanh",     "relu",    "leaky_relu",
    "elu",      "gelu", "silu",    "softplus", "softmax", NULL};
const char *const LOSS_NAMES[LOSS_COUNT + 1] = {"cross_entropy", "squared_error",
                                                "half_squared_error", NULL};
const char *const ERROR_SIGNAL_NAMES[ERROR_SIGNAL_COUNT + 1] = {"delta", "raw", NULL};
const char *const INIT_NAMES[INIT_COUNT + 1] = {
    "lecun_normal", "lecun_uniform", "xavier_normal", "xavier_uniform", "he_normal", "he_uniform",
    "uniform",      "normal",        "zeros",         "values",         NULL};

int32_t mlp_outputs(bool classes, int32_t classes_or_columns, Activation output) {
    return classes && classes_or_columns == 2 && output != ACTIVATION_SOFTMAX ? 1
                                                                              : classes_or_columns;
}

static bool check(const MlpConfig *config, Error *err) {
    if (config->hidden_count < 0 || config->hidden_count > MLP_MAX_HIDDEN) {
        return error_set(err, ERROR_USAGE, "hidden: %d layers (at most %d)", config->hidden_count,
                         MLP_MAX_HIDDEN);
    }
    for (int32_t l = 0; l < config->hidden_count; l++) {
        if (config->hidden[l] < 1 || config->hidden[l] > MLP_MAX_UNITS) {
            return error_set(err, ERROR_USAGE, "hidden: a layer of %d units (1 to %d)",
                             config->hidden[l], MLP_MAX_UNITS);
        }
    }
    if (config->inputs < 1 || config->inputs > MLP_MAX_UNITS || config->outputs < 1 ||
        config->outputs > MLP_MAX_UNITS) {
        return error_set(err, ERROR_USAGE, "data: %d inputs and %d outputs (1 to %d of each)",
                         config->inputs, config->outputs, MLP_MAX_UNITS);
    }
    if (config->activation == ACTIVATION_SOFTMAX) {
        return error_set(err, ERROR_USAGE, "activation: softmax is for outputs only");
    }
    if (config->loss == LOSS_CROSS_ENTROPY && config->output != ACTIVATION_SOFTMAX &&
        config->output != ACTIVATION_SIGMOID) {
        return error_set(err, ERROR_USAGE,
                         "loss: cross_entropy needs the output softmax or sigmoid, not %s",
                         ACTIVATION_NAMES[config->output]);
    }
    if (config->loss == LOSS_CROSS_ENTROPY && !config->classes) {
        return error_set(err, ERROR_USAGE,
                         "loss: cross_entropy is for classes; for numbers use half_squared_error");
    }
    if (!(config->dropout >= 0 && config->dropout < 1)) {
        return error_set(err, ERROR_USAGE, "dropout: %g (0 or more, under 1)", config->dropout);
    }
    return true;
}

bool mlp_create(Mlp *mlp, const MlpConfig *config, Error *err) {
    *mlp = (Mlp){0};
    if (!check(config, err)) return false;
    mlp->config = *config;
    mlp->layers = config->hidden_count + 1;
    mlp->widest = config->inputs;
    int64_t at = 0;
    int32_t in = config->inputs;
    for (int32_t l = 0; l < mlp->layers; l++) {
        const bool last = l + 1 == mlp->layers;
        MlpLayer *layer = &mlp->layer[l];
        *layer = (MlpLayer){.in = in,
                            .out = last ? config->outputs : config->hidden[l],
                            .activation = last ? config->output : config->activation,
                            .normalized = !last && config->batch_norm,
                            .weight = at,
                            .bias = -1,
                            .gamma = -1,
                            .beta = -1,
                            .running_mean = -1,
                            .running_variance = -1};
        at += (int64_t)layer->in * layer->out;
        if (config->bias) {
            layer->bias = at;
            at += layer->out;
        }
        if (layer->normalized) {
            layer->gamma = at;
            layer->beta = at + layer->out;
            at += 2 * (int64_t)layer->out;
        }
        if (!last) mlp->units += layer->out;
        if (layer->out > mlp->widest) mlp->widest = layer->out;
        in = layer->out;
    }
    mlp->parameters = at;
    for (int32_t l = 0; l < mlp->layers; l++) {
        MlpLayer *layer = &mlp->layer[l];
        if (!layer->normalized) continue;
        layer->running_mean = at;
        layer->running_variance = at + layer->out;
        at += 2 * (int64_t)layer->out;
    }
    mlp->state_size = at;
    return true;
}

int32_t mlp_class(const Mlp *mlp, const double *outputs) {
    const MlpConfig *config = &mlp->config;
    if (config->outputs == 1) {
        return outputs[0] > (config->target_low + config->target_high) / 2 ? 1 : 0;
    }
    int32_t best = 0;
    for (int32_t k = 1; k < config->outputs; k++) {
        if (outputs[k] > outputs[best]) best = k;
    }
    return best;
}
