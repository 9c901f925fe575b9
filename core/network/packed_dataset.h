/* One part of a data set (train, val or test) as the kernels want it: converted to `real` once,
 * read by all.
 *
 * Sets with few inputs are also kept unit-major (see linear.h), so that a tile of consecutive rows
 * is a pointer and no copy; sets with many are gathered into tiles as they are needed. */
#ifndef CORE_NETWORK_PACKED_DATASET_H
#define CORE_NETWORK_PACKED_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/kernels/real.h"

#define PACKED_DATASET_MAX_COLUMNS 64 /* inputs up to which a set is kept unit-major too */

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
    real *label;      /* n padded, padding -1; NULL for numbers */
    real *target;     /* n x outputs; NULL for classes */
    double *variance; /* outputs: sum of (t - mean)^2 over the set, for r2; NULL for classes */
} PackedDataset;

MUST_CHECK bool packed_dataset_create(PackedDataset **data, const Dataset *set, Error *err);
void packed_dataset_destroy(PackedDataset *data);

/* Rows order[0..count) (or first, first + 1, ... where order is NULL) into a tile: x is (inputs +
 * 1) x rows (stride) with the unit of ones, padding 0; label (rows) or target (outputs x rows)
 * likewise, whichever the set has. x may be NULL where only the answers are wanted. */
void packed_dataset_gather(const PackedDataset *data, const int32_t *order, int64_t first,
                           int32_t count, int32_t rows, ptrdiff_t stride, real *x, real *label,
                           real *target);

#endif
