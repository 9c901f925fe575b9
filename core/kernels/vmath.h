/* exp, log and their kin on vectors: branch-free, within 3 ulp (softplus 3.5), right for NaN,
 * zeros, infinities and denormals.
 *
 * exp: Cody and Waite's reduction (Software Manual for the Elementary Functions, 1980) x = n ln 2
 * + r, e^r = 1 + r + r^2 q(r), q a polynomial. log: x = 2^k m with m in [1/sqrt 2, sqrt 2], s =
 * (m-1)/(m+1), log m = 2 s + s^3 R(s^2). tanh and sigmoid, which divide anyway, get e^r as a
 * quotient. All are fits in Chebyshev nodes made by tests/golden/fit_vmath.py. The naive form of
 * each is libm's function of that name, one value at a time: tests/core/test_vmath.c compares
 * them.
 *
 * Adding and subtracting 1.5 * 2^52 rounds to integers, which is why -ffast-math must never be
 * used on this file. */
#ifndef CORE_KERNELS_VMATH_H
#define CORE_KERNELS_VMATH_H

#include <stdbool.h>

#include "core/kernels/vec.h"

#if REAL_BITS == 64
#define VMATH_ROUND           0x1.8p52
#define VMATH_LN2_HIGH        0.6931471803691238
#define VMATH_LN2_LOW         1.9082149292705877e-10
#define VMATH_SHIFT           52
#define VMATH_ONE_BITS        INT64_C(0x3ff0000000000000)
#define VMATH_MANTISSA        INT64_C(0x000fffffffffffff)
#define VMATH_SQRT_HALF_BITS  INT64_C(0x3fe6a09e667f3bcd)
#define VMATH_EXP_TOP         710.0
#define VMATH_EXP_LOW         (-746.0)
#define VMATH_TANH_TOP        22.0
#define VMATH_BOUND           300.0
#define VMATH_EXPONENT_BIAS   1023
#define VMATH_LIFT            512.0 /* a power of two, and 2 to minus that */
#define VMATH_LOWER           0x1p-512
#define VMATH_SMALLEST_NORMAL 0x1p-1022
#define VMATH_DENORMAL_SCALE  0x1p54
#define VMATH_DENORMAL_STEPS  54.0
#else
#define VMATH_ROUND           0x1.8p23f
#define VMATH_LN2_HIGH        0.693115234375f
#define VMATH_LN2_LOW         3.1946184945309415e-05f
#define VMATH_SHIFT           23
#define VMATH_ONE_BITS        INT32_C(0x3f800000)
#define VMATH_MANTISSA        INT32_C(0x007fffff)
#define VMATH_SQRT_HALF_BITS  INT32_C(0x3f3504f3)
#define VMATH_EXP_TOP         89.0f
#define VMATH_EXP_LOW         (-104.0f)
#define VMATH_TANH_TOP        10.0f
#define VMATH_BOUND           30.0f
#define VMATH_EXPONENT_BIAS   127
#define VMATH_LIFT            64.0f
#define VMATH_LOWER           0x1p-64f
#define VMATH_SMALLEST_NORMAL 0x1p-126f
#define VMATH_DENORMAL_SCALE  0x1p25f
#define VMATH_DENORMAL_STEPS  25.0f
#endif

/* Functions called _bounded are for |x| <= VMATH_BOUND, where all powers of two are normal numbers.
 * They have the bits of the others and fewer operations: nothing is limited, and no sign is taken
 * off and put back. */

/* 2^n for an integer n in the normal range, some number elsewhere; `rounded` is n +
 * VMATH_ROUND. */
VEC_INLINE Vec vmath_power_of_two(Vec rounded) {
    return (Vec)(((VecBits)rounded << VMATH_SHIFT) + (Bits)VMATH_ONE_BITS);
}

/* Several vectors go through a function side by side: while the processor waits for one it works
 * on the other, whose instructions it would otherwise meet too late. `unroll` is a constant, at
 * most VMATH_UNROLL. */
#define VMATH_UNROLL (VEC_GROUP > 1 ? 2 : 1)
#define VMATH_EACH   _Pragma("GCC unroll 2") for (int k = 0; k < unroll; k++)

/* e^r - 1 for |r| <= ln 2 / 2, in place: r + r^2 q(r). */
VEC_INLINE void vmath_polynomial(Vec *r, const int unroll) {
    Vec square[VMATH_UNROLL], even[VMATH_UNROLL], odd[VMATH_UNROLL];
    VMATH_EACH square[k] = r[k] * r[k];
    /* even and odd powers apart: chains half as long as Horner's, and no more constants in
     * registers */
#if REAL_BITS == 64
    static const real evens[] = {2.480152119021773e-05, 0.0013888888917281794, 0.04166666666662399,
                                 0.5000000000000001};
    static const real odds[] = {2.7557268378684192e-06, 0.00019841269863105968,
                                0.008333333333330051, 0.16666666666666669};
    VMATH_EACH even[k] = vec_broadcast(2.7620138719733994e-07);
    VMATH_EACH odd[k] = vec_broadcast(2.5100424157005067e-08);
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        VMATH_EACH even[k] = vec_fma(square[k], even[k], vec_broadcast(evens[i]));
        VMATH_EACH odd[k] = vec_fma(square[k], odd[k], vec_broadcast(odds[i]));
    }
#else
    VMATH_EACH even[k] =
        vec_fma(square[k], vec_broadcast(0.0013926213f), vec_broadcast(0.041666556f));
    VMATH_EACH odd[k] = vec_fma(square[k], vec_broadcast(0.008363203f), vec_broadcast(0.16666576f));
    VMATH_EACH even[k] = vec_fma(square[k], even[k], vec_broadcast(0.5f));
#endif
    VMATH_EACH even[k] = vec_fma(r[k], odd[k], even[k]);
    VMATH_EACH r[k] = vec_fma(square[k], even[k], r[k]);
}

/* x = n ln 2 + r: x becomes e^r - 1, rounded n + VMATH_ROUND. */
VEC_INLINE void vmath_reduce(Vec *x, Vec *rounded, const int unroll) {
    Vec n[VMATH_UNROLL];
    VMATH_EACH rounded[k] =
        vec_fma(x[k], vec_broadcast((real)1.4426950408889634), vec_broadcast(VMATH_ROUND));
    VMATH_EACH n[k] = rounded[k] - VMATH_ROUND;
    VMATH_EACH x[k] = vec_fnma(n[k], vec_broadcast(VMATH_LN2_HIGH), x[k]);
    VMATH_EACH x[k] = vec_fnma(n[k], vec_broadcast(VMATH_LN2_LOW), x[k]);
    vmath_polynomial(x, unroll);
}

VEC_INLINE void vmath_exp_unrolled(Vec *x, const int unroll) {
    Vec t[VMATH_UNROLL], half[VMATH_UNROLL];
    VMATH_EACH x[k] = vec_min(x[k], vec_broadcast(VMATH_EXP_TOP));
    VMATH_EACH x[k] = vec_max(x[k], vec_broadcast(VMATH_EXP_LOW));
    vmath_reduce(x, t, unroll);
    /* 2^n in two factors, so that both ends of the range are reached */
    VMATH_EACH t[k] = t[k] - VMATH_ROUND;
    VMATH_EACH half[k] = t[k] * (real)0.5 + VMATH_ROUND;
    VMATH_EACH t[k] = t[k] - (half[k] - VMATH_ROUND) + VMATH_ROUND;
    VMATH_EACH x[k] = (x[k] + 1) * vmath_power_of_two(half[k]);
    VMATH_EACH x[k] = x[k] * vmath_power_of_two(t[k]);
}

VEC_INLINE Vec vmath_exp(Vec x) {
    vmath_exp_unrolled(&x, 1);
    return x;
}

/* e^x - 1 for x <= 0 (elu, which has no use for the other half). */
VEC_INLINE Vec vmath_expm1_negative(Vec x) {
    Vec t, p = vec_max(x, vec_broadcast(-2 * VMATH_TANH_TOP));
    vmath_reduce(&p, &t, 1);
    const Vec scale = vmath_power_of_two(t);
    return vec_copysign(vec_fma(scale, p, scale - 1), x);
}

/* r for |r| <= ln 2 / 2, given as r / unit, becomes p, where e^r = (q + p) / (q - p): p / q =
 * tanh(r/2), a quotient of two polynomials. A function that divides anyway so needs half of e^r's
 * polynomial, and waits half as long for it. `unit` is a power of two, on which no bit of the
 * quotient depends: p and q are divided by the same power of it. */
VEC_INLINE void vmath_halves(Vec *r, Vec *q, const int unroll, const real unit) {
    Vec w[VMATH_UNROLL], p[VMATH_UNROLL];
    const real u2 = unit * unit;
    VMATH_EACH w[k] = r[k] * r[k];
#if REAL_BITS == 64
    const real u4 = u2 * u2, u5 = u4 * unit;
    VMATH_EACH q[k] = vec_fma(w[k], vec_broadcast((real)30.013661848946466 / unit),
                              vec_broadcast((real)3362.4600911530047 * u2 / u5));
    VMATH_EACH p[k] = vec_fma(w[k], w[k] + (real)420.2733168204112 / u2,
                              vec_broadcast((real)15131.48074507346 / u4));
    VMATH_EACH q[k] = vec_fma(w[k], q[k], vec_broadcast((real)30262.96149014692 / u5));
#else
    const real u3 = u2 * unit;
    VMATH_EACH q[k] =
        vec_fma(w[k], vec_broadcast(12.012879f / unit), vec_broadcast(120.15467f / u3));
    VMATH_EACH p[k] = w[k] + 60.077335f / u2;
#endif
    VMATH_EACH r[k] = r[k] * p[k];
}

/* tanh x = (e^(2x) - 1) / (e^(2x) + 1), e^(2x) = 2^n e^r. One rounding of n ln 2 is harmless here:
 * where |n| is large the result is 1 or -1. */
#if REAL_LEVEL >= 3
/* Everything is halved, the exponent's bias is added with n, and 1/2 - 2^(n-1) serves twice. */
#define VMATH_HALF_ROUND (VMATH_ROUND + (VMATH_EXPONENT_BIAS - 1))
VEC_INLINE void vmath_tanh_bounded(Vec *x, const int unroll) {
    Vec r[VMATH_UNROLL], t[VMATH_UNROLL], q[VMATH_UNROLL], less[VMATH_UNROLL], more[VMATH_UNROLL];
    VMATH_EACH t[k] = vec_fma(x[k], vec_broadcast((real)(2 * 1.4426950408889634)),
                              vec_broadcast(VMATH_HALF_ROUND));
    VMATH_EACH r[k] =
        vec_fnma(t[k] - VMATH_HALF_ROUND, vec_broadcast((real)0.69314718055994531 / 2), x[k]);
    VMATH_EACH t[k] = (Vec)((VecBits)t[k] << VMATH_SHIFT); /* 2^(n-1) */
    vmath_halves(r, q, unroll, 2);
    VMATH_EACH less[k] = (real)0.5 - t[k];
    VMATH_EACH more[k] = (real)0.5 + t[k];
    VMATH_EACH t[k] = vec_fnma(less[k], q[k], more[k] * r[k]);
    VMATH_EACH x[k] = t[k] / vec_fms(more[k], q[k], less[k] * r[k]);
}

VEC_INLINE void vmath_tanh_unrolled(Vec *x, const int unroll) {
    VMATH_EACH x[k] = vec_min(x[k], vec_broadcast(VMATH_TANH_TOP));
    VMATH_EACH x[k] = vec_max(x[k], vec_broadcast(-VMATH_TANH_TOP));
    vmath_tanh_bounded(x, unroll);
}
#else
/* With two roundings for each multiply-add the quotient above would be off by four ulp. */
VEC_INLINE void vmath_tanh_unrolled(Vec *x, const int unroll) {
    Vec r[VMATH_UNROLL], t[VMATH_UNROLL], top[VMATH_UNROLL];
    VMATH_EACH r[k] = vec_min(vec_abs(x[k]), vec_broadcast(VMATH_TANH_TOP));
    VMATH_EACH t[k] =
        vec_fma(r[k], vec_broadcast((real)(2 * 1.4426950408889634)), vec_broadcast(VMATH_ROUND));
    VMATH_EACH r[k] = r[k] + r[k];
    VMATH_EACH top[k] = t[k] - VMATH_ROUND;
    VMATH_EACH r[k] = vec_fnma(top[k], vec_broadcast((real)0.69314718055994531), r[k]);
    VMATH_EACH t[k] = vmath_power_of_two(t[k]);
    vmath_polynomial(r, unroll);
    VMATH_EACH top[k] = t[k] * r[k] + (t[k] - 1);
    VMATH_EACH x[k] = vec_or_sign(top[k] / (top[k] + 2), x[k]);
}

VEC_INLINE void vmath_tanh_bounded(Vec *x, const int unroll) {
    vmath_tanh_unrolled(x, unroll);
}
#endif

/* e^-|x| = small / rest. Where x is not bounded, 2^n is multiplied by a factor that keeps it normal
 * until it meets the quotient. */
VEC_INLINE void vmath_decay(const Vec *x, Vec *small, Vec *rest, const int unroll,
                            const bool bounded) {
    Vec p[VMATH_UNROLL], t[VMATH_UNROLL], n[VMATH_UNROLL];
    VMATH_EACH p[k] = -vec_abs(x[k]);
    if (!bounded) VMATH_EACH p[k] = vec_max(p[k], vec_broadcast(VMATH_EXP_LOW));
    VMATH_EACH t[k] =
        vec_fma(p[k], vec_broadcast((real)1.4426950408889634), vec_broadcast(VMATH_ROUND));
    VMATH_EACH n[k] = t[k] - VMATH_ROUND;
    VMATH_EACH p[k] = vec_fnma(n[k], vec_broadcast(VMATH_LN2_HIGH), p[k]);
    VMATH_EACH p[k] = vec_fnma(n[k], vec_broadcast(VMATH_LN2_LOW), p[k]);
    vmath_halves(p, rest, unroll, 1);
    if (!bounded) VMATH_EACH t[k] = t[k] + VMATH_LIFT;
    VMATH_EACH small[k] = (rest[k] + p[k]) * vmath_power_of_two(t[k]);
    if (!bounded) VMATH_EACH small[k] = small[k] * VMATH_LOWER;
    VMATH_EACH rest[k] = rest[k] - p[k];
}

/* 1 / (1 + e^-x), from e^-|x|, so that the small tail keeps its digits. */
VEC_INLINE void vmath_sigmoid_unrolled(Vec *x, const int unroll) {
    Vec small[VMATH_UNROLL], rest[VMATH_UNROLL];
    vmath_decay(x, small, rest, unroll, false);
    VMATH_EACH x[k] = vec_select((VecWord)(x[k] < 0), small[k], rest[k]) / (rest[k] + small[k]);
}

/* The same as e^x / (e^x + 1), e^x = 2^n (q + p) / (q - p), whatever the sign. Without fused
 * operations x / ln 2 may be rounded to a tie, which only an even sum rounds as vmath_decay() does:
 * then above and below are twice as large. */
VEC_INLINE void vmath_sigmoid_bounded(Vec *x, const int unroll) {
    const bool twice = REAL_LEVEL < 3;
    const real round = VMATH_ROUND + (VMATH_EXPONENT_BIAS + twice);
    Vec t[VMATH_UNROLL], n[VMATH_UNROLL], q[VMATH_UNROLL];
    VMATH_EACH t[k] = vec_fma(x[k], vec_broadcast((real)1.4426950408889634), vec_broadcast(round));
    VMATH_EACH n[k] = t[k] - round;
    VMATH_EACH x[k] = vec_fnma(n[k], vec_broadcast(VMATH_LN2_HIGH), x[k]);
    VMATH_EACH x[k] = vec_fnma(n[k], vec_broadcast(VMATH_LN2_LOW), x[k]);
    vmath_halves(x, q, unroll, 1);
    VMATH_EACH t[k] = (Vec)((VecBits)t[k] << VMATH_SHIFT); /* 2^n, or 2^(n+1) */
    VMATH_EACH t[k] = (q[k] + x[k]) * t[k];
    VMATH_EACH q[k] = q[k] - x[k];
    if (twice) VMATH_EACH q[k] = q[k] + q[k];
    VMATH_EACH x[k] = t[k] / (t[k] + q[k]);
}

VEC_INLINE Vec vmath_sigmoid(Vec x) {
    vmath_sigmoid_unrolled(&x, 1);
    return x;
}

VEC_INLINE Vec vmath_log(Vec x) {
    const VecWord tiny = (VecWord)(x < VMATH_SMALLEST_NORMAL);
    const Vec y = vec_select(tiny, x * VMATH_DENORMAL_SCALE, x);
    /* exponent and mantissa, the mantissa in [1/sqrt 2, sqrt 2) */
    const VecWord shifted = (VecWord)((VecBits)y - (Bits)VMATH_SQRT_HALF_BITS);
    const VecWord k = shifted >> VMATH_SHIFT;
    const Vec m = vec_from_bits((shifted & VMATH_MANTISSA) + VMATH_SQRT_HALF_BITS);
    const Vec exponent = __builtin_convertvector(k, Vec) -
                         vec_select(tiny, vec_broadcast(VMATH_DENORMAL_STEPS), vec_broadcast(0));
    const Vec f = m - 1;
    const Vec s = f / (f + 2);
    const Vec w = s * s;
#if REAL_BITS == 64
    Vec r = vec_fma(w, vec_broadcast(0.146171283998073), vec_broadcast(0.15331666676597175));
    r = vec_fma(w, r, vec_broadcast(0.1818289077802613));
    r = vec_fma(w, r, vec_broadcast(0.22222211112104948));
    r = vec_fma(w, r, vec_broadcast(0.2857142862611452));
    r = vec_fma(w, r, vec_broadcast(0.399999999998992));
    r = vec_fma(w, r, vec_broadcast(0.666666666666667));
#else
    Vec r = vec_fma(w, vec_broadcast(0.29580468f), vec_broadcast(0.39988768f));
    r = vec_fma(w, r, vec_broadcast(0.66666687f));
#endif
    /* 2 s = f - s f exactly in mathematics; in this form f's own digits are kept (fdlibm's
     * observation) */
    const Vec tail = s * (w * r - f) + exponent * VMATH_LN2_LOW;
    Vec result = vec_fma(exponent, vec_broadcast(VMATH_LN2_HIGH), f + tail);
    const real infinity = (real)__builtin_inf(), nan = (real)__builtin_nan("");
    result = vec_select((VecWord)(x == 0), vec_broadcast(-infinity), result);
    result = vec_select((VecWord)(x < 0), vec_broadcast(nan), result);
    result = vec_select((VecWord)(x == infinity), vec_broadcast(infinity), result);
    return vec_select((VecWord)(x != x), x, result);
}

/* log(1 + e^x) = max(x, 0) + log(1 + e^-|x|), and log(1 + e) = 2 artanh(e / (2 + e)), whose
 * quotient is that of e^-|x| with another divisor. */
VEC_INLINE void vmath_softplus_some(Vec *x, const int unroll, const bool bounded) {
    Vec s[VMATH_UNROLL], w[VMATH_UNROLL], r[VMATH_UNROLL];
    vmath_decay(x, s, w, unroll, bounded);
    VMATH_EACH s[k] = s[k] / (w[k] + w[k] + s[k]);
    VMATH_EACH w[k] = s[k] * s[k];
#if REAL_BITS == 64
    static const real powers[] = {0.08798633619507515, 0.12001484893288758, 0.1331410088429106,
                                  0.15385572707174294, 0.18181789341994842, 0.22222222719299936,
                                  0.28571428567090246, 0.4000000000001465,  0.6666666666666666};
    VMATH_EACH r[k] = vec_broadcast(0.1616850897238873);
#else
    static const real powers[] = {0.28236255f, 0.40007573f, 0.6666664f};
    VMATH_EACH r[k] = vec_broadcast(0.26854146f);
#endif
#pragma GCC unroll 16
    for (size_t i = 0; i < sizeof powers / sizeof *powers; i++) {
        VMATH_EACH r[k] = vec_fma(w[k], r[k], vec_broadcast(powers[i]));
    }
    VMATH_EACH r[k] = vec_fma(s[k] * w[k], r[k], s[k] + s[k]);
    VMATH_EACH x[k] = r[k] + vec_select((VecWord)(x[k] < 0), vec_broadcast(0), x[k]);
}

VEC_INLINE void vmath_softplus_unrolled(Vec *x, const int unroll) {
    vmath_softplus_some(x, unroll, false);
}

VEC_INLINE void vmath_softplus_bounded(Vec *x, const int unroll) {
    vmath_softplus_some(x, unroll, true);
}

VEC_INLINE Vec vmath_softplus(Vec x) {
    vmath_softplus_unrolled(&x, 1);
    return x;
}

#endif
