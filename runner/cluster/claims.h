/* FOLDER/claims: which process has taken which block of trials, while several share a grid.
 *
 * A header says what the processes have in common; behind it stands a record for every block
 * that somebody took or finished. Claims only save work: results do not depend on them, since a
 * trial that two processes train has the same bytes twice. Records are written under a lock of
 * one byte far behind the end; another byte belongs to whoever publishes, and one to each
 * process while it lives. They are open-file-description locks (fcntl(2)): they die with the
 * process, and NFS and Lustre keep them for all nodes. Nothing ever waits inside a lock call,
 * where an NFS client may sleep for seconds. */
#ifndef RUNNER_CLUSTER_CLAIMS_H
#define RUNNER_CLUSTER_CLAIMS_H

#include <signal.h>
#include <stdint.h>

#include "core/base/folder.h"

enum { CLAIMS_HEADER_BYTES = 4096 };

typedef struct ClaimsInput {
    const Folder *folder;       /* borrowed */
    int32_t process, processes; /* from 1 */
    int64_t blocks;
    const char *common;          /* "key: value" lines that must be the same for all */
    volatile sig_atomic_t *stop; /* not 0: no more waiting */
    /* Once joined, one process at a time: `created` where this one began the file, and nobody
     * who is at work was there before. *resumed: the folder has results of earlier runs. */
    bool (*joined)(void *context, bool created, bool *resumed, Error *err);
    void *context;
} ClaimsInput;

typedef struct Claims {
    ClaimsInput input;
    int fd;
    int64_t seen;       /* bytes read of the file */
    int64_t own;        /* where our last record is; 0: none */
    uint32_t own_check; /* of it */
    int64_t fresh;      /* blocks from here on were never taken */
    int64_t finished;   /* blocks */
    uint32_t *owner;    /* owned; blocks: who took it last, 0: nobody */
    bool *held;         /* owned; blocks: taken by this process since it began */
    bool *done;         /* owned; blocks */
    bool resumed;       /* the folder had results before the file was begun */
    bool unshared;      /* another process does not see our locks: work may be done twice */
} Claims;

/* Joins the processes at work, or begins the file. ERROR_CONFLICT where those at work have
 * something else in common, or this process is at work already; ERROR_RESOURCE where the file
 * system has no locks. */
MUST_CHECK bool claims_open(Claims *claims, const ClaimsInput *input, Error *err);

/* Legal on a zeroed or closed one. */
void claims_close(Claims *claims);

/* Reads what others have written. *over: the results have been published, and the file is gone. */
MUST_CHECK bool claims_refresh(Claims *claims, bool *over, Error *err);

/* Takes the next block that nobody has taken; -1 where there is none. */
MUST_CHECK bool claims_next(Claims *claims, int64_t *block, Error *err);

/* Takes a block of a process that does not live any more, or an unfinished one of this process's
 * earlier life. *taken is false where it has another owner by now, or is done. */
MUST_CHECK bool claims_reclaim(Claims *claims, int64_t block, bool *taken, Error *err);

/* All trials of it have results, safe in journals. */
MUST_CHECK bool claims_finish(Claims *claims, int64_t block, Error *err);

/* Whether a process of these is at work. */
bool claims_lives(const Claims *claims, int32_t process);

/* Whether this process is now the one that publishes; it stays so until claims_close. Ask once all
 * blocks are done. */
MUST_CHECK bool claims_publisher(Claims *claims, bool *is, bool *over, Error *err);

/* The publisher's last step: removes the file. */
MUST_CHECK bool claims_remove(Claims *claims, Error *err);

/* Without locks, for the fixed deal: writes the header where there is none, and compares it.
 * Everything else stays untouched. */
MUST_CHECK bool claims_check(const ClaimsInput *input, Error *err);

#endif
