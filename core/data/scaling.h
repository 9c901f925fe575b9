/* Inputs standardized, or moved to a range: measured on some rows of a set, applied to any rows. */
#ifndef CORE_DATA_SCALING_H
#define CORE_DATA_SCALING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/data/dataset.h"

/* x becomes (x - shift) / scale, column by column, and in a range then that * (max - min) + min; in
 * this order of operations. */
typedef struct Scaling {
    const double *shift, *scale; /* inputs each; borrowed; NULL: inputs are used as they are */
    bool ranged;
    double min, max; /* of the range */
} Scaling;

/* Column means and deviations (population, ddof 0; 1 where a column is constant), over all rows
 * but those `left_out` (n; NULL: none is). Sums run in row order: they have one result. */
void scaling_moments(const Dataset *set, const bool *left_out, double *mean, double *deviation);

/* Column minima, and maxima less minima (1 where a column is constant). */
void scaling_range(const Dataset *set, const bool *left_out, double *low, double *width);

/* x: n x inputs. */
void scaling_apply(const Scaling *scaling, double *x, int64_t n, int32_t inputs);

#endif
