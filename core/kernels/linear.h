/* The affine map and its two derivatives, on tiles.
 *
 * A tile holds up to `rows` samples, unit-major: unit u of sample s is a[u * stride + s]. Samples
 * run along the vector's lanes; rows is a multiple of LANES. Where the map has a bias, the tile of
 * its inputs ends in a unit that is 1 for every sample, so that [W; b], which is one matrix in the
 * parameter block, is the complete map. Padding samples (past the last real one) must have zero
 * deltas; then they add nothing. */
#ifndef CORE_KERNELS_LINEAR_H
#define CORE_KERNELS_LINEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/kernels/real.h"

#define linear_forward       REAL_NAME(linear_forward)
#define linear_backward      REAL_NAME(linear_backward)
#define linear_gradient      REAL_NAME(linear_gradient)
#define linear_gradient_wide REAL_NAME(linear_gradient_wide)
#define linear_reduce        REAL_NAME(linear_reduce)
#define linear_transpose     REAL_NAME(linear_transpose)

typedef struct LinearShape {
    int32_t in, out; /* units; `in` counts the bias's unit of ones, but in linear_backward() */
    int32_t samples; /* real ones */
    int32_t rows;    /* samples with padding */
} LinearShape;

/* z = [W; b]^T a.   z: out x rows (stride), a: in x rows (a_stride), w: in x out. Padding becomes
 * 0. */
void linear_forward(real *z, ptrdiff_t stride, const real *a, ptrdiff_t a_stride, const real *w,
                    LinearShape shape);

/* da = W d.   da: in x rows (stride; the bias's unit has no delta), d: out x rows (stride). Padding
 * becomes 0. */
void linear_backward(real *da, const real *d, ptrdiff_t stride, const real *w, LinearShape shape);

/* g[i][j][lane] = (add: +=) sum over the lane's samples of a_i d_j.   g: in x out x LANES. For
 * narrow layers. */
void linear_gradient(real *g, const real *a, ptrdiff_t a_stride, const real *d, ptrdiff_t stride,
                     LinearShape shape, bool add);

/* dw[k] = the LANES partial sums of weight k, added in their fixed order. */
void linear_reduce(real *dw, const real *g, int64_t count);

/* dw = (add: +=) a dt, sample after sample.   dw: in x out, a: in x samples (a_stride), dt: samples
 * x dt_stride, the deltas transposed. For wide layers. */
void linear_gradient_wide(real *dw, const real *a, ptrdiff_t a_stride, const real *dt,
                          ptrdiff_t dt_stride, LinearShape shape, bool add);

/* dt = d^T.   d: units x samples (stride), dt: samples x dt_stride; units past the last are left
 * alone. */
void linear_transpose(real *dt, ptrdiff_t dt_stride, const real *d, ptrdiff_t stride, int32_t units,
                      int32_t samples);

#endif
