/* Level lines against functions whose level lines are known. */
#include "runner/output/contour.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { COLUMNS = 61, ROWS = 41 };

/* What was traced: lines, closed ones, their length, the worst value of the function on them. */
typedef struct Traced {
    double (*f)(double x, double y);
    double level, worst, length;
    int32_t lines, closed, points;
} Traced;

static double circle(double x, double y) {
    return x * x + y * y;
}
static double slope(double x, double y) {
    return x + 0.5 * y;
}
static double saddle(double x, double y) {
    return x * y;
}
static double waves(double x, double y) {
    return sin(3 * x) * sin(3 * y);
}
static double step(double x, double y) {
    return x > 2 * y ? 1 : -1;
}

static void see(void *context, const double *xy, int32_t points) {
    Traced *t = context;
    t->lines++;
    t->points += points;
    t->closed += xy[0] == xy[2 * points - 2] && xy[1] == xy[2 * points - 1];
    assert_true(points >= 2);
    for (int32_t i = 0; i < points; i++) {
        t->worst = fmax(t->worst, fabs(t->f(xy[2 * i], xy[2 * i + 1]) - t->level));
        if (i > 0) t->length += hypot(xy[2 * i] - xy[2 * i - 2], xy[2 * i + 1] - xy[2 * i - 1]);
    }
}

static Traced trace(double (*f)(double, double), double level, double tolerance) {
    double value[COLUMNS * ROWS];
    const ContourGrid grid = {value, COLUMNS, ROWS, -3, 3, -2, 2};
    Traced traced = {.f = f, .level = level};
    Error err = {0};
    for (int32_t i = 0; i < COLUMNS * ROWS; i++)
        value[i] = f(-3 + 0.1 * (i % COLUMNS), -2 + 0.1 * (i / COLUMNS)); /* 6/60 and 4/40 */
    assert_true(contour_trace(&grid, level, tolerance, see, &traced, &err));
    return traced;
}

static void a_circle_is_one_closed_line_of_its_length(void **state) {
    (void)state;
    const double tau = 2 * acos(-1.0);
    const Traced t = trace(circle, 1.01, 0);
    assert_int_equal(t.lines, 1);
    assert_int_equal(t.closed, 1);
    /* linear interpolation of x^2 over a step of 0.1 is off by 0.1^2 / 4 at most */
    assert_true(t.worst <= 0.0025 + 1e-12);
    assert_true(fabs(t.length - tau * sqrt(1.01)) < 0.01); /* chords: 0.1 % shorter */
}

static void thinning_keeps_within_its_tolerance(void **state) {
    (void)state;
    const Traced all = trace(circle, 1.01, 0), few = trace(circle, 1.01, 0.02);
    assert_true(few.points < all.points / 2);
    assert_int_equal(few.closed, 1);
    assert_true(few.worst <= all.worst); /* the points that stay are where they were */
    assert_true(all.length - few.length < 2 * 3.2 * 0.02); /* sagitta s over chord c: 8 s^2 / 3 c */
}

static void a_line_ends_at_the_frame(void **state) {
    (void)state;
    const Traced t = trace(slope, 0.03, 1e-9);
    assert_int_equal(t.lines, 1);
    assert_int_equal(t.closed, 0);
    assert_int_equal(t.points, 2); /* straight: nothing between its ends */
    assert_true(t.worst < 1e-12);
    assert_true(fabs(t.length - hypot(2, 4)) < 1e-9);
}

/* Corners of two signs across: the lines turn away from each other, and never cross. */
static void a_saddle_has_two_lines(void **state) {
    (void)state;
    Traced t = trace(saddle, 0.001, 0);
    assert_int_equal(t.lines, 2);
    assert_int_equal(t.closed, 0);
    t = trace(saddle, -0.001, 0);
    assert_int_equal(t.lines, 2);
    t = trace(saddle, 0, 0); /* the axes, on points of the grid */
    assert_int_equal(t.lines, 2);
    assert_true(t.worst < 1e-12);
}

static void every_closed_line_is_met_once(void **state) {
    (void)state;
    /* maxima of sin(3x) sin(3y) above 0.5: x = pi/6 + k pi/3 within 3, those of one sign */
    int32_t peaks = 0;
    for (int i = -3; i <= 2; i++)
        for (int j = -2; j <= 1; j++) peaks += (i + j) % 2 == 0;
    const Traced t = trace(waves, 0.5, 0);
    assert_int_equal(t.closed, peaks);
    assert_true(t.worst < 0.5 * 9 * 0.01 / 4); /* second derivative 9, step 0.1 */
}

static void nothing_is_traced_where_nothing_crosses(void **state) {
    (void)state;
    assert_int_equal(trace(circle, 100, 0).lines, 0);
    assert_int_equal(trace(circle, -1, 0).lines, 0);
}

static void the_staircase_of_a_step_becomes_a_line(void **state) {
    (void)state;
    const Traced rough = trace(step, 0, 0), smooth = trace(step, 0, 0.08);
    assert_int_equal(rough.lines, 1);
    assert_true(rough.points > 40);
    assert_true(smooth.points <= 4);
    assert_true(fabs(smooth.length - hypot(6, 3)) < 0.2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_circle_is_one_closed_line_of_its_length),
        cmocka_unit_test(thinning_keeps_within_its_tolerance),
        cmocka_unit_test(a_line_ends_at_the_frame),
        cmocka_unit_test(a_saddle_has_two_lines),
        cmocka_unit_test(every_closed_line_is_met_once),
        cmocka_unit_test(nothing_is_traced_where_nothing_crosses),
        cmocka_unit_test(the_staircase_of_a_step_becomes_a_line),
    };
    return cmocka_run_group_tests_name("contour", tests, NULL, NULL);
}
