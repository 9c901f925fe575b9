#include "core/base/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- paths and folders ------------------------------------------------------------------------ */

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

static bool make_one(const char *path, Error *err) {
    struct stat status;
    if (mkdir(path, 0777) == 0) return true;
    if (errno == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) return true;
    if (errno == EEXIST) errno = ENOTDIR;
    return error_errno(err, "%s: cannot make the folder", path);
}

bool files_make_folder(const char *path, Error *err) {
    char above[4096];
    const size_t length = strlen(path);
    if (length == 0 || length >= sizeof above) {
        return error_set(err, ERROR_USAGE, "-o: \"%s\" is not a folder's name", path);
    }
    for (size_t i = 1; i < length; i++) {
        if (path[i] != '/') continue;
        memcpy(above, path, i);
        above[i] = '\0';
        if (!make_one(above, err)) return false;
    }
    return make_one(path, err);
}

bool files_has(const char *folder, const char *name) {
    char path[4096];
    return files_join(path, sizeof path, folder, name, NULL) && access(path, F_OK) == 0;
}

bool files_is_empty(const char *folder) {
    DIR *list = opendir(folder);
    if (!list) return false;
    bool empty = true;
    for (const struct dirent *entry; empty && (entry = readdir(list));)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(list);
    return empty;
}

bool files_has_newer(const char *folder, const char *name, const char *than) {
    char path[2][4096];
    struct stat status[2];
    if (!files_join(path[0], sizeof path[0], folder, name, NULL) ||
        !files_join(path[1], sizeof path[1], folder, than, NULL) || stat(path[0], &status[0]) ||
        stat(path[1], &status[1]))
        return false;
    const struct timespec ours = status[0].st_mtim, theirs = status[1].st_mtim;
    return ours.tv_sec > theirs.tv_sec ||
           (ours.tv_sec == theirs.tv_sec && ours.tv_nsec >= theirs.tv_nsec);
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

bool files_sync_folder(const char *folder, Error *err) {
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return error_errno(err, "%s", folder);
    const bool ok = !fsync(fd) || error_errno(err, "%s: the disk did not take it", folder);
    close(fd);
    return ok;
}

bool files_replace(int fd, const char *temporary, const char *path, Error *err) {
    bool ok = !fsync(fd) || error_errno(err, "%s: the disk did not take it", temporary);
    /* closing may be where a disk's error shows */
    if (close(fd) && ok) ok = error_errno(err, "%s: closing it", temporary);
    if (ok && rename(temporary, path)) ok = error_errno(err, "%s: renaming it", temporary);
    if (!ok) (void)unlink(temporary);
    return ok;
}

bool files_begin(AtomicFile *file, const char *path, bool overwrite, Error *err) {
    *file = (AtomicFile){0};
    if (strlen(path) >= sizeof file->path)
        return error_set(err, ERROR_USAGE, "%s: the path is too long", path);
    snprintf(file->path, sizeof file->path, "%s", path);
    snprintf(file->temporary, sizeof file->temporary, "%s.tmp.%ld", path, (long)getpid());
    if (!overwrite && access(path, F_OK) == 0)
        return error_set(err, ERROR_CONFLICT, "%s: is there already (--force overwrites it)", path);
    file->out = fopen(file->temporary, "wbe");
    return file->out || error_errno(err, "%s", path);
}

bool files_commit(AtomicFile *file, Error *err) {
    char folder[FILES_PATH];
    const int fd =
        dup(fileno(file->out)); /* outlives the stream, whose fclose() tells of trouble */
    bool ok = fd >= 0 && fflush(file->out) == 0 && !ferror(file->out);
    ok = fclose(file->out) == 0 && ok;
    file->out = NULL;
    if (!ok) {
        error_errno(err, "%s: writing it", file->path);
        if (fd >= 0) close(fd);
        (void)unlink(file->temporary);
        return false;
    }
    if (!files_replace(fd, file->temporary, file->path, err)) return false;
    files_folder_of(folder, sizeof folder, file->path);
    return files_sync_folder(folder, err);
}

void files_drop(AtomicFile *file) {
    if (!file->out) return;
    fclose(file->out);
    (void)unlink(file->temporary);
    file->out = NULL;
}

bool files_write(const char *path, const char *text, size_t length, Error *err) {
    AtomicFile file;
    if (!files_begin(&file, path, true, err)) return false;
    /* what cannot be written is told by files_commit() */
    (void)!fwrite(text, 1, length, file.out);
    return files_commit(&file, err);
}
