#include "runner/training/trial_data.h"

#include <inttypes.h>
#include <stdlib.h>

/* --- data sets -------------------------------------------------------------------------------- */

/* The first setting with a data set, which others are compared with. */
typedef struct KnownSet {
    Setting setting;
    int32_t same_hash; /* another set with the same hash, or -1 */
} KnownSet;

/* All data sets met so far, by the hash of their keys. */
typedef struct KnownSets {
    KnownSet *known; /* by number of the set */
    int32_t count, capacity;
    IdIndex by_hash; /* of each hash the first set */
} KnownSets;

/* The number of a setting's data set; -1 where it is new. */
static int32_t find_set(const KnownSets *sets, const Setting *setting, uint64_t hash) {
    int32_t set = (int32_t)id_index_find(&sets->by_hash, hash);
    while (set >= 0 && !data_same(&sets->known[set].setting, setting)) {
        set = sets->known[set].same_hash;
    }
    return set;
}

/* Room for one more set in all arrays that have an entry a set. */
static bool grow_sets(TrialData *data, KnownSets *sets, Error *err) {
    if (sets->count < sets->capacity) return true;
    const int32_t capacity = sets->capacity ? 2 * sets->capacity : 16;
    KnownSet *known = realloc(sets->known, (size_t)capacity * sizeof *known);
    if (known) sets->known = known;
    DataSplits *set = realloc(data->set, (size_t)capacity * sizeof *set);
    if (set) data->set = set;
    uint64_t *digest = realloc(data->digest, (size_t)capacity * sizeof *digest);
    if (digest) data->digest = digest;
    if (!known || !set || !digest) return error_memory(err, (size_t)capacity * sizeof *set);
    sets->capacity = capacity;
    return true;
}

static bool add_set(TrialData *data, KnownSets *sets, const Setting *setting, uint64_t hash,
                    const DataRoot *root, Error *err) {
    if (!grow_sets(data, sets, err)) return false;
    const int32_t set = sets->count, first = (int32_t)id_index_find(&sets->by_hash, hash);
    if (first < 0 && !id_index_add(&sets->by_hash, hash, set, err)) return false;
    sets->known[sets->count++] = (KnownSet){*setting, -1};
    if (first >= 0) {
        sets->known[set].same_hash = sets->known[first].same_hash;
        sets->known[first].same_hash = set;
    }
    if (!data_load(&data->set[set], setting, root, err)) return false;
    data->digest[set] = data_digest(&data->set[set]);
    data->sets = sets->count;
    return true;
}

static void scale_unkept(DataSplits *set, const Setting *setting) {
    if (set->scaling.shift && !set->train.fold) data_scale(set, setting);
}

/* Small sets go into the results file with all rows, in order, while there is room. The others are
 * scaled where they are, since nothing needs them unscaled any more. */
static void choose_kept(TrialData *data, const KnownSets *sets) {
    int64_t room = STORE_DATA_BYTES;
    for (int32_t k = 0; k < data->sets; k++) {
        DataSplits *set = &data->set[k];
        const Dataset *split[] = {&set->train, &set->val, &set->test};
        int64_t bytes = 0;
        for (int i = 0; i < 3; i++) {
            bytes += split[i]->n * (split[i]->inputs + split[i]->outputs + 1) * 8;
        }
        set->kept = bytes <= room;
        if (set->kept)
            room -= bytes;
        else
            scale_unkept(set, &sets->known[k].setting);
    }
}

static bool load_sets(TrialData *data, const DataRoot *root, Error *err) {
    KnownSets sets = {0};
    bool done = true;
    for (int64_t i = 0; done && i < data->grid->trials; i++) {
        Setting setting;
        grid_setting(data->grid, i, &setting);
        const uint64_t hash = data_hash(&setting);
        int32_t set = find_set(&sets, &setting, hash);
        if (set < 0) {
            set = sets.count;
            done = add_set(data, &sets, &setting, hash, root, err);
        }
        if (!done) break;
        data->data_of_trial[i] = set;
        data->trial_digest[i] = data->digest[set];
    }
    if (done) choose_kept(data, &sets);
    free(sets.known);
    id_index_free(&sets.by_hash);
    return done;
}

static bool create_columns(TrialData *data, Error *err) {
    const size_t trials = (size_t)data->grid->trials;
    data->data_of_trial = calloc(trials, sizeof *data->data_of_trial);
    data->trial_digest = calloc(trials, sizeof *data->trial_digest);
    data->load_of_trial = malloc(trials * sizeof *data->load_of_trial);
    if (!data->data_of_trial || !data->trial_digest || !data->load_of_trial) {
        return error_memory(err, trials * sizeof *data->trial_digest);
    }
    for (size_t i = 0; i < trials; i++) data->load_of_trial[i] = -1;
    return true;
}

bool trial_data_open(TrialData *data, const Grid *grid, const DataRoot *root, Error *err) {
    *data = (TrialData){.grid = grid};
    TRY(create_columns(data, err));
    TRY(load_sets(data, root, err));
    return true;
fail:
    trial_data_close(data);
    return false;
}

/* --- from results ----------------------------------------------------------------------------- */

/* Set k as the file has it, or made again for `trial`. */
static bool reopen_set(TrialData *data, const Results *results, int32_t k, int64_t trial,
                       int64_t row, const DataRoot *root, Error *err) {
    Setting setting;
    grid_setting(data->grid, trial, &setting);
    if (results->set[k].kept) {
        data->set[k] = results->set[k];
        data->borrowed[k] = true;
    } else {
        if (!data_load(&data->set[k], &setting, root, err)) return false;
        data->borrowed[k] = false;
    }
    data->digest[k] = data_digest(&data->set[k]);
    if (!data->borrowed[k]) scale_unkept(&data->set[k], &setting);
    if (data->digest[k] == results->data_digest[row]) return true;
    return error_set(err, ERROR_CONFLICT,
                     "%s: its data have changed: trial %016" PRIx64
                     " was trained on rows of digest %016" PRIx64 ", now it is %016" PRIx64 " (%s)",
                     results->path, results->id[row], results->data_digest[row], data->digest[k],
                     results->set[k].recipe);
}

bool trial_data_reopen(TrialData *data, const Grid *grid, const Results *results,
                       const int64_t *job, const int64_t *row, int64_t jobs, const DataRoot *root,
                       Error *err) {
    *data = (TrialData){.grid = grid};
    const size_t sets = (size_t)results->sets + 1;
    TRY(create_columns(data, err));
    data->set = calloc(sets, sizeof *data->set);
    data->digest = calloc(sets, sizeof *data->digest);
    data->borrowed = calloc(sets, sizeof *data->borrowed);
    if (!data->set || !data->digest || !data->borrowed) {
        error_memory(err, sets * sizeof *data->set);
        goto fail;
    }
    data->sets = results->sets;
    for (int64_t j = 0; j < jobs; j++) {
        const int32_t k = results->data[row[j]];
        if (data->digest[k] == 0) TRY(reopen_set(data, results, k, job[j], row[j], root, err));
        data->data_of_trial[job[j]] = k;
        data->trial_digest[job[j]] = data->digest[k];
    }
    return true;
fail:
    trial_data_close(data);
    return false;
}

/* --- packing ---------------------------------------------------------------------------------- */

/* The load of a trial, made where it is new; NULL where that fails. Loads do not move: a view may
 * point into itself. */
static TrialDataLoad *load_of(TrialData *data, int32_t set, const Setting *setting, Error *err) {
    const uint64_t key = (uint64_t)(uint32_t)set << 32 | (uint32_t)setting->fold;
    const int64_t known = id_index_find(&data->load_index, key);
    if (known >= 0) return data->load[known];
    if (data->loads == data->load_capacity) {
        const int32_t capacity = data->load_capacity ? 2 * data->load_capacity : 16;
        TrialDataLoad **larger = realloc(data->load, (size_t)capacity * sizeof(TrialDataLoad *));
        if (!larger) {
            error_memory(err, (size_t)capacity * sizeof(TrialDataLoad *));
            return NULL;
        }
        data->load = larger;
        data->load_capacity = capacity;
    }
    TrialDataLoad *load = calloc(1, sizeof *load);
    if (!load) {
        error_memory(err, sizeof *load);
        return NULL;
    }
    load->number = data->loads;
    if (!data_view(&load->view, &data->set[set], setting, err)) {
        free(load);
        return NULL;
    }
    data->load[data->loads++] = load;
    return id_index_add(&data->load_index, key, load->number, err) ? load : NULL;
}

bool trial_data_prepare(TrialData *data, const int64_t *job, int64_t jobs, Error *err) {
    for (int64_t j = 0; j < jobs; j++) {
        const int64_t trial = job[j];
        Setting setting;
        grid_setting(data->grid, trial, &setting);
        TrialDataLoad *load = load_of(data, data->data_of_trial[trial], &setting, err);
        if (!load) return false;
        data->load_of_trial[trial] = load->number;
        const Dtype dtype = trial_dtype(&setting);
        if (load->packed[dtype]) continue;
        if (!trainer_data_create(&load->packed[dtype], load->view.train, load->view.val,
                                 load->view.test, dtype, err)) {
            return false;
        }
    }
    return true;
}

void trial_data_close(TrialData *data) {
    for (int32_t i = 0; i < data->loads; i++) {
        for (int d = 0; d < DTYPE_COUNT; d++) trainer_data_destroy(data->load[i]->packed[d]);
        data_view_free(&data->load[i]->view);
        free(data->load[i]);
    }
    id_index_free(&data->load_index);
    for (int32_t k = 0; k < data->sets; k++) {
        if (!data->borrowed || !data->borrowed[k]) data_free(&data->set[k]);
    }
    free(data->borrowed);
    free(data->set);
    free(data->digest);
    free(data->data_of_trial);
    free(data->trial_digest);
    free(data->load);
    free(data->load_of_trial);
    *data = (TrialData){0};
}

/* --- trials ----------------------------------------------------------------------------------- */

bool trial_data_config(TrialConfig *config, const TrialData *data, int64_t trial,
                       const Setting *setting, Error *err) {
    const DataSplits *set = &data->set[data->data_of_trial[trial]];
    return trial_config(config, setting, set->train.inputs, set->train.outputs, set->train.label,
                        data->grid->record_also, data->grid->record_also_count, err);
}

const TrainerData *trial_data_data(const TrialData *data, int64_t trial, Dtype dtype) {
    return data->load[data->load_of_trial[trial]]->packed[dtype];
}

int64_t trial_data_numbers(const TrialData *data, int64_t trial, const TrialConfig *config) {
    const DataSplits *set = &data->set[data->data_of_trial[trial]];
    const TrainerConfig *trainer = &config->trainer;
    const bool test = set->test.n > 0 || set->train.fold;
    const int64_t metrics = metrics_count(metrics_of_task(set->train.label, set->val.n > 0, test));
    const int64_t points = trainer_config_recorded(trainer, set->train.n, NULL);
    const int64_t epochs = trainer_config_epochs(trainer, set->train.n);
    const int64_t snapshots = trainer->snapshots < epochs ? trainer->snapshots : epochs;
    Mlp mlp;
    if (!mlp_create(&mlp, &trainer->network, NULL)) return 0;
    return points * (metrics + 1) + 2 * metrics + (snapshots + 1) * mlp.state_size;
}

double trial_data_cost(const TrialData *data, int64_t trial, const TrialConfig *config) {
    const DataSplits *set = &data->set[data->data_of_trial[trial]];
    return trainer_cost(&config->trainer, set->train.n, set->test.n + set->val.n,
                        set->train.inputs);
}
