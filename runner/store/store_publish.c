/* Publishing results.h5. The order of the steps is the whole point; see publish.h. */
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
#include "runner/journal/journal.h"
#include "runner/store/child_process.h"
#include "runner/store/trailer.h"

#define TEMPORARY STORE_NAME ".tmp."

/* A temporary name of this program: of the results, or of the experiment's copy (files_write). */
static bool is_temporary(const char *name) {
    static const char *const begin[] = {TEMPORARY, "experiment.yaml.tmp."};
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
        if (!strncmp(name, begin[i], strlen(begin[i]))) return true;
    return false;
}

bool store_publish_clean(const char *folder, Error *err) {
    DIR *list = opendir(folder);
    if (!list) return error_errno(err, "%s", folder);
    bool ok = true;
    for (const struct dirent *entry; ok && (entry = readdir(list));) {
        if (!is_temporary(entry->d_name)) continue;
        if (unlinkat(dirfd(list), entry->d_name, 0))
            ok =
                error_errno(err, "%s/%s: removing what an earlier run left", folder, entry->d_name);
    }
    closedir(list);
    return ok;
}

/* What the child needs. */
typedef struct Order {
    const char *path;
    const StoreInput *store;
} Order;

static bool write_file(void *context, Error *err) {
    const Order *order = context;
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

/* Everything up to the moment when the new file is in place. */
static bool replace(const StorePublishInput *input, const char *temporary, const char *final,
                    Error *err) {
    Order order = {temporary, input->store};
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
    if (done && unlink(path) != 0 && errno != ENOENT)
        done = error_errno(err, "%s: cannot remove it", path);
    return done;
}

bool store_publish_drop_journals(const char *folder, char *const *journal, int32_t journals,
                                 Error *err) {
    for (int32_t i = 0; i < journals; i++)
        if (unlink(journal[i]) && errno != ENOENT)
            return error_errno(err, "%s: the results are written, but it cannot be removed",
                               journal[i]);
    return files_sync_folder(folder, err);
}

bool store_publish(const StorePublishInput *input, Error *err) {
    Error cause = {0};
    char *temporary = NULL, *final = NULL;
    bool ok = false;
    if (asprintf(&temporary, "%s/" TEMPORARY "%ld", input->folder, (long)getpid()) < 0)
        temporary = NULL;
    if (asprintf(&final, "%s/" STORE_NAME, input->folder) < 0) final = NULL;
    if (!temporary || !final) {
        error_memory(err, 2 * strlen(input->folder) + 64);
        goto fail;
    }
    if (!replace(input, temporary, final, &cause)) {
        error_set(err, ERROR_RESOURCE,
                  "%s: results not written (%.1200s); all %" PRId64
                  " trials are safe in %s; mend that and run the same command with --resume",
                  final, cause.text, input->safe,
                  input->journals ? input->journal[0] : input->folder);
        goto fail;
    }
    ok = input->keep_journals ||
         store_publish_drop_journals(input->folder, input->journal, input->journals, err);
fail:
    free(temporary);
    free(final);
    return ok;
}
