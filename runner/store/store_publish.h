/* From finished trials to results.h5, so that at every moment either the old file or the new one is
 * there in full.
 *
 * A child process writes results.h5.tmp.<pid>; then trailer, fsync, rename, fsync of the folder;
 * the journals go last. A kill between any two of these loses nothing. */
#ifndef RUNNER_STORE_STORE_PUBLISH_H
#define RUNNER_STORE_STORE_PUBLISH_H

#include "core/base/folder.h"
#include "runner/journal/journal_set.h"
#include "runner/store/store.h"

typedef struct StorePublishInput {
    const Folder *folder;
    const StoreInput *store;
    const JournalSet *journals; /* that the results come from; NULL: none */
    bool incomplete;            /* the journals stay: their checkpoints are still needed */
    int64_t safe;               /* trials that the journals hold, for the message */
} StorePublishInput;

/* Removes what a killed run left half written (results.h5.tmp.*, experiment.yaml.tmp.*). Only under
 * the exclusive lock of the folder. */
MUST_CHECK bool store_publish_clean(const Folder *folder, Error *err);

/* Writes, replaces, removes the journals. On failure no temporary file stays, results.h5 is the one
 * of before (or the new one, complete), and the journals stay. */
MUST_CHECK bool store_publish(const StorePublishInput *input, Error *err);

/* Removes results.h5 and every journal: --force. Only under the lock. */
MUST_CHECK bool store_publish_clear(const Folder *folder, Error *err);

/* Removes journals that hold nothing that results.h5 does not, once its name is on disk: the run
 * that gave it may have been cut off just then. Files that took their names meanwhile stay. */
MUST_CHECK bool store_publish_drop_journals(const Folder *folder, const JournalSet *journals,
                                            Error *err);

#endif
