#include "runner/cluster/launch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- the environment -------------------------------------------------------------------------- */

/* A whole number, 0 to 10^9; -1 where there is none. */
static int64_t number_of(const char *text) {
    char *end;
    if (!text || !*text || strlen(text) > 9 || *text == '-' || *text == '+') return -1;
    const long number = strtol(text, &end, 10);
    return *end ? -1 : number;
}

static int64_t variable(const char *name) {
    return name ? number_of(getenv(name)) : -1;
}

/* Launchers of processes, the innermost first: mpirun inside a Slurm job has Slurm's variables,
 * too. SLURM_STEP_NUM_TASKS and not SLURM_NTASKS, which a batch script has as well. */
static const struct {
    const char *process, *processes, *local, *by;
} LAUNCHERS[] = {
    {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_SIZE",
     "mpirun (Open MPI)"},
    {"MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_LOCAL_SIZE", "mpirun (MVAPICH)"},
    {"PALS_RANKID", "PALS_SIZE", "PALS_LOCAL_SIZE", "mpiexec (PALS)"},
    {"PMI_RANK", "PMI_SIZE", "MPI_LOCALNRANKS", "mpirun or srun (PMI)"},
    {"FLUX_TASK_RANK", "FLUX_JOB_SIZE", NULL, "flux run"},
    {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS", NULL, "srun"},
};

/* Job arrays: `last` counts from `first`, where it is not named from 1, in steps of `step`. */
static const struct {
    const char *id, *first, *last, *step, *by;
} ARRAYS[] = {
    {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP",
     "a Slurm job array"},
    {"SGE_TASK_ID", "SGE_TASK_FIRST", "SGE_TASK_LAST", "SGE_TASK_STEPSIZE",
     "a Grid Engine job array"},
    {"LSB_JOBINDEX", NULL, "LSB_JOBINDEX_END", "LSB_JOBINDEX_STEP", "an LSF job array"},
};

/* Tasks on this node of a step, from "2(x3),1" and the node's number; 0 where that is not known. */
static int64_t slurm_local(void) {
    const char *list = getenv("SLURM_STEP_TASKS_PER_NODE");
    int64_t node = variable("SLURM_NODEID");
    while (list && *list && node >= 0) {
        char *end;
        const long tasks = strtol(list, &end, 10);
        long nodes = 1;
        if (end == list || tasks < 1) return 0;
        if (end[0] == '(' && end[1] == 'x') {
            nodes = strtol(end + 2, &end, 10);
            if (*end++ != ')' || nodes < 1) return 0;
        }
        if (node < nodes) return tasks;
        node -= nodes;
        if (*end && *end++ != ',') return 0;
        list = end;
    }
    return 0;
}

static void read_launcher(Launch *launch) {
    for (size_t i = 0; i < sizeof LAUNCHERS / sizeof *LAUNCHERS; i++) {
        const int64_t process = variable(LAUNCHERS[i].process);
        const int64_t processes = variable(LAUNCHERS[i].processes);
        if (process < 0 || process >= processes || processes > LAUNCH_MAX_PROCESSES) continue;
        const int64_t said = variable(LAUNCHERS[i].local);
        const int64_t local = said > 0 ? said : slurm_local();
        *launch = (Launch){.process = (int32_t)process + 1,
                           .processes = (int32_t)processes,
                           .local = (int32_t)(local <= processes ? local : 0),
                           .by = LAUNCHERS[i].by,
                           .together = true};
        return;
    }
}

/* The job's number in its array, from 1, of how many; false outside of one, and where ids are not
 * evenly spaced. */
static bool read_array(int64_t *job, int64_t *jobs, const char **by) {
    for (size_t i = 0; i < sizeof ARRAYS / sizeof *ARRAYS; i++) {
        const int64_t id = variable(ARRAYS[i].id), last = variable(ARRAYS[i].last);
        const int64_t first = ARRAYS[i].first ? variable(ARRAYS[i].first) : 1;
        const int64_t said = variable(ARRAYS[i].step), step = said > 0 ? said : 1;
        if (first < 0 || id < first || last < id || (id - first) % step) continue;
        *job = (id - first) / step + 1;
        *jobs = (last - first) / step + 1;
        *by = ARRAYS[i].by;
        const int64_t count = i == 0 ? variable("SLURM_ARRAY_TASK_COUNT") : *jobs;
        return count == *jobs;
    }
    return false;
}

Launch launch_read(void) {
    Launch launch = {.process = 1, .processes = 1};
    int64_t job, jobs;
    const char *by;
    read_launcher(&launch);
    if (read_array(&job, &jobs, &by) && jobs * launch.processes <= LAUNCH_MAX_PROCESSES) {
        launch.process += (int32_t)(job - 1) * launch.processes;
        if (launch.processes == 1) launch.by = by;
        launch.processes *= (int32_t)jobs;
    }
    return launch.processes > 1 ? launch : (Launch){0};
}

/* --- processors ------------------------------------------------------------------------------- */

static int32_t share(const Launch *launch) {
    const int64_t granted = variable("SLURM_CPUS_ON_NODE");
    const int64_t online = sysconf(_SC_NPROCESSORS_ONLN);
    const int64_t node = granted > 0 && granted < online ? granted : online;
    const int64_t own = launch->local > 0 ? node / launch->local : node;
    return own > 1 ? (int32_t)own : 1;
}

int32_t launch_threads(const Launch *launch, int32_t allowed) {
    const int32_t own = share(launch);
    return launch->processes > 0 && own < allowed ? own : allowed;
}

int32_t launch_bound_below(const Launch *launch, int32_t allowed) {
    const int32_t own = share(launch);
    return launch->by && allowed < own ? own : 0;
}
