/* CSV: numbers separated by commas, one row a line, with one column to predict. RFC 4180 with LF or
 * CRLF.
 *
 * Quoted fields may hold commas, line ends and doubled quotes; spaces around a field do not count;
 * blank lines are skipped; a UTF-8 byte-order mark too. The first row is a header where none of its
 * fields is a number. Numbers are decimal (strtod in the C locale): no hexadecimal, no nan, no inf.
 * Nothing is guessed: a missing value, a row of another length, text where a number belongs are
 * errors, "path:line:column: ..." counted in bytes from 1. */
#ifndef CORE_DATA_CSV_H
#define CORE_DATA_CSV_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/data/dataset.h"

#define CSV_MAX_BYTES ((size_t)1 << 30)

/* What the label column is. Classes are whole numbers or words (class_labels.h). */
typedef enum CsvTask {
    CSV_CLASSES,
    CSV_NUMBERS, /* numbers to predict */
    CSV_INPUTS   /* there is no label column: every column is an input */
} CsvTask;

typedef struct CsvConfig {
    CsvTask task;
    /* the label column's name, or its number from 0, negative from the end; NULL: -1 */
    const char *label;
    int32_t classes; /* how many; 0 counts them */
    int64_t limit;   /* only the first so many rows; 0 is all. The rest is not read */
    /* not NULL: the inputs are the columns of these names, in this order, wherever they are in the
     * file; others are passed over */
    char *const *column;
    int32_t columns;
} CsvConfig;

/* Reads the file into a set and its names; the caller owns both. Failures are ERROR_RESOURCE. */
MUST_CHECK bool csv_read(Dataset *set, DatasetNames *names, const char *path,
                         const CsvConfig *config, Error *err);

/* How many columns a file has, and the names of all of them (NULL where it has no header). */
MUST_CHECK bool csv_read_header(DatasetNames *names, const char *path, Error *err);

/* The same from `length` bytes in memory; `name` is for messages. */
MUST_CHECK bool csv_parse(Dataset *set, DatasetNames *names, const char *name, const char *text,
                          size_t length, const CsvConfig *config, Error *err);

#endif
