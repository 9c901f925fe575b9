/* The results folder of a run: found free or fit to go on with before training, found again after
 * it. */
#ifndef RUNNER_COMMANDS_RUN_FOLDER_H
#define RUNNER_COMMANDS_RUN_FOLDER_H

#include "core/base/folder.h"
#include "runner/commands/run_request.h"
#include "runner/journal/journal_set.h"

/* Its path alone: -o, else results/NAME. */
MUST_CHECK bool run_folder_choose(Folder *folder, const RunRequest *request, const char *name,
                                  Error *err);

/* Opens and locks it (*lock: for other nodes, -1 at first; the caller closes it), where it exists
 * or `make` says so; folder->fd is -1 where it does not. What
 * is in it must be a run's (`experiment`: this one's text), and --resume or --force must have been
 * said where there is something to lose: else ERROR_CONFLICT. With request->dry_run it is only
 * looked at. */
MUST_CHECK bool run_folder_open(Folder *folder, int *lock, const RunRequest *request, bool make,
                                const char *experiment, Error *err);

/* After training: folder->path names it again. One that was removed with what was in it is made
 * anew (*anew), the journals are written anew, and this process goes on there. Says so. */
MUST_CHECK bool run_folder_find(Folder *folder, int *lock, const RunRequest *request,
                                JournalSet *journals, bool *anew, Error *err);

#endif
