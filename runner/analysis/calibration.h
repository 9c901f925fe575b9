/* Whether probabilities mean what they say: of the rows that a network calls 80 % likely, are 80 %
 * right?
 *
 * Two classes: the probability of class 1 against the share of class 1. More: the probability of
 * the predicted class against the share of right predictions. Bins of equal count, their edges the
 * quantiles of the probabilities (scikit-learn's calibration_curve, strategy "quantile"); where
 * many probabilities are equal, some bins are empty. The expected calibration error is the mean of
 * |share - mean probability| over rows (Naeini, Cooper and Hauskrecht 2015, AAAI). */
#ifndef RUNNER_ANALYSIS_CALIBRATION_H
#define RUNNER_ANALYSIS_CALIBRATION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

#define CALIBRATION_BINS 15

typedef struct CalibrationBin {
    int64_t rows;              /* 0: nothing else is set */
    double probability, share; /* means over its rows */
} CalibrationBin;

typedef struct Calibration {
    CalibrationBin bin[CALIBRATION_BINS];
    double ece; /* 0 to 1 */
} Calibration;

/* probability: rows x classes (2 or more); label: rows; rows >= 1. */
MUST_CHECK bool calibration_make(Calibration *calibration, const double *probability,
                                 const int32_t *label, int64_t rows, int32_t classes, Error *err);

#endif
