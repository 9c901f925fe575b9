#include "runner/journal/results_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "core/base/files.h"
#include "runner/journal/run_log.h"

/* The process that holds a lock on the file behind fd, from /proc/locks; 0 where it is not
 * there. */
static int lock_holder(int fd) {
    struct stat status;
    FILE *locks = fopen("/proc/locks", "re");
    char line[256];
    int holder = 0;
    const bool known = locks && !fstat(fd, &status);
    while (known && !holder && fgets(line, sizeof line, locks)) {
        int pid;
        unsigned device_major, device_minor;
        unsigned long long inode;
        if (sscanf(line, "%*d: FLOCK %*s %*s %d %x:%x:%llu", &pid, &device_major, &device_minor,
                   &inode) == 4 &&
            inode == status.st_ino && device_major == major(status.st_dev) &&
            device_minor == minor(status.st_dev)) {
            holder = pid;
        }
    }
    if (locks) fclose(locks);
    return holder;
}

static bool lock(int fd, const Folder *folder, bool shared, bool *locked, Error *err) {
    *locked = flock(fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0;
    if (*locked || files_has_no_locks(errno)) return true;
    if (errno != EWOULDBLOCK) return error_errno(err, "%s: locking it", folder->path);
    const int holder = lock_holder(fd);
    char who[64] = "another runner is";
    if (holder > 0) snprintf(who, sizeof who, "another runner (process %d) is", holder);
    return error_set(err, ERROR_CONFLICT,
                     "%s: %s at work in it; wait for it, or use -o for another folder",
                     folder->path, who);
}

bool results_folder_lock(const Folder *folder, bool shared, bool *locked, Error *err) {
    return lock(folder->fd, folder, shared, locked, err);
}

bool results_folder_lock_nodes(int *fd, const Folder *folder, bool shared, bool create,
                               Error *err) {
    bool locked;
    if (*fd >= 0 || (!create && !folder_has(folder, RUN_LOG_NAME))) return true;
    *fd = folder_open_file(folder, RUN_LOG_NAME, O_RDWR | (create ? O_CREAT : 0), err);
    if (*fd < 0) return false;
    if (lock(*fd, folder, shared, &locked, err)) return true;
    close(*fd);
    *fd = -1;
    return false;
}

/* --- journals --------------------------------------------------------------------------------- */

void results_folder_journal_name(char name[RESULTS_FOLDER_NAME_BYTES], int32_t index,
                                 int32_t count) {
    if (count > 0)
        snprintf(name, RESULTS_FOLDER_NAME_BYTES, RESULTS_FOLDER_JOURNAL ".%d-of-%d", index, count);
    else
        snprintf(name, RESULTS_FOLDER_NAME_BYTES, RESULTS_FOLDER_JOURNAL);
}

static bool is_journal(const char *name) {
    int index, count, length = 0;
    if (!strcmp(name, RESULTS_FOLDER_JOURNAL)) return true;
    return sscanf(name, RESULTS_FOLDER_JOURNAL ".%d-of-%d%n", &index, &count, &length) == 2 &&
           name[length] == '\0';
}

static int is_journal_entry(const struct dirent *entry) {
    return is_journal(entry->d_name);
}

bool results_folder_journals(char ***name, int32_t *count, const Folder *folder, Error *err) {
    struct dirent **found = NULL;
    *name = NULL;
    *count = 0;
    const int n = scandirat(folder->fd, ".", &found, is_journal_entry, versionsort);
    if (n < 0) return error_errno(err, "%s", folder->path);
    bool ok = true;
    *name = calloc((size_t)n + 1, sizeof **name);
    for (int i = 0; i < n; i++) {
        char *copy = *name ? strdup(found[i]->d_name) : NULL;
        if (copy)
            (*name)[(*count)++] = copy;
        else
            ok = false;
        free(found[i]);
    }
    free(found);
    if (ok && *name) return true;
    results_folder_journals_free(*name, *count);
    *name = NULL;
    *count = 0;
    return error_memory(err, ((size_t)n + 1) * sizeof **name);
}

void results_folder_journals_free(char **name, int32_t count) {
    for (int32_t i = 0; name && i < count; i++) free(name[i]);
    free(name);
}
