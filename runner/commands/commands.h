/* The commands: one file each (command_NAME.c).
 *
 * Results go to stdout, talk goes to stderr. Only run and merge change a results file. */
#ifndef RUNNER_COMMANDS_COMMANDS_H
#define RUNNER_COMMANDS_COMMANDS_H

#include "core/base/error.h"
#include "runner/commands/options.h"

/* Trains what is missing, publishes, draws. *stopped_by is the signal that ended it early, or 0.
 * True also where trials failed: then *failed says how many. */
MUST_CHECK bool command_run(const CliOptions *options, int *stopped_by, int64_t *failed,
                            Error *err);

/* Makes one results.h5 of the journals of shards (or of MPI ranks). */
MUST_CHECK bool command_merge(const CliOptions *options, Error *err);

/* What a run would do: trials, settings, axes, data, about how long and how large. Errors are those
 * of a run. */
MUST_CHECK bool command_check(const CliOptions *options, Error *err);

MUST_CHECK bool command_report(const CliOptions *options, Error *err);
MUST_CHECK bool command_show(const CliOptions *options, Error *err);
MUST_CHECK bool command_best(const CliOptions *options, Error *err);
MUST_CHECK bool command_compare(const CliOptions *options, Error *err);
MUST_CHECK bool command_export(const CliOptions *options, Error *err);
MUST_CHECK bool command_verify(const CliOptions *options, Error *err);
MUST_CHECK bool command_predict(const CliOptions *options, Error *err);
MUST_CHECK bool command_version(const CliOptions *options, Error *err);

#endif
