/* A record whose CRC does not hold is passed over by looking for the next magic whose CRC does: a
 * flipped bit costs the record it is in and no other. The file is read through a window by pread,
 * not mapped: a mapping would die of SIGBUS when another process cuts the file back, or of a disk
 * error. */
#include "runner/journal/journal_scan.h"

#include <stdlib.h>
#include <string.h>

#include "runner/journal/crc32.h"
#include "runner/journal/journal_buffer.h"

enum { WINDOW = 1 << 20 };

/* A piece of the file in memory. */
typedef struct ScanWindow {
    const JournalFile *file;
    unsigned char *bytes;
    int64_t offset, size; /* of the window in the file; of the file */
    size_t filled;
} ScanWindow;

/* `need` <= WINDOW bytes of the file from `offset` on; *at is NULL where the file ends before. */
static bool look(ScanWindow *w, int64_t offset, size_t need, const unsigned char **at, Error *err) {
    *at = NULL;
    if (offset + (int64_t)need > w->size) return true;
    if (offset < w->offset || offset + (int64_t)need > w->offset + (int64_t)w->filled) {
        w->offset = offset;
        if (!journal_file_read(w->file, w->bytes, WINDOW, offset, &w->filled, err)) return false;
        if (w->filled < need) return true; /* cut back meanwhile by its writer */
    }
    *at = w->bytes + (offset - w->offset);
    return true;
}

/* Whether there is a record with a good CRC at `offset`. */
static bool record_at(ScanWindow *w, int64_t offset, JournalHead *head, bool *good, Error *err) {
    const unsigned char *at;
    *good = false;
    if (!look(w, offset, sizeof *head, &at, err)) return false;
    if (!at) return true;
    memcpy(head, at, sizeof *head);
    const int64_t payload = offset + (int64_t)sizeof *head;
    if (head->magic != JOURNAL_MAGIC ||
        (head->kind != JOURNAL_RESULT && head->kind != JOURNAL_STATE) ||
        payload + head->length > w->size) {
        return true;
    }
    uint32_t crc = journal_file_head_crc(head);
    for (uint32_t done = 0; done < head->length;) {
        const uint32_t piece = head->length - done < WINDOW ? head->length - done : WINDOW;
        if (!look(w, payload + done, piece, &at, err)) return false;
        if (!at) return true;
        crc = crc32_update(crc, at, piece);
        done += piece;
    }
    *good = crc == head->crc;
    return true;
}

/* Moves *offset on to the next magic of a record, or to the end of the file. */
static bool next_magic(ScanWindow *w, int64_t *offset, Error *err) {
    const uint32_t magic = JOURNAL_MAGIC;
    while (*offset + (int64_t)sizeof(JournalHead) <= w->size) {
        const int64_t left = w->size - *offset;
        const size_t piece = left < WINDOW ? (size_t)left : WINDOW;
        const unsigned char *at;
        if (!look(w, *offset, piece, &at, err)) return false;
        if (!at) break;
        const unsigned char *found = memmem(at, piece, &magic, sizeof magic);
        if (found) {
            *offset += found - at;
            return true;
        }
        *offset += (int64_t)(piece - sizeof magic + 1);
    }
    *offset = w->size;
    return true;
}

/* Indexes the good record at `offset`. A result that does not decode is damage of another kind:
 * passed over too. */
static bool add_record(JournalIndex *index, ScanWindow *w, const JournalHead *head, int64_t offset,
                       JournalBuffer *buffer, bool *good, Error *err) {
    const int64_t payload = offset + (int64_t)sizeof *head;
    TrialResult result = {0};
    if (head->kind == JOURNAL_RESULT) {
        const unsigned char *at = NULL;
        if (!journal_buffer_reserve(buffer, head->length, err)) return false;
        if (head->length <= WINDOW) {
            if (!look(w, payload, head->length, &at, err)) return false;
            if (at) memcpy(buffer->bytes, at, head->length);
        } else {
            size_t got;
            if (!journal_file_read(w->file, buffer->bytes, head->length, payload, &got, err)) {
                return false;
            }
            if (got == head->length) at = buffer->bytes;
        }
        *good = at && trial_result_decode(&result, buffer->bytes, head->length) &&
                result.id == head->id;
        if (!*good) return true;
    }
    return journal_index_add(index, w->file, head, payload, buffer->bytes, &result, err);
}

bool journal_scan(JournalScan *scan, JournalIndex *index, const JournalFile *file, int64_t size,
                  Error *err) {
    ScanWindow w = {.file = file, .size = size};
    JournalBuffer buffer = {0};
    bool ok = false;
    *scan = (JournalScan){.end = JOURNAL_HEADER_BYTES};
    w.bytes = malloc(WINDOW);
    if (!w.bytes) {
        error_memory(err, WINDOW);
        goto fail;
    }
    for (int64_t offset = JOURNAL_HEADER_BYTES; offset < size;) {
        JournalHead head;
        bool good;
        TRY(record_at(&w, offset, &head, &good, err));
        if (good) TRY(add_record(index, &w, &head, offset, &buffer, &good, err));
        if (!good) {
            offset++;
            TRY(next_magic(&w, &offset, err));
            continue;
        }
        scan->damaged += offset - scan->end;
        offset += (int64_t)(sizeof head + head.length);
        scan->end = offset;
    }
    ok = true;
fail:
    free(w.bytes);
    journal_buffer_free(&buffer);
    return ok;
}
