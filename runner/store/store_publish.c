/* A child process writes results.h5.tmp.<pid>; then come trailer, fsync, rename, fsync of the
 * folder; the journals go last. A kill between any two of these steps loses nothing. */
#include "runner/store/store_publish.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "runner/journal/journal_set.h"
#include "runner/journal/results_folder.h"
#include "runner/journal/run_log.h"
#include "runner/store/child_process.h"
#include "runner/store/trailer.h"

static bool clean_one(void *context, const Folder *folder, const char *name, Error *err) {
    (void)context;
    const bool left_over =
        files_is_temporary(name, STORE_NAME) || files_is_temporary(name, RUN_LOG_EXPERIMENT);
    return !left_over || folder_remove(folder, name, err);
}

bool store_publish_clean(const Folder *folder, Error *err) {
    return folder_each(folder, clean_one, NULL, err);
}

/* What the child needs. */
typedef struct PublishOrder {
    const Folder *folder;
    const char *temporary; /* a name in it */
    const StoreInput *store;
} PublishOrder;

/* HDF5 wants a path: the child, which is nobody else's, goes into the folder. */
static bool write_file(void *context, Error *err) {
    const PublishOrder *order = context;
    if (fchdir(order->folder->fd)) return error_errno(err, "%s", order->folder->path);
    return store_write(order->temporary, order->store, err);
}

/* The trailer, fsync, and the new name. */
static bool seal(const Folder *folder, const char *temporary, Error *err) {
    const int fd = folder_open_file(folder, temporary, O_RDWR, err);
    if (fd < 0) return false;
    if (trailer_append(fd, temporary, err))
        return files_replace(folder, fd, temporary, STORE_NAME, err);
    close(fd);
    return false;
}

/* All steps until the new file has its name, on disk as well. */
static bool replace(const StorePublishInput *input, const char *what, Error *err) {
    const Folder *folder = input->folder;
    char temporary[64];
    files_temporary(temporary, sizeof temporary, STORE_NAME);
    PublishOrder order = {folder, temporary, input->store};
    if (!folder_remove(folder, temporary, err)) return false;
    if (child_process_run(write_file, &order, what, (ChildLimits){0}, err) &&
        seal(folder, temporary, err))
        return true;
    (void)folder_remove(folder, temporary, NULL); /* it may never have been made */
    return false;
}

bool store_publish_clear(const Folder *folder, Error *err) {
    char **journal = NULL;
    int32_t journals = 0;
    if (!results_folder_journals(&journal, &journals, folder, err)) return false;
    bool done = true;
    for (int32_t i = 0; done && i < journals; i++) done = folder_remove(folder, journal[i], err);
    results_folder_journals_free(journal, journals);
    return done && folder_remove(folder, STORE_NAME, err);
}

bool store_publish_drop_journals(const Folder *folder, const JournalSet *journals, Error *err) {
    Error cause = {0};
    if (!folder_sync(folder, err)) return false;
    if (!journal_set_remove(journals, &cause)) {
        return error_set(err, cause.kind, "the results are written, but %s", cause.text);
    }
    return folder_sync(folder, err);
}

bool store_publish(const StorePublishInput *input, Error *err) {
    const JournalSet *journals = input->journals;
    char final[FILES_PATH];
    Error cause = {0};
    if (!files_join(final, sizeof final, input->folder->path, STORE_NAME, err)) return false;
    if (!replace(input, final, &cause)) {
        return error_set(err, ERROR_RESOURCE,
                         "%s: results not written (%.1200s); all %" PRId64
                         " trials are safe in %s; mend that and run the same command with --resume",
                         final, cause.text, input->safe,
                         journals ? journals->own->file.path : input->folder->path);
    }
    return !journals || input->incomplete ||
           store_publish_drop_journals(input->folder, journals, err);
}
