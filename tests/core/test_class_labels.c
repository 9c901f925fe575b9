/* Classes from labels, and names found among others. */
#include "core/data/class_labels.h"
#include "core/data/dataset_names.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void labels_are_numbered_as_they_come_and_sorted_at_the_end(void **state) {
    (void)state;
    ClassLabels labels = {0};
    enum { ROWS = 5000 };
    static int32_t label[ROWS];
    for (int i = 0; i < ROWS; i++) { /* 0, 7, 14, ... mod 1000, shifted below 0 */
        label[i] = class_labels_number(&labels, (double)(i * 7 % 1000 - 500));
        assert_int_equal(label[i], i < 1000 ? i : label[i - 1000]);
    }
    char **name;
    int32_t count;
    assert_true(class_labels_finish(&labels, 0, label, ROWS, &name, &count, "t", NULL));
    assert_int_equal(count, 1000);
    for (int i = 0; i < ROWS; i++) assert_int_equal(label[i], i * 7 % 1000);
    assert_string_equal(name[0], "-500");
    assert_string_equal(name[999], "499");
    dataset_names_free(&(DatasetNames){.class = name, .classes = count});
    class_labels_free(&labels);
}

static void what_is_no_class_is_told_apart(void **state) {
    (void)state;
    ClassLabels labels = {0};
    assert_int_equal(class_labels_number(&labels, 0.5), CLASS_LABELS_NO_CLASS);
    assert_int_equal(class_labels_number(&labels, (double)NAN), CLASS_LABELS_NO_CLASS);
    assert_int_equal(class_labels_number(&labels, (double)INFINITY), CLASS_LABELS_NO_CLASS);
    /* the same as 0x1p53 + 1 */
    assert_int_equal(class_labels_number(&labels, 0x1p53), CLASS_LABELS_NO_CLASS);
    assert_int_equal(class_labels_number(&labels, 0x1p53 - 1), 0);
    assert_int_equal(class_labels_number(&labels, -0.0), 1);
    assert_int_equal(class_labels_number(&labels, 0), 1);
    assert_int_equal(class_labels_word(&labels, "a", 1), CLASS_LABELS_MIXED);
    for (int i = 1; i <= CLASS_LABELS_MAX - 2; i++) {
        assert_int_equal(class_labels_number(&labels, i), i + 1);
    }
    assert_int_equal(class_labels_number(&labels, CLASS_LABELS_MAX), CLASS_LABELS_TOO_MANY);
    assert_int_equal(class_labels_number(&labels, 7), 8); /* known ones are still found */
    class_labels_free(&labels);
    assert_int_equal(class_labels_word(&labels, "abc", 2), 0);
    assert_int_equal(class_labels_word(&labels, "ab", 2), 0);
    assert_int_equal(class_labels_word(&labels, "abc", 3), 1);
    assert_int_equal(class_labels_number(&labels, 1), CLASS_LABELS_MIXED);
    class_labels_free(&labels);
}

static void names_are_matched_each_once_in_turn(void **state) {
    (void)state;
    char *name[] = {"a", "b", "a", "c"}, *wanted[] = {"c", "a", "x", "a", "a"};
    int32_t index[5];
    bool taken[4] = {false};
    dataset_names_match(index, taken, name, 4, wanted, 5);
    static const int32_t expected[] = {3, 0, -1, 2, -1};
    assert_memory_equal(index, expected, sizeof expected);
    assert_true(taken[0] && !taken[1] && taken[2] && taken[3]);
    memset(taken, 0, sizeof taken);
    taken[0] = true; /* as a label's column */
    dataset_names_match(index, taken, name, 4, (char *[]){"a"}, 1);
    assert_int_equal(index[0], 2);
    assert_int_equal(dataset_names_find(name, 4, "c"), 3);
    assert_int_equal(dataset_names_find(name, 4, "d"), -1);
}

static void lists_are_short_and_safe(void **state) {
    (void)state;
    char *few[] = {"a", "", "tab\there"}, *many[13], list[300];
    dataset_names_list(list, sizeof list, few, 3);
    assert_string_equal(list, "a, \"\", tab?here");
    for (int i = 0; i < 13; i++) many[i] = "n";
    dataset_names_list(list, sizeof list, many, 12);
    assert_string_equal(list, "n, n, n, n, n, n, n, n, n, n, n, n");
    dataset_names_list(list, sizeof list, many, 13);
    assert_string_equal(list, "n, n, n, n, n, n, n, n, n, n, ... (13 in all)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_numbered_as_they_come_and_sorted_at_the_end),
        cmocka_unit_test(what_is_no_class_is_told_apart),
        cmocka_unit_test(names_are_matched_each_once_in_turn),
        cmocka_unit_test(lists_are_short_and_safe),
    };
    return cmocka_run_group_tests_name("class_labels", tests, NULL, NULL);
}
