/* Data sets from HDF5 files: `x` (rows x inputs) and `y` (rows, or rows x outputs for numbers). */
#ifndef RUNNER_TABLE_H
#define RUNNER_TABLE_H

#include "core/dataset.h"

/* by_class: y holds classes 0..C-1, else numbers; classes 0 counts them; limit 0 is all rows. The
 * caller owns the set. The file is read in a child process (h5_image.h). */
MUST_CHECK bool table_read(Dataset *set, const char *path, bool by_class, int32_t classes,
                           int64_t limit, Error *err);

#endif
