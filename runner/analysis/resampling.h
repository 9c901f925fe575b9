/* Intervals where the values are not independent draws: folds of one data set, and repeats whose
 * number was chosen after looking at the first ones. */
#ifndef RUNNER_ANALYSIS_RESAMPLING_H
#define RUNNER_ANALYSIS_RESAMPLING_H

#include <stdint.h>

#include "runner/analysis/statistics.h"

/* The mean of a measure, or of paired differences, over J folds (or splits), whose training rows
 * overlap: variance times (1/J + test/train) in place of 1/J, t with J - 1 degrees. For K folds
 * test/train is 1/(K - 1). Repeated folds: all of them together. Sources: Nadeau and Bengio 2003,
 * Machine Learning 52(3); for repeated folds Bouckaert and Frank 2004, PAKDD. `train_rows` and
 * `test_rows`: of one fold. sd stays the values' own. */
Interval resampling_folds(const double *x, int64_t n, double train_rows, double test_rows);

/* p of the same t, two-sided; NaN where the values do not differ from one another. */
double resampling_folds_p(const double *x, int64_t n, double train_rows, double test_rows);

/* Stein's two-stage rule (1945, Annals of Mathematical Statistics 16): how many repeats, the first
 * ones included, make the half-width of the 95 % interval `until` at most, from the deviation of
 * the first ones; at least `first`, at most `most`. first >= 2. */
int64_t resampling_stein_repeats(double sd, int64_t first, double until, int64_t limit);

/* The interval that goes with it: the mean of all n values, the deviation and the degrees of
 * freedom of the first ones. It covers 95 % however the rest was chosen by the rule. */
Interval resampling_stein_interval(const double *x, int64_t n, int64_t first);

#endif
