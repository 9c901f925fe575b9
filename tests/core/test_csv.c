/* CSV: what is read, and what is refused at which place. */
#include "core/base/files.h"
#include "core/data/class_labels.h"
#include "core/data/csv.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) ((int64_t)(sizeof(array) / sizeof *(array)))

static Dataset read_named(const char *text, const CsvConfig *config, DatasetNames *names) {
    Dataset set;
    Error err = {0};
    if (!csv_parse(&set, names, "t.csv", text, strlen(text), config, &err)) {
        fail_msg("%s", err.text);
    }
    return set;
}

static Dataset read_text(const char *text, const CsvConfig *config) {
    DatasetNames names;
    const Dataset set = read_named(text, config, &names);
    dataset_names_free(&names);
    return set;
}

static void assert_refused(const char *text, const CsvConfig *config, const char *message) {
    Dataset set;
    DatasetNames names;
    Error err = {0};
    if (csv_parse(&set, &names, "t.csv", text, strlen(text), config, &err)) {
        fail_msg("accepted: %s", text);
    }
    assert_true(!names.column && !names.class && !names.label);
    assert_int_equal(err.kind, ERROR_RESOURCE);
    assert_string_equal(err.text, message);
    assert_null(set.x);
}

static void the_same_rows_come_out_of_every_spelling(void **state) {
    (void)state;
    static const char *const texts[] = {
        "1,2.5,0\n-3e2,4,1\n",
        "1,2.5,0\r\n-3e2,4,1\r\n",
        "1,2.5,0\n-3e2,4,1", // no line end at the end
        "a,b,label\n1,2.5,0\n-3e2,4,1\n",
        ("\xef\xbb\xbf"
         "a,b,label\n1,2.5,0\n-3e2,4,1\n"),
        "\n\r\na,b,label\n\n1,2.5,0\n\n\n-3e2,4,1\n\n",
        "\"a\",\"b, c\",\"d\"\"e\"\n\"1\", 2.5 ,0\n\t-3e2,\" 4\",1.0\n",
        "\"a\nb\",c,d\n1.,2.50,+0\n-300.0,04,1e0\n",
        ",a,b\n1,2.5,0\n-3e2,4,1\n", // pandas leaves the index without a name
    };
    for (int64_t i = 0; i < COUNT(texts); i++) {
        Dataset set = read_text(texts[i], &(CsvConfig){.task = CSV_CLASSES});
        assert_true(set.n == 2 && set.inputs == 2 && set.outputs == 2 && !set.target);
        const double x[] = {1, 2.5, -300, 4};
        assert_memory_equal(set.x, x, sizeof x);
        assert_true(set.label[0] == 0 && set.label[1] == 1);
        dataset_destroy(&set);
    }
}

static void the_label_column_is_named_or_numbered(void **state) {
    (void)state;
    static const char *const labels[] = {"y", "1", "-2"};
    for (int64_t i = 0; i < COUNT(labels); i++) {
        Dataset set = read_text("a,y,b\n5,2,6\n7,0,8\n",
                                &(CsvConfig){.task = CSV_CLASSES, .label = labels[i]});
        const double x[] = {5, 6, 7, 8};
        assert_memory_equal(set.x, x, sizeof x);
        assert_true(set.label[0] == 1 && set.label[1] == 0 && set.outputs == 2);
        dataset_destroy(&set);
    }
    Dataset set = read_text("a,\"the \"\"y\"\"\"\n5,1\n",
                            &(CsvConfig){.task = CSV_CLASSES, .label = "the \"y\""});
    assert_true(set.inputs == 1 && set.x[0] == 5 && set.label[0] == 0);
    dataset_destroy(&set);
}

static void assert_names(char *const *name, int32_t count, const char *expected) {
    char list[200];
    dataset_names_list(list, sizeof list, name, count);
    assert_string_equal(list, expected);
}

static void words_are_numbered_in_sorted_order(void **state) {
    (void)state;
    DatasetNames names;
    Dataset set = read_named("1,virginica\n2,setosa\n3,\"versicolor\"\n4,virginica\n5,x\n",
                             &(CsvConfig){.task = CSV_CLASSES, .limit = 4}, &names);
    const int32_t label[] = {2, 0, 1, 2};
    assert_int_equal(set.outputs, 3);
    assert_memory_equal(set.label, label, sizeof label);
    assert_names(names.class, names.classes, "setosa, versicolor, virginica");
    assert_true(!names.column && !names.label && names.label_column == 1);
    dataset_destroy(&set);
    dataset_names_free(&names);
    set = read_named("1,\"say \"\"a\"\"\"\n2,\"say \"\"a\"\"\"\n3,b\n",
                     &(CsvConfig){.task = CSV_CLASSES}, &names);
    assert_names(names.class, names.classes, "b, say \"a\"");
    dataset_destroy(&set);
    dataset_names_free(&names);
}

static void numbers_are_classes_of_that_name_in_their_order(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int32_t classes, outputs, label[4];
        const char *names;
    } cases[] = {
        {"1,1\n1,2\n1,3\n1,1\n", 0, 3, {0, 1, 2, 0}, "1, 2, 3"},
        {"1,1\n1,-1\n1,1.0\n1,-1\n", 0, 2, {1, 0, 1, 0}, "-1, 1"},
        {"1,10\n1,9\n1,100\n1,9\n", 0, 3, {1, 0, 2, 0}, "9, 10, 100"},
        {"1,0\n1,1\n1,0\n1,-0\n", 0, 2, {0, 1, 0, 0}, "0, 1"},
        {"1,0\n1,3\n1,0\n1,1\n", 5, 5, {0, 3, 0, 1}, "0, 1, 2, 3, 4"}, /* some do not occur */
        {"1,1\n1,3\n1,2\n1,1\n", 3, 3, {0, 2, 1, 0}, "1, 2, 3"},
        {"1,65536\n1,0\n1,0\n1,0\n", 0, 2, {1, 0, 0, 0}, "0, 65536"},
    };
    for (int64_t i = 0; i < COUNT(cases); i++) {
        DatasetNames names;
        Dataset set = read_named(
            cases[i].text, &(CsvConfig){.task = CSV_CLASSES, .classes = cases[i].classes}, &names);
        assert_int_equal(set.outputs, cases[i].outputs);
        assert_memory_equal(set.label, cases[i].label, sizeof cases[i].label);
        assert_names(names.class, names.classes, cases[i].names);
        dataset_destroy(&set);
        dataset_names_free(&names);
    }
}

static void columns_have_names_and_are_found_by_them(void **state) {
    (void)state;
    DatasetNames names;
    Dataset set = read_named("size,kind,\"a, b\"\n1,x,2\n3,y,4\n",
                             &(CsvConfig){.task = CSV_CLASSES, .label = "kind"}, &names);
    assert_names(names.column, names.columns, "size, a, b");
    assert_string_equal(names.label, "kind");
    assert_int_equal(names.label_column, 1);
    dataset_destroy(&set);
    /* in another order, among others, one name twice */
    char *wanted[] = {"b", "a", "a"};
    const CsvConfig config = {.task = CSV_NUMBERS, .label = "y", .column = wanted, .columns = 3};
    dataset_names_free(&names);
    set = read_named("a,id,y,b,a\n1,word,2,3,4\n5,word,6,7,8\n", &config, &names);
    const double x[] = {3, 1, 4, 7, 5, 8};
    assert_int_equal(set.inputs, 3);
    assert_memory_equal(set.x, x, sizeof x);
    assert_true(set.target[0] == 2 && set.target[1] == 6);
    assert_names(names.column, names.columns, "b, a, a");
    dataset_destroy(&set);
    dataset_names_free(&names);
    assert_refused("a,y,b\n1,2,3\n", &config, "t.csv:1:1: no column is named \"a\"");
    assert_refused("1,2,3\n", &(CsvConfig){.task = CSV_INPUTS, .column = wanted, .columns = 3},
                   "t.csv:1:1: no column is named \"b\"");
}

static void numbers_to_predict_and_inputs_alone_are_read(void **state) {
    (void)state;
    Dataset set = read_text("1,2,3.25\n4,5,-1e-3\n", &(CsvConfig){.task = CSV_NUMBERS});
    assert_true(set.inputs == 2 && set.outputs == 1 && !set.label);
    assert_true(set.target[0] == 3.25 && set.target[1] == -1e-3);
    dataset_destroy(&set);
    set = read_text("x\n1\n2\n", &(CsvConfig){.task = CSV_INPUTS});
    assert_true(set.n == 2 && set.inputs == 1 && set.outputs == 0 && !set.label && !set.target);
    assert_true(set.x[0] == 1 && set.x[1] == 2);
    dataset_destroy(&set);
}

static void the_limit_ends_the_reading(void **state) {
    (void)state;
    const CsvConfig two = {.task = CSV_CLASSES, .limit = 2};
    Dataset set = read_text("a,b\n1,0\n2,1\nnot,looked,at\"", &two);
    assert_int_equal(set.n, 2);
    dataset_destroy(&set);
}

static void numbers_are_those_of_strtod_bit_for_bit(void **state) {
    (void)state;
    Dataset set = read_text("0.1,1e-320,1.7976931348623157e308,123456789012345678901234567890,"
                            "999999999999999,9007199254740993,-5,0\n",
                            &(CsvConfig){.task = CSV_CLASSES});
    const double x[] = {0.1,
                        1e-320,
                        1.7976931348623157e308,
                        123456789012345678901234567890.0,
                        999999999999999.0,
                        9007199254740992.0,
                        -5};
    assert_memory_equal(set.x, x, sizeof x);
    dataset_destroy(&set);
}

static void what_is_wrong_is_told_with_its_place(void **state) {
    (void)state;
    const CsvConfig classes = {.task = CSV_CLASSES}, numbers = {.task = CSV_NUMBERS};
    const CsvConfig three = {.task = CSV_CLASSES, .classes = 3};
    const CsvConfig named = {.task = CSV_CLASSES, .label = "lable"};
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "t.csv: the file is empty"},
        {"\n\r\n\n", "t.csv: the file is empty"},
        {"\xef\xbb\xbf", "t.csv: the file is empty"},
        {"a,b\n", "t.csv: a header, but no row of data"},
        {"1,2\n3,,4\n", "t.csv:2:1: a row of 3 fields (the first row has 2)"},
        {"1,2\n3\n", "t.csv:2:1: a row of 1 fields (the first row has 2)"},
        {"1,2,0\n3,,1\n", "t.csv:2:3: column 1: a value is missing"},
        {"a,b,c\n1,  ,0\n", "t.csv:2:5: column 1 (b): a value is missing"},
        {"1,2,0\n3,\"\",1\n", "t.csv:2:3: column 1: a value is missing"},
        {"a,b,c\n1,2,\n", "t.csv:2:5: column 2 (c): a value is missing"},
        {"a,b,c\n1,2,0\n1,two,0\n",
         "t.csv:3:3: column 1 (b): \"two\" is text where a number belongs"},
        {"1,0x10,0\n", "t.csv:1:3: column 1: \"0x10\" is text where a number belongs"},
        {"1,1 2,0\n", "t.csv:1:3: column 1: \"1 2\" is text where a number belongs"},
        {"1,1.2.3,0\n", "t.csv:1:3: column 1: \"1.2.3\" is text where a number belongs"},
        {"1;2;0,1\n3,0\n", "t.csv:1:1: column 0: \"1;2;0\" is text where a number belongs"},
        {"1,nan,0\n", "t.csv:1:3: column 1: \"nan\" is not a finite number"},
        {"1,-inf,0\n", "t.csv:1:3: column 1: \"-inf\" is not a finite number"},
        {"1,1e999,0\n", "t.csv:1:3: column 1: \"1e999\" is not a finite number"},
        {"1,2,0.5\n", "t.csv:1:5: column 2: \"0.5\" is no class (whole numbers and words are; "
                      "numbers to predict are data.task: numbers)"},
        {"1,2,nan\n", "t.csv:1:5: column 2: \"nan\" is no class (whole numbers and words are; "
                      "numbers to predict are data.task: numbers)"},
        {"1,a\n2,0\n", "t.csv:2:3: column 1: \"0\" is a number among classes that are words"},
        {"1,0\n2,a\n", "t.csv:2:3: column 1: \"a\" is a word among classes that are numbers"},
        {"1,0\n\"2,1\n3,0\n", "t.csv:2:1: the quote that opens here is never closed"},
        {"1,0\n2\"2,1\n", "t.csv:2:2: a quote inside a field (put the whole field in quotes, and "
                          "double these)"},
        {"1,0\n\"2\"x,1\n",
         "t.csv:2:4: text behind a closing quote (a comma or the line's end is expected)"},
        {"1,0\r2,1\r",
         "t.csv:1:4: a carriage return without a line feed (lines end in LF or CRLF)"},
        {"1\n2\n", "t.csv:1:1: one column only (at least an input and a label are needed)"},
        {"y\n2\n", "t.csv:1:1: one column only (at least an input and a label are needed)"},
        // a quoted line end moves the line on
        {"\"a\nb\",c\n1,0\nx,0\n",
         "t.csv:4:1: column 0 (a?b): \"x\" is text where a number belongs"},
    };
    for (int64_t i = 0; i < COUNT(rows); i++)
        assert_refused(rows[i].text, &classes, rows[i].message);
    assert_refused("1,2\n3,x\n", &numbers,
                   "t.csv:2:3: column 1: \"x\" is text where a number belongs");
    assert_refused(
        "1,2\n3,3\n", &three,
        "t.csv: 2 different classes (2, 3), but data.classes is 3 (numbers from 0 on may "
        "be fewer)");
    assert_refused("1,a\n1,b\n1,c\n3,d\n", &three,
                   "t.csv: 4 different classes (a, b, c, d), but data.classes is 3");
    assert_refused("1,b\n3,a\n", &three,
                   "t.csv: 2 different classes (a, b), but data.classes is 3");
    assert_refused(
        "a,label\n3,0\n", &named,
        "t.csv:1:1: no column is named \"lable\" (there are a, label; or a number from 0)");
    assert_refused(
        "3,0\n", &named,
        "t.csv:1:1: no column is named \"lable\" (the file has no header; or a number from "
        "0)");
    assert_refused(
        "3,0\n", &(CsvConfig){.label = "2"},
        "t.csv:1:1: there is no label column 2 (the file has 2; they count from 0, negative "
        "ones from the end)");
    assert_refused(
        "3,0\n", &(CsvConfig){.label = "-3"},
        "t.csv:1:1: there is no label column -3 (the file has 2; they count from 0, negative "
        "ones from the end)");
}

static void zero_bytes_are_refused(void **state) {
    (void)state;
    Dataset set;
    DatasetNames names;
    Error err = {0};
    assert_false(csv_parse(&set, &names, "t.csv", "1,0\n2\0,1\n", 9, &(CsvConfig){0}, &err));
    assert_string_equal(err.text, "t.csv:2: a zero byte (not a text file; UTF-16 is not read)");
}

static void too_many_words_are_no_classes(void **state) {
    (void)state;
    enum { ROWS = CLASS_LABELS_MAX_WORDS + 1 };
    char *text = malloc(ROWS * 16), *end = text;
    assert_non_null(text);
    for (int i = 0; i < ROWS; i++) end += sprintf(end, "1,w%05d\n", (i * 7919) % ROWS);
    Dataset set;
    DatasetNames names;
    Error err = {0};
    assert_false(
        csv_parse(&set, &names, "t.csv", text, (size_t)(end - text), &(CsvConfig){0}, &err));
    assert_string_equal(err.text,
                        "t.csv:4097:3: column 1: \"w00275\" is one class too many (numbers to "
                        "predict are data.task: numbers)");
    // one row fewer is just enough, and the order is that of the words
    assert_true(csv_parse(&set, &names, "t.csv", text, (size_t)(end - text),
                          &(CsvConfig){.limit = 4096}, NULL));
    assert_int_equal(set.outputs, 4096);
    for (int i = 0; i < 4096; i++) {
        const int32_t word = (i * 7919) % ROWS, absent = (4096 * 7919) % ROWS;
        assert_int_equal(set.label[i], word - (word > absent));
    }
    dataset_names_free(&names);
    dataset_destroy(&set);
    free(text);
}

static void numbers_do_not_depend_on_the_locale(void **state) {
    (void)state;
    // a locale with a decimal comma, where the machine has one; C either way afterwards
    const char *names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "C"};
    for (int i = 0; i < 3 && !setlocale(LC_ALL, names[i]); i++) continue;
    Dataset set = read_text("1.5,0\n", &(CsvConfig){0});
    setlocale(LC_ALL, "C");
    assert_true(set.x[0] == 1.5);
    dataset_destroy(&set);
}

static void files_are_read_and_missing_ones_named(void **state) {
    (void)state;
    char path[] = "/tmp/test_csv_XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0);
    // larger than the first piece that is read
    for (int i = 0; i < 20000; i++) assert_int_equal(write(file, "12.5,13.5,1\n", 12), 12);
    close(file);
    Dataset set;
    DatasetNames names;
    Error err = {0};
    assert_true(csv_read(&set, &names, path, &(CsvConfig){0}, &err));
    assert_true(set.n == 20000 && set.inputs == 2 && set.outputs == 1);
    assert_true(set.x[39999] == 13.5 && set.label[19999] == 0); /* the one class, "1" */
    dataset_destroy(&set);
    dataset_names_free(&names);
    unlink(path);
    assert_false(csv_read(&set, &names, "/nonexistent/a.csv", &(CsvConfig){0}, &err));
    assert_string_equal(err.text, "/nonexistent/a.csv: cannot open: No such file or directory");
    err = (Error){0};
    assert_false(csv_read(&set, &names, "/tmp", &(CsvConfig){0}, &err));
    assert_string_equal(err.text, "/tmp: cannot read: Is a directory");
}

static void the_digits_of_the_project_are_whole(void **state) {
    (void)state;
    const char *path = SOURCE_DIR "/experiments/data/digits.csv";
    Dataset set;
    DatasetNames names;
    Error err = {0};
    if (!csv_read(&set, &names, path, &(CsvConfig){.label = "digit"}, &err)) {
        fail_msg("%s", err.text);
    }
    assert_names(names.class, names.classes, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
    assert_string_equal(names.label, "digit");
    dataset_names_free(&names);
    assert_true(set.n == 1797 && set.inputs == 64 && set.outputs == 10);
    double sum = 0;
    int32_t count[10] = {0};
    for (int64_t i = 0; i < set.n * 64; i++) sum += set.x[i];
    for (int64_t i = 0; i < set.n; i++) count[set.label[i]]++;
    // sklearn.datasets.load_digits(): data.sum(), np.bincount(target)
    const int32_t wanted[10] = {178, 182, 177, 183, 181, 182, 181, 179, 174, 180};
    assert_true(sum == 561718);
    assert_memory_equal(count, wanted, sizeof wanted);
    dataset_destroy(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_rows_come_out_of_every_spelling),
        cmocka_unit_test(the_label_column_is_named_or_numbered),
        cmocka_unit_test(words_are_numbered_in_sorted_order),
        cmocka_unit_test(numbers_are_classes_of_that_name_in_their_order),
        cmocka_unit_test(columns_have_names_and_are_found_by_them),
        cmocka_unit_test(numbers_to_predict_and_inputs_alone_are_read),
        cmocka_unit_test(the_limit_ends_the_reading),
        cmocka_unit_test(numbers_are_those_of_strtod_bit_for_bit),
        cmocka_unit_test(what_is_wrong_is_told_with_its_place),
        cmocka_unit_test(zero_bytes_are_refused),
        cmocka_unit_test(too_many_words_are_no_classes),
        cmocka_unit_test(numbers_do_not_depend_on_the_locale),
        cmocka_unit_test(files_are_read_and_missing_ones_named),
        cmocka_unit_test(the_digits_of_the_project_are_whole),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
