/* A small experiment with made-up results, for the tests of store, publish and plan. Trials with
 * number 1, 6, 11 ... have diverged, 2, 7, 12 ... failed; numbers follow the identity, so that a
 * larger grid gives the same trial the same. */
#ifndef TESTS_RUNNER_FAKE_EXPERIMENT_H
#define TESTS_RUNNER_FAKE_EXPERIMENT_H

#include "runner/experiment/spec_read.h"
#include "tests/runner/fake_results.h"

#include "runner/experiment/grid.h"
#include "runner/store/store.h"

#define FAKE_YAML(hidden, more) FAKE_YAML_EPOCHS("100", hidden, more)
#define FAKE_YAML_EPOCHS(epochs, hidden, more)                                                     \
    "name: fake\n"                                                                                 \
    "description: made up, with \xc3\xa4 in it\n"                                                  \
    "data: {kind: moons, samples: 6, noise: 0.2, test_samples: 4, per_repeat: true}\n"             \
    "fixed: {epochs: " epochs ", l2: 0.001}\n"                                                     \
    "grid: {hidden: " hidden ", learning_rate: [0.1, 1e-5]}\n"                                     \
    "repeats: 2\n" more
#define FAKE_SMALL FAKE_YAML("[[], 3, [8, 4]]", "record: {every: 10}\n")

enum { FAKE_SETS = 2, FAKE_POINTS = 11 };

typedef struct FakeExperiment {
    Spec spec;
    Grid grid;
    DataSplits set[FAKE_SETS];
    int32_t *data_of_trial;
    double *memory;
    bool *missing; /* trials without a result */
    bool healthy;  /* no failed trials, no diverged ones */
    WeightsKept kept;
    StoreInput input;
} FakeExperiment;

static inline int64_t fake_numbers(const Setting *setting) {
    return 7 + (int64_t)setting->value[KEY_HIDDEN].number;
}

/* One to three snapshots, or none, by the identity. */
static inline void fake_snapshots(FakeExperiment *fake, uint64_t id, TrainerResult *t,
                                  int64_t size) {
    static int64_t epoch[3];
    t->snapshots = (int32_t)(id >> 8) & 3;
    t->snapshot_epoch = epoch;
    t->snapshot_weights = fake->memory + 50000;
    for (int32_t s = 0; s < t->snapshots; s++) epoch[s] = s * s * 10;
    if (t->snapshots > 0) t->state_size = size;
    for (int64_t i = 0; i < t->snapshots * size; i++) {
        t->snapshot_weights[i] = fake_number(id, 4000000 + (uint64_t)i);
    }
}

/* The result of a trial, as a training would give it. */
static inline void fake_trial(FakeExperiment *fake, int64_t trial, TrialResult *result) {
    static const int64_t epoch[FAKE_POINTS] = {0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99};
    Setting setting;
    grid_setting(&fake->grid, trial, &setting);
    const uint64_t id = fake->grid.id[trial];
    const int kind = fake->healthy ? 0 : (int)(id % 5);
    if (kind == 2) {
        *result = (TrialResult){.id = id, .status = TRIAL_FAILED, .message = "out of memory"};
        return;
    }
    const int32_t points = setting.value[KEY_EPOCHS].number > 0 ? (kind == 1 ? 4 : FAKE_POINTS) : 0;
    fake_result(result, fake->memory, id, metrics_of_task(true, false, true), epoch, points,
                fake_numbers(&setting));
    result->data_digest = fake_mix((uint64_t)setting.repeat);
    TrainerResult *t = &result->trained;
    const int32_t width = metrics_count(t->metrics);
    if (kind == 1) {
        result->status = TRIAL_DIVERGED;
        t->verdict = VERDICT_DIVERGED;
        for (int32_t i = 0; i < width; i++)
            t->final[i] = t->best[i] = t->history[3 * width + i] = -trial_result_nan();
    }
    const int64_t size = t->state_size;
    if (fake->kept == WEIGHTS_NONE) t->state_size = 0;
    if (fake->kept == WEIGHTS_BEST || fake->kept == WEIGHTS_BOTH) t->best_weights = t->weights;
    if (fake->kept == WEIGHTS_BEST || fake->kept == WEIGHTS_NONE) t->weights = NULL;
    if (setting.value[KEY_RECORD_WEIGHTS_EPOCHS].number > 0) fake_snapshots(fake, id, t, size);
}

static inline bool fake_source(void *context, int64_t trial, TrialResult *result, bool *found,
                               Error *err) {
    FakeExperiment *fake = context;
    (void)err;
    *found = !fake->missing[trial];
    if (*found) fake_trial(fake, trial, result);
    return true;
}

static inline void fake_create(FakeExperiment *fake, const char *yaml) {
    Error err = {0};
    *fake = (FakeExperiment){0};
    assert_ok(spec_read_text(&fake->spec, "fake.yaml", yaml, strlen(yaml), NULL, 0, &err), &err);
    assert_ok(grid_create(&fake->grid, &fake->spec, 1000000, &err), &err);
    for (int32_t k = 0; k < FAKE_SETS; k++) {
        Dataset *const part[2] = {&fake->set[k].train, &fake->set[k].test};
        for (int p = 0; p < 2; p++) {
            assert_ok(dataset_create(part[p], 6 - 2 * p, 2, 2, true, &err), &err);
            for (int64_t i = 0; i < 2 * part[p]->n; i++)
                part[p]->x[i] = fake_number((uint64_t)(10 * k + p), (uint64_t)i);
            for (int64_t i = 0; i < part[p]->n; i++) part[p]->label[i] = (int32_t)(i % 2);
        }
        fake->set[k].kept = true;
        assert_true(asprintf(&fake->set[k].recipe, "data.kind=moons data.seed=%d", 1000 * k) > 0);
    }
    fake->data_of_trial = calloc((size_t)fake->grid.trials + 1, sizeof *fake->data_of_trial);
    fake->missing = calloc((size_t)fake->grid.trials + 1, sizeof *fake->missing);
    fake->memory = malloc(100000 * sizeof *fake->memory);
    assert_true(fake->data_of_trial && fake->missing && fake->memory);
    for (int64_t i = 0; i < fake->grid.trials; i++) fake->data_of_trial[i] = (int32_t)(i % 2);
    fake->input = (StoreInput){.grid = &fake->grid,
                               .data_of_trial = fake->data_of_trial,
                               .set = fake->set,
                               .sets = FAKE_SETS,
                               .resolved = "name: fake\n",
                               .arithmetic = "fma",
                               .source = fake_source,
                               .context = fake};
}

static inline void fake_destroy(FakeExperiment *fake) {
    for (int32_t k = 0; k < FAKE_SETS; k++) {
        dataset_destroy(&fake->set[k].train);
        dataset_destroy(&fake->set[k].val);
        dataset_destroy(&fake->set[k].test);
        free(fake->set[k].recipe);
    }
    free(fake->data_of_trial);
    free(fake->missing);
    free(fake->memory);
    grid_destroy(&fake->grid);
    spec_destroy(&fake->spec);
}

#endif
