/* A grid cut into blocks of trials, for processes that share it.
 *
 * Trials are sorted longest first; a block has at most 1/(4 processes) of the cost that is left,
 * and at least one trial, so that blocks shrink and all processes end together (guided
 * self-scheduling: Polychronopoulos and Kuck 1987, IEEE Transactions on Computers C-36(12)).
 * Order and cuts come from costs and the number of processes alone: every process finds the same
 * ones by itself. */
#ifndef RUNNER_CLUSTER_BLOCKS_H
#define RUNNER_CLUSTER_BLOCKS_H

#include <stdint.h>

#include "core/base/error.h"

typedef struct Blocks {
    int64_t *order; /* owned; items, the costliest first, equal ones in order */
    int64_t *cut;   /* owned; block b is order[cut[b]] to order[cut[b + 1] - 1] */
    int64_t *block; /* owned; items: the block that it is in */
    int64_t items, count;
} Blocks;

/* Cuts items 0 to items-1 of these costs (each at least 0). */
MUST_CHECK bool blocks_create(Blocks *blocks, const double *cost, int64_t items, int32_t processes,
                              Error *err);
void blocks_free(Blocks *blocks);

/* The fixed deal, where nothing can be claimed: down the order like a snake, 1 2 3 3 2 1 1 2 3.
 * Sets own[i] for the items of this process, from 1. */
MUST_CHECK bool blocks_snake(bool *own, const double *cost, int64_t items, int32_t process,
                             int32_t processes, Error *err);

#endif
