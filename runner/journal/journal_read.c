/* Records one by one. Whoever asks for them as they stand in the file, as the writing of results
 * does after many short trials, gets them from a block read ahead instead of a call to the system
 * each. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "runner/journal/crc32.h"
#include "runner/journal/journal_file.h"

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

/* Whether the buffer holds a record, head and all, that is what it should be. */
static bool is_sound(const JournalBuffer *buffer, uint64_t id, JournalKind kind, uint32_t length) {
    JournalHead head;
    memcpy(&head, buffer->bytes, sizeof head);
    return head.magic == JOURNAL_MAGIC && head.id == id && head.kind == (uint32_t)kind &&
           head.length == length &&
           head.crc == crc32_update(journal_head_crc(&head), buffer->bytes + sizeof head, length);
}

/* Takes bytes of the file from the block read ahead; false where they are not in it. A record that
 * follows the one asked for last begins a new block. */
static bool take_ahead(const Journal *journal, JournalBuffer *buffer, int64_t offset,
                       size_t whole) {
    Error ignored = {0}; /* the caller reads for itself, and tells */
    const bool same =
        buffer->of.device == journal->file.device && buffer->of.inode == journal->file.inode;
    const bool follows = same && offset == buffer->next;
    if (!same) buffer->ahead_count = 0;
    buffer->of = journal->file;
    buffer->next = offset + (int64_t)whole;
    const int64_t end = buffer->ahead_at + (int64_t)buffer->ahead_count;
    if (offset < buffer->ahead_at || offset + (int64_t)whole > end) {
        if (!follows || whole > AHEAD_BYTES / 4) return false;
        if (!buffer->ahead) buffer->ahead = malloc(AHEAD_BYTES);
        buffer->ahead_at = offset;
        buffer->ahead_count = 0;
        if (!buffer->ahead || !journal_pread(journal, buffer->ahead, AHEAD_BYTES, offset,
                                             &buffer->ahead_count, &ignored)) {
            return false;
        }
        if (buffer->ahead_count < whole) return false;
    }
    memcpy(buffer->bytes, buffer->ahead + (offset - buffer->ahead_at), whole);
    return true;
}

/* The record whose payload is at `offset`, checked once more: the disk may have changed its mind
 * since the scan. What was read ahead may be older than the record; then the file decides. */
static bool read_record(const Journal *journal, uint64_t id, JournalKind kind, int64_t offset,
                        uint32_t length, JournalBuffer *buffer, Error *err) {
    const size_t whole = sizeof(JournalHead) + length;
    const int64_t start = offset - (int64_t)sizeof(JournalHead);
    size_t got;
    if (!journal_buffer_reserve(buffer, whole, err)) return false;
    if (take_ahead(journal, buffer, start, whole) && is_sound(buffer, id, kind, length)) {
        return true;
    }
    if (!journal_pread(journal, buffer->bytes, whole, start, &got, err)) return false;
    if (got != whole || !is_sound(buffer, id, kind, length))
        return error_set(err, ERROR_RESOURCE,
                         "%s: the record of trial %016" PRIx64 " at byte %" PRId64
                         " is damaged; run the same command with --resume to train it again",
                         journal->path, id, offset);
    return true;
}

bool journal_read(const Journal *journal, const JournalEntry *entry, JournalBuffer *buffer,
                  TrialResult *result, Error *err) {
    assert(journal_has_result(entry));
    if (!read_record(journal, entry->id, JOURNAL_RESULT, entry->offset, entry->length, buffer, err))
        return false;
    return trial_result_decode(result, buffer->bytes + sizeof(JournalHead), entry->length) ||
           error_set(err, ERROR_RESOURCE, "%s: the record of trial %016" PRIx64 " makes no sense",
                     journal->path, entry->id);
}

bool journal_read_state(const Journal *journal, const JournalEntry *entry, JournalBuffer *buffer,
                        const void **state, size_t *bytes, Error *err) {
    assert(entry->state_offset);
    if (!read_record(journal, entry->id, JOURNAL_STATE, entry->state_offset, entry->state_length,
                     buffer, err))
        return false;
    *state = buffer->bytes + sizeof(JournalHead);
    *bytes = entry->state_length;
    return true;
}
