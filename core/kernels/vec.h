/* The processor's vectors as plain C values: +, -, *, / and comparisons come from the compiler's
 * vector extension; the few operations that it lacks are here. This is the only file with
 * intrinsics.
 *
 * Why not plain loops: gcc 12 keeps the results of a matrix product in registers only when they
 * are vector values, and fuses a multiply and an add only where told to (measured; -ffp-contract
 * is off).
 *
 * A vec is VEC_WIDTH reals; LANES reals are VEC_GROUP of them. */
#ifndef CORE_KERNELS_VEC_H
#define CORE_KERNELS_VEC_H

#include <stddef.h>
#include <stdint.h>

#include "core/kernels/real.h"

#if REAL_LEVEL >= 3
#include <immintrin.h>
#endif

#if REAL_LEVEL == 4
#define VEC_BYTES 64
#elif REAL_LEVEL == 3
#define VEC_BYTES 32
#else
#define VEC_BYTES 16
#endif

#if REAL_BITS == 64
typedef int64_t Word;  /* a real's bits */
typedef uint64_t Bits; /* unsigned: its sums may wrap around */
#define WORD_SIGN INT64_MIN
#define VEC_WIDTH (VEC_BYTES / 8)
#else
typedef int32_t Word;
typedef uint32_t Bits;
#define WORD_SIGN INT32_MIN
#define VEC_WIDTH (VEC_BYTES / 4)
#endif
#define VEC_GROUP (LANES / VEC_WIDTH)

typedef real Vec __attribute__((vector_size(VEC_BYTES), may_alias));
typedef Word VecWord __attribute__((vector_size(VEC_BYTES), may_alias));
typedef Bits VecBits __attribute__((vector_size(VEC_BYTES), may_alias));
typedef real VecLoose __attribute__((vector_size(VEC_BYTES), aligned(sizeof(real)), may_alias));

#define VEC_INLINE static inline __attribute__((always_inline))

VEC_INLINE Vec vec_load(const real *p) {
    return *(const VecLoose *)p;
}
VEC_INLINE void vec_store(real *p, Vec v) {
    *(VecLoose *)p = v;
}
VEC_INLINE Vec vec_broadcast(real x) {
    return x - (Vec){0};
}
VEC_INLINE Vec vec_from_bits(VecWord w) {
    return (Vec)w;
}

/* The lanes of a where mask (a comparison's result) holds, of b elsewhere. */
VEC_INLINE Vec vec_select(VecWord mask, Vec a, Vec b) {
    return (Vec)((mask & (VecWord)a) | (~mask & (VecWord)b));
}

VEC_INLINE Vec vec_abs(Vec v) {
    return (Vec)((VecWord)v & ~(WORD_SIGN - (VecWord){0}));
}
VEC_INLINE Vec vec_copysign(Vec size, Vec sign) {
    const VecWord bit = WORD_SIGN - (VecWord){0};
    return (Vec)(((VecWord)size & ~bit) | ((VecWord)sign & bit));
}

/* `size` with the sign of `sign`, where it has that sign already or is a zero that has lost it. */
VEC_INLINE Vec vec_or_sign(Vec size, Vec sign) {
    return (Vec)((VecWord)size | ((VecWord)sign & (WORD_SIGN - (VecWord){0})));
}

#ifdef RUNNER_EMULATE_V4
/* Level 4 as two halves of level 3, for tests on machines without AVX-512: with its lanes, loops
 * and tails, and its bits. */
typedef real VecHalf __attribute__((vector_size(VEC_BYTES / 2), may_alias));
typedef union VecHalves {
    Vec full;
    VecHalf half[2];
} VecHalves;
#if REAL_BITS == 64
#define VEC_HALF(name) (VecHalf) _mm256_##name##_pd
#define VEC_OF_HALF    (__m256d)
#else
#define VEC_HALF(name) (VecHalf) _mm256_##name##_ps
#define VEC_OF_HALF    (__m256)
#endif
#endif

/* a b + c, and likewise c - a b and a b - c: rounded once where the level has it; that is the
 * arithmetic class "fma", the other is "portable". */
#ifdef RUNNER_EMULATE_V4
VEC_INLINE Vec vec_fma(Vec a, Vec b, Vec c) {
    VecHalves x = {a}, y = {b}, z = {c};
    for (int h = 0; h < 2; h++) {
        z.half[h] =
            VEC_HALF(fmadd)(VEC_OF_HALF x.half[h], VEC_OF_HALF y.half[h], VEC_OF_HALF z.half[h]);
    }
    return z.full;
}
VEC_INLINE Vec vec_fnma(Vec a, Vec b, Vec c) {
    return vec_fma(-a, b, c);
}
VEC_INLINE Vec vec_fms(Vec a, Vec b, Vec c) {
    return vec_fma(a, b, -c);
}
VEC_INLINE Vec vec_min(Vec v, Vec top) {
    VecHalves x = {v}, y = {top};
    for (int h = 0; h < 2; h++) {
        x.half[h] = VEC_HALF(min)(VEC_OF_HALF y.half[h], VEC_OF_HALF x.half[h]);
    }
    return x.full;
}
VEC_INLINE Vec vec_max(Vec v, Vec low) {
    VecHalves x = {v}, y = {low};
    for (int h = 0; h < 2; h++) {
        x.half[h] = VEC_HALF(max)(VEC_OF_HALF y.half[h], VEC_OF_HALF x.half[h]);
    }
    return x.full;
}
#elif REAL_LEVEL == 4 && REAL_BITS == 64
VEC_INLINE Vec vec_fma(Vec a, Vec b, Vec c) {
    return (Vec)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
}
VEC_INLINE Vec vec_fnma(Vec a, Vec b, Vec c) {
    return (Vec)_mm512_fnmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
}
VEC_INLINE Vec vec_fms(Vec a, Vec b, Vec c) {
    return (Vec)_mm512_fmsub_pd((__m512d)a, (__m512d)b, (__m512d)c);
}
VEC_INLINE Vec vec_min(Vec v, Vec top) {
    return (Vec)_mm512_min_pd((__m512d)top, (__m512d)v);
}
VEC_INLINE Vec vec_max(Vec v, Vec low) {
    return (Vec)_mm512_max_pd((__m512d)low, (__m512d)v);
}
#elif REAL_LEVEL == 4
VEC_INLINE Vec vec_fma(Vec a, Vec b, Vec c) {
    return (Vec)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
}
VEC_INLINE Vec vec_fnma(Vec a, Vec b, Vec c) {
    return (Vec)_mm512_fnmadd_ps((__m512)a, (__m512)b, (__m512)c);
}
VEC_INLINE Vec vec_fms(Vec a, Vec b, Vec c) {
    return (Vec)_mm512_fmsub_ps((__m512)a, (__m512)b, (__m512)c);
}
VEC_INLINE Vec vec_min(Vec v, Vec top) {
    return (Vec)_mm512_min_ps((__m512)top, (__m512)v);
}
VEC_INLINE Vec vec_max(Vec v, Vec low) {
    return (Vec)_mm512_max_ps((__m512)low, (__m512)v);
}
#elif REAL_LEVEL == 3 && REAL_BITS == 64
VEC_INLINE Vec vec_fma(Vec a, Vec b, Vec c) {
    return (Vec)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}
VEC_INLINE Vec vec_fnma(Vec a, Vec b, Vec c) {
    return (Vec)_mm256_fnmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}
VEC_INLINE Vec vec_fms(Vec a, Vec b, Vec c) {
    return (Vec)_mm256_fmsub_pd((__m256d)a, (__m256d)b, (__m256d)c);
}
VEC_INLINE Vec vec_min(Vec v, Vec top) {
    return (Vec)_mm256_min_pd((__m256d)top, (__m256d)v);
}
VEC_INLINE Vec vec_max(Vec v, Vec low) {
    return (Vec)_mm256_max_pd((__m256d)low, (__m256d)v);
}
#elif REAL_LEVEL == 3
VEC_INLINE Vec vec_fma(Vec a, Vec b, Vec c) {
    return (Vec)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}
VEC_INLINE Vec vec_fnma(Vec a, Vec b, Vec c) {
    return (Vec)_mm256_fnmadd_ps((__m256)a, (__m256)b, (__m256)c);
}
VEC_INLINE Vec vec_fms(Vec a, Vec b, Vec c) {
    return (Vec)_mm256_fmsub_ps((__m256)a, (__m256)b, (__m256)c);
}
VEC_INLINE Vec vec_min(Vec v, Vec top) {
    return (Vec)_mm256_min_ps((__m256)top, (__m256)v);
}
VEC_INLINE Vec vec_max(Vec v, Vec low) {
    return (Vec)_mm256_max_ps((__m256)low, (__m256)v);
}
#else
VEC_INLINE Vec vec_fma(Vec a, Vec b, Vec c) {
    return a * b + c;
}
VEC_INLINE Vec vec_fnma(Vec a, Vec b, Vec c) {
    return c - a * b;
}
VEC_INLINE Vec vec_fms(Vec a, Vec b, Vec c) {
    return a * b - c;
}
/* Min and max: NaN stays NaN, on every level. Here a comparison with NaN is false; above, the
 * instructions return their second operand where one is NaN, which is why v comes second. */
VEC_INLINE Vec vec_min(Vec v, Vec top) {
    return vec_select((VecWord)(v > top), top, v);
}
VEC_INLINE Vec vec_max(Vec v, Vec low) {
    return vec_select((VecWord)(v < low), low, v);
}
#endif

/* Transposes a square of VEC_WIDTH vectors in registers: pairs of rows swap their blocks of 8, 4,
 * 2, 1 columns. It does
 *
 *     for (i = 0; i < VEC_WIDTH; i++)
 *         for (j = 0; j < i; j++) swap(&v[i][j], &v[j][i]); */
#if VEC_WIDTH == 2
#define VEC_INDICES(of, h) of(0, h), of(1, h)
#elif VEC_WIDTH == 4
#define VEC_INDICES(of, h) of(0, h), of(1, h), of(2, h), of(3, h)
#elif VEC_WIDTH == 8
#define VEC_INDICES(of, h)                                                                         \
    of(0, h), of(1, h), of(2, h), of(3, h), of(4, h), of(5, h), of(6, h), of(7, h)
#else
#define VEC_INDICES(of, h)                                                                         \
    of(0, h), of(1, h), of(2, h), of(3, h), of(4, h), of(5, h), of(6, h), of(7, h), of(8, h),      \
        of(9, h), of(10, h), of(11, h), of(12, h), of(13, h), of(14, h), of(15, h)
#endif
#define VEC_UPPER(j, h) ((j) & (h) ? VEC_WIDTH + (j) - (h) : (j))
#define VEC_LOWER(j, h) ((j) & (h) ? VEC_WIDTH + (j) : (j) + (h))
#define VEC_SWAP(v, h)                                                                             \
    for (int i = 0; i < VEC_WIDTH; i++) {                                                          \
        if (i & (h)) continue;                                                                     \
        const Vec upper = (v)[i], lower = (v)[i + (h)];                                            \
        (v)[i] = __builtin_shufflevector(upper, lower, VEC_INDICES(VEC_UPPER, h));                 \
        (v)[i + (h)] = __builtin_shufflevector(upper, lower, VEC_INDICES(VEC_LOWER, h));           \
    }
VEC_INLINE void vec_transpose_block(Vec *v) {
#if VEC_WIDTH > 8
#pragma GCC unroll 16
    VEC_SWAP(v, 8)
#endif
#if VEC_WIDTH > 4
#pragma GCC unroll 16
    VEC_SWAP(v, 4)
#endif
#if VEC_WIDTH > 2
#pragma GCC unroll 16
    VEC_SWAP(v, 2)
#endif
#pragma GCC unroll 16
    VEC_SWAP(v, 1)
}

/* to[j * stride + i] = from[i][j], i and j < VEC_WIDTH. */
VEC_INLINE void vec_transpose(real *to, ptrdiff_t stride, const real *const *from) {
    Vec v[VEC_WIDTH];
#pragma GCC unroll 16
    for (int i = 0; i < VEC_WIDTH; i++) v[i] = vec_load(from[i]);
    vec_transpose_block(v);
#pragma GCC unroll 16
    for (int i = 0; i < VEC_WIDTH; i++) vec_store(to + i * stride, v[i]);
}

/* The sum of LANES partial sums, always in the order ((0+4)+(2+6)) + ((1+5)+(3+7)) (halving). */
VEC_INLINE real vec_reduce(const real *partial_sums) {
    Vec group[VEC_GROUP];
    for (int g = 0; g < VEC_GROUP; g++) group[g] = vec_load(partial_sums + g * VEC_WIDTH);
    for (int half = VEC_GROUP / 2; half > 0; half /= 2) {
        for (int g = 0; g < half; g++) group[g] += group[g + half];
    }
    real s[VEC_WIDTH];
    for (int i = 0; i < VEC_WIDTH; i++) s[i] = group[0][i];
    for (int half = VEC_WIDTH / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) s[i] += s[i + half];
    }
    return s[0];
}

/* sums[k] = vec_reduce(partial_sums + k stride) for k < count. VEC_WIDTH of them at a time,
 * transposed: the same sums in the same order. */
VEC_INLINE void vec_reduce_blocks(real *sums, const real *partial_sums, ptrdiff_t stride,
                                  int64_t count) {
    int64_t k = 0;
    for (; k + VEC_WIDTH <= count; k += VEC_WIDTH) {
        Vec v[VEC_WIDTH];
#pragma GCC unroll 16
        for (int i = 0; i < VEC_WIDTH; i++) {
            Vec group[VEC_GROUP];
            for (int g = 0; g < VEC_GROUP; g++) {
                group[g] = vec_load(partial_sums + (k + i) * stride + g * VEC_WIDTH);
            }
            for (int half = VEC_GROUP / 2; half > 0; half /= 2) {
                for (int g = 0; g < half; g++) group[g] += group[g + half];
            }
            v[i] = group[0];
        }
        vec_transpose_block(v);
        for (int half = VEC_WIDTH / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) v[i] += v[i + half];
        }
        vec_store(sums + k, v[0]);
    }
    for (; k < count; k++) sums[k] = vec_reduce(partial_sums + k * stride);
}

#endif
