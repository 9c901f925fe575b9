#include "runner/analysis/resampling.h"

#include <assert.h>
#include <math.h>

static double folds_error(const Interval *plain, double train_rows, double test_rows) {
    return plain->sd * sqrt(1.0 / (double)plain->n + test_rows / train_rows);
}

static Interval around(double mean, double sd, int64_t n, double half) {
    return (Interval){
        .n = n, .mean = mean, .sd = sd, .low = mean - half, .high = mean + half, .half = half};
}

Interval resampling_folds(const double *x, int64_t n, double train_rows, double test_rows) {
    const Interval plain = statistics_interval(x, n);
    if (n < 2) return plain;
    const double t = statistics_t_quantile(0.975, (double)(n - 1));
    return around(plain.mean, plain.sd, n, t * folds_error(&plain, train_rows, test_rows));
}

double resampling_folds_p(const double *x, int64_t n, double train_rows, double test_rows) {
    if (n < 2) return NAN;
    const Interval plain = statistics_interval(x, n);
    const double error = folds_error(&plain, train_rows, test_rows);
    if (!(error > 0)) return NAN;
    return 2 * statistics_t_cdf(-fabs(plain.mean) / error, (double)(n - 1));
}

int64_t resampling_stein_repeats(double sd, int64_t first, double until, int64_t limit) {
    assert(first >= 2 && until > 0);
    const double t = statistics_t_quantile(0.975, (double)(first - 1));
    const double wanted = ceil((t * sd / until) * (t * sd / until));
    if (!(wanted < (double)limit)) return limit > first ? limit : first;
    return wanted > (double)first ? (int64_t)wanted : first;
}

Interval resampling_stein_interval(const double *x, int64_t n, int64_t first) {
    assert(first >= 2 && n >= first);
    const double sd = statistics_sd(x, first);
    const double t = statistics_t_quantile(0.975, (double)(first - 1));
    return around(statistics_mean(x, n), sd, n, t * sd / sqrt((double)n));
}
