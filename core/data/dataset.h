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
#include "core/data/dataset_names.h"

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

/* A table of numbers in memory (npy, hdf5), row-major; borrowed. */
typedef struct DatasetTable {
    const double *values; /* n x columns */
    int64_t n;
    int32_t columns;
} DatasetTable;

/* What the column (or columns) to predict are: numbers, or classes, whose names are their labels
 * (class_labels.h); `classes` is how many there are, 0 counts them. */
typedef struct DatasetTask {
    bool by_class;
    int32_t classes;
} DatasetTask;

/* What a table becomes: its column `label_column` (negative: from the end) is to be predicted, the
 * others are the inputs. The caller owns the set and the names. */
MUST_CHECK bool dataset_from_matrix(Dataset *set, DatasetNames *names, DatasetTable matrix,
                                    int32_t label_column, DatasetTask task, const char *name,
                                    Error *err);

/* The same from inputs and a second table of as many rows (one column for classes). */
MUST_CHECK bool dataset_from_pair(Dataset *set, DatasetNames *names, DatasetTable x, DatasetTable y,
                                  DatasetTask task, const char *name, Error *err);

/* The rows `index[0..count)` as a set of their own. */
MUST_CHECK bool dataset_rows(Dataset *out, const Dataset *set, const int64_t *index, int64_t count,
                             Error *err);

/* A copy of the set, without its folds. */
MUST_CHECK bool dataset_copy(Dataset *copy, const Dataset *set, Error *err);

/* The rows of a set that are not held out, and those that are, in the set's order; either may be
 * NULL. */
MUST_CHECK bool dataset_split(Dataset *rest, Dataset *held_out, const Dataset *set,
                              const bool *is_held_out, Error *err);

/* How many rows of `set` have the inputs of some row of `other`, bit for bit. */
MUST_CHECK bool dataset_shared_rows(int64_t *count, const Dataset *set, const Dataset *other,
                                    Error *err);

/* 64 bits that change with any bit of the content (shape, x, label, target; not fold): to notice
 * changed data. Not a cryptographic hash. */
uint64_t dataset_digest(const Dataset *set);

#endif
