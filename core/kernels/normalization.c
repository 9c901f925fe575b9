#include "core/kernels/normalization.h"

#include <math.h>

#include "core/kernels/vec.h"

/* Sums of one unit, LANES partial sums in double. */
typedef struct PartialSums {
    double sum[LANES];
} PartialSums;

static double partial_sums_total(const PartialSums *sum) {
    double s[LANES];
    for (int i = 0; i < LANES; i++) s[i] = sum->sum[i];
    for (int half = LANES / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) s[i] += s[i + half];
    }
    return s[0];
}

void normalization_sum(double *sum, const real *z, TileShape shape) {
    for (int32_t u = 0; u < shape.units; u++) {
        PartialSums partial = {{0}};
        for (int32_t s = 0; s < shape.samples; s++) {
            partial.sum[s % LANES] += (double)z[u * shape.stride + s];
        }
        sum[u] = partial_sums_total(&partial);
    }
}

void normalization_squares(double *sum, const real *z, const double *mean, TileShape shape) {
    for (int32_t u = 0; u < shape.units; u++) {
        PartialSums partial = {{0}};
        for (int32_t s = 0; s < shape.samples; s++) {
            const double e = (double)z[u * shape.stride + s] - mean[u];
            partial.sum[s % LANES] += e * e;
        }
        sum[u] = partial_sums_total(&partial);
    }
}

void normalization_forward(real *value, real *xhat, const real *z, const double *mean,
                           const double *variance, const real *gamma, const real *beta,
                           TileShape shape) {
    for (int32_t u = 0; u < shape.units; u++) {
        const Vec center = vec_broadcast((real)mean[u]);
        const Vec scale = vec_broadcast((real)(1 / sqrt(variance[u] + NORMALIZATION_EPSILON)));
        const Vec slope = vec_broadcast(gamma[u]), shift = vec_broadcast(beta[u]);
        for (int32_t s = 0; s < shape.rows; s += VEC_WIDTH) {
            const ptrdiff_t at = u * shape.stride + s;
            const Vec x = (vec_load(z + at) - center) * scale;
            vec_store(xhat + at, x);
            vec_store(value + at, vec_fma(slope, x, shift));
        }
    }
}

void normalization_products(double *dbeta, double *dgamma, const real *d, const real *xhat,
                            TileShape shape) {
    for (int32_t u = 0; u < shape.units; u++) {
        PartialSums plain = {{0}}, product = {{0}};
        for (int32_t s = 0; s < shape.rows; s++) {
            const double delta = (double)d[u * shape.stride + s];
            plain.sum[s % LANES] += delta;
            product.sum[s % LANES] += delta * (double)xhat[u * shape.stride + s];
        }
        dbeta[u] = partial_sums_total(&plain);
        dgamma[u] = partial_sums_total(&product);
    }
}

void normalization_backward(real *d, const real *xhat, const double *variance, const real *gamma,
                            const double *dbeta, const double *dgamma, int64_t n, TileShape shape) {
    for (int32_t u = 0; u < shape.units; u++) {
        const double slope = (double)gamma[u] / sqrt(variance[u] + NORMALIZATION_EPSILON);
        const Vec scale = vec_broadcast((real)slope);
        const Vec mean = vec_broadcast((real)(dbeta[u] / (double)n));
        const Vec tilt = vec_broadcast((real)(dgamma[u] / (double)n));
        for (int32_t s = 0; s < shape.rows; s += VEC_WIDTH) {
            const ptrdiff_t at = u * shape.stride + s;
            const Vec centered = vec_load(d + at) - mean;
            vec_store(d + at, scale * vec_fnma(vec_load(xhat + at), tilt, centered));
        }
        for (int32_t s = shape.samples; s < shape.rows; s++) d[u * shape.stride + s] = 0;
    }
}
