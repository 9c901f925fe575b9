/* The table of `runner compare` on the terminal. */
#ifndef RUNNER_COMMANDS_COMPARE_TABLE_H
#define RUNNER_COMMANDS_COMPARE_TABLE_H

#include "runner/analysis/pairs.h"

typedef struct CompareTable {
    const Pairing *pairing;
    const char *heading[3]; /* of the rows, of A, of B */
    PairedDifference *row;  /* in memory of its own, as the labels */
    char **label;
    int64_t rows;
    bool average; /* the last row is the average over the settings, and no part of Holm's family */
} CompareTable;

/* Adds the row of some settings, averaged within each repeat. */
MUST_CHECK bool compare_table_add(CompareTable *table, const char *label, const Pair *pair,
                                  int64_t count, Error *err);

/* Prints it on stdout, and on stderr what must be known to read it. */
MUST_CHECK bool compare_table_print(CompareTable *table, Error *err);

void compare_table_destroy(CompareTable *table);

#endif
