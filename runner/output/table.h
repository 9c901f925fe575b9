/* A list of rows for people (a table that fits the terminal) or for programs (CSV, JSON).
 *
 * Columns first, then cell after cell, then the end. CSV and JSON rows are printed at once, so
 * there may be any number of them; a table is held in memory until its columns are known to fit:
 * those of the highest rank are left out first, those of rank 0 never. A failed allocation is
 * reported by table_end(). */
#ifndef RUNNER_OUTPUT_TABLE_H
#define RUNNER_OUTPUT_TABLE_H

#include <stdint.h>
#include <stdio.h>

#include "core/base/error.h"
#include "core/base/pool.h"

typedef enum TableFormat { TABLE_TABLE, TABLE_CSV, TABLE_JSON, TABLE_FORMATS } TableFormat;
extern const char *const TABLE_FORMAT_NAMES[TABLE_FORMATS + 1];

typedef enum TableKind {
    TABLE_TEXT,
    TABLE_INTEGER,
    TABLE_REAL,  /* all of a column with the same number of decimals */
    TABLE_NUMBER /* each with as many digits as it needs */
} TableKind;

typedef struct TableColumn {
    const char *name;    /* of CSV and JSON */
    const char *heading; /* of a table; NULL: the name */
    TableKind kind;
    int32_t rank; /* 0: never left out; the highest is left out first */
} TableColumn;

typedef struct TableCell {
    const char *text; /* of a table; NULL: the number */
    double number;
} TableCell;

typedef struct Table {
    TableFormat format;
    FILE *out;
    TableColumn *column;
    int32_t columns, column_room;
    int32_t at; /* column of the next cell */
    int64_t rows;
    TableCell *cell; /* tables: rows x columns */
    int64_t cells, cell_room;
    Pool pool;
    bool failed;
} Table;

void table_begin(Table *table, TableFormat format, FILE *out);
void table_column(Table *table, const char *name, const char *heading, TableKind kind,
                  int32_t rank);

/* The next cell. */
void table_text(Table *table, const char *text);
void table_number(Table *table, double number);

/* A number whose text in a table is `text` ("full" for 0); NaN is empty. */
void table_word(Table *table, const char *text, double number);

/* A JSON true or false. */
void table_flag(Table *table, bool flag);

/* Ends it, prints the table at most `width` wide (0: as wide as it is), frees all. False where
 * memory was missing. */
MUST_CHECK bool table_end(Table *table, int32_t width, Error *err);

/* Columns of the terminal that stdout is; 80 where it is none. */
int32_t table_terminal(void);

#endif
