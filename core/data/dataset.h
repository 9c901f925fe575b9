/* A data set in memory: n rows of inputs, and either a class or numbers to predict for each.
 *
 * Always float64, row-major, as the files and generators give it; the trainer makes the copies
 * that its kernels want. It knows nothing of one-hot targets: those belong to the output layer of
 * a network (see mlp.h). A set without label and target is inputs only (a file to predict); its
 * `outputs` is 0. */
#ifndef CORE_DATA_DATASET_H
#define CORE_DATA_DATASET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

#define DATASET_MAX_CLASSES 65536 /* more are numbers to predict, not classes */

typedef struct Dataset {
    int64_t n;       /* rows */
    int32_t inputs;  /* columns of x */
    int32_t outputs; /* classes, or columns of target */
    double *x;       /* n x inputs */
    int32_t *label;  /* n, each 0..outputs-1; NULL for regression */
    double *target;  /* n x outputs; NULL for classes */
    int32_t *fold;   /* n, each 0..folds-1; NULL without folds */
} Dataset;

/* Allocates a zeroed set; `classes` chooses between label and target (outputs 0: neither). The
 * caller owns it. */
MUST_CHECK bool dataset_create(Dataset *set, int64_t n, int32_t inputs, int32_t outputs,
                               bool classes, Error *err);

/* Frees it; legal on a zeroed or destroyed set. */
void dataset_destroy(Dataset *set);

/* Refuses NaN and infinities (with row and column, both from 0), labels outside 0..outputs-1, and
 * no rows at all. `name` is the set's name in the message. */
MUST_CHECK bool dataset_check(const Dataset *set, const char *name, Error *err);

/* A number as a class: an integer 0..classes-1 (classes 0: below DATASET_MAX_CLASSES). -1 where it
 * is none. */
int32_t dataset_class(double number, int32_t classes);

/* A table of numbers in memory (npy, hdf5), row-major; borrowed. */
typedef struct DatasetTable {
    const double *values; /* n x columns */
    int64_t n;
    int32_t columns;
} DatasetTable;

/* What a table becomes: its column `label_column` (negative: from the end) is the classes or the
 * number to predict, the others are the inputs. `classes` is how many there are, 0 counts them. */
MUST_CHECK bool dataset_from_matrix(Dataset *set, DatasetTable matrix, int32_t label_column,
                                    bool by_class, int32_t classes, const char *name, Error *err);

/* The same from inputs and a second table of as many rows (one column for classes). */
MUST_CHECK bool dataset_from_pair(Dataset *set, DatasetTable x, DatasetTable y, bool by_class,
                                  int32_t classes, const char *name, Error *err);

/* The rows `index[0..count)` as a set of their own. */
MUST_CHECK bool dataset_rows(Dataset *out, const Dataset *set, const int64_t *index, int64_t count,
                             Error *err);

/* The rows of a set that are not held out, and those that are, in the set's order; either may be
 * NULL. */
MUST_CHECK bool dataset_split(Dataset *rest, Dataset *held_out, const Dataset *set,
                              const bool *is_held_out, Error *err);

/* Holds out `count` of n rows: the first ones of RandomState(seed).permutation(n), which are the
 * rows that scikit-learn's train_test_split(test_size=count, random_state=seed) chooses. */
MUST_CHECK bool dataset_choose(bool *is_held_out, int64_t n, int64_t count, uint32_t seed,
                               Error *err);

/* Gives every row a fold: exactly scikit-learn's KFold(folds, shuffle=True, random_state=seed).
 * Refuses fewer rows than folds, and folds < 2. */
MUST_CHECK bool dataset_folds(Dataset *set, int32_t folds, uint32_t seed, Error *err);

/* Column means and deviations (population, ddof 0; 1 where a column is constant), and their
 * application. */
void dataset_moments(const Dataset *set, double *mean, double *deviation);
void dataset_shift_scale(Dataset *set, const double *shift,
                         const double *scale); /* x = (x - shift) / scale */

/* Column minima and maxima, and moving [low, high] to [min, max]: x = (x - low) / (high - low) *
 * (max - min) + min, in this order of operations; min where a column is constant. */
void dataset_range(const Dataset *set, double *low, double *high);
void dataset_rescale(Dataset *set, const double *low, const double *high, double min, double max);

/* 64 bits that change with any bit of the content (shape, x, label, target; not fold): to notice
 * changed data. Not a cryptographic hash. */
uint64_t dataset_digest(const Dataset *set);

#endif
