#include "runner/training/data_h5.h"

#include <inttypes.h>
#include <stdlib.h>

#include "runner/store/h5_image.h"

/* Integers as reals, in memory of their own; NULL where there is none to be had. */
static double *as_reals(const H5Image *image, int32_t index, int64_t count, Error *err) {
    double *values = malloc((size_t)count * sizeof *values);
    if (!values) {
        error_memory(err, (size_t)count * sizeof *values);
        return NULL;
    }
    const bool integers = image->shape[index].kind == H5_INTEGER;
    const int64_t *integer = h5_image_data(image, index);
    const double *real = h5_image_data(image, index);
    for (int64_t i = 0; i < count; i++) values[i] = integers ? (double)integer[i] : real[i];
    return values;
}

/* The index of a data set of numbers of that rank or less. */
static int32_t find(const H5Image *image, const char *path, const char *name, Error *err) {
    const int32_t index = h5_image_find(image, name);
    if (index < 0) {
        error_set(err, ERROR_RESOURCE,
                  "%s: no data set \"%s\" of one or two dimensions (x: rows x inputs; y: rows)",
                  path, name);
        return -1;
    }
    const H5Shape *shape = &image->shape[index];
    const bool numbers = shape->kind == H5_INTEGER || shape->kind == H5_REAL;
    if (numbers && shape->rank >= 1 && shape->size[0] > 0 &&
        (shape->rank == 1 || (shape->size[1] > 0 && shape->size[1] <= INT32_MAX))) {
        return index;
    }
    error_set(err, ERROR_RESOURCE, "%s: %s is not a table of numbers (rows x columns)", path, name);
    return -1;
}

bool data_h5_read(Dataset *set, DatasetNames *names, const char *path, DatasetTask task,
                  int64_t limit, Error *err) {
    static const char *const wanted[] = {"/x", "/y"};
    H5Image image = {0};
    double *x = NULL, *y = NULL;
    bool done = false;
    if (!h5_image_read(&image, path, wanted, NULL, 2, err)) return false;
    const int32_t x_index = find(&image, path, "/x", err);
    const int32_t y_index = x_index < 0 ? -1 : find(&image, path, "/y", err);
    if (y_index < 0) goto fail;
    const H5Shape *x_shape = &image.shape[x_index], *y_shape = &image.shape[y_index];
    const int64_t inputs = x_shape->rank == 2 ? x_shape->size[1] : 1;
    const int64_t outputs = y_shape->rank == 2 ? y_shape->size[1] : 1;
    int64_t n = x_shape->size[0];
    if (n != y_shape->size[0]) {
        error_set(err, ERROR_RESOURCE, "%s: x has %" PRId64 " rows and y %" PRId64, path, n,
                  y_shape->size[0]);
        goto fail;
    }
    TRY(x = as_reals(&image, x_index, n * inputs, err));
    TRY(y = as_reals(&image, y_index, n * outputs, err));
    if (limit > 0 && limit < n) n = limit;
    done = dataset_from_pair(set, names, (DatasetTable){x, n, (int32_t)inputs},
                             (DatasetTable){y, n, (int32_t)outputs}, task, path, err);
fail:
    free(x);
    free(y);
    h5_image_close(&image);
    return done;
}
