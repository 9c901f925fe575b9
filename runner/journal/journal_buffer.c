#include "runner/journal/journal_buffer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "runner/journal/crc32.h"

#define AHEAD_BYTES 65536

bool journal_buffer_reserve(JournalBuffer *buffer, size_t size, Error *err) {
    if (size <= buffer->size) return true;
    size_t larger = buffer->size ? buffer->size : 4096;
    while (larger < size) larger *= 2;
    free(buffer->bytes);
    buffer->size = 0;
    buffer->bytes = malloc(larger);
    if (!buffer->bytes) return error_memory(err, larger);
    buffer->size = larger;
    return true;
}

void journal_buffer_free(JournalBuffer *buffer) {
    free(buffer->bytes);
    free(buffer->ahead);
    *buffer = (JournalBuffer){0};
}

/* Whether the buffer holds the wanted record, head and all. */
static bool is_sound(const JournalBuffer *buffer, const JournalHead *wanted) {
    JournalHead head;
    memcpy(&head, buffer->bytes, sizeof head);
    return head.magic == JOURNAL_MAGIC && head.id == wanted->id && head.kind == wanted->kind &&
           head.length == wanted->length &&
           head.crc ==
               crc32_update(journal_file_head_crc(&head), buffer->bytes + sizeof head, head.length);
}

/* Copies bytes of the file from the block read ahead; false where they are not in it. A record that
 * follows the one read last begins a new block. */
static bool read_ahead(JournalBuffer *buffer, const JournalFile *file, int64_t offset,
                       size_t length) {
    Error ignored = {0}; /* the caller reads for itself, and reports that */
    const bool same = buffer->device == file->device && buffer->inode == file->inode;
    const bool follows = same && offset == buffer->next;
    if (!same) buffer->ahead_count = 0;
    buffer->device = file->device;
    buffer->inode = file->inode;
    buffer->next = offset + (int64_t)length;
    const int64_t end = buffer->ahead_at + (int64_t)buffer->ahead_count;
    if (offset < buffer->ahead_at || offset + (int64_t)length > end) {
        if (!follows || length > AHEAD_BYTES / 4) return false;
        if (!buffer->ahead) buffer->ahead = malloc(AHEAD_BYTES);
        buffer->ahead_at = offset;
        buffer->ahead_count = 0;
        if (!buffer->ahead || !journal_file_read(file, buffer->ahead, AHEAD_BYTES, offset,
                                                 &buffer->ahead_count, &ignored)) {
            return false;
        }
        if (buffer->ahead_count < length) return false;
    }
    memcpy(buffer->bytes, buffer->ahead + (offset - buffer->ahead_at), length);
    return true;
}

/* What was read ahead may be older than the record; then the file decides. */
bool journal_buffer_read(JournalBuffer *buffer, const JournalFile *file, const JournalHead *head,
                         int64_t offset, const unsigned char **payload, Error *err) {
    const size_t length = sizeof *head + head->length;
    const int64_t start = offset - (int64_t)sizeof *head;
    size_t got;
    if (!journal_buffer_reserve(buffer, length, err)) return false;
    *payload = buffer->bytes + sizeof *head;
    if (read_ahead(buffer, file, start, length) && is_sound(buffer, head)) return true;
    if (!journal_file_read(file, buffer->bytes, length, start, &got, err)) return false;
    return (got == length && is_sound(buffer, head)) ||
           error_set(err, ERROR_RESOURCE,
                     "%s: the record of trial %016" PRIx64 " at byte %" PRId64
                     " is damaged; run the same command with --resume to train it again",
                     file->path, head->id, offset);
}
