/* Pieces of an HDF5 file read in a child process and handed back as plain arrays: the only way this
 * program reads HDF5, so that a damaged or hostile file ends in a message. The child reads into
 * memory shared with us; it is bounded in processor time and in what it may claim to hold. */
#ifndef RUNNER_STORE_H5_IMAGE_H
#define RUNNER_STORE_H5_IMAGE_H

#include "core/base/error.h"
#include "runner/store/h5.h"

typedef struct H5Image {
    unsigned char *map; /* owned */
    size_t bytes;
    const char *const *name; /* borrowed */
    int32_t names;
    /* names; width 0: the file has none of that name; texts are a byte wider, for a NUL */
    const H5Shape *shape;
    size_t *offset; /* names; owned */
    int32_t *order; /* names; owned: indices by name, for searching */
} H5Image;

/* Which rows of a data set; the zeroed value is all of them. */
typedef struct H5Rows {
    int64_t first, count; /* count 0: all */
} H5Rows;

/* Reads what `name` lists (see h5.h for names); what is not there is no error. The names must
 * outlive the image. `rows` (NULL: all rows of all) chooses of data sets of one dimension; their
 * shapes are those of what was read. What is large for the memory of this machine goes to a file
 * without a name in TMPDIR. */
MUST_CHECK bool h5_image_read(H5Image *image, const char *path, const char *const *name,
                              const H5Rows *rows, int32_t names, Error *err);
void h5_image_close(H5Image *image);

/* The index of a name in the list, or -1 where it is not listed or the file has none. */
int32_t h5_image_find(const H5Image *image, const char *name);

/* Elements in row-major order, as h5.h says; writable, and private to this process. Not for lists
 * of texts. */
void *h5_image_data(const H5Image *image, int32_t index);

/* A text of a list of texts, or the only one (row 0), NUL-terminated. */
const char *h5_image_text(const H5Image *image, int32_t index, int64_t row);

#endif
