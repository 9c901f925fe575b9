/* `runner merge`: the journals of shards (or of MPI ranks) become one results.h5. */
#ifndef RUNNER_COMMANDS_COMMAND_MERGE_H
#define RUNNER_COMMANDS_COMMAND_MERGE_H

#include "core/base/error.h"
#include "runner/commands/cli.h"

/* Everything but the training is as in command_run(), by the same code. */
MUST_CHECK bool command_merge(const CliOptions *options, Error *err);

#endif
