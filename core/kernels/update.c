#include "core/kernels/update.h"

#include <math.h>
#include <stdbool.h>

#if REAL_BITS == 64
#define real_sqrt sqrt
#define real_abs  fabs
#else
#define real_sqrt sqrtf
#define real_abs  fabsf
#endif

/* g = scale g + l2 w + l1 sign w */
static void add_penalty(real *restrict g, const real *restrict w, int64_t count, real scale,
                        real l1, real l2) {
    for (int64_t i = 0; i < count; i++) g[i] = scale * g[i] + l2 * w[i];
    for (int64_t i = 0; l1 != 0 && i < count; i++) g[i] += l1 * (real)((w[i] > 0) - (w[i] < 0));
}

static void scale_by(real *g, int64_t count, real factor) {
    for (int64_t i = 0; i < count; i++) g[i] *= factor;
}

static void prepare(real *g, const real *w, const Mlp *mlp, const UpdateConfig *config,
                    double scale) {
    if (config->l1 == 0 && config->l2 == 0) {
        if (scale != 1) scale_by(g, mlp->parameters, (real)scale);
        return;
    }
    for (int32_t l = 0; l < mlp->layers; l++) {
        const MlpLayer *layer = &mlp->layer[l];
        const int64_t weights = (int64_t)layer->in * layer->out, end = layer->weight + weights;
        const int64_t next = l + 1 < mlp->layers ? mlp->layer[l + 1].weight : mlp->parameters;
        add_penalty(g + layer->weight, w + layer->weight, weights, (real)scale, (real)config->l1,
                    (real)config->l2);
        if (scale != 1) scale_by(g + end, next - end, (real)scale);
    }
}

static double sum_of_squares(const real *g, int64_t count) {
    double lane[LANES] = {0};
    for (int64_t i = 0; i < count; i++) lane[i % LANES] += (double)g[i] * (double)g[i];
    double sum = 0;
    for (int i = 0; i < LANES; i++) sum += lane[i];
    return sum;
}

static void clip(real *g, int64_t count, double max) {
    const double norm = sqrt(sum_of_squares(g, count));
    if (norm > max) scale_by(g, count, (real)(max / norm));
}

static void sgd(real *restrict w, const real *restrict g, int64_t n, real rate) {
    for (int64_t i = 0; i < n; i++) w[i] -= rate * g[i];
}

static void sgd_momentum(real *restrict w, const real *restrict g, real *restrict v, int64_t n,
                         real rate, real momentum, bool nesterov) {
    for (int64_t i = 0; i < n; i++) {
        v[i] = momentum * v[i] + g[i];
        w[i] -= rate * (nesterov ? g[i] + momentum * v[i] : v[i]);
    }
}

static void adagrad(real *restrict w, const real *restrict g, real *restrict s, int64_t n,
                    real rate, real epsilon) {
    for (int64_t i = 0; i < n; i++) {
        s[i] += g[i] * g[i];
        w[i] -= rate * (g[i] / (real_sqrt(s[i]) + epsilon));
    }
}

static void rmsprop(real *restrict w, const real *restrict g, real *restrict s, int64_t n,
                    real rate, real rho, real epsilon) {
    for (int64_t i = 0; i < n; i++) {
        s[i] = rho * s[i] + (1 - rho) * (g[i] * g[i]);
        w[i] -= rate * (g[i] / (real_sqrt(s[i]) + epsilon));
    }
}

static void rmsprop_momentum(real *restrict w, const real *restrict g, real *restrict s,
                             real *restrict v, int64_t n, real rate, const OptimizerConfig *o) {
    const real rho = (real)o->rho, epsilon = (real)o->epsilon, momentum = (real)o->momentum;
    for (int64_t i = 0; i < n; i++) {
        s[i] = rho * s[i] + (1 - rho) * (g[i] * g[i]);
        v[i] = momentum * v[i] + g[i] / (real_sqrt(s[i]) + epsilon);
        w[i] -= rate * v[i];
    }
}

static void adam(real *restrict w, const real *restrict g, real *restrict m, real *restrict s,
                 int64_t n, double rate, const OptimizerConfig *o, int64_t step) {
    const double t = (double)step + 1;
    const real correction = (real)(1 / sqrt(1 - pow(o->beta2, t)));
    const real size = (real)(rate / (1 - pow(o->beta1, t)));
    const real b1 = (real)o->beta1, b2 = (real)o->beta2, epsilon = (real)o->epsilon;
    const real c1 = (real)(1 - o->beta1), c2 = (real)(1 - o->beta2);
    for (int64_t i = 0; i < n; i++) {
        m[i] = b1 * m[i] + c1 * g[i];
        s[i] = b2 * s[i] + c2 * (g[i] * g[i]);
        w[i] -= size * (m[i] / (real_sqrt(s[i]) * correction + epsilon));
    }
}

/* AdamW's decay, separate from the gradient; weights only. */
static void decay(real *w, const Mlp *mlp, real factor) {
    for (int32_t l = 0; l < mlp->layers; l++) {
        const MlpLayer *layer = &mlp->layer[l];
        scale_by(w + layer->weight, (int64_t)layer->in * layer->out, factor);
    }
}

void update_step(real *w, real *g, real *moment1, real *moment2, const Mlp *mlp,
                 const UpdateConfig *config, UpdateStep step) {
    const OptimizerConfig *o = config->optimizer;
    const int64_t n = mlp->parameters;
    const real rate = (real)step.rate;
    prepare(g, w, mlp, config, step.scale);
    if (config->clip_norm > 0) clip(g, n, config->clip_norm);
    switch (o->kind) {
    case OPTIMIZER_SGD:
        if (o->momentum > 0) {
            sgd_momentum(w, g, moment1, n, rate, (real)o->momentum, o->nesterov);
        } else {
            sgd(w, g, n, rate);
        }
        break;
    case OPTIMIZER_ADAGRAD: adagrad(w, g, moment2, n, rate, (real)o->epsilon); break;
    case OPTIMIZER_RMSPROP:
        if (o->momentum > 0) {
            rmsprop_momentum(w, g, moment2, moment1, n, rate, o);
        } else {
            rmsprop(w, g, moment2, n, rate, (real)o->rho, (real)o->epsilon);
        }
        break;
    case OPTIMIZER_ADAMW: decay(w, mlp, (real)(1 - step.rate * o->weight_decay)); /* fall through */
    case OPTIMIZER_ADAM: adam(w, g, moment1, moment2, n, step.rate, o, step.number); break;
    case OPTIMIZER_COUNT: break;
    }
}

double update_penalty(const real *w, const Mlp *mlp, double l1, double l2) {
    double size = 0, squares = 0;
    if (l1 == 0 && l2 == 0) return 0;
    for (int32_t l = 0; l < mlp->layers; l++) {
        const MlpLayer *layer = &mlp->layer[l];
        const int64_t count = (int64_t)layer->in * layer->out;
        squares += sum_of_squares(w + layer->weight, count);
        for (int64_t i = 0; l1 != 0 && i < count; i++) {
            size += (double)real_abs(w[layer->weight + i]);
        }
    }
    return l1 * size + l2 / 2 * squares;
}
