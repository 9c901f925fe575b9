/* Text for people, for terminals and for a shell: whatever a name is, it stays a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

/* What `print` writes, to be freed. */
#define PRINTED(...)                                                                               \
    __extension__({                                                                                \
        char *printed = NULL;                                                                      \
        size_t printed_size;                                                                       \
        FILE *out = open_memstream(&printed, &printed_size);                                       \
        assert_non_null(out);                                                                      \
        text_print(out, __VA_ARGS__);                                                              \
        assert_int_equal(fclose(out), 0);                                                          \
        printed;                                                                                   \
    })

#define assert_printed(wanted, ...)                                                                \
    do {                                                                                           \
        char *text = PRINTED(__VA_ARGS__);                                                         \
        assert_string_equal(text, wanted);                                                         \
        free(text);                                                                                \
    } while (0)

static void it_prints_as_printf_does(void **state) {
    (void)state;
    const int64_t wide = INT64_C(-1234567890123);
    assert_printed("a b   7|  8|-1234567890123|00000000000000ff|%|1.5|0x1f",
                   "%s %-4s%d|%3d|%" PRId64 "|%016" PRIx64 "|%%|%g|%#x", "a", "b", 7, 8, wide,
                   UINT64_C(255), 1.5, 31u);
    assert_printed("abc|  ab|ab  |3|2.50|9", "%.*s|%4s|%-4s|%c|%.*f|%zu", 3, "abcdef", "ab", "ab",
                   '3', 2, 2.5, (size_t)9);
    assert_printed("1.0e-05 é| é", "%.1e %s|%2s", 1e-5, "é", "é");
}

static void names_reach_no_terminal_as_commands(void **state) {
    (void)state;
    assert_printed("?]0;title? ?[31m red\n", "%s\n", "\033]0;title\007 \x9b[31m red");
    assert_printed("? ?[31m", "%s", "\xc2\x9b \033[31m"); /* C1 in UTF-8 */
    assert_printed("two?lines?", "%s", "two\nlines\r");   /* no second line of ours */
    assert_printed("a?b?c", "%s",
                   "a\u202e"
                   "b\u2066"
                   "c");                             /* turned round */
    assert_printed("??x", "%s", "\xc0\xafx");        /* overlong */
    assert_printed("?\033[0m", "%s\033[0m", "\033"); /* what the program says is its own */
    assert_printed("ünïcode ☃ 𝔘", "%s", "ünïcode ☃ 𝔘");
}

static void characters_are_those_of_rfc_3629(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t length;
        bool harmless;
    } cases[] = {{"a", 1, true},
                 {"é", 2, true},
                 {"€", 3, true},
                 {"𝔘", 4, true},
                 {"\x7f", 1, false},
                 {"\xc2\x80", 2, false},
                 {"\xc2\xa0", 2, true},
                 {"\xed\xa0\x80", 1, false}, /* a surrogate */
                 {"\xf4\x90\x80\x80", 1, false},
                 {"\xe0\x80\xaf", 1, false}, /* an overlong '/' */
                 {"\xe2\x82", 1, false},     /* cut */
                 {"\xff", 1, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool harmless;
        assert_int_equal(text_character(cases[i].text, &harmless), cases[i].length);
        assert_int_equal(harmless, cases[i].harmless);
    }
}

/* Each word comes back from a real shell as it was. */
static void a_word_of_a_shell_is_one_word(void **state) {
    (void)state;
    static const char *const words[] = {"plain-1.yaml",
                                        "",
                                        "it's",
                                        "$(touch PWNED)",
                                        "a b\tc",
                                        "`x`; y & z",
                                        "--help",
                                        "\\",
                                        "'\\''",
                                        "\033]0;x\007",
                                        "é ☃",
                                        "!x \u202e y",
                                        "*",
                                        "\\x41",
                                        "\xc2\x9b"
                                        "m"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char buffer[256], command[512], said[256] = "";
        Text text = text_begin(buffer, sizeof buffer);
        text_add_word(&text, words[i]);
        for (const char *c = buffer; *c;) {
            bool harmless;
            c += text_character(c, &harmless);
            assert_true(harmless || c[-1] == '\t' || strchr(words[i], '\t'));
        }
        assert_true(snprintf(command, sizeof command, "bash -c \"$WORD\"") > 0);
        char script[400];
        assert_true(snprintf(script, sizeof script, "printf '%%s|' %s", buffer) <
                    (int)sizeof script);
        assert_int_equal(setenv("WORD", script, 1), 0);
        FILE *shell = popen(command, "r");
        assert_non_null(shell);
        said[fread(said, 1, sizeof said - 1, shell)] = '\0';
        assert_int_equal(pclose(shell), 0);
        assert_int_equal(said[strlen(said) - 1], '|');
        said[strlen(said) - 1] = '\0';
        assert_string_equal(said, words[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_prints_as_printf_does),
        cmocka_unit_test(names_reach_no_terminal_as_commands),
        cmocka_unit_test(characters_are_those_of_rfc_3629),
        cmocka_unit_test(a_word_of_a_shell_is_one_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
