/* Batch normalization (Ioffe and Szegedy, "Batch Normalization", ICML 2015) of one layer on a tile
 * (see linear.h), in steps between which a batch may be split: first the sums of each tile, then,
 * with the statistics of the entire batch, the values. As in PyTorch: epsilon 1e-5, the biased
 * variance normalizes, running statistics move by 0.1 towards the batch's mean and unbiased
 * variance and are used in evaluation. The naive form is in tests/core/naive_network.c. */
#ifndef CORE_KERNELS_NORMALIZATION_H
#define CORE_KERNELS_NORMALIZATION_H

#include <stddef.h>
#include <stdint.h>

#include "core/kernels/real.h"
#include "core/kernels/tile_shape.h"

#define NORMALIZATION_EPSILON  1e-5
#define NORMALIZATION_MOMENTUM 0.1

#define normalization_sum      REAL_NAME(normalization_sum)
#define normalization_squares  REAL_NAME(normalization_squares)
#define normalization_forward  REAL_NAME(normalization_forward)
#define normalization_products REAL_NAME(normalization_products)
#define normalization_backward REAL_NAME(normalization_backward)

/* sum[u] = sum of z_u over the real samples (shape.samples). */
void normalization_sum(double *sum, const real *z, TileShape shape);

/* sum[u] = sum of (z_u - mean_u)^2 over the same. */
void normalization_squares(double *sum, const real *z, const double *mean, TileShape shape);

/* xhat = (z - mean) / sqrt(variance + epsilon), value = gamma xhat + beta, padding included; xhat
 * may be z. */
void normalization_forward(real *value, real *xhat, const real *z, const double *mean,
                           const double *variance, const real *gamma, const real *beta,
                           TileShape shape);

/* dbeta[u] = sum of d_u, dgamma[u] = sum of d_u xhat_u over this tile, padding included. */
void normalization_products(double *dbeta, double *dgamma, const real *d, const real *xhat,
                            TileShape shape);

/* d = gamma / sqrt(variance + epsilon) (d - dbeta/n - xhat dgamma/n), with the sums of the entire
 * batch of n; padding becomes 0. */
void normalization_backward(real *d, const real *xhat, const double *variance, const real *gamma,
                            const double *dbeta, const double *dgamma, int64_t n, TileShape shape);

#endif
