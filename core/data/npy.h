/* NPY, NumPy's array files: numpy.save("x.npy", x) and a label column or a second file for what is
 * to be predicted.
 *
 * Reads format versions 1 to 3; float64, float32, bool and integers of 1 to 8 bytes; one or two
 * dimensions; C and Fortran order. Refuses, and says so: other types (big-endian, complex, float16,
 * text, objects, structures), three dimensions, a file longer or shorter than its header says,
 * integers that float64 cannot hold. Source: numpy/lib/format.py. */
#ifndef CORE_DATA_NPY_H
#define CORE_DATA_NPY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/error.h"
#include "core/data/dataset.h"

#define NPY_MAX_HEADER 65536

/* An array as float64, row-major; one dimension is one column. */
typedef struct NpyMatrix {
    int64_t rows;
    int32_t columns;
    double *values; /* rows x columns, owned */
} NpyMatrix;

typedef struct NpyConfig {
    /* the label's column from 0, negative from the end (NULL: -1), or the .npy file beside `path`
     * that holds the labels (rows, or rows x outputs for numbers) */
    const char *label;
    DatasetTask task;
    int64_t limit; /* only the first so many rows; 0 is all */
} NpyConfig;

/* Reads a data set; the caller owns it and the names. Failures are ERROR_RESOURCE. */
MUST_CHECK bool npy_read(Dataset *set, DatasetNames *names, const char *path,
                         const NpyConfig *config, Error *err);

/* Reads an array from an open, seekable file, which stays open; `name` is for messages. */
MUST_CHECK bool npy_parse(NpyMatrix *matrix, FILE *file, const char *name, int64_t limit,
                          Error *err);
void npy_destroy(NpyMatrix *matrix);

/* The path of a label file: the name itself where absolute, else in the folder of `path`. */
MUST_CHECK bool npy_label_path(char *text, size_t size, const char *path, const char *label,
                               Error *err);

#endif
