/* The command line as a value. It prints nothing: main does. */
#ifndef RUNNER_CLI_H
#define RUNNER_CLI_H

#include "core/error.h"
#include "runner/progress.h"

#include <stdint.h>

typedef enum CliCommand {
    CLI_RUN,
    CLI_CHECK,
    CLI_REPORT,
    CLI_SHOW,
    CLI_BEST,
    CLI_VERSION,
    CLI_HELP,
    CLI_COMMANDS
} CliCommand;

#define CLI_MAX_TEXTS 256

typedef struct CliOptions {
    CliCommand command;          /* CLI_HELP: help_for says for which (CLI_HELP itself: the whole program) */
    CliCommand help_for;
    const char *target;          /* EXPERIMENT.yaml or RESULTS */
    const char *overrides[CLI_MAX_TEXTS]; /* key=value */
    int32_t override_count;
    const char *filters[CLI_MAX_TEXTS];   /* --filter KEY=VALUE */
    int32_t filter_count;
    const char *output;          /* -o */
    int32_t threads;             /* -j; 0: as many as there are processors */
    bool dry_run, resume, force, retry_failed, fail_fast;
    int32_t shard, shards;       /* --shard I/N, from 1; 0 without */
    int64_t max_trials;
    double time_limit;           /* seconds; 0 without */
    ProgressStyle progress;
    bool quiet, verbose;
    const char *format, *only;   /* report; format of show too */
    const char *sort, *group_by; /* show */
    int64_t top;                 /* show */
    const char *metric, *rule;   /* best */
} CliOptions;

/* Reads argv. ERROR_USAGE says what is wrong and what to type instead. */
MUST_CHECK bool cli_parse(CliOptions *options, int argc, char **argv, Error *err);

/* The help text of a command, CLI_HELP the program's own. */
const char *cli_help(CliCommand command);

#endif
