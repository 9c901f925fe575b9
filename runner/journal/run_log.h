/* run.log of a results folder: what differs between equal runs, and where the experiment came from,
 * its file and its command line.
 *
 * The file that was given counts while it is unchanged, else the folder's own copy. */
#ifndef RUNNER_JOURNAL_RUN_LOG_H
#define RUNNER_JOURNAL_RUN_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/folder.h"

typedef struct RunOrigin {
    char path[4096]; /* of the experiment */
    char root[4096]; /* folder that relative paths of data begin at */
    char **override; /* key=value texts */
    int32_t overrides;
    int64_t trials; /* of the whole grid, -1 where the log does not have it */
} RunOrigin;

#define RUN_LOG_NAME       "run.log"
#define RUN_LOG_EXPERIMENT "experiment.yaml" /* the folder's copy of the experiment */
#define RUN_LOG_BEGIN      "start: "         /* of every run.log: the first key */

/* Appends to run.log; each call one write, of any length. Trouble with the log is never a reason to
 * stop: it is ignored. */
void run_log_write(const Folder *folder, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The last value of a key, "threads" of "threads: 4"; "" without. */
void run_log_value(char *value, size_t size, const char *folder, const char *key);

/* Adds to run.log what run_log_read_origin() reads. */
void run_log_origin(const Folder *folder, const char *path, const char *const *override,
                    int32_t overrides);

/* Of a results folder. False where it has no experiment.yaml. */
MUST_CHECK bool run_log_read_origin(RunOrigin *origin, const char *folder, Error *err);
void run_log_origin_free(RunOrigin *origin);

#endif
