#include "core/base/files.h"

#include "runner/journal/journal.h"
#include "runner/store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool folder_join(char *text, size_t size, const char *folder, const char *name, Error *err) {
    const int length = snprintf(text, size, "%s/%s", folder, name);
    if (length > 0 && (size_t)length < size) return true;
    return error_set(err, ERROR_USAGE, "%s: the path is too long", folder);
}

static bool make_one(const char *path, Error *err) {
    struct stat status;
    if (mkdir(path, 0777) == 0) return true;
    if (errno == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) return true;
    if (errno == EEXIST) errno = ENOTDIR;
    return error_errno(err, "%s: cannot make the folder", path);
}

bool folder_make(const char *path, Error *err) {
    char part[4096];
    const size_t length = strlen(path);
    if (length == 0 || length >= sizeof part) {
        return error_set(err, ERROR_USAGE, "-o: \"%s\" is not a folder's name", path);
    }
    for (size_t i = 1; i < length; i++) {
        if (path[i] != '/') continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (!make_one(part, err)) return false;
    }
    return make_one(path, err);
}

bool folder_has(const char *folder, const char *name) {
    char path[4096];
    return folder_join(path, sizeof path, folder, name, NULL) && access(path, F_OK) == 0;
}

bool folder_is_empty(const char *folder) {
    DIR *list = opendir(folder);
    if (!list) return false;
    bool empty = true;
    for (const struct dirent *entry; empty && (entry = readdir(list));)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(list);
    return empty;
}

bool folder_has_newer(const char *folder, const char *name, const char *than) {
    char path[2][4096];
    struct stat status[2];
    if (!folder_join(path[0], sizeof path[0], folder, name, NULL) ||
        !folder_join(path[1], sizeof path[1], folder, than, NULL) || stat(path[0], &status[0]) ||
        stat(path[1], &status[1]))
        return false;
    const struct timespec ours = status[0].st_mtim, theirs = status[1].st_mtim;
    return ours.tv_sec > theirs.tv_sec ||
           (ours.tv_sec == theirs.tv_sec && ours.tv_nsec >= theirs.tv_nsec);
}

static bool write_all(int fd, const char *text, size_t length) {
    while (length > 0) {
        const ssize_t written = write(fd, text, length);
        if (written <= 0) {
            if (written < 0 && errno == EINTR) continue;
            if (written == 0) errno = ENOSPC;
            return false;
        }
        text += written;
        length -= (size_t)written;
    }
    return true;
}

bool folder_write(const char *folder, const char *name, const char *text, size_t length,
                  Error *err) {
    char path[4096], temporary[4096];
    if (!folder_join(path, sizeof path, folder, name, err)) return false;
    snprintf(temporary, sizeof temporary, "%.4000s.tmp.%ld", path, (long)getpid());
    const int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return error_errno(err, "%s", path);
    bool done = write_all(fd, text, length);
    if (!done) error_errno(err, "%s", path);
    if (close(fd) != 0 && done) done = error_errno(err, "%s", path);
    if (done && rename(temporary, path) != 0) done = error_errno(err, "%s", path);
    if (!done) unlink(temporary);
    return done;
}

void folder_log(const char *folder, const char *format, ...) {
    char path[4096], line[4096];
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (length <= 0 || !folder_join(path, sizeof path, folder, "run.log", NULL)) return;
    const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC, 0666);
    if (fd < 0) return;
    const size_t size = (size_t)length < sizeof line ? (size_t)length : sizeof line - 1;
    (void)!write(fd, line, size);
    close(fd);
}

bool folder_clear(const char *folder, Error *err) {
    char path[4096], **journal = NULL;
    int32_t journals = 0;
    if (!folder_join(path, sizeof path, folder, STORE_NAME, err)) return false;
    if (!journal_list(&journal, &journals, folder, err)) return false;
    bool done = true;
    for (int32_t i = 0; done && i < journals; i++) {
        if (unlink(journal[i]) != 0) done = error_errno(err, "%s: cannot remove it", journal[i]);
    }
    journal_list_free(journal, journals);
    if (done && unlink(path) != 0 && errno != ENOENT) {
        done = error_errno(err, "%s: cannot remove it", path);
    }
    return done;
}
