/* Errors as values. */
#include "core/base/error.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void the_first_message_wins(void **state) {
    (void)state;
    Error err = {0};
    assert_false(error_set(&err, ERROR_USAGE, "%s: %d", "first", 1));
    assert_false(error_set(&err, ERROR_RESOURCE, "second"));
    assert_false(error_memory(&err, 5));
    errno = ENOENT;
    assert_false(error_errno(&err, "third"));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_string_equal(err.text, "first: 1");
}

static void no_error_to_write_to_is_allowed(void **state) {
    (void)state;
    assert_false(error_set(NULL, ERROR_USAGE, "nobody hears"));
    assert_false(error_errno(NULL, "nobody hears"));
    assert_false(error_memory(NULL, 1));
}

static void errno_is_told_in_words(void **state) {
    (void)state;
    Error err = {0};
    errno = ENOSPC;
    assert_false(error_errno(&err, "%s: cannot write", "a.h5"));
    assert_int_equal(err.kind, ERROR_RESOURCE);
    assert_string_equal(err.text, "a.h5: cannot write: No space left on device");
}

static void refused_memory_is_told_with_its_size(void **state) {
    (void)state;
    Error err = {0};
    assert_false(error_memory(&err, 12345));
    assert_int_equal(err.kind, ERROR_RESOURCE);
    assert_string_equal(err.text, "out of memory: 12345 bytes were refused");
}

static void long_messages_are_cut_not_overrun(void **state) {
    (void)state;
    struct {
        Error err;
        char guard[8];
    } place = {.guard = "guarded"};
    char text[3 * sizeof place.err.text];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_false(error_set(&place.err, ERROR_USAGE, "%s", text));
    assert_int_equal(strlen(place.err.text), sizeof place.err.text - 1);
    place.err = (Error){0};
    errno = ENOENT;
    assert_false(error_errno(&place.err, "%s", text));
    assert_int_equal(strlen(place.err.text), sizeof place.err.text - 1);
    assert_string_equal(place.guard, "guarded");
}

static bool leaves(bool second, Error *err) {
    TRY(true);
    TRY(second || error_set(err, ERROR_FAILED, "left"));
    return true;
fail:
    return false;
}

static void try_leaves_through_the_label(void **state) {
    (void)state;
    Error err = {0};
    assert_true(leaves(true, &err));
    assert_int_equal(err.kind, ERROR_NONE);
    assert_false(leaves(false, &err));
    assert_string_equal(err.text, "left");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_message_wins),
        cmocka_unit_test(no_error_to_write_to_is_allowed),
        cmocka_unit_test(errno_is_told_in_words),
        cmocka_unit_test(refused_memory_is_told_with_its_size),
        cmocka_unit_test(long_messages_are_cut_not_overrun),
        cmocka_unit_test(try_leaves_through_the_label),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
