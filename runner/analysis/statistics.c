/* Checked against SciPy through tests/golden/statistics.txt. */
#include "runner/analysis/statistics.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define NORMAL_975 1.959963984540054 /* the normal distribution's 0.975 quantile */

/* A power of two that brings values whose squares or sums would overflow, or vanish, near 1; 1 for
 * all others. Multiplying by it rounds nothing. */
static double moderate(double largest) {
    if (!isfinite(largest) || largest == 0 || (largest > 1e-100 && largest < 1e100)) return 1;
    int exponent;
    frexp(largest, &exponent);
    return ldexp(1, exponent > 0 ? -exponent : exponent < -900 ? 900 : -exponent);
}

static double largest_of(const double *x, int64_t n, double from, double factor) {
    double largest = 0;
    for (int64_t i = 0; i < n; i++) largest = fmax(largest, fabs(x[i] * factor - from));
    return largest;
}

/* Summed from the first value on: equal values have exactly that mean, and no spread. */
double statistics_mean(const double *x, int64_t n) {
    if (n < 1) return (double)NAN;
    const double factor = moderate(largest_of(x, n, 0, 1));
    const double from = isfinite(x[0]) ? x[0] * factor : 0;
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += x[i] * factor - from;
    return (from + sum / (double)n) / factor;
}

double statistics_sd(const double *x, int64_t n) {
    if (n < 2) return (double)NAN;
    const double first = moderate(largest_of(x, n, 0, 1));
    const double mean = statistics_mean(x, n) * first;
    const double second = moderate(largest_of(x, n, mean, first));
    double squares = 0;
    for (int64_t i = 0; i < n; i++) {
        const double distance = (x[i] * first - mean) * second;
        squares += distance * distance;
    }
    return sqrt(squares / (double)(n - 1)) / second / first;
}

double statistics_standard_error(const Interval *interval) {
    return interval->n < 2 ? (double)NAN : interval->sd / sqrt((double)interval->n);
}

Interval statistics_interval(const double *x, int64_t n) {
    Interval interval = {.n = n,
                         .mean = statistics_mean(x, n),
                         .sd = statistics_sd(x, n),
                         .low = (double)NAN,
                         .high = (double)NAN,
                         .half = (double)NAN};
    if (n < 2) return interval;
    interval.half =
        statistics_t_quantile(0.975, (double)(n - 1)) * statistics_standard_error(&interval);
    interval.low = interval.mean - interval.half;
    interval.high = interval.mean + interval.half;
    return interval;
}

void statistics_cut(Interval *interval, double low, double high) {
    if (interval->low < low) interval->low = low; /* no fmax(): what is not there stays NaN */
    if (interval->high > high) interval->high = high;
}

Interval statistics_negated(const Interval *interval) {
    Interval out = *interval;
    out.mean = -interval->mean;
    out.low = -interval->high;
    out.high = -interval->low;
    return out;
}

/* The continued fraction of the incomplete beta function, by Lentz's method (Press et al.,
 * Numerical Recipes, 6.4). */
static double beta_fraction(double a, double b, double x) {
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    if (fabs(d) < tiny) d = tiny;
    d = 1 / d;
    double h = d;
    for (int32_t m = 1; m <= 10000; m++) {
        const double k = m;
        const double even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k));
        const double odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1));
        double step = 1;
        for (int32_t i = 0; i < 2; i++) {
            const double term = i == 0 ? even : odd;
            d = 1 + term * d;
            if (fabs(d) < tiny) d = tiny;
            c = 1 + term / c;
            if (fabs(c) < tiny) c = tiny;
            d = 1 / d;
            step = c * d;
            h *= step;
        }
        if (fabs(step - 1) < 1e-16) break;
    }
    return h;
}

/* ln(Gamma(a + 1/2) / Gamma(a)); the series where the difference of two large logarithms would lose
 * digits. */
static double log_half_step(double a) {
    if (a < 30) return lgamma(a + 0.5) - lgamma(a);
    const double r = 1 / a, r2 = r * r;
    return 0.5 * log(a) - r * (1.0 / 8 - r2 * (1.0 / 192 - r2 / 640));
}

/* Regularized incomplete beta I_x(a, 1/2), with y = 1 - x given by the caller, who knows it without
 * cancellation. */
static double incomplete_beta_half(double a, double x, double y) {
    if (x <= 0) return 0;
    if (y <= 0) return 1;
    const double log_root_pi = 0.57236494292470009;
    const double front =
        exp(log_half_step(a) - log_root_pi + a * (x < 0.5 ? log(x) : log1p(-y)) + 0.5 * log(y));
    if (x < (a + 1) / (a + 2.5)) return front * beta_fraction(a, 0.5, x) / a;
    return 1 - front * beta_fraction(0.5, a, y) / 0.5;
}

/* P(T > t) for t >= 0, kept accurate in the far tail. */
static double t_tail(double t, double df) {
    return 0.5 * incomplete_beta_half(df / 2, df / (df + t * t), t * t / (df + t * t));
}

double statistics_t_cdf(double t, double df) {
    assert(df > 0);
    return t >= 0 ? 1 - t_tail(t, df) : t_tail(-t, df);
}

double statistics_t_quantile(double p, double df) {
    assert(p > 0 && p < 1 && df > 0);
    if (p == 0.5) return 0;
    const double tail = p < 0.5 ? p : 1 - p;
    double low = 0, high = 1;
    while (t_tail(high, df) > tail && high < 1e300) {
        low = high;
        high *= 2;
    }
    while (high - low > 1e-15 * high) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) break;
        if (t_tail(middle, df) > tail)
            low = middle;
        else
            high = middle;
    }
    const double t = low + (high - low) / 2;
    return p < 0.5 ? -t : t;
}

/* Of beta: P(F > f) is I_x(d2/2, d1/2) at x = d2/(d2 + d1 f). */
double statistics_f_tail(double f, double d1, double d2) {
    assert(d1 > 0 && d2 > 0);
    if (!(f > 0)) return 1;
    const double a = d2 / 2, b = d1 / 2, ratio = d1 * f / d2;
    const double x = 1 / (1 + ratio), y = ratio / (1 + ratio);
    if (!isfinite(ratio) || x <= 0) return 0;
    const double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) - a * log1p(ratio) + b * log(y));
    if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, y) / b;
}

double statistics_quantile(const double *sorted, int64_t n, double q) {
    assert(n > 0 && q >= 0 && q <= 1);
    const double position = q * (double)(n - 1);
    const int64_t below = (int64_t)floor(position);
    if (below >= n - 1) return sorted[n - 1];
    return sorted[below] + (position - (double)below) * (sorted[below + 1] - sorted[below]);
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void statistics_sort(double *x, int64_t n) {
    qsort(x, (size_t)n, sizeof *x, ascending);
}

static int by_size(const void *a, const void *b) {
    const double x = fabs(*(const double *)a), y = fabs(*(const double *)b);
    return (x > y) - (x < y);
}

/* P over all 2^n signs that the ranks with a plus sum to `sum` or less; both doubled. The exact
 * null distribution holds with ties, too. */
static double exact_tail(const int32_t *rank2, int32_t n, int32_t sum2) {
    double ways[2 * STATISTICS_WILCOXON_EXACT * (STATISTICS_WILCOXON_EXACT + 1) / 2 + 1] = {1};
    int32_t reach = 0;
    for (int32_t i = 0; i < n; i++) {
        reach += rank2[i];
        for (int32_t s = reach; s >= rank2[i]; s--) ways[s] += ways[s - rank2[i]];
    }
    double under = 0;
    for (int32_t s = 0; s <= sum2; s++) under += ways[s];
    return ldexp(under, -n);
}

/* The signed ranks of n differences, zeros left out, equal sizes sharing their mean rank. Ranks and
 * their sums are doubled, so that shared ones are whole. */
typedef struct SignedRanks {
    int64_t n;
    int32_t rank2[STATISTICS_WILCOXON_EXACT]; /* of the first ones */
    double plus2, minus2, ties;
} SignedRanks;

static bool rank_signs(SignedRanks *ranks, const double *difference, int64_t n) {
    double *d = malloc((size_t)(n > 0 ? n : 1) * sizeof *d);
    *ranks = (SignedRanks){0};
    if (!d) return false;
    for (int64_t i = 0; i < n; i++)
        if (difference[i] != 0) d[ranks->n++] = difference[i];
    qsort(d, (size_t)ranks->n, sizeof *d, by_size);
    for (int64_t i = 0; i < ranks->n;) {
        int64_t end = i + 1;
        while (end < ranks->n && fabs(d[end]) == fabs(d[i])) end++;
        const double shared2 = (double)(i + 1 + end); /* twice the mean of ranks i+1 .. end */
        const double equal = (double)(end - i);
        ranks->ties += equal * equal * equal - equal;
        for (; i < end; i++) {
            if (i < STATISTICS_WILCOXON_EXACT) ranks->rank2[i] = (int32_t)shared2;
            *(d[i] > 0 ? &ranks->plus2 : &ranks->minus2) += shared2;
        }
    }
    free(d);
    return true;
}

double statistics_wilcoxon(const double *difference, int64_t n) {
    SignedRanks ranks;
    if (!rank_signs(&ranks, difference, n) || ranks.n == 0) return (double)NAN;
    const double least2 = fmin(ranks.plus2, ranks.minus2);
    if (ranks.n <= STATISTICS_WILCOXON_EXACT)
        return fmin(1, 2 * exact_tail(ranks.rank2, (int32_t)ranks.n, (int32_t)least2));
    const double m = (double)ranks.n;
    const double variance = m * (m + 1) * (2 * m + 1) / 24 - ranks.ties / 48;
    return erfc(fabs(least2 / 2 - m * (m + 1) / 4) / sqrt(2 * variance));
}

int32_t statistics_side(const double *difference, int64_t n) {
    SignedRanks ranks;
    if (!rank_signs(&ranks, difference, n)) return 0;
    return (ranks.plus2 > ranks.minus2) - (ranks.plus2 < ranks.minus2);
}

void statistics_wilson(int64_t k, int64_t n, double *low, double *high) {
    assert(n > 0 && k >= 0 && k <= n);
    const double p = (double)k / (double)n, m = (double)n, z2 = NORMAL_975 * NORMAL_975;
    const double middle = (p + z2 / (2 * m)) / (1 + z2 / m);
    const double half = NORMAL_975 / (1 + z2 / m) * sqrt(p * (1 - p) / m + z2 / (4 * m * m));
    *low = k == 0 ? 0 : middle - half;
    *high = k == n ? 1 : middle + half;
}

void statistics_holm(double *p, int64_t n) {
    int64_t tests = 0, done = 0;
    /* the p-value treated last, as it was; what corrected ones may not fall below */
    double last = -1, floor_p = 0;
    for (int64_t i = 0; i < n; i++) tests += !isnan(p[i]);
    /* Treated values are marked by a sign: at most a thousand or so, so O(n^2) is fine. */
    while (done < tests) {
        int64_t least = -1, equal = 0;
        for (int64_t i = 0; i < n; i++)
            if (!isnan(p[i]) && !signbit(p[i]) && (least < 0 || p[i] < p[least])) least = i;
        last = p[least];
        floor_p = fmin(1, fmax(floor_p, (double)(tests - done) * last));
        for (int64_t i = 0; i < n; i++) {
            if (p[i] == last && !signbit(p[i])) {
                p[i] = -floor_p;
                equal++;
            }
        }
        done += equal;
    }
    for (int64_t i = 0; i < n; i++) p[i] = isnan(p[i]) ? p[i] : fabs(p[i]);
}
