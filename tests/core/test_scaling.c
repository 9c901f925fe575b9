/* Scaling is scikit-learn's (tests/golden/make_scaling.py), and learns from the rows shown. */
#include "core/data/scaling.h"

#include "tests/golden/scaling.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static Dataset golden_rows(void) {
    Dataset set;
    assert_true(dataset_create(&set, 50, 3, 1, true, NULL));
    memcpy(set.x, X, sizeof X);
    return set;
}

/* Sums in row order and NumPy's pairwise ones differ in the last digits; the middle column's
 * deviation is a billionth of its mean. */
static void assert_moments(const double *mean, const double *deviation, const double *mean_there,
                           const double *deviation_there) {
    for (int j = 0; j < 3; j++) {
        assert_true(fabs(mean[j] - mean_there[j]) <= 1e-15 * fmax(1, fabs(mean_there[j])));
        assert_true(fabs(deviation[j] / deviation_there[j] - 1) < (j == 1 ? 1e-9 : 1e-14));
    }
}

static void moments_are_those_of_a_standard_scaler(void **state) {
    (void)state;
    Dataset set = golden_rows();
    double mean[3], deviation[3];
    scaling_moments(&set, NULL, mean, deviation);
    assert_moments(mean, deviation, MEAN, DEVIATION);
    const Scaling scaling = {.shift = MEAN, .scale = DEVIATION};
    scaling_apply(&scaling, set.x, set.n, set.inputs);
    assert_memory_equal(set.x, STANDARDIZED, sizeof STANDARDIZED);
    dataset_destroy(&set);
}

static void rows_left_out_are_not_looked_at(void **state) {
    (void)state;
    Dataset set = golden_rows();
    double shift[3], scale[3];
    scaling_moments(&set, LEFT_OUT, shift, scale);
    assert_moments(shift, scale, REST_MEAN, REST_DEVIATION);
    for (int64_t i = 0; i < 50; i++) { /* whatever is in them */
        for (int j = 0; LEFT_OUT[i] && j < 3; j++) set.x[3 * i + j] = 1e9;
    }
    double mean[3], deviation[3];
    scaling_moments(&set, LEFT_OUT, mean, deviation);
    assert_memory_equal(mean, shift, sizeof mean);
    assert_memory_equal(deviation, scale, sizeof deviation);
    memcpy(set.x, X, sizeof X);
    scaling_range(&set, LEFT_OUT, shift, scale);
    const Scaling scaling = {.shift = shift, .scale = scale, .ranged = true, .min = -1, .max = 3};
    scaling_apply(&scaling, set.x, set.n, set.inputs);
    /* MinMaxScaler multiplies by (max - min) / width and adds: another order of roundings, of
     * which the middle column, 1e6 with a width of 1e-3, loses nine digits */
    for (int i = 0; i < 150; i++) assert_true(fabs(set.x[i] - REST_RANGED[i]) < 1e-5);
    dataset_destroy(&set);
}

static void constant_columns_become_zero_not_dust(void **state) {
    (void)state;
    Dataset set;
    double mean[2], deviation[2];
    assert_true(dataset_create(&set, 49, 2, 1, true, NULL));
    for (int i = 0; i < 49; i++) {
        set.x[2 * i] = 0.1; // its mean, summed, is not 0.1
        set.x[2 * i + 1] = i;
    }
    scaling_moments(&set, NULL, mean, deviation);
    assert_true(mean[0] == 0.1 && deviation[0] == 1 && mean[1] == 24);
    const Scaling scaling = {.shift = mean, .scale = deviation};
    scaling_apply(&scaling, set.x, set.n, set.inputs);
    for (int i = 0; i < 49; i++) assert_true(set.x[2 * i] == 0);
    dataset_destroy(&set);
}

static void ranges_move_to_where_they_are_wanted(void **state) {
    (void)state;
    double x[] = {0, 7, 10, 7, 20, 7}, low[2], width[2];
    const Dataset set = {.n = 3, .inputs = 2, .outputs = 1, .x = x};
    scaling_range(&set, NULL, low, width);
    assert_true(low[0] == 0 && width[0] == 20 && low[1] == 7 && width[1] == 1);
    const Scaling scaling = {.shift = low, .scale = width, .ranged = true, .min = -1, .max = 1};
    scaling_apply(&scaling, x, 3, 2);
    assert_true(x[0] == -1 && x[2] == 0 && x[4] == 1);
    assert_true(x[1] == -1 && x[3] == -1); // a constant column
    // a published scaling, to the bit: x / 255 * 0.99 + 0.01
    const Scaling pixels = {(const double[]){0}, (const double[]){255}, true, 0.01, 1};
    for (int i = 0; i < 256; i++) {
        double pixel = i;
        scaling_apply(&pixels, &pixel, 1, 1);
        assert_true(pixel == i / 255.0 * 0.99 + 0.01);
    }
    const Scaling none = {0};
    scaling_apply(&none, x, 3, 2);
    assert_true(x[0] == -1 && x[4] == 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_those_of_a_standard_scaler),
        cmocka_unit_test(rows_left_out_are_not_looked_at),
        cmocka_unit_test(constant_columns_become_zero_not_dust),
        cmocka_unit_test(ranges_move_to_where_they_are_wanted),
    };
    return cmocka_run_group_tests_name("scaling", tests, NULL, NULL);
}
