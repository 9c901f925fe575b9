/* The data of trials: equal settings share a set, many sets take time in proportion. */
#include "tests/runner/fake_results.h"

#include "runner/experiment/spec_read.h"
#include "runner/training/trial_data.h"

#include <time.h>

typedef struct DataOf {
    Spec spec;
    Grid grid;
    TrialData data;
} DataOf;

static void open_data(DataOf *of, const char *yaml) {
    Error err = {0};
    const DataRoot root = {NULL};
    assert_ok(spec_read_text(&of->spec, "test.yaml", yaml, strlen(yaml), NULL, 0, &err), &err);
    assert_ok(grid_create(&of->grid, &of->spec, 1000000, &err), &err);
    assert_ok(trial_data_open(&of->data, &of->grid, &root, &err), &err);
}

static void close_data(DataOf *of) {
    trial_data_close(&of->data);
    grid_destroy(&of->grid);
    spec_destroy(&of->spec);
}

static void trials_of_the_same_data_share_a_set(void **state) {
    (void)state;
    Error err = {0};
    DataOf of;
    open_data(&of, "name: t\n"
                   "fixed: {epochs: 1}\n"
                   "data: {kind: moons, samples: 8, test_samples: 4, per_repeat: true}\n"
                   "grid: {hidden: [1, 2], data.noise: [0.1, 0.2]}\n"
                   "repeats: 3\n");
    assert_int_equal(of.grid.trials, 12);
    assert_int_equal(of.data.sets, 6);
    for (int64_t i = 0; i < 12; i++) {
        assert_int_equal(of.data.data_of_trial[i], i % 6); /* in the order in which they are met */
        assert_int_equal(of.data.trial_digest[i], of.data.digest[i % 6]);
        for (int64_t j = 0; j < i % 6; j++) {
            assert_true(of.data.digest[i % 6] != of.data.digest[j]);
        }
    }
    static const int64_t job[] = {0, 1, 6, 11};
    assert_ok(trial_data_prepare(&of.data, job, 4, &err), &err);
    assert_int_equal(of.data.loads, 3); /* 0 and 6 share one */
    assert_ptr_equal(trial_data_data(&of.data, 0, DTYPE_FLOAT64),
                     trial_data_data(&of.data, 6, DTYPE_FLOAT64));
    close_data(&of);
}

static void folds_of_a_set_are_loads_of_their_own(void **state) {
    (void)state;
    Error err = {0};
    DataOf of;
    open_data(&of, "name: t\n"
                   "fixed: {epochs: 1}\n"
                   "data: {kind: moons, samples: 8, folds: 4}\n"
                   "grid: {hidden: [1, 2]}\n");
    assert_int_equal(of.data.sets, 1);
    static const int64_t job[] = {0, 1, 2, 3, 4, 5, 6, 7};
    assert_ok(trial_data_prepare(&of.data, job, 8, &err), &err);
    assert_int_equal(of.data.loads, 4);
    assert_int_equal(of.data.load_of_trial[1], of.data.load_of_trial[5]);
    close_data(&of);
}

/* Each of 20000 repeats has rows of its own. Comparing each with all before took two minutes. */
static void many_sets_are_found_quickly(void **state) {
    (void)state;
    enum { REPEATS = 20000 };
    Error err = {0};
    DataOf of;
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    open_data(&of, "name: t\n"
                   "fixed: {epochs: 1}\n"
                   "data: {kind: moons, samples: 4, per_repeat: true}\n"
                   "grid: {hidden: [1, 2]}\n"
                   "repeats: 20000\n");
    assert_int_equal(of.data.sets, REPEATS);
    int64_t *job = malloc((size_t)of.grid.trials * sizeof *job);
    assert_non_null(job);
    for (int64_t i = 0; i < of.grid.trials; i++) {
        job[i] = i;
        assert_int_equal(of.data.data_of_trial[i], i % REPEATS);
    }
    assert_ok(trial_data_prepare(&of.data, job, of.grid.trials, &err), &err);
    assert_int_equal(of.data.loads, REPEATS);
    clock_gettime(CLOCK_MONOTONIC, &end);
    print_message("%d data sets in %.2f s\n", REPEATS,
                  (double)(end.tv_sec - start.tv_sec) +
                      1e-9 * (double)(end.tv_nsec - start.tv_nsec));
    free(job);
    close_data(&of);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trials_of_the_same_data_share_a_set),
        cmocka_unit_test(folds_of_a_set_are_loads_of_their_own),
        cmocka_unit_test(many_sets_are_found_quickly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
