/* What store_read.c and store_keys.c share; nobody else includes this. */
#ifndef RUNNER_STORE_STORE_READ_H
#define RUNNER_STORE_STORE_READ_H

#include "core/base/pool.h"
#include "runner/store/h5_image.h"
#include "runner/store/store.h"

enum { STORE_NAME_BYTES = 80 }; /* names of data sets in a results file are shorter */

/* What Results.memory points to: arrays lie in the images, the rest in the pool. */
typedef struct StoreMemory {
    Pool pool;
    H5Image main, data;
} StoreMemory;

typedef struct StoreReader {
    Results *results;
    StoreMemory *memory;
    const char *path; /* of the file itself */
} StoreReader;

/* Says that `name` is missing or not as it should be; false. */
bool store_damaged(const StoreReader *reader, const char *name, Error *err);

/* The array `name`, with as many rows (and columns; -1: rank 1) as said. NULL and an error where it
 * does not fit. */
void *store_take(const StoreReader *reader, const char *name, H5Kind kind, int64_t rows,
                 int64_t columns, Error *err);

/* A text column as NUL-terminated texts; a cell equal to the one before shares its text. */
MUST_CHECK bool store_take_texts(const StoreReader *reader, const char *name, char ***text,
                                 Error *err);

/* The column of a key. */
MUST_CHECK bool store_take_key(const StoreReader *reader, const Key *key, Error *err);

#endif
