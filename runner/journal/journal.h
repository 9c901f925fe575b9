/* The journal: what survives a kill while an experiment runs. Format: results/README.md.
 *
 * One file, a header and then records, each guarded by a CRC and written by one pwrite: the result
 * of a finished trial, or the checkpoint of one under way. Records are keyed by the trial's
 * identity, so the grid may grow between runs. What is in memory is an index, never the records.
 * Nothing here is safe to call from two threads at once: the scheduler hands results over one at a
 * time. */
#ifndef RUNNER_JOURNAL_JOURNAL_H
#define RUNNER_JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "core/base/error.h"
#include "runner/journal/trial_result.h"

#define JOURNAL_FORMAT 1
#define JOURNAL_NAME   "journal"

/* Where a trial's records lie. */
typedef struct JournalEntry {
    uint64_t id;
    uint64_t data_digest;         /* of its result */
    int64_t offset, state_offset; /* of the payloads of result and checkpoint; 0: there is none */
    uint32_t length, state_length;
    uint32_t crc;       /* of the result's record */
    TrialStatus status; /* of its result */
} JournalEntry;

/* What makes a file itself, whoever has it open. */
typedef struct JournalFile {
    uint64_t device, inode;
} JournalFile;

typedef struct Journal {
    char *path;
    int fd;
    JournalFile file;
    bool writable, broken; /* broken: a sync or a clean-up failed; nothing more is written */
    bool created;          /* the file did not exist before */
    int64_t end;           /* where the next record goes */
    JournalEntry *entry;   /* in the order of their first record */
    int64_t entries, capacity;
    uint32_t *slot;  /* hash table of 1 + index into entry; 0 is free */
    int64_t slots;   /* a power of two */
    int64_t results; /* entries with a result */
    int64_t damaged; /* bytes passed over because no record with a good CRC was in them */
    bool unsynced;
    struct timespec synced; /* when fdatasync was last called */
    unsigned char *buffer;  /* the record being written */
    size_t buffer_size;
} Journal;

/* Memory of the caller into which records are read, of any number of journals; zeroed before first
 * use. */
typedef struct JournalBuffer {
    unsigned char *bytes; /* the record */
    size_t size;
    unsigned char *ahead; /* a piece of the file `of`, from ahead_at on */
    JournalFile of;
    int64_t ahead_at, next; /* next: behind the record read last */
    size_t ahead_count;
} JournalBuffer;
void journal_buffer_free(JournalBuffer *buffer);

/* Locks a results folder for this process (until *fd is closed, by its death too). `shared` lets
 * other shared holders in: shards of one experiment. Held by someone else: ERROR_CONFLICT, naming
 * the process where the system tells. */
MUST_CHECK bool results_folder_lock(int *fd, const char *folder, bool shared, Error *err);

/* "FOLDER/journal", or "FOLDER/journal.I-of-N" where count > 0. malloc'd. */
MUST_CHECK bool results_folder_journal_path(char **path, const char *folder, int32_t index,
                                            int32_t count, Error *err);

/* All journals of a folder, by name; paths and the array are malloc'd. A folder without any gives
 * count 0. */
MUST_CHECK bool results_folder_journals(char ***paths, int32_t *count, const char *folder,
                                        Error *err);
void results_folder_journals_free(char **paths, int32_t count);

/* Opens or creates it for writing, and locks it. What an earlier run left is indexed; a torn tail
 * is cut off, damage before it is passed over (`damaged`). A header of other arithmetic or
 * numerics, or a damaged one: ERROR_CONFLICT, and the file is not touched. */
MUST_CHECK bool journal_open(Journal *journal, const char *path, const char *arithmetic,
                             uint32_t numerics, Error *err);

/* Opens one that exists for reading, also while another process writes it; arithmetic NULL accepts
 * any. */
MUST_CHECK bool journal_open_readonly(Journal *journal, const char *path, const char *arithmetic,
                                      uint32_t numerics, Error *err);

/* Gives back reserved space and memory, and removes a file that was created for nothing (no record
 * was written); legal on a zeroed or closed one. Syncs nothing: see journal_sync. */
void journal_close(Journal *journal);

/* Sets aside room for `bytes` more, so that a full disk is found before training. ERROR_RESOURCE
 * with the bytes needed. */
MUST_CHECK bool journal_reserve(Journal *journal, int64_t bytes, Error *err);

/* Bytes a result takes as a record. */
int64_t journal_record_bytes(const TrialResult *result);

/* Keeps a result: when this returns true, a kill cannot lose it. A trial that has one already:
 * equal bytes are ignored, others are ERROR_CONFLICT, but a failed one is replaced. After a failed
 * write the journal is as before the call. */
MUST_CHECK bool journal_append(Journal *journal, const TrialResult *result, Error *err);

/* Keeps the state of a trial under way, in place of an earlier one, whose disk space is given
 * back. */
MUST_CHECK bool journal_append_state(Journal *journal, uint64_t id, const void *state, size_t bytes,
                                     Error *err);

/* Makes what was written safe from a power cut. With `now` false only where the last time is a
 * second ago, which journal_append also does; call it from time to time where trials take long. A
 * failure is final. */
MUST_CHECK bool journal_sync(Journal *journal, bool now, Error *err);

/* The entry of a trial, or NULL. */
const JournalEntry *journal_find(const Journal *journal, uint64_t id);
static inline bool journal_has_result(const JournalEntry *entry) {
    return entry && entry->offset;
}

/* Reads the result (the checkpoint) of an entry that has one, checking it again. It points into
 * `buffer`. */
MUST_CHECK bool journal_read(const Journal *journal, const JournalEntry *entry,
                             JournalBuffer *buffer, TrialResult *result, Error *err);
MUST_CHECK bool journal_read_state(const Journal *journal, const JournalEntry *entry,
                                   JournalBuffer *buffer, const void **state, size_t *bytes,
                                   Error *err);

#endif
