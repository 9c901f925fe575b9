/* The networks of a results file, as a report asks them. Callbacks: how a trial becomes a network
 * again is not the report's business, and a test can plant its own. */
#ifndef RUNNER_REPORT_PREDICTOR_H
#define RUNNER_REPORT_PREDICTOR_H

#include "runner/store/store.h"

typedef struct ReportPredictor {
    /* Outputs for n rows of x, as shares between the low and the high target; y is n x outputs. */
    bool (*predict)(void *context, int64_t trial, const double *x, int64_t n, double *y,
                    Error *err);

    /* How many outputs; 0: there is no network of this trial. */
    int32_t (*outputs)(void *context, int64_t trial);

    /* The weights that predict() uses; NULL where none were kept. */
    const double *(*weights)(void *context, int64_t trial);

    /* Reads the data set of a trial again, which the results file does not hold. False, and why,
     * where its rows are no longer those of the training. unload() frees it. */
    bool (*load)(void *context, int64_t trial, DataSplits *data, Error *why);
    void (*unload)(DataSplits *data);

    void *context;
} ReportPredictor;

#endif
