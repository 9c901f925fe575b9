/* The generator against NumPy's own numbers (tests/golden/make_rng.py), bit for bit. */
#include "core/base/rng.h"

#include "tests/golden/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) ((int64_t)(sizeof(array) / sizeof *(array)))

static void assert_same(double got, double wanted) {
    if (memcmp(&got, &wanted, sizeof got) != 0) fail_msg("%a is not NumPy's %a", got, wanted);
}

static Rng seeded(uint32_t seed) {
    Rng rng;
    rng_seed(&rng, seed);
    return rng;
}

static void words_doubles_and_normals_are_numpys(void **state) {
    (void)state;
    static const struct {
        uint32_t seed;
        const uint32_t *words;
        const double *doubles, *gauss;
    } rows[] = {{0, WORDS_0, DOUBLES_0, GAUSS_0},
                {1, WORDS_1, DOUBLES_1, GAUSS_1},
                {12345, WORDS_12345, DOUBLES_12345, GAUSS_12345},
                {4294967295, WORDS_4294967295, DOUBLES_4294967295, GAUSS_4294967295}};
    for (int64_t row = 0; row < COUNT(rows); row++) {
        Rng rng = seeded(rows[row].seed);
        for (int64_t i = 0; i < COUNT(WORDS_0); i++) {
            assert_int_equal(rng_uint32(&rng), rows[row].words[i]);
        }
        rng = seeded(rows[row].seed);
        for (int64_t i = 0; i < COUNT(DOUBLES_0); i++) {
            assert_same(rng_double(&rng), rows[row].doubles[i]);
        }
        rng = seeded(rows[row].seed);
        for (int64_t i = 0; i < COUNT(GAUSS_0); i++) {
            assert_same(rng_normal(&rng, 0, 1), rows[row].gauss[i]);
        }
    }
}

static void the_ten_thousandth_word_is_the_c_plus_plus_standards(void **state) {
    (void)state;
    /* [rand.predef]: the 10000th invocation of a default-constructed mt19937 (seed 5489) gives
     * 4123659995 */

    Rng rng = seeded(5489);
    for (int i = 1; i < 10000; i++) rng_uint32(&rng);
    assert_int_equal(rng_uint32(&rng), 4123659995);
}

static void the_stream_goes_on_past_refills(void **state) {
    (void)state;
    Rng rng = seeded(7);
    for (int i = 0; i < 2000; i++) rng_double(&rng);
    for (int64_t i = 0; i < COUNT(LATE_DOUBLES); i++)
        assert_same(rng_double(&rng), LATE_DOUBLES[i]);
}

static void uniform_and_normal_scale_as_numpy_does(void **state) {
    (void)state;
    Rng rng = seeded(7);
    for (int64_t i = 0; i < COUNT(UNIFORM); i++)
        assert_same(rng_uniform(&rng, -3, 8.5), UNIFORM[i]);
    rng = seeded(7);
    for (int64_t i = 0; i < COUNT(NORMAL); i++) assert_same(rng_normal(&rng, 2.5, 0.3), NORMAL[i]);
}

static void kinds_of_draws_mix_around_the_cached_normal(void **state) {
    (void)state;
    Rng rng = seeded(42);
    double got[COUNT(MIXED)];
    int32_t order[5];
    got[0] = rng_normal(&rng, 0, 1);
    got[1] = rng_double(&rng);
    got[2] = rng_normal(&rng, 0, 1);
    rng_permutation(&rng, order, 5);
    for (int i = 0; i < 5; i++) got[3 + i] = order[i];
    got[8] = rng_normal(&rng, 0, 1);
    got[9] = (double)rng_below(&rng, 10);
    got[10] = rng_normal(&rng, 1, 2);
    for (int64_t i = 0; i < COUNT(MIXED); i++) assert_same(got[i], MIXED[i]);
}

static void permutations_are_numpys(void **state) {
    (void)state;
    static const struct {
        int64_t n;
        const int32_t *wanted;
    } rows[] = {{1, PERMUTATION_1},
                {2, PERMUTATION_2},
                {7, PERMUTATION_7},
                {10, PERMUTATION_10},
                {200, PERMUTATION_200}};
    int32_t order[200];
    for (int64_t row = 0; row < COUNT(rows); row++) {
        Rng rng = seeded((uint32_t)rows[row].n);
        rng_permutation(&rng, order, rows[row].n);
        assert_memory_equal(order, rows[row].wanted, (size_t)rows[row].n * sizeof *order);
    }
}

static void a_second_large_permutation_follows_the_first(void **state) {
    (void)state;
    static int32_t order[60000];
    Rng rng = seeded(3);
    rng_permutation(&rng, order, 60000);
    rng_permutation(&rng, order, 60000);
    assert_memory_equal(order, PERMUTATION_AGAIN, sizeof PERMUTATION_AGAIN);
}

static void shuffle_moves_values_in_place(void **state) {
    (void)state;
    int32_t order[] = {5, 3, 3, 9, 1, 0, 7};
    Rng rng = seeded(11);
    rng_shuffle(&rng, order, 7);
    assert_memory_equal(order, SHUFFLED, sizeof SHUFFLED);
}

static void choice_with_replacement_is_numpys_and_uses_as_much_of_the_stream(void **state) {
    (void)state;
    static const struct {
        int64_t n;
        const int64_t *wanted;
        const double *next;
    } rows[] = {{1, BELOW_1, BELOW_1_NEXT},
                {4, BELOW_4, BELOW_4_NEXT},
                {7, BELOW_7, BELOW_7_NEXT},
                {200, BELOW_200, BELOW_200_NEXT},
                {60000, BELOW_60000, BELOW_60000_NEXT},
                {4294967296, BELOW_4294967296, BELOW_4294967296_NEXT},
                {4294967297, BELOW_4294967297, BELOW_4294967297_NEXT},
                {1099511640121, BELOW_1099511640121, BELOW_1099511640121_NEXT}};
    for (int64_t row = 0; row < COUNT(rows); row++) {
        Rng rng = seeded(5);
        for (int64_t i = 0; i < COUNT(BELOW_4); i++) {
            assert_int_equal(rng_below(&rng, rows[row].n), rows[row].wanted[i]);
        }
        assert_same(rng_double(&rng), rows[row].next[0]);
    }
}

static void hash_words_depend_on_every_coordinate_and_on_nothing_else(void **state) {
    (void)state;
    const uint32_t word = rng_hash(1, 2, 3, 4, 5);
    assert_int_equal(rng_hash(1, 2, 3, 4, 5), word);
    assert_int_equal(rng_hash_unit(rng_hash_row(1, 2, 3, 4), 5), word);
    assert_int_not_equal(rng_hash(0, 2, 3, 4, 5), word);
    assert_int_not_equal(rng_hash(1, 1, 3, 4, 5), word);
    assert_int_not_equal(rng_hash(1, 2, 2, 4, 5), word);
    assert_int_not_equal(rng_hash(1, 2, 3, 3, 5), word);
    assert_int_not_equal(rng_hash(1, 2, 3, 4, 4), word);
    assert_int_not_equal(rng_hash(2, 1, 3, 4, 5), word); // order counts
    // SplitMix64 from state 0 begins with 0xe220a8397b1dcdaf (Vigna's reference program)
    assert_int_equal(rng_hash_unit(0, 0), 0xe220a839);
}

/* A draw along one of the five coordinates, the others small. */
static uint32_t draw_along(int axis, uint64_t i) {
    uint64_t at[5] = {1, 1, 1, 1, 1};
    at[axis] = i;
    return rng_hash(at[0], at[1], at[2], at[3], at[4]);
}

static void hash_words_are_uniform_along_every_coordinate(void **state) {
    (void)state;
    enum { DRAWS = 1 << 16, BINS = 256 };
    for (int axis = 0; axis < 5; axis++) {
        int32_t top[BINS] = {0}, bottom[BINS] = {0}, bit[32] = {0};
        for (uint64_t i = 0; i < DRAWS; i++) {
            const uint32_t word = draw_along(axis, i);
            top[word >> 24]++;
            bottom[word & 255]++;
            for (int b = 0; b < 32; b++) bit[b] += (int32_t)(word >> b & 1);
        }
        double chi_top = 0, chi_bottom = 0;
        const double wanted = (double)DRAWS / BINS;
        for (int i = 0; i < BINS; i++) {
            chi_top += (top[i] - wanted) * (top[i] - wanted) / wanted;
            chi_bottom += (bottom[i] - wanted) * (bottom[i] - wanted) / wanted;
        }
        // chi-squared, 255 degrees: mean 255, deviation 22.6; five deviations either way
        assert_true(chi_top > 142 && chi_top < 368);
        assert_true(chi_bottom > 142 && chi_bottom < 368);
        for (int b = 0; b < 32; b++) assert_true(abs(bit[b] - DRAWS / 2) < 5 * 128);
    }
}

static void neighbouring_hash_words_are_independent(void **state) {
    (void)state;
    enum { DRAWS = 1 << 16 };
    for (int axis = 0; axis < 5; axis++) {
        double product = 0;
        int64_t flipped = 0;
        for (uint64_t i = 0; i < DRAWS; i++) {
            const uint32_t one = draw_along(axis, i), next = draw_along(axis, i + 1);
            product += (one / 4294967296.0 - 0.5) * (next / 4294967296.0 - 0.5);
            flipped += __builtin_popcount(one ^ next);
        }
        /* the sum of products has deviation sqrt(65536)/12 = 21.3, the flips sqrt(32 * 65536)/2 =
         * 724 */

        assert_true(fabs(product) < 5 * 21.4);
        assert_true(llabs(flipped - 16 * (int64_t)DRAWS) < 5 * 725);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_doubles_and_normals_are_numpys),
        cmocka_unit_test(the_ten_thousandth_word_is_the_c_plus_plus_standards),
        cmocka_unit_test(the_stream_goes_on_past_refills),
        cmocka_unit_test(uniform_and_normal_scale_as_numpy_does),
        cmocka_unit_test(kinds_of_draws_mix_around_the_cached_normal),
        cmocka_unit_test(permutations_are_numpys),
        cmocka_unit_test(a_second_large_permutation_follows_the_first),
        cmocka_unit_test(shuffle_moves_values_in_place),
        cmocka_unit_test(choice_with_replacement_is_numpys_and_uses_as_much_of_the_stream),
        cmocka_unit_test(hash_words_depend_on_every_coordinate_and_on_nothing_else),
        cmocka_unit_test(hash_words_are_uniform_along_every_coordinate),
        cmocka_unit_test(neighbouring_hash_words_are_independent),
    };
    return cmocka_run_group_tests_name("rng", tests, NULL, NULL);
}
