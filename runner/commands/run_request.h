/* What is asked of a run: filled in by `runner run` from its command line, by `runner merge` from
 * the log of the shards. */
#ifndef RUNNER_COMMANDS_RUN_REQUEST_H
#define RUNNER_COMMANDS_RUN_REQUEST_H

#include "core/base/error.h"
#include "runner/training/progress.h"

typedef struct RunRequest {
    const char *experiment;      /* its file */
    const char *const *override; /* key=value */
    int32_t overrides;
    const char *data_folder;   /* where relative paths of data begin; NULL: beside the experiment */
    const char *output;        /* the results folder; NULL: results/NAME */
    const char *const *filter; /* KEY=VALUE: only these are trained */
    int32_t filters;
    int32_t shard, shards; /* the shard-th of so many, from 1; 0 without */
    int32_t threads;       /* 0: as many as there are processors */
    int64_t max_trials;    /* a larger grid is refused */
    double time_limit;     /* seconds; 0 without */
    bool merges;           /* train nothing; publish what is in the journals */
    bool dry_run, resume, force, retry_failed, trust_edited, fail_fast;
    bool quiet, verbose;
    ProgressStyle progress;
} RunRequest;

#endif
