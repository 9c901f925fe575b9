/* From a setting's data.* keys to rows in memory: made or read, split, scaled.
 *
 * Order of steps: make or read; test rows (a fresh set from test_seed, a test_fraction, or the
 * file's own test rows); validation rows set aside from what is left; folds marked on the rest;
 * inputs standardized or scaled, as learned from the training rows. Splits are
 * RandomState(data.seed).permutation (dataset_choose; validation uses seed + 1). */
#ifndef RUNNER_TRAINING_DATA_H
#define RUNNER_TRAINING_DATA_H

#include "runner/experiment/keys.h"
#include "runner/store/store.h"

/* Where files of a relative path are looked for: beside the experiment file. */
typedef struct DataRoot {
    const char *folder; /* NULL: the current directory */
} DataRoot;

/* Loads the set of a setting: all rows, folds only marked. The caller owns it (data_free). Trouble
 * with a file is ERROR_RESOURCE, with what the setting asks for ERROR_USAGE. */
MUST_CHECK bool data_load(DataSplits *data, const Setting *setting, const DataRoot *root,
                          Error *err);
void data_free(DataSplits *data);

/* What was done to the inputs of a set, so that new rows can be given the same. */
typedef struct DataScaling {
    bool standardize;
    double min, max; /* else */
    /* inputs each; a is owned and holds both. NULL: inputs are as they were given */
    double *a, *b;
} DataScaling;

/* The same as data_load, and the scaling, which the caller frees. */
MUST_CHECK bool data_load_scaling(DataSplits *data, DataScaling *scaling, const Setting *setting,
                                  const DataRoot *root, Error *err);
void data_scale(const DataScaling *scaling, Dataset *set);
void data_scaling_free(DataScaling *scaling);

/* True where both settings have the same data set (folds aside). */
bool data_same(const Setting *a, const Setting *b);

/* 64 bits that are equal where data_same() is true. */
uint64_t data_hash(const Setting *setting);

/* The rows that a trial is trained and measured on. Without folds they are views of `data` and
 * `owned` is empty; with folds the fold's rows are held out, as the test set, or, where there is a
 * test set of its own, as the validation set. data_view_free() frees what is owned. */
typedef struct DataView {
    const Dataset *train, *val, *test; /* NULL where there is none */
    Dataset owned[2];
} DataView;
MUST_CHECK bool data_view(DataView *view, const DataSplits *data, const Setting *setting,
                          Error *err);
void data_view_free(DataView *view);

/* 64 bits that change with any bit of the rows, or with the fold. */
uint64_t data_digest(const DataSplits *data);

#endif
