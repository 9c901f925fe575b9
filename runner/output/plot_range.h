/* The range of an axis, with some air around the values. */
#ifndef RUNNER_OUTPUT_PLOT_RANGE_H
#define RUNNER_OUTPUT_PLOT_RANGE_H

#include <stdbool.h>

typedef struct PlotRange {
    double low, high;
    bool logarithmic;
} PlotRange;

/* From a little below low to a little above high; logarithmic where that is allowed and the values
 * span a lot. */
PlotRange plot_range(double low, double high, bool may_be_log);

/* Where a value lies on it, 0 to 1. */
double plot_range_position(const PlotRange *range, double value);

#endif
