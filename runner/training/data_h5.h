/* Data sets from HDF5 files: `x` (rows x inputs) and `y` (rows, or rows x outputs for numbers). */
#ifndef RUNNER_TRAINING_DATA_H5_H
#define RUNNER_TRAINING_DATA_H5_H

#include "core/data/dataset.h"

/* limit 0 is all rows. The caller owns the set and the names. The file is read in a child process
 * (h5_image.h). */
MUST_CHECK bool data_h5_read(Dataset *set, DatasetNames *names, const char *path, DatasetTask task,
                             int64_t limit, Error *err);

#endif
