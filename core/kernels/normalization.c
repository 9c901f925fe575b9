#include "core/kernels/normalization.h"

#include <math.h>

#include "core/kernels/vec.h"

/* Sums of one unit, LANES partial sums in double. */
typedef struct Lanes {
    double lane[LANES];
} Lanes;

static double lanes_total(const Lanes *sum) {
    double s[LANES];
    for (int i = 0; i < LANES; i++) s[i] = sum->lane[i];
    for (int half = LANES / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) s[i] += s[i + half];
    }
    return s[0];
}

void normalization_sum(double *sum, const real *z, int32_t units, int32_t count, ptrdiff_t stride) {
    for (int32_t u = 0; u < units; u++) {
        Lanes lanes = {{0}};
        for (int32_t s = 0; s < count; s++) lanes.lane[s % LANES] += (double)z[u * stride + s];
        sum[u] = lanes_total(&lanes);
    }
}

void normalization_squares(double *sum, const real *z, const double *mean, int32_t units,
                           int32_t count, ptrdiff_t stride) {
    for (int32_t u = 0; u < units; u++) {
        Lanes lanes = {{0}};
        for (int32_t s = 0; s < count; s++) {
            const double e = (double)z[u * stride + s] - mean[u];
            lanes.lane[s % LANES] += e * e;
        }
        sum[u] = lanes_total(&lanes);
    }
}

void normalization_forward(real *value, real *xhat, const real *z, const double *mean,
                           const double *variance, const real *gamma, const real *beta,
                           int32_t units, int32_t rows, ptrdiff_t stride) {
    for (int32_t u = 0; u < units; u++) {
        const Vec center = vec_all((real)mean[u]);
        const Vec scale = vec_all((real)(1 / sqrt(variance[u] + NORMALIZATION_EPSILON)));
        const Vec slope = vec_all(gamma[u]), shift = vec_all(beta[u]);
        for (int32_t s = 0; s < rows; s += VEC_WIDTH) {
            const ptrdiff_t at = u * stride + s;
            const Vec x = (vec_load(z + at) - center) * scale;
            vec_store(xhat + at, x);
            vec_store(value + at, vec_fma(slope, x, shift));
        }
    }
}

void normalization_products(double *dbeta, double *dgamma, const real *d, const real *xhat,
                            int32_t units, int32_t rows, ptrdiff_t stride) {
    for (int32_t u = 0; u < units; u++) {
        Lanes plain = {{0}}, product = {{0}};
        for (int32_t s = 0; s < rows; s++) {
            const double delta = (double)d[u * stride + s];
            plain.lane[s % LANES] += delta;
            product.lane[s % LANES] += delta * (double)xhat[u * stride + s];
        }
        dbeta[u] = lanes_total(&plain);
        dgamma[u] = lanes_total(&product);
    }
}

void normalization_backward(real *d, const real *xhat, const double *variance, const real *gamma,
                            const double *dbeta, const double *dgamma, int64_t n, int32_t units,
                            int32_t count, int32_t rows, ptrdiff_t stride) {
    for (int32_t u = 0; u < units; u++) {
        const double slope = (double)gamma[u] / sqrt(variance[u] + NORMALIZATION_EPSILON);
        const Vec scale = vec_all((real)slope);
        const Vec mean = vec_all((real)(dbeta[u] / (double)n));
        const Vec tilt = vec_all((real)(dgamma[u] / (double)n));
        for (int32_t s = 0; s < rows; s += VEC_WIDTH) {
            const ptrdiff_t at = u * stride + s;
            const Vec centered = vec_load(d + at) - mean;
            vec_store(d + at, scale * vec_fnma(vec_load(xhat + at), tilt, centered));
        }
        for (int32_t s = count; s < rows; s++) d[u * stride + s] = 0;
    }
}
