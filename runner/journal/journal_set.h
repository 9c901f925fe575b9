/* All journals of a results folder as one: that which is written, where one is, and the others,
 * of which there may be thousands, behind one index. */
#ifndef RUNNER_JOURNAL_JOURNAL_SET_H
#define RUNNER_JOURNAL_JOURNAL_SET_H

#include "runner/journal/journal.h"
#include "runner/journal/journal_sources.h"

typedef struct JournalSet {
    Journal *own;            /* owned; the one that is written; NULL: none */
    JournalSources *sources; /* owned; the others */
    JournalIndex index;      /* of the others */
} JournalSet;

/* Opens all of a folder for reading, of any arithmetic. One that goes meanwhile, as its process
 * found nothing to do or its results were published, is left out. */
MUST_CHECK bool journal_set_open(JournalSet *set, const Folder *folder, Error *err);

/* The one to be written alone: `own`, a name in the folder, made where it is missing. It and all
 * others must be of this program's arithmetic and numerics. */
MUST_CHECK bool journal_set_open_own(JournalSet *set, const Folder *folder, const char *own,
                                     Error *err);

/* Reads all others of the folder, also anew. */
MUST_CHECK bool journal_set_read_others(JournalSet *set, const Folder *folder, Error *err);

void journal_set_close(JournalSet *set);

/* The entry that counts for a trial: one that did not fail, if any journal has one; NULL where none
 * has a result. */
const JournalEntry *journal_set_entry(const JournalSet *set, uint64_t id);

/* The entry of a trial that has no result and a checkpoint; NULL without. */
const JournalEntry *journal_set_state_entry(const JournalSet *set, uint64_t id);
MUST_CHECK bool journal_set_read_state(const JournalSet *set, const JournalEntry *entry,
                                       JournalBuffer *buffer, JournalState *state, Error *err);

/* The path of the journal that an entry is of, for messages. */
const char *journal_set_path(const JournalSet *set, const JournalEntry *entry);

/* Two journals with different results of one trial, which only a bug makes; false without. */
typedef struct JournalSetConflict {
    uint64_t id;
    uint32_t crc[2];
    const char *path[2]; /* of the journals */
} JournalSetConflict;
bool journal_set_conflict(const JournalSet *set, JournalSetConflict *conflict);

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

/* Before the end of a run: where a journal has no name any more, its results are written anew in
 * the folder. */
MUST_CHECK bool journal_set_rescue(JournalSet *set, const Folder *folder, Error *err);

/* Removes all their files. One that another has put in the place of one of them stays. */
MUST_CHECK bool journal_set_remove(const JournalSet *set, Error *err);

#endif
