/* One function for all values and one for all derivatives, the kind a constant in each loop: a new
 * activation is one case in each of the two switches, one name in mlp.c and one row in the tests.
 * The naive form is a call of libm for each value; tests/core/naive_network.c has it. */
#include "core/kernels/activation.h"

#include <assert.h>
#include <math.h>

#include "core/kernels/vmath.h"

/* gelu's error function is libm's, one value at a time: exact, and slow. */
VEC_INLINE Vec normal_cdf(Vec z) {
    Vec cdf;
    for (int i = 0; i < VEC_WIDTH; i++) {
        cdf[i] = (real)(0.5 * erfc(-(double)z[i] * 0.70710678118654752440));
    }
    return cdf;
}

VEC_INLINE Vec value(const Activation kind, Vec z) {
    switch (kind) {
    case ACTIVATION_IDENTITY: return z;
    case ACTIVATION_STEP: /* NaN stays NaN */
        return vec_select((VecWord)(z > 0), vec_broadcast(1),
                          vec_select((VecWord)(z != z), z, vec_broadcast(0)));
    case ACTIVATION_RELU: return vec_max(z, vec_broadcast(0));
    case ACTIVATION_LEAKY_RELU: return vec_select((VecWord)(z < 0), z * (real)0.01, z);
    case ACTIVATION_ELU: return vec_select((VecWord)(z < 0), vmath_expm1_negative(z), z);
    case ACTIVATION_GELU: return z * normal_cdf(z);
    case ACTIVATION_SILU: return z * vmath_sigmoid(z);
    case ACTIVATION_SOFTPLUS: return vmath_softplus(z);
    case ACTIVATION_SIGMOID: /* several vectors at a time: in forward() */
    case ACTIVATION_TANH:
    case ACTIVATION_SOFTMAX:
    case ACTIVATION_COUNT: break;
    }
    assert(0);
    return z;
}

VEC_INLINE Vec derivative(const Activation kind, Vec a, Vec z) {
    switch (kind) {
    case ACTIVATION_IDENTITY:
    case ACTIVATION_STEP:
        return vec_broadcast(1); /* the perceptron rule passes the error on unchanged */
    case ACTIVATION_SIGMOID: return vec_fnma(a, a, a);
    case ACTIVATION_TANH: return vec_fnma(a, a, vec_broadcast(1));
    case ACTIVATION_RELU: return vec_select((VecWord)(a > 0), vec_broadcast(1), vec_broadcast(0));
    case ACTIVATION_LEAKY_RELU:
        return vec_select((VecWord)(a > 0), vec_broadcast(1), vec_broadcast((real)0.01));
    case ACTIVATION_ELU: return vec_select((VecWord)(a < 0), a + 1, vec_broadcast(1));
    case ACTIVATION_GELU: {
        const Vec density = vmath_exp(z * z * (real)-0.5) * (real)0.39894228040143267794;
        return vec_fma(z, density, normal_cdf(z));
    }
    case ACTIVATION_SILU: {
        const Vec s = vmath_sigmoid(z);
        return vec_fma(z * s, 1 - s, s);
    }
    case ACTIVATION_SOFTPLUS: return vmath_sigmoid(z);
    case ACTIVATION_SOFTMAX:
    case ACTIVATION_COUNT: break;
    }
    assert(0);
    return a;
}

/* count is a multiple of LANES, so of VMATH_UNROLL vectors. */
VEC_INLINE void forward(const Activation kind, real *a, const real *z, int64_t count) {
    for (int64_t i = 0; i < count; i += VMATH_UNROLL * VEC_WIDTH) {
        Vec v[VMATH_UNROLL];
        for (int k = 0; k < VMATH_UNROLL; k++) v[k] = vec_load(z + i + k * VEC_WIDTH);
        if (kind == ACTIVATION_TANH) {
            vmath_tanh_unrolled(v, VMATH_UNROLL);
        } else if (kind == ACTIVATION_SIGMOID) {
            vmath_sigmoid_unrolled(v, VMATH_UNROLL);
        } else {
            for (int k = 0; k < VMATH_UNROLL; k++) v[k] = value(kind, v[k]);
        }
        for (int k = 0; k < VMATH_UNROLL; k++) vec_store(a + i + k * VEC_WIDTH, v[k]);
    }
}

VEC_INLINE void backward(const Activation kind, real *d, const real *a, const real *z,
                         int64_t count, const bool with_z) {
#pragma GCC unroll 4
    for (int64_t i = 0; i < count; i += VEC_WIDTH) {
        const Vec slope =
            derivative(kind, vec_load(a + i), with_z ? vec_load(z + i) : vec_broadcast(0));
        vec_store(d + i, vec_load(d + i) * slope);
    }
}

bool activation_needs_z(Activation kind) {
    return kind == ACTIVATION_GELU || kind == ACTIVATION_SILU || kind == ACTIVATION_SOFTPLUS;
}

void activation_forward(Activation kind, real *a, const real *z, int64_t count) {
    switch (kind) {
    case ACTIVATION_IDENTITY:
        if (a != z) forward(ACTIVATION_IDENTITY, a, z, count);
        return;
    case ACTIVATION_STEP: forward(ACTIVATION_STEP, a, z, count); return;
    case ACTIVATION_SIGMOID: forward(ACTIVATION_SIGMOID, a, z, count); return;
    case ACTIVATION_TANH: forward(ACTIVATION_TANH, a, z, count); return;
    case ACTIVATION_RELU: forward(ACTIVATION_RELU, a, z, count); return;
    case ACTIVATION_LEAKY_RELU: forward(ACTIVATION_LEAKY_RELU, a, z, count); return;
    case ACTIVATION_ELU: forward(ACTIVATION_ELU, a, z, count); return;
    case ACTIVATION_GELU: forward(ACTIVATION_GELU, a, z, count); return;
    case ACTIVATION_SILU: forward(ACTIVATION_SILU, a, z, count); return;
    case ACTIVATION_SOFTPLUS: forward(ACTIVATION_SOFTPLUS, a, z, count); return;
    case ACTIVATION_SOFTMAX:
    case ACTIVATION_COUNT: break;
    }
    assert(0);
}

void activation_backward(Activation kind, real *d, const real *a, const real *z, int64_t count) {
    switch (kind) {
    case ACTIVATION_IDENTITY:
    case ACTIVATION_STEP: return;
    case ACTIVATION_SIGMOID: backward(ACTIVATION_SIGMOID, d, a, z, count, false); return;
    case ACTIVATION_TANH: backward(ACTIVATION_TANH, d, a, z, count, false); return;
    case ACTIVATION_RELU: backward(ACTIVATION_RELU, d, a, z, count, false); return;
    case ACTIVATION_LEAKY_RELU: backward(ACTIVATION_LEAKY_RELU, d, a, z, count, false); return;
    case ACTIVATION_ELU: backward(ACTIVATION_ELU, d, a, z, count, false); return;
    case ACTIVATION_GELU: backward(ACTIVATION_GELU, d, a, z, count, true); return;
    case ACTIVATION_SILU: backward(ACTIVATION_SILU, d, a, z, count, true); return;
    case ACTIVATION_SOFTPLUS: backward(ACTIVATION_SOFTPLUS, d, a, z, count, true); return;
    case ACTIVATION_SOFTMAX:
    case ACTIVATION_COUNT: break;
    }
    assert(0);
}
