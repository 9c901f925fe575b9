/* IDX, the format of MNIST and its siblings: a folder with images and labels, plain or gzip.
 *
 *   train-images-idx3-ubyte[.gz]  train-labels-idx1-ubyte[.gz]
 *   t10k-images-idx3-ubyte[.gz]   t10k-labels-idx1-ubyte[.gz]      (the test set)
 * big-endian: 0x00000803, count, rows, columns, then a byte a pixel; 0x00000801, count, then a byte
 * a label. Pixels stay 0..255 in x. Nothing in a header is believed: memory grows with the bytes
 * that are really there. Source: LeCun, Cortes, Burges, "The MNIST database". */
#ifndef CORE_DATA_IDX_H
#define CORE_DATA_IDX_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/error.h"
#include "core/data/dataset.h"

#define IDX_MAX_ROWS   (INT64_C(1) << 27) /* images in a file */
#define IDX_MAX_PIXELS (INT64_C(1) << 20) /* pixels in an image */
#define IDX_MAX_BYTES  (INT64_C(1) << 32) /* pixels in a file; a gzip bomb ends here */

typedef enum IdxSplit { IDX_TRAIN, IDX_TEST } IdxSplit;

/* Whether the folder holds that split's images (then its labels must be there too). */
bool idx_exists(const char *folder, IdxSplit split);

/* The path of a split's images or labels file, as it is there (".gz" tried last); for
 * provenance. */
MUST_CHECK bool idx_path(char *path, size_t size, const char *folder, IdxSplit split, bool labels,
                         Error *err);

/* Reads a split. `limit`: only the first so many rows (0 is all; the rest is then not read).
 * `classes`: how many there are; 0 counts them over all labels. The caller owns the set. Refuses,
 * ERROR_RESOURCE: wrong magic, counts that differ, no rows, bytes missing or too many, labels out
 * of range, damaged gzip. */
MUST_CHECK bool idx_read(Dataset *set, const char *folder, IdxSplit split, int64_t limit,
                         int32_t classes, Error *err);

/* The same from open files, which stay open; the names are for messages. */
MUST_CHECK bool idx_parse(Dataset *set, FILE *images, const char *images_name, FILE *labels,
                          const char *labels_name, int64_t limit, int32_t classes, Error *err);

#endif
