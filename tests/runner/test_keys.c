/* The table of keys, and how texts become values. That README and schema agree with the table is in
 * test_reference.c. */
#include "core/base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/data/synthetic.h"
#include "runner/experiment/keys.h"

static void every_row_is_at_its_id_with_a_name_of_its_own(void **state) {
    (void)state;
    for (int i = 0; i < KEY_COUNT; i++) {
        assert_int_equal(KEYS[i].id, i);
        assert_non_null(KEYS[i].doc);
        assert_int_equal(keys_find(KEYS[i].name), i);
        if (KEYS[i].type != KEY_TYPE_CHOICE) continue;
        int choices = 0;
        while (KEYS[i].choices[choices]) choices++;
        const bool all_but_one =
            i == KEY_ACTIVATION || i == KEY_INIT_BIAS; /* no softmax; no values */
        assert_int_equal((int)KEYS[i].high + 1, choices - all_but_one);
    }
    assert_int_equal(keys_find("hiden"), KEY_COUNT);
    assert_int_equal(keys_find(""), KEY_COUNT);
}

static void every_default_is_in_its_canonical_form(void **state) {
    (void)state;
    for (int i = 0; i < KEY_COUNT; i++) {
        if (!KEYS[i].fallback) continue;
        char buffer[64];
        Value value;
        Error err = {0};
        if (!keys_parse(&value, &KEYS[i], KEYS[i].fallback, buffer, sizeof buffer, &err)) {
            fail_msg("%s: %s", KEYS[i].name, err.text);
        }
        assert_string_equal(value.text, KEYS[i].fallback);
    }
}

static void keys_without_a_default_are_the_required_and_the_depending(void **state) {
    (void)state;
    static const char *const names[] = {
        "hidden",    "output",     "loss",         "epsilon",       "schedule.factor",
        "data.kind", "data.noise", "data.classes", "data.stratify", "record.points"};
    int count = 0;
    for (int i = 0; i < KEY_COUNT; i++) count += !KEYS[i].fallback;
    assert_int_equal(count, sizeof names / sizeof names[0]);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_null(KEYS[keys_find(names[i])].fallback);
    }
}

static void made_data_kinds_are_those_of_synthetic(void **state) {
    (void)state;
    for (int i = 0; i < SYNTHETIC_COUNT; i++) {
        assert_string_equal(KEYS_DATA_KIND_NAMES[i], SYNTHETIC_NAMES[i]);
    }
    assert_null(KEYS_DATA_KIND_NAMES[DATA_KIND_COUNT]);
}

/* text NULL: must be refused, with these words */
typedef struct Case {
    const char *key, *given, *text;
    double number;
    const char *words;
} Case;

static void texts_become_canonical_values(void **state) {
    (void)state;
    static const Case cases[] = {
        {"learning_rate", "1e-3", "0.001", 1e-3, NULL},
        {"learning_rate", "+.5", "0.5", 0.5, NULL},
        {"learning_rate", "1E2", "100", 100, NULL},
        {"learning_rate", "1e-05", "1e-5", 1e-5, NULL},
        {"learning_rate", "0.010", "0.01", 0.01, NULL},
        {"learning_rate", "0x10", "16", 16, NULL},
        {"learning_rate", "1e22", "1e22", 1e22, NULL},
        {"l2", "-0.0", "0", 0, NULL},
        {"l2", "-0", "0", 0, NULL},
        {"epochs", "20000", "20000", 20000, NULL},
        {"epochs", "1e4", "10000", 10000, NULL},
        {"epochs", "0o17", "15", 15, NULL},
        {"epochs", "0", "0", 0, NULL},
        {"batch_size", "full", "full", 0, NULL},
        {"batch_size", "0", "full", 0, NULL},
        {"batch_size", "32", "32", 32, NULL},
        {"clip_norm", "off", "off", 0, NULL},
        {"data.folds", "5", "5", 5, NULL},
        {"nesterov", "True", "true", 1, NULL},
        {"nesterov", "false", "false", 0, NULL},
        {"activation", "relu", "relu", 4, NULL},
        {"output", "softmax", "softmax", 10, NULL},
        {"hidden", "20", "20", 20, NULL},
        {"hidden", "32x16", "32x16", 48, NULL},
        {"hidden", "", "", 0, NULL},
        {"init.values", "0.50,-1,1e-7", "0.5,-1,1e-7", 3, NULL},
        {"init.values", "", "", 0, NULL},
        {"data.seed", "4294967295", "4294967295", 4294967295.0, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char buffer[64];
        Value value;
        Error err = {0};
        if (!keys_parse(&value, &KEYS[keys_find(cases[i].key)], cases[i].given, buffer,
                        sizeof buffer, &err)) {
            fail_msg("%s: %s", cases[i].key, err.text);
        }
        assert_string_equal(value.text, cases[i].text);
        assert_true(value.number == cases[i].number && !signbit(value.number));
    }
}

static void what_is_not_allowed_is_refused_with_what_is(void **state) {
    (void)state;
    static const Case cases[] = {
        {"learning_rate", "0", NULL, 0, "\"0\" is out of range (above 0)"},
        {"learning_rate", "-1e-3", NULL, 0, "is out of range (above 0)"},
        {"learning_rate", "nan", NULL, 0, "is not a finite number"},
        {"learning_rate", ".nan", NULL, 0, "is not a finite number"},
        {"learning_rate", ".inf", NULL, 0, "is not a finite number"},
        {"learning_rate", "inf", NULL, 0, "is not a finite number"},
        {"learning_rate", "1e999", NULL, 0, "is not a finite number"},
        {"learning_rate", "1e-999", NULL, 0, "is not a finite number"},
        {"learning_rate", "1_000", NULL, 0, "is not a finite number"},
        {"learning_rate", "1:50", NULL, 0, "is not a finite number"},
        {"learning_rate", "1e", NULL, 0, "is not a finite number"},
        {"learning_rate", "1-1", NULL, 0, "is not a finite number"},
        {"learning_rate", ".", NULL, 0, "is not a finite number"},
        {"learning_rate", "", NULL, 0, "is not a finite number"},
        {"learning_rate", " 1", NULL, 0, "is not a finite number"},
        {"learning_rate", "0x", NULL, 0, "is not a finite number"},
        {"learning_rate", "1e-3\n", NULL, 0, "\"1e-3?\""},
        {"dropout", "1", NULL, 0, "is out of range (at least 0, below 1)"},
        {"epochs", "1.5", NULL, 0, "is not a whole number (at least 0, at most 1000000000)"},
        {"epochs", "-1", NULL, 0, "is out of range"},
        {"epochs", "many", NULL, 0, "is not a whole number"},
        {"epochs", "0xffffffffffffffffff", NULL, 0, "is not a whole number"},
        {"batch_size", "-5", NULL, 0, "is out of range (at least 1, at most 1000000000, or full)"},
        {"data.folds", "1", NULL, 0, "is out of range (at least 2, at most 1000, or off)"},
        {"nesterov", "yes", NULL, 0, "\"yes\" is neither true nor false (true, false)"},
        {"nesterov", "1", NULL, 0, "is neither true nor false"},
        {"activation", "rleu", NULL, 0, "did you mean relu?"},
        {"activation", "softmax", NULL, 0, "elu, gelu, silu, softplus)"},
        {"init_bias", "values", NULL, 0, "unknown \"values\""},
        {"optimizer", "lbfgs", NULL, 0, "unknown \"lbfgs\" (sgd, adagrad, rmsprop, adam, adamw)"},
        {"hidden", "0", NULL, 0, "\"0\" is no layer; [] is no hidden layer"},
        {"hidden", "8x0", NULL, 0, "is no layer"},
        {"hidden", "8x", NULL, 0, "is not a layer's size"},
        {"hidden", "1.5", NULL, 0, "is not a layer's size"},
        {"hidden", "65537", NULL, 0, "is out of range"},
        {"hidden", "1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1", NULL, 0,
         "has too many layers"},
        {"init.values", "1,,2", NULL, 0, "is not a list of finite numbers"},
        {"init.values", "1,nan", NULL, 0, "is not a list of finite numbers"},
        {"data.path", "a\033[0m", NULL, 0, "has a control character in it"},
        {"data.label", "", NULL, 0, "\"\" is empty (a text)"},
        {"data.seed", "4294967296", NULL, 0, "is out of range (at least 0, at most 4294967295)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char buffer[128];
        Value value;
        Error err = {0};
        if (keys_parse(&value, &KEYS[keys_find(cases[i].key)], cases[i].given, buffer,
                       sizeof buffer, &err)) {
            fail_msg("%s: \"%s\" was taken", cases[i].key, cases[i].given);
        }
        assert_int_equal(err.kind, ERROR_USAGE);
        if (!strstr(err.text, cases[i].words)) {
            fail_msg("\"%s\" does not say \"%s\"", err.text, cases[i].words);
        }
    }
}

static void values_that_do_not_fit_the_buffer_are_refused(void **state) {
    (void)state;
    char buffer[4];
    Value value;
    Error err = {0};
    assert_true(keys_parse(&value, &KEYS[KEY_HIDDEN], "123", buffer, sizeof buffer, &err));
    assert_false(keys_parse(&value, &KEYS[KEY_HIDDEN], "1234", buffer, sizeof buffer, &err));
    assert_false(keys_parse(&value, &KEYS[KEY_DATA_PATH], "abcd", buffer, sizeof buffer, &err));
    assert_false(keys_parse(&value, &KEYS[KEY_EPOCHS], "1234", buffer, sizeof buffer, &err));
    assert_non_null(strstr(err.text, "too long"));
}

static void messages_show_no_half_characters_and_no_novels(void **state) {
    (void)state;
    char text[200], buffer[256];
    memset(text, 'a', 47);
    for (int i = 47; i < 147; i += 2) memcpy(text + i, "\xC3\xA4", 2);
    text[147] = '\0';
    Value value;
    Error err = {0};
    assert_false(keys_parse(&value, &KEYS[KEY_EPOCHS], text, buffer, sizeof buffer, &err));
    assert_non_null(strstr(err.text, "aaa..."));
    assert_null(strchr(err.text, '\xC3'));
}

/* golden/reals.txt: the digits of Python's repr */
static void reals_have_the_shortest_digits_that_read_back(void **state) {
    (void)state;
    FILE *file = fopen(SOURCE_DIR "/tests/golden/reals.txt", "r");
    assert_non_null(file);
    uint64_t bits;
    char digits[40], text[32];
    int count = 0;
    while (fscanf(file, "%" SCNx64 " %39s", &bits, digits) == 2) {
        double number;
        memcpy(&number, &bits, sizeof number);
        text_real(text, sizeof text, number);
        assert_true(strtod(text, NULL) == number);
        double read;
        assert_true(keys_real(&read, text) && read == number);
        char ours[40] = "";
        size_t used = 0;
        for (const char *c = text; *c != '\0' && *c != 'e'; c++) {
            if (*c != '.' && (used > 0 || *c != '0')) ours[used++] = *c;
        }
        while (used > 0 && ours[used - 1] == '0') used--;
        ours[used] = '\0';
        assert_string_equal(ours, digits);
        count++;
    }
    fclose(file);
    assert_int_equal(count, 2500);
    static const struct {
        double number;
        const char *text;
    } forms[] = {{0, "0"},
                 {-0.0, "0"},
                 {1e-5, "1e-5"},
                 {1e-4, "0.0001"},
                 {1e15, "1e15"},
                 {-1e100, "-1e100"},
                 {100000, "100000"},
                 {5e-324, "5e-324"},
                 {(double)NAN, "nan"},
                 {(double)INFINITY, "inf"}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        text_real(text, sizeof text, forms[i].number);
        assert_string_equal(text, forms[i].text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_at_its_id_with_a_name_of_its_own),
        cmocka_unit_test(every_default_is_in_its_canonical_form),
        cmocka_unit_test(keys_without_a_default_are_the_required_and_the_depending),
        cmocka_unit_test(made_data_kinds_are_those_of_synthetic),
        cmocka_unit_test(texts_become_canonical_values),
        cmocka_unit_test(what_is_not_allowed_is_refused_with_what_is),
        cmocka_unit_test(values_that_do_not_fit_the_buffer_are_refused),
        cmocka_unit_test(messages_show_no_half_characters_and_no_novels),
        cmocka_unit_test(reals_have_the_shortest_digits_that_read_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
