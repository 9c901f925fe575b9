#include "core/model/init.h"

#include <inttypes.h>
#include <math.h>

/* One draw. fan_in and fan_out are those of the layer's matrix, for biases too. */
static double draw(const InitConfig *init, double fan_in, double fan_out, Rng *rng) {
    switch (init->kind) {
    case INIT_LECUN_NORMAL: return rng_normal(rng, 0, 1) / sqrt(fan_in);
    case INIT_LECUN_UNIFORM: {
        const double edge = sqrt(3 / fan_in);
        return rng_uniform(rng, -edge, edge);
    }
    case INIT_XAVIER_NORMAL: return rng_normal(rng, 0, 1) * sqrt(2 / (fan_in + fan_out));
    case INIT_XAVIER_UNIFORM: {
        const double edge = sqrt(6 / (fan_in + fan_out));
        return rng_uniform(rng, -edge, edge);
    }
    case INIT_HE_NORMAL: return rng_normal(rng, 0, 1) * sqrt(2 / fan_in);
    case INIT_HE_UNIFORM: {
        const double edge = sqrt(6 / fan_in);
        return rng_uniform(rng, -edge, edge);
    }
    case INIT_UNIFORM: return rng_uniform(rng, init->low, init->high);
    case INIT_NORMAL: return rng_normal(rng, init->mean, init->deviation);
    case INIT_ZEROS:
    case INIT_VALUES:
    case INIT_COUNT: break;
    }
    return 0;
}

static void fill_matrix(double *w, const MlpLayer *layer, const InitConfig *init, Rng *rng) {
    const int64_t in = layer->in, out = layer->out;
    for (int64_t k = 0; k < in * out; k++) {
        const int64_t at = init->out_in ? k % in * out + k / in : k;
        w[at] = draw(init, (double)in, (double)out, rng);
    }
}

static void fill_layer(double *state, const MlpLayer *layer, const InitConfig *weights,
                       const InitConfig *bias, Rng *rng) {
    fill_matrix(state + layer->weight, layer, weights, rng);
    for (int32_t u = 0; layer->bias >= 0 && u < layer->out; u++) {
        state[layer->bias + u] = draw(bias, layer->in, layer->out, rng);
    }
    for (int32_t u = 0; layer->normalized && u < layer->out; u++) {
        state[layer->gamma + u] = 1;
        state[layer->beta + u] = 0;
        state[layer->running_mean + u] = 0;
        state[layer->running_variance + u] = 1;
    }
}

bool init_state(double *state, const Mlp *mlp, const InitConfig *weights, const InitConfig *bias,
                Rng *rng, Error *err) {
    for (int32_t l = 0; l < mlp->layers; l++) {
        fill_layer(state, &mlp->layer[l], weights, bias, rng);
    }
    if (weights->kind != INIT_VALUES) return true;
    if (weights->value_count != mlp->parameters) {
        return error_set(err, ERROR_USAGE,
                         "init: %" PRId64 " values for a network of %" PRId64
                         " parameters (give all of them, in the order W1 b1 W2 b2 ...)",
                         weights->value_count, mlp->parameters);
    }
    for (int64_t i = 0; i < mlp->parameters; i++) state[i] = weights->values[i];
    return true;
}
