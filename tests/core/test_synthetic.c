/* Generated data against scikit-learn and NumPy (tests/golden/make_synthetic.py). */
#include "core/data/synthetic.h"

#include "tests/golden/synthetic.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) ((int64_t)(sizeof(array) / sizeof *(array)))

static void assert_close(double got, double wanted, int64_t which, int64_t i) {
    if (fabs(got - wanted) <= 1e-15) return;
    fail_msg("case %d, value %d: %a, golden %a", (int)which, (int)i, got, wanted);
}

static void every_kind_gives_the_rows_of_numpy_and_scikit_learn(void **state) {
    (void)state;
    bool seen[SYNTHETIC_COUNT] = {false};
    for (int64_t c = 0; c < COUNT(CASES); c++) {
        Dataset set;
        Error err = {0};
        if (!synthetic_make(&set, &CASES[c].config, &err)) fail_msg("%s", err.text);
        seen[CASES[c].config.kind] = true;
        assert_int_equal(set.n, CASES[c].n);
        assert_int_equal(set.inputs, CASES[c].inputs);
        for (int64_t i = 0; i < set.n * set.inputs; i++)
            assert_close(set.x[i], CASES[c].x[i], c, i);
        if (CASES[c].classes > 0) {
            assert_null(set.target);
            assert_int_equal(set.outputs, CASES[c].classes);
            for (int64_t i = 0; i < set.n; i++) assert_int_equal(set.label[i], (int)CASES[c].y[i]);
        } else {
            assert_null(set.label);
            assert_int_equal(set.outputs, 1);
            for (int64_t i = 0; i < set.n; i++) assert_close(set.target[i], CASES[c].y[i], c, i);
        }
        assert_true(dataset_check(&set, "made", &err));
        dataset_destroy(&set);
    }
    for (int kind = 0; kind < SYNTHETIC_COUNT; kind++) assert_true(seen[kind]);
}

static void the_published_moons_come_out(void **state) {
    (void)state;
    const SyntheticConfig config = {.kind = SYNTHETIC_MOONS, .samples = 200, .noise = 0.2};
    Dataset set;
    assert_true(synthetic_make(&set, &config, NULL));
    // as the published tutorial prints them (experiments/moons-tutorial.yaml)
    assert_true(fabs(set.x[0] - 0.74346118) < 5e-9 && fabs(set.x[1] - 0.46465633) < 5e-9);
    const int32_t labels[] = {0, 1, 1, 0, 1, 1, 0, 1, 0, 1};
    assert_memory_equal(set.label, labels, sizeof labels);
    dataset_destroy(&set);
}

static void a_test_set_of_blobs_shares_the_training_sets_centers(void **state) {
    (void)state;
    SyntheticConfig config = {.kind = SYNTHETIC_BLOBS,
                              .samples = 3000,
                              .noise = 0.5,
                              .seed = 1,
                              .classes = 3,
                              .features = 2};
    double mean[2][3][2] = {{{0}}};
    for (int part = 0; part < 2; part++) {
        Dataset set;
        assert_true(synthetic_make(&set, &config, NULL));
        for (int64_t i = 0; i < set.n; i++) {
            mean[part][set.label[i]][0] += set.x[2 * i] / 1000;
            mean[part][set.label[i]][1] += set.x[2 * i + 1] / 1000;
        }
        dataset_destroy(&set);
        config.centers_apart = true;
        config.center_seed = 1;
        config.seed = 2;
    }
    for (int c = 0; c < 3; c++) {
        for (int j = 0; j < 2; j++) assert_true(fabs(mean[0][c][j] - mean[1][c][j]) < 0.12);
    }
}

static void names_stand_in_tables_that_end_in_null(void **state) {
    (void)state;
    for (int i = 0; i < SYNTHETIC_COUNT; i++) assert_non_null(SYNTHETIC_NAMES[i]);
    for (int i = 0; i < GATE_COUNT; i++) assert_non_null(GATE_NAMES[i]);
    assert_null(SYNTHETIC_NAMES[SYNTHETIC_COUNT]);
    assert_null(GATE_NAMES[GATE_COUNT]);
    assert_string_equal(SYNTHETIC_NAMES[SYNTHETIC_THREE_BIT], "three_bit");
    assert_string_equal(GATE_NAMES[GATE_NAND], "nand");
}

static void settings_out_of_range_are_refused(void **state) {
    (void)state;
    static const struct {
        SyntheticConfig config;
        const char *words;
    } rows[] = {
        {{.kind = SYNTHETIC_MOONS, .samples = 0}, "moons: number of samples"},
        {{.kind = SYNTHETIC_SINE, .samples = -3}, "sine: number of samples"},
        {{.kind = SYNTHETIC_MOONS, .samples = INT64_C(1) << 31}, "number of samples"},
        {{.kind = SYNTHETIC_MOONS, .samples = 5, .noise = -0.1}, "noise"},
        {{.kind = SYNTHETIC_XOR, .samples = 5, .noise = (double)NAN}, "noise"},
        {{.kind = SYNTHETIC_XOR, .samples = 5, .noise = (double)INFINITY}, "noise"},
        {{.kind = SYNTHETIC_CIRCLES, .samples = 5, .factor = 1}, "circles: factor"},
        {{.kind = SYNTHETIC_CIRCLES, .samples = 5, .factor = (double)NAN}, "factor"},
        {{.kind = SYNTHETIC_BLOBS, .samples = 5, .classes = 0, .features = 2}, "classes"},
        {{.kind = SYNTHETIC_BLOBS, .samples = 5, .classes = 2, .features = 0}, "features"},
        {{.kind = SYNTHETIC_SPIRALS, .samples = 5, .classes = 0}, "classes"},
        {{.kind = SYNTHETIC_SPIRALS, .samples = 5, .classes = 2, .turns = (double)NAN}, "turns"},
    };
    for (int64_t i = 0; i < COUNT(rows); i++) {
        Dataset set;
        Error err = {0};
        assert_false(synthetic_make(&set, &rows[i].config, &err));
        assert_int_equal(err.kind, ERROR_USAGE);
        if (!strstr(err.text, rows[i].words))
            fail_msg("\"%s\" lacks \"%s\"", err.text, rows[i].words);
        assert_null(set.x);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_gives_the_rows_of_numpy_and_scikit_learn),
        cmocka_unit_test(the_published_moons_come_out),
        cmocka_unit_test(a_test_set_of_blobs_shares_the_training_sets_centers),
        cmocka_unit_test(names_stand_in_tables_that_end_in_null),
        cmocka_unit_test(settings_out_of_range_are_refused),
    };
    return cmocka_run_group_tests_name("synthetic", tests, NULL, NULL);
}
