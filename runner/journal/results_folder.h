/* A results folder: who may write in it, and where its journals are. */
#ifndef RUNNER_JOURNAL_RESULTS_FOLDER_H
#define RUNNER_JOURNAL_RESULTS_FOLDER_H

#include <stdint.h>

#include "core/base/error.h"

#define RESULTS_FOLDER_JOURNAL "journal" /* of a shard: journal.I-of-N */
#define RESULTS_FOLDER_CLAIMS  "claims"  /* which process of several has what (runner/cluster) */

/* Locks a results folder for this process (until *fd is closed, by its death too). `shared` lets
 * other shared holders in: shards of one experiment. Held by someone else: ERROR_CONFLICT, naming
 * the process where the system knows it. */
MUST_CHECK bool results_folder_lock(int *fd, const char *folder, bool shared, Error *err);

/* "FOLDER/journal", or "FOLDER/journal.I-of-N" where count > 0. malloc'd. */
MUST_CHECK bool results_folder_journal_path(char **path, const char *folder, int32_t index,
                                            int32_t count, Error *err);

/* All journals of a folder, by name; paths and the array are malloc'd. A folder without any gives
 * count 0. */
MUST_CHECK bool results_folder_journals(char ***paths, int32_t *count, const char *folder,
                                        Error *err);
void results_folder_journals_free(char **paths, int32_t count);

#endif
