#include "core/kernels/fused.h"

#include <assert.h>

#include "core/kernels/vmath.h"

/* A hidden unit's sums: inputs, bias, output weight. That of the output's bias follows the last
 * unit. */
#define UNIT_SUMS(in) ((in) + 2)
#define PAIR          2 /* units that go backward side by side */

static bool has_kind(Activation kind) {
    return kind == ACTIVATION_TANH || kind == ACTIVATION_SIGMOID || kind == ACTIVATION_RELU;
}

bool fused_fits(const Mlp *mlp) {
    const MlpConfig *config = &mlp->config;
    const bool one_output =
        config->outputs == 1 || (config->outputs == 2 && config->output == ACTIVATION_SOFTMAX &&
                                 config->loss == LOSS_CROSS_ENTROPY);
    return config->hidden_count == 1 && config->inputs <= FUSED_MAX_INPUTS && one_output &&
           has_kind(config->activation) && !config->batch_norm && config->dropout == 0 &&
           config->error_signal == ERROR_SIGNAL_DELTA;
}

int64_t fused_partial_sums(const Mlp *mlp) {
    return (UNIT_SUMS((int64_t)mlp->config.inputs) * mlp->units + 1) * LANES;
}

/* The parameters of one hidden unit, broadcast. */
typedef struct HiddenUnit {
    Vec w[FUSED_MAX_INPUTS], bias, out;
} HiddenUnit;

VEC_INLINE HiddenUnit hidden_unit(const real *w, const Mlp *mlp, int32_t j, const int in) {
    const MlpLayer *hidden = &mlp->layer[0], *last = &mlp->layer[1];
    HiddenUnit unit;
#pragma GCC unroll 4
    for (int i = 0; i < in; i++) unit.w[i] = vec_broadcast(w[hidden->weight + i * hidden->out + j]);
    unit.bias = vec_broadcast(hidden->bias >= 0 ? w[hidden->bias + j] : 0);
    const real *out = w + last->weight + (int64_t)j * last->out;
    unit.out = vec_broadcast(last->out == 2 ? out[0] - out[1] : out[0]);
    return unit;
}

VEC_INLINE Vec affine(const HiddenUnit *unit, const real *x, ptrdiff_t x_stride, const int in) {
    Vec z = unit->bias;
#pragma GCC unroll 4
    for (int i = 0; i < in; i++) z = vec_fma(unit->w[i], vec_load(x + i * x_stride), z);
    return z;
}

VEC_INLINE void activate(const Activation kind, Vec *z, const bool bounded) {
    if (kind == ACTIVATION_TANH && bounded) {
        vmath_tanh_bounded(z, VMATH_UNROLL);
    } else if (kind == ACTIVATION_TANH) {
        vmath_tanh_unrolled(z, VMATH_UNROLL);
    } else if (kind == ACTIVATION_SIGMOID && bounded) {
        vmath_sigmoid_bounded(z, VMATH_UNROLL);
    } else if (kind == ACTIVATION_SIGMOID) {
        vmath_sigmoid_unrolled(z, VMATH_UNROLL);
    } else {
        for (int k = 0; k < VMATH_UNROLL; k++) z[k] = vec_max(z[k], vec_broadcast(0));
    }
}

/* The unit's delta without its output weight: delta f'(z), from a = f(z). */
VEC_INLINE Vec back_through(const Activation kind, Vec delta, Vec a) {
    if (kind == ACTIVATION_TANH) return delta * vec_fnma(a, a, vec_broadcast(1));
    if (kind == ACTIVATION_SIGMOID) return delta * vec_fnma(a, a, a);
    return vec_select((VecWord)(a > 0), delta, vec_broadcast(0));
}

static real size_of(real x) {
    return x < 0 ? -x : x;
}

/* What no row's |w x + b| can exceed, but for rounding; NaN where a weight is NaN. */
VEC_INLINE real unit_bound(const real *w, const Mlp *mlp, int32_t j, const real *largest,
                           const int in) {
    const MlpLayer *hidden = &mlp->layer[0];
    real bound = hidden->bias >= 0 ? size_of(w[hidden->bias + j]) : 0;
#pragma GCC unroll 4
    for (int i = 0; i < in; i++) {
        bound += size_of(w[hidden->weight + i * hidden->out + j]) * largest[i];
    }
    return bound;
}

/* A unit's activations, and its share of the output. */
VEC_INLINE void forward_unit(real *z, real *a, const HiddenUnit *unit, FusedTile tile,
                             const Activation kind, const int in, const bool bounded) {
    for (int32_t s = 0; s < tile.rows; s += VMATH_UNROLL * VEC_WIDTH) {
        Vec v[VMATH_UNROLL];
        for (int k = 0; k < VMATH_UNROLL; k++) {
            v[k] = affine(unit, tile.x + s + k * VEC_WIDTH, tile.x_stride, in);
        }
        activate(kind, v, bounded);
        for (int k = 0; k < VMATH_UNROLL; k++) {
            real *sum = z + s + k * VEC_WIDTH;
            vec_store(a + s + k * VEC_WIDTH, v[k]);
            vec_store(sum, vec_fma(v[k], unit->out, vec_load(sum)));
        }
    }
}

VEC_INLINE bool forward(real *z, real *a, const real *w, const Mlp *mlp, FusedTile tile,
                        const Activation kind, const int in) {
    const MlpLayer *last = &mlp->layer[1];
    const real *bias = w + last->bias;
    const real start = last->bias < 0 ? 0 : last->out == 2 ? bias[0] - bias[1] : bias[0];
    real z_bound = size_of(start);
    for (int32_t s = 0; s < tile.rows; s += VEC_WIDTH) vec_store(z + s, vec_broadcast(start));
    for (int32_t j = 0; j < mlp->units; j++) {
        const HiddenUnit unit = hidden_unit(w, mlp, j, in);
        const real bound = unit_bound(w, mlp, j, tile.largest, in);
        const real a_bound = kind == ACTIVATION_RELU ? bound : 1;
        if (bound <= VMATH_BOUND) { /* false for NaN */
            forward_unit(z, a + j * tile.stride, &unit, tile, kind, in, true);
        } else {
            forward_unit(z, a + j * tile.stride, &unit, tile, kind, in, false);
        }
        z_bound += size_of(unit.out[0]) * a_bound;
    }
    for (int32_t s = 0; last->out == 2 && s < tile.rows; s += VEC_WIDTH) {
        vec_store(z + tile.stride + s, vec_broadcast(0));
    }
    return z_bound <= VMATH_BOUND;
}

/* What a backward pass reads: the delta of the (first) output, the activations, the parameters. */
typedef struct Backward {
    const real *d, *a, *w;
    const Mlp *mlp;
    FusedTile tile;
} Backward;

/* The sums of `units` units from j on, side by side: they share what is loaded. The output weight
 * is a factor of complete sums, so it is multiplied at their end. */
VEC_INLINE void backward_units(real *partial_sums, Backward from, bool add, const Activation kind,
                               const int in, int32_t j, const int units) {
    const FusedTile tile = from.tile;
    const int sums = UNIT_SUMS(in);
    /* each vector of a group of LANES has sums of its own */
    for (int g = 0; g < VEC_GROUP; g++) {
        Vec sum[PAIR][UNIT_SUMS(FUSED_MAX_INPUTS)];
#pragma GCC unroll 2
        for (int u = 0; u < units; u++) {
#pragma GCC unroll 8
            for (int i = 0; i < sums; i++) sum[u][i] = vec_broadcast(0);
        }
        for (int32_t s = g * VEC_WIDTH; s < tile.rows; s += LANES) {
            const Vec delta = vec_load(from.d + s);
#pragma GCC unroll 2
            for (int u = 0; u < units; u++) {
                const Vec v = vec_load(from.a + (j + u) * tile.stride + s);
                const Vec back = back_through(kind, delta, v);
#pragma GCC unroll 4
                for (int i = 0; i < in; i++) {
                    sum[u][i] = vec_fma(back, vec_load(tile.x + i * tile.x_stride + s), sum[u][i]);
                }
                sum[u][in] += back;
                sum[u][in + 1] = vec_fma(v, delta, sum[u][in + 1]);
            }
        }
#pragma GCC unroll 2
        for (int u = 0; u < units; u++) {
            const Vec out = hidden_unit(from.w, from.mlp, j + u, in).out;
            real *kept = partial_sums + (int64_t)(j + u) * sums * LANES + g * VEC_WIDTH;
#pragma GCC unroll 8
            for (int i = 0; i < sums; i++) {
                Vec mine = sum[u][i];
                if (i <= in) mine *= out;
                if (add) mine += vec_load(kept + i * LANES);
                vec_store(kept + i * LANES, mine);
            }
        }
    }
}

VEC_INLINE void backward(real *partial_sums, Backward from, bool add, const Activation kind,
                         const int in) {
    const Mlp *mlp = from.mlp;
    int32_t j = 0;
    for (; j + PAIR <= mlp->units; j += PAIR) {
        backward_units(partial_sums, from, add, kind, in, j, PAIR);
    }
    for (; j < mlp->units; j++) {
        backward_units(partial_sums, from, add, kind, in, j, 1);
    }
    real *kept = partial_sums + (int64_t)mlp->units * UNIT_SUMS(in) * LANES;
    for (int g = 0; g < VEC_GROUP; g++) {
        Vec sum = add ? vec_load(kept + g * VEC_WIDTH) : vec_broadcast(0);
        for (int32_t s = g * VEC_WIDTH; s < from.tile.rows; s += LANES) sum += vec_load(from.d + s);
        vec_store(kept + g * VEC_WIDTH, sum);
    }
}

/* A function for every kind and number of inputs, both constants to the compiler: as branches of
 * one function they leave it too few registers, and the inner loops reload what they need. */
#define EACH_INPUTS(define, kind) define(kind, 1) define(kind, 2) define(kind, 3)
#define EACH_SHAPE(define)                                                                         \
    EACH_INPUTS(define, TANH) EACH_INPUTS(define, SIGMOID) EACH_INPUTS(define, RELU)
#define CASE(kind, in) [ACTIVATION_##kind][in] = CALL(kind, in),

#define DEFINE(kind, in)                                                                           \
    static __attribute__((noinline)) bool forward_##kind##_##in(real *z, real *a, const real *w,   \
                                                                const Mlp *mlp, FusedTile tile) {  \
        return forward(z, a, w, mlp, tile, ACTIVATION_##kind, in);                                 \
    }                                                                                              \
    static __attribute__((noinline)) void backward_##kind##_##in(real *partial_sums,               \
                                                                 Backward from, bool add) {        \
        if (add) {                                                                                 \
            backward(partial_sums, from, true, ACTIVATION_##kind, in);                             \
        } else {                                                                                   \
            backward(partial_sums, from, false, ACTIVATION_##kind, in);                            \
        }                                                                                          \
    }
EACH_SHAPE(DEFINE)
#undef DEFINE

bool fused_forward(real *z, real *a, const real *w, const Mlp *mlp, FusedTile tile) {
#define CALL(kind, in) forward_##kind##_##in
    static bool (*const functions[ACTIVATION_COUNT][FUSED_MAX_INPUTS + 1])(
        real *, real *, const real *, const Mlp *, FusedTile) = {EACH_SHAPE(CASE)};
#undef CALL
    return functions[mlp->config.activation][mlp->config.inputs](z, a, w, mlp, tile);
}

void fused_backward(real *partial_sums, const real *d, const real *a, const real *w, const Mlp *mlp,
                    FusedTile tile, bool add) {
#define CALL(kind, in) backward_##kind##_##in
    static void (*const functions[ACTIVATION_COUNT][FUSED_MAX_INPUTS + 1])(
        real *, Backward, bool) = {EACH_SHAPE(CASE)};
#undef CALL
    const Backward from = {d, a, w, mlp, tile};
    functions[mlp->config.activation][mlp->config.inputs](partial_sums, from, add);
}

void fused_finish(real *grads, const real *partial_sums, const Mlp *mlp) {
    const MlpLayer *hidden = &mlp->layer[0], *last = &mlp->layer[1];
    const int32_t in = mlp->config.inputs, units = mlp->units;
    const ptrdiff_t stride = UNIT_SUMS((ptrdiff_t)in) * LANES; /* from unit to unit */
    real *out = grads + last->weight;
    for (int32_t i = 0; i < in; i++) {
        vec_reduce_blocks(grads + hidden->weight + (int64_t)i * units, partial_sums + i * LANES,
                          stride, units);
    }
    if (hidden->bias >= 0) {
        vec_reduce_blocks(grads + hidden->bias, partial_sums + in * LANES, stride, units);
    }
    vec_reduce_blocks(out, partial_sums + (in + 1) * LANES, stride, units);
    const real bias = vec_reduce(partial_sums + units * stride);
    if (last->bias >= 0) grads[last->bias] = bias;
    if (last->out == 1) return;
    /* those of the second output are minus the first's */
    for (int32_t j = units - 1; j >= 0; j--) {
        out[2 * j + 1] = -out[j];
        out[2 * j] = out[j];
    }
    if (last->bias >= 0) grads[last->bias + 1] = -bias;
}
