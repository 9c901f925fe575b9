#include "core/kernels/loss.h"

#include <assert.h>

#include "core/kernels/activation.h"
#include "core/kernels/vmath.h"

static int64_t sum_words(VecWord count) {
    int64_t sum = 0;
    for (int i = 0; i < VEC_WIDTH; i++) sum += count[i];
    return sum;
}

/* The largest of a sample's outputs; NaN where one is NaN, so that it is noticed. */
VEC_INLINE Vec column_top(const real *z, int32_t units, ptrdiff_t stride) {
    Vec top = vec_load(z);
    for (int32_t k = 1; k < units; k++) {
        const Vec v = vec_load(z + k * stride);
        top = vec_select((VecWord)(v > top) | (VecWord)(v != v), v, top);
    }
    return top;
}

static void softmax(real *y, const real *z, TileShape shape) {
    for (int32_t s = 0; s < shape.rows; s += VEC_WIDTH) {
        const Vec top = column_top(z + s, shape.units, shape.stride);
        Vec sum = vec_broadcast(0);
        for (int32_t k = 0; k < shape.units; k++) {
            const Vec e = vmath_exp(vec_load(z + k * shape.stride + s) - top);
            vec_store(y + k * shape.stride + s, e);
            sum += e;
        }
        for (int32_t k = 0; k < shape.units; k++) {
            vec_store(y + k * shape.stride + s, vec_load(y + k * shape.stride + s) / sum);
        }
    }
}

/* Two classes are one sigmoid of the difference: the output of the first, for the vectors from s
 * on. bounded: no difference is larger than VMATH_BOUND. */
VEC_INLINE void first_of_two(Vec *y, const real *z, int32_t s, ptrdiff_t stride,
                             const bool bounded) {
    for (int k = 0; k < VMATH_UNROLL; k++) {
        const ptrdiff_t at = s + k * VEC_WIDTH;
        y[k] = vec_load(z + at) - vec_load(z + stride + at);
    }
    if (bounded) {
        vmath_sigmoid_bounded(y, VMATH_UNROLL);
    } else {
        vmath_sigmoid_unrolled(y, VMATH_UNROLL);
    }
}

static void softmax_of_two(real *y, const real *z, TileShape shape) {
    for (int32_t s = 0; s < shape.rows; s += VMATH_UNROLL * VEC_WIDTH) {
        Vec first[VMATH_UNROLL];
        first_of_two(first, z, s, shape.stride, false);
        for (int k = 0; k < VMATH_UNROLL; k++) {
            const ptrdiff_t at = s + k * VEC_WIDTH;
            vec_store(y + at, first[k]);
            vec_store(y + shape.stride + at, 1 - first[k]);
        }
    }
}

void loss_output(Activation output, real *y, const real *z, TileShape shape) {
    if (output != ACTIVATION_SOFTMAX) {
        for (int32_t k = 0; k < shape.units; k++) {
            activation_forward(output, y + k * shape.stride, z + k * shape.stride, shape.rows);
        }
    } else if (shape.units == 2) {
        softmax_of_two(y, z, shape);
    } else {
        softmax(y, z, shape);
    }
}

/* log sum exp z - sum t z, for targets that add up to 1. */
static void softmax_cross_entropy(real *values, const real *z, const real *t, TileShape shape) {
    for (int32_t s = 0; s < shape.rows; s += VEC_WIDTH) {
        const Vec top = column_top(z + s, shape.units, shape.stride);
        Vec sum = vec_broadcast(0), chosen = vec_broadcast(0);
        for (int32_t k = 0; k < shape.units; k++) {
            const Vec v = vec_load(z + k * shape.stride + s);
            sum += vmath_exp(v - top);
            chosen = vec_fma(vec_load(t + k * shape.stride + s), v - top, chosen);
        }
        vec_store(values + s, vmath_log(sum) - chosen);
    }
}

/* -t log y - (1 - t) log(1 - y) = softplus(z) - t z */
static void sigmoid_cross_entropy(real *values, const real *z, const real *t, TileShape shape) {
    for (int32_t s = 0; s < shape.rows; s += VEC_WIDTH) {
        Vec sum = vec_broadcast(0);
        for (int32_t k = 0; k < shape.units; k++) {
            const Vec v = vec_load(z + k * shape.stride + s);
            sum += vec_fnma(vec_load(t + k * shape.stride + s), v, vmath_softplus(v));
        }
        vec_store(values + s, sum);
    }
}

static void squared_error(real *values, const real *y, const real *t, TileShape shape,
                          real factor) {
    for (int32_t s = 0; s < shape.rows; s += VEC_WIDTH) {
        Vec sum = vec_broadcast(0);
        for (int32_t k = 0; k < shape.units; k++) {
            const Vec e = vec_load(y + k * shape.stride + s) - vec_load(t + k * shape.stride + s);
            sum = vec_fma(e, e, sum);
        }
        vec_store(values + s, sum * factor);
    }
}

void loss_values(Loss loss, Activation output, real *values, const real *y, const real *z,
                 const real *t, TileShape shape) {
    if (loss == LOSS_CROSS_ENTROPY && output == ACTIVATION_SOFTMAX) {
        softmax_cross_entropy(values, z, t, shape);
    } else if (loss == LOSS_CROSS_ENTROPY) {
        sigmoid_cross_entropy(values, z, t, shape);
    } else {
        squared_error(values, y, t, shape, loss == LOSS_HALF_SQUARED_ERROR ? (real)0.5 : (real)1);
    }
}

static void difference(real *d, const real *y, const real *t, TileShape shape, real factor) {
    for (int32_t k = 0; k < shape.units; k++) {
        for (int32_t s = 0; s < shape.rows; s += VEC_WIDTH) {
            const ptrdiff_t at = k * shape.stride + s;
            vec_store(d + at, (vec_load(y + at) - vec_load(t + at)) * factor);
        }
    }
}

/* dz_k = y_k (dy_k - sum_j y_j dy_j) */
static void softmax_backward(real *d, const real *y, TileShape shape) {
    for (int32_t s = 0; s < shape.rows; s += VEC_WIDTH) {
        Vec mean = vec_broadcast(0);
        for (int32_t k = 0; k < shape.units; k++) {
            mean = vec_fma(vec_load(y + k * shape.stride + s), vec_load(d + k * shape.stride + s),
                           mean);
        }
        for (int32_t k = 0; k < shape.units; k++) {
            const ptrdiff_t at = k * shape.stride + s;
            vec_store(d + at, vec_load(y + at) * (vec_load(d + at) - mean));
        }
    }
}

void loss_delta(Loss loss, Activation output, real *d, const real *y, const real *z, const real *t,
                TileShape shape) {
    difference(d, y, t, shape, loss == LOSS_SQUARED_ERROR ? (real)2 : (real)1);
    if (loss == LOSS_CROSS_ENTROPY) return; /* softmax's and sigmoid's derivatives cancel */
    if (output == ACTIVATION_SOFTMAX) {
        softmax_backward(d, y, shape);
        return;
    }
    for (int32_t k = 0; k < shape.units; k++) {
        activation_backward(output, d + k * shape.stride, y + k * shape.stride,
                            z + k * shape.stride, shape.rows);
    }
}

VEC_INLINE void delta_of_two(real *d, const real *z, const real *label, TileShape shape,
                             const bool bounded) {
    for (int32_t s = 0; s < shape.rows; s += VMATH_UNROLL * VEC_WIDTH) {
        Vec v[VMATH_UNROLL];
        first_of_two(v, z, s, shape.stride, bounded);
        for (int k = 0; k < VMATH_UNROLL; k++) {
            const ptrdiff_t at = s + k * VEC_WIDTH;
            const VecWord first = (VecWord)(vec_load(label + at) == 0);
            v[k] = vec_select(first, v[k] - 1, v[k]);
            vec_store(d + at, v[k]);
            vec_store(d + shape.stride + at, -v[k]);
        }
    }
}

void loss_delta_of_two(real *d, const real *z, const real *label, TileShape shape, bool bounded) {
    if (bounded) {
        delta_of_two(d, z, label, shape, true);
    } else {
        delta_of_two(d, z, label, shape, false);
    }
}

/* The loss is log(1 + e^(z of the other class - z of the sample's class)). */
VEC_INLINE int64_t score_of_two(real *values, const real *z, const real *label, TileShape shape,
                                const bool bounded) {
    VecWord correct = {0};
    for (int32_t s = 0; s < shape.rows; s += VMATH_UNROLL * VEC_WIDTH) {
        Vec lead[VMATH_UNROLL];
        for (int k = 0; k < VMATH_UNROLL; k++) {
            const ptrdiff_t at = s + k * VEC_WIDTH;
            const Vec mine = vec_load(label + at);
            const Vec d = vec_load(z + shape.stride + at) - vec_load(z + at);
            const Vec class = vec_select((VecWord)(d > 0), vec_broadcast(1), vec_broadcast(0));
            correct -= (VecWord)(class == mine);
            lead[k] = vec_select((VecWord)(mine == 0), d, -d);
        }
        if (bounded) {
            vmath_softplus_bounded(lead, VMATH_UNROLL);
        } else {
            vmath_softplus_unrolled(lead, VMATH_UNROLL);
        }
        for (int k = 0; k < VMATH_UNROLL; k++) vec_store(values + s + k * VEC_WIDTH, lead[k]);
    }
    return sum_words(correct);
}

int64_t loss_score_of_two(real *values, const real *z, const real *label, TileShape shape,
                          bool bounded) {
    return bounded ? score_of_two(values, z, label, shape, true)
                   : score_of_two(values, z, label, shape, false);
}

void loss_targets(real *t, const real *label, real low, real high, TileShape shape) {
    for (int32_t k = 0; k < shape.units; k++) {
        const Vec mine = vec_broadcast((real)(shape.units == 1 ? 1 : k));
        for (int32_t s = 0; s < shape.rows; s += VEC_WIDTH) {
            const VecWord hit = (VecWord)(vec_load(label + s) == mine);
            vec_store(t + k * shape.stride + s,
                      vec_select(hit, vec_broadcast(high), vec_broadcast(low)));
        }
    }
}

int64_t loss_correct(const real *y, const real *label, real middle, TileShape shape) {
    VecWord count = {0};
    for (int32_t s = 0; s < shape.rows; s += VEC_WIDTH) {
        Vec best = vec_load(y + s), class = vec_broadcast(0);
        if (shape.units == 1) class = vec_select((VecWord)(best > middle), vec_broadcast(1), class);
        for (int32_t k = 1; k < shape.units; k++) {
            const Vec v = vec_load(y + k * shape.stride + s);
            const VecWord better = (VecWord)(v > best);
            best = vec_select(better, v, best);
            class = vec_select(better, vec_broadcast((real)k), class);
        }
        count -= (VecWord)(class == vec_load(label + s));
    }
    return sum_words(count);
}
