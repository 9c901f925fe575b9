/* Made-up results and throw-away folders for the tests of what keeps results. Numbers come from
 * splitmix64 of the trial's identity, so that any test can make the same result again to compare
 * with. */
#ifndef TESTS_RUNNER_FAKE_RESULTS_H
#define TESTS_RUNNER_FAKE_RESULTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/folder.h"
#include "runner/journal/trial_result.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The fields a cmocka failure should show the reason of. */
#define assert_ok(call, err)                                                                       \
    do {                                                                                           \
        if (!(call)) fail_msg("%s: %s", #call, (err)->text);                                       \
    } while (0)

static inline uint64_t fake_mix(uint64_t x) {
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* In [0, 1). */
static inline double fake_number(uint64_t seed, uint64_t at) {
    return (double)(fake_mix(seed ^ fake_mix(at)) >> 11) * 0x1p-53;
}

/* A result whose arrays lie in `memory`, which has room for points * (1 + metrics) + 2 * metrics +
 * 2 * numbers. */
static inline void fake_result(TrialResult *result, double *memory, uint64_t id, MetricSet metrics,
                               const int64_t *epoch, int32_t points, int64_t numbers) {
    const int32_t width = metrics_count(metrics);
    *result = (TrialResult){.id = id, .data_digest = fake_mix(id ^ 1), .parameters = numbers};
    TrainerResult *t = &result->trained;
    *t = (TrainerResult){
        .verdict = VERDICT_FALLING, .metrics = metrics, .points = points, .state_size = numbers};
    t->epochs_run = points ? epoch[points - 1] + 1 : 0;
    t->best_epoch = points ? epoch[points / 2] : -1;
    t->epoch = (int64_t *)(void *)memory;
    if (points) memcpy(t->epoch, epoch, (size_t)points * sizeof *epoch);
    t->history = memory + points;
    t->final = t->history + points * width;
    t->best = t->final + width;
    t->weights = t->best + width;
    for (int64_t i = 0; i < (int64_t)points * width; i++)
        t->history[i] = fake_number(id, (uint64_t)i);
    for (int32_t i = 0; i < width; i++) {
        t->final[i] = fake_number(id, 1000000 + (uint64_t)i);
        t->best[i] = fake_number(id, 2000000 + (uint64_t)i);
    }
    for (int64_t i = 0; i < numbers; i++)
        t->weights[i] = fake_number(id, 3000000 + (uint64_t)i) - 0.5;
}

/* A fresh folder; its path is to be freed by fake_folder_remove. */
static inline char *fake_folder(void) {
    const char *base = getenv("TMPDIR");
    char *path = NULL;
    assert_true(asprintf(&path, "%s/runner-test-XXXXXX", base ? base : "/tmp") > 0);
    assert_non_null(mkdtemp(path));
    return path;
}

static inline int fake_remove_one(const char *path, const struct stat *status, int kind,
                                  struct FTW *walk) {
    (void)status, (void)kind, (void)walk;
    return remove(path);
}

static inline void fake_folder_remove(char *path) {
    assert_int_equal(nftw(path, fake_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    free(path);
}

static inline char *fake_path(const char *folder, const char *name) {
    char *path = NULL;
    assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
    return path;
}

/* A fresh folder for a test, and paths in it. */
typedef struct FakeFolder {
    char *path, *journal, *results;
    Folder open;
} FakeFolder;

static inline int fake_set_up(void **state) {
    FakeFolder *folder = malloc(sizeof *folder);
    assert_non_null(folder);
    folder->path = fake_folder();
    folder->journal = fake_path(folder->path, "journal");
    folder->results = fake_path(folder->path, "results.h5");
    assert_true(folder_open(&folder->open, folder->path, NULL));
    *state = folder;
    return 0;
}

static inline int fake_tear_down(void **state) {
    FakeFolder *folder = *state;
    free(folder->journal);
    free(folder->results);
    folder_close(&folder->open);
    fake_folder_remove(folder->path);
    free(folder);
    return 0;
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, fake_set_up, fake_tear_down)

/* All bytes of a file; the caller frees them. */
static inline unsigned char *fake_slurp(const char *path, size_t *size) {
    struct stat status;
    const int fd = open(path, O_RDONLY);
    assert_true(fd >= 0 && !fstat(fd, &status));
    unsigned char *bytes = malloc((size_t)status.st_size + 1);
    assert_non_null(bytes);
    *size = (size_t)read(fd, bytes, (size_t)status.st_size + 1);
    assert_int_equal(*size, status.st_size);
    close(fd);
    return bytes;
}

static inline void fake_spill(const char *path, const void *bytes, size_t size) {
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    close(fd);
}

#endif
