/* The bytes of a journal, shared by journal.c, journal_read.c and journal_scan.c; nobody else
 * includes this. */
#ifndef RUNNER_JOURNAL_JOURNAL_FILE_H
#define RUNNER_JOURNAL_JOURNAL_FILE_H

#include "runner/journal/journal.h"

/* The header stands twice, so that one damaged byte cannot cost all records. */
typedef struct JournalHeader {
    char magic[8];
    uint32_t format, endianness, numerics;
    char arithmetic[16];
    unsigned char reserved[24];
    uint32_t crc; /* over all before it */
} JournalHeader;
_Static_assert(sizeof(JournalHeader) == 64, "the header has no padding");

enum { JOURNAL_HEADERS = 2, JOURNAL_HEADER_BYTES = JOURNAL_HEADERS * 64 };
#define JOURNAL_HEADER_MAGIC "RUNJRNL\n"
#define JOURNAL_ENDIANNESS   UINT32_C(0x01020304)

typedef enum JournalKind { JOURNAL_RESULT = 1, JOURNAL_STATE = 2 } JournalKind;

/* In front of every record's payload. */
typedef struct JournalHead {
    uint32_t magic, length, crc, kind; /* crc: over length, kind, id and payload */
    uint64_t id;
} JournalHead;
_Static_assert(sizeof(JournalHead) == 24, "a record's head has no padding");
#define JOURNAL_MAGIC UINT32_C(0x9d52c43a)

/* The part of a record's CRC that its head brings; the payload follows. */
uint32_t journal_head_crc(const JournalHead *head);

/* Takes a record into the index. `payload` is that of a result, else unused. *kept tells whether
 * the record counts: an equal copy of a result does not, nor a checkpoint of a finished trial.
 * Another result of a finished trial: error. */
MUST_CHECK bool journal_note(Journal *journal, const JournalHead *head, int64_t offset,
                             const unsigned char *payload, const TrialResult *result, bool *kept,
                             Error *err);

/* Reads the journal from its first record on, fills the index, sets `end` behind the last good
 * one. */
MUST_CHECK bool journal_scan(Journal *journal, int64_t size, Error *err);

/* pread until all is there; *got is less only at the end of the file. */
MUST_CHECK bool journal_pread(const Journal *journal, void *bytes, size_t length, int64_t offset,
                              size_t *got, Error *err);

/* Room for `size` bytes; what was in it is lost. */
MUST_CHECK bool journal_buffer_reserve(JournalBuffer *buffer, size_t size, Error *err);

#endif
