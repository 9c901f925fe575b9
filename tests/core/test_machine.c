/* What the machine grants, from made-up /proc and /sys/fs/cgroup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/folder.h"
#include "core/base/machine.h"

static char place[64], proc[96], groups[96];
static const MachineRoots ROOTS = {proc, groups};

/* The file FOLDER/PATH, its folders made. */
static void put(const char *folder, const char *path, const char *text) {
    char full[300], above[300];
    Folder made;
    Error err = {0};
    snprintf(full, sizeof full, "%s/%s", folder, path);
    snprintf(above, sizeof above, "%s", full);
    *strrchr(above, '/') = '\0';
    assert_true(folder_make(&made, above, &err));
    folder_close(&made);
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state) {
    (void)state;
    snprintf(place, sizeof place, "/tmp/test_machine.XXXXXX");
    if (!mkdtemp(place)) return -1;
    snprintf(proc, sizeof proc, "%s/proc", place);
    snprintf(groups, sizeof groups, "%s/groups", place);
    unsetenv("RUNNER_MEMORY");
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where) {
    (void)status, (void)kind, (void)where;
    return remove(path);
}

static int tear_down(void **state) {
    (void)state;
    return nftw(place, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void the_tightest_of_nested_groups_counts(void **state) {
    (void)state;
    put(proc, "self/cgroup", "4:memory:/x\n0::/user.slice/job.scope/step\n");
    assert_int_equal(machine_processors(&ROOTS), 0);
    put(groups, "cpu.max", "max 100000\n");
    put(groups, "user.slice/cpu.max", "max 100000\n");
    put(groups, "user.slice/job.scope/cpu.max", "250000 100000\n");
    put(groups, "user.slice/job.scope/step/cpu.max", "800000 100000\n");
    assert_int_equal(machine_processors(&ROOTS), 3); /* 2.5 of them, not 8 */
    put(groups, "user.slice/job.scope/step/cpu.max", "50000 100000\n");
    assert_int_equal(machine_processors(&ROOTS), 1);
}

/* A container sees its own group as the root. */
static void the_root_counts_too(void **state) {
    (void)state;
    put(proc, "self/cgroup", "0::/\n");
    put(groups, "cpu.max", "150000 100000\n");
    put(groups, "memory.max", "1000000\n");
    put(groups, "memory.current", "400000\n");
    assert_int_equal(machine_processors(&ROOTS), 2);
    assert_int_equal(machine_memory(&ROOTS), 600000);
}

static void memory_is_what_everybody_leaves(void **state) {
    (void)state;
    assert_true(machine_memory(&ROOTS) == INT64_MAX);
    put(proc, "meminfo", "MemTotal:  999999 kB\nMemFree: 5 kB\nMemAvailable:    2048 kB\n");
    assert_int_equal(machine_memory(&ROOTS), 2048 * 1024);
    put(proc, "self/cgroup", "0::/a/b\n");
    put(groups, "a/b/memory.max", "max\n");
    put(groups, "a/memory.max", "1500000\n");
    put(groups, "a/memory.current", "1200000\n");
    assert_int_equal(machine_memory(&ROOTS), 300000);
    put(groups, "a/memory.current", "1600000\n");
    assert_int_equal(machine_memory(&ROOTS), 0);
    put(groups, "a/memory.max", "max\n");
    setenv("RUNNER_MEMORY", "1M", 1);
    assert_int_equal(machine_memory(&ROOTS), 1024 * 1024);
    setenv("RUNNER_MEMORY", "100k", 1);
    assert_int_equal(machine_memory(&ROOTS), 100 * 1024);
    setenv("RUNNER_MEMORY", "nonsense", 1);
    assert_int_equal(machine_memory(&ROOTS), 2048 * 1024);
    unsetenv("RUNNER_MEMORY");
}

static void nonsense_grants_nothing_and_takes_nothing(void **state) {
    (void)state;
    put(proc, "self/cgroup", "0::/a\n");
    static const char *const texts[] = {"", "0 0\n", "-5 100\n", "100 -5\n", "x y\n", "5\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        put(groups, "a/cpu.max", texts[i]);
        assert_int_equal(machine_processors(&ROOTS), 0);
    }
    put(groups, "a/memory.max", "\n");
    assert_true(machine_memory(&ROOTS) == INT64_MAX);
}

int main(void) {
#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        IN_PLACE(the_tightest_of_nested_groups_counts),
        IN_PLACE(the_root_counts_too),
        IN_PLACE(memory_is_what_everybody_leaves),
        IN_PLACE(nonsense_grants_nothing_and_takes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
