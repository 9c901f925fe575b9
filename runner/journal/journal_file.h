/* The bytes of a journal's file: its header, the heads of its records, and reading pieces of it.
 * The format is described in results/README.md ("The journal"). */
#ifndef RUNNER_JOURNAL_JOURNAL_FILE_H
#define RUNNER_JOURNAL_JOURNAL_FILE_H

#include <stdint.h>

#include "core/base/folder.h"

#define JOURNAL_FORMAT       1
#define JOURNAL_HEADER_MAGIC "RUNJRNL\n"
#define JOURNAL_ENDIANNESS   UINT32_C(0x01020304)
#define JOURNAL_MAGIC        UINT32_C(0x9d52c43a)

/* There are two copies of the header, so that one damaged byte cannot cost all records. */
typedef struct JournalHeader {
    char magic[8];
    uint32_t format, endianness, numerics;
    char arithmetic[16];
    unsigned char reserved[24];
    uint32_t crc; /* over all before it */
} JournalHeader;
_Static_assert(sizeof(JournalHeader) == 64, "the header has no padding");

enum { JOURNAL_HEADERS = 2, JOURNAL_HEADER_BYTES = JOURNAL_HEADERS * 64 };

typedef enum JournalKind { JOURNAL_RESULT = 1, JOURNAL_STATE = 2 } JournalKind;

/* In front of every record's payload. */
typedef struct JournalHead {
    uint32_t magic, length, crc, kind; /* crc: over length, kind, id and payload */
    uint64_t id;
} JournalHead;
_Static_assert(sizeof(JournalHead) == 24, "a record's head has no padding");

/* An open file. Device and inode identify it among all open ones. */
typedef struct JournalFile {
    Folder folder;    /* that it is in; a descriptor of its own */
    char *path;       /* owned; for messages */
    const char *name; /* in the folder; the end of path */
    int fd;
    uint64_t device, inode;
} JournalFile;

/* Opens a file of a folder, for writing with a lock, made where it is missing; *size is that of the
 * file. Also after a failure the file is to be closed. */
MUST_CHECK bool journal_file_open(JournalFile *file, const Folder *folder, const char *name,
                                  bool writable, int64_t *size, Error *err);
void journal_file_close(JournalFile *file);

/* Whether its name still names it: it may have been removed, or another put in its place. */
bool journal_file_is_named(const JournalFile *file);

/* Reads and checks the header; arithmetic NULL accepts any. *empty: the file ends before its first
 * record. A header of other arithmetic or numerics, or a damaged one: ERROR_CONFLICT. */
MUST_CHECK bool journal_file_read_header(const JournalFile *file, const char *arithmetic,
                                         uint32_t numerics, bool *empty, Error *err);

/* Makes the file a new one: a header, safe on disk before the first record. */
MUST_CHECK bool journal_file_write_header(const JournalFile *file, const char *arithmetic,
                                          uint32_t numerics, Error *err);

/* Reads until all is there; *got is less only at the end of the file. */
MUST_CHECK bool journal_file_read(const JournalFile *file, void *bytes, size_t length,
                                  int64_t offset, size_t *got, Error *err);

/* The CRC of a record with this head, before its payload is added. */
uint32_t journal_file_head_crc(const JournalHead *head);

#endif
