/* The weights of a results file: /weights, with those at the end, at the best epoch, and on the way
 * (snapshots). */
#ifndef RUNNER_STORE_STORE_WEIGHTS_H
#define RUNNER_STORE_STORE_WEIGHTS_H

#include "runner/store/h5.h"
#include "runner/store/store_columns.h"
#include "runner/store/store_survey.h"

typedef struct StoreWeights StoreWeights;

/* Makes /weights, to be filled trial by trial in the order of the survey. Memory: a piece of each
 * data set, and two numbers a snapshot. */
MUST_CHECK bool store_weights_begin(StoreWeights **weights, H5 *file, const StoreSurvey *survey,
                                    Error *err);
MUST_CHECK bool store_weights_append(StoreWeights *weights, const TrainerResult *trained,
                                     Error *err);

/* What is only known at the end; then close, which is legal on NULL. */
MUST_CHECK bool store_weights_end(StoreWeights *weights, Error *err);
MUST_CHECK bool store_weights_close(StoreWeights **weights, Error *err);

/* Names of what store_weights_read() reads; NULL-terminated. */
extern const char *const STORE_WEIGHTS_NAMES[];

/* Reads offset, weights, best_weights and the snapshots of Results. */
MUST_CHECK bool store_weights_read(StoreReader *reader, Error *err);

#endif
