/* Data sets: checks and cuts. */
#include "core/data/dataset.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) ((int64_t)(sizeof(array) / sizeof *(array)))

/* n rows of (10 i, 10 i + 1), labels i % 3 or targets (-i, i / 2). */
static Dataset make(int64_t n, bool classes) {
    Dataset set;
    assert_true(dataset_create(&set, n, 2, classes ? 3 : 2, classes, NULL));
    for (int64_t i = 0; i < n; i++) {
        for (int j = 0; j < 2; j++) set.x[2 * i + j] = (double)(10 * i + j);
        if (classes) set.label[i] = (int32_t)(i % 3);
        if (!classes) set.target[2 * i] = (double)-i;
        if (!classes) set.target[2 * i + 1] = (double)i / 2;
    }
    return set;
}

static void sets_are_made_zeroed_with_what_their_task_needs(void **state) {
    (void)state;
    Dataset set;
    assert_true(dataset_create(&set, 4, 3, 2, true, NULL));
    assert_true(set.label && !set.target && !set.fold);
    for (int i = 0; i < 12; i++) assert_true(set.x[i] == 0);
    dataset_destroy(&set);
    assert_null(set.x);
    dataset_destroy(&set);
    dataset_destroy(NULL);
    assert_true(dataset_create(&set, 4, 3, 2, false, NULL));
    assert_true(!set.label && set.target);
    dataset_destroy(&set);
    assert_true(dataset_create(&set, 0, 3, 2, false, NULL)); // empty, but a set
    assert_non_null(set.x);
    dataset_destroy(&set);
}

static void absurd_sizes_are_out_of_memory_not_overflow(void **state) {
    (void)state;
    Dataset set;
    static const struct {
        int64_t n;
        int32_t inputs, outputs;
    } rows[] = {{INT64_MAX, INT32_MAX, 1}, {INT64_MAX / 8, 2, 1}};
    for (int64_t i = 0; i < COUNT(rows); i++) {
        Error err = {0};
        assert_false(dataset_create(&set, rows[i].n, rows[i].inputs, rows[i].outputs, true, &err));
        assert_int_equal(err.kind, ERROR_RESOURCE);
        assert_non_null(strstr(err.text, "out of memory"));
        assert_null(set.x);
    }
}

static void values_that_are_not_finite_are_refused_with_their_place(void **state) {
    (void)state;
    Error err = {0};
    Dataset set = make(5, false);
    assert_true(dataset_check(&set, "s", &err));
    set.x[2 * 3 + 1] = (double)NAN;
    assert_false(dataset_check(&set, "s", &err));
    assert_string_equal(err.text, "s: row 3, input column 1: nan is not a finite number (rows and "
                                  "columns count from 0)");
    set.x[2 * 3 + 1] = 0;
    set.target[2 * 4] = -(double)INFINITY;
    err = (Error){0};
    assert_false(dataset_check(&set, "s", &err));
    assert_non_null(strstr(err.text, "row 4, target column 0: -inf"));
    dataset_destroy(&set);
}

static void labels_out_of_range_and_empty_sets_are_refused(void **state) {
    (void)state;
    Dataset set = make(5, true);
    static const int32_t wrong[] = {3, -1};
    for (int i = 0; i < 2; i++) {
        Error err = {0};
        set.label[2] = wrong[i];
        assert_false(dataset_check(&set, "s", &err));
        assert_non_null(strstr(err.text, i ? "row 2: class -1 (0 to 2" : "row 2: class 3 (0 to 2"));
    }
    Error err = {0};
    set.n = 0;
    assert_false(dataset_check(&set, "s", &err));
    assert_string_equal(err.text, "s: no rows (at least one is needed)");
    dataset_destroy(&set);
}

static void a_table_gives_inputs_and_labels(void **state) {
    (void)state;
    const double table[] = {1, 0, 2, 3, 4, 4};
    Dataset set;
    DatasetNames names;
    Error err = {0};
    const DatasetTask classes = {true, 0};
    assert_true(
        dataset_from_matrix(&set, &names, (DatasetTable){table, 2, 3}, 1, classes, "t", &err));
    assert_true(set.inputs == 2 && set.outputs == 2 && set.label[0] == 0 && set.label[1] == 1);
    assert_true(names.classes == 2 && names.label_column == 1 && !names.column);
    assert_string_equal(names.class[1], "4");
    dataset_names_free(&names);
    assert_true(set.x[0] == 1 && set.x[1] == 2 && set.x[2] == 3 && set.x[3] == 4);
    dataset_destroy(&set);
    assert_false(
        dataset_from_matrix(&set, &names, (DatasetTable){table, 6, 1}, 0, classes, "t", &err));
    assert_non_null(strstr(err.text, "t: 1 columns"));
}

static void rows_are_picked_in_any_order_and_number(void **state) {
    (void)state;
    static const int64_t index[] = {4, 0, 4};
    for (int classes = 0; classes < 2; classes++) {
        Dataset set = make(5, classes), out;
        set.fold = calloc(5, sizeof *set.fold);
        assert_non_null(set.fold);
        for (int i = 0; i < 5; i++) set.fold[i] = i * 2 % 5;
        assert_true(dataset_rows(&out, &set, index, 3, NULL));
        assert_true(out.n == 3 && out.inputs == 2 && out.outputs == set.outputs);
        for (int i = 0; i < 3; i++) {
            assert_memory_equal(out.x + 2 * i, set.x + 2 * index[i], 2 * sizeof(double));
            assert_int_equal(out.fold[i], set.fold[index[i]]);
            if (classes)
                assert_int_equal(out.label[i], set.label[index[i]]);
            else
                assert_memory_equal(out.target + 2 * i, set.target + 2 * index[i],
                                    2 * sizeof(double));
        }
        dataset_destroy(&out);
        dataset_destroy(&set);
    }
}

static void a_split_keeps_the_order_and_fills_what_is_wanted(void **state) {
    (void)state;
    const bool aside_mark[] = {false, true, true, false, true};
    Dataset set = make(5, true), kept, aside;
    assert_true(dataset_split(&kept, &aside, &set, aside_mark, NULL));
    assert_true(kept.n == 2 && aside.n == 3);
    assert_true(kept.x[0] == 0 && kept.x[2] == 30);
    assert_true(aside.x[0] == 10 && aside.x[2] == 20 && aside.x[4] == 40);
    dataset_destroy(&kept);
    dataset_destroy(&aside);
    assert_true(dataset_split(NULL, &aside, &set, aside_mark, NULL));
    assert_int_equal(aside.n, 3);
    dataset_destroy(&aside);
    assert_true(
        dataset_split(&kept, NULL, &set, (const bool[5]){true, true, true, true, true}, NULL));
    assert_int_equal(kept.n, 0);
    dataset_destroy(&kept);
    dataset_destroy(&set);
}

static void rows_of_two_sets_are_matched_by_their_inputs(void **state) {
    (void)state;
    double x[] = {1, 2, 3, 4, 1, 2, 5, 6}, y[] = {1, 2, 2, 1, 5, 6, 5, 6, 1, 2};
    const Dataset a = {.n = 4, .inputs = 2, .x = x}, b = {.n = 5, .inputs = 2, .x = y};
    const Dataset narrow = {.n = 8, .inputs = 1, .x = x};
    int64_t count;
    assert_true(dataset_shared_rows(&count, &a, &b, NULL));
    assert_int_equal(count, 3); // (1, 2) twice, (5, 6)
    assert_true(dataset_shared_rows(&count, &b, &a, NULL));
    assert_int_equal(count, 4);
    assert_true(dataset_shared_rows(&count, &narrow, &a, NULL));
    assert_int_equal(count, 0);
    assert_true(dataset_shared_rows(&count, &narrow, &narrow, NULL));
    assert_int_equal(count, 8);
    y[0] = 1 + 0x1p-52; // one bit
    assert_true(dataset_shared_rows(&count, &a, &(Dataset){.n = 1, .inputs = 2, .x = y}, NULL));
    assert_int_equal(count, 0);
}

static void the_digest_changes_with_any_bit_and_with_the_shape(void **state) {
    (void)state;
    Dataset set = make(6, true), other = make(6, false);
    const uint64_t digest = dataset_digest(&set);
    assert_true(dataset_digest(&set) == digest);
    assert_true(dataset_digest(&other) != digest);
    for (int i = 0; i < 12; i++) {
        for (int bit = 0; bit < 64; bit++) {
            uint64_t word;
            memcpy(&word, &set.x[i], 8);
            word ^= UINT64_C(1) << bit;
            memcpy(&set.x[i], &word, 8);
            assert_true(dataset_digest(&set) != digest);
            word ^= UINT64_C(1) << bit;
            memcpy(&set.x[i], &word, 8);
        }
    }
    for (int i = 0; i < 6; i++) {
        set.label[i] ^= 1;
        assert_true(dataset_digest(&set) != digest);
        set.label[i] ^= 1;
    }
    set.n = 4, set.inputs = 3; // the same twelve numbers
    assert_true(dataset_digest(&set) != digest);
    set.n = 6, set.inputs = 2, set.outputs = 4;
    assert_true(dataset_digest(&set) != digest);
    dataset_destroy(&set);
    dataset_destroy(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_are_made_zeroed_with_what_their_task_needs),
        cmocka_unit_test(absurd_sizes_are_out_of_memory_not_overflow),
        cmocka_unit_test(values_that_are_not_finite_are_refused_with_their_place),
        cmocka_unit_test(labels_out_of_range_and_empty_sets_are_refused),
        cmocka_unit_test(a_table_gives_inputs_and_labels),
        cmocka_unit_test(rows_are_picked_in_any_order_and_number),
        cmocka_unit_test(a_split_keeps_the_order_and_fills_what_is_wanted),
        cmocka_unit_test(rows_of_two_sets_are_matched_by_their_inputs),
        cmocka_unit_test(the_digest_changes_with_any_bit_and_with_the_shape),
    };
    return cmocka_run_group_tests_name("dataset", tests, NULL, NULL);
}
