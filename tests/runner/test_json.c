/* JSON in a page: base64 by the vectors of RFC 4648, and texts that cannot end a script. */
#include "runner/output/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_written(Html *html, const char *expected) {
    assert_false(html->failed);
    assert_string_equal(html->text, expected);
    html_destroy(html);
}

static void bytes_are_base64(void **state) {
    (void)state;
    static const char *const vectors[][2] = {
        {"", "\"\""},           {"f", "\"Zg==\""},        {"fo", "\"Zm8=\""},
        {"foo", "\"Zm9v\""},    {"foob", "\"Zm9vYg==\""}, {"fooba", "\"Zm9vYmE=\""},
        {"foobar", "\"Zm9vYmFy\""}, {"\xfb\xff\xfe", "\"+//+\""}};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        for (size_t cut = 0; cut <= strlen(vectors[i][0]); cut++) { /* in two pieces */
            Html html = {0};
            JsonPacked packed;
            json_begin(&packed, &html);
            json_bytes(&packed, vectors[i][0], cut);
            json_bytes(&packed, vectors[i][0] + cut, strlen(vectors[i][0]) - cut);
            json_end(&packed);
            assert_written(&html, vectors[i][1]);
        }
    }
}

static void numbers_are_packed_as_float32(void **state) {
    (void)state;
    const double numbers[] = {1, -2, 0.1}; /* struct.pack("<3f", 1, -2, 0.1) in Python */
    Html html = {0};
    JsonPacked packed;
    json_begin(&packed, &html);
    json_floats(&packed, numbers, 3);
    json_end(&packed);
    assert_written(&html, "\"AACAPwAAAMDNzMw9\"");
}

static void a_text_cannot_end_the_script(void **state) {
    (void)state;
    Html html = {0};
    json_text(&html, "</script><!--\\\"'&\n\x7f");
    assert_written(&html, "\"\\u003c/script\\u003e\\u003c!--\\u005c\\u0022\\u0027\\u0026\\u000a"
                          "\\u007f\"");
    json_text(&html, "\xc3\xa4\xe2\x88\x92 x");
    assert_written(&html, "\"\xc3\xa4\xe2\x88\x92 x\"");
    json_text(&html, "a\xff");
    assert_written(&html, "\"a\xef\xbf\xbd\"");
}

static void numbers_read_back(void **state) {
    (void)state;
    Html html = {0};
    json_number(&html, 0.1);
    html_raw(&html, " ");
    json_number(&html, (double)NAN);
    html_raw(&html, " ");
    json_number(&html, -3);
    assert_written(&html, "0.1 null -3");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_base64),
        cmocka_unit_test(numbers_are_packed_as_float32),
        cmocka_unit_test(a_text_cannot_end_the_script),
        cmocka_unit_test(numbers_read_back),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
