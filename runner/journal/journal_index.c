#include "runner/journal/journal_index.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void journal_index_free(JournalIndex *index) {
    free(index->entry);
    id_index_free(&index->by_id);
    *index = (JournalIndex){0};
}

const JournalEntry *journal_index_find(const JournalIndex *index, uint64_t id) {
    const int64_t i = id_index_find(&index->by_id, id);
    return i < 0 ? NULL : &index->entry[i];
}

bool journal_index_reserve(JournalIndex *index, Error *err) {
    if (!id_index_reserve(&index->by_id, err)) return false;
    if (index->entries < index->capacity) return true;
    const int64_t capacity = index->capacity ? 2 * index->capacity : 1024;
    JournalEntry *entry = realloc(index->entry, (size_t)capacity * sizeof *entry);
    if (!entry) return error_memory(err, (size_t)capacity * sizeof *entry);
    index->entry = entry;
    index->capacity = capacity;
    return true;
}

/* The entry of a trial, made where there is none; NULL with an error where that fails. */
static JournalEntry *entry_of(JournalIndex *index, uint64_t id, Error *err) {
    int64_t i = id_index_find(&index->by_id, id);
    if (i < 0) {
        i = index->entries;
        if (!journal_index_reserve(index, err) || !id_index_add(&index->by_id, id, i, err)) {
            return NULL;
        }
        index->entry[index->entries++] = (JournalEntry){.id = id};
    }
    return &index->entry[i];
}

/* Whether the result of `entry` has exactly these bytes. */
static bool same_bytes(const JournalFile *file, const JournalEntry *entry, const JournalHead *head,
                       const unsigned char *payload, bool *same, Error *err) {
    *same = false;
    if (entry->length != head->length || entry->crc != head->crc) return true;
    unsigned char *other = malloc(head->length);
    if (!other) return error_memory(err, head->length);
    size_t got;
    const bool ok = journal_file_read(file, other, head->length, entry->offset, &got, err);
    *same = ok && got == head->length && !memcmp(other, payload, got);
    free(other);
    return ok;
}

static bool check_same(const JournalFile *file, const JournalEntry *entry, const JournalHead *head,
                       int64_t offset, const unsigned char *payload, Error *err) {
    bool same;
    if (!same_bytes(file, entry, head, payload, &same, err)) return false;
    return same ||
           error_set(err, ERROR_CONFLICT,
                     "%s: two different results of trial %016" PRIx64 " (CRC %08x at byte %" PRId64
                     ", %08x at byte %" PRId64 "); move it away and run the command again",
                     file->path, head->id, (unsigned)entry->crc, entry->offset, (unsigned)head->crc,
                     offset);
}

/* The result of another journal beside the entry's: equal, unless there is a bug. */
static void note_conflict(JournalIndex *index, const JournalEntry *entry, const JournalHead *head) {
    if (index->conflict.found || (entry->length == head->length && entry->crc == head->crc)) return;
    index->conflict = (JournalConflict){.found = true,
                                        .id = entry->id,
                                        .journal = {entry->journal, index->current},
                                        .crc = {entry->crc, head->crc}};
}

bool journal_index_add(JournalIndex *index, const JournalFile *file, const JournalHead *head,
                       int64_t offset, const unsigned char *payload, const TrialResult *result,
                       Error *err) {
    JournalEntry *entry = entry_of(index, head->id, err);
    if (!entry) return false;
    const bool finished = entry->offset && entry->status != TRIAL_FAILED;
    const bool elsewhere = entry->offset && entry->journal != index->current;
    if (head->kind == JOURNAL_STATE) {
        if (finished) return true;
        entry->state_offset = offset;
        entry->state_length = head->length;
        entry->state_journal = index->current;
        return true;
    }
    if (finished && elsewhere) {
        note_conflict(index, entry, head);
        return true;
    }
    if (finished) return check_same(file, entry, head, offset, payload, err);
    if (elsewhere && result->status == TRIAL_FAILED) return true;
    index->results += !entry->offset;
    *entry = (JournalEntry){.id = head->id,
                            .data_digest = result->data_digest,
                            .offset = offset,
                            .length = head->length,
                            .crc = head->crc,
                            .status = result->status,
                            .journal = index->current};
    return true;
}
