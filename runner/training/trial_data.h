/* An experiment opened for work: its trials, the data they need, ready for the kernels. */
#ifndef RUNNER_TRAINING_TRIAL_DATA_H
#define RUNNER_TRAINING_TRIAL_DATA_H

#include "runner/experiment/grid.h"
#include "runner/experiment/spec.h"
#include "runner/journal/id_index.h"
#include "runner/training/data.h"
#include "runner/training/trial.h"

/* A data set with one of its folds, packed in each precision that a trial needs. */
typedef struct TrialDataLoad {
    int32_t number;
    DataView view;
    TrainerData *packed[DTYPE_COUNT];
} TrialDataLoad;

typedef struct TrialData {
    const Grid *grid; /* borrowed */
    DataSplits *set;  /* sets: every data set of the grid */
    uint64_t *digest; /* sets */
    int32_t sets;
    bool *borrowed;         /* sets: the rows are a results file's; NULL: none is */
    int32_t *data_of_trial; /* trials */
    uint64_t *trial_digest; /* trials: digest of the set */
    TrialDataLoad **load;   /* loads: what the jobs need */
    int32_t loads, load_capacity;
    IdIndex load_index;     /* by set and fold */
    int32_t *load_of_trial; /* trials; -1 where no job needs it */
} TrialData;

/* Loads every data set of the grid. */
MUST_CHECK bool trial_data_open(TrialData *data, const Grid *grid, const DataRoot *root,
                                Error *err);

/* The same from a results file: its rows where they are kept (borrowed: `results` must outlive
 * this), else loaded again. For the trials job[0..jobs) of the grid, whose rows in the file are
 * row[0..jobs). Rows that are no longer what the file's trials were trained on: ERROR_CONFLICT. */
MUST_CHECK bool trial_data_reopen(TrialData *data, const Grid *grid, const Results *results,
                                  const int64_t *job, const int64_t *row, int64_t jobs,
                                  const DataRoot *root, Error *err);

/* Packs what the trials job[0..jobs) need. */
MUST_CHECK bool trial_data_prepare(TrialData *data, const int64_t *job, int64_t jobs, Error *err);
void trial_data_close(TrialData *data);

/* Trial i's configuration, from its setting and its data set. The caller frees it
 * (trial_config_free). */
MUST_CHECK bool trial_data_config(TrialConfig *config, const TrialData *data, int64_t trial,
                                  const Setting *setting, Error *err);

/* What the kernels read for trial i, which trial_data_prepare() must have been given. */
const TrainerData *trial_data_data(const TrialData *data, int64_t trial, Dtype dtype);

/* Numbers of 8 bytes that the result of trial i has: history, metrics and weights. */
int64_t trial_data_numbers(const TrialData *data, int64_t trial, const TrialConfig *config);

/* Relative cost of trial i. */
double trial_data_cost(const TrialData *data, int64_t trial, const TrialConfig *config);

#endif
