/* Reads the command line by the tables of options.h. It prints nothing: main does. */
#ifndef RUNNER_COMMANDS_CLI_H
#define RUNNER_COMMANDS_CLI_H

#include "core/base/error.h"
#include "runner/commands/options.h"

/* Reads argv. ERROR_USAGE says what is wrong and what to type instead. */
MUST_CHECK bool cli_parse(CliOptions *options, int argc, char **argv, Error *err);

#endif
