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

/* The same of values with intervals, which it contains where they reach no further beyond the
 * values than these span; of those that do, some is cut off, and the figure must mark where. */
PlotRange plot_range_around(double low, double high, double interval_low, double interval_high,
                            bool may_be_log);

/* True where some of an interval is beyond the range. */
bool plot_range_cuts(const PlotRange *range, double interval_low, double interval_high);

/* Where a value lies on it, 0 to 1. */
double plot_range_position(const PlotRange *range, double value);

#endif
