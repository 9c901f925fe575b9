/* Level lines of a function on a grid, as polylines: marching squares (Lorensen and Cline 1987, in
 * the plane), with linear interpolation along the edges; of a square that two lines cross, the mean
 * of its corners decides which corners belong together. Lines are thinned (Douglas and Peucker
 * 1973). */
#ifndef RUNNER_OUTPUT_CONTOUR_H
#define RUNNER_OUTPUT_CONTOUR_H

#include <stdint.h>

#include "core/base/error.h"

typedef struct ContourGrid {
    const double *value; /* rows x columns, from the lowest y up; finite */
    int32_t columns, rows;
    double x_low, x_high, y_low, y_high; /* of the outermost points */
} ContourGrid;

/* A line: points x, y; a closed one ends where it begins. */
typedef void (*ContourLine)(void *context, const double *xy, int32_t points);

/* Calls line() for every line where the function is `level`; a value that equals it counts as
 * below. No point that is left out is farther than `tolerance` (in x and y) from its line. */
MUST_CHECK bool contour_trace(const ContourGrid *grid, double level, double tolerance,
                              ContourLine line, void *context, Error *err);

#endif
