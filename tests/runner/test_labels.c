/* Numbers as people read them. */
#include "tests/runner/planted.h"

#include "runner/analysis/labels.h"

static void numbers_are_as_precise_as_their_spread(void **state) {
    (void)state;
    const struct {
        double value, spread;
        const char *text;
    } cases[] = {{0.093412, 0.0047, "0.0934"},
                 {0.093412, 0.047, "0.093"},
                 {12.345, 3, "12.3"},
                 {-0.5, 0.1, "−0.50"},
                 {-0.0001, 0.1, "0.00"},
                 {1234.5, 100, "1234"},
                 {0.25, NAN, "0.2500"},
                 {2e-6, 1e-7, "2.00e-06"},
                 {6.1e-5, 0.01, "0.000"},
                 {NAN, 1, "–"},
                 {0, NAN, "0"},
                 {123456789, NAN, "1.23e+08"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[64];
        labels_number(text, sizeof text, cases[i].value, cases[i].spread);
        assert_string_equal(text, cases[i].text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_as_precise_as_their_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
