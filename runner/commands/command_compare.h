/* What command_compare.c and command_compare_rows.c share; nobody else includes this. */
#ifndef RUNNER_COMMANDS_COMMAND_COMPARE_H
#define RUNNER_COMMANDS_COMMAND_COMPARE_H

#include "runner/commands/opened.h"

/* A setting by what it must share with its partner. */
typedef struct Match {
    char *text; /* values of the shared keys */
    int64_t group;
} Match;

typedef struct Matches {
    Match *place;
    int64_t count;
} Matches;

typedef struct Pair {
    int64_t a, b; /* groups */
} Pair;

typedef struct Compare {
    const Summary *a, *b;   /* the same where one result is compared with itself */
    bool shared[KEY_COUNT]; /* keys by which settings find each other */
    const double *column_a, *column_b;
    int32_t replicates; /* that both have */
    int32_t room;       /* the larger number of the two */
    double *scratch;    /* 4 x room */
    Table table;
    int64_t most; /* pairs of the longest row */
} Compare;

/* Marks the keys of a summary's axes. */
void command_compare_mark(bool *shared, const Summary *summary);

/* The groups of a side, sorted by what they must share; `value`: only those where the key has it
 * (NULL: all). */
MUST_CHECK bool command_compare_places(Matches *places, const Summary *summary, const bool *shared,
                                       KeyId key, const char *value, Error *err);
void command_compare_places_free(Matches *places);

/* Settings that both sides have, in the order of a; malloc'd, NULL where memory was missing. */
Pair *command_compare_match(const Matches *a, const Matches *b, int64_t *count, Error *err);

/* A difference: means of both sides over the pairs that have both values, and a - b. */
typedef struct CompareRow {
    double a, b;
    Comparison against; /* p is NaN below FINDING_WILCOXON_FROM pairs */
} CompareRow;

/* Over all pairs of some settings; and over repeats, settings averaged first, where only settings
 * with a value in every repeat on both sides count. */
MUST_CHECK bool command_compare_row(CompareRow *row, const Compare *compare, const Pair *pair,
                                    int64_t count, Error *err);
CompareRow command_compare_repeats(const Compare *compare, const Pair *pair, int64_t count);

/* The page of two results: index.html with its figures in `folder`, which exists. */
typedef struct ComparePage {
    const Compare *compare;
    const Pair *pair;
    int64_t count, common,
        differ; /* settings in both; trials in both, and of those with other values */
    const char *path[2], *folder_of[2]; /* as given, and where run.log is */
    const char *folder;
} ComparePage;
MUST_CHECK bool command_compare_page(const ComparePage *page, Error *err);

/* The table: its columns, a row over all pairs of some settings, all rows of a comparison, the
 * end. */
MUST_CHECK bool command_compare_begin(Compare *compare, const char *first, const char *a,
                                      const char *b, Error *err);
MUST_CHECK bool command_compare_pairs(Compare *compare, const char *label, const Pair *pair,
                                      int64_t count, Error *err);
MUST_CHECK bool command_compare_all(Compare *compare, const Pair *pair, int64_t count, Error *err);
MUST_CHECK bool command_compare_end(Compare *compare, int64_t settings, Error *err);

#endif
