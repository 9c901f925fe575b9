#include "tests/core/probe_vmath.h"

#include "core/kernels/vmath.h"

#include <assert.h>

typedef Vec (*Function)(Vec x);

VEC_INLINE void each(Function f, real *out, const real *in, size_t count) {
    for (size_t i = 0; i < count; i += VEC_WIDTH) vec_store(out + i, f(vec_load(in + i)));
}

/* Several vectors side by side, as the kernels call it. */
typedef void (*Ways)(Vec *x, const int ways);

VEC_INLINE void abreast(Ways f, real *out, const real *in, size_t count) {
    for (size_t i = 0; i < count; i += VMATH_UNROLL * VEC_WIDTH) {
        Vec v[VMATH_UNROLL];
        for (size_t k = 0; k < VMATH_UNROLL; k++) v[k] = vec_load(in + i + k * VEC_WIDTH);
        f(v, VMATH_UNROLL);
        for (size_t k = 0; k < VMATH_UNROLL; k++) vec_store(out + i + k * VEC_WIDTH, v[k]);
    }
}

static void apply(ProbeFunction function, void *out, const void *in, size_t count) {
    switch (function) {
    case PROBE_EXP: each(vmath_exp, out, in, count); return;
    case PROBE_LOG: each(vmath_log, out, in, count); return;
    case PROBE_TANH: abreast(vmath_tanh_unrolled, out, in, count); return;
    case PROBE_SIGMOID: abreast(vmath_sigmoid_unrolled, out, in, count); return;
    case PROBE_SOFTPLUS: abreast(vmath_softplus_unrolled, out, in, count); return;
    case PROBE_EXPM1_NEGATIVE: each(vmath_expm1_negative, out, in, count); return;
    case PROBE_TANH_BOUNDED: abreast(vmath_tanh_bounded, out, in, count); return;
    case PROBE_SOFTPLUS_BOUNDED: abreast(vmath_softplus_bounded, out, in, count); return;
    case PROBE_SIGMOID_BOUNDED: abreast(vmath_sigmoid_bounded, out, in, count); return;
    }
    assert(0);
}

#define probe REAL_NAME(probe)
const Probe probe = {
    .bits = REAL_BITS, .level = REAL_LEVEL, .bound = (double)VMATH_BOUND, .apply = apply};
