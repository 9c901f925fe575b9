/* Which process of how many: the environments as launchers made them on Debian 12 (Open MPI 4.1.4,
 * MPICH 4.0.2, Slurm 22.05.8: `env` under each), and as the manuals of the others have them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner/cluster/launch.h"

/* "A=1 B=2": the environment is this alone. */
static Launch launched(const char *environment) {
    char text[512], *rest = NULL;
    assert_true(strlen(environment) < sizeof text);
    strcpy(text, environment);
    assert_int_equal(clearenv(), 0);
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(word, '=');
        *value++ = '\0';
        assert_int_equal(setenv(word, value, 1), 0);
    }
    return launch_read();
}

static void every_launcher_says_which_process_of_how_many(void **state) {
    (void)state;
    static const struct {
        const char *environment, *by;
        int process, processes, local;
        bool together;
    } CASES[] = {
        {"OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_LOCAL_SIZE=2 PMIX_RANK=1",
         "Open MPI", 2, 4, 2, true},
        {"MPI_LOCALNRANKS=2 PMI_FD=6 PMI_RANK=0 PMI_SIZE=2", "PMI", 1, 2, 2, true},
        {"MV2_COMM_WORLD_RANK=2 MV2_COMM_WORLD_SIZE=3 MV2_COMM_WORLD_LOCAL_SIZE=1", "MVAPICH", 3, 3,
         1, true},
        {"PALS_RANKID=5 PALS_SIZE=8 PALS_LOCAL_SIZE=4", "PALS", 6, 8, 4, true},
        {"FLUX_TASK_RANK=0 FLUX_JOB_SIZE=2", "flux", 1, 2, 0, true},
        {"SLURM_PROCID=2 SLURM_NTASKS=3 SLURM_STEP_NUM_TASKS=3 SLURM_STEP_TASKS_PER_NODE=2,1 "
         "SLURM_NODEID=1",
         "srun", 3, 3, 1, true},
        {"SLURM_PROCID=9 SLURM_STEP_NUM_TASKS=10 SLURM_STEP_TASKS_PER_NODE=3(x3),1 SLURM_NODEID=2",
         "srun", 10, 10, 3, true},
        {"SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 "
         "SLURM_ARRAY_TASK_MAX=4 SLURM_ARRAY_TASK_STEP=1 SLURM_PROCID=0 SLURM_NTASKS=1",
         "Slurm job array", 3, 4, 0, false},
        {"SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=0 "
         "SLURM_ARRAY_TASK_MAX=4 SLURM_ARRAY_TASK_STEP=2",
         "Slurm job array", 3, 3, 0, false},
        {"SGE_TASK_ID=7 SGE_TASK_FIRST=1 SGE_TASK_LAST=9 SGE_TASK_STEPSIZE=3", "Grid Engine", 3, 3,
         0, false},
        {"LSB_JOBINDEX=2 LSB_JOBINDEX_END=5 LSB_JOBINDEX_STEP=1", "LSF", 2, 5, 0, false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const Launch launch = launched(CASES[i].environment);
        assert_int_equal(launch.process, CASES[i].process);
        assert_int_equal(launch.processes, CASES[i].processes);
        assert_int_equal(launch.local, CASES[i].local);
        assert_int_equal(launch.together, CASES[i].together);
        assert_non_null(strstr(launch.by, CASES[i].by));
    }
}

static void who_is_alone_is_alone(void **state) {
    (void)state;
    static const char *const CASES[] = {
        "HOME=/root",
        "OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1",        /* mpirun -n 1 */
        "SLURM_PROCID=0 SLURM_NTASKS=4",                        /* a batch script */
        "SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=1 SLURM_NTASKS=4", /* srun -n 1 in it */
        "PMI_RANK=4 PMI_SIZE=4",                                /* no such process */
        "PMI_RANK=-1 PMI_SIZE=4",
        "PMI_RANK=1x PMI_SIZE=4",
        "PMI_RANK= PMI_SIZE=",
        "PMI_RANK=0 PMI_SIZE=99999999999999999999",
        "SGE_TASK_ID=undefined SGE_TASK_FIRST=undefined SGE_TASK_LAST=undefined",
        "LSB_JOBINDEX=0 LSB_JOBINDEX_END=0", /* no array */
        /* --array=1,5,6: these ids have no place in a row */
        "SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=1 "
        "SLURM_ARRAY_TASK_MAX=6 SLURM_ARRAY_TASK_STEP=1",
        "SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=1 SLURM_ARRAY_TASK_MIN=1 "
        "SLURM_ARRAY_TASK_MAX=1 SLURM_ARRAY_TASK_STEP=1",
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const Launch launch = launched(CASES[i]);
        assert_int_equal(launch.processes, 0);
        assert_null(launch.by);
    }
}

/* Each number of 1..6 once: srun with two processes in each job of an array of three. */
static void a_launcher_in_a_job_array_multiplies(void **state) {
    (void)state;
    bool seen[7] = {false};
    for (int job = 1; job <= 3; job++) {
        for (int rank = 0; rank < 2; rank++) {
            char text[256];
            snprintf(text, sizeof text,
                     "SLURM_ARRAY_TASK_ID=%d SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=1 "
                     "SLURM_ARRAY_TASK_MAX=3 SLURM_PROCID=%d SLURM_STEP_NUM_TASKS=2",
                     job, rank);
            const Launch launch = launched(text);
            assert_int_equal(launch.processes, 6);
            assert_true(launch.process >= 1 && launch.process <= 6 && !seen[launch.process]);
            seen[launch.process] = true;
        }
    }
}

/* Open MPI's variables are set inside a Slurm job, too, where srun has started its daemons. */
static void the_innermost_launcher_counts(void **state) {
    (void)state;
    const Launch launch = launched("SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=2 OMPI_COMM_WORLD_RANK=7 "
                                   "OMPI_COMM_WORLD_SIZE=8 OMPI_COMM_WORLD_LOCAL_SIZE=4");
    assert_int_equal(launch.process, 8);
    assert_int_equal(launch.processes, 8);
}

static void a_process_uses_its_share_of_the_processors(void **state) {
    (void)state;
    const int32_t online = (int32_t)sysconf(_SC_NPROCESSORS_ONLN);
    clearenv();
    const Launch alone = {0}, one = {.process = 1, .processes = 2, .local = 1, .by = "srun"},
                 many = {.process = 1, .processes = 9, .local = online * 2, .by = "srun"},
                 shard = {.process = 1, .processes = 4};
    assert_int_equal(launch_threads(&alone, 64), 64); /* whatever the scheduler says */
    assert_int_equal(launch_threads(&one, online), online);
    assert_int_equal(launch_threads(&many, online), 1);
    assert_int_equal(launch_threads(&shard, online), online);
    assert_int_equal(launch_bound_below(&alone, 1), 0);
    assert_int_equal(launch_bound_below(&one, online), 0);
    assert_int_equal(launch_bound_below(&one, 0), online); /* fewer than its share */
    assert_int_equal(launch_bound_below(&shard, 0), 0);
    /* what Slurm granted of this node, where that is less */
    setenv("SLURM_CPUS_ON_NODE", "1", 1);
    assert_int_equal(launch_threads(&one, online), 1);
    assert_int_equal(launch_bound_below(&one, 1), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_launcher_says_which_process_of_how_many),
        cmocka_unit_test(who_is_alone_is_alone),
        cmocka_unit_test(a_launcher_in_a_job_array_multiplies),
        cmocka_unit_test(the_innermost_launcher_counts),
        cmocka_unit_test(a_process_uses_its_share_of_the_processors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
