/* The results file as values: what is written after training, what every report reads.
 *
 * store_write() is given the grid and a way to get each trial's result (the journal's), and writes
 * results.h5 in blocks of trials, so that memory stays bounded. store_read() brings a file back as
 * plain columns. Names, types and shapes of the file: results/README.md. */
#ifndef RUNNER_STORE_STORE_H
#define RUNNER_STORE_STORE_H

#include <stdint.h>

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/data/dataset_names.h"
#include "core/data/truth.h"
#include "core/model/metrics.h"
#include "runner/experiment/grid.h"
#include "runner/store/trial_column_list.h"

#define STORE_NAME           "results.h5"
#define STORE_FORMAT         "runner-results" /* the root attribute `format` */
#define STORE_FORMAT_VERSION 2 /* 1 is read, too: its inputs are as the networks saw them */
#define STORE_DATA_BYTES     INT64_C(268435456) /* data sets are kept up to here in all (256 MiB) */

/* What was measured on the training rows to standardize or scale the inputs: once, or once a fold,
 * without the rows that the fold holds out. See core/data/scaling.h. */
typedef struct DataScaling {
    int32_t fits;
    double *shift, *scale; /* fits x inputs; NULL: inputs are used as they are */
} DataScaling;

/* A data set of the experiment: its rows where it is small, else what it takes to make it again. */
typedef struct DataSplits {
    /* inputs as they were given or made; n == 0 where there is none or it is not kept; train has
     * its width all the same */
    Dataset train, val, test;
    bool kept;
    bool scaled; /* the rows have been scaled where they are, to save memory */
    DataScaling scaling;
    TruthFloor least;   /* on the test rows; from a file; NaN where it is not known */
    DatasetNames names; /* of files; classes also where they are numbers */
    char *recipe;       /* "data.kind=moons data.samples=200 ..." */
    char *path;         /* files: path, size, digest; else NULL */
    int64_t size;
    char sha256[65];
} DataSplits;

/* Everything in a results file. Columns have `trials` entries, in trial order. */
typedef struct Results {
    char *path;
    bool changed; /* another program wrote the file: it has no trailer; worth a word to the user */
    uint32_t crc; /* of the file's bytes: tells it from any other */
    int64_t format; /* STORE_FORMAT_VERSION of the program that wrote it */
    char *name, *description, *program_version;
    char *source, *resolved; /* the two YAML texts */
    char *arithmetic;        /* class of the bits, "fma" or "portable" */
    int64_t numerics;        /* PROVENANCE_NUMERICS of the program that trained */
    int64_t trials;
#define RESULTS_ARRAY(name, type, ...) TRIAL_ARRAY_##type *name;
    TRIAL_COLUMN_LIST(RESULTS_ARRAY) /* id, data, data_digest, setting, repeat, fold, seed, ... */
#undef RESULTS_ARRAY
    Value *key[KEY_COUNT]; /* every trial key a column: canonical text and number */
    MetricSet metrics;
    double *final[METRIC_COUNT], *best[METRIC_COUNT]; /* NULL where not in metrics */
    int64_t points;
    int64_t *epoch; /* points */
    /* trials x points, NaN where a trial had ended; NULL where not in metrics */
    double *history[METRIC_COUNT];
    uint64_t *offset;               /* trials + 1, into weights and best_weights */
    double *weights, *best_weights; /* NULL where not kept */
    /* Snapshots of trial i are snapshot_offset[i] to snapshot_offset[i + 1]; the numbers of each
     * begin at its snapshot_start. NULL where none were kept. */
    const int64_t *snapshot_offset, *snapshot_start;
    int64_t *snapshot_epoch;
    double *snapshot_weights;
    int32_t sets;
    DataSplits *set; /* data sets, by the `data` column */
    void *memory;    /* owns all of the above */
} Results;

/* `path`: a results folder or a .h5 file. Damage is found before HDF5 sees the file (trailer.h),
 * and HDF5 runs in a child process, so that no file can bring this one down. */
MUST_CHECK bool store_read(Results *results, const char *path, Error *err);
void store_close(Results *results);

/* The setting of trial i, back from its columns. */
void store_setting(const Results *results, int64_t trial, Setting *setting);

/* The result of trial i as it was written to the file (epochs that it did not record are left out
 * again). Its arrays are in `memory`, which has room for store_result_words() numbers, and in
 * `results`. */
size_t store_result_words(const Results *results);
void store_result(const Results *results, int64_t trial, TrialResult *result, double *memory);

/* Where results come from while writing: the result of trial i, valid until the next call; *found
 * false where there is none. False means that it could not be read: then nothing may be published.
 * Called twice a trial, in order. */
typedef bool (*StoreSource)(void *context, int64_t trial, TrialResult *result, bool *found,
                            Error *err);

typedef struct StoreInput {
    const Grid *grid;
    const int32_t *data_of_trial; /* trials: number of the data set */
    const DataSplits *set;
    int32_t sets;
    const char *resolved;   /* spec_resolved() */
    const char *arithmetic; /* trainer_arithmetic() */
    StoreSource source;
    void *context;
} StoreInput;

/* Writes the file to `path` (a temporary name that must be free; publishing is the caller's).
 * Trials without a result are left out. Calls HDF5: only in a child process. */
MUST_CHECK bool store_write(const char *path, const StoreInput *input, Error *err);

#endif
