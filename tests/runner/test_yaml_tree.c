/* The tree of a YAML file: what is in it, where, and what is refused. The many bad files are in
 * test_bad_yaml.c. */
#include "runner/experiment/yaml_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static YamlNode *parse(Pool *pool, const char *text) {
    YamlNode *root = NULL;
    Error err = {0};
    if (!yaml_tree_parse(&root, pool, "a.yaml", 0, text, strlen(text), &err)) {
        fail_msg("%s", err.text);
    }
    assert_non_null(root);
    return root;
}

static void assert_refused(const char *text, size_t length, int32_t argument, const char *message) {
    Pool pool = {NULL};
    YamlNode *root;
    Error err = {0};
    const char *origin = argument > 0 ? "argument \"a=b\"" : "a.yaml";
    assert_false(yaml_tree_parse(&root, &pool, origin, argument, text, length, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_string_equal(err.text, message);
    pool_destroy(&pool);
}

static void nodes_have_their_kind_their_text_and_their_position(void **state) {
    (void)state;
    Pool pool = {NULL};
    const YamlNode *root =
        parse(&pool, "# a comment\nname: moons\ngrid:\n  hidden: [1, '2', {a: b}]\n  empty:\n");
    assert_int_equal(root->kind, YAML_KIND_MAP);
    assert_int_equal(root->count, 2);
    const YamlNode *name = yaml_tree_find(root, "name");
    assert_int_equal(name->kind, YAML_KIND_SCALAR);
    assert_string_equal(name->text, "moons");
    assert_false(name->quoted);
    assert_int_equal(name->line, 2);
    assert_int_equal(name->column, 7);
    assert_int_equal(name->key_line, 2);
    assert_int_equal(name->key_column, 1);
    const YamlNode *hidden = yaml_tree_find(yaml_tree_find(root, "grid"), "hidden");
    assert_int_equal(hidden->kind, YAML_KIND_LIST);
    assert_int_equal(hidden->count, 3);
    assert_int_equal(hidden->line, 4);
    assert_int_equal(hidden->column, 11);
    assert_string_equal(hidden->first->text, "1");
    assert_null(hidden->first->key);
    assert_true(hidden->first->next->quoted);
    assert_int_equal(hidden->first->next->next->kind, YAML_KIND_MAP);
    assert_null(hidden->first->next->next->next);
    const YamlNode *empty = hidden->next;
    assert_string_equal(empty->key, "empty");
    assert_true(yaml_tree_is_null(empty));
    assert_null(yaml_tree_find(root, "hidden"));
    pool_destroy(&pool);
}

static void null_is_only_what_is_plain_and_says_so(void **state) {
    (void)state;
    Pool pool = {NULL};
    const YamlNode *root = parse(&pool, "[~, null, Null, NULL, \"\", 'null', '~', nul, [], {}]");
    static const bool expected[] = {true,  true,  true,  true,  false,
                                    false, false, false, false, false};
    int i = 0;
    for (const YamlNode *item = root->first; item; item = item->next, i++) {
        assert_int_equal(yaml_tree_is_null(item), expected[i]);
    }
    assert_int_equal(i, 10);
    pool_destroy(&pool);
}

static void a_bom_crlf_and_document_marks_change_nothing(void **state) {
    (void)state;
    static const char *const texts[] = {"a: 1\nb: [x, y]\n",
                                        "\xEF\xBB\xBF"
                                        "a: 1\nb: [x, y]\n",
                                        "a: 1\r\nb: [x, y]\r\n",
                                        "a: 1\nb: [x, y]",
                                        "---\na: 1\nb: [x, y]\n...\n",
                                        "%YAML 1.2\n---\na: 1\nb: [x, y]\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        Pool pool = {NULL};
        const YamlNode *root = parse(&pool, texts[i]);
        assert_int_equal(root->count, 2);
        assert_string_equal(yaml_tree_find(root, "a")->text, "1");
        assert_string_equal(yaml_tree_find(root, "b")->first->next->text, "y");
        if (i < 4) assert_int_equal(yaml_tree_find(root, "b")->line, 2);
        if (i < 4) assert_int_equal(yaml_tree_find(root, "a")->column, 4);
        pool_destroy(&pool);
    }
}

static void texts_are_read_as_yaml_says(void **state) {
    (void)state;
    Pool pool = {NULL};
    const YamlNode *root = parse(&pool, "a: \"t\\u00e4x\\\"t\"\nb: 'it''s'\nc: |\n  one\n  two\nd: "
                                        ">-\n  one\n  two\ne: two words\n");
    assert_string_equal(yaml_tree_find(root, "a")->text, "t\xC3\xA4x\"t");
    assert_string_equal(yaml_tree_find(root, "b")->text, "it's");
    assert_string_equal(yaml_tree_find(root, "c")->text, "one\ntwo\n");
    assert_string_equal(yaml_tree_find(root, "d")->text, "one two");
    assert_true(yaml_tree_find(root, "d")->quoted);
    assert_string_equal(yaml_tree_find(root, "e")->text, "two words");
    pool_destroy(&pool);
}

static void columns_count_characters_not_bytes(void **state) {
    (void)state;
    Pool pool = {NULL};
    const YamlNode *root = parse(&pool, "{\xC3\xA4\xC3\xB6: 1, b: 2}");
    assert_int_equal(yaml_tree_find(root, "b")->key_column, 9);
    pool_destroy(&pool);
    assert_refused("{\xC3\xA4\xC3\xB6: \xFF}", 9, 0, "a.yaml:1:6: invalid leading UTF-8 octet");
}

static void what_goes_wrong_is_reported_with_its_position(void **state) {
    (void)state;
    assert_refused("", 0, 0,
                   "a.yaml:1:1: nothing in it (an experiment needs `data` and `fixed` or `grid`)");
    assert_refused("a: 1\nb: 2\n\na: 3\n", 15, 0,
                   "a.yaml:4:1: a: the key stands here twice (first in line 1)");
    assert_refused("a: !x 1", 7, 0, "a.yaml:1:4: tags (!) are not allowed (put texts in quotes)");
    assert_refused("a\0b", 3, 0,
                   "a.yaml:1:2: a NUL byte (UTF-16 or a binary file? save it as UTF-8)");
    assert_refused("\xFF\xFE", 2, 0, "a.yaml:1:1: this is UTF-16 (save the file as UTF-8)");
}

static void in_an_argument_the_argument_is_the_position(void **state) {
    (void)state;
    assert_refused("{a: 1, a: 2}", 12, 3, "argument \"a=b\": a: the key stands here twice");
    Pool pool = {NULL};
    YamlNode *root;
    Error err = {0};
    assert_true(yaml_tree_parse(&root, &pool, "argument", 3, "[1, 2]", 6, &err));
    assert_int_equal(root->line, -3);
    assert_int_equal(root->column, 0);
    assert_int_equal(root->first->next->line, -3);
    pool_destroy(&pool);
}

/* At every bound: the largest that is accepted, and one more. */
static void bounds_are_where_they_are_said_to_be(void **state) {
    (void)state;
    static char text[YAML_TREE_MAX_BYTES + 2];
    Pool pool = {NULL};
    YamlNode *root;
    Error err = {0};
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    assert_true(yaml_tree_parse(&root, &pool, "a", 0, text, 128, &err));
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    assert_refused(text, 130, 0, "a.yaml:1:65: lists and maps nested more than 64 deep");
    memset(text, 'x', YAML_TREE_MAX_SCALAR + 1);
    assert_true(yaml_tree_parse(&root, &pool, "a", 0, text, YAML_TREE_MAX_SCALAR, &err));
    assert_refused(text, YAML_TREE_MAX_SCALAR + 1, 0, "a.yaml:1:1: a text of more than 64 KiB");
    memset(text, '\n', YAML_TREE_MAX_BYTES + 1);
    text[0] = 'x';
    assert_true(yaml_tree_parse(&root, &pool, "a", 0, text, YAML_TREE_MAX_BYTES, &err));
    assert_refused(text, YAML_TREE_MAX_BYTES + 1, 0,
                   "a.yaml:1:1: larger than 1 MiB (an experiment is a short text)");
    size_t used = 0;
    for (int i = 0; i < 1000; i++) used += (size_t)sprintf(text + used, "k%d: 1\n", i);
    assert_true(yaml_tree_parse(&root, &pool, "a", 0, text, used, &err));
    assert_int_equal(root->count, 1000);
    used += (size_t)sprintf(text + used, "more: 1\n");
    assert_refused(text, used, 0, "a.yaml:1001:1: too many keys in one map (1000 at most)");
    /* events: stream and document each begin and end, the list too; the rest are scalars */
    text[0] = '[';
    for (size_t i = 0; i < 99994; i++) memcpy(text + 1 + 2 * i, "1,", 2);
    text[2 * 99994] = ']';
    assert_true(yaml_tree_parse(&root, &pool, "a", 0, text, 2 * 99994 + 1, &err));
    assert_int_equal(root->count, 99994);
    pool_destroy(&pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_have_their_kind_their_text_and_their_position),
        cmocka_unit_test(null_is_only_what_is_plain_and_says_so),
        cmocka_unit_test(a_bom_crlf_and_document_marks_change_nothing),
        cmocka_unit_test(texts_are_read_as_yaml_says),
        cmocka_unit_test(columns_count_characters_not_bytes),
        cmocka_unit_test(what_goes_wrong_is_reported_with_its_position),
        cmocka_unit_test(in_an_argument_the_argument_is_the_position),
        cmocka_unit_test(bounds_are_where_they_are_said_to_be)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
