/* Verdicts on real trainings: for each a case that is known to end so. */
#include "core/trainer.h"

#include "core/base/rng.h"
#include "tests/core/small_trial.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static Verdict train(const TrainerConfig *config, const Dataset *rows) {
    SmallTrial trial = small_trial_train(config, rows);
    const Verdict verdict = trial.result.verdict;
    small_trial_destroy(&trial);
    return verdict;
}

static void assert_verdict(Verdict found, Verdict expected) {
    assert_string_equal(verdict_name(found), verdict_name(expected));
}

/* y = w x on x = -1, 1 with targets of +-1: the objective is (w - 1)^2, its gradient 2 (w - 1), and
 * a step of gradient descent multiplies w - 1 by 1 - 2 rate. */
static Dataset line(void) {
    Dataset rows;
    Error err = {0};
    if (!dataset_create(&rows, 2, 1, 1, false, &err)) fail_msg("%s", err.text);
    rows.x[0] = rows.target[0] = -1;
    rows.x[1] = rows.target[1] = 1;
    return rows;
}

static TrainerConfig line_config(double rate, int64_t epochs, const double *first) {
    TrainerConfig config = small_trial_config(1, 0, 1);
    config.network.output = ACTIVATION_IDENTITY;
    config.network.loss = LOSS_SQUARED_ERROR;
    config.network.classes = config.network.bias = false;
    config.init = (InitConfig){.kind = INIT_VALUES, .values = first, .value_count = 1};
    config.optimizer.learning_rate = rate;
    config.epochs = epochs;
    return config;
}

static void a_parabola_ends_in_every_way(void **state) {
    (void)state;
    Dataset rows = line();
    static const struct {
        double first, rate;
        int64_t epochs;
        Verdict verdict;
    } cases[] = {
        {0, 0.1, 200, VERDICT_CONVERGED},      /* w - 1 = -0.8^200 */
        {0, 0.01, 50, VERDICT_FALLING},        /* 0.98^50: a third */
        {0, 0.01, 1, VERDICT_FALLING},         /* the first step gains four hundredths */
        {0, 0.01, 5, VERDICT_FALLING},         /* */
        {0, 1e-6, 1000, VERDICT_NOT_STARTED},  /* 4e-3 of the objective */
        {0, 1e-6, 3, VERDICT_NOT_STARTED},     /* */
        {1, 1e-6, 100, VERDICT_CONVERGED},     /* at the optimum from the start */
        {1, 0.1, 1, VERDICT_CONVERGED},        /* */
        {0, 1, 100, VERDICT_OSCILLATING},      /* w = 0, 2, 0, 2: of equal loss */
        {0, 0.9999, 100, VERDICT_OSCILLATING}, /* drifting down: 0.9998^100 */
        {0, 1.0001, 100, VERDICT_OSCILLATING}, /* drifting up */
        {0, 2, 4, VERDICT_DIVERGED},           /* 3^8 = 6561 times its start */
        {0, 2, 3, VERDICT_RISING},             /* 3^6 = 729 times */
        {0, 10, 10, VERDICT_DIVERGED},         /* 19^20 times, and finite */
        {0, 0.1, 0, VERDICT_NOT_TRAINED},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const TrainerConfig config = line_config(cases[c].rate, cases[c].epochs, &cases[c].first);
        SmallTrial trial = small_trial_train(&config, &rows);
        const TrainerResult *result = &trial.result;
        if (result->verdict != cases[c].verdict) {
            fail_msg("case %zu: %s", c, verdict_name(result->verdict));
        }
        assert_int_equal(result->epochs_run, cases[c].epochs);
        const double final = small_trial_final(&trial, METRIC_TRAIN_OBJECTIVE);
        assert_int_equal(isnan(final), cases[c].verdict == VERDICT_DIVERGED);
        small_trial_destroy(&trial);
    }
    dataset_destroy(&rows);
}

static void a_schedule_that_ends_at_its_floor_stopped_the_training(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    static const ScheduleConfig schedules[] = {
        {.kind = SCHEDULE_COSINE},
        {.kind = SCHEDULE_STEP, .every = 20, .factor = 0.01},
        {.kind = SCHEDULE_EXPONENTIAL, .factor = 0.9},
    };
    for (int batches = 0; batches < 2; batches++) {
        TrainerConfig config = small_trial_config(4, 9, 3);
        config.batch_size = batches ? 10 : 0;
        config.optimizer.learning_rate = 0.05;
        config.epochs = 100;
        assert_verdict(train(&config, &rows), VERDICT_FALLING);
        for (size_t s = 0; s < sizeof schedules / sizeof *schedules; s++) {
            config.schedule = schedules[s];
            assert_verdict(train(&config, &rows), VERDICT_STOPPED_BY_SCHEDULE);
        }
    }
    dataset_destroy(&rows);
    /* what had converged before its schedule ended has converged */
    rows = line();
    const double first = 0;
    TrainerConfig config = line_config(0.3, 200, &first);
    config.schedule = schedules[0];
    assert_verdict(train(&config, &rows), VERDICT_CONVERGED);
    dataset_destroy(&rows);
}

/* Batches of 5 rows whose labels nobody can learn, at a large rate and at a small one. */
static void minibatches_are_noisy_where_they_are_level(void **state) {
    (void)state;
    Dataset rows = small_trial_numbers(200, 2, 1, 1);
    Rng rng;
    rng_seed(&rng, 3);
    for (int i = 0; i < 200; i++) rows.target[i] = rows.x[2 * i] + rng_normal(&rng, 0, 1);
    TrainerConfig config = line_config(0.1, 200, NULL);
    config.network.inputs = 2;
    config.init = (InitConfig){.kind = INIT_ZEROS};
    config.batch_size = 5;
    int noisy = 0;
    for (uint32_t seed = 0; seed < 50; seed++) {
        config.seed = seed;
        const Verdict verdict = train(&config, &rows);
        assert_true(verdict == VERDICT_NOISY || verdict == VERDICT_FALLING ||
                    verdict == VERDICT_RISING);
        noisy += verdict == VERDICT_NOISY;
    }
    assert_true(noisy >=
                48); /* three standard errors and 14 degrees of freedom: one in a hundred */
    config.optimizer.learning_rate = 1e-4;
    for (uint32_t seed = 0; seed < 20; seed++) {
        config.seed = seed;
        config.epochs = 50;
        assert_verdict(train(&config, &rows), VERDICT_FALLING);
    }
    dataset_destroy(&rows);
}

/* Dropout is chance too, with a full batch. */
static void only_chance_can_be_noisy(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    static const double rates[] = {0.003, 0.03, 0.3, 1, 3, 10, 30, 100};
    int seen[VERDICT_COUNT] = {0}, dropped[VERDICT_COUNT] = {0};
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
        TrainerConfig config = small_trial_config(4, 9, 3);
        config.optimizer.learning_rate = rates[r];
        config.epochs = 300;
        seen[train(&config, &rows)]++;
        config.network.dropout = 0.5;
        dropped[train(&config, &rows)]++;
    }
    assert_int_equal(seen[VERDICT_NOISY], 0);
    assert_true(seen[VERDICT_OSCILLATING] > 0 && seen[VERDICT_FALLING] > 0);
    assert_int_equal(dropped[VERDICT_OSCILLATING], 0);
    assert_true(dropped[VERDICT_NOISY] > 0);
    dataset_destroy(&rows);
}

static void patience_stops_early(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(60, 4, 3, 1), val = small_trial_rows(60, 4, 3, 2);
    TrainerConfig config = small_trial_config(4, 9, 3);
    config.batch_size = 7;
    config.optimizer.learning_rate = 0.5;
    config.epochs = 200;
    config.patience = 5;
    SmallTrial trial = small_trial_run(&config, &rows, &val, NULL, &team_serial, NULL, NULL, 0);
    assert_true(trial.result.epochs_run < 200);
    assert_verdict(trial.result.verdict, VERDICT_STOPPED_EARLY);
    small_trial_destroy(&trial);
    /* patience that does not run out says nothing */
    config.patience = 1000;
    config.epochs = 20;
    config.optimizer.learning_rate = 0.01;
    trial = small_trial_run(&config, &rows, &val, NULL, &team_serial, NULL, NULL, 0);
    assert_verdict(trial.result.verdict, VERDICT_FALLING);
    small_trial_destroy(&trial);
    dataset_destroy(&rows);
    dataset_destroy(&val);
}

/* At this rate w - 1 grows by a factor of -1000 an epoch, whose square overflows in float32 in the
 * seventh; after ten the schedule makes the step 1000 times smaller, and w comes back: a training
 * that is recorded seldom looks as if it were well. */
static void divergence_does_not_depend_on_what_is_recorded(void **state) {
    (void)state;
    Dataset rows = line();
    const double first = 0;
    TrainerConfig config = line_config(500.5, 100, &first);
    config.schedule = (ScheduleConfig){.kind = SCHEDULE_STEP, .every = 10, .factor = 1e-3};
    static const int64_t every[] = {1, 2, 5, 50, 1000};
    for (int dtype = 0; dtype < DTYPE_COUNT; dtype++) {
        config.dtype = (Dtype)dtype;
        for (size_t e = 0; e < sizeof every / sizeof *every; e++) {
            config.record_every = every[e];
            SmallTrial trial = small_trial_train(&config, &rows);
            const bool overflows = dtype == DTYPE_FLOAT32;
            assert_verdict(trial.result.verdict, overflows ? VERDICT_DIVERGED : VERDICT_CONVERGED);
            assert_int_equal(trial.result.epochs_run, overflows ? 7 : 100);
            small_trial_destroy(&trial);
        }
    }
    dataset_destroy(&rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parabola_ends_in_every_way),
        cmocka_unit_test(a_schedule_that_ends_at_its_floor_stopped_the_training),
        cmocka_unit_test(minibatches_are_noisy_where_they_are_level),
        cmocka_unit_test(only_chance_can_be_noisy),
        cmocka_unit_test(patience_stops_early),
        cmocka_unit_test(divergence_does_not_depend_on_what_is_recorded),
    };
    return cmocka_run_group_tests_name("verdict_training", tests, NULL, NULL);
}
