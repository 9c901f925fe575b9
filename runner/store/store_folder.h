/* Whether a folder is a run's own. */
#ifndef RUNNER_STORE_STORE_FOLDER_H
#define RUNNER_STORE_STORE_FOLDER_H

#include "core/base/folder.h"

/* Whether a run may write in a folder: nothing that it would replace, add to or remove there is of
 * other people's making. `experiment` is the text of the experiment, whose file may lie there
 * itself. Else ERROR_CONFLICT, naming the file.
 *
 * A folder is ours where its run.log, a journal or results.h5 is; then all is. */
MUST_CHECK bool store_folder_check(const Folder *folder, const char *experiment, Error *err);

#endif
