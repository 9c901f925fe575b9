#include "runner/journal/journal_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "runner/journal/crc32.h"

uint32_t journal_file_head_crc(const JournalHead *head) {
    const uint32_t crc = crc32_update(0, &head->length, sizeof head->length);
    return crc32_update(crc, &head->kind, sizeof head->kind + sizeof head->id);
}

bool journal_file_read(const JournalFile *file, void *bytes, size_t length, int64_t offset,
                       size_t *got, Error *err) {
    return files_pread(file->fd, bytes, length, offset, got) ||
           error_errno(err, "%s: reading it", file->path);
}

/* --- opening ---------------------------------------------------------------------------------- */

static bool lock(const JournalFile *file, Error *err) {
    if (!flock(file->fd, LOCK_EX | LOCK_NB)) return true;
    if (errno == EWOULDBLOCK) {
        return error_set(err, ERROR_CONFLICT, "%s: another runner writes it", file->path);
    }
    /* without locks the folder could not be locked either, and its user has been told */
    return files_has_no_locks(errno) || error_errno(err, "%s: locking it", file->path);
}

static bool identify(JournalFile *file, int64_t *size, Error *err) {
    struct stat status;
    if (fstat(file->fd, &status)) return error_errno(err, "%s", file->path);
    file->device = (uint64_t)status.st_dev;
    file->inode = (uint64_t)status.st_ino;
    *size = status.st_size;
    return true;
}

bool journal_file_open(JournalFile *file, const Folder *folder, const char *name, bool writable,
                       int64_t *size, Error *err) {
    const int flags = writable ? O_RDWR | O_CREAT : O_RDONLY;
    *file = (JournalFile){.fd = -1, .folder = FOLDER_NONE};
    if (asprintf(&file->path, "%s/%s", folder->path, name) < 0) {
        file->path = NULL;
        return error_memory(err, strlen(folder->path) + strlen(name) + 2);
    }
    file->name = file->path + strlen(folder->path) + 1;
    if (!folder_copy(&file->folder, folder, err)) return false;
    do {
        if (file->fd >= 0) close(file->fd);
        file->fd = folder_open_file(folder, name, flags, err);
        if (file->fd < 0 || (writable && !lock(file, err)) || !identify(file, size, err)) {
            return false;
        }
        /* whoever published just then removed it, and nobody would ever find what is written to
         * it */
    } while (writable && !journal_file_is_named(file));
    return true;
}

void journal_file_close(JournalFile *file) {
    if (!file->path) return; /* zeroed, or closed before */
    if (file->fd >= 0) close(file->fd);
    folder_close(&file->folder);
    free(file->path);
    *file = (JournalFile){.fd = -1, .folder = FOLDER_NONE};
}

bool journal_file_is_named(const JournalFile *file) {
    struct stat status;
    return fstatat(file->folder.fd, file->name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           (uint64_t)status.st_dev == file->device && (uint64_t)status.st_ino == file->inode;
}

/* --- the header ------------------------------------------------------------------------------- */

static uint32_t header_crc(const JournalHeader *header) {
    return crc32_update(0, header, offsetof(JournalHeader, crc));
}

static JournalHeader make_header(const char *arithmetic, uint32_t numerics) {
    JournalHeader header = {
        .format = JOURNAL_FORMAT, .endianness = JOURNAL_ENDIANNESS, .numerics = numerics};
    assert(strlen(arithmetic) < sizeof header.arithmetic);
    memcpy(header.magic, JOURNAL_HEADER_MAGIC, sizeof header.magic);
    memcpy(header.arithmetic, arithmetic, strlen(arithmetic));
    header.crc = header_crc(&header);
    return header;
}

/* Refuses what this run may not continue. */
static bool check_header(const JournalFile *file, const JournalHeader *header,
                         const char *arithmetic, uint32_t numerics, Error *err) {
    static const char remedy[] =
        "nothing was changed; use --force to start anew, or -o for another folder";
    if (header->format != JOURNAL_FORMAT || header->endianness != JOURNAL_ENDIANNESS) {
        return error_set(err, ERROR_CONFLICT, "%s: journal format %u, this program writes %d; %s",
                         file->path, (unsigned)header->format, JOURNAL_FORMAT, remedy);
    }
    if (!arithmetic) return true;
    if (header->numerics != numerics) {
        return error_set(
            err, ERROR_CONFLICT,
            "%s: made by a program of numerics version %u, this one has %u and would add other "
            "numbers; %s",
            file->path, (unsigned)header->numerics, (unsigned)numerics, remedy);
    }
    if (strncmp(header->arithmetic, arithmetic, sizeof header->arithmetic)) {
        return error_set(
            err, ERROR_CONFLICT,
            "%s: made with arithmetic class \"%.16s\", this processor's is \"%s\" and would add "
            "other bits; %s",
            file->path, header->arithmetic, arithmetic, remedy);
    }
    return true;
}

bool journal_file_read_header(const JournalFile *file, const char *arithmetic, uint32_t numerics,
                              bool *empty, Error *err) {
    unsigned char bytes[JOURNAL_HEADER_BYTES] = {0};
    size_t got;
    if (!journal_file_read(file, bytes, sizeof bytes, 0, &got, err)) return false;
    const size_t magic = sizeof JOURNAL_HEADER_MAGIC - 1;
    *empty = got < sizeof bytes && !memcmp(bytes, JOURNAL_HEADER_MAGIC, got < magic ? got : magic);
    if (*empty) return true; /* its creation was broken off: nothing can have been in it */
    for (int copy = 0; copy < JOURNAL_HEADERS; copy++) {
        JournalHeader header;
        memcpy(&header, bytes + (size_t)copy * sizeof header, sizeof header);
        if (memcmp(header.magic, JOURNAL_HEADER_MAGIC, magic) ||
            header.crc != header_crc(&header)) {
            continue;
        }
        return check_header(file, &header, arithmetic, numerics, err);
    }
    const JournalHeader ours = make_header(arithmetic ? arithmetic : "", numerics);
    JournalHeader theirs;
    memcpy(&theirs, bytes, sizeof theirs);
    return error_set(
        err, ERROR_CONFLICT,
        "%s: not a journal, or its header is damaged (its CRC says %08x, its bytes give %08x; ours "
        "would be %08x); nothing was changed; move it away, or use -o for another folder",
        file->path, (unsigned)theirs.crc, (unsigned)header_crc(&theirs), (unsigned)ours.crc);
}

bool journal_file_write_header(const JournalFile *file, const char *arithmetic, uint32_t numerics,
                               Error *err) {
    const JournalHeader one = make_header(arithmetic, numerics);
    const JournalHeader both[JOURNAL_HEADERS] = {one, one};
    bool ok = !ftruncate(file->fd, 0) && files_pwrite_all(file->fd, both, sizeof both, 0) &&
              !fdatasync(file->fd);
    if (!ok) error_errno(err, "%s: cannot be written", file->path);
    ok = ok && folder_sync(&file->folder, err);
    if (!ok) (void)folder_remove(&file->folder, file->name, NULL); /* nothing is in it */
    return ok;
}
