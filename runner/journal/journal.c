/* The journal's file and its index; reading records is in journal_read.c, recovery in
 * journal_scan.c, folders and locks in journal_folder.c. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "runner/journal/crc32.h"
#include "runner/journal/journal_file.h"

/* ---- bytes ---- */

uint32_t journal_head_crc(const JournalHead *head) {
    const uint32_t crc = crc32_update(0, &head->length, sizeof head->length);
    return crc32_update(crc, &head->kind, sizeof head->kind + sizeof head->id);
}

bool journal_pread(const Journal *journal, void *bytes, size_t length, int64_t offset, size_t *got,
                   Error *err) {
    *got = 0;
    while (*got < length) {
        const ssize_t part =
            pread(journal->fd, (char *)bytes + *got, length - *got, offset + (off_t)*got);
        if (part < 0 && errno == EINTR) continue;
        if (part < 0) return error_errno(err, "%s: reading it", journal->path);
        if (part == 0) break;
        *got += (size_t)part;
    }
    return true;
}

/* False with errno set where not all of it could be written: a short write is no error of its own,
 * the next one is. */
static bool pwrite_all(int fd, const void *bytes, size_t length, int64_t offset) {
    for (size_t done = 0; done < length;) {
        const ssize_t part =
            pwrite(fd, (const char *)bytes + done, length - done, offset + (off_t)done);
        if (part < 0 && errno == EINTR) continue;
        if (part == 0) errno = ENOSPC;
        if (part <= 0) return false;
        done += (size_t)part;
    }
    return true;
}

/* ---- index ---- */

static int64_t slot_of(const Journal *journal, uint64_t id) {
    const uint64_t mask = (uint64_t)journal->slots - 1;
    uint64_t at = (id * UINT64_C(0x9e3779b97f4a7c15)) >> 32;
    while (journal->slot[at & mask] && journal->entry[journal->slot[at & mask] - 1].id != id) at++;
    return (int64_t)(at & mask);
}

const JournalEntry *journal_find(const Journal *journal, uint64_t id) {
    if (!journal->slots) return NULL;
    const uint32_t taken = journal->slot[slot_of(journal, id)];
    return taken ? &journal->entry[taken - 1] : NULL;
}

/* Room for one more entry; the table stays at most half full. */
static bool index_grow(Journal *journal, Error *err) {
    if (journal->entries < journal->capacity) return true;
    const int64_t capacity = journal->capacity ? 2 * journal->capacity : 1024;
    JournalEntry *entry = realloc(journal->entry, (size_t)capacity * sizeof *entry);
    if (!entry) return error_memory(err, (size_t)capacity * sizeof *entry);
    journal->entry = entry;
    uint32_t *slot = calloc((size_t)(2 * capacity), sizeof *slot);
    if (!slot) return error_memory(err, (size_t)(2 * capacity) * sizeof *slot);
    free(journal->slot);
    journal->slot = slot;
    journal->capacity = capacity;
    journal->slots = 2 * capacity;
    for (int64_t i = 0; i < journal->entries; i++)
        journal->slot[slot_of(journal, entry[i].id)] = (uint32_t)i + 1;
    return true;
}

static bool index_add(Journal *journal, uint64_t id, JournalEntry **entry, Error *err) {
    if (!index_grow(journal, err)) return false;
    const int64_t slot = slot_of(journal, id);
    if (!journal->slot[slot]) {
        journal->entry[journal->entries] = (JournalEntry){.id = id};
        journal->slot[slot] = (uint32_t)++journal->entries;
    }
    *entry = &journal->entry[journal->slot[slot] - 1];
    return true;
}

/* Whether the result of `entry` has exactly these bytes. */
static bool same_bytes(const Journal *journal, const JournalEntry *entry, const JournalHead *head,
                       const unsigned char *payload, bool *same, Error *err) {
    *same = false;
    if (entry->length != head->length || entry->crc != head->crc) return true;
    unsigned char *other = malloc(head->length);
    if (!other) return error_memory(err, head->length);
    size_t got;
    const bool ok = journal_pread(journal, other, head->length, entry->offset, &got, err);
    *same = ok && got == head->length && !memcmp(other, payload, got);
    free(other);
    return ok;
}

bool journal_note(Journal *journal, const JournalHead *head, int64_t offset,
                  const unsigned char *payload, const TrialResult *result, bool *kept, Error *err) {
    JournalEntry *entry;
    *kept = false;
    if (!index_add(journal, head->id, &entry, err)) return false;
    const bool finished = entry->offset && entry->status != TRIAL_FAILED;
    if (head->kind == JOURNAL_STATE) {
        if (finished) return true;
        entry->state_offset = offset;
        entry->state_length = head->length;
    } else if (finished) {
        bool same;
        if (!same_bytes(journal, entry, head, payload, &same, err)) return false;
        return same || error_set(err, ERROR_CONFLICT,
                                 "%s: two different results of trial %016" PRIx64
                                 " (CRC %08x at byte %" PRId64 ", %08x at byte %" PRId64
                                 "); move it away and run the command again",
                                 journal->path, head->id, (unsigned)entry->crc, entry->offset,
                                 (unsigned)head->crc, offset);
    } else {
        journal->results += !entry->offset;
        entry->offset = offset;
        entry->length = head->length;
        entry->crc = head->crc;
        entry->status = result->status;
        entry->data_digest = result->data_digest;
        entry->state_offset = 0;
        entry->state_length = 0;
    }
    *kept = true;
    return true;
}

/* ---- opening ---- */

static JournalHeader header_make(const char *arithmetic, uint32_t numerics) {
    JournalHeader header = {
        .format = JOURNAL_FORMAT, .endianness = JOURNAL_ENDIANNESS, .numerics = numerics};
    assert(strlen(arithmetic) < sizeof header.arithmetic);
    memcpy(header.magic, JOURNAL_HEADER_MAGIC, sizeof header.magic);
    memcpy(header.arithmetic, arithmetic, strlen(arithmetic));
    header.crc = crc32_update(0, &header, offsetof(JournalHeader, crc));
    return header;
}

/* Refuses what this run may not continue. */
static bool header_check(const Journal *journal, const JournalHeader *header,
                         const char *arithmetic, uint32_t numerics, Error *err) {
    static const char remedy[] =
        "nothing was changed; use --force to start anew, or -o for another folder";
    if (header->format != JOURNAL_FORMAT || header->endianness != JOURNAL_ENDIANNESS)
        return error_set(err, ERROR_CONFLICT, "%s: journal format %u, this program writes %d; %s",
                         journal->path, (unsigned)header->format, JOURNAL_FORMAT, remedy);
    if (!arithmetic) return true;
    if (header->numerics != numerics)
        return error_set(
            err, ERROR_CONFLICT,
            "%s: made by a program of numerics version %u, this one has %u and would add other "
            "numbers; %s",
            journal->path, (unsigned)header->numerics, (unsigned)numerics, remedy);
    if (strncmp(header->arithmetic, arithmetic, sizeof header->arithmetic))
        return error_set(
            err, ERROR_CONFLICT,
            "%s: made with arithmetic class \"%.16s\", this processor's is \"%s\" and would add "
            "other bits; %s",
            journal->path, header->arithmetic, arithmetic, remedy);
    return true;
}

/* Reads and judges the header; *empty says that the file ends before its first record. */
static bool header_read(const Journal *journal, const char *arithmetic, uint32_t numerics,
                        bool *empty, Error *err) {
    unsigned char bytes[JOURNAL_HEADER_BYTES] = {0};
    size_t got;
    if (!journal_pread(journal, bytes, sizeof bytes, 0, &got, err)) return false;
    const size_t magic = sizeof JOURNAL_HEADER_MAGIC - 1;
    *empty = got < sizeof bytes && !memcmp(bytes, JOURNAL_HEADER_MAGIC, got < magic ? got : magic);
    if (*empty) return true; /* its creation was broken off: nothing can have been in it */
    for (int copy = 0; copy < JOURNAL_HEADERS; copy++) {
        JournalHeader header;
        memcpy(&header, bytes + (size_t)copy * sizeof header, sizeof header);
        if (memcmp(header.magic, JOURNAL_HEADER_MAGIC, magic) ||
            header.crc != crc32_update(0, &header, offsetof(JournalHeader, crc)))
            continue;
        return header_check(journal, &header, arithmetic, numerics, err);
    }
    const JournalHeader ours = header_make(arithmetic ? arithmetic : "", numerics);
    JournalHeader theirs;
    memcpy(&theirs, bytes, sizeof theirs);
    return error_set(
        err, ERROR_CONFLICT,
        "%s: not a journal, or its header is damaged (its CRC says %08x, its bytes give %08x; ours "
        "would be %08x); nothing was changed; move it away, or use -o for another folder",
        journal->path, (unsigned)theirs.crc,
        (unsigned)crc32_update(0, &theirs, offsetof(JournalHeader, crc)), (unsigned)ours.crc);
}

static bool sync_folder(const char *path, Error *err) {
    char *copy = strdup(path);
    if (!copy) return error_memory(err, strlen(path) + 1);
    const int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(copy);
    bool ok = fd >= 0 && !fsync(fd);
    if (!ok) error_errno(err, "%s: making its folder safe", path);
    if (fd >= 0) close(fd);
    return ok;
}

/* A new file: header, safe on disk before the first record. */
static bool header_write(Journal *journal, const char *arithmetic, uint32_t numerics, Error *err) {
    const JournalHeader one = header_make(arithmetic, numerics);
    const JournalHeader both[JOURNAL_HEADERS] = {one, one};
    bool ok = !ftruncate(journal->fd, 0) && pwrite_all(journal->fd, both, sizeof both, 0) &&
              !fdatasync(journal->fd);
    if (!ok) error_errno(err, "%s: cannot be written", journal->path);
    ok = ok && sync_folder(journal->path, err);
    if (!ok) (void)unlink(journal->path); /* nothing is in it */
    return ok;
}

static bool open_file(Journal *journal, const char *path, bool writable, int64_t *size,
                      Error *err) {
    *journal = (Journal){.fd = -1, .end = JOURNAL_HEADER_BYTES};
    journal->path = strdup(path);
    if (!journal->path) return error_memory(err, strlen(path) + 1);
    journal->fd =
        open(path, (writable ? O_RDWR | O_CREAT : O_RDONLY) | O_NONBLOCK | O_CLOEXEC, 0644);
    if (journal->fd < 0) return error_errno(err, "%s", path);
    if (writable && flock(journal->fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
        return error_set(err, ERROR_CONFLICT, "%s: another runner writes it", path);
    struct stat status;
    if (fstat(journal->fd, &status)) return error_errno(err, "%s", path);
    if (!S_ISREG(status.st_mode))
        return error_set(err, ERROR_CONFLICT, "%s: not a regular file", path);
    journal->file = (JournalFile){(uint64_t)status.st_dev, (uint64_t)status.st_ino};
    *size = status.st_size;
    return true;
}

bool journal_open(Journal *journal, const char *path, const char *arithmetic, uint32_t numerics,
                  Error *err) {
    int64_t size = 0;
    bool empty;
    TRY(open_file(journal, path, true, &size, err));
    TRY(header_read(journal, arithmetic, numerics, &empty, err));
    if (empty)
        TRY(header_write(journal, arithmetic, numerics, err));
    else
        TRY(journal_scan(journal, size, err));
    if (journal->end < size && !empty && ftruncate(journal->fd, journal->end)) {
        error_errno(err, "%s: cutting off its torn end", path);
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

bool journal_open_readonly(Journal *journal, const char *path, const char *arithmetic,
                           uint32_t numerics, Error *err) {
    int64_t size = 0;
    bool empty;
    TRY(open_file(journal, path, false, &size, err));
    TRY(header_read(journal, arithmetic, numerics, &empty, err));
    if (!empty) TRY(journal_scan(journal, size, err));
    return true;
fail:
    journal_close(journal);
    return false;
}

void journal_close(Journal *journal) {
    if (!journal->path) return; /* zeroed, or closed before */
    /* Gives reserved blocks back. Were either call to fail, they would only go with the file. */
    if (journal->writable && !journal->broken) {
        const bool vain = journal->created && journal->end == JOURNAL_HEADER_BYTES;
        if (vain ? unlink(journal->path) : ftruncate(journal->fd, journal->end))
            journal->broken = true;
    }
    if (journal->fd >= 0) close(journal->fd);
    free(journal->path);
    free(journal->entry);
    free(journal->slot);
    free(journal->buffer);
    *journal = (Journal){.fd = -1};
}

/* ---- writing ---- */

bool journal_reserve(Journal *journal, int64_t bytes, Error *err) {
    if (bytes <= 0 || !fallocate(journal->fd, FALLOC_FL_KEEP_SIZE, journal->end, bytes))
        return true;
    if (errno != ENOSPC && errno != EDQUOT && errno != EFBIG)
        return true; /* not offered here: no harm */
    const int reason = errno;
    struct statvfs disk;
    const bool known = !fstatvfs(journal->fd, &disk);
    /* A reservation that failed half way keeps what it got. */
    if (ftruncate(journal->fd, journal->end)) journal->broken = true;
    return error_set(err, ERROR_RESOURCE,
                     "%s: %" PRId64 " bytes are needed, %s (%" PRId64 " are free; %" PRId64
                     " trials are safe in it); make room and run the command again",
                     journal->path, bytes, strerror(reason),
                     known ? (int64_t)(disk.f_bavail * disk.f_frsize) : INT64_C(0),
                     journal->results);
}

int64_t journal_record_bytes(const TrialResult *result) {
    return (int64_t)(sizeof(JournalHead) + trial_result_bytes(result));
}

static bool fail_write(Journal *journal, int reason, const char *doing, Error *err) {
    return error_set(err, ERROR_RESOURCE,
                     "%s: %s: %s; %" PRId64
                     " trials are safe in it; make room and run the same command with "
                     "--resume",
                     journal->path, doing, strerror(reason), journal->results);
}

bool journal_sync(Journal *journal, bool now, Error *err) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    const int64_t elapsed = (int64_t)(time.tv_sec - journal->synced.tv_sec) * 1000000000 +
                            (time.tv_nsec - journal->synced.tv_nsec);
    if (!journal->unsynced || (!now && elapsed < 1000000000)) return true;
    if (journal->broken) return fail_write(journal, EIO, "an earlier write failed", err);
    journal->synced = time;
    /* Never tried again: a second fsync may succeed although the pages of the first are lost. */
    if (fdatasync(journal->fd)) {
        journal->broken = true;
        return fail_write(journal, errno, "the disk did not take what was written", err);
    }
    journal->unsynced = false;
    return true;
}

/* Grows the record buffer and returns where the payload goes; multiples of 8, so a result's arrays
 * are aligned. */
static unsigned char *payload_room(Journal *journal, size_t length, Error *err) {
    if (length > UINT32_MAX) {
        error_set(err, ERROR_RESOURCE, "%s: a record of %zu bytes is too large (at most %u)",
                  journal->path, length, UINT32_MAX);
        return NULL;
    }
    JournalBuffer buffer = {.bytes = journal->buffer, .size = journal->buffer_size};
    const bool ok = journal_buffer_reserve(&buffer, sizeof(JournalHead) + length, err);
    journal->buffer = buffer.bytes;
    journal->buffer_size = buffer.size;
    return ok ? journal->buffer + sizeof(JournalHead) : NULL;
}

/* Writes the record whose payload stands in the buffer. */
static bool append(Journal *journal, JournalKind kind, uint64_t id, size_t length,
                   const TrialResult *result, Error *err) {
    JournalHead head = {
        .magic = JOURNAL_MAGIC, .length = (uint32_t)length, .kind = (uint32_t)kind, .id = id};
    unsigned char *payload = journal->buffer + sizeof head;
    head.crc = crc32_update(journal_head_crc(&head), payload, length);
    memcpy(journal->buffer, &head, sizeof head);
    if (journal->broken) return fail_write(journal, EIO, "an earlier write failed", err);
    const JournalEntry *known = journal_find(journal, id);
    const bool finished = journal_has_result(known) && known->status != TRIAL_FAILED;
    bool kept;
    if (finished) return journal_note(journal, &head, journal->end, payload, result, &kept, err);
    if (!index_grow(journal, err)) return false; /* now, not with the record half indexed */
    const size_t whole = sizeof head + length;
    if (!pwrite_all(journal->fd, journal->buffer, whole, journal->end)) {
        const int reason = errno;
        if (ftruncate(journal->fd, journal->end)) journal->broken = true;
        return fail_write(journal, reason, "writing it", err);
    }
    const int64_t offset = journal->end + (int64_t)sizeof head;
    journal->end += (int64_t)whole;
    journal->unsynced = true;
    return journal_note(journal, &head, offset, payload, result, &kept, err) &&
           journal_sync(journal, false, err);
}

bool journal_append(Journal *journal, const TrialResult *result, Error *err) {
    const size_t length = trial_result_bytes(result);
    unsigned char *payload = payload_room(journal, length, err);
    if (!payload) return false;
    trial_result_encode(result, payload);
    return append(journal, JOURNAL_RESULT, result->id, length, result, err);
}

/* Gives the disk space of a checkpoint back that another one stands for: one a minute would fill a
 * disk over night. The zeros left are passed over by recovery. Small ones are not worth a sync. */
static bool drop_state(Journal *journal, int64_t offset, int64_t length, Error *err) {
    enum { WORTH_IT = 1 << 16 };
    if (!offset || length < WORTH_IT) return true;
    if (!journal_sync(journal, true, err)) return false; /* the new one must be there first */
    const off_t head = (off_t)sizeof(JournalHead);
    (void)!fallocate(journal->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset - head,
                     length + head); /* not offered everywhere */
    return true;
}

bool journal_append_state(Journal *journal, uint64_t id, const void *state, size_t bytes,
                          Error *err) {
    unsigned char *payload = payload_room(journal, bytes, err);
    if (!payload) return false;
    memcpy(payload, state, bytes);
    const JournalEntry *known = journal_find(journal, id);
    const int64_t offset = known ? known->state_offset : 0;
    const int64_t length = known ? known->state_length : 0;
    return append(journal, JOURNAL_STATE, id, bytes, NULL, err) &&
           drop_state(journal, offset, length, err);
}
