/* What this process may use of the machine: the limits of its control groups (cgroup version 2,
 * nested ones too) and the memory that is free. */
#ifndef CORE_BASE_MACHINE_H
#define CORE_BASE_MACHINE_H

#include <stdint.h>

/* Where the system tells: "/proc" and "/sys/fs/cgroup"; another folder in tests. */
typedef struct MachineRoots {
    const char *proc, *groups;
} MachineRoots;
extern const MachineRoots MACHINE_ROOTS;

/* Processors that the groups grant, rounded up; 0 where they say nothing. */
int32_t machine_processors(const MachineRoots *roots);

/* Bytes of memory that may still be taken without swapping: what is free, at most what the groups
 * leave and what the environment's RUNNER_MEMORY says ("800M", "4G"). INT64_MAX where nobody
 * tells. */
int64_t machine_memory(const MachineRoots *roots);

#endif
