/* What the files of `runner export` share; nobody else includes this. */
#ifndef RUNNER_COMMANDS_COMMAND_EXPORT_H
#define RUNNER_COMMANDS_COMMAND_EXPORT_H

#include "runner/commands/opened.h"

/* One array of a network, as the file's reader wants to call it: W1, b1, gamma1, beta1, mean1,
 * variance1, W2 ... */
typedef struct ExportArray {
    char name[24];
    int32_t rows, columns; /* rows 0: one dimension */
    const double *values;
} ExportArray;

#define EXPORT_MAX_ARRAYS ((MLP_MAX_HIDDEN + 1) * 6)

/* Fills array[0..], returns how many. */
int32_t command_export_arrays(ExportArray array[EXPORT_MAX_ARRAYS], const Network *network);

typedef struct ExportJob {
    const Opened *opened;
    int64_t trial;
    const Network *network;
    FILE *out;
} ExportJob;

/* Each writes one network. */
MUST_CHECK bool export_json(const ExportJob *job, Error *err);
MUST_CHECK bool export_npz(const ExportJob *job, Error *err);
MUST_CHECK bool export_c(const ExportJob *job, Error *err);

/* trials.csv, history.csv, data_K.csv. */
MUST_CHECK bool export_csv(const Opened *opened, const char *folder, bool force, Error *err);

#endif
