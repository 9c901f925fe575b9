/* The journal: what survives a kill while an experiment runs. Format: results/README.md.
 *
 * One file, a header and then records, each guarded by a CRC and written by one pwrite: the result
 * of a finished trial, or the checkpoint of one under way. Records are keyed by the trial's
 * identity, so the grid may grow between runs. What is in memory is an index, never the records.
 * Only one thread at a time may use a journal, but for the two slow steps of adding a result, which
 * are apart for that (JournalRecord). */
#ifndef RUNNER_JOURNAL_JOURNAL_H
#define RUNNER_JOURNAL_JOURNAL_H

#include <time.h>

#include "runner/journal/journal_buffer.h"
#include "runner/journal/journal_index.h"

typedef struct Journal {
    JournalFile file;
    JournalIndex index;
    bool writable, broken; /* broken: a sync or a clean-up failed; nothing more is written */
    bool created;          /* the file did not exist before */
    int64_t end;           /* where the next record goes */
    int64_t damaged;       /* bytes passed over because no record with a good CRC was in them */
    bool unsynced;
    struct timespec synced;       /* when fdatasync was last called */
    struct JournalRecord *record; /* of journal_append() and journal_append_state() */
} Journal;

/* Opens or creates a file of a folder for writing, and locks it. What an earlier run left is
 * indexed; a torn tail is cut off, damage before it is passed over (`damaged`). A header of other
 * arithmetic or numerics, or a damaged one: ERROR_CONFLICT, and the file is not touched. */
MUST_CHECK bool journal_open(Journal *journal, const Folder *folder, const char *name,
                             const char *arithmetic, uint32_t numerics, Error *err);

/* Opens one that exists for reading, also while another process writes it; arithmetic NULL accepts
 * any. */
MUST_CHECK bool journal_open_readonly(Journal *journal, const Folder *folder, const char *name,
                                      const char *arithmetic, uint32_t numerics, Error *err);

/* Gives back reserved space and memory, and removes a file that was created for nothing (no record
 * was written); legal on a zeroed or closed one. Syncs nothing: see journal_sync. */
void journal_close(Journal *journal);

/* Sets aside room for `bytes` more, so that a full disk is found before training. ERROR_RESOURCE
 * with the bytes needed. */
MUST_CHECK bool journal_reserve(Journal *journal, int64_t bytes, Error *err);

/* Adds a result: when this returns true, a kill cannot lose it. A trial that has one already: equal
 * bytes are ignored, others are ERROR_CONFLICT, but a failed one is replaced. After a failed write
 * the journal is as before the call. */
MUST_CHECK bool journal_append(Journal *journal, const TrialResult *result, Error *err);

/* A result on its way into a journal; zeroed before its first use, its buffer freed by the caller.
 * journal_append() in four steps, of which claim and commit want the journal to themselves:
 *
 *     journal_encode(&record, &result, err)             the bytes and their CRC
 *     journal_claim(&journal, &record, err)             where they go
 *     journal_write(&journal, &record)                  one pwrite, beside those of other threads
 *     journal_commit(&journal, &record, err)            the index; true: a kill cannot lose it
 *
 * Where a write fails and later records are in the journal already, its bytes stay behind as damage
 * that is passed over. */
typedef struct JournalRecord {
    JournalBuffer buffer; /* head and payload */
    JournalHead head;
    TrialResult result; /* what the index wants of it; no arrays */
    int64_t offset;     /* of the head; 0: such a result is there already */
    int reason;         /* errno of a failed write */
} JournalRecord;

MUST_CHECK bool journal_encode(JournalRecord *record, const TrialResult *result, Error *err);
MUST_CHECK bool journal_claim(Journal *journal, JournalRecord *record, Error *err);
void journal_write(const Journal *journal, JournalRecord *record);
MUST_CHECK bool journal_commit(Journal *journal, const JournalRecord *record, Error *err);

/* A checkpoint: the state of a trial under way, and the rows it has seen. */
typedef struct JournalState {
    uint64_t data_digest; /* TrialResult.data_digest */
    const void *bytes;
    size_t size;
} JournalState;

/* Adds the state of a trial under way, in place of an earlier one, whose disk space is given
 * back. */
MUST_CHECK bool journal_append_state(Journal *journal, uint64_t id, JournalState state, Error *err);

/* Writes it anew in a folder that has no file of its name, and goes on there: for one whose folder
 * or file was removed under it. On failure it is as before. */
MUST_CHECK bool journal_move(Journal *journal, const Folder *folder, Error *err);

/* Makes what was written safe from a power cut. With `now` false only if the last time was 0.7 s
 * ago, as journal_append does, too; who calls it every 0.25 s loses at most a second. A failure is
 * final. */
MUST_CHECK bool journal_sync(Journal *journal, bool now, Error *err);

/* The entry of a trial, or NULL; until the next record is added. */
const JournalEntry *journal_find(const Journal *journal, uint64_t id);

/* Reads the result (the checkpoint) of an entry that has one from its journal's file, checking it
 * again. It points into `buffer`. */
MUST_CHECK bool journal_read(const JournalFile *file, const JournalEntry *entry,
                             JournalBuffer *buffer, TrialResult *result, Error *err);
MUST_CHECK bool journal_read_state(const JournalFile *file, const JournalEntry *entry,
                                   JournalBuffer *buffer, JournalState *state, Error *err);

#endif
