/* Axes of the grid: lists, ranges, and lists that move together (zip). */
#ifndef RUNNER_EXPERIMENT_SPEC_AXIS_H
#define RUNNER_EXPERIMENT_SPEC_AXIS_H

#include "runner/experiment/spec_value.h"

#define SPEC_AXIS_MAX_VALUES 200000 /* on all axes together */

/* A grid key with its list, range or single value. */
MUST_CHECK bool spec_axis_read(SpecParser *p, Axis *axis, const YamlNode *node);

/* A zip group: a map of lists of one length. */
MUST_CHECK bool spec_axis_zip(SpecParser *p, Axis *axis, const YamlNode *map);

#endif
