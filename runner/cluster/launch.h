/* Which process of how many this one is: what the launcher that started it says in the environment.
 *
 * mpirun, srun and their like place processes and number them; job arrays number jobs. Nothing of
 * theirs is linked or called. Names: Open MPI's manual (mpirun, "Environmental Variables"), MPICH's
 * Hydra (PMI_*, MPI_LOCALNRANKS), Slurm's srun and sbatch ("OUTPUT ENVIRONMENT VARIABLES"), Flux's
 * flux-environment(7), LSF's and Grid Engine's lists of job variables. */
#ifndef RUNNER_CLUSTER_LAUNCH_H
#define RUNNER_CLUSTER_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>

enum { LAUNCH_MAX_PROCESSES = 10000 };

typedef struct Launch {
    int32_t process, processes; /* from 1; 0 of 0: alone */
    int32_t local;              /* processes of it on this machine; 0: not known */
    const char *by;             /* "mpirun (Open MPI)"; NULL: alone */
    bool together; /* started and ended together: after SIGTERM comes SIGKILL, within a second */
} Launch;

/* Reads the environment. A launcher inside a job array (srun in each of its jobs) multiplies: the
 * second of three jobs, two processes each, has 3 and 4 of 6. Alone where nothing is said, where it
 * makes no sense, or where there is one process in all. */
Launch launch_read(void);

/* Processors that each process of a launch should use: those it may run on, and no more than its
 * share of the machine's (or of what Slurm granted of it). `allowed` are the ones it may run on. */
int32_t launch_threads(const Launch *launch, int32_t allowed);

/* Where it may run on fewer than its share, as mpirun binds each process to one core: the share.
 * 0 where all is well. */
int32_t launch_bound_below(const Launch *launch, int32_t allowed);

#endif
