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

bool results_folder_lock(int *fd, const char *folder, bool shared, Error *err) {
    *fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd < 0) return error_errno(err, "%s", folder);
    if (!flock(*fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB)) return true;
    /* A file system without locks (some cluster ones) must not stop anyone from working. */
    if (errno == ENOSYS || errno == EOPNOTSUPP) return true;
    if (errno == EWOULDBLOCK) {
        const int holder = lock_holder(*fd);
        char who[64] = "another runner is";
        if (holder > 0) snprintf(who, sizeof who, "another runner (process %d) is", holder);
        error_set(err, ERROR_CONFLICT,
                  "%s: %s at work in it; wait for it, or use -o for another folder", folder, who);
    } else {
        error_errno(err, "%s: locking it", folder);
    }
    close(*fd);
    *fd = -1;
    return false;
}

bool results_folder_journal_path(char **path, const char *folder, int32_t index, int32_t count,
                                 Error *err) {
    const int length =
        count > 0 ? asprintf(path, "%s/" RESULTS_FOLDER_JOURNAL ".%d-of-%d", folder, index, count)
                  : asprintf(path, "%s/" RESULTS_FOLDER_JOURNAL, folder);
    if (length < 0) {
        *path = NULL;
        return error_memory(err, strlen(folder) + 64);
    }
    return true;
}

static int is_journal(const struct dirent *entry) {
    int index, count, length = 0;
    if (!strcmp(entry->d_name, RESULTS_FOLDER_JOURNAL)) return 1;
    return sscanf(entry->d_name, RESULTS_FOLDER_JOURNAL ".%d-of-%d%n", &index, &count, &length) ==
               2 &&
           entry->d_name[length] == '\0';
}

bool results_folder_journals(char ***paths, int32_t *count, const char *folder, Error *err) {
    struct dirent **found = NULL;
    *paths = NULL;
    *count = 0;
    const int n = scandir(folder, &found, is_journal, versionsort);
    if (n < 0) return error_errno(err, "%s", folder);
    bool ok = true;
    *paths = calloc((size_t)n + 1, sizeof **paths);
    for (int i = 0; i < n; i++) {
        if (*paths && asprintf(&(*paths)[*count], "%s/%s", folder, found[i]->d_name) >= 0)
            ++*count;
        else
            ok = false;
        free(found[i]);
    }
    free(found);
    if (ok && *paths) return true;
    results_folder_journals_free(*paths, *count);
    *paths = NULL;
    *count = 0;
    return error_memory(err, ((size_t)n + 1) * sizeof **paths);
}

void results_folder_journals_free(char **paths, int32_t count) {
    for (int32_t i = 0; paths && i < count; i++) free(paths[i]);
    free(paths);
}
