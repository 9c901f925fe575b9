/* Drawing the report of results, for `runner report` and at the end of a run. */
#ifndef RUNNER_COMMANDS_COMMAND_REPORT_H
#define RUNNER_COMMANDS_COMMAND_REPORT_H

#include "runner/commands/opened.h"

/* Into the folder; `strict`: one without such a page must be empty (page_check). data_folder: where
 * data files of a relative path are. format, only: as in ReportOptions. */
MUST_CHECK bool command_report_draw(const Opened *opened, const Folder *folder, bool strict,
                                    const char *data_folder, const char *format, const char *only,
                                    Error *err);

#endif
