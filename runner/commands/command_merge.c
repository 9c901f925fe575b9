#include "runner/commands/command_merge.h"

#include <stdio.h>

#include "core/base/files.h"
#include "runner/commands/command_run.h"
#include "runner/journal/journal.h"
#include "runner/journal/run_log.h"
#include "runner/store/store.h"

static bool has_journals(const char *folder, bool *any, Error *err) {
    char **path = NULL;
    int32_t count = 0;
    if (!results_folder_journals(&path, &count, folder, err)) return false;
    *any = count > 0;
    results_folder_journals_free(path, count);
    return true;
}

bool command_merge(const CliOptions *options, Error *err) {
    CliOptions run = *options;
    RunOrigin origin;
    bool any = false;
    int stopped_by;
    int64_t failed;
    const char *folder = options->target;
    if (!files_has(folder, "experiment.yaml")) {
        return error_set(
            err, ERROR_RESOURCE,
            "%s: there is no experiment.yaml in it (the folder that the shards wrote to: "
            "results/NAME, or what -o said)",
            folder);
    }
    if (!has_journals(folder, &any, err)) return false;
    if (!any && files_has(folder, STORE_NAME)) {
        if (!options->quiet) fprintf(stderr, "%s: nothing to merge, there is no journal\n", folder);
        printf("results  %s/%s\n", folder, STORE_NAME);
        return true;
    }
    if (!any) {
        return error_set(
            err, ERROR_RESOURCE,
            "%s: there is nothing to merge (first: runner run EXPERIMENT.yaml --shard 1/2 -o %s)",
            folder, folder);
    }
    if (!run_log_read_origin(&origin, folder, err)) return false;
    run.command = CLI_RUN;
    run.merge = origin.place;
    run.resume = true;
    run.target = origin.path;
    run.output = folder;
    run.max_trials = INT32_MAX;
    run.override_count = origin.overrides < CLI_MAX_TEXTS ? origin.overrides : CLI_MAX_TEXTS;
    for (int32_t i = 0; i < run.override_count; i++) run.overrides[i] = origin.override[i];
    const bool done = command_run(&run, &stopped_by, &failed, err);
    run_log_origin_free(&origin);
    return done;
}
