/* A table from 64-bit identities to indices: the row of a trial in a list, the entry of a journal.
 *
 * Open addressing, at most three quarters full. Any 64 bits are an identity: the id of a trial, a
 * hash, the bits of a double. */
#ifndef RUNNER_JOURNAL_ID_INDEX_H
#define RUNNER_JOURNAL_ID_INDEX_H

#include <stdint.h>

#include "core/base/error.h"

typedef struct IdRow {
    uint64_t id;
    int64_t number; /* 1 + index; 0: the row is free */
} IdRow;

typedef struct IdIndex {
    IdRow *row;   /* owned; rows */
    int64_t rows; /* a power of two, or 0 */
    int64_t count;
} IdIndex;

/* The ids of a list by their index in it; of two equal ones the first counts. */
MUST_CHECK bool id_index_create(IdIndex *table, const uint64_t *id, int64_t count, Error *err);

/* Frees it; legal on a zeroed or freed one. */
void id_index_free(IdIndex *table);

/* Makes room for one more id, so that the next id_index_add() cannot fail. */
MUST_CHECK bool id_index_reserve(IdIndex *table, Error *err);

/* Adds an id that is not in the table yet. A zeroed table is an empty one. */
MUST_CHECK bool id_index_add(IdIndex *table, uint64_t id, int64_t index, Error *err);

/* The index of an id; -1 where it is not in the table. */
int64_t id_index_find(const IdIndex *table, uint64_t id);

#endif
