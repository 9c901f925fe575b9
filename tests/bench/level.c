#include "tests/bench/level.h"

#include "core/kernels/vmath.h"

#include <math.h>

#define CHAINS                                                                                     \
    12 /* more than latency times units of any processor that we know, and they fit 16 registers */
#define STREAMS 8

/* libmvec's own names: width and level are in them. */
#if REAL_LEVEL == 4 && REAL_BITS == 64
#define MVEC_TANH _ZGVeN8v_tanh
#define MVEC_EXP  _ZGVeN8v_exp
#elif REAL_LEVEL == 4
#define MVEC_TANH _ZGVeN16v_tanhf
#define MVEC_EXP  _ZGVeN16v_expf
#elif REAL_LEVEL == 3 && REAL_BITS == 64
#define MVEC_TANH _ZGVdN4v_tanh
#define MVEC_EXP  _ZGVdN4v_exp
#elif REAL_LEVEL == 3
#define MVEC_TANH _ZGVdN8v_tanhf
#define MVEC_EXP  _ZGVdN8v_expf
#elif REAL_BITS == 64
#define MVEC_TANH _ZGVbN2v_tanh
#define MVEC_EXP  _ZGVbN2v_exp
#else
#define MVEC_TANH _ZGVbN4v_tanhf
#define MVEC_EXP  _ZGVbN4v_expf
#endif

static double multiply_add(int64_t rounds) {
    const Vec scale = vec_broadcast((real)0.5), step = vec_broadcast(1);
    Vec sum[CHAINS];
#pragma GCC unroll 12
    for (int k = 0; k < CHAINS; k++) sum[k] = vec_broadcast((real)k);
    for (int64_t r = 0; r < rounds; r++) {
#pragma GCC unroll 12
        for (int k = 0; k < CHAINS; k++) sum[k] = vec_fma(sum[k], scale, step);
    }
    Vec total = vec_broadcast(0);
#pragma GCC unroll 12
    for (int k = 0; k < CHAINS; k++) total += sum[k];
    return (double)total[0];
}

static double read_array(const void *array, size_t bytes) {
    const real *p = array,
               *end = p + bytes / sizeof(real) / (STREAMS * VEC_WIDTH) * STREAMS * VEC_WIDTH;
    Vec sum[STREAMS];
#pragma GCC unroll 8
    for (int k = 0; k < STREAMS; k++) sum[k] = vec_broadcast(0);
    for (; p < end; p += STREAMS * VEC_WIDTH) {
#pragma GCC unroll 8
        for (int k = 0; k < STREAMS; k++) sum[k] += vec_load(p + k * VEC_WIDTH);
    }
    Vec total = vec_broadcast(0);
#pragma GCC unroll 8
    for (int k = 0; k < STREAMS; k++) total += sum[k];
    return (double)total[0];
}

static void read_write(void *array, size_t bytes) {
    real *p = array, *end = p + bytes / sizeof(real) / (STREAMS * VEC_WIDTH) * STREAMS * VEC_WIDTH;
    for (; p < end; p += STREAMS * VEC_WIDTH) {
#pragma GCC unroll 8
        for (int k = 0; k < STREAMS; k++)
            vec_store(p + k * VEC_WIDTH, -vec_load(p + k * VEC_WIDTH));
    }
}

/* --- functions -------------------------------------------------------------------------------- */

VEC_INLINE void each(Vec (*f)(Vec), real *out, const real *in, size_t count) {
    for (size_t i = 0; i < count; i += VEC_WIDTH) vec_store(out + i, f(vec_load(in + i)));
}

/* Several vectors at a time, as the kernels do. */
VEC_INLINE void each_unrolled(void (*f)(Vec *, int), real *out, const real *in, size_t count) {
    for (size_t i = 0; i < count; i += VMATH_UNROLL * VEC_WIDTH) {
        Vec x[VMATH_UNROLL];
#pragma GCC unroll 8
        for (int k = 0; k < VMATH_UNROLL; k++) x[k] = vec_load(in + i + k * VEC_WIDTH);
        f(x, VMATH_UNROLL);
#pragma GCC unroll 8
        for (int k = 0; k < VMATH_UNROLL; k++) vec_store(out + i + k * VEC_WIDTH, x[k]);
    }
}

VEC_INLINE void each_scalar(double (*f)(double), float (*f32)(float), real *out, const real *in,
                            size_t count) {
    for (size_t i = 0; i < count; i++) {
        out[i] = REAL_BITS == 64 ? (real)f((double)in[i]) : (real)f32((float)in[i]);
    }
}

#ifdef HAVE_LIBMVEC
Vec MVEC_TANH(Vec x);
Vec MVEC_EXP(Vec x);
#endif

static bool apply(LevelFunction f, void *out, const void *in, size_t count) {
    switch (f) {
    case LEVEL_TANH: each_unrolled(vmath_tanh_unrolled, out, in, count); return true;
    case LEVEL_EXP: each_unrolled(vmath_exp_unrolled, out, in, count); return true;
    case LEVEL_SIGMOID: each_unrolled(vmath_sigmoid_unrolled, out, in, count); return true;
    case LEVEL_LOG: each(vmath_log, out, in, count); return true;
#ifdef HAVE_LIBMVEC
    case LEVEL_LIBMVEC_TANH: each(MVEC_TANH, out, in, count); return true;
    case LEVEL_LIBMVEC_EXP: each(MVEC_EXP, out, in, count); return true;
#else
    case LEVEL_LIBMVEC_TANH:
    case LEVEL_LIBMVEC_EXP: return false;
#endif
    case LEVEL_LIBM_TANH: each_scalar(tanh, tanhf, out, in, count); return true;
    case LEVEL_LIBM_EXP: each_scalar(exp, expf, out, in, count); return true;
    case LEVEL_FUNCTION_COUNT: break;
    }
    return false;
}

#define level REAL_NAME(level)
const Level level = {.name = REAL_LEVEL == 4   ? "v4"
                             : REAL_LEVEL == 3 ? "v3"
                                               : "portable",
                     .bits = REAL_BITS,
                     .width = VEC_WIDTH,
                     .flops_per_round = 2.0 * CHAINS * VEC_WIDTH,
                     .multiply_add = multiply_add,
                     .read = read_array,
                     .read_write = read_write,
                     .apply = apply};
