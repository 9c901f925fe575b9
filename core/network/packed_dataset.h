/* One split of the data (train, val or test) as the kernels want it: converted to `real` once,
 * read by all.
 *
 * Sets with few inputs are also stored unit-major (see linear.h), so that a tile of consecutive
 * rows is a pointer and no copy; sets with many are gathered into tiles when they are needed. */
#ifndef CORE_NETWORK_PACKED_DATASET_H
#define CORE_NETWORK_PACKED_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/kernels/real.h"

#define PACKED_DATASET_MAX_COLUMNS 64 /* sets of up to so many inputs are stored unit-major too */

#define packed_dataset_create  REAL_NAME(packed_dataset_create)
#define packed_dataset_destroy REAL_NAME(packed_dataset_destroy)
#define packed_dataset_gather  REAL_NAME(packed_dataset_gather)

typedef struct PackedDataset {
    const Dataset *set; /* borrowed */
    int64_t n;
    int32_t inputs, outputs;
    real *rows;       /* n x inputs */
    real *columns;    /* (inputs + 1) x stride, the last unit all 1; NULL for wide sets */
    ptrdiff_t stride; /* n padded */
    real *largest;    /* inputs: the largest absolute value of each */
    double reach; /* (1 + the largest |row|) (2 + the largest |target|) n: for training_watch.h */
    real *label;  /* n padded, padding -1; NULL for numbers */
    real *target; /* n x outputs; NULL for classes */
    double *variance; /* outputs: sum of (t - mean)^2 over the set, for r2; NULL for classes */
} PackedDataset;

/* What a training trains, validates and tests on; val and test may be NULL. */
typedef struct PackedSplits {
    const PackedDataset *train, *val, *test;
} PackedSplits;

MUST_CHECK bool packed_dataset_create(PackedDataset **data, const Dataset *set, Error *err);
void packed_dataset_destroy(PackedDataset *data);

/* Where gathered rows go. */
typedef struct PackedTile {
    int32_t rows; /* with padding */
    ptrdiff_t stride;
    real *x;      /* (inputs + 1) x rows (stride) with the unit of ones; NULL where not wanted */
    real *label;  /* rows */
    real *target; /* outputs x rows (stride) */
} PackedTile;

/* Rows order[first .. first + count), or first, first + 1, ... where order is NULL, into a tile:
 * inputs, and label or target, whichever the set has. Padding is 0 in x and target, -1 in label. */
void packed_dataset_gather(const PackedDataset *data, const int32_t *order, int64_t first,
                           int32_t count, PackedTile tile);

#endif
