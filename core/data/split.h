/* Rows held out: a share of a set, or folds; where the rows have classes, in equal shares of each.
 *
 * All draws are those of scikit-learn with random_state=seed, so that a split can be made again in
 * one line of Python. `label`: n classes from 0, to stratify by; NULL does not stratify. */
#ifndef CORE_DATA_SPLIT_H
#define CORE_DATA_SPLIT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

/* Holds out `count` of n rows: those that train_test_split(test_size=count, stratify=label) chooses
 * for its test set. Plain: the first ones of RandomState(seed).permutation(n). Stratified: each
 * class gives its share of the rows, rounded so that the sum is right: the training rows first,
 * largest remainders up, equal remainders by lot. A class of one row goes to either side, where
 * scikit-learn refuses. */
MUST_CHECK bool split_choose(bool *is_held_out, int64_t n, const int32_t *label, int64_t count,
                             uint32_t seed, Error *err);

/* Gives each of n rows a fold: exactly KFold(folds, shuffle=True), or, with classes,
 * StratifiedKFold(folds, shuffle=True). Refuses fewer rows than folds, and folds < 2. A class with
 * fewer rows than folds is missing in some of them, as there. */
MUST_CHECK bool split_folds(int32_t *fold, int64_t n, const int32_t *label, int32_t folds,
                            uint32_t seed, Error *err);

#endif
