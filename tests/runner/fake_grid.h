/* A study that was never run, over any axes: results as store_read() would give them, with values
 * that a function plants. For golden sentences and for the simulator of studies. */
#ifndef TESTS_RUNNER_FAKE_GRID_H
#define TESTS_RUNNER_FAKE_GRID_H

#include "tests/runner/fake_study.h"

#define FAKE_GRID_AXES 4

typedef struct FakeGridAxis {
    KeyId key;
    const char *const *value; /* count: as the experiment writes them; "" is no hidden layer */
    int32_t count;
} FakeGridAxis;

/* The value of a metric for the setting with these indices on the axes; NaN: diverged. Called for
 * each metric of the task, metric by metric within a trial. */
typedef double FakeValue(void *context, Metric metric, const int32_t *at, int32_t repeat);

typedef struct FakeGrid {
    FakeGridAxis axis[FAKE_GRID_AXES];
    int32_t axes, repeats, folds; /* folds > 0: one repeat of so many */
    bool numbers, no_test;
    bool tables; /* truth tables: of an axis data.gate, else of exclusive-or */
    const char *question;
    Metric metric; /* METRIC_COUNT: the default; more is better where it is for that metric */
    SpecAt at;
    FakeValue *value;
    void *context;
} FakeGrid;

void fake_grid_create(Fake *fake, const FakeGrid *grid); /* fake_destroy() ends it */

/* Plants values once more, in the same study. */
void fake_grid_fill(Fake *fake, const FakeGrid *grid);

#endif
