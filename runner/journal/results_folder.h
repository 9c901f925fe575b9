/* A results folder: who may write in it, and where its journals are. */
#ifndef RUNNER_JOURNAL_RESULTS_FOLDER_H
#define RUNNER_JOURNAL_RESULTS_FOLDER_H

#include <stdint.h>

#include "core/base/folder.h"

#define RESULTS_FOLDER_JOURNAL    "journal" /* of a shard: journal.I-of-N */
#define RESULTS_FOLDER_CLAIMS     "claims"  /* who of several trains what */
#define RESULTS_FOLDER_NAME_BYTES 64        /* of a journal's name */

/* Locks a results folder for this process (until it is closed, by its death too). `shared` lets
 * other shared holders in: shards of one experiment. Held by someone else: ERROR_CONFLICT, naming
 * the process where the system knows it. *locked is false where the file system has no locks: then
 * nobody else must work in it. */
MUST_CHECK bool results_folder_lock(const Folder *folder, bool shared, bool *locked, Error *err);

/* The same for all nodes that share its file system: NFS and Lustre lock a folder on each node
 * by itself, and regular files for all. It is run.log that is locked, until *fd is closed; where
 * there is none it is made, or, without `create`, *fd stays -1. Nothing happens where *fd is
 * open already. */
MUST_CHECK bool results_folder_lock_nodes(int *fd, const Folder *folder, bool shared, bool create,
                                          Error *err);

/* "journal", or "journal.I-of-N" where count > 0. */
void results_folder_journal_name(char name[RESULTS_FOLDER_NAME_BYTES], int32_t index,
                                 int32_t count);

/* The names of all journals of a folder, in order; they and the array are malloc'd. A folder
 * without any gives count 0. */
MUST_CHECK bool results_folder_journals(char ***name, int32_t *count, const Folder *folder,
                                        Error *err);
void results_folder_journals_free(char **name, int32_t count);

#endif
