#include "runner/store/store_survey.h"

#include <stdlib.h>
#include <string.h>

#include "runner/store/trial_columns.h"

/* Inserts an epoch in order; *from is the index of the one before it, so that the epochs of a trial
 * need one pass. */
static bool add_epoch(StoreSurvey *survey, int64_t epoch, int64_t *from, Error *err) {
    int64_t at = *from;
    while (at < survey->points && survey->epoch[at] < epoch) at++;
    *from = at;
    if (at < survey->points && survey->epoch[at] == epoch) return true;
    if (survey->points == survey->epoch_capacity) {
        const int64_t capacity = survey->epoch_capacity ? 2 * survey->epoch_capacity : 256;
        int64_t *larger = realloc(survey->epoch, (size_t)capacity * sizeof *larger);
        if (!larger) return error_memory(err, (size_t)capacity * sizeof *larger);
        survey->epoch = larger;
        survey->epoch_capacity = capacity;
    }
    memmove(survey->epoch + at + 1, survey->epoch + at,
            (size_t)(survey->points - at) * sizeof *survey->epoch);
    survey->epoch[at] = epoch;
    survey->points++;
    return true;
}

static bool add_epochs(StoreSurvey *survey, const TrainerResult *trained, Error *err) {
    int64_t from = 0;
    for (int32_t i = 0; i < trained->points; i++) {
        if (!add_epoch(survey, trained->epoch[i], &from, err)) return false;
    }
    return true;
}

static void widen(size_t *width, const char *text) {
    const size_t length = strlen(text);
    if (length > *width) *width = length;
}

/* Repeats of a setting have its texts, but for data of their own. */
static void survey_keys(StoreSurvey *survey, const Grid *grid, const Setting *setting) {
    if (survey->rows == 0) survey->first = *setting;
    const bool repeats = survey->rows > 0 && setting->number == survey->latest.number;
    if (repeats && !grid->moved) return;
    for (int key = 0; key < KEY_COUNT; key++) {
        const char *text = setting->value[key].text;
        widen(&survey->key_width[key], text);
        survey->key_varies[key] =
            survey->key_varies[key] || strcmp(text, survey->first.value[key].text) != 0;
    }
    survey->latest = *setting;
}

static bool add(StoreSurvey *survey, const StoreInput *input, int64_t trial,
                const TrialResult *result, Error *err) {
    const TrainerResult *trained = &result->trained;
    Setting setting;
    grid_setting(input->grid, trial, &setting);
    survey_keys(survey, input->grid, &setting);
    survey->trial[survey->rows++] = trial;
    survey->metrics |= trained->metrics;
    survey->numbers += trained->weights || trained->best_weights ? trained->state_size : 0;
    survey->weights = survey->weights || trained->weights;
    survey->best_weights = survey->best_weights || trained->best_weights;
    if (trained->snapshot_weights) {
        survey->has_snapshots = true;
        survey->snapshots += trained->snapshots;
        survey->snapshot_numbers += trained->snapshots * trained->state_size;
    }
    const TrialSource source = {&setting, result, input->data_of_trial[trial]};
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        if (TRIAL_COLUMNS[c].type != TRIAL_COLUMN_TEXT) continue;
        widen(&survey->column_width[c], TRIAL_COLUMNS[c].cell(&source).text);
    }
    return add_epochs(survey, trained, err);
}

bool store_survey(StoreSurvey *survey, const StoreInput *input, Error *err) {
    *survey = (StoreSurvey){0};
    for (int key = 0; key < KEY_COUNT; key++) survey->key_width[key] = 1;
    for (int c = 0; c < TRIAL_COLUMN_COUNT; c++) {
        const int64_t width = TRIAL_COLUMNS_STORAGE[TRIAL_COLUMNS[c].type].width;
        survey->column_width[c] = width ? (size_t)width : 1;
    }
    const size_t trials = (size_t)input->grid->trials;
    survey->trial = malloc((trials + 1) * sizeof *survey->trial);
    if (!survey->trial) return error_memory(err, (trials + 1) * sizeof *survey->trial);
    for (int64_t trial = 0; trial < input->grid->trials; trial++) {
        TrialResult result;
        bool found;
        if (!input->source(input->context, trial, &result, &found, err)) return false;
        if (found && !add(survey, input, trial, &result, err)) return false;
    }
    return true;
}

void store_survey_free(StoreSurvey *survey) {
    free(survey->trial);
    free(survey->epoch);
    *survey = (StoreSurvey){0};
}
