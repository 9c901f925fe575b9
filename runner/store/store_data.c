#include "runner/store/store_data.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    BLOCK = 4096,
    SPLITS = 3,
    SET_ATTRIBUTES = 7,
    SPLIT_NAMES = 4,
    SET_NAMES = SET_ATTRIBUTES + SPLITS * SPLIT_NAMES
};
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

static bool write_set(H5 *file, int32_t number, const DataSplits *set, Error *err) {
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
    if (!set->kept) return true;
    const Dataset *const split[SPLITS] = {&set->train, &set->val, &set->test};
    for (int i = 0; i < SPLITS; i++) TRY(write_split(file, number, SPLIT[i], split[i], err));
    return true;
fail:
    return false;
}

bool store_data_write(H5 *file, const StoreInput *input, Error *err) {
    TRY(h5_group(file, "/data", err));
    TRY(h5_integer_attribute(file, "/data", "count", input->sets, err));
    for (int32_t k = 0; k < input->sets; k++) TRY(write_set(file, k, &input->set[k], err));
    return true;
fail:
    return false;
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

/* name[0..4): outputs, x, y, fold of the split. */
static bool read_split(StoreReader *reader, const char *const *name, Dataset *set, Error *err) {
    const H5Image *image = &reader->memory->data;
    const int32_t x = h5_image_find(image, name[1]), y = h5_image_find(image, name[2]);
    int64_t outputs = 0;
    if (x < 0) return true; /* no such split */
    const H5Shape *shape = &image->shape[x];
    if (shape->kind != H5_REAL || shape->rank != 2 || shape->size[1] > INT32_MAX) {
        return store_columns_damaged(reader, name[1], err);
    }
    if (!store_columns_one_integer(image, name[0], &outputs) || outputs < 0 ||
        outputs > INT32_MAX) {
        return store_columns_damaged(reader, name[0], err);
    }
    *set = (Dataset){
        .n = shape->size[0], .inputs = (int32_t)shape->size[1], .outputs = (int32_t)outputs};
    set->x = h5_image_data(image, x);
    if (y >= 0 && image->shape[y].kind == H5_REAL) {
        if (image->shape[y].rank != 2 || image->shape[y].size[0] != set->n ||
            image->shape[y].size[1] != outputs) {
            return store_columns_damaged(reader, name[2], err);
        }
        set->target = h5_image_data(image, y);
    } else if (!read_small(reader, name[2], set->n, outputs, &set->label, err)) {
        return false;
    }
    return read_small(reader, name[3], set->n, INT32_MAX, &set->fold, err);
}

static bool read_set(StoreReader *reader, const char *const *name, DataSplits *set, Error *err) {
    const H5Image *image = &reader->memory->data;
    int64_t kept = 0;
    set->recipe = store_columns_one_text(reader, image, name[0], err);
    if (!set->recipe || !store_columns_one_integer(image, name[1], &kept)) {
        return store_columns_damaged(reader, name[0], err);
    }
    set->kept = kept != 0;
    set->path = store_columns_one_text(reader, image, name[2], err);
    (void)store_columns_one_integer(image, name[3], &set->size); /* of files only */
    const char *sha256 = store_columns_one_text(reader, image, name[4], err);
    snprintf(set->sha256, sizeof set->sha256, "%s", sha256 ? sha256 : "");
    int64_t inputs = 0, outputs = 0; /* the shape is there where the rows are not */
    if (store_columns_one_integer(image, name[5], &inputs) &&
        store_columns_one_integer(image, name[6], &outputs) && inputs > 0 && inputs <= INT32_MAX &&
        outputs > 0 && outputs <= INT32_MAX) {
        set->train.inputs = (int32_t)inputs;
        set->train.outputs = (int32_t)outputs;
    }
    Dataset *const split[SPLITS] = {&set->train, &set->val, &set->test};
    for (int i = 0; i < SPLITS; i++) {
        const char *const *names = name + SET_ATTRIBUTES + i * SPLIT_NAMES;
        if (!read_split(reader, names, split[i], err)) return false;
    }
    return true;
}

bool store_data_read(StoreReader *reader, Error *err) {
    Results *r = reader->results;
    Pool *pool = &reader->memory->pool;
    static const char *const of_set[SET_ATTRIBUTES] = {"recipe", "kept",   "path",   "size",
                                                       "sha256", "inputs", "outputs"};
    static const char *const of_split[SPLIT_NAMES] = {"@outputs", "/x", "/y", "/fold"};
    if (r->sets == 0) return true;
    StoreNames names = {.name =
                            pool_alloc(pool, (size_t)r->sets * SET_NAMES, sizeof *names.name, err)};
    r->set = pool_alloc(pool, (size_t)r->sets, sizeof *r->set, err);
    if (!names.name || !r->set) return false;
    for (int32_t k = 0; k < r->sets; k++) {
        for (int i = 0; i < SET_ATTRIBUTES; i++) {
            TRY(store_columns_name(&names, pool, err, "/data/%" PRId32 "@%s", k, of_set[i]));
        }
        for (int i = 0; i < SPLITS * SPLIT_NAMES; i++) {
            TRY(store_columns_name(&names, pool, err, "/data/%" PRId32 "/%s%s", k,
                                   SPLIT[i / SPLIT_NAMES], of_split[i % SPLIT_NAMES]));
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
