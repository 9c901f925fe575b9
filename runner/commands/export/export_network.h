/* A network as a file: what its formats share (export_FORMAT.c). */
#ifndef RUNNER_COMMANDS_EXPORT_NETWORK_H
#define RUNNER_COMMANDS_EXPORT_NETWORK_H

#include <stdio.h>

#include "runner/commands/trained.h"

typedef struct ExportJob {
    const Opened *opened;
    int64_t trial;
    const TrainedNetwork *network;
    FILE *out;
} ExportJob;

typedef struct ExportFormat {
    const char *name;
    bool binary;
    bool (*write)(const ExportJob *job, Error *err);
} ExportFormat;

/* Each in the file it is named for. */
extern const ExportFormat export_json_format, export_npz_format, export_c_format;

/* One array of a network, by the name that its reader will want: W1, b1, gamma1, beta1, mean1,
 * variance1, W2 ... */
typedef struct ExportArray {
    char name[24];
    int32_t rows, columns; /* rows 0: one dimension */
    const double *values;
} ExportArray;

#define EXPORT_MAX_ARRAYS ((MLP_MAX_HIDDEN + 1) * 6)

/* Fills array[0..], returns how many. */
int32_t export_network_arrays(ExportArray array[EXPORT_MAX_ARRAYS], const TrainedNetwork *network);

#endif
