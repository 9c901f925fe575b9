#include "tests/probe_vmath.h"

#include "core/vmath.h"

#include <assert.h>

typedef Vec (*Function)(Vec x);

VEC_INLINE void each(Function f, real *out, const real *in, size_t count) {
    for (size_t i = 0; i < count; i += VEC_WIDTH) vec_store(out + i, f(vec_load(in + i)));
}

static void apply(ProbeFunction function, void *out, const void *in, size_t count) {
    switch (function) {
    case PROBE_EXP: each(vmath_exp, out, in, count); return;
    case PROBE_LOG: each(vmath_log, out, in, count); return;
    case PROBE_TANH: each(vmath_tanh, out, in, count); return;
    case PROBE_SIGMOID: each(vmath_sigmoid, out, in, count); return;
    case PROBE_SOFTPLUS: each(vmath_softplus, out, in, count); return;
    case PROBE_EXPM1_NEGATIVE: each(vmath_expm1_negative, out, in, count); return;
    case PROBE_COUNT: break;
    }
    assert(0);
}

#define probe REAL_NAME(probe)
const Probe probe = {.bits = REAL_BITS, .level = REAL_LEVEL, .apply = apply};
