/* Trials by their identity: where each stands in a list of ids. */
#ifndef RUNNER_JOURNAL_ID_INDEX_H
#define RUNNER_JOURNAL_ID_INDEX_H

#include <stdint.h>

#include "core/base/error.h"

typedef struct IdRow {
    uint64_t id;
    int64_t at; /* in the list */
} IdRow;

/* The ids of a list, sorted for searching; free() it. */
MUST_CHECK bool id_index_create(IdRow **place, const uint64_t *id, int64_t count, Error *err);

/* Where an id stands in the list; -1 where it does not. */
int64_t id_index_find(const IdRow *place, int64_t count, uint64_t id);

#endif
