/* The fields of a CSV text, one after the other, with their line and column: the lower half of
 * csv.
 *
 * It knows commas, quotes, line ends and what a number is, nothing of columns or data sets. */
#ifndef CORE_DATA_CSV_FIELD_H
#define CORE_DATA_CSV_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/* The reader's position in a text without zero bytes. */
typedef struct CsvCursor {
    const char *name; /* for messages */
    const char *at, *end;
    const char *line_start;
    int64_t line; /* from 1 */
} CsvCursor;

/* One field as it is in the text: without its quotes, doubled quotes still double. */
typedef struct CsvField {
    const char *text;
    size_t length;
    bool quoted;
    bool last;      /* of its row */
    int64_t line;   /* from 1 */
    int64_t column; /* from 1, bytes */
} CsvField;

/* Skips blank lines; false at the end of the text. */
bool csv_field_find_row(CsvCursor *cursor);

/* Reads a field and what ends it: a comma, a line end, or the end of the text. */
MUST_CHECK bool csv_field_next(CsvCursor *cursor, CsvField *field, Error *err);

/* The field's number (the thread's locale must be C); false where it is none. Infinities and NaN
 * count as numbers. */
bool csv_field_number(const CsvField *field, double *number);

/* Whether the field is this word, and the field as a string (size: field->length + 1); doubled
 * quotes undone. */
bool csv_field_is(const CsvField *field, const char *word);
void csv_field_copy(char *text, const CsvField *field);

/* The field for a message: short, without control characters. size > 4; returns buffer. */
const char *csv_field_show(char *buffer, size_t size, const CsvField *field);

/* "name:line:column: what", ERROR_RESOURCE; returns false. */
bool csv_field_fail(Error *err, const char *name, int64_t line, int64_t column, const char *format,
                    ...) __attribute__((format(printf, 5, 6)));

#endif
