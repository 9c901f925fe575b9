/* The decomposition against NumPy (tests/golden/make_decomposition.py), its identities, and how
 * often its intervals hold the truth. */
#include "runner/analysis/decomposition.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/rng.h"
#include "tests/golden/decomposition.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
enum { REPEATS_MAX = 20 };

static void assert_near(double got, double wanted, double tolerance) {
    if (!(fabs(got - wanted) <= tolerance)) fail_msg("%.17g, not %.17g", got, wanted);
}

static void the_estimates_are_numpys(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(DECOMPOSITION_CASES); i++) {
        const struct DecompositionCase *one = &DECOMPOSITION_CASES[i];
        const double *output[REPEATS_MAX];
        for (int32_t r = 0; r < one->repeats; r++)
            output[r] = one->output + r * one->rows * one->classes;
        DecompositionInput input = {.output = output,
                                    .repeats = one->repeats,
                                    .rows = one->rows,
                                    .classes = one->classes,
                                    .label = one->label,
                                    .truth = one->truth};
        Decomposition d;
        assert_true(decomposition_make(&d, &input, NULL));
        const Estimate *const got[7] = {&d.squared,    &d.noise,         &d.bias2,
                                        &d.variance,   &d.cross_entropy, &d.average_network,
                                        &d.ce_variance};
        for (int e = 0; e < 7; e++) {
            assert_near(got[e]->value, one->wanted[e], 1e-13); /* sums of some hundred terms */
            assert_true(got[e]->low <= got[e]->value + 1e-15 &&
                        got[e]->high >= got[e]->value - 1e-15);
        }
        assert_near(d.noise_and_bias2.value, one->wanted[0] - one->wanted[3], 1e-13);
        /* Heskes' identity */
        assert_near(d.average_network.value + d.ce_variance.value, d.cross_entropy.value, 1e-12);
        /* without the truth */
        input.truth = NULL;
        assert_true(decomposition_make(&d, &input, NULL));
        assert_true(isnan(d.noise.value) && isnan(d.bias2.value) && isnan(d.bias2.low));
        assert_near(d.variance.value, one->wanted[3], 1e-13);
    }
}

static void equal_networks_have_no_variance(void **state) {
    (void)state;
    const double p[] = {0.25, 0.75, 1, 0, 0.5, 0.5}, truth[] = {0.5, 0.5, 1, 0, 0, 1};
    const double *const output[] = {p, p, p};
    const int32_t label[] = {0, 0, 1};
    Decomposition d;
    const DecompositionInput input = {
        .output = output, .repeats = 3, .rows = 3, .classes = 2, .label = label, .truth = truth};
    assert_true(decomposition_make(&d, &input, NULL));
    assert_near(d.variance.value, 0, 1e-16);
    assert_near(d.variance.high, 0, 1e-16);
    assert_near(d.ce_variance.value, 0, 1e-15);
    assert_near(d.bias2.value, (0.0625 + 0 + 0.25) / 3, 1e-15);
    assert_near(d.noise.value, 0.25 / 3, 1e-15);
}

/* Numbers: outputs mean + bias + normal noise of known deviation. The truth lies in the interval of
 * bias^2 and of variance about as often as 95 %; a bootstrap over ten repeats is known to fall
 * short of that (percentiles of a variance: 85 to 90 %). */
static void intervals_hold_what_was_planted(void **state) {
    (void)state;
    enum { ROWS = 60, REPEATS = 10, STUDIES = 400 };
    static double numbers[REPEATS][ROWS], target[ROWS], truth[ROWS];
    const double *output[REPEATS];
    int variance_held = 0, bias_held = 0;
    double variance_mean = 0, bias_mean = 0;
    Rng rng;
    rng_seed(&rng, 1);
    for (int study = 0; study < STUDIES; study++) {
        for (int r = 0; r < REPEATS; r++) {
            output[r] = numbers[r];
            const double shift = rng_normal(&rng, 0, 0.5); /* a network errs alike on all rows */
            for (int i = 0; i < ROWS; i++) numbers[r][i] = 1 + 0.3 + shift;
        }
        for (int i = 0; i < ROWS; i++) {
            truth[i] = 1;
            target[i] = rng_normal(&rng, 1, 0.2);
        }
        Decomposition d;
        const DecompositionInput input = {.output = output,
                                          .repeats = REPEATS,
                                          .rows = ROWS,
                                          .target = target,
                                          .truth = truth,
                                          .noise = 0.04};
        assert_true(decomposition_make(&d, &input, NULL));
        variance_held += d.variance.low <= 0.25 && d.variance.high >= 0.25;
        bias_held += d.bias2.low <= 0.09 && d.bias2.high >= 0.09;
        variance_mean += d.variance.value / STUDIES;
        bias_mean += d.bias2.value / STUDIES;
        assert_near(d.noise.value, 0.04, 1e-15);
        assert_true(isnan(d.cross_entropy.value));
    }
    print_message("of %d studies the interval holds the variance in %d, the bias in %d\n", STUDIES,
                  variance_held, bias_held);
    /* four standard errors of means over 400 studies */
    assert_near(variance_mean, 0.25, 4 * 0.25 * sqrt(2.0 / 9 / STUDIES));
    assert_near(bias_mean, 0.09, 4 * 2 * 0.3 * 0.5 / sqrt(REPEATS * STUDIES));
    assert_true(variance_held > STUDIES * 0.75 && bias_held > STUDIES * 0.85);
}

static void the_same_input_gives_the_same_interval(void **state) {
    (void)state;
    const struct DecompositionCase *one = &DECOMPOSITION_CASES[2];
    const double *output[REPEATS_MAX];
    for (int32_t r = 0; r < one->repeats; r++)
        output[r] = one->output + r * one->rows * one->classes;
    const DecompositionInput input = {.output = output,
                                      .repeats = one->repeats,
                                      .rows = one->rows,
                                      .classes = one->classes,
                                      .label = one->label,
                                      .truth = one->truth};
    Decomposition a, b;
    assert_true(decomposition_make(&a, &input, NULL) && decomposition_make(&b, &input, NULL));
    assert_memory_equal(&a, &b, sizeof a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_estimates_are_numpys),
        cmocka_unit_test(equal_networks_have_no_variance),
        cmocka_unit_test(intervals_hold_what_was_planted),
        cmocka_unit_test(the_same_input_gives_the_same_interval),
    };
    return cmocka_run_group_tests_name("decomposition", tests, NULL, NULL);
}
