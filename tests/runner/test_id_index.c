/* The table of identities: what was added is found, nothing else is, whatever the 64 bits are. */
#include "tests/runner/fake_results.h"

#include "runner/journal/id_index.h"

enum { MANY = 100000 };

static void what_was_added_is_found_and_nothing_else(void **state) {
    (void)state;
    Error err = {0};
    IdIndex table = {0};
    assert_int_equal(id_index_find(&table, 0), -1);
    for (int64_t i = 0; i < MANY; i++) {
        assert_ok(id_index_add(&table, fake_mix((uint64_t)i), i, &err), &err);
    }
    for (int64_t i = 0; i < MANY; i++) {
        assert_int_equal(id_index_find(&table, fake_mix((uint64_t)i)), i);
        assert_int_equal(id_index_find(&table, fake_mix((uint64_t)(MANY + i))), -1);
    }
    assert_int_equal(table.count, MANY);
    id_index_free(&table);
    id_index_free(&table); /* legal */
}

/* Zero, and ids that differ in few bits, at either end. */
static void any_bits_are_an_identity(void **state) {
    (void)state;
    Error err = {0};
    IdIndex table = {0};
    for (int64_t i = 0; i < 1000; i++) {
        assert_ok(id_index_add(&table, (uint64_t)i, 2 * i, &err), &err);
        assert_ok(id_index_add(&table, (uint64_t)(i + 1) << 50, 2 * i + 1, &err), &err);
    }
    assert_int_equal(id_index_find(&table, 0), 0);
    for (int64_t i = 0; i < 1000; i++) {
        assert_int_equal(id_index_find(&table, (uint64_t)i), 2 * i);
        assert_int_equal(id_index_find(&table, (uint64_t)(i + 1) << 50), 2 * i + 1);
    }
    assert_int_equal(id_index_find(&table, UINT64_MAX), -1);
    id_index_free(&table);
}

static void of_equal_ids_in_a_list_the_first_counts(void **state) {
    (void)state;
    static const uint64_t list[] = {7, 0, 7, 9, 0};
    Error err = {0};
    IdIndex table;
    assert_ok(id_index_create(&table, list, 5, &err), &err);
    assert_int_equal(id_index_find(&table, 7), 0);
    assert_int_equal(id_index_find(&table, 0), 1);
    assert_int_equal(id_index_find(&table, 9), 3);
    assert_int_equal(table.count, 3);
    id_index_free(&table);
    assert_ok(id_index_create(&table, list, 0, &err), &err);
    assert_int_equal(id_index_find(&table, 7), -1);
    id_index_free(&table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_found_and_nothing_else),
        cmocka_unit_test(any_bits_are_an_identity),
        cmocka_unit_test(of_equal_ids_in_a_list_the_first_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
