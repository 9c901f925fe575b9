/* All journals of a results folder, opened together: one, or one a shard. */
#ifndef RUNNER_JOURNAL_JOURNAL_SET_H
#define RUNNER_JOURNAL_JOURNAL_SET_H

#include "runner/journal/journal.h"

typedef struct JournalSet {
    Journal *journal; /* owned; the first is the one that is written, where one is */
    int32_t count;
} JournalSet;

/* Opens all of a folder for reading, of any arithmetic. */
MUST_CHECK bool journal_set_open(JournalSet *set, const Folder *folder, Error *err);

/* The same to go on with: `own`, a name in the folder, comes first and is opened for writing (made
 * where it is missing), and all must be of this program's arithmetic and numerics. */
MUST_CHECK bool journal_set_open_writer(JournalSet *set, const Folder *folder, const char *own,
                                        Error *err);
void journal_set_close(JournalSet *set);

/* The entry that counts for a trial: one that did not fail, if any journal has one; *in is its
 * journal. NULL where none has a result. */
const JournalEntry *journal_set_entry(const JournalSet *set, uint64_t id, const Journal **in);

/* Results by a trial's index in a list of ids. */
typedef struct JournalSetReader {
    const JournalSet *set;
    const uint64_t *id;
    JournalBuffer buffer; /* zeroed at first; the caller frees it */
} JournalSetReader;

/* `reader` is a JournalSetReader. The result is valid until the next call; *found false where no
 * journal has one. */
MUST_CHECK bool journal_set_read(void *reader, int64_t trial, TrialResult *result, bool *found,
                                 Error *err);

/* Results in the journals of a folder; 0 where there are none or they cannot be read. */
int64_t journal_set_results(const char *path);

/* Before the end of a run: those whose file has no name any more are written anew in the folder. */
MUST_CHECK bool journal_set_rescue(JournalSet *set, const Folder *folder, Error *err);

#endif
