/* Which settings make sense: the rules between keys, once every key has its value. */
#ifndef RUNNER_EXPERIMENT_GRID_CHECK_H
#define RUNNER_EXPERIMENT_GRID_CHECK_H

#include "runner/experiment/spec.h"

/* data.per_repeat moves the data's seeds: repeat r adds r times the step to each of these keys. */
#define GRID_CHECK_SEED_STEP 1000
extern const KeyId GRID_CHECK_MOVED[2];

/* The choice of axis `axis` at an index of the full product. */
const Choice *grid_check_choice(const Spec *spec, int64_t index, int32_t axis);

/* Refuses values that do not fit together; the message points to one of them. `index`: as in
 * Grid.setting_index. */
MUST_CHECK bool grid_check_fit(const Spec *spec, int64_t index, const Value value[KEY_COUNT],
                               Error *err);

/* True if the resolved values ask for a test set, or a validation set. */
bool grid_check_has_test(const Value value[KEY_COUNT]);
bool grid_check_has_validation(const Value value[KEY_COUNT]);

#endif
