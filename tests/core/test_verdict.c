/* Verdicts on made-up endings, and where their thresholds lie. */
#include "core/model/verdict.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The verdict on n values of f(i, size). */
static Verdict judge(double (*f)(int, double), double size, int n) {
    double values[200];
    for (int i = 0; i < n; i++) values[i] = f(i, size);
    return verdict_of(values, n);
}

static double flat(int i, double size) {
    return (void)i, size;
}
static double falling(int i, double size) {
    return 1 - size * i;
}
static double rising(int i, double size) {
    return 1 + size * i;
}
/* A 2-cycle as the published moons have: 0.071316, 0.070758 */
static double cycle(int i, double size) {
    return i % 2 ? 1 : 1 + size;
}
/* A 2-cycle of 0.01 that drifts by `size` each epoch. */
static double drifting(int i, double size) {
    return cycle(i, 0.01) - size * i;
}
/* Period 3: lag-2 differences are as large as the others. */
static double three(int i, double size) {
    return 1 + size * (i % 3);
}
/* Nothing for 100 epochs but noise, then quiet: only the last 64 count. */
static double late_quiet(int i, double size) {
    return i < 100 ? 5 + size * (i % 3) : 1;
}

static void steady_endings_are_converged(void **state) {
    (void)state;
    assert_int_equal(judge(flat, 0.5, 64), VERDICT_CONVERGED);
    assert_int_equal(judge(flat, 0, 64), VERDICT_CONVERGED);
    assert_int_equal(judge(flat, -3, 4), VERDICT_CONVERGED);
    // (max - min) / |last| is 63 size: under 1e-4 just below size = 1.587e-6
    assert_int_equal(judge(rising, 1.58e-6, 64), VERDICT_CONVERGED);
    assert_int_equal(judge(rising, 1.60e-6, 64), VERDICT_NOISY);
    assert_int_equal(judge(falling, 1.58e-6, 64), VERDICT_CONVERGED);
    assert_int_equal(judge(falling, 1.60e-6, 64), VERDICT_FALLING);
}

static void only_steady_decrease_is_falling(void **state) {
    (void)state;
    assert_int_equal(judge(falling, 1e-3, 64), VERDICT_FALLING);
    assert_int_equal(judge(falling, 1e-3, 4), VERDICT_FALLING);
    assert_int_equal(judge(rising, 1e-3, 64), VERDICT_NOISY);
    double values[] = {5, 4, 4, 3, 2}; // one difference is none
    assert_int_equal(verdict_of(values, 5), VERDICT_NOISY);
}

static void two_cycles_are_oscillating(void **state) {
    (void)state;
    assert_int_equal(judge(cycle, 0.0079, 64), VERDICT_OSCILLATING);
    assert_int_equal(judge(cycle, 0.0079, 4), VERDICT_OSCILLATING);
    // a tiny cycle is found before the flatness that it has as well
    assert_int_equal(judge(cycle, 2e-6, 64), VERDICT_OSCILLATING);
    assert_int_equal(judge(cycle, 0.9e-6, 64), VERDICT_CONVERGED);
    // lag-2 differences are 2 size; under 1e-3 of 0.01 - size below size = 4.997e-6
    assert_int_equal(judge(drifting, 4.99e-6, 64), VERDICT_OSCILLATING);
    assert_int_equal(judge(drifting, 5.01e-6, 64), VERDICT_NOISY);
    assert_int_equal(judge(three, 0.1, 64), VERDICT_NOISY);
}

static void not_finite_is_diverged_however_short(void **state) {
    (void)state;
    double values[] = {1, 1, 1, 1, (double)INFINITY};
    assert_int_equal(verdict_of(values, 5), VERDICT_DIVERGED);
    values[4] = (double)NAN;
    assert_int_equal(verdict_of(values, 5), VERDICT_DIVERGED);
    assert_int_equal(verdict_of(values + 4, 1), VERDICT_DIVERGED);
}

static void fewer_than_four_values_say_nothing(void **state) {
    (void)state;
    const double values[] = {3, 2, 1};
    for (int n = 0; n <= 3; n++) assert_int_equal(verdict_of(values, n), VERDICT_NOISY);
}

static void only_the_window_counts(void **state) {
    (void)state;
    assert_int_equal(judge(late_quiet, 1, 100 + VERDICT_WINDOW), VERDICT_CONVERGED);
    assert_int_equal(judge(late_quiet, 1, 100 + VERDICT_WINDOW - 1), VERDICT_NOISY);
}

static void every_name_leads_back(void **state) {
    (void)state;
    static const char *const names[] = {"converged", "falling", "oscillating", "noisy", "diverged"};
    for (int i = 0; i < VERDICT_COUNT; i++) {
        assert_string_equal(verdict_name((Verdict)i), names[i]);
        assert_int_equal(verdict_from_name(names[i]), i);
    }
    assert_int_equal(verdict_from_name("converging"), VERDICT_COUNT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_endings_are_converged),
        cmocka_unit_test(only_steady_decrease_is_falling),
        cmocka_unit_test(two_cycles_are_oscillating),
        cmocka_unit_test(not_finite_is_diverged_however_short),
        cmocka_unit_test(fewer_than_four_values_say_nothing),
        cmocka_unit_test(only_the_window_counts),
        cmocka_unit_test(every_name_leads_back),
    };
    return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
