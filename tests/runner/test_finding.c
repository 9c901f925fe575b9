/* What is decided of planted studies, and what the sentences below the headline say of it. The
 * headlines themselves are in test_headline.c. */
#include <stdio.h>

#include "runner/analysis/resampling.h"
#include "tests/runner/planted.h"

static void a_study_that_shows_the_claim_says_so(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.shape = FAKE_USUAL});
    assert_int_equal(study.finding.main.claim, FINDING_BETWEEN);
    assert_true(study.finding.main.underfits && study.finding.main.overfits);
    assert_says(study.text.headline, "Small networks underfit and large ones overfit");
    assert_says(study.text.detail, "50 hidden units, is worse in test loss by");
    assert_says(study.text.detail, "it overfits");
    assert_says(study.text.detail, "1 hidden unit, is worse in test loss by");
    assert_says(study.text.detail, "it underfits");
    assert_says(study.text.detail, "chosen on the test set itself");
    planted_destroy(&study);
}

static void the_opposite_study_says_the_opposite(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.shape = FAKE_IMPROVES});
    assert_int_equal(study.finding.main.claim, FINDING_SMALL);
    assert_says(study.text.headline, "but large ones are not shown to overfit");
    assert_silent(study.text.detail, "it overfits");
    planted_destroy(&study);
    planted_create(&study, &(FakeOptions){.shape = FAKE_WORSENS});
    assert_true(study.finding.main.overfits && !study.finding.main.underfits);
    assert_says(study.text.headline,
                "Large networks overfit, but small ones are not shown to underfit");
    assert_says(study.text.headline, "and the smallest tried)");
    assert_silent(study.text.detail, "it underfits");
    planted_destroy(&study);
}

static void large_networks_that_train_badly_do_not_overfit(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.shape = FAKE_SPOILS});
    assert_int_equal(study.finding.main.claim, FINDING_LESS);
    assert_says(study.text.headline, "Large networks train badly");
    assert_true(study.finding.main.large.worse && study.finding.main.large.train_worse);
    assert_says(study.text.detail, "it trains badly rather than overfits");
    assert_silent(study.text.detail, "it overfits");
    planted_destroy(&study);
}

/* --- comparisons ------------------------------------------------------------------------------ */

#define RATES   4
#define REPEATS 10

/* Test losses of four learning rates in each repeat: by[rate][repeat]. */
static double plant(void *context, Metric metric, const int32_t *at, int32_t repeat) {
    double(*by)[REPEATS] = context;
    (void)metric;
    return by[at[0]][repeat];
}

static const char *const RATE_NAMES[] = {"0.001", "0.01", "0.1", "1"};

static void plant_rates(PlantedStudy *study, double (*by)[REPEATS], int32_t repeats) {
    planted_grid(
        study,
        &(FakeGrid){.axis = {{.key = KEY_LEARNING_RATE, .value = RATE_NAMES, .count = RATES}},
                    .axes = 1,
                    .repeats = repeats,
                    .metric = METRIC_COUNT,
                    .value = plant,
                    .context = by});
}

/* Small differences of one sign, the larger ones in later repeats. */
static double jitter(int32_t rate, int32_t repeat) {
    return 0.0001 * (double)((rate * 7 + repeat * 3) % 5) + 0.001 * repeat;
}

/* Rate 1 is worse in ten of ten repeats, in one of them by 30 or by 7e202: ranks decide, the
 * interval is wide, or overflows. */
static void one_wild_repeat_is_no_veto(void **state) {
    (void)state;
    const double wild[] = {30, 7e202};
    for (int32_t w = 0; w < 2; w++) {
        double by[RATES][REPEATS];
        PlantedStudy study;
        for (int32_t i = 0; i < RATES; i++) {
            for (int32_t r = 0; r < REPEATS; r++)
                by[i][r] = 0.5 - 0.1 * (i < 3 ? i : 1.5) + jitter(i, r);
        }
        by[3][4] = wild[w];
        plant_rates(&study, by, REPEATS);
        assert_int_equal(study.finding.main.claim, FINDING_BETWEEN);
        assert_true(study.finding.main.large.metric.loss.difference.low < 0);
        assert_says(study.text.headline, "Neither the smallest nor the largest values of learning "
                                         "rate are best");
        assert_says(study.text.detail, "The largest tried, learning rate 1, is worse in test loss");
        assert_says(study.text.detail,
                    "One repeat stands out and widens that interval: without it, it is 0.0");
        assert_silent(study.text.detail, "nan");
        planted_destroy(&study);
    }
}

/* Where no one repeat is to blame, none is blamed: differences of every size, few of them below. */
static void an_interval_and_ranks_that_disagree_are_explained(void **state) {
    (void)state;
    double by[RATES][REPEATS];
    PlantedStudy study;
    static const double d[REPEATS] = {0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 2, 3, -0.005, 4};
    for (int32_t i = 0; i < RATES; i++) {
        for (int32_t r = 0; r < REPEATS; r++) by[i][r] = 0.5 - 0.2 * (i > 1) + jitter(i, r);
    }
    for (int32_t r = 0; r < REPEATS; r++) by[3][r] = by[2][r] + d[r];
    plant_rates(&study, by, REPEATS);
    assert_true(study.finding.main.large.worse);
    assert_says(study.text.detail, "That interval reaches across zero; Wilcoxon’s test, which "
                                   "decides, looks at ranks alone.");
    assert_silent(study.text.detail, "stands out");
    planted_destroy(&study);
}

/* A difference of half a deviation: not shown by ten repeats, and how many would. */
static void what_is_not_shown_says_how_many_repeats_would(void **state) {
    (void)state;
    double by[RATES][REPEATS];
    PlantedStudy study;
    static const double d[REPEATS] = {1, -1, 0.5, 0.9, -0.8, 1.2, -0.3, 1.1, 0.4, -0.5};
    for (int32_t i = 0; i < RATES; i++) {
        for (int32_t r = 0; r < REPEATS; r++) by[i][r] = 0.5 - 0.2 * (i > 1) + jitter(i, r);
    }
    for (int32_t r = 0; r < REPEATS; r++) by[3][r] = by[2][r] + 0.01 * d[r];
    plant_rates(&study, by, REPEATS);
    const FindingEnd *end = &study.finding.main.large;
    assert_false(end->worse);
    /* (2.2414 + 0.8416)^2 (sd / mean)^2 / 0.955 + 2.2414^2 / 2, in tens above 100 */
    const Interval *found = &end->metric.loss.difference;
    const double ratio = 3.0830 * found->sd / found->mean;
    const double wanted = ratio * ratio / 0.955 + 2.512;
    assert_true(fabs(end->repeats - wanted) <= (wanted > 100 ? 10.1 : 1.1));
    char words[100];
    snprintf(words, sizeof words, "about %d repeats would show it (power 0.8)", end->repeats);
    assert_says(study.text.detail, words);
    planted_destroy(&study);
}

/* A value that diverged once is worse than any finite one, and stays on its axis. */
static void what_diverged_is_worse_and_named(void **state) {
    (void)state;
    double by[RATES][REPEATS];
    PlantedStudy study;
    for (int32_t i = 0; i < RATES; i++) {
        for (int32_t r = 0; r < REPEATS; r++) by[i][r] = 0.5 - 0.1 * i + jitter(i, r);
    }
    by[3][2] = (double)NAN;
    by[1][5] = by[1][6] = (double)NAN;
    plant_rates(&study, by, REPEATS);
    assert_int_equal(study.finding.main.values, RATES);
    assert_int_equal(study.finding.main.best, 2);
    assert_true(study.finding.main.large.diverged && study.finding.main.large.worse);
    assert_silent(study.text.headline, "Larger values");
    assert_says(study.text.detail,
                "The largest tried, learning rate 1, diverged in 1 of 10 repeats.");
    assert_says(study.text.detail, "Also, learning rate 0.01 diverged in 2 of 10.");
    assert_says(study.text.detail, "3 of 40 trials diverged; what helps: a smaller learning rate.");
    planted_destroy(&study);
    for (int32_t i = 0; i < RATES; i++) by[i][i] = (double)NAN;
    plant_rates(&study, by, REPEATS);
    assert_int_equal(study.finding.kind, FINDING_UNSTABLE);
    assert_says(study.text.headline, "Every setting diverged in at least one repeat, so none is "
                                     "best: learning rate 0.1 did so in 1 of 10.");
    planted_destroy(&study);
}

/* Choice and judgement are on different repeats: what one half chooses, the other judges. */
static void the_best_is_chosen_on_the_other_half(void **state) {
    (void)state;
    double by[RATES][REPEATS];
    PlantedStudy study;
    for (int32_t r = 0; r < REPEATS; r++) { /* 0.01 wins even repeats, 0.1 odd ones */
        by[0][r] = by[3][r] = 0.5 + jitter(0, r);
        by[1][r] = r % 2 == 0 ? 0.1 : 0.3;
        by[2][r] = r % 2 == 0 ? 0.3 : 0.11;
    }
    plant_rates(&study, by, REPEATS);
    assert_int_equal(study.finding.main.chosen[0], 1);
    assert_int_equal(study.finding.main.chosen[1], 2);
    assert_says(study.text.detail, "(one half chooses learning rate 0.01, the other 0.1)");
    /* odd repeats judge 0.01, the choice of the even ones, and have 0.3 with it; and so do even
     * repeats with 0.1 */
    double mean = 0;
    for (int32_t r = 0; r < REPEATS; r++) mean += (by[3][r] - 0.3) / REPEATS;
    assert_true(fabs(study.finding.main.large.metric.loss.difference.mean - mean) < 1e-15);
    planted_destroy(&study);
}

/* Five folds: the corrected t decides, and the sentence says so. */
static double plant_folds(void *context, Metric metric, const int32_t *at, int32_t fold) {
    (void)metric;
    const double gap = *(const double *)context;
    return 0.9 - (at[0] ? 0 : gap) + 0.004 * fold + 0.001 * ((at[0] * 3 + fold * 2) % 5);
}

static void folds_are_judged_by_the_corrected_t(void **state) {
    (void)state;
    PlantedStudy study;
    double gap = 0.05;
    static const char *const sizes[] = {"1", "8"};
    FakeGrid grid = {.axis = {{.key = KEY_HIDDEN, .value = sizes, .count = 2}},
                     .axes = 1,
                     .folds = 5,
                     .metric = METRIC_TEST_ACCURACY,
                     .value = plant_folds,
                     .context = &gap};
    planted_grid(&study, &grid);
    const CrossfitTest *test = &study.finding.main.small.metric;
    double d[5];
    for (int32_t f = 0; f < 5; f++)
        d[f] = plant_folds(&gap, 0, (const int32_t[]){1}, f) -
               plant_folds(&gap, 0, (const int32_t[]){0}, f);
    const Interval folds = resampling_folds(d, 5, 4, 1);
    assert_true(fabs(test->loss.difference.half - folds.half) < 1e-12);
    assert_true(fabs(test->loss.p - resampling_folds_p(d, 5, 4, 1)) < 1e-12);
    assert_true(study.finding.main.small.worse);
    assert_says(study.text.detail, "t test p");
    assert_says(study.text.detail, "Folds share training rows");
    assert_silent(study.text.detail, "Wilcoxon");
    planted_destroy(&study);
    /* the intervals of single settings as well */
    gap = 0.001;
    planted_grid(&study, &grid);
    assert_false(study.finding.main.small.worse);
    double x[5];
    for (int32_t f = 0; f < 5; f++) x[f] = plant_folds(&gap, 0, (const int32_t[]){1}, f);
    const Interval *own = &study.summary.group[1].metric;
    assert_true(fabs(own->half - resampling_folds(x, 5, 4, 1).half) < 1e-15);
    assert_silent(study.text.detail, "repeats would show it");
    planted_destroy(&study);
}

/* --- other axes ------------------------------------------------------------------------------- */

/* With 25 samples the penalty helps, with 800 it harms: one sentence has both. */
static void a_second_axis_is_told_at_both_ends_of_the_first(void **state) {
    (void)state;
    Fake fake;
    Summary summary;
    Finding finding;
    FindingText text;
    Error err = {0};
    fake_create(&fake, &(FakeOptions){.sizes = 1, .rates = 4, .penalties = 2, .repeats = 8});
    for (int64_t t = 0; t < fake.results.trials; t++) {
        const int64_t rate = t / 16, penalty = t / 8 % 2;
        fake.results.final[METRIC_TEST_LOSS][t] =
            0.5 - 0.1 * (double)rate + (rate == 0 ? -0.05 : 0.05) * (double)penalty +
            0.0001 * (double)(t * 7 % 5) + 0.02 * (double)(t % 8);
    }
    assert_true(summary_create(&summary, &fake.results, &fake.spec, &err));
    assert_true(finding_make(&finding, &summary, &err));
    finding_text_write(&text, &finding, &summary);
    assert_int_equal(finding.main.claim, FINDING_MORE);
    assert_int_equal(finding.crosses, 2);
    assert_says(text.detail, "From no l2 penalty to l2 penalty 0.0001, test loss changes by −0.05");
    assert_says(text.detail, "with learning rate 0.0001, and by 0.05");
    assert_says(text.detail, "with learning rate 0.003.");
    finding_destroy(&finding);
    summary_destroy(&summary);
    fake_destroy(&fake);
}

/* Which of several tasks is the easier one is no finding. */
static void a_choice_of_tasks_is_not_judged(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.sizes = 1, .words = true, .repeats = 8});
    assert_int_equal(study.finding.kind, FINDING_TASKS);
    planted_destroy(&study);
}

static void one_repeat_claims_nothing(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.repeats = 1});
    assert_int_equal(study.finding.kind, FINDING_UNTESTED);
    assert_says(study.text.headline, "With one repeat of each setting nothing can be said");
    assert_silent(study.text.headline, "overfit");
    assert_silent(study.text.headline, "95 %");
    planted_destroy(&study);
}

static void few_repeats_are_called_few(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.repeats = 4});
    assert_says(study.text.detail, "With fewer than 7 repeats Wilcoxon’s test cannot reach 5 %");
    assert_silent(study.text.detail, "Wilcoxon p");
    planted_destroy(&study);
}

static void without_held_out_data_nothing_is_said_of_generalization(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.no_test = true});
    assert_int_equal(study.summary.metric, METRIC_TRAIN_LOSS);
    assert_int_equal(study.finding.main.claim, FINDING_SMALL); /* 50 is not better than 49 */
    assert_says(study.text.headline, "Small networks do worse: mean train loss is");
    assert_says(study.text.detail, "There is no held-out data");
    assert_silent(study.text.headline, "overfit");
    planted_destroy(&study);
}

static void one_setting_is_a_number(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.sizes = 1, .repeats = 1});
    assert_int_equal(study.finding.kind, FINDING_SINGLE);
    assert_says(study.text.headline, "The test loss is 0.");
    assert_says(study.text.headline, "(one repeat, so no interval)");
    planted_destroy(&study);
}

static void settings_that_do_equally_well_are_called_equal(void **state) {
    (void)state;
    Fake fake;
    Summary summary;
    Finding finding;
    FindingText text;
    Error err = {0};
    fake_create(&fake, &(FakeOptions){.sizes = 3, .repeats = 2, .no_test = true});
    double *loss = fake.results.final[METRIC_TRAIN_LOSS];
    for (int64_t i = 0; i < 6; i++) loss[i] = i < 4 ? 0.25 : 0.5;
    assert_true(summary_create(&summary, &fake.results, &fake.spec, &err));
    assert_true(finding_make(&finding, &summary, &err));
    finding_text_write(&text, &finding, &summary);
    assert_says(text.headline, "mean train loss is 0.25 with 1 hidden unit (the lowest, and the "
                               "smallest tried) and 0.5 with 3");
    finding_destroy(&finding);
    summary_destroy(&summary);
    for (int64_t i = 0; i < 6; i++) loss[i] = 0.25;
    assert_true(summary_create(&summary, &fake.results, &fake.spec, &err));
    assert_true(finding_make(&finding, &summary, &err));
    finding_text_write(&text, &finding, &summary);
    assert_says(text.headline, "3 of 3 settings share");
    finding_destroy(&finding);
    summary_destroy(&summary);
    fake_destroy(&fake);
}

static void no_finite_value_is_said_plainly(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.sizes = 3, .repeats = 2});
    for (int64_t i = 0; i < 6; i++) {
        study.fake.results.final[METRIC_TEST_LOSS][i] = (double)NAN;
        study.fake.results.status[i] = TRIAL_DIVERGED;
    }
    Summary summary;
    Finding finding;
    FindingText text;
    Error err = {0};
    assert_true(summary_create(&summary, &study.fake.results, &study.fake.spec, &err));
    assert_int_equal(summary.best, -1);
    assert_true(finding_make(&finding, &summary, &err));
    finding_text_write(&text, &finding, &summary);
    assert_int_equal(finding.kind, FINDING_NOTHING);
    finding_destroy(&finding);
    summary_destroy(&summary);
    planted_destroy(&study);
}

static void more_is_better_where_it_is(void **state) {
    (void)state;
    PlantedStudy study;
    planted_create(&study, &(FakeOptions){.shape = FAKE_USUAL});
    study.fake.spec.metric = METRIC_TEST_ACCURACY;
    study.fake.spec.goal = SPEC_MAXIMIZE;
    Summary summary;
    Finding finding;
    FindingText text;
    Error err = {0};
    assert_true(summary_create(&summary, &study.fake.results, &study.fake.spec, &err));
    assert_true(finding_make(&finding, &summary, &err));
    finding_text_write(&text, &finding, &summary);
    for (int64_t g = 0; g < summary.groups; g++)
        assert_true(summary.group[g].metric.mean <= summary.group[summary.best].metric.mean);
    assert_says(text.headline, "mean test accuracy is");
    assert_says(text.headline, "(the highest)");
    assert_true(finding.main.underfits && finding.main.overfits);
    for (int32_t h = 0; h < 2; h++) /* sizes 4 to 11 */
        assert_true(finding.main.chosen[h] >= 3 && finding.main.chosen[h] <= 10);
    /* worse is positive, whichever way better is */
    assert_true(finding.main.large.metric.loss.difference.mean > 0);
    finding_destroy(&finding);
    summary_destroy(&summary);
    planted_destroy(&study);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_study_that_shows_the_claim_says_so),
        cmocka_unit_test(the_opposite_study_says_the_opposite),
        cmocka_unit_test(large_networks_that_train_badly_do_not_overfit),
        cmocka_unit_test(one_wild_repeat_is_no_veto),
        cmocka_unit_test(an_interval_and_ranks_that_disagree_are_explained),
        cmocka_unit_test(what_is_not_shown_says_how_many_repeats_would),
        cmocka_unit_test(what_diverged_is_worse_and_named),
        cmocka_unit_test(the_best_is_chosen_on_the_other_half),
        cmocka_unit_test(folds_are_judged_by_the_corrected_t),
        cmocka_unit_test(a_second_axis_is_told_at_both_ends_of_the_first),
        cmocka_unit_test(a_choice_of_tasks_is_not_judged),
        cmocka_unit_test(one_repeat_claims_nothing),
        cmocka_unit_test(few_repeats_are_called_few),
        cmocka_unit_test(without_held_out_data_nothing_is_said_of_generalization),
        cmocka_unit_test(one_setting_is_a_number),
        cmocka_unit_test(settings_that_do_equally_well_are_called_equal),
        cmocka_unit_test(no_finite_value_is_said_plainly),
        cmocka_unit_test(more_is_better_where_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
