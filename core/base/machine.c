#include "core/base/machine.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const MachineRoots MACHINE_ROOTS = {"/proc", "/sys/fs/cgroup"};

/* The first line of a file; false where there is none. */
static bool read_line(char *line, int size, const char *folder, const char *group,
                      const char *name) {
    char path[4400];
    if (snprintf(path, sizeof path, "%s%s/%s", folder, group, name) >= (int)sizeof path)
        return false;
    FILE *file = fopen(path, "re");
    const bool read = file && fgets(line, size, file);
    if (file) fclose(file);
    return read;
}

/* The group of this process, "/a/b", from its line "0::/a/b"; "" where there is none or it is the
 * root, whose files lie in the folder of all groups itself. */
static void own_group(char *group, int size, const MachineRoots *roots) {
    char path[300], line[2048];
    *group = '\0';
    snprintf(path, sizeof path, "%s/self/cgroup", roots->proc);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "0::/", 4) != 0) continue;
        line[strcspn(line, "\n")] = '\0';
        if (line[4]) snprintf(group, (size_t)size, "%s", line + 3);
    }
    if (file) fclose(file);
}

/* Moves on to the group above; false behind the last. */
static bool go_up(char *group) {
    char *slash = strrchr(group, '/');
    if (!slash) return false;
    *slash = '\0';
    return true;
}

int32_t machine_processors(const MachineRoots *roots) {
    char group[2048], line[128];
    int64_t fewest = 0;
    own_group(group, sizeof group, roots);
    do {
        int64_t quota, period;
        if (!read_line(line, sizeof line, roots->groups, group, "cpu.max")) continue;
        if (sscanf(line, "%" SCNd64 " %" SCNd64, &quota, &period) != 2) continue; /* "max 100000" */
        if (quota <= 0 || period <= 0) continue;
        const int64_t processors = (quota + period - 1) / period;
        if (fewest == 0 || processors < fewest) fewest = processors;
    } while (go_up(group));
    return fewest > INT32_MAX ? 0 : (int32_t)fewest;
}

/* What a group leaves of its memory. */
static int64_t left_in(const char *groups, const char *group) {
    char line[128];
    int64_t limit, used;
    if (!read_line(line, sizeof line, groups, group, "memory.max")) return INT64_MAX;
    if (sscanf(line, "%" SCNd64, &limit) != 1) return INT64_MAX; /* "max" */
    if (!read_line(line, sizeof line, groups, group, "memory.current")) return limit;
    if (sscanf(line, "%" SCNd64, &used) != 1) return limit;
    return used < limit ? limit - used : 0;
}

/* The kernel's estimate of what can be taken without swapping. */
static int64_t available(const MachineRoots *roots) {
    char path[300], line[256];
    int64_t kilobytes = -1;
    snprintf(path, sizeof path, "%s/meminfo", roots->proc);
    FILE *file = fopen(path, "re");
    while (file && kilobytes < 0 && fgets(line, sizeof line, file)) {
        if (sscanf(line, "MemAvailable: %" SCNd64 " kB", &kilobytes) != 1) kilobytes = -1;
    }
    if (file) fclose(file);
    return kilobytes < 0 || kilobytes > INT64_MAX / 1024 ? INT64_MAX : kilobytes * 1024;
}

/* "800M": the user's own limit. */
static int64_t asked(void) {
    const char *text = getenv("RUNNER_MEMORY");
    char *unit;
    const double number = text ? strtod(text, &unit) : -1;
    if (!text || unit == text || !(number > 0)) return INT64_MAX;
    static const char units[] = "kMGT";
    const char *found = *unit ? strchr(units, *unit == 'K' ? 'k' : *unit) : NULL;
    double bytes = number;
    for (const char *u = units; found && u <= found; u++) bytes *= 1024;
    return bytes < 9e18 ? (int64_t)bytes : INT64_MAX;
}

static int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

int64_t machine_memory(const MachineRoots *roots) {
    char group[2048];
    int64_t memory = smaller(available(roots), asked());
    own_group(group, sizeof group, roots);
    do memory = smaller(memory, left_in(roots->groups, group));
    while (go_up(group));
    return memory;
}
