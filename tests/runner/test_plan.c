/* Planning: only what is missing is trained, nothing that is there is dropped, and what does not
 * belong is refused. */
#include "runner/journal/journal_set.h"
#include "tests/runner/fake_experiment.h"
#include "tests/runner/fake_journal.h"

#include "runner/journal/results_folder.h"
#include "runner/store/store_publish.h"
#include "runner/training/plan.h"

#define SMALL_GRID FAKE_YAML("[2, 3]", "record: {every: 10}\n")
#define LARGE_GRID FAKE_YAML("[1, 2, 3]", "record: {every: 10}\n")

/* A folder with a journal, and room for a second one. */
typedef struct PlanFolder {
    char *path, *journal;
    Journal opened[2];
    JournalSet set;
} PlanFolder;

static int set_up(void **state) {
    static PlanFolder folder;
    Error err = {0};
    folder = (PlanFolder){.path = fake_folder(), .set = {.own = folder.opened}};
    folder.journal = fake_path(folder.path, RESULTS_FOLDER_JOURNAL);
    assert_ok(fake_open(&folder.opened[0], folder.journal, "fma", 1, &err), &err);
    *state = &folder;
    return 0;
}

static int tear_down(void **state) {
    PlanFolder *folder = *state;
    journal_close(&folder->opened[0]);
    free(folder->journal);
    fake_folder_remove(folder->path);
    return 0;
}

static PlanInput input_of(const PlanFolder *folder, const FakeExperiment *fake,
                          const Results *old) {
    return (PlanInput){
        .grid = &fake->grid, .journals = &folder->set, .old = old, .arithmetic = "fma"};
}

static void append(Journal *journal, FakeExperiment *fake, int64_t trial) {
    Error err = {0};
    TrialResult result;
    fake_trial(fake, trial, &result);
    assert_ok(journal_append(journal, &result, &err), &err);
}

/* results.h5 of an experiment, and read back. */
static void publish(const PlanFolder *folder, const FakeExperiment *fake, Results *results) {
    Error err = {0};
    const StorePublishInput input = {.folder = &folder->opened[0].file.folder,
                                     .store = &fake->input};
    assert_ok(store_publish(&input, &err), &err);
    assert_ok(store_read(results, folder->path, &err), &err);
}

static void everything_is_to_do_at_first(void **state) {
    PlanFolder *folder = *state;
    Error err = {0};
    FakeExperiment fake;
    Plan plan;
    fake_create(&fake, SMALL_GRID);
    const PlanInput input = input_of(folder, &fake, NULL);
    assert_ok(plan_create(&plan, &input, &err), &err);
    assert_int_equal(plan.jobs, 8);
    for (int64_t i = 0; i < 8; i++) assert_int_equal(plan.job[i], i);
    assert_int_equal(plan.finished, 0);
    assert_true(plan.publish);
    plan_destroy(&plan);
    plan_destroy(&plan); /* legal */
    fake_destroy(&fake);
}

static void what_the_journal_has_is_not_done_again(void **state) {
    PlanFolder *folder = *state;
    Error err = {0};
    FakeExperiment fake;
    Plan plan;
    bool wanted[8] = {true, true, true, true, true, false, true, true};
    fake_create(&fake, SMALL_GRID);
    fake.healthy = true;
    append(&folder->opened[0], &fake, 2);
    append(&folder->opened[0], &fake, 3);
    PlanInput input = input_of(folder, &fake, NULL);
    input.wanted = wanted; /* all but 5 */
    assert_ok(plan_create(&plan, &input, &err), &err);
    static const int64_t expected[] = {0, 1, 4, 6, 7};
    assert_int_equal(plan.jobs, 5);
    assert_memory_equal(plan.job, expected, sizeof expected);
    assert_int_equal(plan.finished, 2);
    plan_destroy(&plan);
    fake_destroy(&fake);
}

static void failed_trials_are_done_again_only_when_asked(void **state) {
    PlanFolder *folder = *state;
    Error err = {0};
    FakeExperiment fake;
    Plan plan;
    fake_create(&fake, SMALL_GRID);
    fake.healthy = true;
    for (int64_t i = 0; i < 8; i++) {
        const TrialResult failed = {.id = fake.grid.id[i], .status = TRIAL_FAILED, .message = "no"};
        if (i == 4)
            assert_ok(journal_append(&folder->opened[0], &failed, &err), &err);
        else
            append(&folder->opened[0], &fake, i);
    }
    PlanInput input = input_of(folder, &fake, NULL);
    assert_ok(plan_create(&plan, &input, &err), &err);
    assert_int_equal(plan.jobs, 0);
    assert_int_equal(plan.finished, 8);
    assert_int_equal(plan.failed, 1);
    assert_true(plan.publish);
    plan_destroy(&plan);
    input.retry_failed = true;
    assert_ok(plan_create(&plan, &input, &err), &err);
    assert_int_equal(plan.jobs, 1);
    assert_int_equal(plan.job[0], 4);
    plan_destroy(&plan);
    append(&folder->opened[0], &fake, 4);
    assert_ok(plan_create(&plan, &input, &err), &err);
    assert_int_equal(plan.jobs, 0);
    assert_int_equal(plan.failed, 0);
    plan_destroy(&plan);
    fake_destroy(&fake);
}

static void a_complete_results_file_leaves_nothing_to_do(void **state) {
    PlanFolder *folder = *state;
    Error err = {0};
    FakeExperiment fake;
    Plan plan;
    Results old;
    fake_create(&fake, SMALL_GRID);
    publish(folder, &fake, &old);
    PlanInput input = input_of(folder, &fake, &old);
    input.arithmetic = "portable"; /* looking at it is allowed anywhere */
    assert_ok(plan_create(&plan, &input, &err), &err);
    assert_int_equal(plan.jobs, 0);
    assert_int_equal(plan.finished, 8);
    assert_false(plan.publish);
    plan_destroy(&plan);
    /* killed between renaming and removing the journal: it holds nothing new */
    for (int64_t i = 0; i < 8; i++) append(&folder->opened[0], &fake, i);
    assert_ok(plan_create(&plan, &input, &err), &err);
    assert_false(plan.publish);
    plan_destroy(&plan);
    store_close(&old);
    fake_destroy(&fake);
}

static void a_larger_grid_takes_over_what_is_finished_bit_by_bit(void **state) {
    PlanFolder *folder = *state;
    Error err = {0};
    FakeExperiment small, large;
    Plan plan;
    Results old;
    size_t size, again;
    fake_create(&small, SMALL_GRID);
    fake_create(&large, LARGE_GRID);
    publish(folder, &large, &old); /* as if all had been trained in one go */
    store_close(&old);
    char *path = fake_path(folder->path, STORE_NAME);
    unsigned char *expected = fake_slurp(path, &size);
    publish(folder, &small, &old);
    const PlanInput input = input_of(folder, &large, &old);
    assert_ok(plan_create(&plan, &input, &err), &err);
    assert_int_equal(plan.jobs, 4);
    for (int64_t i = 0; i < 4; i++) assert_int_equal(plan.job[i], i); /* hidden 1 comes first */
    assert_ok(plan_copy_old(&input, &folder->opened[0], &err), &err);
    assert_int_equal(folder->opened[0].index.results, 8);
    assert_ok(plan_copy_old(&input, &folder->opened[0], &err), &err); /* twice does no harm */
    assert_int_equal(folder->opened[0].index.results, 8);
    for (int64_t i = 0; i < plan.jobs; i++) append(&folder->opened[0], &large, plan.job[i]);
    plan_destroy(&plan);
    store_close(&old);
    JournalSetReader source = {.set = &folder->set, .id = large.grid.id};
    large.input.source = journal_set_read;
    large.input.context = &source;
    publish(folder, &large, &old);
    unsigned char *written = fake_slurp(path, &again);
    assert_int_equal(again, size);
    assert_memory_equal(written, expected, size);
    store_close(&old);
    journal_buffer_free(&source.buffer);
    free(expected);
    free(written);
    free(path);
    fake_destroy(&small);
    fake_destroy(&large);
}

static void expect_conflict(const PlanInput *input, const char *word, const char *other) {
    Error err = {0};
    Plan plan;
    const int64_t results = input->journals->own->index.results;
    assert_false(plan_create(&plan, input, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    if (!strstr(err.text, word) || !strstr(err.text, other)) fail_msg("%s", err.text);
    assert_int_equal(input->journals->own->index.results, results);
}

static void results_of_another_experiment_are_refused_with_the_difference(void **state) {
    PlanFolder *folder = *state;
    FakeExperiment fake, other;
    Results old;
    fake_create(&fake, SMALL_GRID);
    fake_create(&other, FAKE_YAML_EPOCHS("200", "[2, 3]", "record: {every: 10}\n"));
    publish(folder, &fake, &old);
    PlanInput input = input_of(folder, &other, &old);
    expect_conflict(&input, "8 of its 8 trials", "epochs is 100 there, 200 here");
    fake.healthy = true;
    append(&folder->opened[0], &fake, 0);
    input.old = NULL;
    expect_conflict(&input, "1 of its 1 trials", folder->journal);
    store_close(&old);
    fake_destroy(&fake);
    fake_destroy(&other);
}

static void a_smaller_grid_does_not_drop_results(void **state) {
    PlanFolder *folder = *state;
    FakeExperiment fake, smaller;
    Results old;
    fake_create(&fake, SMALL_GRID);
    fake_create(&smaller, FAKE_YAML("[2]", "record: {every: 10}\n"));
    publish(folder, &fake, &old);
    const PlanInput input = input_of(folder, &smaller, &old);
    expect_conflict(&input, "4 of its 8 trials", "hidden is 3 there, 2 here");
    store_close(&old);
    fake_destroy(&fake);
    fake_destroy(&smaller);
}

static void changed_data_are_refused_with_both_digests(void **state) {
    PlanFolder *folder = *state;
    Error err = {0};
    FakeExperiment fake;
    Plan plan;
    Results old;
    uint64_t digest[8];
    char text[17];
    fake_create(&fake, SMALL_GRID);
    fake.healthy = true;
    for (int64_t i = 0; i < 8; i++) {
        TrialResult result;
        fake_trial(&fake, i, &result);
        digest[i] = result.data_digest;
    }
    publish(folder, &fake, &old);
    PlanInput input = input_of(folder, &fake, &old);
    input.digest = digest;
    assert_ok(plan_create(&plan, &input, &err), &err);
    plan_destroy(&plan);
    snprintf(text, sizeof text, "%016llx", (unsigned long long)digest[3]);
    digest[3] = UINT64_C(0xfeedbeef);
    expect_conflict(&input, text, "00000000feedbeef");
    append(&folder->opened[0], &fake, 3);
    input.old = NULL;
    expect_conflict(&input, text, "00000000feedbeef");
    digest[3] = 0; /* not known */
    assert_ok(plan_create(&plan, &input, &err), &err);
    plan_destroy(&plan);
    store_close(&old);
    fake_destroy(&fake);
}

static void results_are_not_extended_on_a_machine_of_other_arithmetic(void **state) {
    PlanFolder *folder = *state;
    FakeExperiment small, large;
    Results old;
    fake_create(&small, SMALL_GRID);
    fake_create(&large, LARGE_GRID);
    publish(folder, &small, &old);
    PlanInput input = input_of(folder, &large, &old);
    input.arithmetic = "portable";
    expect_conflict(&input, "\"fma\"", "\"portable\"");
    store_close(&old);
    fake_destroy(&small);
    fake_destroy(&large);
}

static void several_journals_count_as_one_and_must_agree(void **state) {
    PlanFolder *folder = *state;
    Error err = {0};
    FakeExperiment fake;
    Plan plan;
    Journal *two = &folder->opened[1];
    TrialResult result;
    Folder open;
    char *path = fake_path(folder->path, "journal.2-of-2");
    assert_ok(fake_open(two, path, "fma", 1, &err), &err);
    fake_create(&fake, SMALL_GRID);
    fake.healthy = true;
    for (int64_t i = 0; i < 5; i++) append(&folder->opened[0], &fake, i);
    for (int64_t i = 4; i < 8; i++) append(two, &fake, i); /* 4 in both */
    JournalSet set;
    assert_ok(folder_open(&open, folder->path, &err), &err);
    assert_ok(journal_set_open(&set, &open, &err), &err);
    PlanInput input = input_of(folder, &fake, NULL);
    input.journals = &set;
    assert_ok(plan_create(&plan, &input, &err), &err);
    assert_int_equal(plan.jobs, 0);
    assert_int_equal(plan.finished, 8);
    plan_destroy(&plan);
    fake_trial(&fake, 3, &result);
    result.trained.final[0] += 1;
    assert_ok(journal_append(two, &result, &err), &err);
    assert_ok(journal_set_read_others(&set, &open, &err), &err);
    assert_false(plan_create(&plan, &input, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_non_null(strstr(err.text, "different results"));
    assert_non_null(strstr(err.text, folder->journal));
    assert_non_null(strstr(err.text, path));
    journal_set_close(&set);
    folder_close(&open);
    journal_close(two);
    free(path);
    fake_destroy(&fake);
}

#define IN_PLAN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_PLAN_FOLDER(everything_is_to_do_at_first),
        IN_PLAN_FOLDER(what_the_journal_has_is_not_done_again),
        IN_PLAN_FOLDER(failed_trials_are_done_again_only_when_asked),
        IN_PLAN_FOLDER(a_complete_results_file_leaves_nothing_to_do),
        IN_PLAN_FOLDER(a_larger_grid_takes_over_what_is_finished_bit_by_bit),
        IN_PLAN_FOLDER(results_of_another_experiment_are_refused_with_the_difference),
        IN_PLAN_FOLDER(a_smaller_grid_does_not_drop_results),
        IN_PLAN_FOLDER(changed_data_are_refused_with_both_digests),
        IN_PLAN_FOLDER(results_are_not_extended_on_a_machine_of_other_arithmetic),
        IN_PLAN_FOLDER(several_journals_count_as_one_and_must_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
