#include "core/base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- paths ------------------------------------------------------------------------------------ */

bool files_join(char *text, size_t size, const char *folder, const char *name, Error *err) {
    const int length = snprintf(text, size, "%s/%s", folder, name);
    if (length > 0 && (size_t)length < size) return true;
    return error_set(err, ERROR_USAGE, "%s: the path is too long", folder);
}

void files_folder_of(char *folder, size_t size, const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash)
        snprintf(folder, size, ".");
    else if (slash == path)
        snprintf(folder, size, "/");
    else
        snprintf(folder, size, "%.*s", (int)(slash - path), path);
}

bool files_has(const char *folder, const char *name) {
    char path[FILES_PATH];
    return files_join(path, sizeof path, folder, name, NULL) && access(path, F_OK) == 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

FILE *files_open(const char *path, Error *err) {
    struct stat status;
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    FILE *file = NULL;
    if (fd < 0 || fstat(fd, &status) != 0) {
        error_errno(err, "%s: cannot open", path);
    } else if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) { // reading a folder says so
        error_set(err, ERROR_RESOURCE, "%s: not a regular file", path);
    } else {
        file = fdopen(fd, "rb");
        if (!file) error_errno(err, "%s: cannot open", path);
    }
    if (!file && fd >= 0) close(fd);
    return file;
}

bool files_pread(int fd, void *bytes, size_t length, int64_t offset, size_t *got) {
    *got = 0;
    while (*got < length) {
        const ssize_t read = pread(fd, (char *)bytes + *got, length - *got, offset + (off_t)*got);
        if (read < 0 && errno == EINTR) continue;
        if (read < 0) return false;
        if (read == 0) break;
        *got += (size_t)read;
    }
    return true;
}

/* --- writing ---------------------------------------------------------------------------------- */

bool files_write_all(int fd, const void *bytes, size_t length) {
    for (size_t done = 0; done < length;) {
        const ssize_t written = write(fd, (const char *)bytes + done, length - done);
        if (written < 0 && errno == EINTR) continue;
        if (written == 0) errno = ENOSPC;
        if (written <= 0) return false;
        done += (size_t)written;
    }
    return true;
}

/* A short write is no error of its own; the next one is. */
bool files_pwrite_all(int fd, const void *bytes, size_t length, int64_t offset) {
    for (size_t done = 0; done < length;) {
        const ssize_t written =
            pwrite(fd, (const char *)bytes + done, length - done, offset + (off_t)done);
        if (written < 0 && errno == EINTR) continue;
        if (written == 0) errno = ENOSPC;
        if (written <= 0) return false;
        done += (size_t)written;
    }
    return true;
}

/* --- whole or not at all ---------------------------------------------------------------------- */

void files_temporary(char *temporary, size_t size, const char *name) {
    uint64_t number = 0;
    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number) number = (uint64_t)getpid();
    snprintf(temporary, size, "%.200s.tmp.%" PRIu64, name, number);
}

bool files_is_temporary(const char *temporary, const char *name) {
    static const char mark[] = ".tmp.";
    const size_t length = strlen(name);
    if (strncmp(temporary, name, length) != 0) return false;
    if (strncmp(temporary + length, mark, strlen(mark)) != 0) return false;
    const char *digits = temporary + length + strlen(mark);
    return *digits && strspn(digits, "0123456789") == strlen(digits);
}

bool files_replace(const Folder *folder, int fd, const char *temporary, const char *name,
                   Error *err) {
    bool ok = !fsync(fd) || error_errno(err, "%s/%s: the disk did not take it", folder->path, name);
    /* closing may be where a disk's error shows */
    if (close(fd) && ok) ok = error_errno(err, "%s/%s: closing it", folder->path, name);
    if (ok && renameat(folder->fd, temporary, folder->fd, name))
        ok = error_errno(err, "%s/%s: renaming it", folder->path, name);
    if (!ok) {
        (void)unlinkat(folder->fd, temporary, 0);
        return false;
    }
    return folder_sync(folder, err);
}

/* A new file and no other. */
static int create(const Folder *folder, const char *name) {
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    return openat(folder->fd, name, flags, 0666);
}

/* Takes over `folder`. */
static bool begin(AtomicFile *file, Folder folder, const char *name, bool overwrite, Error *err) {
    struct stat status;
    *file = (AtomicFile){.folder = folder};
    const bool there = fstatat(folder.fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
    const bool special = there && !S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode);
    int fd = -1;
    if (!*name || strlen(name) > 200) {
        error_set(err, ERROR_USAGE, "%s/%.200s: is no name for a file", folder.path, name);
    } else if (special) {
        error_set(err, ERROR_CONFLICT, "%s/%s: is there, and is no file (a folder or a pipe?)",
                  folder.path, name);
    } else if (there && !overwrite) {
        error_set(err, ERROR_CONFLICT, "%s/%s: is there already (--force overwrites it)",
                  folder.path, name);
    } else {
        snprintf(file->name, sizeof file->name, "%s", name);
        files_temporary(file->temporary, sizeof file->temporary, name);
        fd = create(&folder, file->temporary);
        if (fd >= 0) file->out = fdopen(fd, "wb");
        if (!file->out) error_errno(err, "%s/%s", folder.path, name);
    }
    if (file->out) return true;
    if (fd >= 0) {
        close(fd);
        (void)unlinkat(folder.fd, file->temporary, 0);
    }
    folder_close(&file->folder);
    return false;
}

bool files_begin(AtomicFile *file, const char *path, bool overwrite, Error *err) {
    char above[FILES_PATH];
    const char *slash = strrchr(path, '/');
    Folder folder;
    *file = (AtomicFile){0};
    if (strlen(path) >= sizeof above)
        return error_set(err, ERROR_USAGE, "%.200s...: the path is too long", path);
    files_folder_of(above, sizeof above, path);
    return folder_open(&folder, above, err) &&
           begin(file, folder, slash ? slash + 1 : path, overwrite, err);
}

bool files_begin_in(AtomicFile *file, const Folder *folder, const char *name, bool overwrite,
                    Error *err) {
    Folder copy;
    *file = (AtomicFile){0};
    return folder_copy(&copy, folder, err) && begin(file, copy, name, overwrite, err);
}

bool files_commit(AtomicFile *file, Error *err) {
    /* outlives the stream, whose fclose() tells of trouble */
    const int fd = dup(fileno(file->out));
    bool ok = fd >= 0 && fflush(file->out) == 0 && !ferror(file->out);
    ok = fclose(file->out) == 0 && ok;
    file->out = NULL;
    if (ok) {
        ok = files_replace(&file->folder, fd, file->temporary, file->name, err);
    } else {
        error_errno(err, "%s/%s: writing it", file->folder.path, file->name);
        if (fd >= 0) close(fd);
        (void)unlinkat(file->folder.fd, file->temporary, 0);
    }
    folder_close(&file->folder);
    return ok;
}

void files_drop(AtomicFile *file) {
    if (!file->out) return;
    fclose(file->out);
    (void)unlinkat(file->folder.fd, file->temporary, 0);
    folder_close(&file->folder);
    file->out = NULL;
}

bool files_write_in(const Folder *folder, const char *name, const char *text, size_t length,
                    Error *err) {
    AtomicFile file;
    if (!files_begin_in(&file, folder, name, true, err)) return false;
    /* what cannot be written is told by files_commit() */
    (void)!fwrite(text, 1, length, file.out);
    return files_commit(&file, err);
}

bool files_has_no_locks(int number) {
    return number == ENOLCK || number == ENOSYS || number == EOPNOTSUPP || number == EINVAL;
}
