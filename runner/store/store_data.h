/* The data sets of a results file: /data/K, with all rows or as a recipe. */
#ifndef RUNNER_STORE_STORE_DATA_H
#define RUNNER_STORE_STORE_DATA_H

#include "runner/store/h5.h"
#include "runner/store/store_columns.h"

/* Writes /data. */
MUST_CHECK bool store_data_write(H5 *file, const StoreInput *input, Error *err);

/* Reads Results.set, as many as Results.sets says. */
MUST_CHECK bool store_data_read(StoreReader *reader, Error *err);

#endif
