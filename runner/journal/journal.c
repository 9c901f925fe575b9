#include "runner/journal/journal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/files.h"
#include "runner/journal/crc32.h"
#include "runner/journal/journal_scan.h"

#define SYNC_NS 700000000 /* what is older is synced when journal_sync() is called */

/* --- opening ---------------------------------------------------------------------------------- */

static bool scan(Journal *journal, int64_t size, Error *err) {
    JournalScan found;
    const bool ok = journal_scan(&found, &journal->index, &journal->file, size, err);
    journal->end = found.end;
    journal->damaged = found.damaged;
    return ok;
}

bool journal_open(Journal *journal, const Folder *folder, const char *name, const char *arithmetic,
                  uint32_t numerics, Error *err) {
    int64_t size = 0;
    bool empty;
    *journal = (Journal){.end = JOURNAL_HEADER_BYTES};
    TRY(journal_file_open(&journal->file, folder, name, true, &size, err));
    TRY(journal_file_read_header(&journal->file, arithmetic, numerics, &empty, err));
    if (empty)
        TRY(journal_file_write_header(&journal->file, arithmetic, numerics, err));
    else
        TRY(scan(journal, size, err));
    if (journal->end < size && !empty && ftruncate(journal->file.fd, journal->end)) {
        error_errno(err, "%s: cutting off its torn end", journal->file.path);
        goto fail;
    }
    clock_gettime(CLOCK_MONOTONIC, &journal->synced);
    journal->created = size == 0;
    journal->writable = true; /* only now: closing a journal that was refused must not cut it */
    return true;
fail:
    journal_close(journal);
    return false;
}

bool journal_open_readonly(Journal *journal, const Folder *folder, const char *name,
                           const char *arithmetic, uint32_t numerics, Error *err) {
    int64_t size = 0;
    bool empty;
    *journal = (Journal){.end = JOURNAL_HEADER_BYTES};
    TRY(journal_file_open(&journal->file, folder, name, false, &size, err));
    TRY(journal_file_read_header(&journal->file, arithmetic, numerics, &empty, err));
    if (!empty) TRY(scan(journal, size, err));
    return true;
fail:
    journal_close(journal);
    return false;
}

void journal_close(Journal *journal) {
    if (!journal->file.path) return; /* zeroed, or closed before */
    /* Gives reserved blocks back. Were either call to fail, they would only go with the file. */
    if (journal->writable && !journal->broken) {
        const bool vain = journal->created && journal->end == JOURNAL_HEADER_BYTES;
        if (vain && journal_file_is_named(&journal->file))
            (void)folder_remove(&journal->file.folder, journal->file.name, NULL);
        (void)!ftruncate(journal->file.fd, journal->end);
    }
    journal_file_close(&journal->file);
    journal_index_free(&journal->index);
    if (journal->record) journal_buffer_free(&journal->record->buffer);
    free(journal->record);
    *journal = (Journal){.file = {.fd = -1}};
}

/* Copies its bytes up to its end. */
static bool copy_bytes(const Journal *journal, int to, Error *err) {
    unsigned char bytes[1 << 13];
    for (int64_t at = 0; at < journal->end;) {
        const int64_t left = journal->end - at;
        const size_t piece = left < (int64_t)sizeof bytes ? (size_t)left : sizeof bytes;
        size_t got;
        if (!journal_file_read(&journal->file, bytes, piece, at, &got, err)) return false;
        if (got == 0) break; /* holes of a read-only one that its writer has cut */
        if (!files_pwrite_all(to, bytes, got, at)) return error_errno(err, "writing it anew");
        at += (int64_t)got;
    }
    return true;
}

bool journal_move(Journal *journal, const Folder *folder, Error *err) {
    JournalFile moved;
    int64_t size;
    if (folder_has(folder, journal->file.name)) {
        return error_set(err, ERROR_CONFLICT, "%s/%s: is another file now", folder->path,
                         journal->file.name);
    }
    if (!journal_file_open(&moved, folder, journal->file.name, true, &size, err)) {
        journal_file_close(&moved);
        return false;
    }
    if (copy_bytes(journal, moved.fd, err) &&
        (fdatasync(moved.fd) == 0 || error_errno(err, "%s: writing it anew", moved.path)) &&
        folder_sync(folder, err)) {
        journal_file_close(&journal->file);
        journal->file = moved;
        journal->unsynced = false;
        return true;
    }
    (void)folder_remove(folder, moved.name, NULL);
    journal_file_close(&moved);
    return false;
}

/* --- reading ---------------------------------------------------------------------------------- */

const JournalEntry *journal_find(const Journal *journal, uint64_t id) {
    return journal_index_find(&journal->index, id);
}

bool journal_read(const JournalFile *file, const JournalEntry *entry, JournalBuffer *buffer,
                  TrialResult *result, Error *err) {
    const JournalHead head = {.kind = JOURNAL_RESULT, .id = entry->id, .length = entry->length};
    const unsigned char *payload;
    assert(journal_index_has_result(entry));
    return journal_buffer_read(buffer, file, &head, entry->offset, &payload, err) &&
           (trial_result_decode(result, payload, entry->length) ||
            error_set(err, ERROR_RESOURCE, "%s: the record of trial %016" PRIx64 " makes no sense",
                      file->path, entry->id));
}

bool journal_read_state(const JournalFile *file, const JournalEntry *entry, JournalBuffer *buffer,
                        JournalState *state, Error *err) {
    const JournalHead head = {
        .kind = JOURNAL_STATE, .id = entry->id, .length = entry->state_length};
    const unsigned char *payload;
    assert(entry->state_offset);
    if (!journal_buffer_read(buffer, file, &head, entry->state_offset, &payload, err)) {
        return false;
    }
    *state = (JournalState){0};
    if (entry->state_length < sizeof state->data_digest) return true; /* none of ours */
    memcpy(&state->data_digest, payload, sizeof state->data_digest);
    state->bytes = payload + sizeof state->data_digest;
    state->size = entry->state_length - sizeof state->data_digest;
    return true;
}

/* --- writing ---------------------------------------------------------------------------------- */

bool journal_reserve(Journal *journal, int64_t bytes, Error *err) {
    if (bytes <= 0 || !fallocate(journal->file.fd, FALLOC_FL_KEEP_SIZE, journal->end, bytes)) {
        return true;
    }
    /* not offered here: no harm */
    if (errno != ENOSPC && errno != EDQUOT && errno != EFBIG) return true;
    const int reason = errno;
    struct statvfs disk;
    const bool known = !fstatvfs(journal->file.fd, &disk);
    /* A reservation that fails half way leaves what it got. */
    if (ftruncate(journal->file.fd, journal->end)) journal->broken = true;
    return error_set(err, ERROR_RESOURCE,
                     "%s: %" PRId64 " bytes are needed, %s (%" PRId64 " are free; %" PRId64
                     " trials are safe in it); make room and run the command again",
                     journal->file.path, bytes, strerror(reason),
                     known ? (int64_t)(disk.f_bavail * disk.f_frsize) : INT64_C(0),
                     journal->index.results);
}

static bool fail_write(Journal *journal, int reason, const char *doing, Error *err) {
    return error_set(err, ERROR_RESOURCE,
                     "%s: %s: %s; %" PRId64
                     " trials are safe in it; make room and run the same command with "
                     "--resume",
                     journal->file.path, doing, strerror(reason), journal->index.results);
}

bool journal_sync(Journal *journal, bool now, Error *err) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    const int64_t elapsed = (int64_t)(time.tv_sec - journal->synced.tv_sec) * 1000000000 +
                            (time.tv_nsec - journal->synced.tv_nsec);
    if (!journal->unsynced || (!now && elapsed < SYNC_NS)) return true;
    if (journal->broken) return fail_write(journal, EIO, "an earlier write failed", err);
    journal->synced = time;
    /* Never tried again: a second fsync may succeed although the pages of the first are lost. */
    if (fdatasync(journal->file.fd)) {
        journal->broken = true;
        return fail_write(journal, errno, "the disk did not take what was written", err);
    }
    journal->unsynced = false;
    return true;
}

/* The record of journal_append(), made at the first use. */
static JournalRecord *own_record(Journal *journal, Error *err) {
    if (!journal->record) journal->record = calloc(1, sizeof *journal->record);
    if (!journal->record) error_memory(err, sizeof *journal->record);
    return journal->record;
}

/* Room for a record; its payload goes where this points, aligned to 8 like a result's arrays. */
static unsigned char *reserve_payload(JournalRecord *record, size_t length, Error *err) {
    if (length > UINT32_MAX) {
        error_set(err, ERROR_RESOURCE, "a journal's record of %zu bytes is too large (at most %u)",
                  length, UINT32_MAX);
        return NULL;
    }
    const bool ok = journal_buffer_reserve(&record->buffer, sizeof(JournalHead) + length, err);
    return ok ? record->buffer.bytes + sizeof(JournalHead) : NULL;
}

/* The head before the payload. */
static void seal(JournalRecord *record, JournalKind kind, uint64_t id, size_t length) {
    record->head = (JournalHead){
        .magic = JOURNAL_MAGIC, .length = (uint32_t)length, .kind = (uint32_t)kind, .id = id};
    record->head.crc = crc32_update(journal_file_head_crc(&record->head),
                                    record->buffer.bytes + sizeof(JournalHead), length);
    memcpy(record->buffer.bytes, &record->head, sizeof record->head);
}

static size_t record_bytes(const JournalRecord *record) {
    return sizeof(JournalHead) + record->head.length;
}

bool journal_encode(JournalRecord *record, const TrialResult *result, Error *err) {
    const size_t length = trial_result_bytes(result);
    unsigned char *payload = reserve_payload(record, length, err);
    if (!payload) return false;
    trial_result_encode(result, payload);
    seal(record, JOURNAL_RESULT, result->id, length);
    record->result = (TrialResult){
        .id = result->id, .data_digest = result->data_digest, .status = result->status};
    return true;
}

bool journal_claim(Journal *journal, JournalRecord *record, Error *err) {
    record->offset = 0;
    record->reason = 0;
    if (journal->broken) return fail_write(journal, EIO, "an earlier write failed", err);
    const JournalEntry *known = journal_find(journal, record->head.id);
    if (journal_index_has_result(known) && known->status != TRIAL_FAILED) {
        return journal_index_add(&journal->index, &journal->file, &record->head, journal->end,
                                 record->buffer.bytes + sizeof(JournalHead), &record->result, err);
    }
    /* now, not with the record half indexed */
    if (!journal_index_reserve(&journal->index, err)) return false;
    record->offset = journal->end;
    journal->end += (int64_t)record_bytes(record);
    return true;
}

void journal_write(const Journal *journal, JournalRecord *record) {
    if (!record->offset) return;
    const size_t bytes = record_bytes(record);
    if (!files_pwrite_all(journal->file.fd, record->buffer.bytes, bytes, record->offset)) {
        record->reason = errno;
    }
}

/* Takes a record back whose write failed: it may be there in part. */
static void give_up(Journal *journal, const JournalRecord *record) {
    if (journal->end != record->offset + (int64_t)record_bytes(record)) return;
    journal->end = record->offset;
    if (ftruncate(journal->file.fd, journal->end)) journal->broken = true;
}

bool journal_commit(Journal *journal, const JournalRecord *record, Error *err) {
    if (!record->offset) return true;
    if (record->reason) {
        give_up(journal, record);
        return fail_write(journal, record->reason, "writing it", err);
    }
    journal->unsynced = true;
    return journal_index_add(&journal->index, &journal->file, &record->head,
                             record->offset + (int64_t)sizeof(JournalHead),
                             record->buffer.bytes + sizeof(JournalHead), &record->result, err) &&
           journal_sync(journal, false, err);
}

static bool append(Journal *journal, JournalRecord *record, Error *err) {
    if (!journal_claim(journal, record, err)) return false;
    journal_write(journal, record);
    return journal_commit(journal, record, err);
}

bool journal_append(Journal *journal, const TrialResult *result, Error *err) {
    JournalRecord *record = own_record(journal, err);
    return record && journal_encode(record, result, err) && append(journal, record, err);
}

/* Gives back the disk space of a checkpoint that another one replaces: one a minute would fill a
 * disk over night. The zeros left are passed over by recovery. Small ones are not worth a sync. */
static bool drop_state(Journal *journal, int64_t offset, int64_t length, Error *err) {
    enum { WORTH_IT = 1 << 16 };
    if (!offset || length < WORTH_IT) return true;
    if (!journal_sync(journal, true, err)) return false; /* the new one must be there first */
    const off_t head = (off_t)sizeof(JournalHead);
    (void)!fallocate(journal->file.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset - head,
                     length + head); /* not offered everywhere */
    return true;
}

bool journal_append_state(Journal *journal, uint64_t id, JournalState state, Error *err) {
    const size_t bytes = sizeof state.data_digest + state.size;
    JournalRecord *record = own_record(journal, err);
    unsigned char *payload = record ? reserve_payload(record, bytes, err) : NULL;
    if (!payload) return false;
    memcpy(payload, &state.data_digest, sizeof state.data_digest);
    memcpy(payload + sizeof state.data_digest, state.bytes, state.size);
    seal(record, JOURNAL_STATE, id, bytes);
    const JournalEntry *known = journal_find(journal, id);
    const int64_t offset = known ? known->state_offset : 0;
    const int64_t length = known ? known->state_length : 0;
    return append(journal, record, err) && drop_state(journal, offset, length, err);
}
