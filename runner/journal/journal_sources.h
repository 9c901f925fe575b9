/* Journals that are only read, any number of them: each has a number, and its file is opened
 * when it is needed, since a process may have fewer descriptors than there are journals. */
#ifndef RUNNER_JOURNAL_JOURNAL_SOURCES_H
#define RUNNER_JOURNAL_JOURNAL_SOURCES_H

#include "runner/journal/journal_file.h"

typedef struct JournalSource {
    char *path;       /* owned; for messages */
    const char *name; /* in the folder; the end of path */
    int fd;           /* -1: not open now */
    uint64_t device, inode;
} JournalSource;

typedef struct JournalSources {
    Folder folder;
    JournalSource *source; /* owned */
    int32_t count, capacity;
    int32_t *slot; /* owned; slots: the source that is open in it, -1: none. Source k is in slot
                       k % slots */
    int32_t slots;
    JournalFile file; /* the one that was asked for last */
} JournalSources;

/* None yet, of a folder of which it keeps a descriptor; at most `slots` are open at a time. */
MUST_CHECK bool journal_sources_open(JournalSources *sources, const Folder *folder, int32_t slots,
                                     Error *err);

/* Legal on a zeroed or closed one. */
void journal_sources_close(JournalSources *sources);

/* Adds a file of the folder; *size is that of the file. *gone is true, and nothing is added,
 * where it has been removed meanwhile. */
MUST_CHECK bool journal_sources_add(JournalSources *sources, const char *name, int64_t *size,
                                    bool *gone, Error *err);

/* The file of a source, open for reading; until the next call. NULL with an error where it
 * cannot be opened, or another has its name by now. */
const JournalFile *journal_sources_file(JournalSources *sources, int32_t source, Error *err);

/* Whether its name still names it. */
bool journal_sources_is_named(const JournalSources *sources, int32_t source);

/* How many descriptors may be spent on journals. */
int32_t journal_sources_slots(void);

#endif
