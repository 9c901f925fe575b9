/* Folds, Stein's rule and calibration against SciPy and scikit-learn (tests/golden/
 * make_resampling.py), and Stein's coverage by simulation. */
#include "runner/analysis/resampling.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/rng.h"
#include "runner/analysis/calibration.h"
#include "tests/golden/resampling.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void assert_near(double got, double wanted, double tolerance) {
    if (!(fabs(got - wanted) <= tolerance)) fail_msg("%.17g, not %.17g", got, wanted);
}

static void folds_have_scikit_learns_interval_and_p(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(FOLD_CASES); i++) {
        const struct FoldCase *one = &FOLD_CASES[i];
        const Interval got = resampling_folds(one->x, one->n, one->train, one->test);
        /* quantiles and distribution of t are SciPy's to 2e-9 */
        assert_near(got.mean, one->mean, 1e-15);
        assert_near(got.half, one->half, 1e-9);
        assert_near(got.high - got.low, 2 * one->half, 2e-9);
        assert_near(resampling_folds_p(one->x, one->n, one->train, one->test), one->p, 1e-9);
    }
    /* five folds: the interval grows by sqrt(1 + 5/4) = 1.5 */
    const Interval plain = statistics_interval(FOLD_CASES[0].x, 5);
    assert_near(resampling_folds(FOLD_CASES[0].x, 5, 80, 20).half / plain.half, 1.5, 1e-14);
}

static void one_fold_or_equal_folds_have_no_test(void **state) {
    (void)state;
    const double same[] = {0.5, 0.5, 0.5};
    assert_true(isnan(resampling_folds(same, 1, 4, 1).half));
    assert_true(isnan(resampling_folds_p(same, 1, 4, 1)));
    assert_true(isnan(resampling_folds_p(same, 3, 2, 1)));
}

static void stein_asks_for_what_the_deviation_needs(void **state) {
    (void)state;
    /* t_{0.975, 9} = 2.2621571627: (2.262 * 0.02 / 0.005)^2 = 81.9 */
    assert_int_equal(resampling_stein_repeats(0.02, 10, 0.005, 200), 82);
    assert_int_equal(resampling_stein_repeats(0.02, 10, 0.005, 50), 50);
    assert_int_equal(resampling_stein_repeats(0.0001, 10, 0.005, 200), 10);
    assert_int_equal(resampling_stein_repeats(0, 10, 0.005, 200), 10);
    assert_int_equal(resampling_stein_repeats(INFINITY, 10, 0.005, 200), 200);
}

/* 95 % whatever is stopped: 4000 studies have a standard error of 0.34 %; three of them. */
static void stein_covers(void **state) {
    (void)state;
    enum { STUDIES = 4000, FIRST = 10, LIMIT = 2000 };
    static double x[LIMIT];
    int held = 0;
    double repeats = 0;
    Rng rng;
    rng_seed(&rng, 5);
    for (int study = 0; study < STUDIES; study++) {
        for (int i = 0; i < FIRST; i++) x[i] = rng_normal(&rng, 3, 1);
        const int64_t n = resampling_stein_repeats(statistics_sd(x, FIRST), FIRST, 0.4, LIMIT);
        for (int64_t i = FIRST; i < n; i++) x[i] = rng_normal(&rng, 3, 1);
        const Interval interval = resampling_stein_interval(x, n, FIRST);
        held += interval.low <= 3 && interval.high >= 3;
        repeats += (double)n / STUDIES;
        assert_true(n == LIMIT || interval.half <= 0.4 * (1 + 1e-12));
    }
    print_message("covered in %.2f %% of %d studies, %.0f repeats on average\n",
                  100.0 * held / STUDIES, STUDIES, repeats);
    assert_near((double)held / STUDIES, 0.95, 3 * 0.00345);
}

static void calibration_is_scikit_learns(void **state) {
    (void)state;
    static double p[2 * CALIBRATION_ROWS];
    for (int i = 0; i < CALIBRATION_ROWS; i++) {
        p[2 * i + 1] = CALIBRATION_P[i];
        p[2 * i] = 1 - CALIBRATION_P[i];
    }
    Calibration calibration;
    assert_true(calibration_make(&calibration, p, CALIBRATION_Y, CALIBRATION_ROWS, 2, NULL));
    int full = 0;
    for (int b = 0; b < CALIBRATION_BINS; b++) {
        if (!calibration.bin[b].rows) continue;
        assert_true(full < CALIBRATION_FULL);
        assert_near(calibration.bin[b].share, CALIBRATION_SHARE[full], 1e-14);
        assert_near(calibration.bin[b].probability, CALIBRATION_MEAN[full], 1e-14);
        full++;
    }
    assert_int_equal(full, CALIBRATION_FULL);
    assert_near(calibration.ece, CALIBRATION_ECE, 1e-14);
}

/* Three classes: the predicted one counts. Certain and right: 0; certain and wrong: 1. */
static void calibration_of_more_classes_is_that_of_the_prediction(void **state) {
    (void)state;
    const double p[] = {1, 0, 0, 0, 0, 1, 0, 1, 0};
    Calibration calibration;
    assert_true(calibration_make(&calibration, p, (const int32_t[]){0, 2, 1}, 3, 3, NULL));
    assert_true(calibration.ece == 0);
    assert_true(calibration_make(&calibration, p, (const int32_t[]){1, 0, 2}, 3, 3, NULL));
    assert_true(calibration.ece == 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_have_scikit_learns_interval_and_p),
        cmocka_unit_test(one_fold_or_equal_folds_have_no_test),
        cmocka_unit_test(stein_asks_for_what_the_deviation_needs),
        cmocka_unit_test(stein_covers),
        cmocka_unit_test(calibration_is_scikit_learns),
        cmocka_unit_test(calibration_of_more_classes_is_that_of_the_prediction),
    };
    return cmocka_run_group_tests_name("resampling", tests, NULL, NULL);
}
