/* What the data.* keys of a setting say of its rows. */
#ifndef RUNNER_EXPERIMENT_DATA_SETTING_H
#define RUNNER_EXPERIMENT_DATA_SETTING_H

#include "core/data/synthetic.h"
#include "runner/experiment/keys.h"

/* True where the rows are read from files, not made. */
bool data_setting_is_file(const Setting *setting);

/* True where inputs are standardized or scaled. */
bool data_setting_is_scaled(const Setting *setting);

/* How its training rows are made, and its test rows: as many again, of a seed of their own, where
 * it has data.test_samples; else they are split off the training rows. Not of files. */
SyntheticConfig data_setting_train(const Setting *setting);
SyntheticConfig data_setting_test(const Setting *setting);

#endif
