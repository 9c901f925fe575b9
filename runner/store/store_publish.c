/* A child process writes results.h5.tmp.<pid>; then come trailer, fsync, rename, fsync of the
 * folder; the journals go last. A kill between any two of these steps loses nothing. */
#include "runner/store/store_publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "runner/journal/journal_set.h"
#include "runner/journal/results_folder.h"
#include "runner/store/child_process.h"
#include "runner/store/trailer.h"

#define TEMPORARY STORE_NAME ".tmp."

/* A temporary name of this program: of the results, or of the experiment's copy (files_write). */
static bool is_temporary(const char *name) {
    static const char *const begin[] = {TEMPORARY, "experiment.yaml.tmp."};
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++) {
        if (!strncmp(name, begin[i], strlen(begin[i]))) return true;
    }
    return false;
}

bool store_publish_clean(const char *folder, Error *err) {
    DIR *list = opendir(folder);
    if (!list) return error_errno(err, "%s", folder);
    bool ok = true;
    for (const struct dirent *entry; ok && (entry = readdir(list));) {
        if (!is_temporary(entry->d_name)) continue;
        if (unlinkat(dirfd(list), entry->d_name, 0)) {
            ok =
                error_errno(err, "%s/%s: removing what an earlier run left", folder, entry->d_name);
        }
    }
    closedir(list);
    return ok;
}

/* What the child needs. */
typedef struct PublishOrder {
    const char *path;
    const StoreInput *store;
} PublishOrder;

static bool write_file(void *context, Error *err) {
    const PublishOrder *order = context;
    return store_write(order->path, order->store, err);
}

/* The trailer, fsync, and the new name. */
static bool seal(const char *temporary, const char *final, Error *err) {
    const int fd = open(temporary, O_RDWR | O_CLOEXEC);
    if (fd < 0) return error_errno(err, "%s", temporary);
    if (trailer_append(fd, temporary, err)) return files_replace(fd, temporary, final, err);
    close(fd);
    return false;
}

/* All steps until the new file has its name. */
static bool replace(const StorePublishInput *input, const char *temporary, const char *final,
                    Error *err) {
    PublishOrder order = {temporary, input->store};
    if (unlink(temporary) && errno != ENOENT) return error_errno(err, "%s", temporary);
    if (child_process_run(write_file, &order, final, 0, err) && seal(temporary, final, err))
        return files_sync_folder(input->folder, err);
    (void)unlink(temporary); /* it may never have been made */
    return false;
}

bool store_publish_clear(const char *folder, Error *err) {
    char path[FILES_PATH], **journal = NULL;
    int32_t journals = 0;
    if (!files_join(path, sizeof path, folder, STORE_NAME, err)) return false;
    if (!results_folder_journals(&journal, &journals, folder, err)) return false;
    bool done = true;
    for (int32_t i = 0; done && i < journals; i++) {
        if (unlink(journal[i]) != 0) done = error_errno(err, "%s: cannot remove it", journal[i]);
    }
    results_folder_journals_free(journal, journals);
    if (done && unlink(path) != 0 && errno != ENOENT) {
        done = error_errno(err, "%s: cannot remove it", path);
    }
    return done;
}

bool store_publish_drop_journals(const char *folder, const JournalSet *journals, Error *err) {
    for (int32_t i = 0; i < journals->count; i++) {
        const char *path = journals->journal[i].file.path;
        if (unlink(path) && errno != ENOENT) {
            return error_errno(err, "%s: the results are written, but it cannot be removed", path);
        }
    }
    return files_sync_folder(folder, err);
}

bool store_publish(const StorePublishInput *input, Error *err) {
    const JournalSet *journals = input->journals;
    char temporary[FILES_PATH], final[FILES_PATH], name[64];
    Error cause = {0};
    snprintf(name, sizeof name, TEMPORARY "%ld", (long)getpid());
    if (!files_join(temporary, sizeof temporary, input->folder, name, err) ||
        !files_join(final, sizeof final, input->folder, STORE_NAME, err)) {
        return false;
    }
    if (!replace(input, temporary, final, &cause)) {
        return error_set(err, ERROR_RESOURCE,
                         "%s: results not written (%.1200s); all %" PRId64
                         " trials are safe in %s; mend that and run the same command with --resume",
                         final, cause.text, input->safe,
                         journals ? journals->journal[0].file.path : input->folder);
    }
    return !journals || input->incomplete ||
           store_publish_drop_journals(input->folder, journals, err);
}
