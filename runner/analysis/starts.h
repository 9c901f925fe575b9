/* Truth tables: where the data have a handful of distinct rows, a network gets all of them right or
 * it does not, and what counts is from how many starts it does. */
#ifndef RUNNER_ANALYSIS_STARTS_H
#define RUNNER_ANALYSIS_STARTS_H

#include "core/base/pool.h"
#include "runner/analysis/summary.h"

#define STARTS_ROWS   8 /* distinct rows at most */
#define STARTS_INPUTS 4

typedef struct StartsTable {
    const Dataset *set;
    int32_t rows;
    int64_t at[STARTS_ROWS]; /* where each distinct row comes first */
} StartsTable;

/* The distinct rows of a trial's training data; false where they are not kept, no two classes, or
 * too many. */
bool starts_table(StartsTable *table, const Results *results, int64_t trial);

/* Trained settings, a network for each choice of the axes that are not data, a task for each choice
 * of those that are. */
typedef struct Starts {
    int32_t networks, tasks; /* networks 0: the data are no truth tables */
    int64_t *network, *task; /* the first group of each */
    int64_t *right, *count;  /* networks x tasks: starts that get every row right, and all; count 0:
                                there is none */
} Starts;

/* `pool` owns the arrays. */
MUST_CHECK bool starts_count(Starts *starts, const Summary *summary, Pool *pool, Error *err);

#endif
