/* Verdicts on made-up evidence: each threshold of verdict.c lies between two cases. */
#include "core/model/verdict.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A full-batch training of 100 epochs whose updates agree, and whose objective came from 1 to
 * `f(15)`, by f(i, size) in the window. */
static VerdictEvidence evidence(double (*f)(int, double), double size, int count) {
    VerdictEvidence made = {.epochs = 100,
                            .start = 1,
                            .magnitude = 1,
                            .count = count,
                            .cosine = 0.9,
                            .cosines = VERDICT_CYCLE,
                            .step = 1e-3,
                            .factor = 1,
                            .last_factor = 1,
                            .moved = 0.5,
                            .slope = 0.1,
                            .norm = 5};
    for (int i = 0; i < count; i++) made.objective[i] = f(i, size);
    made.end = count > 0 ? made.objective[count - 1] : 1;
    return made;
}

static Verdict judge(double (*f)(int, double), double size, bool is_stochastic) {
    VerdictEvidence made = evidence(f, size, VERDICT_WINDOW);
    made.is_stochastic = is_stochastic;
    return verdict_of(&made);
}

static double flat(int i, double size) {
    return (void)i, size;
}
static double falling(int i, double size) {
    return 0.5 - size * i;
}
static double rising(int i, double size) {
    return 0.5 + size * i;
}
/* A fall of 0.01 an epoch with one bump of `size`. */
static double bump(int i, double size) {
    return 0.5 - 0.01 * i + (i == 9 ? size : 0);
}
/* A 2-cycle as the published moons have: 0.071316, 0.070758 */
static double cycle(int i, double size) {
    return i % 2 ? 0.0708 : 0.0708 + size;
}
/* The luck of batches: sixteen numbers of mean 0 and deviation about 1, on a fall of `size`. */
static double luck(int i, double size) {
    static const double draw[VERDICT_WINDOW] = {0.3,  -1.2, 0.8,  1.1, -0.5, -0.1, 1.4, -1.6,
                                                -0.9, 0.6,  -0.3, 1.2, 0.2,  -1.0, 0.9, -0.9};
    return 0.5 + 0.01 * draw[i] - size * i;
}

static void a_level_objective_has_converged(void **state) {
    (void)state;
    for (int chance = 0; chance < 2; chance++) {
        assert_int_equal(judge(flat, 0.5, chance), VERDICT_CONVERGED);
        assert_int_equal(judge(flat, 0, chance), VERDICT_CONVERGED);
        assert_int_equal(judge(flat, -3, chance), VERDICT_CONVERGED);
        /* 15 sizes against 1e-4 of a fall of 0.5: at 3.33e-6 */
        assert_int_equal(judge(falling, 3.3e-6, chance), VERDICT_CONVERGED);
        assert_int_equal(judge(falling, 3.4e-6, chance), VERDICT_FALLING);
        assert_int_equal(judge(rising, 3.3e-6, chance), VERDICT_CONVERGED);
        assert_int_equal(judge(rising, 3.4e-6, chance), VERDICT_RISING);
    }
}

/* At this pace 20000 epochs more would change it: 15 sizes against 1e-3 * 16 / 20000 of 0.5. */
static void the_longer_a_training_the_less_it_may_still_move(void **state) {
    (void)state;
    VerdictEvidence made = evidence(falling, 2.6e-8, VERDICT_WINDOW);
    made.epochs = 20000;
    assert_int_equal(verdict_of(&made), VERDICT_CONVERGED);
    made = evidence(falling, 2.7e-8, VERDICT_WINDOW);
    made.epochs = 20000;
    assert_int_equal(verdict_of(&made), VERDICT_FALLING);
}

static void a_constant_objective_is_judged_by_its_slope(void **state) {
    (void)state;
    /* on a slope of 1e-3 / 5 and still there: a rate of 1e-6 */
    VerdictEvidence made = evidence(falling, 0, VERDICT_WINDOW);
    made.start = 0.5;
    made.moved = 1e-4;
    made.slope = 1.1e-4;
    assert_int_equal(verdict_of(&made), VERDICT_NOT_STARTED);
    /* at the optimum */
    made.slope = 0.9e-4;
    assert_int_equal(verdict_of(&made), VERDICT_CONVERGED);
    made.slope = made.moved = 0;
    assert_int_equal(verdict_of(&made), VERDICT_CONVERGED);
    /* it went a long way round: labels that cannot be learned */
    made.slope = 1;
    made.moved = 0.011;
    assert_int_equal(verdict_of(&made), VERDICT_CONVERGED);
    made.moved = 0.009;
    assert_int_equal(verdict_of(&made), VERDICT_NOT_STARTED);
    /* one hundredth of the start has been gained */
    made = evidence(falling, 0.0049 / 15, VERDICT_WINDOW);
    made.start = 0.5;
    made.moved = 1e-3;
    assert_int_equal(verdict_of(&made), VERDICT_NOT_STARTED);
    made = evidence(falling, 0.0051 / 15, VERDICT_WINDOW);
    made.start = 0.5;
    made.moved = 1e-3;
    assert_int_equal(verdict_of(&made), VERDICT_FALLING);
}

static void a_schedule_at_its_floor_is_no_convergence(void **state) {
    (void)state;
    VerdictEvidence made = evidence(falling, 1e-6, VERDICT_WINDOW);
    assert_int_equal(verdict_of(&made), VERDICT_CONVERGED);
    made.factor = 0.31; /* 1e-6 at a factor of 0.3 are 3.3e-6 at the full step */
    assert_int_equal(verdict_of(&made), VERDICT_CONVERGED);
    made.factor = 0.29;
    assert_int_equal(verdict_of(&made), VERDICT_STOPPED_BY_SCHEDULE);
    /* level to the last bit, it has converged whatever the factor is */
    made = evidence(flat, 0.5, VERDICT_WINDOW);
    made.factor = made.last_factor = 1e-9;
    assert_int_equal(verdict_of(&made), VERDICT_CONVERGED);
    /* a cosine that ends at nothing, with a curve that its last steps have bent */
    made = evidence(falling, 1e-4, VERDICT_WINDOW);
    made.factor = 0.02;
    made.last_factor = 0.011;
    assert_int_equal(verdict_of(&made), VERDICT_FALLING);
    made.last_factor = 0.009;
    assert_int_equal(verdict_of(&made), VERDICT_STOPPED_BY_SCHEDULE);
    made = evidence(rising, 1e-4, VERDICT_WINDOW);
    made.last_factor = 0.009;
    assert_int_equal(verdict_of(&made), VERDICT_RISING);
}

static void updates_that_go_back_and_forth_oscillate(void **state) {
    (void)state;
    double (*const objectives[])(int, double) = {flat, falling, rising, cycle, bump};
    for (size_t f = 0; f < sizeof objectives / sizeof *objectives; f++) {
        VerdictEvidence made = evidence(objectives[f], 0.01, VERDICT_WINDOW);
        made.cosine = -0.51;
        made.step = 1.1e-6;
        assert_int_equal(verdict_of(&made), VERDICT_OSCILLATING);
        made.cosines = 4;
        assert_int_equal(verdict_of(&made), VERDICT_OSCILLATING);
    }
    VerdictEvidence made = evidence(falling, 0.01, VERDICT_WINDOW);
    made.cosine = -0.49;
    assert_int_equal(verdict_of(&made), VERDICT_FALLING);
    made.cosine = -1;
    made.cosines = 3;
    assert_int_equal(verdict_of(&made), VERDICT_FALLING);
    /* the last bits of a minimum */
    made = evidence(flat, 0.01, VERDICT_WINDOW);
    made.cosine = -1;
    made.step = 0.9e-6;
    assert_int_equal(verdict_of(&made), VERDICT_CONVERGED);
}

static void one_bump_does_not_hide_a_fall(void **state) {
    (void)state;
    assert_int_equal(judge(bump, 0, false), VERDICT_FALLING);
    assert_int_equal(judge(bump, 0.1, false), VERDICT_FALLING);
    assert_int_equal(judge(bump, 0.1, true), VERDICT_FALLING);
}

static void only_chance_is_noisy(void **state) {
    (void)state;
    assert_int_equal(judge(luck, 0, true), VERDICT_NOISY);
    assert_int_equal(judge(luck, 0, false), VERDICT_OSCILLATING);
    /* the standard error of the slope is 0.01 / sqrt(340) = 5.4e-4, and three of them are 1.6e-3;
     * the draws have a slope of their own of -6e-5 */
    for (int chance = 0; chance < 2; chance++) {
        assert_int_equal(judge(luck, 2e-3, chance), VERDICT_FALLING);
        assert_int_equal(judge(luck, -2e-3, chance), VERDICT_RISING);
    }
    assert_int_equal(judge(luck, 1e-3, true), VERDICT_NOISY);
    assert_int_equal(judge(luck, -1e-3, true), VERDICT_NOISY);
}

static void an_objective_far_above_its_start_has_diverged(void **state) {
    (void)state;
    VerdictEvidence made = evidence(flat, 1001, VERDICT_WINDOW);
    assert_int_equal(verdict_of(&made), VERDICT_DIVERGED);
    made = evidence(rising, 999 / 15.0, VERDICT_WINDOW);
    assert_int_equal(verdict_of(&made), VERDICT_RISING);
    made.objective[3] = (double)INFINITY;
    assert_int_equal(verdict_of(&made), VERDICT_DIVERGED);
    made = evidence(flat, 1, 1);
    made.end = (double)NAN;
    assert_int_equal(verdict_of(&made), VERDICT_DIVERGED);
    made.end = 1;
    made.overflowed = true;
    assert_int_equal(verdict_of(&made), VERDICT_DIVERGED);
    /* from the optimum, a thousandth of what a constant prediction gets is no divergence */
    made = evidence(rising, 1e-3, VERDICT_WINDOW);
    made.start = 1e-9;
    assert_int_equal(verdict_of(&made), VERDICT_RISING);
    made.magnitude = 1e-9;
    assert_int_equal(verdict_of(&made), VERDICT_DIVERGED);
}

static void patience_and_no_epochs_have_words_of_their_own(void **state) {
    (void)state;
    VerdictEvidence made = evidence(falling, 0.01, VERDICT_WINDOW);
    made.stopped_early = true;
    assert_int_equal(verdict_of(&made), VERDICT_STOPPED_EARLY);
    made.cosine = -1;
    assert_int_equal(verdict_of(&made), VERDICT_STOPPED_EARLY);
    made.overflowed = true;
    assert_int_equal(verdict_of(&made), VERDICT_DIVERGED);
    made = (VerdictEvidence){0};
    assert_int_equal(verdict_of(&made), VERDICT_NOT_TRAINED);
}

/* Fewer than four epochs: the direction that all of them have from the start on. */
static void a_few_epochs_have_a_direction_or_none(void **state) {
    (void)state;
    for (int count = 1; count <= 3; count++) {
        VerdictEvidence made = evidence(falling, 0.01, count);
        made.epochs = count;
        assert_int_equal(verdict_of(&made), VERDICT_FALLING);
        for (int i = 0; i < count; i++) made.objective[i] = 2 + i;
        assert_int_equal(verdict_of(&made), VERDICT_RISING);
        for (int i = 0; i < count; i++) made.objective[i] = i % 2 ? 0.5 : 2;
        made.is_stochastic = true;
        assert_int_equal(verdict_of(&made), count == 1 ? VERDICT_RISING : VERDICT_NOISY);
        made.is_stochastic = false;
        assert_int_equal(verdict_of(&made), count == 1 ? VERDICT_RISING : VERDICT_OSCILLATING);
    }
}

static void every_name_leads_back(void **state) {
    (void)state;
    static const char *const names[] = {
        "converged",           "falling",     "rising",        "oscillating", "noisy",
        "stopped_by_schedule", "not_started", "stopped_early", "not_trained", "diverged"};
    assert_int_equal(sizeof names / sizeof *names, VERDICT_COUNT);
    for (int i = 0; i < VERDICT_COUNT; i++) {
        assert_string_equal(verdict_name((Verdict)i), names[i]);
        assert_int_equal(verdict_from_name(names[i]), i);
        assert_true(strlen(verdict_name((Verdict)i)) <= 19); /* the width in results/README.md */
        assert_true(strlen(verdict_meaning((Verdict)i)) > 0);
        assert_non_null(verdict_advice((Verdict)i));
    }
    assert_int_equal(verdict_from_name("converging"), VERDICT_COUNT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_objective_has_converged),
        cmocka_unit_test(the_longer_a_training_the_less_it_may_still_move),
        cmocka_unit_test(a_constant_objective_is_judged_by_its_slope),
        cmocka_unit_test(a_schedule_at_its_floor_is_no_convergence),
        cmocka_unit_test(updates_that_go_back_and_forth_oscillate),
        cmocka_unit_test(one_bump_does_not_hide_a_fall),
        cmocka_unit_test(only_chance_is_noisy),
        cmocka_unit_test(an_objective_far_above_its_start_has_diverged),
        cmocka_unit_test(patience_and_no_epochs_have_words_of_their_own),
        cmocka_unit_test(a_few_epochs_have_a_direction_or_none),
        cmocka_unit_test(every_name_leads_back),
    };
    return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
