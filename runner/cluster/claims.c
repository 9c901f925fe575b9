#include "runner/cluster/claims.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "runner/cluster/launch.h"
#include "runner/journal/crc32.h"
#include "runner/journal/results_folder.h"

#define FIRST_LINE "runner claims 1\n"
#define LAST_KEY   "resumed: "

/* Bytes that are locked and never written: of the file's records, of the publisher, and behind them
 * that of process I at PROCESS_BYTE + I. */
enum { RECORDS_BYTE, PUBLISHER_BYTE, PROCESS_BYTE };
#define LOCKS (INT64_C(1) << 40)

typedef enum ClaimsKind { CLAIMS_CLAIMED = 1, CLAIMS_DONE = 2, CLAIMS_UNSHARED = 3 } ClaimsKind;

typedef struct ClaimsRecord {
    uint32_t kind, block, process, check; /* check: a CRC of the three before */
} ClaimsRecord;
_Static_assert(sizeof(ClaimsRecord) == 16, "a record has no padding");

static uint32_t record_check(const ClaimsRecord *record) {
    return crc32_update(0, record, offsetof(ClaimsRecord, check));
}

static bool fail(const Claims *claims, const char *doing, Error *err) {
    return error_errno(err, "%s/%s: %s", claims->input.folder->path, RESULTS_FOLDER_CLAIMS, doing);
}

/* --- locks ------------------------------------------------------------------------------------ */

/* Locks `bytes` of them from `which` on, or unlocks them. False with errno. */
static bool set_lock(int fd, short type, int64_t which, int64_t bytes) {
    struct flock lock = {
        .l_type = type, .l_whence = SEEK_SET, .l_start = LOCKS + which, .l_len = bytes};
    int result;
    do result = fcntl(fd, F_OFD_SETLK, &lock);
    while (result && errno == EINTR);
    return !result;
}

static bool is_held(int number) {
    return number == EAGAIN || number == EACCES;
}

/* Whether another process holds any of the bytes; false also where that cannot be said. */
static bool is_locked(int fd, int64_t which, int64_t bytes) {
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCKS + which, .l_len = bytes};
    return !fcntl(fd, F_OFD_GETLK, &lock) && lock.l_type != F_UNLCK;
}

/* Locks the records; whoever does so is done in microseconds. */
static bool enter(const Claims *claims, Error *err) {
    enum { SHORT = 10, LONGER = 50, PATIENCE = 80 };
    const ClaimsInput *input = &claims->input;
    for (int64_t tries = 0; !set_lock(claims->fd, F_WRLCK, RECORDS_BYTE, 1); tries++) {
        if (files_has_no_locks(errno)) {
            return error_errno(err,
                               "%s: this file system has no locks by which processes could share "
                               "the work (--no-deal gives each a fixed share, for runner merge)",
                               input->folder->path);
        }
        if (!is_held(errno)) return fail(claims, "locking it", err);
        if (*input->stop && tries > PATIENCE) {
            return error_set(err, ERROR_RESOURCE, "%s/%s: another process holds its lock",
                             input->folder->path, RESULTS_FOLDER_CLAIMS);
        }
        usleep(tries < SHORT ? 50 : tries < LONGER ? 1000 : 10000);
    }
    return true;
}

static void leave(const Claims *claims) {
    (void)set_lock(claims->fd, F_UNLCK, RECORDS_BYTE, 1);
}

/* Whether the open file still has its name: NFS keeps a removed one under another. */
static bool is_current(const Claims *claims) {
    struct stat own, named;
    return !fstat(claims->fd, &own) &&
           !fstatat(claims->input.folder->fd, RESULTS_FOLDER_CLAIMS, &named, AT_SYMLINK_NOFOLLOW) &&
           own.st_dev == named.st_dev && own.st_ino == named.st_ino;
}

/* --- records ---------------------------------------------------------------------------------- */

static void add(Claims *claims, const ClaimsRecord *record) {
    const int64_t block = record->block;
    const uint32_t process = record->process;
    if (record->check != record_check(record)) return;
    if (record->kind == CLAIMS_UNSHARED) claims->unshared = true;
    if (block >= claims->input.blocks || process < 1 ||
        process > (uint32_t)claims->input.processes || claims->done[block]) {
        return;
    }
    if (record->kind == CLAIMS_DONE) {
        claims->done[block] = true;
        claims->finished++;
    } else if (record->kind == CLAIMS_CLAIMED) {
        /* whoever took ours over did not see that we live */
        if (claims->held[block] && process != (uint32_t)claims->input.process) {
            claims->unshared = true;
        }
        claims->owner[block] = process;
    }
    if (block >= claims->fresh) claims->fresh = block + 1;
}

/* Under the lock: what others wrote since; where our last record is no more, another was written at
 * the same time. */
static bool catch_up(Claims *claims, Error *err) {
    ClaimsRecord record[256];
    size_t got;
    if (claims->own) {
        if (!files_pread(claims->fd, record, sizeof *record, claims->own, &got)) {
            return fail(claims, "reading it", err);
        }
        if (got < sizeof *record || record->check != claims->own_check) claims->unshared = true;
    }
    do {
        if (!files_pread(claims->fd, record, sizeof record, claims->seen, &got)) {
            return fail(claims, "reading it", err);
        }
        for (size_t i = 0; i < got / sizeof *record; i++) add(claims, &record[i]);
        claims->seen +=
            (int64_t)(got / sizeof *record * sizeof *record); /* a torn one is written over */
    } while (got == sizeof record);
    return true;
}

/* Under the lock, after catch_up(). */
static bool append(Claims *claims, ClaimsKind kind, int64_t block, Error *err) {
    ClaimsRecord record = {
        .kind = kind, .block = (uint32_t)block, .process = (uint32_t)claims->input.process};
    record.check = record_check(&record);
    if (!files_pwrite_all(claims->fd, &record, sizeof record, claims->seen)) {
        return fail(claims, "writing it", err);
    }
    add(claims, &record);
    claims->own = claims->seen;
    claims->own_check = record.check;
    claims->seen += (int64_t)sizeof record;
    return true;
}

bool claims_refresh(Claims *claims, bool *over, Error *err) {
    if (!enter(claims, err)) return false;
    *over = !is_current(claims);
    const bool said = claims->unshared;
    bool ok = *over || catch_up(claims, err);
    if (ok && !*over && claims->unshared && !said) ok = append(claims, CLAIMS_UNSHARED, 0, err);
    leave(claims);
    return ok;
}

bool claims_next(Claims *claims, int64_t *block, Error *err) {
    *block = -1;
    if (!enter(claims, err)) return false;
    bool ok = catch_up(claims, err);
    if (ok && claims->fresh < claims->input.blocks && is_current(claims)) {
        *block = claims->fresh;
        ok = append(claims, CLAIMS_CLAIMED, *block, err);
        claims->held[*block] = true;
    }
    leave(claims);
    return ok;
}

bool claims_reclaim(Claims *claims, int64_t block, bool *taken, Error *err) {
    const uint32_t owner = claims->owner[block];
    if (!enter(claims, err)) return false;
    bool ok = catch_up(claims, err);
    *taken = ok && !claims->done[block] && claims->owner[block] == owner && is_current(claims);
    if (*taken && owner != (uint32_t)claims->input.process) {
        ok = append(claims, CLAIMS_CLAIMED, block, err);
    }
    if (*taken) claims->held[block] = true;
    leave(claims);
    return ok;
}

bool claims_finish(Claims *claims, int64_t block, Error *err) {
    if (!enter(claims, err)) return false;
    const bool ok =
        catch_up(claims, err) && (claims->done[block] || append(claims, CLAIMS_DONE, block, err));
    leave(claims);
    return ok;
}

bool claims_lives(const Claims *claims, int32_t process) {
    return process == claims->input.process || is_locked(claims->fd, PROCESS_BYTE + process, 1);
}

/* --- the header ------------------------------------------------------------------------------- */

/* What all must have in common; the rest of the header is ours to say. */
static void make_header(const ClaimsInput *input, bool fixed, char header[CLAIMS_HEADER_BYTES]) {
    Text text = text_begin(header, CLAIMS_HEADER_BYTES - 64);
    text_add(&text, FIRST_LINE "processes: %d\ndeal: %s\n%s", (int)input->processes,
             fixed ? "fixed" : "claimed", input->common);
}

/* The lines at which two headers part; "" where one has ended. */
static void differing_line(const char *header, const char *other, char *line, size_t size) {
    size_t at = 0, start = 0;
    for (; header[at] && header[at] == other[at]; at++)
        if (header[at] == '\n') start = at + 1;
    snprintf(line, size, "%.*s", (int)strcspn(header + start, "\n"), header + start);
}

static bool refuse(const ClaimsInput *input, const char *there, const char *here,
                   const char *remedy, Error *err) {
    char theirs[512], ours[512];
    differing_line(there, here, theirs, sizeof theirs);
    differing_line(here, there, ours, sizeof ours);
    return error_set(err, ERROR_CONFLICT,
                     "%s: other processes are at work in it, and not with the same: \"%s\" there, "
                     "\"%s\" here; %s",
                     input->folder->path, theirs, ours, remedy);
}

static bool is_same(const char *there, const char *here) {
    const size_t length = strlen(here);
    return !strncmp(there, here, length) && !strncmp(there + length, LAST_KEY, sizeof LAST_KEY - 1);
}

static bool read_header(const Claims *claims, char header[CLAIMS_HEADER_BYTES], bool *there,
                        Error *err) {
    size_t got;
    memset(header, 0, CLAIMS_HEADER_BYTES);
    if (!files_pread(claims->fd, header, CLAIMS_HEADER_BYTES, 0, &got)) {
        return fail(claims, "reading it", err);
    }
    *there = got == CLAIMS_HEADER_BYTES && header[CLAIMS_HEADER_BYTES - 1] == '\n';
    header[CLAIMS_HEADER_BYTES - 1] = '\0';
    return true;
}

static bool write_header(const Claims *claims, const char *text, bool resumed, Error *err) {
    char header[CLAIMS_HEADER_BYTES];
    memset(header, '\n', sizeof header);
    const int length =
        snprintf(header, sizeof header, "%s" LAST_KEY "%s\n", text, resumed ? "yes" : "no");
    header[length] = '\n';
    return files_pwrite_all(claims->fd, header, sizeof header, 0) ||
           fail(claims, "writing it", err);
}

/* --- joining ---------------------------------------------------------------------------------- */

/* Under the lock: begins the file anew. Nobody is at work. */
static bool begin(Claims *claims, const char *header, Error *err) {
    if (ftruncate(claims->fd, 0)) return fail(claims, "writing it", err);
    return claims->input.joined(claims->input.context, true, &claims->resumed, err) &&
           write_header(claims, header, claims->resumed, err);
}

/* Under the lock. *retry where the file was removed in the meantime. */
static bool join(Claims *claims, bool *retry, Error *err) {
    const ClaimsInput *input = &claims->input;
    char there[CLAIMS_HEADER_BYTES], here[CLAIMS_HEADER_BYTES];
    bool complete = false;
    *retry = !is_current(claims);
    if (*retry) return true;
    make_header(input, false, here);
    if (!read_header(claims, there, &complete, err)) return false;
    const bool same = complete && is_same(there, here);
    if (!same && is_locked(claims->fd, PUBLISHER_BYTE, 2 + LAUNCH_MAX_PROCESSES)) {
        return refuse(input, there, here, "wait for them, or use -o for another folder", err);
    }
    if (!set_lock(claims->fd, F_WRLCK, PROCESS_BYTE + input->process, 1)) {
        if (!is_held(errno)) return fail(claims, "locking it", err);
        return error_set(err, ERROR_CONFLICT,
                         "%s: process %d of %d is at work in it already; wait for it, or use -o "
                         "for another folder",
                         input->folder->path, (int)input->process, (int)input->processes);
    }
    claims->seen = CLAIMS_HEADER_BYTES;
    if (!same) return begin(claims, here, err);
    claims->resumed = !strncmp(there + strlen(here) + sizeof LAST_KEY - 1, "yes", 3);
    bool ignored;
    return input->joined(input->context, false, &ignored, err) && catch_up(claims, err);
}

static bool open_file(Claims *claims, Error *err) {
    claims->fd =
        folder_open_file(claims->input.folder, RESULTS_FOLDER_CLAIMS, O_RDWR | O_CREAT, err);
    return claims->fd >= 0;
}

static bool create(Claims *claims, const ClaimsInput *input, Error *err) {
    *claims = (Claims){.input = *input, .fd = -1};
    claims->owner = calloc((size_t)input->blocks + 1, sizeof *claims->owner);
    claims->held = calloc((size_t)input->blocks + 1, sizeof *claims->held);
    claims->done = calloc((size_t)input->blocks + 1, sizeof *claims->done);
    return (claims->owner && claims->held && claims->done) ||
           error_memory(err, (size_t)input->blocks * sizeof *claims->owner);
}

bool claims_open(Claims *claims, const ClaimsInput *input, Error *err) {
    bool retry = true, ok = create(claims, input, err);
    while (ok && retry) {
        if (claims->fd >= 0) close(claims->fd);
        ok = open_file(claims, err) && enter(claims, err);
        if (!ok) break;
        ok = join(claims, &retry, err);
        leave(claims);
    }
    if (!ok) claims_close(claims);
    return ok;
}

void claims_close(Claims *claims) {
    if (claims->owner && claims->fd >= 0) close(claims->fd);
    free(claims->owner);
    free(claims->held);
    free(claims->done);
    *claims = (Claims){.fd = -1};
}

/* --- publishing ------------------------------------------------------------------------------- */

bool claims_publisher(Claims *claims, bool *is, bool *over, Error *err) {
    *is = set_lock(claims->fd, F_WRLCK, PUBLISHER_BYTE, 1);
    if (!*is && !is_held(errno)) return fail(claims, "locking it", err);
    *over = *is && !is_current(claims);
    *is = *is && !*over;
    return true;
}

bool claims_remove(Claims *claims, Error *err) {
    if (!enter(claims, err)) return false;
    const bool ok =
        !is_current(claims) || folder_remove(claims->input.folder, RESULTS_FOLDER_CLAIMS, err);
    leave(claims);
    return ok;
}

/* --- without locks ---------------------------------------------------------------------------- */

bool claims_check(const ClaimsInput *input, Error *err) {
    enum { PATIENCE_MS = 2000 };
    char there[CLAIMS_HEADER_BYTES], here[CLAIMS_HEADER_BYTES];
    Claims claims = {.input = *input};
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    bool ours = true, complete = false, ok = true, ignored;
    claims.fd = openat(input->folder->fd, RESULTS_FOLDER_CLAIMS, flags, 0666);
    if (claims.fd < 0) {
        ours = false;
        if (!open_file(&claims, err)) return false;
    }
    make_header(input, true, here);
    /* whoever made it writes its header now, unless it died just then */
    for (int waited = 0; ok && !ours && !complete && waited < PATIENCE_MS; waited += 10) {
        ok = read_header(&claims, there, &complete, err);
        if (ok && !complete) usleep(10000);
    }
    if (ok && !complete) ok = write_header(&claims, here, false, err);
    ok = ok && read_header(&claims, there, &complete, err);
    if (ok && !is_same(there, here)) {
        ok = refuse(input, there, here,
                    "if they are at work no more, remove its file claims; else use -o", err);
    }
    close(claims.fd);
    return ok && input->joined(input->context, ours, &ignored, err);
}
