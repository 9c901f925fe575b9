/* Work done in a child process, so that a crash there is an error message here.
 *
 * HDF5 runs only inside such children: a full disk or a damaged file can bring it down
 * (results/README.md, "Damage"). The child dies with its parent, ignores signals of the terminal,
 * and must not use OpenMP. */
#ifndef RUNNER_STORE_CHILD_PROCESS_H
#define RUNNER_STORE_CHILD_PROCESS_H

#include "core/base/error.h"

/* Runs in the child. Whatever it leaves in memory is gone with it, but for shared mappings and
 * files. */
typedef bool (*ChildProcessWork)(void *context, Error *err);

/* Of a child that computes for ever, and of one that waits for ever; 0 is no bound. */
typedef struct ChildLimits {
    long cpu_seconds, wall_seconds;
} ChildLimits;

/* Forks, runs `work`, waits. False with the child's own error, or with one that describes how it
 * died; `what` begins that message ("results/moons/results.h5: reading it"). */
MUST_CHECK bool child_process_run(ChildProcessWork work, void *context, const char *what,
                                  ChildLimits limits, Error *err);

#endif
