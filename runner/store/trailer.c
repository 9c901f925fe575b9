#include "runner/store/trailer.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/files.h"
#include "runner/journal/crc32.h"

enum { PIECE = 1 << 20 };

typedef struct Trailer {
    char magic[8];
    uint32_t file_crc, crc;
} Trailer;
_Static_assert(sizeof(Trailer) == TRAILER_BYTES, "the trailer has no padding");
static const char MAGIC[8] = {'R', 'U', 'N', 'T', 'R', 'L', '0', '1'};

/* False with errno also where the file is shorter than fstat said. */
static bool read_all(int fd, void *bytes, size_t length, int64_t offset) {
    size_t got;
    if (!files_pread(fd, bytes, length, offset, &got)) return false;
    if (got < length) errno = EIO;
    return got == length;
}

static bool crc_of_file(int fd, const char *path, int64_t size, uint32_t *crc, Error *err) {
    unsigned char *bytes = malloc(PIECE);
    if (!bytes) return error_memory(err, PIECE);
    *crc = 0;
    bool ok = true;
    for (int64_t offset = 0; ok && offset < size; offset += PIECE) {
        const size_t piece = size - offset < PIECE ? (size_t)(size - offset) : PIECE;
        ok = read_all(fd, bytes, piece, offset);
        if (ok) {
            *crc = crc32_update(*crc, bytes, piece);
        } else {
            error_errno(err, "%s: reading it", path);
        }
    }
    free(bytes);
    return ok;
}

bool trailer_append(int fd, const char *path, Error *err) {
    struct stat status;
    if (fstat(fd, &status)) return error_errno(err, "%s", path);
    Trailer trailer = {0};
    memcpy(trailer.magic, MAGIC, sizeof MAGIC);
    if (!crc_of_file(fd, path, status.st_size, &trailer.file_crc, err)) return false;
    trailer.crc = crc32_update(0, &trailer, offsetof(Trailer, crc));
    return files_pwrite_all(fd, &trailer, sizeof trailer, status.st_size) ||
           error_errno(err, "%s: writing its end", path);
}

/* Where HDF5 itself says that the file ends, from its superblock; -1 where there is no such thing
 * at its start. */
static int64_t end_in_superblock(const unsigned char superblock[64]) {
    static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    /* of the end-of-file address, by superblock version */
    static const int offset[4] = {40, 44, 28, 28};
    if (memcmp(superblock, signature, sizeof signature) || superblock[8] > 3) return -1;
    int64_t end;
    memcpy(&end, superblock + offset[superblock[8]], sizeof end);
    return end;
}

bool trailer_is_there(int fd) {
    struct stat status;
    char magic[sizeof MAGIC];
    return fstat(fd, &status) == 0 && status.st_size >= TRAILER_BYTES &&
           read_all(fd, magic, sizeof magic, status.st_size - TRAILER_BYTES) &&
           memcmp(magic, MAGIC, sizeof MAGIC) == 0;
}

bool trailer_check(int fd, const char *path, TrailerState *state, uint32_t *crc, Error *err) {
    struct stat status;
    Trailer trailer;
    unsigned char superblock[64];
    *state = TRAILER_DAMAGED;
    *crc = 0;
    if (fstat(fd, &status)) return error_errno(err, "%s", path);
    if (!S_ISREG(status.st_mode)) {
        return error_set(err, ERROR_RESOURCE, "%s: not a regular file", path);
    }
    if (status.st_size < (off_t)(sizeof superblock + sizeof trailer)) return true;
    const int64_t end = status.st_size - (int64_t)sizeof trailer;
    if (!read_all(fd, superblock, sizeof superblock, 0) ||
        !read_all(fd, &trailer, sizeof trailer, end)) {
        return error_errno(err, "%s: reading it", path);
    }
    if (!memcmp(trailer.magic, MAGIC, sizeof MAGIC) &&
        trailer.crc == crc32_update(0, &trailer, offsetof(Trailer, crc))) {
        if (!crc_of_file(fd, path, end, crc, err)) return false;
        if (*crc == trailer.file_crc) *state = TRAILER_GOOD;
    } else if (end_in_superblock(superblock) == status.st_size) {
        *state = TRAILER_NONE;
        return crc_of_file(fd, path, status.st_size, crc, err);
    }
    return true;
}
