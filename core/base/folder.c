#include "core/base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- opening ---------------------------------------------------------------------------------- */

static bool set_path(Folder *folder, const char *path, Error *err) {
    *folder = FOLDER_NONE;
    if (strlen(path) >= sizeof folder->path)
        return error_set(err, ERROR_USAGE, "%.200s...: the path is too long", path);
    snprintf(folder->path, sizeof folder->path, "%s", path);
    return true;
}

bool folder_open(Folder *folder, const char *path, Error *err) {
    if (!set_path(folder, path, err)) return false;
    folder->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return folder->fd >= 0 || error_errno(err, "%s", path);
}

/* Safe from a power cut: a name made in the folder that fd may only pass through. One that may not
 * be read cannot be synced. */
static bool sync_through(int fd, const char *path, Error *err) {
    Folder folder = FOLDER_NONE;
    folder.fd = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder.fd < 0) return true;
    const bool synced = folder_sync(&folder, NULL) || error_errno(err, "%s: making it", path);
    folder_close(&folder);
    return synced;
}

/* The next name of a path, made where it is missing; *fd moves on to it. */
static bool make_next(int *fd, const char *name, const char *path, Error *err) {
    const bool made = mkdirat(*fd, name, 0777) == 0;
    const int reason = errno;
    const int next = openat(*fd, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (next < 0 && !made && reason != EEXIST) errno = reason;
    bool ok = next >= 0 || error_errno(err, "%s: cannot make the folder", path);
    if (ok && made) ok = sync_through(*fd, path, err);
    close(*fd);
    *fd = next;
    return ok;
}

bool folder_make(Folder *folder, const char *path, Error *err) {
    char names[FOLDER_PATH], *rest = NULL;
    if (!set_path(folder, path, err)) return false;
    if (!*path) return error_set(err, ERROR_USAGE, "-o: \"\" is not a folder's name");
    memcpy(names, path, strlen(path) + 1);
    int fd = open(*path == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 || error_errno(err, "%s: cannot make the folder", path);
    for (char *name = strtok_r(names, "/", &rest); ok && name; name = strtok_r(NULL, "/", &rest))
        ok = make_next(&fd, name, path, err);
    if (ok) {
        folder->fd = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        ok = folder->fd >= 0 || error_errno(err, "%s", path);
    }
    if (fd >= 0) close(fd);
    return ok;
}

bool folder_make_in(Folder *folder, const Folder *above, const char *name, Error *err) {
    char path[FOLDER_PATH + 256];
    snprintf(path, sizeof path, "%s/%.250s", above->path, name);
    if (!set_path(folder, path, err)) return false;
    const bool made = mkdirat(above->fd, name, 0777) == 0;
    if (!made && errno != EEXIST) return error_errno(err, "%s: cannot make the folder", path);
    folder->fd = openat(above->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder->fd < 0 && (errno == ELOOP || errno == ENOTDIR)) {
        return error_set(err, ERROR_CONFLICT,
                         "%s: is a link or a file, where this program makes a folder; remove it",
                         path);
    }
    if (folder->fd < 0) return error_errno(err, "%s", path);
    return !made || folder_sync(above, err);
}

bool folder_copy(Folder *copy, const Folder *folder, Error *err) {
    *copy = *folder;
    copy->fd = fcntl(folder->fd, F_DUPFD_CLOEXEC, 0);
    return copy->fd >= 0 || error_errno(err, "%s", folder->path);
}

void folder_close(Folder *folder) {
    if (folder->fd >= 0) close(folder->fd);
    folder->fd = -1;
}

/* --- what is in it ---------------------------------------------------------------------------- */

bool folder_has(const Folder *folder, const char *name) {
    struct stat status;
    return fstatat(folder->fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

bool folder_each(const Folder *folder, FolderEach each, void *context, Error *err) {
    /* an open file of its own: a copy of the descriptor would share the place in the list */
    const int fd = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = fd < 0 ? NULL : fdopendir(fd);
    if (!list) {
        error_errno(err, "%s: reading it", folder->path);
        if (fd >= 0) close(fd);
        return false;
    }
    bool ok = true;
    for (const struct dirent *entry; ok && (entry = readdir(list));) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            ok = each(context, folder, name, err);
    }
    closedir(list);
    return ok;
}

static bool is_none(void *context, const Folder *folder, const char *name, Error *err) {
    (void)context, (void)folder, (void)name, (void)err;
    return false;
}

bool folder_is_empty(const Folder *folder) {
    return folder_each(folder, is_none, NULL, NULL);
}

int folder_open_file(const Folder *folder, const char *name, int flags, Error *err) {
    struct stat status;
    const int fd = openat(folder->fd, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
    /* ENXIO: a pipe that nobody reads */
    const bool refused = fd < 0 && (errno == ELOOP || errno == ENXIO);
    if (fd < 0 && !refused) {
        error_errno(err, "%s/%s", folder->path, name);
        return -1;
    }
    if (!refused && fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) return fd;
    if (fd >= 0) close(fd);
    error_set(err, ERROR_CONFLICT, "%s/%s: not a regular file (a link, a folder or a pipe?)",
              folder->path, name);
    return -1;
}

bool folder_remove(const Folder *folder, const char *name, Error *err) {
    return unlinkat(folder->fd, name, 0) == 0 || errno == ENOENT ||
           error_errno(err, "%s/%s: cannot remove it", folder->path, name);
}

/* --- on disk ---------------------------------------------------------------------------------- */

static bool is_unsupported(int number) {
    return number == EINVAL || number == EOPNOTSUPP || number == ENOSYS || number == ENOTTY;
}

bool folder_can_sync(const Folder *folder, bool *can, Error *err) {
    *can = fsync(folder->fd) == 0;
    return *can || is_unsupported(errno) ||
           error_errno(err, "%s: the disk did not take it", folder->path);
}

bool folder_sync(const Folder *folder, Error *err) {
    bool can;
    return folder_can_sync(folder, &can, err);
}

/* --- its name --------------------------------------------------------------------------------- */

static bool is_named(const Folder *folder, const char *path) {
    struct stat own, named;
    return fstat(folder->fd, &own) == 0 && stat(path, &named) == 0 && own.st_dev == named.st_dev &&
           own.st_ino == named.st_ino;
}

FolderFate folder_find(Folder *folder) {
    char link[64], path[FOLDER_PATH];
    if (is_named(folder, folder->path)) return FOLDER_THERE;
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder->fd);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return FOLDER_REMOVED;
    path[length] = '\0';
    if (!is_named(folder, path)) return FOLDER_REMOVED;
    memcpy(folder->path, path, (size_t)length + 1);
    return FOLDER_RENAMED;
}
