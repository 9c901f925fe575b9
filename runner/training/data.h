/* From a setting's data.* keys to rows in memory: made or read, split, and what scales them.
 *
 * Order of steps: make or read; test rows (a fresh set from test_seed, a test_fraction, or the
 * file's own test rows); validation rows set aside from what is left; folds marked on the rest;
 * what standardizes or scales the inputs, as measured on the training rows of each fold. Splits
 * draw from data.seed, validation rows from data.seed + 1 (core/data/split.h); data.stratify has
 * each class in equal shares in all of them. */
#ifndef RUNNER_TRAINING_DATA_H
#define RUNNER_TRAINING_DATA_H

#include "core/data/scaling.h"
#include "runner/experiment/keys.h"
#include "runner/store/store.h"

/* Where files of a relative path are looked for: beside the experiment file. */
typedef struct DataRoot {
    const char *folder; /* NULL: the current directory */
} DataRoot;

/* Loads the set of a setting: all rows, folds only marked, nothing scaled. The caller owns it
 * (data_free). Trouble with a file is ERROR_RESOURCE, with what the setting asks for
 * ERROR_USAGE. */
MUST_CHECK bool data_load(DataSplits *data, const Setting *setting, const DataRoot *root,
                          Error *err);
void data_free(DataSplits *data);

/* How the inputs are scaled for the trial with that setting, of that set. */
Scaling data_scaling(const DataSplits *data, const Setting *setting);

/* Scales the rows of a set without folds where they are, to save memory. */
void data_scale(DataSplits *data, const Setting *setting);

/* True where both settings have the same data set (folds aside). */
bool data_same(const Setting *a, const Setting *b);

/* 64 bits that are equal where data_same() is true. */
uint64_t data_hash(const Setting *setting);

/* The rows that a trial is trained and measured on, scaled. With folds the fold's rows are held
 * out, as the test set, or, where there is a test set of its own, as the validation set. What is
 * neither cut nor scaled is a view of `data`. data_view_free() frees the rest. */
typedef struct DataView {
    const Dataset *train, *val, *test; /* NULL where there is none */
    Dataset owned[3];
} DataView;
MUST_CHECK bool data_view(DataView *view, const DataSplits *data, const Setting *setting,
                          Error *err);
void data_view_free(DataView *view);

/* 64 bits that change with any bit of the rows. */
uint64_t data_digest(const DataSplits *data);

#endif
