/* `runner merge`: the journals of shards (or of MPI ranks) become one results.h5. Everything but
 * the training is as in a run, by the same code. */
#include <stdio.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "runner/commands/command_run.h"
#include "runner/commands/commands.h"
#include "runner/journal/journal.h"
#include "runner/journal/results_folder.h"
#include "runner/journal/run_log.h"
#include "runner/store/store.h"

static bool has_journals(const char *path, bool *any, Error *err) {
    Folder folder;
    char **name = NULL;
    int32_t count = 0;
    const bool read =
        folder_open(&folder, path, err) && results_folder_journals(&name, &count, &folder, err);
    *any = count > 0;
    results_folder_journals_free(name, count);
    folder_close(&folder);
    return read;
}

/* The experiment as the shards were given it. */
static bool merge(const char *folder, bool quiet, Error *err) {
    RunOrigin origin;
    int stopped_by;
    int64_t failed;
    if (!run_log_read_origin(&origin, folder, err)) return false;
    const RunRequest request = {.experiment = origin.path,
                                .override = (const char *const *)origin.override,
                                .overrides = origin.overrides,
                                .data_folder = origin.root,
                                .output = folder,
                                .max_trials = INT32_MAX,
                                .merges = true,
                                .resume = true,
                                .quiet = quiet};
    const bool done = command_run_request(&request, &stopped_by, &failed, err);
    run_log_origin_free(&origin);
    return done;
}

bool command_merge(const CliOptions *options, Error *err) {
    const char *folder = options->target;
    bool any = false;
    if (!files_has(folder, RUN_LOG_EXPERIMENT)) {
        return error_set(
            err, ERROR_RESOURCE,
            "%s: there is no experiment.yaml in it (the folder that the shards wrote to: "
            "results/NAME, or what -o said)",
            folder);
    }
    if (!has_journals(folder, &any, err)) return false;
    if (!any && files_has(folder, STORE_NAME)) {
        if (!options->quiet)
            text_print(stderr, "%s: nothing to merge, there is no journal\n", folder);
        text_print(stdout, "results  %s/%s\n", folder, STORE_NAME);
        return true;
    }
    if (!any) {
        char quoted[FILES_PATH];
        Text word = text_begin(quoted, sizeof quoted);
        text_add_word(&word, folder);
        return error_set(
            err, ERROR_RESOURCE,
            "%s: there is nothing to merge (first: runner run EXPERIMENT.yaml --shard 1/2 -o %s)",
            folder, quoted);
    }
    return merge(folder, options->quiet, err);
}
