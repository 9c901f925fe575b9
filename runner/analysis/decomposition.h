/* Where the error of a setting comes from: noise, bias and variance of its networks.
 *
 * All its repeats (R networks, R >= 2) answer the same rows. Squared error, with p the network's
 * probabilities, y the label as 0 and 1, p* the truth, over classes halved so that two classes give
 * scikit-learn's brier_score_loss, and averaged over rows:
 *     variance  s^2, the unbiased variance over the repeats
 *     bias^2    (mean p - p*)^2 - s^2 / R
 *     noise     p* (1 - p*)
 * Their sum is the mean squared error on rows drawn from p*, exactly. bias^2 is an unbiased
 * estimate and so may come out a little below 0. Where the truth is unknown, noise and bias^2 are
 * known only as their sum, brier - variance. For numbers the same with y the target, p* the true
 * mean, not halved. Source: Geman, Bienenstock and Doursat 1992, Neural Computation 4(1).
 * Cross-entropy, exact on any rows: with q proportional to exp(mean of log p) and Z its sum,
 *     mean loss = loss of q + mean of -log Z, the second of which is the variance.
 * Source: Heskes 1998, Neural Computation 10(6). */
#ifndef RUNNER_ANALYSIS_DECOMPOSITION_H
#define RUNNER_ANALYSIS_DECOMPOSITION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

typedef struct DecompositionInput {
    const double *const *output; /* repeats: each rows x classes probabilities, or rows numbers */
    int32_t repeats;             /* 2 or more */
    int64_t rows;                /* 1 or more */
    int32_t classes;             /* 0: numbers */
    const int32_t *label;        /* rows; of classes */
    const double *target;        /* rows; of numbers */
    const double *truth; /* rows x classes probabilities, or rows true means; NULL: unknown */
    double noise;        /* of numbers with a truth: variance of a target around its mean */
} DecompositionInput;

/* An estimate with its 95 % interval: bootstrap over the repeats (percentiles of 2000 draws,
 * Efron and Tibshirani 1993, chapter 13), the same for the same input. NaN where unknown. */
typedef struct Estimate {
    double value, low, high;
} Estimate;

typedef struct Decomposition {
    Estimate
        squared; /* Brier score of a network, mean over repeats; mean squared error of numbers */
    Estimate noise, bias2, variance;
    Estimate noise_and_bias2; /* squared - variance: known without the truth */
    /* classes; NaN for numbers */
    Estimate cross_entropy;   /* of a network, mean over repeats */
    Estimate average_network; /* of q */
    Estimate ce_variance;
} Decomposition;

#define DECOMPOSITION_DRAWS 2000

MUST_CHECK bool decomposition_make(Decomposition *decomposition, const DecompositionInput *input,
                                   Error *err);

#endif
