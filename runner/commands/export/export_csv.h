/* Everything of a results file as CSV: trials.csv (a row a trial), history.csv (a row a trial and
 * recorded epoch), data_K.csv (a row a row of data set K). */
#ifndef RUNNER_COMMANDS_EXPORT_CSV_H
#define RUNNER_COMMANDS_EXPORT_CSV_H

#include "runner/commands/opened.h"

/* Into the folder `path`, which is made where it is missing; `force`: over files that are there. */
MUST_CHECK bool export_csv(const Opened *opened, const char *path, bool force, Error *err);

#endif
