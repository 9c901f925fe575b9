/* The help texts, made from the tables of options.h. */
#ifndef RUNNER_COMMANDS_HELP_H
#define RUNNER_COMMANDS_HELP_H

#include "runner/commands/options.h"

/* Of a command; CLI_HELP: the program's own. Valid until the thread's next call. */
const char *help_text(CliCommand command);

#endif
