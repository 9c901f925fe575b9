#include "runner/training/trial_data.h"

#include <stdlib.h>
#include <string.h>

/* --- data sets --------------------------------------------------------------------------------- */

/* A setting that represents all with the same data. */
typedef struct Known {
    Setting setting;
    struct Known *older;
    int32_t set;
} Known;

static bool add_set(TrialData *study, Known **newest, int64_t trial, const DataPlace *place,
                    Error *err) {
    const size_t count = (size_t)study->sets + 1;
    Known *known = calloc(1, sizeof *known);
    StoreData *set = realloc(study->set, count * sizeof *set);
    if (set) study->set = set;
    uint64_t *digest = realloc(study->digest, count * sizeof *digest);
    if (digest) study->digest = digest;
    if (!known || !set || !digest) {
        free(known);
        return error_memory(err, count * sizeof *set);
    }
    grid_setting(study->grid, trial, &known->setting);
    known->older = *newest;
    known->set = study->sets;
    *newest = known;
    if (!data_load(&set[study->sets], &known->setting, place, err)) return false;
    digest[study->sets] = data_digest(&set[study->sets]);
    study->sets++;
    return true;
}

static bool load_sets(TrialData *study, const DataPlace *place, Error *err) {
    Known *newest = NULL;
    bool done = true;
    for (int64_t i = 0; done && i < study->grid->trials; i++) {
        Setting setting;
        grid_setting(study->grid, i, &setting);
        const Known *known = newest;
        while (known && !data_same(&known->setting, &setting)) known = known->older;
        if (!known) done = add_set(study, &newest, i, place, err);
        const int32_t set = known ? known->set : study->sets - 1;
        if (!done) break;
        study->data_of_trial[i] = set;
        study->trial_digest[i] = study->digest[set];
    }
    while (newest) {
        Known *older = newest->older;
        free(newest);
        newest = older;
    }
    return done;
}

/* Small sets go into the results file whole, in order, while there is room. */
static void choose_kept(TrialData *study) {
    int64_t room = STORE_DATA_BYTES;
    for (int32_t k = 0; k < study->sets; k++) {
        StoreData *set = &study->set[k];
        const Dataset *parts[] = {&set->train, &set->val, &set->test};
        int64_t bytes = 0;
        for (int i = 0; i < 3; i++) {
            bytes += parts[i]->n * (parts[i]->inputs + parts[i]->outputs + 1) * 8;
        }
        set->kept = bytes <= room;
        if (set->kept) room -= bytes;
    }
}

static bool take_columns(TrialData *study, Error *err) {
    const size_t trials = (size_t)study->grid->trials;
    study->data_of_trial = calloc(trials, sizeof *study->data_of_trial);
    study->trial_digest = calloc(trials, sizeof *study->trial_digest);
    study->part_of_trial = malloc(trials * sizeof *study->part_of_trial);
    if (!study->data_of_trial || !study->trial_digest || !study->part_of_trial) {
        return error_memory(err, trials * sizeof *study->trial_digest);
    }
    for (size_t i = 0; i < trials; i++) study->part_of_trial[i] = -1;
    return true;
}

bool trial_data_open(TrialData *study, const Grid *grid, const DataPlace *place, Error *err) {
    *study = (TrialData){.grid = grid};
    TRY(take_columns(study, err));
    TRY(load_sets(study, place, err));
    choose_kept(study);
    return true;
fail:
    trial_data_close(study);
    return false;
}

/* --- from results --------------------------------------------------------------------------------- */

/* Set k as the file has it, or made again for `trial`. */
static bool reopen_set(TrialData *study, const Results *results, int32_t k, int64_t trial,
                       int64_t row, const DataPlace *place, Error *err) {
    if (results->set[k].kept) {
        study->set[k] = results->set[k];
        study->borrowed[k] = true;
    } else {
        Setting setting;
        grid_setting(study->grid, trial, &setting);
        if (!data_load(&study->set[k], &setting, place, err)) return false;
        study->borrowed[k] = false;
    }
    study->digest[k] = data_digest(&study->set[k]);
    if (study->digest[k] == results->data_digest[row]) return true;
    return error_set(
        err, ERROR_CONFLICT,
        "%s: its data have changed: trial %016llx was trained on rows of digest %016llx, "
        "now it is %016llx (%s)",
        results->path, (unsigned long long)results->id[row],
        (unsigned long long)results->data_digest[row], (unsigned long long)study->digest[k],
        results->set[k].recipe);
}

bool trial_data_reopen(TrialData *study, const Grid *grid, const Results *results,
                       const int64_t *job, const int64_t *row, int64_t jobs, const DataPlace *place,
                       Error *err) {
    *study = (TrialData){.grid = grid};
    const size_t sets = (size_t)results->sets + 1;
    TRY(take_columns(study, err));
    study->set = calloc(sets, sizeof *study->set);
    study->digest = calloc(sets, sizeof *study->digest);
    study->borrowed = calloc(sets, sizeof *study->borrowed);
    if (!study->set || !study->digest || !study->borrowed) {
        error_memory(err, sets * sizeof *study->set);
        goto fail;
    }
    study->sets = results->sets;
    for (int64_t j = 0; j < jobs; j++) {
        const int32_t k = results->data[row[j]];
        if (study->digest[k] == 0) TRY(reopen_set(study, results, k, job[j], row[j], place, err));
        study->data_of_trial[job[j]] = k;
        study->trial_digest[job[j]] = study->digest[k];
    }
    return true;
fail:
    trial_data_close(study);
    return false;
}

/* --- packing ------------------------------------------------------------------------------------ */

/* The part of a trial, made where it is new; NULL where that fails. Parts stay where they are: a
 * view may point into itself. */
static TrialDataLoad *find_part(TrialData *study, int32_t set, const Setting *setting, Error *err) {
    for (int32_t p = study->parts - 1; p >= 0; p--) {
        TrialDataLoad *part = study->part[p];
        if (part->set == set && part->fold == setting->fold) return part;
    }
    const size_t count = (size_t)study->parts + 1;
    TrialDataLoad *part = calloc(1, sizeof *part);
    TrialDataLoad **list = realloc(study->part, count * sizeof *list);
    if (list) study->part = list;
    if (!part || !list) {
        error_memory(err, count * sizeof *list);
        goto fail;
    }
    *part = (TrialDataLoad){.number = study->parts, .set = set, .fold = setting->fold};
    TRY(data_view(&part->view, &study->set[set], setting, err));
    list[study->parts++] = part;
    return part;
fail:
    free(part);
    return NULL;
}

bool trial_data_prepare(TrialData *study, const int64_t *job, int64_t jobs, Error *err) {
    for (int64_t j = 0; j < jobs; j++) {
        const int64_t trial = job[j];
        Setting setting;
        grid_setting(study->grid, trial, &setting);
        TrialDataLoad *part = find_part(study, study->data_of_trial[trial], &setting, err);
        if (!part) return false;
        study->part_of_trial[trial] = part->number;
        const Dtype dtype = trial_dtype(&setting);
        if (part->packed[dtype]) continue;
        if (!trainer_data_create(&part->packed[dtype], part->view.train, part->view.val,
                                 part->view.test, dtype, err)) {
            return false;
        }
    }
    return true;
}

void trial_data_close(TrialData *study) {
    for (int32_t p = 0; p < study->parts; p++) {
        for (int d = 0; d < DTYPE_COUNT; d++) trainer_data_destroy(study->part[p]->packed[d]);
        data_view_free(&study->part[p]->view);
        free(study->part[p]);
    }
    for (int32_t k = 0; k < study->sets; k++) {
        if (!study->borrowed || !study->borrowed[k]) data_free(&study->set[k]);
    }
    free(study->borrowed);
    free(study->set);
    free(study->digest);
    free(study->data_of_trial);
    free(study->trial_digest);
    free(study->part);
    free(study->part_of_trial);
    *study = (TrialData){0};
}

/* --- trials --------------------------------------------------------------------------------------- */

bool trial_data_config(TrialConfig *config, const TrialData *study, int64_t trial,
                       const Setting *setting, Error *err) {
    const StoreData *set = &study->set[study->data_of_trial[trial]];
    return trial_config(config, setting, set->train.inputs, set->train.outputs,
                        set->train.label != NULL, study->grid->record_also,
                        study->grid->record_also_count, err);
}

const TrainerData *trial_data_data(const TrialData *study, int64_t trial, Dtype dtype) {
    return study->part[study->part_of_trial[trial]]->packed[dtype];
}

double trial_data_cost(const TrialData *study, int64_t trial, const TrialConfig *config) {
    const StoreData *set = &study->set[study->data_of_trial[trial]];
    return trainer_cost(&config->trainer, set->train.n, set->test.n + set->val.n,
                        set->train.inputs);
}
