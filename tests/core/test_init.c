/* First weights against NumPy's draws (tests/golden/make_training.py): every kind, both orders,
 * with and without random biases. */
#include "core/model/init.h"

#include "tests/core/small_trial.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static Mlp three_four_two(bool batch_norm) {
    TrainerConfig config = small_trial_config(3, 4, 2);
    config.network.batch_norm = batch_norm;
    Mlp mlp;
    Error err = {0};
    if (!mlp_create(&mlp, &config.network, &err)) fail_msg("%s", err.text);
    return mlp;
}

static void every_kind_draws_what_numpy_draws(void **state) {
    (void)state;
    const Mlp mlp = three_four_two(false);
    for (int kind = 0; kind < INIT_VALUES; kind++) {
        for (int options = 0; options < 4; options++) {
            const bool random_biases = options & 1, out_in = options & 2;
            const InitConfig weights = {.kind = (Init)kind,
                                        .low = -0.25,
                                        .high = 0.75,
                                        .mean = 0.5,
                                        .deviation = 2,
                                        .out_in = out_in};
            const InitConfig zeros = {.kind = INIT_ZEROS};
            double numbers[26];
            Rng rng;
            Error err = {0};
            rng_seed(&rng, 11);
            assert_int_equal(mlp.state_size, 26);
            assert_true(
                init_state(numbers, &mlp, &weights, random_biases ? &weights : &zeros, &rng, &err));
            char name[80];
            snprintf(name, sizeof name, "init/%s/%s/%s", INIT_NAMES[kind],
                     random_biases ? "same" : "zeros", out_in ? "out_in" : "in_out");
            double *wanted = small_trial_golden(name, 26);
            for (int i = 0; i < 26; i++) {
                /* randn(n, m) / sqrt(n) to the bit; the others' factors may round otherwise */
                const double slack = kind == INIT_LECUN_NORMAL ? 0 : 4e-16 * fabs(wanted[i]);
                if (fabs(numbers[i] - wanted[i]) > slack) {
                    fail_msg("%s, number %d: %.17g, NumPy %.17g", name, i, numbers[i], wanted[i]);
                }
            }
            free(wanted);
        }
    }
}

static void batch_norm_starts_as_the_identity_and_draws_nothing(void **state) {
    (void)state;
    const Mlp mlp = three_four_two(true), plain = three_four_two(false);
    const InitConfig weights = {.kind = INIT_HE_NORMAL},
                     biases = {.kind = INIT_NORMAL, .deviation = 1};
    double with[42], without[26];
    Rng rng;
    Error err = {0};
    assert_int_equal(mlp.state_size, 42);
    rng_seed(&rng, 1);
    assert_true(init_state(with, &mlp, &weights, &biases, &rng, &err));
    rng_seed(&rng, 1);
    assert_true(init_state(without, &plain, &weights, &biases, &rng, &err));
    assert_memory_equal(with, without, 16 * sizeof *with);
    assert_memory_equal(with + 24, without + 16, 10 * sizeof *with);
    for (int u = 0; u < 4; u++) {
        assert_true(with[16 + u] == 1);
        assert_true(with[20 + u] == 0);
        assert_true(with[34 + u] == 0);
        assert_true(with[38 + u] == 1);
    }
}

static void given_values_are_the_whole_block(void **state) {
    (void)state;
    const Mlp mlp = three_four_two(false);
    double values[27], numbers[26];
    for (int i = 0; i < 27; i++) values[i] = i * 0.25 - 3;
    InitConfig given = {.kind = INIT_VALUES, .values = values, .value_count = 26};
    const InitConfig zeros = {.kind = INIT_ZEROS};
    Rng rng;
    Error err = {0};
    rng_seed(&rng, 1);
    assert_true(init_state(numbers, &mlp, &given, &zeros, &rng, &err));
    assert_memory_equal(numbers, values, sizeof numbers);
    for (int64_t count = 25; count <= 27; count += 2) {
        given.value_count = count;
        err = (Error){0};
        assert_false(init_state(numbers, &mlp, &given, &zeros, &rng, &err));
        assert_int_equal(err.kind, ERROR_USAGE);
        assert_non_null(strstr(err.text, "26"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_draws_what_numpy_draws),
        cmocka_unit_test(batch_norm_starts_as_the_identity_and_draws_nothing),
        cmocka_unit_test(given_values_are_the_whole_block),
    };
    return cmocka_run_group_tests_name("init", tests, NULL, NULL);
}
