/* What is in a journal, in memory: for every trial where its result and its checkpoint are, never
 * the records themselves. */
#ifndef RUNNER_JOURNAL_JOURNAL_INDEX_H
#define RUNNER_JOURNAL_JOURNAL_INDEX_H

#include "runner/journal/id_index.h"
#include "runner/journal/journal_file.h"
#include "runner/journal/trial_result.h"

/* The records of a trial. */
typedef struct JournalEntry {
    uint64_t id;
    uint64_t data_digest;         /* of its result */
    int64_t offset, state_offset; /* of the payloads of result and checkpoint; 0: there is none */
    uint32_t length, state_length;
    uint32_t crc;                   /* of the result's record */
    TrialStatus status;             /* of its result */
    int32_t journal, state_journal; /* in an index of several journals: which one they are in */
} JournalEntry;

/* Of several journals, two with different results of a trial. */
typedef struct JournalConflict {
    bool found;
    uint64_t id;
    int32_t journal[2];
    uint32_t crc[2];
} JournalConflict;

typedef struct JournalIndex {
    JournalEntry *entry; /* owned; in the order of their first record */
    int64_t entries, capacity;
    int64_t results; /* entries with a result */
    IdIndex by_id;
    int32_t current;          /* of several journals: whose records are added now */
    JournalConflict conflict; /* the first */
} JournalIndex;
void journal_index_free(JournalIndex *index);

static inline bool journal_index_has_result(const JournalEntry *entry) {
    return entry && entry->offset;
}

/* The entry of a trial, or NULL. */
const JournalEntry *journal_index_find(const JournalIndex *index, uint64_t id);

/* Makes room for one more entry: then journal_index_add() of a trial without a result cannot
 * fail. */
MUST_CHECK bool journal_index_reserve(JournalIndex *index, Error *err);

/* Adds a record of `file` whose payload is at `offset`. `payload` and `result` are those of a
 * result, else unused. An equal copy of a result does not count, nor does a checkpoint of a
 * finished trial. Another result of a finished trial: ERROR_CONFLICT, but for results of two
 * journals, which are `conflict`. Of failed results in several journals the first counts. */
MUST_CHECK bool journal_index_add(JournalIndex *index, const JournalFile *file,
                                  const JournalHead *head, int64_t offset,
                                  const unsigned char *payload, const TrialResult *result,
                                  Error *err);

#endif
