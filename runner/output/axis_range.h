/* The range of an axis, with some air around the values. */
#ifndef RUNNER_OUTPUT_AXIS_RANGE_H
#define RUNNER_OUTPUT_AXIS_RANGE_H

#include <stdbool.h>

typedef struct AxisRange {
    double low, high;
    bool logarithmic;
} AxisRange;

/* From a little below low to a little above high; logarithmic where that is allowed and the values
 * span a lot. */
AxisRange axis_range(double low, double high, bool may_be_log);

/* Where a value lies on it, 0 to 1. */
double axis_range_position(const AxisRange *range, double value);

#endif
