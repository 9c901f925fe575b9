/* Recovery: finds every good record of a journal, whatever happened to the bytes between them. */
#ifndef RUNNER_JOURNAL_JOURNAL_SCAN_H
#define RUNNER_JOURNAL_JOURNAL_SCAN_H

#include "runner/journal/journal_index.h"

typedef struct JournalScan {
    int64_t end;     /* behind the last good record */
    int64_t damaged; /* bytes before it that are in no good record */
} JournalScan;

/* Reads `size` bytes of the file from the first record on and fills the index. */
MUST_CHECK bool journal_scan(JournalScan *scan, JournalIndex *index, const JournalFile *file,
                             int64_t size, Error *err);

#endif
