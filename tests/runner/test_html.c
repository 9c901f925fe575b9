/* Text for a page. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runner/output/html.h"

static void html_escapes_what_it_is_given(void **state) {
    (void)state;
    Html html = {0};
    html_print(&html, "<b title=\"%s\">%s %d %" PRId64 " %.2f %5.1f%%</b>", "\"'", "<&>", 7,
               INT64_C(8), 1.5, 2.25);
    assert_string_equal(html.text, "<b title=\"&quot;&#39;\">&lt;&amp;&gt; 7 8 1.50   2.2%</b>");
    html_destroy(&html);
    html_text(&html, "ok é\xff\xc0\xaf\x01\xed\xa0\x80 z");
    assert_string_equal(
        html.text,
        "ok é\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd "
        "z");
    html_destroy(&html);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_escapes_what_it_is_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
