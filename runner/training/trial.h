/* One trial: from its setting to what the trainer wants, and from there to its result. */
#ifndef RUNNER_TRAINING_TRIAL_H
#define RUNNER_TRAINING_TRIAL_H

#include "core/trainer.h"
#include "runner/experiment/keys.h"
#include "runner/journal/trial_result.h"
#include "runner/training/data.h"

/* A TrainerConfig with what it points to. */
typedef struct TrialConfig {
    TrainerConfig trainer;
    double *values;     /* of init.values; owned, NULL without */
    int64_t parameters; /* trained numbers of the network */
} TrialConfig;

/* inputs, outputs, classes: of the data. record_also is borrowed. ERROR_USAGE where the setting
 * makes no network. */
MUST_CHECK bool trial_config(TrialConfig *config, const Setting *setting, int32_t inputs,
                             int32_t outputs, bool classes, const int64_t *record_also,
                             int32_t record_also_count, Error *err);
void trial_config_free(TrialConfig *config);

/* The same for trial i of a results file, also where its data are not kept. */
MUST_CHECK bool trial_config_kept(TrialConfig *config, const Results *results, int64_t trial,
                                  Error *err);

/* Dtype alone, before anything else is known. */
Dtype trial_dtype(const Setting *setting);

#endif
