#include "runner/training/data.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/data/csv.h"
#include "core/data/idx.h"
#include "core/data/npy.h"
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

static bool read_file(Dataset *train, Dataset *test, const Setting *setting, const char *path,
                      Error *err) {
    const int64_t limit = integer(setting, KEY_DATA_LIMIT);
    const int32_t classes = (int32_t)integer(setting, KEY_DATA_CLASSES);
    const bool by_class = integer(setting, KEY_DATA_TASK) == DATA_TASK_CLASSES;
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
        const CsvConfig config = {.task = by_class ? CSV_CLASSES : CSV_NUMBERS,
                                  .label = text(setting, KEY_DATA_LABEL),
                                  .classes = classes,
                                  .limit = limit};
        return csv_read(train, path, &config, err);
    }
    case DATA_KIND_NPY: {
        const NpyConfig config = {.label = text(setting, KEY_DATA_LABEL),
                                  .by_class = by_class,
                                  .classes = classes,
                                  .limit = limit};
        return npy_read(train, path, &config, err);
    }
    case DATA_KIND_HDF5: return data_h5_read(train, path, by_class, classes, limit, err);
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
        return read_file(&data->train, &data->test, setting, path, err) &&
               describe_file(data, setting, path, err);
    }
    const SyntheticConfig train = data_setting_train(setting), test = data_setting_test(setting);
    if (!synthetic_make(&data->train, &train, err)) return false;
    return !has_test_samples(setting) || synthetic_make(&data->test, &test, err);
}

/* --- splitting -------------------------------------------------------------------------------- */

/* Moves `count` rows of data->train to `aside`. */
static bool put_aside(Dataset *aside, Dataset *train, int64_t count, int64_t seed, const char *key,
                      Error *err) {
    if (count < 1 || count >= train->n) {
        return error_set(err, ERROR_USAGE,
                         "%s: %" PRId64 " of %" PRId64
                         " rows (at least 1, and at least 1 must be left for training)",
                         key, count, train->n);
    }
    bool *chosen = calloc((size_t)train->n, sizeof *chosen);
    Dataset kept = {0};
    if (!chosen) return error_memory(err, (size_t)train->n);
    const bool done = dataset_choose(chosen, train->n, count, (uint32_t)seed, err) &&
                      dataset_split(&kept, aside, train, chosen, err);
    free(chosen);
    if (!done) return false;
    dataset_destroy(train);
    *train = kept;
    return true;
}

static bool split(DataSplits *data, const Setting *setting, Error *err) {
    const int64_t seed = integer(setting, KEY_DATA_SEED);
    const double test = number(setting, KEY_DATA_TEST_FRACTION);
    if (test > 0 && data->test.n == 0 &&
        !put_aside(&data->test, &data->train, llround(test * (double)data->train.n), seed,
                   "data.test_fraction", err)) {
        return false;
    }
    const double fraction = number(setting, KEY_DATA_VALIDATION_FRACTION);
    int64_t count = integer(setting, KEY_DATA_VALIDATION_SAMPLES);
    if (count == 0 && fraction > 0) count = llround(fraction * (double)data->train.n);
    if (count > 0 &&
        !put_aside(&data->val, &data->train, count, seed + 1,
                   fraction > 0 ? "data.validation_fraction" : "data.validation_samples", err)) {
        return false;
    }
    const int32_t folds = (int32_t)integer(setting, KEY_DATA_FOLDS);
    return folds == 0 || dataset_folds(&data->train, folds, (uint32_t)seed, err);
}

/* --- scaling ---------------------------------------------------------------------------------- */

/* Learned from the training rows alone. */
static bool learn_scaling(DataScaling *scaling, const Dataset *train, const Setting *setting,
                          Error *err) {
    const size_t inputs = (size_t)train->inputs;
    *scaling = (DataScaling){.standardize = integer(setting, KEY_DATA_STANDARDIZE) != 0,
                             .min = number(setting, KEY_DATA_SCALE_MIN),
                             .max = number(setting, KEY_DATA_SCALE_MAX)};
    if (!data_setting_is_scaled(setting)) return true;
    scaling->a = calloc(2 * inputs, sizeof *scaling->a);
    if (!scaling->a) return error_memory(err, 2 * inputs * sizeof *scaling->a);
    scaling->b = scaling->a + inputs;
    if (scaling->standardize) {
        dataset_moments(train, scaling->a, scaling->b);
    } else if (kind_of(setting) == DATA_KIND_IDX) {
        for (size_t u = 0; u < inputs; u++) scaling->b[u] = 255; /* pixels, whatever the rows say */
    } else {
        dataset_range(train, scaling->a, scaling->b);
    }
    return true;
}

void data_scale(const DataScaling *scaling, Dataset *set) {
    if (!scaling->a || set->n == 0) return;
    if (scaling->standardize)
        dataset_shift_scale(set, scaling->a, scaling->b);
    else
        dataset_rescale(set, scaling->a, scaling->b, scaling->min, scaling->max);
}

void data_scaling_free(DataScaling *scaling) {
    free(scaling->a);
    *scaling = (DataScaling){0};
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

bool data_load_scaling(DataSplits *data, DataScaling *scaling, const Setting *setting,
                       const DataRoot *root, Error *err) {
    *data = (DataSplits){0};
    *scaling = (DataScaling){0};
    data->recipe = recipe(setting);
    if (!data->recipe) {
        error_memory(err, 256);
        goto fail;
    }
    TRY(fetch(data, setting, root, err));
    TRY(split(data, setting, err));
    TRY(learn_scaling(scaling, &data->train, setting, err));
    data_scale(scaling, &data->train);
    data_scale(scaling, &data->val);
    data_scale(scaling, &data->test);
    TRY(dataset_check(&data->train, "training data", err));
    if (data->val.n > 0) TRY(dataset_check(&data->val, "validation data", err));
    if (data->test.n > 0) TRY(dataset_check(&data->test, "test data", err));
    return true;
fail:
    data_scaling_free(scaling);
    data_free(data);
    return false;
}

bool data_load(DataSplits *data, const Setting *setting, const DataRoot *root, Error *err) {
    DataScaling scaling;
    const bool done = data_load_scaling(data, &scaling, setting, root, err);
    data_scaling_free(&scaling);
    return done;
}

void data_free(DataSplits *data) {
    dataset_destroy(&data->train);
    dataset_destroy(&data->val);
    dataset_destroy(&data->test);
    free(data->recipe);
    free(data->path);
    *data = (DataSplits){0};
}

bool data_view(DataView *view, const DataSplits *data, const Setting *setting, Error *err) {
    *view = (DataView){.train = &data->train,
                       .val = data->val.n > 0 ? &data->val : NULL,
                       .test = data->test.n > 0 ? &data->test : NULL};
    if (!data->train.fold) return true;
    const int64_t n = data->train.n;
    bool *held_out = calloc((size_t)n, sizeof *held_out);
    if (!held_out) return error_memory(err, (size_t)n);
    for (int64_t i = 0; i < n; i++) held_out[i] = data->train.fold[i] == setting->fold;
    const bool done = dataset_split(&view->owned[0], &view->owned[1], &data->train, held_out, err);
    free(held_out);
    if (!done) return false;
    view->train = &view->owned[0];
    if (view->test)
        view->val = &view->owned[1];
    else
        view->test = &view->owned[1];
    return true;
}

void data_view_free(DataView *view) {
    dataset_destroy(&view->owned[0]);
    dataset_destroy(&view->owned[1]);
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
