#include "runner/commands/run_folder.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "runner/journal/results_folder.h"
#include "runner/output/page.h"
#include "runner/store/store.h"
#include "runner/store/store_folder.h"

/* --- before training -------------------------------------------------------------------------- */

bool run_folder_choose(Folder *folder, const RunRequest *request, const char *name, Error *err) {
    *folder = FOLDER_NONE;
    if (!request->output) {
        return files_join(folder->path, sizeof folder->path, "results", name, err);
    }
    const int length = snprintf(folder->path, sizeof folder->path, "%s", request->output);
    return length < (int)sizeof folder->path ||
           error_set(err, ERROR_USAGE, "-o: the path is too long");
}

/* A journal that this run would have to go on with: its own shard's, or anyone's. */
static bool has_journal(const Folder *folder, const RunRequest *request, bool *has, Error *err) {
    char **found = NULL, own[RESULTS_FOLDER_NAME_BYTES];
    int32_t count = 0;
    *has = false;
    results_folder_journal_name(own, request->shard, request->shards);
    if (!results_folder_journals(&found, &count, folder, err)) return false;
    for (int32_t i = 0; i < count; i++)
        *has = *has || request->shards == 0 || strcmp(found[i], own) == 0;
    results_folder_journals_free(found, count);
    return true;
}

/* Refuses to touch what is there without being told to. */
static bool check_output(const Folder *folder, const RunRequest *request, Error *err) {
    bool journal;
    if (request->resume || request->force) return true;
    const bool results = folder_has(folder, STORE_NAME);
    if (!has_journal(folder, request, &journal, err)) return false;
    if (!results && !journal) return true;
    return error_set(
        err, ERROR_CONFLICT,
        "%s: %s is there already (--resume goes on with it, --force starts over, -o DIR "
        "writes elsewhere)",
        folder->path, results ? STORE_NAME : "an unfinished run");
}

/* The page in it, if any. */
static bool check_report(const Folder *folder, Error *err) {
    Folder report;
    if (!folder_has(folder, "report")) return true;
    const bool ok =
        folder_make_in(&report, folder, "report", err) && page_check(&report, "report", false, err);
    folder_close(&report);
    return ok;
}

/* What its file system does not offer is no reason to stop: others may still be kept out by hand,
 * and only a power cut needs what cannot be synced. */
static bool warn(const Folder *folder, bool locked, const RunRequest *request, Error *err) {
    bool can_sync;
    if (!folder_can_sync(folder, &can_sync, err)) return false;
    if (!locked && !request->quiet) {
        text_print(stderr, "%s: cannot be locked there: see that no other runner works in it\n",
                   folder->path);
    }
    if (!can_sync && !request->quiet) {
        text_print(stderr,
                   "%s: folders cannot be synced there: what a power cut costs is not known\n",
                   folder->path);
    }
    return true;
}

bool run_folder_open(Folder *folder, int *lock, const RunRequest *request, bool make,
                     const char *experiment, Error *err) {
    const bool shared = request->shards > 0;
    char path[FILES_PATH];
    bool locked = true;
    snprintf(path, sizeof path, "%s", folder->path);
    if (folder->fd < 0) {
        if (!make && !files_has(path, ".")) return true;
        if (make ? !folder_make(folder, path, err) : !folder_open(folder, path, err)) return false;
        if (!request->dry_run) {
            TRY(results_folder_lock(folder, shared, &locked, err));
            TRY(warn(folder, locked, request, err));
        }
    }
    if (request->dry_run) return check_output(folder, request, err);
    TRY(results_folder_lock_nodes(lock, folder, shared, false, err));
    TRY(store_folder_check(folder, experiment, err));
    TRY(check_output(folder, request, err));
    TRY(check_report(folder, err));
    return !make || results_folder_lock_nodes(lock, folder, shared, true, err);
fail:
    return false;
}

/* --- after it --------------------------------------------------------------------------------- */

/* A folder of the old name, or one like it where somebody has made another by that name. */
static bool make_anew(Folder *folder, const char *path, const RunRequest *request, Error *err) {
    for (int i = 1; i < 100; i++) {
        char name[FILES_PATH];
        bool locked;
        if (snprintf(name, sizeof name, i > 1 ? "%s.%d" : "%s", path, i) >= (int)sizeof name) break;
        if (!folder_make(folder, name, err)) return false;
        if (folder_is_empty(folder) &&
            results_folder_lock(folder, request->shards > 0, &locked, NULL))
            return true;
        folder_close(folder);
    }
    return error_set(err, ERROR_CONFLICT, "%s: was removed, and cannot be made anew", path);
}

bool run_folder_find(Folder *folder, int *lock, const RunRequest *request, JournalSet *journals,
                     bool *anew, Error *err) {
    char path[FILES_PATH];
    Folder other;
    *anew = false;
    snprintf(path, sizeof path, "%s", folder->path);
    switch (folder_find(folder)) {
    case FOLDER_THERE: break;
    case FOLDER_RENAMED:
        text_print(stderr, "%s: has another name now; results go to %s\n", path, folder->path);
        break;
    case FOLDER_REMOVED:
        if (!make_anew(&other, path, request, err)) return false;
        text_print(stderr, "%s: was removed while its trials were trained; results go to %s%s\n",
                   path, other.path, strcmp(path, other.path) == 0 ? ", made anew" : "");
        folder_close(folder);
        *folder = other;
        *anew = true;
        if (*lock >= 0) close(*lock);
        *lock = -1;
        if (!results_folder_lock_nodes(lock, folder, request->shards > 0, true, err)) return false;
        break;
    }
    return journal_set_rescue(journals, folder, err);
}
