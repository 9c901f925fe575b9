/* The statistics of the report: means with intervals, quantiles, one paired test.
 *
 * Everything that says "95 %" in a report comes from here. Nothing is assumed silently: with fewer
 * than two values there is no interval (NaN), and the caller says so. Values must be finite, of
 * whatever size: squares and sums do not overflow before the result does. The caller removes gaps
 * first. */
#ifndef RUNNER_ANALYSIS_STATISTICS_H
#define RUNNER_ANALYSIS_STATISTICS_H

#include <stdbool.h>
#include <stdint.h>

/* A mean and its 95 % interval by Student's t; sd is the sample's (n - 1). low, high, sd, half are
 * NaN for n < 2. low and high are mean - half and mean + half until someone cuts them; half stays,
 * as the measure of precision. */
typedef struct Interval {
    int64_t n;
    double mean, sd, low, high, half;
} Interval;

double statistics_mean(const double *x, int64_t n);
double statistics_sd(const double *x, int64_t n);
Interval statistics_interval(const double *x, int64_t n);

/* Limits an interval to [low, high], which the values themselves cannot leave: no accuracy is above
 * 1. */
void statistics_cut(Interval *interval, double low, double high);

/* The interval of -x. */
Interval statistics_negated(const Interval *interval);

/* sd / sqrt(n); NaN for n < 2. */
double statistics_standard_error(const Interval *interval);

/* Student's t: P(T <= t), and the t with P(T <= t) = p for 0 < p < 1; df > 0. */
double statistics_t_cdf(double t, double df);
double statistics_t_quantile(double p, double df);

/* Fisher's F: P(F > f) with d1 and d2 degrees of freedom, which need not be whole; above 0. */
double statistics_f_tail(double f, double d1, double d2);

/* The q-quantile of n ascending values, linear between neighbours (NumPy's default, Hyndman and
 * Fan's type 7). */
double statistics_quantile(const double *sorted, int64_t n, double q);

/* Sorts ascending, in place. */
void statistics_sort(double *x, int64_t n);

/* Wilcoxon's signed-rank test of paired differences, two-sided. Zeros are left out; equal sizes
 * share their mean rank. Up to 25 differences the p-value is exact, ties included; beyond, the
 * normal approximation with the correction for ties and none for continuity. NaN where no
 * difference is left. A difference may be infinite: one side has diverged. */
#define STATISTICS_WILCOXON_EXACT 25
double statistics_wilcoxon(const double *difference, int64_t n);

/* Which way the ranks of that test lie: 1 above zero, -1 below, 0 neither. */
int32_t statistics_side(const double *difference, int64_t n);

/* Holm's step-down correction of n p-values for being many, in place; NaN (nothing to test) stays
 * and counts for nothing. */
void statistics_holm(double *p, int64_t n);

/* Wilson's 95 % interval of a proportion of k in n; n > 0. */
void statistics_wilson(int64_t k, int64_t n, double *low, double *high);

#endif
