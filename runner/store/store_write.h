/* The parts of store_write.c that stand in store_data.c and store_survey.c; nobody else includes
 * this. */
#ifndef RUNNER_STORE_STORE_WRITE_H
#define RUNNER_STORE_STORE_WRITE_H

#include "runner/experiment/grid.h"
#include "runner/store/h5.h"
#include "runner/store/store.h"

/* What must be known of all results before the first is written. */
typedef struct StoreSurvey {
    int64_t *trial; /* rows: the trials that have a result */
    int64_t rows;
    MetricSet metrics;
    int64_t *epoch; /* points: epochs of the history, ascending */
    int64_t points, epoch_capacity;
    int64_t numbers; /* of all weights blocks together */
    bool weights, best_weights;
    size_t key_width[KEY_COUNT], message_width; /* longest texts, at least 1 */
} StoreSurvey;

/* Reads every result once. On failure too the survey is to be freed. */
MUST_CHECK bool store_survey(StoreSurvey *survey, const StoreInput *input, Error *err);
void store_survey_free(StoreSurvey *survey);

/* Writes /data. */
MUST_CHECK bool store_write_data(H5 *file, const StoreInput *input, Error *err);

#endif
