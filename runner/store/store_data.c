#include "runner/store/store_data.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/store/store_floor.h"

/* What a set has under /data/K, and each of its splits. */
#define OF_EACH_SET(FIELD)                                                                         \
    FIELD(RECIPE, "@recipe")                                                                       \
    FIELD(KEPT, "@kept")                                                                           \
    FIELD(PATH, "@path")                                                                           \
    FIELD(SIZE, "@size")                                                                           \
    FIELD(SHA256, "@sha256")                                                                       \
    FIELD(INPUTS, "@inputs")                                                                       \
    FIELD(OUTPUTS, "@outputs")                                                                     \
    FIELD(SHIFT, "/shift")                                                                         \
    FIELD(SCALE, "/scale")                                                                         \
    FIELD(COLUMNS, "/columns")                                                                     \
    FIELD(CLASSES, "/classes")                                                                     \
    FIELD(LABEL, "@label")                                                                         \
    FIELD(LABEL_COLUMN, "@label_column")                                                           \
    FIELD(BAYES_LOSS, "@bayes_loss")                                                               \
    FIELD(BAYES_ACCURACY, "@bayes_accuracy")                                                       \
    FIELD(BAYES_BRIER, "@bayes_brier")
#define OF_EACH_SPLIT(FIELD)                                                                       \
    FIELD(SPLIT_OUTPUTS, "@outputs")                                                               \
    FIELD(SPLIT_X, "/x")                                                                           \
    FIELD(SPLIT_Y, "/y")                                                                           \
    FIELD(SPLIT_FOLD, "/fold")
#define FIELD_NUMBER(field, name) field,
#define FIELD_NAME(field, name)   [field] = name,
enum { OF_EACH_SET(FIELD_NUMBER) OF_SET };
enum { OF_EACH_SPLIT(FIELD_NUMBER) OF_SPLIT };
static const char *const SET_NAME[OF_SET] = {OF_EACH_SET(FIELD_NAME)};
static const char *const SPLIT_NAME[OF_SPLIT] = {OF_EACH_SPLIT(FIELD_NAME)};

enum { BLOCK = 4096, SPLITS = 3, SET_NAMES = OF_SET + SPLITS * OF_SPLIT };
static const char *const SPLIT[SPLITS] = {"train", "val", "test"};

/* --- writing ---------------------------------------------------------------------------------- */

/* int32 numbers as a column of 64-bit ones, like every integer of the file. */
static bool write_integers(H5 *file, const char *path, const int32_t *number, int64_t n,
                           Error *err) {
    const H5Shape shape = {.kind = H5_INTEGER, .rank = 1, .size = {n}, .width = 8};
    int64_t *wide = malloc((size_t)n * sizeof *wide);
    if (!wide) return error_memory(err, (size_t)n * sizeof *wide);
    for (int64_t i = 0; i < n; i++) wide[i] = number[i];
    const bool ok = h5_write(file, path, &shape, wide, true, err);
    free(wide);
    return ok;
}

static bool write_reals(H5 *file, const char *path, const double *number, int64_t n,
                        int32_t columns, Error *err) {
    const H5Shape shape = {.kind = H5_REAL, .rank = 2, .size = {n, columns}, .width = 8};
    H5Set *set;
    if (!h5_set_create(&set, file, path, &shape, BLOCK, false, err)) return false;
    const bool written = h5_set_write(set, 0, n, number, err);
    return h5_set_close(&set, err) && written;
}

/* /data/K/SPLIT: x, y and fold of a set, and how many classes or columns of targets it has. */
static bool write_split(H5 *file, int32_t number, const char *split, const Dataset *set,
                        Error *err) {
    char group[64], path[96];
    if (set->n == 0) return true;
    snprintf(group, sizeof group, "/data/%" PRId32 "/%s", number, split);
    TRY(h5_group(file, group, err));
    TRY(h5_integer_attribute(file, group, "outputs", set->outputs, err));
    snprintf(path, sizeof path, "%s/x", group);
    TRY(write_reals(file, path, set->x, set->n, set->inputs, err));
    snprintf(path, sizeof path, "%s/y", group);
    if (set->label) TRY(write_integers(file, path, set->label, set->n, err));
    if (set->target) TRY(write_reals(file, path, set->target, set->n, set->outputs, err));
    snprintf(path, sizeof path, "%s/fold", group);
    if (set->fold) TRY(write_integers(file, path, set->fold, set->n, err));
    return true;
fail:
    return false;
}

/* /data/K/shift and /data/K/scale, a row a fold. */
static bool write_scaling(H5 *file, const char *group, const DataSplits *set, Error *err) {
    const DataScaling *scaling = &set->scaling;
    char path[96];
    if (!scaling->shift) return true;
    snprintf(path, sizeof path, "%s/shift", group);
    TRY(write_reals(file, path, scaling->shift, scaling->fits, set->train.inputs, err));
    snprintf(path, sizeof path, "%s/scale", group);
    TRY(write_reals(file, path, scaling->scale, scaling->fits, set->train.inputs, err));
    return true;
fail:
    return false;
}

/* Texts as a column as wide as the longest. */
static bool write_texts(H5 *file, const char *path, char *const *text, int32_t n, Error *err) {
    size_t width = 1;
    for (int32_t i = 0; i < n; i++) width = strlen(text[i]) > width ? strlen(text[i]) : width;
    const H5Shape shape = {.kind = H5_UTF8, .rank = 1, .size = {n}, .width = (int64_t)width};
    char *cells = calloc((size_t)n + 1, width);
    if (!cells) return error_memory(err, (size_t)n * width);
    for (int32_t i = 0; i < n; i++) memcpy(cells + (size_t)i * width, text[i], strlen(text[i]));
    const bool ok = h5_write(file, path, &shape, cells, true, err);
    free(cells);
    return ok;
}

/* /data/K/columns and /data/K/classes, and which column is predicted. */
static bool write_names(H5 *file, const char *group, const DatasetNames *names, Error *err) {
    char path[96];
    snprintf(path, sizeof path, "%s/columns", group);
    if (names->column) TRY(write_texts(file, path, names->column, names->columns, err));
    snprintf(path, sizeof path, "%s/classes", group);
    if (names->class) TRY(write_texts(file, path, names->class, names->classes, err));
    if (names->label) TRY(h5_text_attribute(file, group, "label", names->label, err));
    if (names->label_column >= 0) {
        TRY(h5_integer_attribute(file, group, "label_column", names->label_column, err));
    }
    return true;
fail:
    return false;
}

static bool write_set(H5 *file, int32_t number, const DataSplits *set, const TruthFloor *least,
                      Error *err) {
    char group[64];
    snprintf(group, sizeof group, "/data/%" PRId32, number);
    TRY(h5_group(file, group, err));
    TRY(h5_text_attribute(file, group, "recipe", set->recipe ? set->recipe : "", err));
    TRY(h5_integer_attribute(file, group, "kept", set->kept, err));
    TRY(h5_integer_attribute(file, group, "inputs", set->train.inputs, err));
    TRY(h5_integer_attribute(file, group, "outputs", set->train.outputs, err));
    if (set->path) {
        TRY(h5_text_attribute(file, group, "path", set->path, err));
        TRY(h5_integer_attribute(file, group, "size", set->size, err));
        TRY(h5_text_attribute(file, group, "sha256", set->sha256, err));
    }
    TRY(h5_real_attribute(file, group, SET_NAME[BAYES_LOSS] + 1, least->loss, err));
    TRY(h5_real_attribute(file, group, SET_NAME[BAYES_ACCURACY] + 1, least->accuracy, err));
    TRY(h5_real_attribute(file, group, SET_NAME[BAYES_BRIER] + 1, least->brier, err));
    TRY(write_scaling(file, group, set, err));
    TRY(write_names(file, group, &set->names, err));
    if (!set->kept) return true;
    const Dataset *const split[SPLITS] = {&set->train, &set->val, &set->test};
    for (int i = 0; i < SPLITS; i++) TRY(write_split(file, number, SPLIT[i], split[i], err));
    return true;
fail:
    return false;
}

bool store_data_write(H5 *file, const StoreInput *input, Error *err) {
    TruthFloor *least = calloc((size_t)input->sets + 1, sizeof *least);
    bool done = false;
    if (!least) return error_memory(err, (size_t)input->sets * sizeof *least);
    TRY(store_floor(least, input, err));
    TRY(h5_group(file, "/data", err));
    TRY(h5_integer_attribute(file, "/data", "count", input->sets, err));
    for (int32_t k = 0; k < input->sets; k++) {
        TRY(write_set(file, k, &input->set[k], &least[k], err));
    }
    done = true;
fail:
    free(least);
    return done;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* int32 numbers in [0, limit) from a column of 64-bit ones; absent is NULL. */
static bool read_small(StoreReader *reader, const char *name, int64_t n, int64_t limit,
                       int32_t **number, Error *err) {
    const H5Image *image = &reader->memory->data;
    const int32_t at = h5_image_find(image, name);
    *number = NULL;
    if (at < 0) return true;
    const H5Shape *shape = &image->shape[at];
    if (shape->kind != H5_INTEGER || shape->rank != 1 || shape->size[0] != n) {
        return store_columns_damaged(reader, name, err);
    }
    const int64_t *wide = h5_image_data(image, at);
    *number = pool_alloc(&reader->memory->pool, (size_t)n + 1, sizeof **number, err);
    for (int64_t i = 0; *number && i < n; i++) {
        if (wide[i] < 0 || wide[i] >= limit) return store_columns_damaged(reader, name, err);
        (*number)[i] = (int32_t)wide[i];
    }
    return *number;
}

/* The reals `name` with that many columns; NULL where there are none. */
static bool read_reals(StoreReader *reader, const char *name, int64_t columns, int64_t *rows,
                       double **number, Error *err) {
    const H5Image *image = &reader->memory->data;
    const int32_t at = h5_image_find(image, name);
    *rows = 0;
    *number = NULL;
    if (at < 0) return true;
    const H5Shape *shape = &image->shape[at];
    if (shape->kind != H5_REAL || shape->rank != 2 || shape->size[1] != columns) {
        return store_columns_damaged(reader, name, err);
    }
    *rows = shape->size[0];
    *number = h5_image_data(image, at);
    return true;
}

/* name: OF_SPLIT of them. */
static bool read_split(StoreReader *reader, const char *const *name, Dataset *set, Error *err) {
    const H5Image *image = &reader->memory->data;
    const int32_t x = h5_image_find(image, name[SPLIT_X]), y = h5_image_find(image, name[SPLIT_Y]);
    int64_t outputs = 0, rows = 0;
    if (x < 0) return true; /* no such split */
    const H5Shape *shape = &image->shape[x];
    if (shape->kind != H5_REAL || shape->rank != 2 || shape->size[1] > INT32_MAX) {
        return store_columns_damaged(reader, name[SPLIT_X], err);
    }
    if (!store_columns_one_integer(image, name[SPLIT_OUTPUTS], &outputs) || outputs < 0 ||
        outputs > INT32_MAX) {
        return store_columns_damaged(reader, name[SPLIT_OUTPUTS], err);
    }
    *set = (Dataset){
        .n = shape->size[0], .inputs = (int32_t)shape->size[1], .outputs = (int32_t)outputs};
    set->x = h5_image_data(image, x);
    if (y >= 0 && image->shape[y].kind == H5_REAL) {
        if (!read_reals(reader, name[SPLIT_Y], outputs, &rows, &set->target, err)) return false;
        if (rows != set->n) return store_columns_damaged(reader, name[SPLIT_Y], err);
    } else if (!read_small(reader, name[SPLIT_Y], set->n, outputs, &set->label, err)) {
        return false;
    }
    return read_small(reader, name[SPLIT_FOLD], set->n, INT32_MAX, &set->fold, err);
}

static bool read_scaling(StoreReader *reader, const char *const *name, DataSplits *set,
                         Error *err) {
    int64_t fits, scales;
    DataScaling *scaling = &set->scaling;
    const int32_t inputs = set->train.inputs;
    if (!read_reals(reader, name[SHIFT], inputs, &fits, &scaling->shift, err) ||
        !read_reals(reader, name[SCALE], inputs, &scales, &scaling->scale, err)) {
        return false;
    }
    if (fits != scales || fits > INT32_MAX || (scaling->shift && fits == 0)) {
        return store_columns_damaged(reader, name[SCALE], err);
    }
    scaling->fits = (int32_t)fits;
    return true;
}

/* A column of `count` texts; NULL where there is none. */
static bool read_texts(StoreReader *reader, const char *name, int32_t count, char ***text,
                       int32_t *texts, Error *err) {
    const H5Image *image = &reader->memory->data;
    Pool *pool = &reader->memory->pool;
    const int32_t at = h5_image_find(image, name);
    *text = NULL;
    *texts = 0;
    if (at < 0) return true;
    const H5Shape *shape = &image->shape[at];
    if ((shape->kind != H5_UTF8 && shape->kind != H5_ASCII) || shape->rank != 1 ||
        shape->size[0] != count) {
        return store_columns_damaged(reader, name, err);
    }
    char **out = pool_alloc(pool, (size_t)count + 1, sizeof *out, err);
    for (int32_t i = 0; out && i < count; i++) {
        const char *cell = h5_image_text(image, at, i);
        out[i] = pool_text(pool, cell, strlen(cell), err);
        if (!out[i]) return false;
    }
    *text = out;
    *texts = count;
    return out;
}

static bool read_names(StoreReader *reader, const char *const *name, DataSplits *set, Error *err) {
    const H5Image *image = &reader->memory->data;
    DatasetNames *names = &set->names;
    int64_t label_column = -1;
    names->label = store_columns_one_text(reader, image, name[LABEL], err);
    (void)store_columns_one_integer(image, name[LABEL_COLUMN], &label_column);
    names->label_column =
        label_column >= 0 && label_column <= INT32_MAX ? (int32_t)label_column : -1;
    return read_texts(reader, name[COLUMNS], set->train.inputs, &names->column, &names->columns,
                      err) &&
           read_texts(reader, name[CLASSES], set->train.outputs, &names->class, &names->classes,
                      err);
}

static bool read_set(StoreReader *reader, const char *const *name, DataSplits *set, Error *err) {
    const H5Image *image = &reader->memory->data;
    int64_t kept = 0;
    set->recipe = store_columns_one_text(reader, image, name[RECIPE], err);
    if (!set->recipe || !store_columns_one_integer(image, name[KEPT], &kept)) {
        return store_columns_damaged(reader, name[RECIPE], err);
    }
    set->kept = kept != 0;
    set->path = store_columns_one_text(reader, image, name[PATH], err);
    (void)store_columns_one_integer(image, name[SIZE], &set->size); /* of files only */
    const char *sha256 = store_columns_one_text(reader, image, name[SHA256], err);
    snprintf(set->sha256, sizeof set->sha256, "%s", sha256 ? sha256 : "");
    int64_t inputs = 0, outputs = 0; /* the shape is there where the rows are not */
    if (store_columns_one_integer(image, name[INPUTS], &inputs) &&
        store_columns_one_integer(image, name[OUTPUTS], &outputs) && inputs > 0 &&
        inputs <= INT32_MAX && outputs > 0 && outputs <= INT32_MAX) {
        set->train.inputs = (int32_t)inputs;
        set->train.outputs = (int32_t)outputs;
    }
    Dataset *const split[SPLITS] = {&set->train, &set->val, &set->test};
    for (int i = 0; i < SPLITS; i++) {
        if (!read_split(reader, name + OF_SET + i * OF_SPLIT, split[i], err)) return false;
    }
    set->least = (TruthFloor){store_columns_one_real(image, name[BAYES_LOSS]),
                              store_columns_one_real(image, name[BAYES_ACCURACY]),
                              store_columns_one_real(image, name[BAYES_BRIER])};
    return read_names(reader, name, set, err) && read_scaling(reader, name, set, err);
}

bool store_data_read(StoreReader *reader, Error *err) {
    Results *r = reader->results;
    Pool *pool = &reader->memory->pool;
    if (r->sets == 0) return true;
    StoreNames names = {.name =
                            pool_alloc(pool, (size_t)r->sets * SET_NAMES, sizeof *names.name, err)};
    r->set = pool_alloc(pool, (size_t)r->sets, sizeof *r->set, err);
    if (!names.name || !r->set) return false;
    for (int32_t k = 0; k < r->sets; k++) {
        for (int i = 0; i < OF_SET; i++) {
            TRY(store_columns_name(&names, pool, err, "/data/%" PRId32 "%s", k, SET_NAME[i]));
        }
        for (int i = 0; i < SPLITS * OF_SPLIT; i++) {
            TRY(store_columns_name(&names, pool, err, "/data/%" PRId32 "/%s%s", k,
                                   SPLIT[i / OF_SPLIT], SPLIT_NAME[i % OF_SPLIT]));
        }
    }
    TRY(h5_image_read(&reader->memory->data, reader->path, names.name, NULL, names.count, err));
    for (int32_t k = 0; k < r->sets; k++) {
        TRY(read_set(reader, names.name + k * SET_NAMES, &r->set[k], err));
    }
    return true;
fail:
    return false;
}
