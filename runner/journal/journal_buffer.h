/* The caller's memory for reading records, from any number of journals; zeroed before first use.
 *
 * Records read in the order of the file, as when results are written after many short trials, come
 * from a block read ahead instead of by one system call each. */
#ifndef RUNNER_JOURNAL_JOURNAL_BUFFER_H
#define RUNNER_JOURNAL_JOURNAL_BUFFER_H

#include "runner/journal/journal_file.h"

typedef struct JournalBuffer {
    unsigned char *bytes; /* the record */
    size_t size;
    unsigned char *ahead;   /* a piece of the file, from ahead_at on */
    uint64_t device, inode; /* of that file */
    int64_t ahead_at, next; /* next: behind the record read last */
    size_t ahead_count;
} JournalBuffer;
void journal_buffer_free(JournalBuffer *buffer);

/* Room for `size` bytes; what was in it is lost. */
MUST_CHECK bool journal_buffer_reserve(JournalBuffer *buffer, size_t size, Error *err);

/* Reads the record whose payload is at `offset` and checks it once more: the disk may have changed
 * its mind since the scan. *payload points into the buffer, aligned to 8. */
MUST_CHECK bool journal_buffer_read(JournalBuffer *buffer, const JournalFile *file,
                                    const JournalHead *head, int64_t offset,
                                    const unsigned char **payload, Error *err);

#endif
