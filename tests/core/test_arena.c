/* The arena: aligned, zeroed, exactly as large as was asked for. */
#include "core/base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void sizes_are_rounded_up_to_cache_lines(void **state) {
    (void)state;
    assert_int_equal(arena_bytes(0, 8), 0);
    assert_int_equal(arena_bytes(1, 1), 64);
    assert_int_equal(arena_bytes(8, 8), 64);
    assert_int_equal(arena_bytes(9, 8), 128);
}

static void overflowing_sizes_stay_absurd(void **state) {
    (void)state;
    assert_true(arena_bytes(SIZE_MAX, 2) == SIZE_MAX);
    assert_true(arena_bytes(SIZE_MAX / 2 + 1, 2) == SIZE_MAX);
    assert_true(arena_bytes(SIZE_MAX, 1) == SIZE_MAX);
    Arena arena;
    Error err = {0};
    assert_false(arena_create(&arena, SIZE_MAX, &err));
    assert_int_equal(err.kind, ERROR_RESOURCE);
    assert_null(arena.base);
    arena_destroy(&arena);
}

static void pieces_are_aligned_zeroed_and_apart(void **state) {
    (void)state;
    Arena arena;
    assert_true(arena_create(&arena, arena_bytes(3, 1) + arena_bytes(10, sizeof(double)), NULL));
    for (int round = 0; round < 2; round++) {
        unsigned char *bytes = arena_alloc(&arena, 3, 1);
        double *numbers = arena_alloc(&arena, 10, sizeof *numbers);
        assert_int_equal((uintptr_t)bytes % ARENA_ALIGN, 0);
        assert_int_equal((uintptr_t)numbers % ARENA_ALIGN, 0);
        assert_int_equal((unsigned char *)numbers - bytes, 64);
        assert_int_equal(arena.used, arena.size); // filled to the last byte
        for (int i = 0; i < 3; i++) assert_int_equal(bytes[i], 0);
        for (int i = 0; i < 10; i++) assert_true(numbers[i] == 0);
        memset(bytes, 0xff, arena.size); // the next round must not see this
        arena_reset(&arena);
    }
    arena_destroy(&arena);
}

static void nothing_may_be_taken_of_nothing(void **state) {
    (void)state;
    Arena arena;
    assert_true(arena_create(&arena, 0, NULL));
    assert_non_null(arena_alloc(&arena, 0, 8));
    assert_int_equal(arena.used, 0);
    arena_destroy(&arena);
    arena_destroy(&arena);
    arena_destroy(&(Arena){0});
    arena_destroy(NULL);
}

/* The same code on a measuring arena and on a real one of the measured size. */
static void measuring_counts_what_a_real_arena_gives(void **state) {
    (void)state;
    Arena ruler = {.measuring = true}, arena;
    assert_null(arena_alloc(&ruler, 3, 1));
    assert_null(arena_alloc(&ruler, 10, sizeof(double)));
    assert_int_equal(ruler.used, 64 + 128);
    assert_true(arena_create(&arena, ruler.used, NULL));
    assert_non_null(arena_alloc(&arena, 3, 1));
    assert_non_null(arena_alloc(&arena, 10, sizeof(double)));
    assert_int_equal(arena.used, ruler.used);
    arena_destroy(&arena);
    assert_null(arena_alloc(&ruler, SIZE_MAX - 4096, 1));
    assert_null(arena_alloc(&ruler, 1 << 20, 1 << 20));
    assert_true(ruler.used == SIZE_MAX); // and it stays there
    assert_null(arena_alloc(&ruler, 1, 1));
    assert_true(ruler.used == SIZE_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_rounded_up_to_cache_lines),
        cmocka_unit_test(overflowing_sizes_stay_absurd),
        cmocka_unit_test(pieces_are_aligned_zeroed_and_apart),
        cmocka_unit_test(nothing_may_be_taken_of_nothing),
        cmocka_unit_test(measuring_counts_what_a_real_arena_gives),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
