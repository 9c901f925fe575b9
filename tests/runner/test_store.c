/* results.h5: what goes in comes out, the same bytes every time, and damage never reaches HDF5. */
#include "tests/runner/fake_experiment.h"

#include "runner/store/store_publish.h"
#include "runner/store/trailer.h"

#include <math.h>

enum { FLIPS = 10000 };

/* Writes the experiment's results and reads them back. */
static void write_and_read(const FakeFolder *folder, FakeExperiment *fake, Results *results) {
    Error err = {0};
    const StorePublishInput input = {.folder = &folder->open, .store = &fake->input};
    assert_ok(store_publish(&input, &err), &err);
    assert_ok(store_read(results, folder->path, &err), &err);
}

static bool same_bits(double a, double b) {
    return !memcmp(&a, &b, sizeof a);
}

/* Row `row` of the file against trial `trial` of the experiment. */
static void check_row(FakeExperiment *fake, const Results *r, int64_t row, int64_t trial) {
    Setting here, there;
    TrialResult made, back;
    grid_setting(&fake->grid, trial, &here);
    store_setting(r, row, &there);
    for (int key = 0; key < KEY_COUNT; key++) {
        assert_string_equal(there.value[key].text, here.value[key].text);
        assert_true(isnan(here.value[key].number)
                        ? isnan(there.value[key].number)
                        : same_bits(here.value[key].number, there.value[key].number));
    }
    assert_int_equal(there.seed, here.seed);
    assert_int_equal(there.repeat, here.repeat);
    assert_int_equal(there.fold, here.fold);
    assert_int_equal(there.number, here.number);
    assert_int_equal(grid_id(&there), fake->grid.id[trial]);
    assert_int_equal(r->id[row], fake->grid.id[trial]);
    assert_int_equal(r->data[row], fake->data_of_trial[trial]);
    assert_int_equal(r->hidden_units[row], (int64_t)here.value[KEY_HIDDEN].number);
    /* Encoding both compares every bit of the rest; NaN histories are "not recorded" either way. */
    fake_trial(fake, trial, &made);
    double *memory = malloc((store_result_words(r) + 1) * sizeof *memory);
    assert_non_null(memory);
    store_result(r, row, &back, memory);
    if (made.status == TRIAL_DIVERGED) made.trained.points--;
    if (made.status == TRIAL_FAILED) {
        made.trained.verdict = VERDICT_NOISY;
        made.trained.best_epoch = -1;
    }
    if (made.trained.points != made.trained.epochs_run && made.trained.state_size == 0)
        made.trained.state_size = back.trained.state_size;
    const size_t length = trial_result_bytes(&made);
    assert_int_equal(trial_result_bytes(&back), length);
    unsigned char *a = malloc(length), *b = malloc(length);
    assert_true(a && b);
    trial_result_encode(&made, a);
    trial_result_encode(&back, b);
    assert_memory_equal(a, b, length);
    free(a);
    free(b);
    free(memory);
}

static void check_all(FakeExperiment *fake, const Results *r) {
    int64_t row = 0;
    for (int64_t trial = 0; trial < fake->grid.trials; trial++)
        if (!fake->missing[trial]) check_row(fake, r, row++, trial);
    assert_int_equal(r->trials, row);
}

static void every_number_comes_back_bit_by_bit(void **state) {
    const FakeFolder *folder = *state;
    FakeExperiment fake;
    Results r;
    fake_create(&fake, FAKE_SMALL);
    write_and_read(folder, &fake, &r);
    check_all(&fake, &r);
    assert_int_equal(r.trials, 12);
    assert_int_equal(r.points, FAKE_POINTS);
    assert_int_equal(r.epoch[10], 99);
    assert_int_equal(r.metrics, metrics_of_task(true, false, true));
    assert_string_equal(r.name, "fake");
    assert_string_equal(r.description, "made up, with \xc3\xa4 in it");
    assert_string_equal(r.source, FAKE_SMALL);
    assert_string_equal(r.resolved, "name: fake\n");
    assert_string_equal(r.arithmetic, "fma");
    assert_string_equal(r.path, folder->results);
    assert_false(r.changed);
    assert_null(r.snapshot_offset);
    assert_int_equal(r.sets, FAKE_SETS);
    for (int32_t k = 0; k < FAKE_SETS; k++) {
        assert_true(r.set[k].kept);
        assert_string_equal(r.set[k].recipe, fake.set[k].recipe);
        assert_null(r.set[k].path);
        assert_int_equal(r.set[k].train.n, 6);
        assert_int_equal(r.set[k].train.outputs, 2);
        assert_memory_equal(r.set[k].train.x, fake.set[k].train.x, 8 * 12);
        assert_memory_equal(r.set[k].train.label, fake.set[k].train.label, 4 * 6);
        assert_memory_equal(r.set[k].test.x, fake.set[k].test.x, 8 * 8);
        assert_int_equal(r.set[k].val.n, 0);
        assert_null(r.set[k].train.fold);
    }
    store_close(&r);
    fake_destroy(&fake);
}

static void two_writings_give_the_same_bytes(void **state) {
    const FakeFolder *folder = *state;
    FakeExperiment fake;
    Results r;
    size_t size, again;
    fake_create(&fake, FAKE_SMALL);
    write_and_read(folder, &fake, &r);
    store_close(&r);
    unsigned char *first = fake_slurp(folder->results, &size);
    sleep(1);                      /* times would differ */
    char *dirt = malloc(64 << 20); /* freed memory that is not zero */
    assert_non_null(dirt);
    memset(dirt, 0x5a, 64 << 20);
    free(dirt);
    for (int i = 0; i < 2000; i++) { /* and small pieces of it */
        char *piece = malloc((size_t)i + 16);
        assert_non_null(piece);
        memset(piece, 0x33, (size_t)i + 16);
        free(piece);
    }
    write_and_read(folder, &fake, &r);
    store_close(&r);
    unsigned char *second = fake_slurp(folder->results, &again);
    assert_int_equal(again, size);
    assert_memory_equal(first, second, size);
    free(first);
    free(second);
    fake_destroy(&fake);
}

static void trials_without_a_result_are_left_out(void **state) {
    const FakeFolder *folder = *state;
    FakeExperiment fake;
    Results r;
    fake_create(&fake, FAKE_SMALL);
    for (int64_t i = 0; i < fake.grid.trials; i++) {
        fake.missing[i] = i % 3 == 0;
    }
    write_and_read(folder, &fake, &r);
    check_all(&fake, &r);
    assert_int_equal(r.trials, 8);
    store_close(&r);
    for (int64_t i = 0; i < fake.grid.trials; i++) fake.missing[i] = true; /* not one */
    write_and_read(folder, &fake, &r);
    assert_int_equal(r.trials, 0);
    assert_int_equal(r.points, 0);
    store_close(&r);
    fake.missing[5] = false; /* one */
    write_and_read(folder, &fake, &r);
    check_all(&fake, &r);
    store_close(&r);
    fake_destroy(&fake);
}

static void weights_are_kept_as_asked(void **state) {
    const FakeFolder *folder = *state;
    for (WeightsKept kept = 0; kept < WEIGHTS_COUNT; kept++) {
        FakeExperiment fake;
        Results r;
        fake_create(&fake, FAKE_SMALL);
        fake.kept = kept;
        write_and_read(folder, &fake, &r);
        assert_int_equal(!!r.weights, kept == WEIGHTS_FINAL || kept == WEIGHTS_BOTH);
        assert_int_equal(!!r.best_weights, kept == WEIGHTS_BEST || kept == WEIGHTS_BOTH);
        check_all(&fake, &r);
        store_close(&r);
        fake_destroy(&fake);
    }
}

static void no_epochs_give_an_empty_history(void **state) {
    const FakeFolder *folder = *state;
    FakeExperiment fake;
    Results r;
    fake_create(&fake, FAKE_YAML_EPOCHS("0", "[2]", "record: {every: 10}\n"));
    write_and_read(folder, &fake, &r);
    assert_int_equal(r.points, 0);
    check_all(&fake, &r);
    store_close(&r);
    fake_destroy(&fake);
}

/* Any number of them a trial, also none, whichever of the other weights are kept. */
static void snapshots_come_back_bit_by_bit(void **state) {
    const FakeFolder *folder = *state;
    for (WeightsKept kept = 0; kept < WEIGHTS_COUNT; kept++) {
        FakeExperiment fake;
        Results r;
        fake_create(&fake, FAKE_YAML("[[], 3, [8, 4], 17, 30]",
                                     "record: {every: 10, weights: {epochs: 3}}\n"));
        fake.kept = kept;
        write_and_read(folder, &fake, &r);
        check_all(&fake, &r);
        assert_non_null(r.snapshot_offset);
        int counts = 0; /* bit n: a trial has n of them */
        for (int64_t i = 0; i < r.trials; i++) {
            counts |= 1 << (r.snapshot_offset[i + 1] - r.snapshot_offset[i]);
        }
        assert_int_equal(counts, 15);
        store_close(&r);
        for (int64_t i = 1; i < fake.grid.trials; i++) fake.missing[i] = true;
        write_and_read(folder, &fake, &r);
        check_all(&fake, &r);
        store_close(&r);
        fake_destroy(&fake);
    }
}

static void sets_that_are_not_kept_have_a_recipe_and_numbers_have_targets(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    FakeExperiment fake;
    Results r;
    fake_create(&fake, FAKE_SMALL);
    DataSplits *file = &fake.set[0], *numbers = &fake.set[1];
    file->kept = false;
    file->path = fake_path("/some/where", "d\xc3\xa4ta.csv");
    file->size = 123456789;
    snprintf(file->sha256, sizeof file->sha256, "%064d", 7);
    dataset_destroy(&numbers->train);
    assert_ok(dataset_create(&numbers->train, 3, 1, 2, false, &err), &err);
    assert_ok(dataset_create(&numbers->val, 2, 1, 2, false, &err), &err);
    for (int i = 0; i < 6; i++) numbers->train.target[i] = i + 0.5;
    numbers->train.fold = malloc(3 * sizeof *numbers->train.fold);
    assert_non_null(numbers->train.fold);
    for (int i = 0; i < 3; i++) numbers->train.fold[i] = 2 - i;
    write_and_read(folder, &fake, &r);
    assert_false(r.set[0].kept);
    assert_int_equal(r.set[0].train.n, 0);
    assert_string_equal(r.set[0].path, file->path);
    assert_int_equal(r.set[0].size, 123456789);
    assert_string_equal(r.set[0].sha256, file->sha256);
    assert_null(r.set[1].train.label);
    assert_memory_equal(r.set[1].train.target, numbers->train.target, 6 * 8);
    assert_memory_equal(r.set[1].train.fold, numbers->train.fold, 3 * 4);
    assert_int_equal(r.set[1].val.n, 2);
    store_close(&r);
    free(file->path);
    fake_destroy(&fake);
}

static void a_description_may_be_longer_than_an_object_header(void **state) {
    const FakeFolder *folder = *state;
    FakeExperiment fake;
    Results r;
    fake_create(&fake, FAKE_SMALL);
    char *longer = malloc(200001), *was = fake.spec.description;
    assert_non_null(longer);
    memset(longer, 'd', 200000);
    longer[200000] = '\0';
    fake.spec.description = longer;
    write_and_read(folder, &fake, &r);
    assert_string_equal(r.description, longer);
    store_close(&r);
    fake.spec.description = was;
    free(longer);
    fake_destroy(&fake);
}

static void many_trials_go_through_more_than_one_block(void **state) {
    const FakeFolder *folder = *state;
    FakeExperiment fake;
    Results r;
    fake_create(&fake, FAKE_YAML("{min: 1, max: 50}",
                                 "record: {every: 10}\n"
                                 "zip: [{l1: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, "
                                 "15, 16, 17, 18, 19, 20, 21, 22, 23, 24]}]\n"));
    assert_int_equal(fake.grid.trials, 5000);
    fake.kept = WEIGHTS_BOTH;
    write_and_read(folder, &fake, &r);
    check_all(&fake, &r);
    store_close(&r);
    fake_destroy(&fake);
}

/* ---- damage ---- */

static void expect_damaged(const FakeFolder *folder) {
    Error err = {0};
    Results r;
    assert_false(store_read(&r, folder->results, &err));
    assert_int_equal(err.kind, ERROR_RESOURCE);
    assert_non_null(strstr(err.text, "damaged (cut short")); /* said before HDF5 is asked */
    assert_non_null(strstr(err.text, folder->results));
}

static void every_flipped_bit_is_found_before_hdf5(void **state) {
    const FakeFolder *folder = *state;
    FakeExperiment fake;
    Results r;
    size_t size;
    fake_create(&fake, FAKE_SMALL);
    write_and_read(folder, &fake, &r);
    store_close(&r);
    unsigned char *whole = fake_slurp(folder->results, &size);
    const int fd = open(folder->results, O_WRONLY);
    for (uint64_t flip = 0; flip < FLIPS; flip++) {
        const uint64_t bit = fake_mix(flip) % (8 * size);
        const unsigned char changed = whole[bit / 8] ^ (unsigned char)(1U << bit % 8);
        assert_int_equal(pwrite(fd, &changed, 1, (off_t)(bit / 8)), 1);
        expect_damaged(folder);
        assert_int_equal(pwrite(fd, &whole[bit / 8], 1, (off_t)(bit / 8)), 1);
    }
    close(fd);
    free(whole);
    fake_destroy(&fake);
}

static void every_truncation_is_found_before_hdf5(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    FakeExperiment fake;
    Results r;
    size_t size;
    fake_create(&fake, FAKE_SMALL);
    write_and_read(folder, &fake, &r);
    store_close(&r);
    free(fake_slurp(folder->results, &size));
    const int fd = open(folder->results, O_WRONLY);
    assert_int_equal(ftruncate(fd, (off_t)size - TRAILER_BYTES), 0);
    assert_ok(store_read(&r, folder->results, &err),
              &err); /* whole, but for the trailer: nothing is lost, and it is said */
    assert_true(r.changed);
    check_all(&fake, &r);
    store_close(&r);
    for (size_t cut = size; cut-- > 0;) {
        if (cut == size - TRAILER_BYTES) continue;
        if (cut < size - 3000 && cut > 3000 && cut % 7) continue;
        assert_int_equal(ftruncate(fd, (off_t)size),
                         0); /* zeros behind would be another kind of damage: */
        assert_int_equal(ftruncate(fd, (off_t)cut), 0);
        expect_damaged(folder);
    }
    close(fd);
    fake_destroy(&fake);
}

/* Damage with a valid trailer, so that HDF5 does see it: it may be refused or read, but nothing may
 * die. */
static void hdf5_brought_down_by_damage_is_an_error_message(void **state) {
    const FakeFolder *folder = *state;
    FakeExperiment fake;
    Results r;
    size_t size;
    int refused = 0, died = 0;
    fake_create(&fake, FAKE_SMALL);
    write_and_read(folder, &fake, &r);
    store_close(&r);
    unsigned char *whole = fake_slurp(folder->results, &size);
    const size_t data = size - TRAILER_BYTES;
    for (uint64_t flip = 0; flip < 300; flip++) {
        Error err = {0};
        const uint64_t bit = fake_mix(flip) % (8 * data);
        whole[bit / 8] ^= (unsigned char)(1U << bit % 8);
        fake_spill(folder->results, whole, data);
        const int fd = open(folder->results, O_RDWR);
        assert_ok(trailer_append(fd, folder->results, &err), &err);
        close(fd);
        if (store_read(&r, folder->results, &err))
            store_close(&r);
        else {
            assert_int_equal(err.kind, ERROR_RESOURCE);
            refused++;
            died += strstr(err.text, "signal") ? 1 : 0;
        }
        whole[bit / 8] ^= (unsigned char)(1U << bit % 8);
    }
    print_message("300 flips that HDF5 sees: %d refused, %d of these by a signal in the child\n",
                  refused, died);
    assert_true(refused > 0);
    free(whole);
    fake_destroy(&fake);
}

static void what_is_no_results_file_is_refused(void **state) {
    const FakeFolder *folder = *state;
    Error err = {0};
    Results r;
    fake_spill(folder->results, "not HDF5", 8);
    expect_damaged(folder);
    fake_spill(folder->results, "", 0);
    expect_damaged(folder);
    assert_int_equal(unlink(folder->results), 0);
    assert_false(store_read(&r, folder->path, &err));
    assert_int_equal(err.kind, ERROR_RESOURCE);
    assert_non_null(strstr(err.text, "No such file"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(every_number_comes_back_bit_by_bit),
        IN_FOLDER(two_writings_give_the_same_bytes),
        IN_FOLDER(trials_without_a_result_are_left_out),
        IN_FOLDER(weights_are_kept_as_asked),
        IN_FOLDER(no_epochs_give_an_empty_history),
        IN_FOLDER(snapshots_come_back_bit_by_bit),
        IN_FOLDER(sets_that_are_not_kept_have_a_recipe_and_numbers_have_targets),
        IN_FOLDER(a_description_may_be_longer_than_an_object_header),
        IN_FOLDER(many_trials_go_through_more_than_one_block),
        IN_FOLDER(every_flipped_bit_is_found_before_hdf5),
        IN_FOLDER(every_truncation_is_found_before_hdf5),
        IN_FOLDER(hdf5_brought_down_by_damage_is_an_error_message),
        IN_FOLDER(what_is_no_results_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
