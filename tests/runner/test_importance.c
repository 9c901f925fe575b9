/* Which setting matters: against NumPy's projections (tests/golden/make_importance.py), and how
 * much is claimed where nothing matters, by simulation. */
#include "runner/analysis/importance.h"

#include <stdlib.h>

#include "core/base/rng.h"
#include "tests/golden/importance.h"
#include "tests/runner/planted.h"

enum { CELLS = 24, ALL = CELLS * IMPORTANCE_REPEATS };

static void assert_near(double got, double wanted, double tolerance) {
    if (isnan(wanted) ? !isnan(got) : !(fabs(got - wanted) <= tolerance))
        fail_msg("%.17g, not %.17g", got, wanted);
}

static void make(Importance *importance, Summary *summary, const Fake *fake) {
    Error err = {0};
    assert_true(summary_create(summary, &fake->results, &fake->spec, &err));
    assert_true(importance_make(importance, summary, &err));
}

static void to_folds(Results *results) {
    for (int64_t i = 0; i < results->trials; i++) {
        results->fold[i] = results->repeat[i];
        results->repeat[i] = 0;
    }
}

/* Sums of some hundred numbers of size 1, squared: 1e-12. p: to what its argument is known. */
static void check_golden(int32_t repeats, bool folds, const ImportanceCase *wanted, double luck,
                         double higher) {
    Fake fake;
    Summary summary;
    Importance got;
    fake_create(&fake, &(FakeOptions){.sizes = 3, .rates = 2, .penalties = 4, .repeats = repeats});
    for (int i = 0; i < CELLS * repeats; i++) {
        fake.results.final[METRIC_TEST_LOSS][i] =
            IMPORTANCE_Y[i / repeats * IMPORTANCE_REPEATS + i % repeats];
    }
    if (folds) to_folds(&fake.results);
    make(&got, &summary, &fake);
    assert_int_equal(got.effects, IMPORTANCE_EFFECTS);
    assert_int_equal(got.settings, CELLS);
    for (int e = 0; e < IMPORTANCE_EFFECTS; e++) {
        assert_int_equal(got.effect[e].axis[0], wanted[e].axis[0]);
        assert_int_equal(got.effect[e].axis[1], wanted[e].axis[1]);
        assert_int_equal(got.effect[e].degrees, wanted[e].degrees);
        assert_near(got.effect[e].share, wanted[e].share, 1e-12);
        assert_near(got.effect[e].luck, wanted[e].luck, 1e-12);
        assert_near(got.effect[e].p, wanted[e].p, 1e-10);
        assert_near(got.effect[e].holm, wanted[e].holm, 1e-9);
    }
    assert_near(got.luck, luck, 1e-12);
    assert_near(got.higher, higher, 1e-12);
    importance_destroy(&got);
    summary_destroy(&summary);
    fake_destroy(&fake);
}

static void repeats_are_numpys(void **state) {
    (void)state;
    check_golden(IMPORTANCE_REPEATS, false, IMPORTANCE_OF_REPEATS, IMPORTANCE_LUCK_OF_REPEATS,
                 IMPORTANCE_HIGHER_OF_REPEATS);
}

static void folds_are_numpys(void **state) {
    (void)state;
    check_golden(IMPORTANCE_REPEATS, true, IMPORTANCE_OF_FOLDS, IMPORTANCE_LUCK_OF_FOLDS,
                 IMPORTANCE_HIGHER_OF_FOLDS);
}

static void one_repeat_is_numpys(void **state) {
    (void)state;
    check_golden(1, false, IMPORTANCE_OF_ONE, IMPORTANCE_LUCK_OF_ONE, IMPORTANCE_HIGHER_OF_ONE);
}

/* A rate that diverges, and one setting more: what is left is a full grid, and said. */
static void what_has_no_value_is_left_out(void **state) {
    (void)state;
    Fake fake;
    Summary summary;
    Importance got;
    fake_create(&fake, &(FakeOptions){.sizes = 4, .rates = 3, .penalties = 2, .repeats = 3});
    for (int64_t i = 0; i < fake.results.trials; i++) {
        const int64_t setting = i / 3, size = setting / 6, rate = setting / 2 % 3;
        if ((rate == 2 && size > 0) || (size == 1 && rate == 0 && setting % 2 == 1))
            fake.results.status[i] = TRIAL_DIVERGED;
    }
    make(&got, &summary, &fake);
    assert_int_equal(got.settings, 3 * 2 * 2);
    assert_int_equal(got.effects, 6);
    const bool sizes[] = {false, true, false, false}, rates[] = {false, false, true};
    assert_memory_equal(got.left_out[0], sizes, sizeof sizes);
    assert_memory_equal(got.left_out[1], rates, sizeof rates);
    assert_false(got.left_out[2][0] || got.left_out[2][1]);
    importance_destroy(&got);
    summary_destroy(&summary);
    for (int64_t i = 0; i < fake.results.trials; i++) fake.results.status[i] = TRIAL_DIVERGED;
    make(&got, &summary, &fake);
    assert_int_equal(got.effects, 0);
    importance_destroy(&got);
    summary_destroy(&summary);
    fake_destroy(&fake);
}

static void equal_means_have_nothing_to_share(void **state) {
    (void)state;
    Fake fake;
    Summary summary;
    Importance got;
    fake_create(&fake, &(FakeOptions){.sizes = 3, .rates = 2, .repeats = 2});
    for (int64_t i = 0; i < fake.results.trials; i++) fake.results.final[METRIC_TEST_LOSS][i] = 0.1;
    make(&got, &summary, &fake);
    assert_true(got.same);
    importance_destroy(&got);
    summary_destroy(&summary);
    /* values near the largest numbers: no square overflows */
    for (int64_t i = 0; i < fake.results.trials; i++)
        fake.results.final[METRIC_TEST_LOSS][i] = 1e300 * (double)(1 + i / 4 + i % 2);
    make(&got, &summary, &fake);
    assert_near(got.effect[0].share, 1, 1e-12);
    importance_destroy(&got);
    summary_destroy(&summary);
    fake_destroy(&fake);
}

/* --- how much is claimed where nothing matters ------------------------------------------------ */

enum { SIZES = 8, RATES = 2 };

typedef enum Noise {
    NOISE_PLAIN,  /* settings of one repeat share luck */
    NOISE_SHARED, /* those of one size share more, the small ones most */
    NOISE_FOLDS
} Noise;

/* No setting has an effect. */
static void fill_luck(double *column, int32_t n, Noise noise, Rng *rng) {
    const double share = noise == NOISE_FOLDS ? 1.0 / n : 0; /* test_pairs.c says why */
    double own[SIZES * RATES];
    for (int c = 0; c < SIZES * RATES; c++) own[c] = rng_normal(rng, 0, sqrt(share));
    for (int32_t r = 0; r < n; r++) {
        const double luck = rng_normal(rng, 0, 1);
        for (int s = 0; s < SIZES; s++) {
            const double of_size = noise == NOISE_SHARED ? rng_normal(rng, 0, s < 2 ? 2 : 1) : 0;
            for (int c = s * RATES; c < (s + 1) * RATES; c++) {
                column[c * n + r] = luck + of_size + own[c] + rng_normal(rng, 0, sqrt(1 - share));
            }
        }
    }
}

/* Studies in which only the learning rate may matter, by `difference`. */
static void check_noise(int32_t replicates, Noise noise, double difference) {
    static const char *const names[] = {"repeats", "repeats that share more", "folds"};
    const int studies = getenv("RUNNER_LONG") ? 5000 : 300;
    Fake fake;
    Rng rng;
    double share = 0, plain = 0;
    int claims = 0, found = 0;
    fake_create(&fake, &(FakeOptions){.sizes = SIZES, .rates = RATES, .repeats = replicates});
    if (noise == NOISE_FOLDS) to_folds(&fake.results);
    rng_seed(&rng, 6);
    for (int study = 0; study < studies; study++) {
        double *column = fake.results.final[METRIC_TEST_LOSS];
        Summary summary;
        Importance got;
        fill_luck(column, replicates, noise, &rng);
        for (int64_t i = 0; i < fake.results.trials; i++)
            column[i] += difference * (double)(i / replicates % RATES);
        make(&got, &summary, &fake);
        assert_int_equal(got.effects, 3);
        share += got.effect[0].share / studies;
        plain += (got.effect[0].share + got.effect[0].luck) / studies;
        const bool rate = got.effect[1].holm < 0.05;
        found += rate;
        claims +=
            got.effect[0].holm < 0.05 || got.effect[2].holm < 0.05 || (rate && difference == 0);
        importance_destroy(&got);
        summary_destroy(&summary);
    }
    print_message("%d %s: size has no effect, and %.1f %% (by the plain sum of squares %.0f %%); "
                  "something false is said to matter in %.1f %% of %d studies",
                  replicates, names[noise], 100 * share, 100 * plain, 100.0 * claims / studies,
                  studies);
    print_message(difference > 0 ? "; what matters is found in %.0f %%\n" : "\n",
                  100.0 * found / studies);
    /* 0.01: a quotient is not free of bias where its parts are. In one study a share has a
     * deviation of up to 0.16; four standard errors. */
    if (difference == 0) assert_near(share, 0, 0.01 + 4 * 0.16 / sqrt(studies));
    assert_true((double)claims / studies <= 0.05 + 4 * sqrt(0.05 * 0.95 / studies));
    if (difference > 0) assert_true((double)found / studies > 0.8);
    fake_destroy(&fake);
}

static void noise_explains_nothing(void **state) {
    (void)state;
    check_noise(3, NOISE_PLAIN, 0);
    check_noise(10, NOISE_PLAIN, 0);
    check_noise(30, NOISE_PLAIN, 0);
    check_noise(3, NOISE_SHARED, 0);
    check_noise(10, NOISE_SHARED, 0);
    check_noise(5, NOISE_FOLDS, 0);
    check_noise(10, NOISE_FOLDS, 0);
}

static void what_matters_is_found(void **state) {
    (void)state;
    check_noise(10, NOISE_PLAIN, 0.8);
    check_noise(10, NOISE_SHARED, 0.8);
    check_noise(10, NOISE_FOLDS, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_are_numpys),
        cmocka_unit_test(folds_are_numpys),
        cmocka_unit_test(one_repeat_is_numpys),
        cmocka_unit_test(what_has_no_value_is_left_out),
        cmocka_unit_test(equal_means_have_nothing_to_share),
        cmocka_unit_test(noise_explains_nothing),
        cmocka_unit_test(what_matters_is_found),
    };
    return cmocka_run_group_tests_name("importance", tests, NULL, NULL);
}
