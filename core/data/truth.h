/* What is true of made data: the probability of each class at a point, and so the least loss that
 * any network can have there.
 *
 * Rows of moons, circles and spirals are points of a curve (its parameter equally spaced, as
 * core/data/synthetic.h makes them) plus independent normal noise of deviation s in both
 * coordinates, so with n_c rows in class c
 *     p(c | x) is proportional to n_c * integral of exp(-|x - curve(t)|^2 / (2 s^2)) dt
 * blobs are a mixture of normal distributions; xor is a square, uniform, plus noise: products of
 * differences of the normal distribution function; beans have uniform noise on the boundary. gates,
 * three_bit, and all kinds with noise 0, are what they are: each row has its own class for certain.
 * Source: Bayes' theorem; Duda, Hart and Stork, Pattern Classification (2001), section 2.
 * Independent of the training rows: this is the truth, not an estimate. */
#ifndef CORE_DATA_TRUTH_H
#define CORE_DATA_TRUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/data/synthetic.h"

/* probability: n x classes, row by row; each row sums to 1. x: n x inputs, plain inputs, before
 * anything is standardized or scaled. `config` is that of the data set the rows belong to; for
 * blobs it names the centers. Without noise, and for rows that were not drawn from it, where every
 * class is equally impossible, the class nearest to the row has probability 1. sine has no classes:
 * programmer's error. */
MUST_CHECK bool truth_probability(double *probability, const SyntheticConfig *config,
                                  const double *x, int64_t n, Error *err);

/* The mean of a number to predict at each row (sine). target: n. */
void truth_mean(double *target, const SyntheticConfig *config, const double *x, int64_t n);

/* The least that any network can reach on the rows of a set, on average: cross-entropy and Brier
 * score (half the sum over classes of (p - y)^2) where p is true, accuracy where the likeliest
 * class is predicted. They are means over the rows of the set with their own labels, as the
 * losses of a network are; NaN where they are not known. For numbers brier and accuracy are NaN,
 * loss is the mean squared error. */
typedef struct TruthFloor {
    double loss, accuracy, brier;
} TruthFloor;

/* `set` has plain inputs. */
MUST_CHECK bool truth_floor(TruthFloor *least, const SyntheticConfig *config, const Dataset *set,
                            Error *err);

#endif
