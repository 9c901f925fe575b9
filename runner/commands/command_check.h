/* `runner check`: what a run would do, without doing it. */
#ifndef RUNNER_COMMANDS_COMMAND_CHECK_H
#define RUNNER_COMMANDS_COMMAND_CHECK_H

#include "core/base/error.h"
#include "runner/commands/cli.h"

/* Prints to stdout: trials, settings, axes, data, about how long and how large. Errors are those of
 * a run. */
MUST_CHECK bool command_check(const CliOptions *options, Error *err);

#endif
