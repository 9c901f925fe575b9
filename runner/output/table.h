/* A list of rows for people (a table that fits the terminal) or for programs (CSV, JSON).
 *
 * Columns first, then cell after cell, then the end. CSV and JSON rows leave at once, so their
 * number does not matter; a table is kept until its columns are known to fit: those of the highest
 * rank are left out first, those of rank 0 never. Trouble with memory is kept until
 * listing_end(). */
#ifndef RUNNER_OUTPUT_TABLE_H
#define RUNNER_OUTPUT_TABLE_H

#include <stdint.h>
#include <stdio.h>

#include "core/base/error.h"
#include "core/base/pool.h"

typedef enum ListingFormat {
    LISTING_TABLE,
    LISTING_CSV,
    LISTING_JSON,
    LISTING_FORMATS
} ListingFormat;
extern const char *const LISTING_FORMAT_NAMES[LISTING_FORMATS + 1];

typedef enum ListingKind {
    LISTING_TEXT,
    LISTING_INTEGER,
    LISTING_REAL,  /* all of a column with the same number of digits behind the point */
    LISTING_NUMBER /* a number that has its own best text */
} ListingKind;

typedef struct ListingColumn {
    const char *name;    /* of CSV and JSON */
    const char *heading; /* of a table; NULL: the name */
    ListingKind kind;
    int32_t rank; /* 0 stays; the highest goes first */
} ListingColumn;

typedef struct ListingCell {
    const char *text; /* of a table; NULL: the number */
    double number;
} ListingCell;

typedef struct Listing {
    ListingFormat format;
    FILE *out;
    ListingColumn *column;
    int32_t columns, column_room;
    int32_t at; /* column of the next cell */
    int64_t rows;
    ListingCell *cell; /* tables: rows x columns */
    int64_t cells, cell_room;
    Pool pool;
    bool failed;
} Listing;

void listing_begin(Listing *listing, ListingFormat format, FILE *out);
void listing_column(Listing *listing, const char *name, const char *heading, ListingKind kind,
                    int32_t rank);

/* The next cell. */
void listing_text(Listing *listing, const char *text);
void listing_number(Listing *listing, double number);

/* A number whose text in a table is `text` ("full" for 0); NaN is empty. */
void listing_word(Listing *listing, const char *text, double number);

/* A JSON true or false. */
void listing_flag(Listing *listing, bool flag);

/* Ends it, prints the table at most `width` wide (0: as wide as it is), frees all. False where
 * memory was missing. */
MUST_CHECK bool listing_end(Listing *listing, int32_t width, Error *err);

/* Columns of the terminal behind stdout; 80 where it is none. */
int32_t listing_terminal(void);

#endif
