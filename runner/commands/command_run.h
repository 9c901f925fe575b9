/* A run: from an experiment file to a results folder with its report. `runner run` and `runner
 * merge` each fill a request. */
#ifndef RUNNER_COMMANDS_COMMAND_RUN_H
#define RUNNER_COMMANDS_COMMAND_RUN_H

#include "runner/commands/run_request.h"

/* Installs the signal handlers, trains what is missing, publishes, draws. *stopped_by is the signal
 * that ended it early, or 0. True also where trials failed: then *failed says how many. */
MUST_CHECK bool command_run_request(const RunRequest *request, int *stopped_by, int64_t *failed,
                                    Error *err);

#endif
