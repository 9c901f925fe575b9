/* "Did you mean": near names, and what is said of them. Paths are in cli.bats. */
#include "runner/experiment/suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const NAMES[] = {"hidden", "learning_rate", "l1", "l2", "epochs", NULL};

static void near_words_are_suggested_and_far_ones_not(void **state) {
    (void)state;
    assert_string_equal(suggest_closest("hiden", NAMES), "hidden");
    assert_string_equal(suggest_closest("hidedn", NAMES), "hidden");
    assert_string_equal(suggest_closest("Hidden", NAMES), "hidden");
    assert_string_equal(suggest_closest("learningrate", NAMES), "learning_rate");
    assert_string_equal(suggest_closest("epoch", NAMES), "epochs");
    assert_null(suggest_closest("colour", NAMES));
    static const char *const longer[] = {
        "data.test_samples", "data.samples", "batch_size", "batch_norm",
        "train_loss",        "test_loss",    "hidden",     NULL};
    assert_string_equal(suggest_closest("samples", longer), "data.samples");
    assert_string_equal(suggest_closest("batch", longer), "batch_size");
    assert_string_equal(suggest_closest("loss", longer), "test_loss");
    assert_string_equal(suggest_closest("neurons", longer), "hidden");
    assert_null(suggest_closest("lr", longer)); /* its word is not among them */
    assert_string_equal(suggest_closest("lr", NAMES), "learning_rate");
    assert_null(suggest_closest("", NAMES));
    assert_null(
        suggest_closest("a_word_that_is_much_longer_than_any_key_there_is_and_then_some", NAMES));
}

static void lists_end_with_the_suggestion(void **state) {
    (void)state;
    char text[100];
    suggest_list(text, sizeof text, "epoch", NAMES);
    assert_string_equal(text, "hidden, learning_rate, l1, l2, epochs; did you mean epochs?");
    suggest_list(text, sizeof text, "colour", NAMES);
    assert_string_equal(text, "hidden, learning_rate, l1, l2, epochs");
    suggest_list(text, sizeof text, "colour", NAMES + 5);
    assert_string_equal(text, "");
    suggest_list(text, 10, "colour", NAMES); /* cut off, not overrun */
    assert_string_equal(text, "hidden, l");
    suggest_name(text, sizeof text, "hiden", NAMES);
    assert_string_equal(text, " (did you mean hidden?)");
    suggest_name(text, sizeof text, "colour", NAMES);
    assert_string_equal(text, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(near_words_are_suggested_and_far_ones_not),
                                       cmocka_unit_test(lists_end_with_the_suggestion)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
