/* What is true of made data, against SciPy's quadrature (tests/golden/make_truth.py) and closed
 * forms. */
#include "core/data/truth.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/rng.h"
#include "tests/golden/truth.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void probabilities_are_those_of_quadrature(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(TRUTH_CASES); i++) {
        const struct TruthCase *one = &TRUTH_CASES[i];
        double p[3], sum = 0;
        assert_true(truth_probability(p, &one->config, one->x, 1, NULL));
        for (int32_t c = 0; c < one->classes; c++) {
            sum += p[c];
            /* 4e-10 of the densities' peaks, more of their tails */
            if (fabs(p[c] - one->p[c]) > 1e-7)
                fail_msg("case %zu, class %d: %.12g, not %.12g", i, (int)c, p[c], one->p[c]);
        }
        assert_true(fabs(sum - 1) < 1e-14);
    }
}

static void the_floor_is_that_of_quadrature(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(TRUTH_FLOORS); i++) {
        const struct TruthFloorCase *one = &TRUTH_FLOORS[i];
        const SyntheticConfig config = {.kind = one->kind,
                                        .samples = one->samples,
                                        .noise = one->noise,
                                        .seed = 12345,
                                        .factor = 0.5};
        Dataset set;
        TruthFloor least;
        assert_true(synthetic_make(&set, &config, NULL));
        assert_true(truth_floor(&least, &config, &set, NULL));
        assert_true(fabs(least.loss - one->loss) < 1e-5);
        assert_true(least.accuracy == one->accuracy);
        assert_true(fabs(least.brier - one->brier) < 1e-6);
        dataset_destroy(&set);
    }
}

/* Figures that an independent program gave for the test set of experiments/moons.yaml: loss .0807,
 * accuracy .9706, Brier .0228. */
static void the_floor_of_the_moons_study(void **state) {
    (void)state;
    const SyntheticConfig config = {
        .kind = SYNTHETIC_MOONS, .samples = 10000, .noise = 0.2, .seed = 12345};
    Dataset set;
    TruthFloor least;
    assert_true(synthetic_make(&set, &config, NULL));
    assert_true(truth_floor(&least, &config, &set, NULL));
    assert_true(fabs(least.loss - 0.0807) < 5e-4);
    assert_true(fabs(least.accuracy - 0.9706) < 5e-4);
    assert_true(fabs(least.brier - 0.0228) < 5e-4);
    dataset_destroy(&set);
}

/* Two normal distributions of equal deviation s and distance d: accuracy Phi(d / 2s). */
static void two_blobs_have_the_closed_form(void **state) {
    (void)state;
    const SyntheticConfig config = {.kind = SYNTHETIC_BLOBS,
                                    .samples = 200000,
                                    .noise = 8,
                                    .seed = 3,
                                    .classes = 2,
                                    .features = 2,
                                    .centers_apart = true,
                                    .center_seed = 6};
    Rng rng;
    rng_seed(&rng, 6);
    double center[4];
    for (int i = 0; i < 4; i++) center[i] = rng_uniform(&rng, -10, 10);
    const double distance = hypot(center[2] - center[0], center[3] - center[1]);
    const double wanted = 1 - erfc(distance / (2 * config.noise) * M_SQRT1_2) / 2;
    Dataset set;
    TruthFloor least;
    assert_true(synthetic_make(&set, &config, NULL));
    assert_true(truth_floor(&least, &config, &set, NULL));
    /* four standard errors of a share over 200,000 rows */
    assert_true(fabs(least.accuracy - wanted) < 4 * sqrt(wanted * (1 - wanted) / 200000));
    dataset_destroy(&set);
}

static void without_noise_every_row_is_certain(void **state) {
    (void)state;
    const SyntheticConfig kinds[] = {
        {.kind = SYNTHETIC_MOONS, .samples = 50},
        {.kind = SYNTHETIC_CIRCLES, .samples = 50, .factor = 0.3},
        {.kind = SYNTHETIC_SPIRALS, .samples = 50, .classes = 3, .turns = 1},
        {.kind = SYNTHETIC_XOR, .samples = 50},
        {.kind = SYNTHETIC_GATES, .samples = 4, .gate = GATE_XOR},
        {.kind = SYNTHETIC_THREE_BIT, .samples = 5},
    };
    for (size_t k = 0; k < COUNT(kinds); k++) {
        Dataset set;
        TruthFloor least;
        assert_true(synthetic_make(&set, &kinds[k], NULL));
        assert_true(truth_floor(&least, &kinds[k], &set, NULL));
        assert_true(least.loss == 0 && least.accuracy == 1 && least.brier == 0);
        dataset_destroy(&set);
    }
}

static void a_sine_has_its_noise(void **state) {
    (void)state;
    const SyntheticConfig config = {
        .kind = SYNTHETIC_SINE, .samples = 100000, .noise = 0.3, .seed = 1};
    Dataset set;
    TruthFloor least;
    assert_true(synthetic_make(&set, &config, NULL));
    assert_true(truth_floor(&least, &config, &set, NULL));
    /* four standard errors of a variance: 0.09 sqrt(2 / 100000) */
    assert_true(fabs(least.loss - 0.09) < 4 * 0.09 * sqrt(2.0 / 100000));
    assert_true(isnan(least.accuracy) && isnan(least.brier));
    dataset_destroy(&set);
}

/* Points where every density underflows still have probabilities. */
static void far_away_nothing_is_nan(void **state) {
    (void)state;
    const SyntheticConfig kinds[] = {
        {.kind = SYNTHETIC_MOONS, .samples = 50, .noise = 0.01},
        {.kind = SYNTHETIC_SPIRALS, .samples = 50, .noise = 0.01, .classes = 2, .turns = 2},
        {.kind = SYNTHETIC_XOR, .samples = 50, .noise = 0.01},
        {.kind = SYNTHETIC_BLOBS, .samples = 50, .noise = 0.01, .classes = 3, .features = 2},
    };
    const double x[] = {300, -400, -2, 5};
    for (size_t k = 0; k < COUNT(kinds); k++) {
        double p[6];
        assert_true(truth_probability(p, &kinds[k], x, 2, NULL));
        const int32_t classes = kinds[k].classes ? kinds[k].classes : 2;
        for (int32_t i = 0; i < 2 * classes; i++) assert_true(p[i] >= 0 && p[i] <= 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(probabilities_are_those_of_quadrature),
        cmocka_unit_test(the_floor_is_that_of_quadrature),
        cmocka_unit_test(the_floor_of_the_moons_study),
        cmocka_unit_test(two_blobs_have_the_closed_form),
        cmocka_unit_test(without_noise_every_row_is_certain),
        cmocka_unit_test(a_sine_has_its_noise),
        cmocka_unit_test(far_away_nothing_is_nan),
    };
    return cmocka_run_group_tests_name("truth", tests, NULL, NULL);
}
