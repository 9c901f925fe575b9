/* Rows held out and folds are scikit-learn's, row for row (tests/golden/make_split.py). */
#include "core/data/split.h"

#include "tests/golden/split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) ((int64_t)(sizeof(array) / sizeof *(array)))

static void assert_chosen(const bool *mark, int64_t n, const int32_t *rows, int64_t count) {
    int64_t found = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!mark[i]) continue;
        assert_true(found < count);
        assert_int_equal(i, rows[found++]);
    }
    assert_int_equal(found, count);
}

static void the_rows_put_aside_are_scikit_learns(void **state) {
    (void)state;
    static const struct {
        int64_t n, count;
        uint32_t seed;
        const int32_t *rows;
    } cases[] = {{20, 6, 4, ASIDE_20}, {200, 50, 1, ASIDE_200}};
    bool mark[200];
    for (int64_t c = 0; c < COUNT(cases); c++) {
        assert_true(split_choose(mark, cases[c].n, NULL, cases[c].count, cases[c].seed, NULL));
        assert_chosen(mark, cases[c].n, cases[c].rows, cases[c].count);
    }
}

static void stratified_rows_are_scikit_learns(void **state) {
    (void)state;
    bool mark[200];
    for (int64_t c = 0; c < COUNT(STRATIFIED_CHOICES); c++) {
        const int64_t n = STRATIFIED_CHOICES[c].n, count = STRATIFIED_CHOICES[c].count;
        assert_true(split_choose(mark, n, STRATIFIED_CHOICES[c].label, count,
                                 STRATIFIED_CHOICES[c].seed, NULL));
        assert_chosen(mark, n, STRATIFIED_CHOICES[c].rows, count);
    }
}

/* scikit-learn refuses all three. */
static void few_rows_of_a_class_are_no_obstacle(void **state) {
    (void)state;
    static const int32_t label[] = {0, 0, 0, 1, 2};
    bool mark[5];
    for (int64_t count = 0; count <= 5; count++) {
        assert_true(split_choose(mark, 5, label, count, 3, NULL));
        int64_t found = 0;
        for (int i = 0; i < 5; i++) found += mark[i];
        assert_int_equal(found, count);
    }
    int32_t fold[5];
    assert_true(split_folds(fold, 5, label, 5, 1, NULL)); /* more folds than rows of any class */
    for (int i = 0; i < 5; i++) {
        for (int j = 0; j < i; j++) assert_int_not_equal(fold[i], fold[j]);
    }
}

static void folds_are_scikit_learns(void **state) {
    (void)state;
    static const struct {
        int64_t n;
        int32_t folds;
        uint32_t seed;
        const int32_t *fold;
    } cases[] = {{23, 5, 3, FOLD_23}, {10, 10, 0, FOLD_10}, {200, 7, 11, FOLD_200}};
    int32_t fold[200];
    for (int64_t c = 0; c < COUNT(cases); c++) {
        assert_true(split_folds(fold, cases[c].n, NULL, cases[c].folds, cases[c].seed, NULL));
        assert_memory_equal(fold, cases[c].fold, (size_t)cases[c].n * sizeof *fold);
    }
}

static void stratified_folds_are_scikit_learns(void **state) {
    (void)state;
    int32_t fold[200];
    for (int64_t c = 0; c < COUNT(STRATIFIED_FOLDS); c++) {
        assert_true(split_folds(fold, STRATIFIED_FOLDS[c].n, STRATIFIED_FOLDS[c].label,
                                STRATIFIED_FOLDS[c].folds, STRATIFIED_FOLDS[c].seed, NULL));
        assert_memory_equal(fold, STRATIFIED_FOLDS[c].fold,
                            (size_t)STRATIFIED_FOLDS[c].n * sizeof *fold);
    }
}

static void more_folds_than_rows_are_refused(void **state) {
    (void)state;
    Error err = {0};
    int32_t fold[3];
    assert_false(split_folds(fold, 3, NULL, 4, 0, &err));
    assert_string_equal(err.text, "4 folds of 3 rows (2 to the number of rows can be)");
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_false(split_folds(fold, 3, NULL, 1, 0, &err));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rows_put_aside_are_scikit_learns),
        cmocka_unit_test(stratified_rows_are_scikit_learns),
        cmocka_unit_test(few_rows_of_a_class_are_no_obstacle),
        cmocka_unit_test(folds_are_scikit_learns),
        cmocka_unit_test(stratified_folds_are_scikit_learns),
        cmocka_unit_test(more_folds_than_rows_are_refused),
    };
    return cmocka_run_group_tests_name("split", tests, NULL, NULL);
}
