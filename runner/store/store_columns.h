/* Arrays and texts out of a results file, checked: the file may have been edited by another
 * program, so nothing in it is believed unseen. */
#ifndef RUNNER_STORE_STORE_COLUMNS_H
#define RUNNER_STORE_STORE_COLUMNS_H

#include "core/base/pool.h"
#include "runner/store/h5_image.h"
#include "runner/store/store.h"

/* What Results.memory points to: arrays are in the images, the rest in the pool. */
typedef struct StoreMemory {
    Pool pool;
    H5Image main, data; /* everything but the data sets; those */
} StoreMemory;

typedef struct StoreReader {
    Results *results;
    StoreMemory *memory;
    const char *path; /* of the file itself */
} StoreReader;

/* Says that `name` is missing or not as it should be; false. */
bool store_columns_damaged(const StoreReader *reader, const char *name, Error *err);

/* Names of what is to be read, in the pool. */
typedef struct StoreNames {
    const char **name; /* with room for all */
    int32_t count;
} StoreNames;
MUST_CHECK bool store_columns_name(StoreNames *names, Pool *pool, Error *err, const char *format,
                                   ...) __attribute__((format(printf, 4, 5)));

/* The array `name` of the main image, with as many rows (and columns; -1: rank 1) as said. NULL and
 * an error where it does not fit. */
void *store_columns_array(const StoreReader *reader, const char *name, H5Kind kind, int64_t rows,
                          int64_t columns, Error *err);

/* A text column as NUL-terminated texts; a cell equal to the one before shares its text. */
MUST_CHECK bool store_columns_texts(const StoreReader *reader, const char *name, const char ***text,
                                    Error *err);

/* A column of numbers as 16 hexadecimal digits. */
MUST_CHECK bool store_columns_hex(const StoreReader *reader, const char *name, uint64_t **number,
                                  Error *err);

/* One text or integer, from either image; NULL, false where it is absent or something else. */
char *store_columns_one_text(const StoreReader *reader, const H5Image *image, const char *name,
                             Error *err);
bool store_columns_one_integer(const H5Image *image, const char *name, int64_t *number);

/* One real; NaN where it is absent or something else. */
double store_columns_one_real(const H5Image *image, const char *name);

#endif
