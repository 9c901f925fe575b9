#include "runner/training/data.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/data/csv.h"
#include "core/data/idx.h"
#include "core/data/npy.h"
#include "core/data/split.h"
#include "core/data/synthetic.h"
#include "runner/experiment/data_setting.h"
#include "runner/training/data_h5.h"
#include "runner/training/sha256.h"

static double number(const Setting *setting, KeyId key) {
    return setting->value[key].number;
}

static int64_t integer(const Setting *setting, KeyId key) {
    return (int64_t)number(setting, key);
}

static const char *text(const Setting *setting, KeyId key) {
    return setting->value[key].text;
}

static DataKind kind_of(const Setting *setting) {
    return (DataKind)integer(setting, KEY_DATA_KIND);
}

/* Keys that determine the rows; the others of data.* belong to the network's targets. */
static bool chooses_rows(KeyId key) {
    return key >= KEY_DATA_KIND && key <= KEY_DATA_SCALE_MAX;
}

bool data_same(const Setting *a, const Setting *b) {
    for (KeyId key = 0; key < KEY_COUNT; key++) {
        if (!chooses_rows(key) || a->value[key].text == b->value[key].text) continue;
        if (strcmp(a->value[key].text, b->value[key].text) != 0) return false;
    }
    return true;
}

/* FNV-1a over the texts that data_same() compares. */
uint64_t data_hash(const Setting *setting) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (KeyId key = 0; key < KEY_COUNT; key++) {
        if (!chooses_rows(key)) continue;
        const unsigned char *c = (const unsigned char *)setting->value[key].text;
        do hash = (hash ^ *c) * UINT64_C(0x100000001b3);
        while (*c++);
    }
    return hash;
}

/* --- reading and making ----------------------------------------------------------------------- */

/* Where the experiments say that MNIST is: it means wherever scripts/get-mnist has put it on this
 * machine, so that trials are the same ones everywhere. A path of any other spelling is used as
 * given. */
#define MNIST_CACHE "~/.cache/runner/mnist"

static const char *environment(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

/* A relative path is one beside the experiment; ~/ is the home. Nothing else is expanded. */
static void full_path(char *path, size_t size, const char *given, const DataRoot *root) {
    const char *home = environment("HOME"), *mnist = environment("MNIST_DIR"),
               *cache = environment("XDG_CACHE_HOME");
    const bool by_name = strcmp(given, MNIST_CACHE) == 0;
    if (by_name && mnist)
        snprintf(path, size, "%s", mnist);
    else if (by_name && cache)
        snprintf(path, size, "%s/runner/mnist", cache);
    else if (strncmp(given, "~/", 2) == 0 && home)
        snprintf(path, size, "%s/%s", home, given + 2);
    else if (*given == '/' || !root->folder)
        snprintf(path, size, "%s", given);
    else
        snprintf(path, size, "%s/%s", root->folder, given);
}

static bool read_file(DataSplits *data, const Setting *setting, const char *path, Error *err) {
    Dataset *train = &data->train, *test = &data->test;
    const int64_t limit = integer(setting, KEY_DATA_LIMIT);
    const DatasetTask task = {integer(setting, KEY_DATA_TASK) == DATA_TASK_CLASSES,
                              (int32_t)integer(setting, KEY_DATA_CLASSES)};
    switch (kind_of(setting)) {
    case DATA_KIND_IDX:
        if (!idx_read(train, path, IDX_TRAIN, limit, 0, err)) return false;
        if (!idx_exists(path, IDX_TEST)) return true;
        if (!idx_read(test, path, IDX_TEST, 0, train->outputs, err)) return false;
        return test->inputs == train->inputs ||
               error_set(err, ERROR_RESOURCE,
                         "%s: test images of %" PRId32 " pixels, training images of %" PRId32, path,
                         test->inputs, train->inputs);
    case DATA_KIND_CSV: {
        const CsvConfig config = {.task = task.by_class ? CSV_CLASSES : CSV_NUMBERS,
                                  .label = text(setting, KEY_DATA_LABEL),
                                  .classes = task.classes,
                                  .limit = limit};
        return csv_read(train, &data->names, path, &config, err);
    }
    case DATA_KIND_NPY: {
        const NpyConfig config = {
            .label = text(setting, KEY_DATA_LABEL), .task = task, .limit = limit};
        return npy_read(train, &data->names, path, &config, err);
    }
    case DATA_KIND_HDF5: return data_h5_read(train, &data->names, path, task, limit, err);
    default: break;
    }
    return error_set(err, ERROR_USAGE, "data.kind: %s is not read from a file",
                     text(setting, KEY_DATA_KIND));
}

/* What the results file has of a set that is too large for its rows. IDX: of its training
 * images. */
static bool describe_file(DataSplits *data, const Setting *setting, const char *path, Error *err) {
    char images[4096];
    if (kind_of(setting) == DATA_KIND_IDX) {
        if (!idx_path(images, sizeof images, path, IDX_TRAIN, false, err)) return false;
        path = images;
    }
    data->path = strdup(text(setting, KEY_DATA_PATH));
    if (!data->path) return error_memory(err, strlen(text(setting, KEY_DATA_PATH)));
    return sha256_file(data->sha256, &data->size, path, err);
}

static bool has_test_samples(const Setting *setting) {
    return integer(setting, KEY_DATA_TEST_SAMPLES) > 0;
}

static bool fetch(DataSplits *data, const Setting *setting, const DataRoot *root, Error *err) {
    if (data_setting_is_file(setting)) {
        char path[4096];
        full_path(path, sizeof path, text(setting, KEY_DATA_PATH), root);
        return read_file(data, setting, path, err) && describe_file(data, setting, path, err);
    }
    const SyntheticConfig train = data_setting_train(setting), test = data_setting_test(setting);
    if (!synthetic_make(&data->train, &train, err)) return false;
    return !has_test_samples(setting) || synthetic_make(&data->test, &test, err);
}

/* --- splitting -------------------------------------------------------------------------------- */

/* The classes that a split keeps in equal shares; NULL where it does not. */
static const int32_t *strata(const Dataset *set, const Setting *setting) {
    return number(setting, KEY_DATA_STRATIFY) > 0 ? set->label : NULL;
}

/* Moves `count` rows of data->train to `aside`. */
static bool put_aside(Dataset *aside, Dataset *train, int64_t count, const Setting *setting,
                      KeyId key, Error *err) {
    const int64_t seed = integer(setting, KEY_DATA_SEED) + (key != KEY_DATA_TEST_FRACTION);
    if (count < 1 || count >= train->n) {
        return error_set(err, ERROR_USAGE,
                         "%s: %" PRId64 " of %" PRId64
                         " rows (at least 1, and at least 1 must be left for training)",
                         KEYS[key].name, count, train->n);
    }
    bool *chosen = calloc((size_t)train->n, sizeof *chosen);
    Dataset kept = {0};
    if (!chosen) return error_memory(err, (size_t)train->n);
    const bool done =
        split_choose(chosen, train->n, strata(train, setting), count, (uint32_t)seed, err) &&
        dataset_split(&kept, aside, train, chosen, err);
    free(chosen);
    if (!done) return false;
    dataset_destroy(train);
    *train = kept;
    return true;
}

static bool mark_folds(Dataset *train, const Setting *setting, Error *err) {
    const int32_t folds = (int32_t)integer(setting, KEY_DATA_FOLDS);
    if (folds == 0) return true;
    train->fold = malloc((size_t)train->n * sizeof *train->fold);
    if (!train->fold) return error_memory(err, (size_t)train->n * sizeof *train->fold);
    return split_folds(train->fold, train->n, strata(train, setting), folds,
                       (uint32_t)integer(setting, KEY_DATA_SEED), err);
}

static bool split(DataSplits *data, const Setting *setting, Error *err) {
    Dataset *train = &data->train;
    const double test = number(setting, KEY_DATA_TEST_FRACTION);
    if (test > 0 && data->test.n == 0) {
        const int64_t count = llround(test * (double)train->n);
        if (!put_aside(&data->test, train, count, setting, KEY_DATA_TEST_FRACTION, err)) {
            return false;
        }
    }
    const double fraction = number(setting, KEY_DATA_VALIDATION_FRACTION);
    int64_t count = integer(setting, KEY_DATA_VALIDATION_SAMPLES);
    if (count == 0 && fraction > 0) count = llround(fraction * (double)train->n);
    if (count > 0) {
        const KeyId key = fraction > 0 ? KEY_DATA_VALIDATION_FRACTION : KEY_DATA_VALIDATION_SAMPLES;
        if (!put_aside(&data->val, train, count, setting, key, err)) return false;
    }
    return mark_folds(train, setting, err);
}

/* --- scaling ---------------------------------------------------------------------------------- */

/* Measured on the training rows alone: all but those `held_out`. */
static void fit(double *shift, double *scale, const Dataset *train, const bool *held_out,
                const Setting *setting) {
    if (integer(setting, KEY_DATA_STANDARDIZE)) {
        scaling_moments(train, held_out, shift, scale);
    } else if (kind_of(setting) == DATA_KIND_IDX) {
        for (int32_t u = 0; u < train->inputs; u++) {
            shift[u] = 0;
            scale[u] = 255; /* pixels, whatever the rows say */
        }
    } else {
        scaling_range(train, held_out, shift, scale);
    }
}

static bool fit_scaling(DataScaling *scaling, const Dataset *train, const Setting *setting,
                        Error *err) {
    if (!data_setting_is_scaled(setting)) return true;
    const size_t fits = train->fold ? (size_t)integer(setting, KEY_DATA_FOLDS) : 1,
                 inputs = (size_t)train->inputs, n = (size_t)train->n;
    scaling->fits = (int32_t)fits;
    scaling->shift = calloc(fits * inputs, sizeof(double));
    scaling->scale = calloc(fits * inputs, sizeof(double));
    bool *held_out = train->fold ? calloc(n, sizeof *held_out) : NULL;
    if (!scaling->shift || !scaling->scale || (train->fold && !held_out)) {
        free(held_out);
        return error_memory(err, fits * inputs * sizeof(double));
    }
    for (size_t f = 0; f < fits; f++) {
        for (size_t i = 0; held_out && i < n; i++) held_out[i] = train->fold[i] == (int32_t)f;
        fit(scaling->shift + f * inputs, scaling->scale + f * inputs, train, held_out, setting);
    }
    free(held_out);
    return true;
}

Scaling data_scaling(const DataSplits *data, const Setting *setting) {
    const DataScaling *scaling = &data->scaling;
    if (!scaling->shift) return (Scaling){0};
    const size_t fit = setting->fold < scaling->fits ? (size_t)setting->fold : 0,
                 first = fit * (size_t)data->train.inputs;
    return (Scaling){.shift = scaling->shift + first,
                     .scale = scaling->scale + first,
                     .ranged = integer(setting, KEY_DATA_STANDARDIZE) == 0,
                     .min = number(setting, KEY_DATA_SCALE_MIN),
                     .max = number(setting, KEY_DATA_SCALE_MAX)};
}

static void scale_rows(Dataset *set, const Scaling *scaling) {
    scaling_apply(scaling, set->x, set->n, set->inputs);
}

void data_scale(DataSplits *data, const Setting *setting) {
    const Scaling scaling = data_scaling(data, setting);
    scale_rows(&data->train, &scaling);
    scale_rows(&data->val, &scaling);
    scale_rows(&data->test, &scaling);
    data->scaled = true;
}

/* --- all steps -------------------------------------------------------------------------------- */

static char *recipe(const Setting *setting) {
    char *line = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&line, &size);
    if (!out) return NULL;
    for (KeyId key = KEY_DATA_KIND; key < KEY_COUNT; key++) {
        if (!chooses_rows(key) || !*text(setting, key)) continue;
        if (KEYS[key].kinds && !(KEYS[key].kinds >> kind_of(setting) & 1)) continue;
        fprintf(out, "%s%s=%s", key == KEY_DATA_KIND ? "" : " ", KEYS[key].name,
                text(setting, key));
    }
    if (fclose(out) != 0) {
        free(line);
        return NULL;
    }
    return line;
}

bool data_load(DataSplits *data, const Setting *setting, const DataRoot *root, Error *err) {
    *data = (DataSplits){.names = {.label_column = -1}};
    data->recipe = recipe(setting);
    if (!data->recipe) {
        error_memory(err, 256);
        goto fail;
    }
    TRY(fetch(data, setting, root, err));
    TRY(split(data, setting, err));
    TRY(dataset_check(&data->train, "training data", err));
    if (data->val.n > 0) TRY(dataset_check(&data->val, "validation data", err));
    if (data->test.n > 0) TRY(dataset_check(&data->test, "test data", err));
    TRY(fit_scaling(&data->scaling, &data->train, setting, err));
    return true;
fail:
    data_free(data);
    return false;
}

void data_free(DataSplits *data) {
    dataset_destroy(&data->train);
    dataset_destroy(&data->val);
    dataset_destroy(&data->test);
    dataset_names_free(&data->names);
    free(data->scaling.shift);
    free(data->scaling.scale);
    free(data->recipe);
    free(data->path);
    *data = (DataSplits){0};
}

/* Copies what is only a view, to be scaled. */
static bool own(const Dataset **view, Dataset *copy, const Scaling *scaling, Error *err) {
    if (!*view) return true;
    if (*view != copy && !dataset_copy(copy, *view, err)) return false;
    *view = copy;
    scale_rows(copy, scaling);
    return true;
}

bool data_view(DataView *view, const DataSplits *data, const Setting *setting, Error *err) {
    *view = (DataView){.train = &data->train,
                       .val = data->val.n > 0 ? &data->val : NULL,
                       .test = data->test.n > 0 ? &data->test : NULL};
    const int64_t n = data->train.n;
    bool *held_out = NULL;
    if (data->train.fold) {
        held_out = calloc((size_t)n, sizeof *held_out);
        if (!held_out) return error_memory(err, (size_t)n);
        for (int64_t i = 0; i < n; i++) held_out[i] = data->train.fold[i] == setting->fold;
        Dataset *const rows = view->test ? &view->owned[1] : &view->owned[2];
        TRY(dataset_split(&view->owned[0], rows, &data->train, held_out, err));
        view->train = &view->owned[0];
        *(view->test ? &view->val : &view->test) = rows;
    }
    const Scaling scaling = data_scaling(data, setting);
    if (scaling.shift && !data->scaled) {
        TRY(own(&view->train, &view->owned[0], &scaling, err));
        TRY(own(&view->val, &view->owned[1], &scaling, err));
        TRY(own(&view->test, &view->owned[2], &scaling, err));
    }
    free(held_out);
    return true;
fail:
    free(held_out);
    data_view_free(view);
    return false;
}

void data_view_free(DataView *view) {
    for (int i = 0; i < 3; i++) dataset_destroy(&view->owned[i]);
    *view = (DataView){0};
}

uint64_t data_digest(const DataSplits *data) {
    const Dataset *sets[] = {&data->train, &data->val, &data->test};
    uint64_t digest = 0;
    for (int i = 0; i < 3; i++) {
        const uint64_t own = sets[i]->n > 0 ? dataset_digest(sets[i]) : 0;
        digest = digest * UINT64_C(0x9e3779b97f4a7c15) + own;
    }
    return digest;
}
