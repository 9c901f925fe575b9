/* The data sets of a results file: /data/K, whole or as a recipe. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "runner/store/store_write.h"

enum { BLOCK = 4096 };

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

/* /data/K/PART: x, y and fold of a set, and how many classes or columns of targets it has. */
static bool write_part(H5 *file, int32_t number, const char *part, const Dataset *set, Error *err) {
    char group[64], path[96];
    if (set->n == 0) return true;
    snprintf(group, sizeof group, "/data/%" PRId32 "/%s", number, part);
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

static bool write_set(H5 *file, int32_t number, const StoreData *set, Error *err) {
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
    TRY(write_part(file, number, "train", &set->train, err));
    TRY(write_part(file, number, "val", &set->val, err));
    TRY(write_part(file, number, "test", &set->test, err));
    return true;
fail:
    return false;
}

bool store_write_data(H5 *file, const StoreInput *input, Error *err) {
    TRY(h5_group(file, "/data", err));
    TRY(h5_integer_attribute(file, "/data", "count", input->sets, err));
    for (int32_t k = 0; k < input->sets; k++) TRY(write_set(file, k, &input->set[k], err));
    return true;
fail:
    return false;
}
