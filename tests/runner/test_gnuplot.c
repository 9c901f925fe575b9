/* Text for gnuplot: whatever a name is, it stays text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner/output/gnuplot.h"
#include "tests/runner/drawn.h"

static void text_is_safe_in_gnuplot(void **state) {
    (void)state;
    char out[256];
    gnuplot_literal(out, sizeof out, "it's\n\"x\" `y` \\n");
    assert_string_equal(out, "'it’s \"x\" `y` ⧵n'");
    gnuplot_cell(out, sizeof out, "a\tb\nc\"d");
    assert_string_equal(out, "a b c'd");
    /* gnuplot writes > as it is: the end of a CDATA section, which is an error in an SVG file */
    gnuplot_literal(out, sizeof out, "a ]]> b > c");
    assert_string_equal(out, "'a ]]› b > c'");
    gnuplot_cell(out, sizeof out, "]]>\xc2\x9b\033");
    assert_string_equal(out, "]]›  ");
    gnuplot_cell(out, sizeof out, "");
    assert_string_equal(out, "-");
    char small[12];
    gnuplot_literal(small, sizeof small, "''''''''''''''''''");
    assert_true(strlen(small) < sizeof small);
    assert_int_equal(drawn_count(small, "'"), 2); /* cut, it is closed all the same */
    /* Quotes at the start and beside each other, which gnuplot takes for an end even where they are
     * doubled. */
    static const char *const hostile[] = {"'",    "''",    "'x'",
                                          "x''y", "'''''", "';system(\"touch PWNED\")#"};
    char place[] = "/tmp/test_report_gp.XXXXXX", path[64];
    Folder folder;
    assert_non_null(mkdtemp(place));
    assert_true(folder_open(&folder, place, NULL));
    snprintf(path, sizeof path, "%s/q.gp", place);
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        Error err = {0};
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        gnuplot_literal(out, sizeof out, hostile[i]);
        fprintf(file, "set encoding utf8\na = %s\nif (strlen(a) != %zu) { exit status 1 }\n", out,
                strlen(hostile[i]));
        assert_int_equal(fclose(file), 0);
        if (!gnuplot_run(&folder, "q.gp", (const char *const[]){NULL}, &err))
            fail_msg("%s: %s", hostile[i], err.text);
    }
    assert_false(drawn_exists(place, "PWNED"));
    assert_int_equal(remove(path), 0);
    folder_close(&folder);
    assert_int_equal(rmdir(place), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_safe_in_gnuplot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
