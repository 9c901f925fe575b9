/* Pairs of runs and their differences: against SciPy (tests/golden/make_pairs.py), and how often
 * something is shown where nothing is there, by simulation. */
#include "runner/analysis/pairs.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/rng.h"
#include "runner/analysis/pairs_text.h"
#include "tests/golden/pairs.h"
#include "tests/runner/planted.h"

typedef struct Sides {
    Fake fake[2];
    Summary summary[2];
    Pairing pairing;
    Matches matches[2];
    Pair *pair;
    int64_t count;
} Sides;

/* Both sides have the same settings; `folds`: the repeats are folds. */
static void sides_create(Sides *sides, const FakeOptions *options, bool folds) {
    Error err = {0};
    *sides = (Sides){0};
    for (int side = 0; side < 2; side++) {
        Fake *fake = &sides->fake[side];
        fake_create(fake, options);
        for (int64_t i = 0; i < fake->results.trials && folds; i++) {
            fake->results.fold[i] = fake->results.repeat[i];
            fake->results.repeat[i] = 0;
        }
        assert_true(summary_create(&sides->summary[side], &fake->results, &fake->spec, &err));
    }
    assert_true(pairs_create(&sides->pairing, &sides->summary[0], &sides->summary[1], &err));
    for (int side = 0; side < 2; side++) pairs_share_axes(&sides->pairing, &sides->summary[side]);
    for (int side = 0; side < 2; side++) {
        assert_true(pairs_index(&sides->matches[side], &sides->pairing, &sides->summary[side],
                                KEY_HIDDEN, NULL, &err));
    }
    sides->pair = pairs_match(&sides->matches[0], &sides->matches[1], &sides->count, &err);
    assert_non_null(sides->pair);
}

static void sides_destroy(Sides *sides) {
    free(sides->pair);
    pairs_destroy(&sides->pairing);
    for (int side = 0; side < 2; side++) {
        pairs_index_free(&sides->matches[side]);
        summary_destroy(&sides->summary[side]);
        fake_destroy(&sides->fake[side]);
    }
}

/* The column that is compared. */
static double *loss(Sides *sides, int side) {
    return sides->fake[side].results.final[METRIC_TEST_LOSS];
}

static void assert_near(double got, double wanted, double tolerance) {
    if (!(fabs(got - wanted) <= tolerance)) fail_msg("%.17g, not %.17g", got, wanted);
}

/* t's quantiles are SciPy's to 2e-9, sums to their rounding. */
static void assert_case(const PairedDifference *got, const PairsCase *wanted) {
    const Interval *d = &got->against.difference;
    assert_near(got->a, wanted->a, 1e-15);
    assert_near(got->b, wanted->b, 1e-15);
    assert_near(d->mean, wanted->difference, 1e-15);
    assert_near(d->low, wanted->difference - wanted->half, 1e-9);
    assert_near(d->high, wanted->difference + wanted->half, 1e-9);
    assert_near(got->against.p, wanted->p, 1e-9);
    assert_near(got->wins, wanted->wins, 1e-15);
    if (isnan(wanted->holm))
        assert_true(isnan(got->holm));
    else
        assert_near(got->holm, wanted->holm, 1e-9);
    assert_int_equal(got->pairs, PAIRS_REPEATS);
}

static void check_golden(bool folds, const PairsCase *wanted) {
    Sides sides;
    PairedDifference row[PAIRS_SETTINGS + 1];
    sides_create(&sides, &(FakeOptions){.sizes = PAIRS_SETTINGS, .repeats = PAIRS_REPEATS}, folds);
    memcpy(loss(&sides, 0), PAIRS_A, sizeof PAIRS_A);
    memcpy(loss(&sides, 1), PAIRS_B, sizeof PAIRS_B);
    assert_int_equal(sides.count, PAIRS_SETTINGS);
    for (int k = 0; k < PAIRS_SETTINGS; k++)
        row[k] = pairs_difference(&sides.pairing, &sides.pair[k], 1);
    row[PAIRS_SETTINGS] = pairs_difference(&sides.pairing, sides.pair, PAIRS_SETTINGS);
    assert_true(pairs_holm(row, PAIRS_SETTINGS, NULL));
    for (int k = 0; k <= PAIRS_SETTINGS; k++) {
        assert_case(&row[k], &wanted[k]);
        /* a loss: the side below is better, where that is shown */
        assert_int_equal(row[k].better, wanted[k].p >= 0.05        ? 0
                                        : wanted[k].difference < 0 ? 1
                                                                   : -1);
    }
    sides_destroy(&sides);
}

static void repeats_have_scipys_numbers(void **state) {
    (void)state;
    check_golden(false, PAIRS_OF_REPEATS);
}

static void folds_have_the_corrected_t_test(void **state) {
    (void)state;
    check_golden(true, PAIRS_OF_FOLDS);
}

/* 60 settings that agree in every repeat are no more evidence than one. */
static void copies_are_no_evidence(void **state) {
    (void)state;
    Sides sides;
    sides_create(&sides, &(FakeOptions){.sizes = 60, .repeats = 10}, false);
    for (int64_t i = 0; i < sides.fake[0].results.trials; i++) {
        loss(&sides, 0)[i] = 0.5 + 0.01 * (double)(i % 10 < 7 ? i % 10 : -(i % 10));
        loss(&sides, 1)[i] = 0.5;
    }
    const PairedDifference one = pairs_difference(&sides.pairing, sides.pair, 1);
    const PairedDifference all = pairs_difference(&sides.pairing, sides.pair, sides.count);
    assert_int_equal(all.settings, 60);
    assert_int_equal(all.pairs, 10);
    assert_true(all.against.p == one.against.p);
    assert_near(all.against.difference.half, one.against.difference.half, 1e-14);
    sides_destroy(&sides);
}

/* Worse in 9 of 10 repeats, and far better in one: the mean points the other way. */
static void one_repeat_that_stands_out_does_not_decide(void **state) {
    (void)state;
    Sides sides;
    char buffer[512];
    sides_create(&sides, &(FakeOptions){.sizes = 1, .repeats = 10}, false);
    for (int i = 0; i < 10; i++) {
        loss(&sides, 0)[i] = 1 + 0.1 * i;
        loss(&sides, 1)[i] = 1;
    }
    loss(&sides, 0)[0] = -30;
    loss(&sides, 1)[0] = -29.99; /* rank 1 */
    PairedDifference row = pairs_difference(&sides.pairing, sides.pair, 1);
    assert_int_equal(row.better, -1);
    loss(&sides, 0)[9] = 1e100; /* rank 10, and the interval reaches across zero */
    row = pairs_difference(&sides.pairing, sides.pair, 1);
    assert_int_equal(row.better, -1);
    assert_true(row.against.difference.low < 0);
    assert_true(isfinite(row.against.difference.high));
    Text text = text_begin(buffer, sizeof buffer);
    pairs_text_disagreement(&text, &sides.pairing, &row);
    assert_says(buffer, "The test decides");
    sides_destroy(&sides);
}

static void a_run_that_diverged_loses(void **state) {
    (void)state;
    Sides sides;
    char buffer[512];
    sides_create(&sides, &(FakeOptions){.sizes = 2, .repeats = 8}, false);
    for (int64_t i = 0; i < 16; i++) {
        loss(&sides, 0)[i] = 0.1; /* better wherever it has a value */
        loss(&sides, 1)[i] = 0.2 + 0.001 * (double)i;
    }
    for (int i = 0; i < 7; i++) sides.fake[0].results.status[i] = TRIAL_DIVERGED;
    sides.fake[1].results.status[6] = TRIAL_DIVERGED; /* both: a tie */
    const PairedDifference row = pairs_difference(&sides.pairing, sides.pair, 1);
    assert_int_equal(row.pairs, 8);
    assert_int_equal(row.against.difference.n, 1);
    assert_true(row.wins == (0.5 + 1) / 8);
    assert_int_equal(row.diverged[0], 7);
    /* six of equal rank on one side, one of rank 1 on the other: 2 of 2^7, doubled */
    assert_near(row.against.p, 4 / 128.0, 1e-15);
    assert_int_equal(row.better, -1);
    const PairedDifference all = pairs_difference(&sides.pairing, sides.pair, 2);
    assert_int_equal(all.settings, 1);
    assert_int_equal(all.left_out, 1);
    Text text = text_begin(buffer, sizeof buffer);
    pairs_text_gaps(&text, &all);
    assert_says(buffer, "1 of 2 settings are left out");
    assert_says(buffer, "7 runs of A diverged and 1 of B");
    for (int64_t i = 0; i < 16; i++) sides.fake[1].results.status[i] = TRIAL_DIVERGED;
    assert_int_equal(pairs_difference(&sides.pairing, sides.pair, 2).pairs, 0);
    sides_destroy(&sides);
}

/* Five repeats: no p can be small, the interval decides, and differences that are all equal are no
 * evidence. */
static void few_repeats_have_an_interval_only(void **state) {
    (void)state;
    Sides sides;
    sides_create(&sides, &(FakeOptions){.sizes = 1, .repeats = 5}, false);
    for (int i = 0; i < 5; i++) {
        loss(&sides, 0)[i] = 0.5 + 0.01 * i;
        loss(&sides, 1)[i] = 0.2;
    }
    PairedDifference row = pairs_difference(&sides.pairing, sides.pair, 1);
    assert_true(isnan(row.against.p));
    assert_int_equal(row.better, -1);
    sides.pairing.a = &sides.summary[0];
    sides.summary[0].maximize = true;
    assert_int_equal(pairs_difference(&sides.pairing, sides.pair, 1).better, 1);
    sides.summary[0].maximize = false;
    for (int i = 0; i < 5; i++) loss(&sides, 0)[i] = 0.5;
    row = pairs_difference(&sides.pairing, sides.pair, 1);
    assert_int_equal(row.better, 0);
    sides_destroy(&sides);
}

/* --- what is no pair -------------------------------------------------------------------------- */

static void say_common(Sides *sides, char *buffer, size_t size) {
    PairsCommon common;
    Error err = {0};
    Text text = text_begin(buffer, size);
    assert_true(pairs_common(&common, &sides->pairing, sides->pair, sides->count, &err));
    pairs_text_common(&text, &sides->pairing, &common);
}

static void folds_and_repeats_are_no_pairs(void **state) {
    (void)state;
    Sides sides;
    PairsCommon common;
    Error err = {0};
    sides_create(&sides, &(FakeOptions){.sizes = 2, .repeats = 5}, true);
    Results *b = &sides.fake[1].results;
    for (int64_t i = 0; i < b->trials; i++) { /* repeats after all */
        b->repeat[i] = b->fold[i];
        b->fold[i] = 0;
    }
    assert_false(pairs_common(&common, &sides.pairing, sides.pair, sides.count, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_says(err.text, "A has 5 folds, B has no folds");
    for (int64_t i = 0; i < b->trials; i++) { /* four folds */
        b->fold[i] = b->repeat[i] < 4 ? b->repeat[i] : 3;
        b->repeat[i] = 0;
    }
    err = (Error){0};
    assert_false(pairs_common(&common, &sides.pairing, sides.pair, sides.count, &err));
    assert_says(err.text, "A has 5 folds, B has 4 folds");
    sides_destroy(&sides);
}

static void other_data_and_seeds_are_said(void **state) {
    (void)state;
    Sides sides;
    char buffer[1024];
    sides_create(&sides, &(FakeOptions){.sizes = 2, .repeats = 6}, false);
    Results *b = &sides.fake[1].results;
    say_common(&sides, buffer, sizeof buffer);
    assert_string_equal(buffer, "");
    for (int64_t i = 0; i < b->trials; i++) b->seed[i] += 100;
    say_common(&sides, buffer, sizeof buffer);
    assert_says(buffer, "The two runs of a pair have different seeds");
    assert_silent(buffer, "data");
    for (int64_t i = 0; i < b->trials; i++) b->data_digest[i] = 7;
    say_common(&sides, buffer, sizeof buffer);
    assert_says(buffer, "each saw its own in all repeats");
    for (int64_t i = 0; i < b->trials; i++) b->data_digest[i] = 7 + (uint64_t)i;
    say_common(&sides, buffer, sizeof buffer);
    assert_says(buffer, "The two runs of a pair did not see the same data");
    for (int64_t i = 0; i < b->trials; i++) {
        b->data_digest[i] = i % 3 == 0;
        b->seed[i] = i % 6;
    }
    say_common(&sides, buffer, sizeof buffer);
    assert_says(buffer, "In 4 of 12 pairs of runs the two did not see the same data");
    assert_silent(buffer, "seeds");
    sides_destroy(&sides);
}

/* --- how often something is shown that is not there ------------------------------------------- */

/* One value of an axis against three others, over six settings, as `compare --by` does it: no value
 * has an effect, but a repeat, a setting and a setting in a repeat have. Returns in how many rows p
 * is below 5 %, and counts the studies in which any is after Holm's correction. */
static int count_false(Sides *sides, Rng *rng, bool folds, int *families) {
    enum { VALUES = 4, SETTINGS = 6 };
    const int32_t n = sides->pairing.replicates;
    /* the share of variance that overlapping training rows have in common, for which the
     * correction is made: test/(test + training rows) = 1/n */
    const double share = folds ? 1.0 / n : 0;
    double own[VALUES], *column = loss(sides, 0);
    PairedDifference row[VALUES - 1];
    int count = 0, below = 0;
    for (int v = 0; v < VALUES; v++) own[v] = rng_normal(rng, 0, sqrt(share));
    for (int32_t i = 0; i < n; i++) {
        const double luck = rng_normal(rng, 0, 2);
        double of_value[VALUES];
        for (int v = 0; v < VALUES; v++) of_value[v] = own[v] + rng_normal(rng, 0, sqrt(1 - share));
        for (int s = 0; s < SETTINGS; s++) {
            const double harder = s + rng_normal(rng, 0, 1);
            for (int v = 0; v < VALUES; v++) {
                column[(s * VALUES + v) * n + i] =
                    luck + harder + of_value[v] + (folds ? 0 : rng_normal(rng, 0, 0.5));
            }
        }
    }
    for (int v = 1; v < VALUES; v++) {
        Pair pair[SETTINGS];
        for (int s = 0; s < SETTINGS; s++) pair[s] = (Pair){s * VALUES, s * VALUES + v};
        row[v - 1] = pairs_difference(&sides->pairing, pair, SETTINGS);
        assert_int_equal(row[v - 1].pairs, n);
        count += row[v - 1].against.p < 0.05;
    }
    assert_true(pairs_holm(row, VALUES - 1, NULL));
    for (int k = 0; k < VALUES - 1; k++) below += row[k].holm < 0.05;
    *families += below > 0;
    return count;
}

static void check_false(int32_t replicates, bool folds) {
    const int studies = getenv("RUNNER_LONG") ? 20000 : 800, rows = 3 * studies;
    Sides sides;
    Rng rng;
    int count = 0, families = 0;
    sides_create(&sides, &(FakeOptions){.sizes = 6, .rates = 4, .repeats = replicates}, folds);
    sides.pairing.b = sides.pairing.a; /* one result beside itself */
    sides.pairing.column_b = sides.pairing.column_a;
    rng_seed(&rng, 20);
    for (int study = 0; study < studies; study++)
        count += count_false(&sides, &rng, folds, &families);
    print_message("%d %s: p < 0.05 in %.1f %% of %d rows, after Holm in %.1f %% of %d tables\n",
                  replicates, folds ? "folds" : "repeats", 100.0 * count / rows, rows,
                  100.0 * families / studies, studies);
    /* Four standard errors. The rows of a study share A: taken for one row each, to be safe. */
    const double room = 4 * sqrt(0.05 * 0.95 / studies);
    assert_true((double)count / rows <= 0.05 + room);
    /* the exact test of few pairs cannot have 5 %, but must not be idle: 3.9 % of 8 is the least */
    assert_true((double)count / rows >= 0.039 - room);
    assert_true((double)families / studies <= 0.05 + room);
    sides_destroy(&sides);
}

static void repeats_without_effect_are_quiet(void **state) {
    (void)state;
    check_false(8, false);
    check_false(10, false);
    check_false(30, false);
}

static void folds_without_effect_are_quiet(void **state) {
    (void)state;
    check_false(5, true);
    check_false(10, true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_have_scipys_numbers),
        cmocka_unit_test(folds_have_the_corrected_t_test),
        cmocka_unit_test(copies_are_no_evidence),
        cmocka_unit_test(one_repeat_that_stands_out_does_not_decide),
        cmocka_unit_test(a_run_that_diverged_loses),
        cmocka_unit_test(few_repeats_have_an_interval_only),
        cmocka_unit_test(folds_and_repeats_are_no_pairs),
        cmocka_unit_test(other_data_and_seeds_are_said),
        cmocka_unit_test(repeats_without_effect_are_quiet),
        cmocka_unit_test(folds_without_effect_are_quiet),
    };
    return cmocka_run_group_tests_name("pairs", tests, NULL, NULL);
}
