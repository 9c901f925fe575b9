/* Names as other programs read them: data, whatever is in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "runner/output/escape.h"

static void assert_escaped(void (*escape)(FILE *out, const char *text), const char *text,
                           const char *wanted) {
    char *written = NULL;
    size_t size;
    FILE *out = open_memstream(&written, &size);
    assert_non_null(out);
    escape(out, text);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(written, wanted);
    free(written);
}

static void json_is_ascii_where_a_terminal_would_act(void **state) {
    (void)state;
    assert_escaped(escape_json, "a\"b\\c", "\"a\\\"b\\\\c\"");
    assert_escaped(escape_json, "\033[31m\n\x7f", "\"\\u001b[31m\\u000a\\u007f\"");
    assert_escaped(escape_json,
                   "\xc2\x9b"
                   "31m \u202e é ☃",
                   "\"\\u009b31m \\u202e é ☃\"");
    assert_escaped(escape_json, "\xff", "\"\\ufffd\"");
}

static void a_cell_is_no_formula(void **state) {
    (void)state;
    assert_escaped(escape_csv, "=1+1", "'=1+1");
    assert_escaped(escape_csv, "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0");
    assert_escaped(escape_csv, "@SUM(1,2)", "\"'@SUM(1,2)\"");
    assert_escaped(escape_csv, "+A1", "'+A1");
    assert_escaped(escape_csv, "-A1", "'-A1");
    /* numbers and lists of them stay what they are */
    assert_escaped(escape_csv, "-0.5", "-0.5");
    assert_escaped(escape_csv, "-1,2e-5,+3", "\"-1,2e-5,+3\"");
    assert_escaped(escape_csv, "32x16", "32x16");
    assert_escaped(escape_csv, "a=b", "a=b");
    assert_escaped(escape_csv, "a,\"b\"", "\"a,\"\"b\"\"\"");
    assert_escaped(escape_csv, "\033[31m", "?[31m");
    assert_escaped(escape_csv, "\xc2\x9b", "?");
}

static void a_comment_cannot_be_left(void **state) {
    (void)state;
    assert_escaped(escape_comment, "x*//int pwned;", "x* //int pwned;");
    assert_escaped(escape_comment, "*/ /* **//", "* / / * ** //");
    assert_escaped(escape_comment, "*\n/", "*?/");
    assert_escaped(escape_comment, "a\\\nb\033", "a\\?b?");
    assert_escaped(escape_comment, "data.path=/tmp/é.csv", "data.path=/tmp/é.csv");
}

static void a_shell_sees_one_word(void **state) {
    (void)state;
    assert_escaped(escape_shell, "results/moons", "results/moons");
    assert_escaped(escape_shell, "$(x)", "'$(x)'");
    assert_escaped(escape_shell, "it's", "'it'\\''s'");
    assert_escaped(escape_shell, "\033x", "$'\\x1bx'");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_ascii_where_a_terminal_would_act),
        cmocka_unit_test(a_cell_is_no_formula),
        cmocka_unit_test(a_comment_cannot_be_left),
        cmocka_unit_test(a_shell_sees_one_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
