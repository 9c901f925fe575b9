/* Inside of grid: which settings make sense. Used by grid.c only. */
#ifndef RUNNER_EXPERIMENT_GRID_CHECK_H
#define RUNNER_EXPERIMENT_GRID_CHECK_H

#include "runner/experiment/grid.h"

/* Where the experiment says `key` for the setting at `index` (as in Grid.setting_index): its
 * include, an axis, the base, or else the base as a whole. */
void grid_check_place(const Spec *spec, int64_t index, KeyId key, char *text, size_t size);

/* The choice of axis `axis` at a place of the full product. */
const Choice *grid_check_choice(const Spec *spec, int64_t index, int32_t axis);

/* Refuses values that do not fit together, at the place where one of them stands. */
MUST_CHECK bool grid_check_fit(const Spec *spec, int64_t index, const Value value[KEY_COUNT],
                               Error *err);

/* True where the resolved values ask for a test set, or a validation set. */
bool grid_check_has_test(const Value value[KEY_COUNT]);
bool grid_check_has_validation(const Value value[KEY_COUNT]);

#endif
