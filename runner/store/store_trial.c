/* One trial of a results file, back as the values that made it: its setting and its result. */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "runner/store/trial_columns.h"

void store_setting(const Results *results, int64_t trial, Setting *setting) {
    assert(trial >= 0 && trial < results->trials);
    TrialResult unused;
    *setting = (Setting){0};
    trial_columns_restore(results, trial, setting, &unused);
    for (int key = 0; key < KEY_COUNT; key++) setting->value[key] = results->key[key][trial];
}

size_t store_result_words(const Results *results) {
    const size_t metrics = (size_t)metrics_count(results->metrics),
                 points = (size_t)results->points;
    return points + points * metrics + 2 * metrics;
}

/* Epochs at which the trial has a value of any metric, and those values. */
static int32_t gather(const Results *results, int64_t trial, int64_t *epoch, double *history) {
    int32_t points = 0;
    for (int64_t p = 0; p < results->points; p++) {
        double *row = history;
        bool any = false;
        for (Metric metric = 0; metric < METRIC_COUNT; metric++) {
            if (!results->history[metric]) continue;
            *row = results->history[metric][trial * results->points + p];
            any |= !isnan(*row++);
        }
        if (!any) continue;
        history = row;
        epoch[points++] = results->epoch[p];
    }
    return points;
}

static void restore_snapshots(const Results *results, int64_t trial, TrainerResult *trained) {
    if (!results->snapshot_offset) return;
    const int64_t first = results->snapshot_offset[trial];
    const int64_t *start = results->snapshot_start + first;
    const int32_t count = (int32_t)(results->snapshot_offset[trial + 1] - first);
    /* a trial that was to keep some and kept none is not one that was not to */
    if (count == 0 && results->key[KEY_RECORD_WEIGHTS_EPOCHS][trial].number == 0) return;
    trained->snapshots = count;
    trained->snapshot_epoch = results->snapshot_epoch + first;
    trained->snapshot_weights = results->snapshot_weights + start[0];
    if (count > 0) trained->state_size = start[1] - start[0];
}

void store_result(const Results *results, int64_t trial, TrialResult *result, double *memory) {
    assert(trial >= 0 && trial < results->trials);
    const size_t metrics = (size_t)metrics_count(results->metrics),
                 points = (size_t)results->points;
    const uint64_t from = results->offset[trial], numbers = results->offset[trial + 1] - from;
    Setting unused;
    *result = (TrialResult){.status = results->status[trial]};
    trial_columns_restore(results, trial, &unused, result);
    snprintf(result->message, sizeof result->message, "%s", results->message[trial]);
    TrainerResult *trained = &result->trained;
    trained->verdict = results->verdict[trial];
    trained->best_epoch = results->best_epoch[trial];
    if (result->status == TRIAL_FAILED) return; /* a failed trial has no numbers */
    trained->metrics = results->metrics;
    trained->epoch = (int64_t *)(void *)memory;
    trained->history = memory + points;
    trained->final = trained->history + points * metrics;
    trained->best = trained->final + metrics;
    trained->points = gather(results, trial, trained->epoch, trained->history);
    int32_t at = 0;
    for (Metric metric = 0; metric < METRIC_COUNT; metric++) {
        if (!results->final[metric]) continue;
        trained->final[at] = results->final[metric][trial];
        trained->best[at++] = results->best[metric][trial];
    }
    trained->state_size = (int64_t)numbers;
    trained->weights = numbers && results->weights ? results->weights + from : NULL;
    trained->best_weights = numbers && results->best_weights ? results->best_weights + from : NULL;
    restore_snapshots(results, trial, trained);
}
