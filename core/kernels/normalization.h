/* Batch normalization (Ioffe and Szegedy 2015) of one layer on a tile (see linear.h), cut where a
 * batch may be split: sums of each tile first, then, with the whole batch's statistics, the values.
 * As in PyTorch: epsilon 1e-5, the biased variance normalizes, running statistics move by 0.1
 * towards the batch's mean and unbiased variance and serve in evaluation. `count` is how many
 * samples of the tile are real. */
#ifndef CORE_KERNELS_NORMALIZATION_H
#define CORE_KERNELS_NORMALIZATION_H

#include <stddef.h>
#include <stdint.h>

#include "core/kernels/real.h"

#define NORMALIZATION_EPSILON  1e-5
#define NORMALIZATION_MOMENTUM 0.1

#define normalization_sum      REAL_NAME(normalization_sum)
#define normalization_squares  REAL_NAME(normalization_squares)
#define normalization_forward  REAL_NAME(normalization_forward)
#define normalization_products REAL_NAME(normalization_products)
#define normalization_backward REAL_NAME(normalization_backward)

/* sum[u] = sum of z_u over the real samples. */
void normalization_sum(double *sum, const real *z, int32_t units, int32_t count, ptrdiff_t stride);

/* sum[u] = sum of (z_u - mean_u)^2. */
void normalization_squares(double *sum, const real *z, const double *mean, int32_t units,
                           int32_t count, ptrdiff_t stride);

/* xhat = (z - mean) / sqrt(variance + epsilon), value = gamma xhat + beta; rows includes padding;
 * xhat may be z. */
void normalization_forward(real *value, real *xhat, const real *z, const double *mean,
                           const double *variance, const real *gamma, const real *beta,
                           int32_t units, int32_t rows, ptrdiff_t stride);

/* dbeta[u] = sum of d_u, dgamma[u] = sum of d_u xhat_u over this tile. */
void normalization_products(double *dbeta, double *dgamma, const real *d, const real *xhat,
                            int32_t units, int32_t rows, ptrdiff_t stride);

/* d = gamma / sqrt(variance + epsilon) (d - dbeta/n - xhat dgamma/n), with the sums of the whole
 * batch of n; padding becomes 0. */
void normalization_backward(real *d, const real *xhat, const double *variance, const real *gamma,
                            const double *dbeta, const double *dgamma, int64_t n, int32_t units,
                            int32_t count, int32_t rows, ptrdiff_t stride);

#endif
