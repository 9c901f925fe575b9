/* HDF5 with few words: what a results file needs, and nothing that would make the files of two runs
 * differ.
 *
 * Fixed little-endian types, fixed-length strings, no times, checksums on chunks. Names of data
 * sets are paths ("/trials/seed"); in reading, "OBJECT@ATTRIBUTE" names an attribute ("/@format").
 * Only child processes may call this (child_process.h). Messages are ours; HDF5's own are not
 * printed, but its innermost reason is quoted. */
#ifndef RUNNER_STORE_H5_H
#define RUNNER_STORE_H5_H

#include <stdint.h>

#include "core/base/error.h"

typedef struct H5 H5;       /* an open file */
typedef struct H5Set H5Set; /* an open data set, being written */

/* Element types. In memory: uint8_t, int64_t, double, `width` bytes of text padded with zeros. Any
 * integer type of a file reads as H5_INTEGER, any real one as H5_REAL. */
typedef enum H5Kind { H5_TRUTH, H5_INTEGER, H5_REAL, H5_ASCII, H5_UTF8 } H5Kind;

typedef struct H5Shape {
    H5Kind kind;
    int32_t rank; /* 0 (one value), 1 or 2 */
    int64_t size[2];
    int64_t width; /* bytes of an element in memory; texts: at least 1; 0: there is no such set */
} H5Shape;

/* Bytes of all elements in memory; -1 on overflow. */
int64_t h5_bytes(const H5Shape *shape);

MUST_CHECK bool h5_create(H5 **file, const char *path, Error *err);
MUST_CHECK bool h5_open(H5 **file, const char *path, Error *err);

/* Closing writes what HDF5 held back, so it can fail. Legal on NULL; *file becomes NULL. */
MUST_CHECK bool h5_close(H5 **file, Error *err);

MUST_CHECK bool h5_group(H5 *file, const char *path, Error *err);

/* Attributes of an object that exists. Texts may be of any length; ASCII unless a byte says
 * otherwise. */
MUST_CHECK bool h5_text_attribute(H5 *file, const char *object, const char *name, const char *text,
                                  Error *err);
MUST_CHECK bool h5_integer_attribute(H5 *file, const char *object, const char *name, int64_t number,
                                     Error *err);
MUST_CHECK bool h5_real_attribute(H5 *file, const char *object, const char *name, double number,
                                  Error *err);

/* A text as a data set of one value. */
MUST_CHECK bool h5_text(H5 *file, const char *path, const char *text, Error *err);

/* A data set to be filled row by row. chunk_rows: rows written at a time, best a power of two
 * (chunks hold that many, or fewer where rows are long). `compress` (shuffle and deflate) is for
 * columns that repeat themselves. */
MUST_CHECK bool h5_set_create(H5Set **set, H5 *file, const char *path, const H5Shape *shape,
                              int64_t chunk_rows, bool compress, Error *err);
MUST_CHECK bool h5_set_write(H5Set *set, int64_t first, int64_t rows, const void *data, Error *err);
MUST_CHECK bool h5_set_close(H5Set **set, Error *err);

/* A complete data set at once. */
MUST_CHECK bool h5_write(H5 *file, const char *path, const H5Shape *shape, const void *data,
                         bool compress, Error *err);

/* The shape of a data set or attribute, its width 0 where there is none, or none of a type or rank
 * that is known here. One whose bytes are not in the file itself is an error: a file of a stranger
 * must not make anyone read another one (external storage, virtual data sets, links), nor claim
 * numbers that it does not hold. */
MUST_CHECK bool h5_describe(H5 *file, const char *name, H5Shape *shape, Error *err);

/* Reads all of it; shape as h5_describe gave it. */
MUST_CHECK bool h5_read(H5 *file, const char *name, const H5Shape *shape, void *data, Error *err);

/* Reads some rows of a data set of rank 1 or 2. */
MUST_CHECK bool h5_read_rows(H5 *file, const char *name, const H5Shape *shape, int64_t first,
                             int64_t rows, void *data, Error *err);

#endif
