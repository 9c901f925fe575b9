/* Groups, axes and the choice of the best. */
#include "runner/analysis/finding_text.h"
#include "tests/runner/planted.h"

#include "runner/analysis/labels.h"

static void trials_are_grouped_by_setting(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.sizes = 4, .repeats = 3, .rates = 2});
    assert_int_equal(study.summary.groups, 8);
    assert_int_equal(study.summary.replicates, 3);
    for (int64_t g = 0; g < 8; g++) {
        assert_int_equal(study.summary.group[g].trials, 3);
        assert_int_equal(study.summary.group[g].metric.n, 3);
        assert_true(study.summary.group[g].complete);
        assert_int_equal(summary_first_trial(&study.summary, g), 3 * g);
    }
    const double *column = study.fake.results.final[METRIC_TEST_LOSS];
    assert_true(study.summary.group[5].metric.mean == statistics_mean(column + 15, 3));
    planted_destroy(&study);
}

static void shuffled_trials_give_the_same_groups(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.sizes = 3, .repeats = 4});
    const double mean = study.summary.group[1].metric.mean;
    Results *r = &study.fake.results;
    for (int64_t i = 0; i < 12; i++) { /* trials in the opposite order */
        const int64_t from = 11 - i;
        r->setting[i] = from / 4;
        r->repeat[i] = (int32_t)(from % 4);
    }
    for (int64_t i = 0; i < 6; i++) {
        double *column = r->final[METRIC_TEST_LOSS], kept = column[i];
        const Value value = r->key[KEY_HIDDEN][i];
        column[i] = column[11 - i];
        column[11 - i] = kept;
        r->key[KEY_HIDDEN][i] = r->key[KEY_HIDDEN][11 - i];
        r->key[KEY_HIDDEN][11 - i] = value;
    }
    Summary again;
    Error err = {0};
    assert_true(summary_create(&again, r, &study.fake.spec, &err));
    assert_true(again.group[1].metric.mean == mean);
    assert_int_equal(summary_first_trial(&again, 0), 11);
    summary_destroy(&again);
    planted_destroy(&study);
}

static void axes_are_what_varies_on_the_scale_that_reads_best(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(
        &study,
        &(FakeOptions){.sizes = 12, .repeats = 2, .rates = 4, .penalties = 3, .words = true});
    const Summary *summary = &study.summary;
    assert_int_equal(summary->axes, 4);
    assert_string_equal(summary->axis[0].name, "data.path");
    assert_int_equal(summary->axis[0].scale, SUMMARY_CATEGORY);
    assert_int_equal(summary->axis[1].scale, SUMMARY_LOG);
    assert_int_equal(summary->axis[1].count, 12);
    assert_true(summary->axis[1].number[11] == 12);
    assert_string_equal(summary->axis[1].label[9], "10"); /* by number, not by letter */
    assert_int_equal(summary->axis[2].scale, SUMMARY_LOG);
    assert_int_equal(summary->axis[3].scale,
                     SUMMARY_CATEGORY); /* 0, 0.0001, 0.001: no scale shows them all */
    assert_int_equal(summary->size_axis, 1);
    assert_int_equal(summary->sweep_axis, 1);
    planted_destroy(&study);
}

static void a_line_keeps_every_other_setting(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.sizes = 5, .repeats = 2, .rates = 3, .penalties = 2});
    int64_t line[5];
    summary_line(&study.summary, study.summary.size_axis, 4, line);
    for (int32_t i = 0; i < 5; i++) assert_int_equal(line[i], 6 * i + 4);
    planted_destroy(&study);
}

static void keys_that_move_together_are_one_axis(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.sizes = 4, .repeats = 2});
    Fake *fake = &study.fake;
    Assignment both[2] = {{.key = KEY_HIDDEN, .value = {1, "1"}},
                          {.key = KEY_ACTIVATION, .value = {0, "tanh"}}};
    Choice choice = {.set = both, .count = 2};
    Axis zipped = {.choice = &choice, .count = 4, .name = NULL};
    fake->spec.axis = &zipped;
    Summary summary;
    Error err = {0};
    assert_true(summary_create(&summary, &fake->results, &fake->spec, &err));
    assert_int_equal(summary.axes, 1);
    assert_string_equal(summary.axis[0].name, "hidden"); /* the activation never moves */
    assert_string_equal(summary.axis[0].label[2], "3");
    assert_int_equal(summary.axis[0].others, 0);
    summary_destroy(&summary);
    Value *hidden = fake->results.key[KEY_HIDDEN], *activation = fake->results.key[KEY_ACTIVATION];
    activation[6] = activation[7] = (Value){1, "relu"};
    assert_true(summary_create(&summary, &fake->results, &fake->spec, &err));
    assert_string_equal(summary.axis[0].name, "hidden"); /* which tells all apart */
    assert_int_equal(summary.axis[0].others, 1);
    assert_int_equal(summary.axis[0].other[0], KEY_ACTIVATION);
    summary_destroy(&summary);
    const Assignment sizes = both[0];
    both[0] = both[1];
    both[1] = sizes;
    assert_true(summary_create(&summary, &fake->results, &fake->spec, &err));
    assert_string_equal(summary.axis[0].name, "activation+hidden"); /* the first stays */
    summary_destroy(&summary);
    both[1] = both[0];
    both[0] = sizes;
    hidden[6] = hidden[7] = hidden[0];
    assert_true(summary_create(&summary, &fake->results, &fake->spec, &err));
    assert_int_equal(summary.axis[0].count, 4);
    assert_string_equal(summary.axis[0].name, "hidden+activation");
    assert_int_equal(summary.axis[0].scale, SUMMARY_CATEGORY);
    char words[200];
    labels_setting(&summary, 3, -1, words, sizeof words);
    assert_string_equal(words, "1 hidden unit, activation relu");
    summary_destroy(&summary);
    planted_destroy(&study);
}

static void folds_of_a_repeat_are_one_value(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.sizes = 2, .repeats = 6});
    Results *r = &study.fake.results;
    for (int64_t i = 0; i < 12; i++) { /* six trials become two repeats of three folds */
        r->repeat[i] = (int32_t)(i % 6 / 3);
        r->fold[i] = (int32_t)(i % 3);
    }
    Summary summary;
    Error err = {0};
    assert_true(summary_create(&summary, r, &study.fake.spec, &err));
    assert_int_equal(summary.replicates, 2);
    assert_false(summary.folds);
    double values[2];
    const double *column = r->final[METRIC_TEST_LOSS];
    summary_values(&summary, 0, column, values);
    assert_true(fabs(values[1] - statistics_mean(column + 3, 3)) < 1e-15);
    assert_int_equal(summary.group[0].metric.n, 2);
    summary_destroy(&summary);
    for (int64_t i = 0; i < 12;
         i++) { /* one repeat of six folds: the folds are the evidence, and the words say so */
        r->repeat[i] = 0;
        r->fold[i] = (int32_t)(i % 6);
    }
    assert_true(summary_create(&summary, r, &study.fake.spec, &err));
    assert_true(summary.folds);
    Finding finding;
    FindingText text;
    assert_true(finding_make(&finding, &summary, &err));
    finding_text_write(&text, &finding, &summary);
    assert_says(text.detail, "paired over the folds");
    finding_destroy(&finding);
    summary_destroy(&summary);
    planted_destroy(&study);
}

static void a_setting_that_diverged_once_stands_behind_all_that_did_not(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.shape = FAKE_IMPROVES, .diverges = true});
    const Summary *summary = &study.summary;
    const SummaryGroup *best = &summary->group[summary->best];
    assert_true(best->complete);
    bool incomplete = false;
    for (int64_t i = 0; i < summary->groups; i++) {
        const bool complete = summary->group[summary->ranked[i]].complete;
        assert_false(incomplete && complete);
        incomplete = incomplete || !complete;
    }
    assert_true(incomplete);
    assert_says(study.text.detail, "diverged");
    planted_destroy(&study);
}

static void the_smallest_choice_is_within_one_standard_error(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.shape = FAKE_FLAT, .sizes = 20, .luck = 1});
    const Summary *summary = &study.summary;
    const Interval *best = &summary->group[summary->best].metric;
    const double limit = best->mean + statistics_standard_error(best);
    int64_t fewest = -1;
    for (int64_t g = 0; g < summary->groups; g++)
        if (summary->group[g].metric.mean <= limit &&
            (fewest < 0 || summary->group[g].parameters < summary->group[fewest].parameters))
            fewest = g;
    assert_int_equal(summary->smallest, fewest);
    assert_int_not_equal(fewest, summary->best); /* or the test would say nothing */
    planted_destroy(&study);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trials_are_grouped_by_setting),
        cmocka_unit_test(shuffled_trials_give_the_same_groups),
        cmocka_unit_test(axes_are_what_varies_on_the_scale_that_reads_best),
        cmocka_unit_test(a_line_keeps_every_other_setting),
        cmocka_unit_test(keys_that_move_together_are_one_axis),
        cmocka_unit_test(folds_of_a_repeat_are_one_value),
        cmocka_unit_test(a_setting_that_diverged_once_stands_behind_all_that_did_not),
        cmocka_unit_test(the_smallest_choice_is_within_one_standard_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
