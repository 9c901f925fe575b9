/* The first pass over all results: how many there are, how wide texts get, which epochs the history
 * has. */
#ifndef RUNNER_STORE_STORE_SURVEY_H
#define RUNNER_STORE_STORE_SURVEY_H

#include "runner/store/trial_columns.h"

/* What must be known of all results before the first is written. */
typedef struct StoreSurvey {
    int64_t *trial; /* rows: the trials that have a result */
    int64_t rows;
    MetricSet metrics;
    int64_t *epoch; /* points: epochs of the history, ascending */
    int64_t points, epoch_capacity;
    int64_t numbers; /* of all weights blocks together */
    bool weights, best_weights, has_snapshots;
    int64_t snapshots, snapshot_numbers; /* of all trials */
    size_t key_width[KEY_COUNT];         /* longest texts, at least 1 */
    bool key_varies[KEY_COUNT];          /* not all trials have the same text */
    Setting first, latest;               /* of the first trial, and of the one surveyed last */
    size_t column_width[TRIAL_COLUMN_COUNT];
} StoreSurvey;

/* Reads every result once. On failure too the survey is to be freed. */
MUST_CHECK bool store_survey(StoreSurvey *survey, const StoreInput *input, Error *err);
void store_survey_free(StoreSurvey *survey);

#endif
