/* The same bits: in a used arena, from a checkpoint, however the hooks cut the training. */
#include "core/trainer.h"

#include "tests/core/small_trial.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void the_same_training_gives_the_same_bits_in_a_used_arena(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    TrainerConfig config = small_trial_busy_config();
    config.network.batch_norm = true;
    config.network.dropout = 0.25;
    SmallTrial first = small_trial_train(&config, &rows), again = small_trial_train(&config, &rows);
    small_trial_assert_same(&first, &again);
    memset(again.arena.base, 0xff, again.arena.size);
    arena_reset(&again.arena);
    Error err = {0};
    bool stopped = false;
    assert_true(trainer_train(&again.result, &config, again.data,
                              (TrainerWorker){&again.arena, &team_serial, NULL},
                              (TrainerCheckpoint){0}, &stopped, &err));
    small_trial_assert_same(&first, &again);
    assert_true(again.arena.used <= again.arena.size);
    config.seed++;
    SmallTrial other = small_trial_train(&config, &rows);
    assert_true(memcmp(first.result.weights, other.result.weights, 8) != 0);
    small_trial_destroy(&first);
    small_trial_destroy(&again);
    small_trial_destroy(&other);
    dataset_destroy(&rows);
}

static void a_batch_of_all_rows_or_more_is_the_full_batch(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    TrainerConfig config = small_trial_busy_config();
    config.batch_size = 0;
    SmallTrial full = small_trial_train(&config, &rows);
    for (int64_t size = 100; size <= 1000; size += 450) {
        config.batch_size = size;
        SmallTrial trial = small_trial_train(&config, &rows);
        small_trial_assert_same(&full, &trial);
        small_trial_destroy(&trial);
    }
    small_trial_destroy(&full);
    dataset_destroy(&rows);
}

/* Keeps the state at the `at`-th question and stops at the next. */
typedef struct Interruption {
    int at, asked;
    void *copy;
    size_t bytes;
} Interruption;

static TrainerOrder interrupt(void *context) {
    Interruption *self = context;
    self->asked++;
    return self->asked < self->at    ? TRAINER_GO_ON
           : self->asked == self->at ? TRAINER_CHECKPOINT
                                     : TRAINER_STOP;
}

static void keep(void *context, const void *kept, size_t bytes) {
    Interruption *self = context;
    self->copy = malloc(bytes);
    assert_non_null(self->copy);
    memcpy(self->copy, kept, bytes);
    self->bytes = bytes;
}

static void check_resume(const TrainerConfig *config, const Dataset *rows, const Dataset *val) {
    SmallTrial whole = small_trial_run(config, rows, val, NULL, &team_serial, NULL, NULL, 0);
    int resumed = 0;
    for (int at = 1; at < 6; at++) {
        Interruption interruption = {.at = at};
        const TrainerHooks hooks = {
            .poll = interrupt, .checkpoint = keep, .context = &interruption};
        SmallTrial trial = small_trial_run(config, rows, val, NULL, &team_serial, &hooks, NULL, 0);
        if (!trial.stopped) { /* ended before the next question */
            small_trial_assert_same(&whole, &trial);
        }
        small_trial_destroy(&trial);
        if (!interruption.copy) break;
        trial = small_trial_run(config, rows, val, NULL, &team_serial, NULL, interruption.copy,
                                interruption.bytes);
        small_trial_assert_same(&whole, &trial);
        small_trial_destroy(&trial);
        free(interruption.copy);
        resumed++;
    }
    assert_true(resumed >= 3);
    small_trial_destroy(&whole);
}

static void a_training_goes_on_from_a_checkpoint_to_the_same_bits(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1), val = small_trial_rows(60, 4, 3, 2);
    TrainerConfig plain = small_trial_busy_config(), rich = plain, drawn = plain, patient = plain;
    rich.network.batch_norm = true;
    rich.network.dropout = 0.5;
    rich.optimizer.kind = OPTIMIZER_RMSPROP;
    rich.optimizer.momentum = 0.5;
    rich.optimizer.learning_rate = 0.01;
    rich.schedule = (ScheduleConfig){.kind = SCHEDULE_COSINE, .warmup = 100};
    rich.record_every = 4;
    rich.snapshots = 6;
    drawn.replacement = true;
    drawn.dtype = DTYPE_FLOAT32;
    drawn.optimizer.kind = OPTIMIZER_ADAM;
    drawn.init.kind = INIT_HE_NORMAL;
    patient.patience = 12;
    patient.snapshots = 9;
    patient.optimizer.learning_rate = 0.5;
    const TrainerConfig *configs[] = {&plain, &rich, &drawn, &patient};
    for (int c = 0; c < 4; c++) {
        check_resume(configs[c], &rows, NULL);
        check_resume(configs[c], &rows, &val);
    }
    dataset_destroy(&rows);
    dataset_destroy(&val);
}

static void a_hook_stops_a_training_without_an_error(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    TrainerConfig config = small_trial_busy_config();
    Interruption interruption = {.at = 0};
    const TrainerHooks hooks = {.poll = interrupt, .context = &interruption};
    SmallTrial trial = small_trial_run(&config, &rows, NULL, NULL, &team_serial, NULL, NULL, 0);
    arena_reset(&trial.arena);
    Error err = {0};
    bool stopped = false;
    assert_false(trainer_train(&trial.result, &config, trial.data,
                               (TrainerWorker){&trial.arena, &team_serial, &hooks},
                               (TrainerCheckpoint){0}, &stopped, &err));
    assert_true(stopped);
    assert_int_equal(err.kind, ERROR_NONE);
    assert_int_equal(interruption.asked, 1);
    /* a checkpoint without a hook to copy it is skipped */
    arena_reset(&trial.arena);
    interruption = (Interruption){.at = 1};
    assert_false(trainer_train(&trial.result, &config, trial.data,
                               (TrainerWorker){&trial.arena, &team_serial, &hooks},
                               (TrainerCheckpoint){0}, &stopped, &err));
    assert_true(stopped);
    assert_int_equal(interruption.asked, 2);
    small_trial_destroy(&trial);
    dataset_destroy(&rows);
}

static void count_refused(void *context) {
    ++*(int *)context;
}

/* Trains from a checkpoint in the arena of an earlier trial; how often it was refused. */
static int train_from(SmallTrial *trial, const TrainerConfig *config, const void *bytes,
                      size_t size) {
    int refused = 0;
    const TrainerHooks hooks = {.refused = count_refused, .context = &refused};
    Error err = {0};
    arena_reset(&trial->arena);
    assert_true(trainer_train(&trial->result, config, trial->data,
                              (TrainerWorker){&trial->arena, &team_serial, &hooks},
                              (TrainerCheckpoint){bytes, size}, &trial->stopped, &err));
    assert_false(trial->stopped);
    return refused;
}

/* Of a program with another layout, cut short, or made up: the training begins anew, and says so.
 */
static void a_foreign_checkpoint_is_refused(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    TrainerConfig config = small_trial_busy_config(), other = config;
    Interruption interruption = {.at = 1};
    const TrainerHooks hooks = {.poll = interrupt, .checkpoint = keep, .context = &interruption};
    SmallTrial fresh = small_trial_train(&config, &rows);
    SmallTrial trial = small_trial_run(&config, &rows, NULL, NULL, &team_serial, &hooks, NULL, 0);
    assert_true(trial.stopped);
    assert_int_equal(train_from(&trial, &config, interruption.copy, interruption.bytes), 0);
    small_trial_assert_same(&fresh, &trial);
    assert_int_equal(train_from(&trial, &config, interruption.copy, interruption.bytes - 8), 1);
    small_trial_assert_same(&fresh, &trial);
    memset(interruption.copy, 0, 8);
    assert_int_equal(train_from(&trial, &config, interruption.copy, interruption.bytes), 1);
    small_trial_assert_same(&fresh, &trial);
    free(interruption.copy);

    /* the same number of bytes, other arrays: Adagrad's sums of squares are no velocities */
    config.optimizer =
        (OptimizerConfig){.kind = OPTIMIZER_SGD, .learning_rate = 0.1, .momentum = 0.9};
    other.optimizer =
        (OptimizerConfig){.kind = OPTIMIZER_ADAGRAD, .learning_rate = 0.1, .epsilon = 1e-8};
    interruption = (Interruption){.at = 1};
    SmallTrial theirs = small_trial_run(&other, &rows, NULL, NULL, &team_serial, &hooks, NULL, 0);
    SmallTrial ours = small_trial_train(&config, &rows);
    small_trial_destroy(&fresh);
    fresh = small_trial_train(&config, &rows);
    assert_int_equal(train_from(&ours, &config, interruption.copy, interruption.bytes), 1);
    small_trial_assert_same(&fresh, &ours);
    free(interruption.copy);
    small_trial_destroy(&theirs);
    small_trial_destroy(&ours);
    small_trial_destroy(&fresh);
    small_trial_destroy(&trial);
    dataset_destroy(&rows);
}

/* Whatever eight bytes of a checkpoint are replaced by, nothing is read or written where it must
 * not be: it is refused, or the training goes on (with other numbers, if they were weights). */
static void a_made_up_checkpoint_does_no_harm(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    TrainerConfig config = small_trial_busy_config();
    Interruption interruption = {.at = 1};
    const TrainerHooks hooks = {.poll = interrupt, .checkpoint = keep, .context = &interruption};
    SmallTrial trial = small_trial_run(&config, &rows, NULL, NULL, &team_serial, &hooks, NULL, 0);
    assert_true(trial.stopped && interruption.copy);
    static const int64_t values[] = {-1, INT64_MAX, INT64_MIN, INT64_C(1) << 40, 1000000};
    unsigned char *bytes = malloc(interruption.bytes);
    assert_non_null(bytes);
    int refused = 0;
    /* the generator's 624 words are any words: few of them are tried */
    for (size_t at = 0; at + 8 <= interruption.bytes; at += at >= 8 && at < 2496 ? 311 * 8 : 8) {
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            memcpy(bytes, interruption.copy, interruption.bytes);
            memcpy(bytes + at, &values[v], 8);
            refused += train_from(&trial, &config, bytes, interruption.bytes);
        }
    }
    print_message("%d made-up checkpoints refused\n", refused);
    assert_true(refused >= 40); /* layout, position, eight counters, recorded epochs, the order */
    free(bytes);
    free(interruption.copy);
    small_trial_destroy(&trial);
    dataset_destroy(&rows);
}

static void batches_of_one_row_go_on_from_a_checkpoint_to_the_same_bits(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    TrainerConfig config = small_trial_busy_config();
    config.batch_size = 1;
    config.epochs = 300;
    config.record_every = 50;
    config.snapshots = 20;
    config.optimizer.learning_rate = 0.01;
    config.schedule = (ScheduleConfig){.kind = SCHEDULE_EXPONENTIAL, .factor = 0.99};
    check_resume(&config, &rows, NULL);
    config.steps = 29999;
    check_resume(&config, &rows, NULL);
    config.schedule.warmup = 10; /* not with those kernels */
    check_resume(&config, &rows, NULL);
    dataset_destroy(&rows);
}

/* The fourth question of the hook, after 256 updates, is in the middle of what the verdict sees. */
static void a_full_batch_goes_on_to_the_same_verdict(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    TrainerConfig config = small_trial_busy_config();
    config.batch_size = 0;
    config.epochs = 300;
    config.optimizer.learning_rate = 8;
    config.record_every = 300;
    check_resume(&config, &rows, NULL);
    SmallTrial trial = small_trial_train(&config, &rows);
    assert_int_equal(trial.result.verdict, VERDICT_OSCILLATING);
    small_trial_destroy(&trial);
    config.optimizer.learning_rate = 0.01;
    check_resume(&config, &rows, NULL);
    dataset_destroy(&rows);
}

/* At every question an epoch is pending that the next forward pass would have measured. */
static void a_full_batch_that_is_recorded_goes_on_to_the_same_bits(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1), val = small_trial_rows(60, 4, 3, 2);
    TrainerConfig config = small_trial_busy_config();
    config.batch_size = 0;
    config.epochs = 300;
    check_resume(&config, &rows, NULL);
    config.patience = 290;
    config.optimizer.kind = OPTIMIZER_ADAM;
    config.optimizer.learning_rate = 0.01;
    check_resume(&config, &rows, &val);
    config.record_every = 7;
    check_resume(&config, &rows, &val);
    dataset_destroy(&rows);
    dataset_destroy(&val);
}

/* A training that diverges in an epoch that is pending when the hook asks for its end has ended,
 * and is no interrupted one. */
static void an_end_is_an_end_however_the_hook_asks(void **state) {
    (void)state;
    Dataset rows = small_trial_rows(100, 4, 3, 1);
    TrainerConfig config = small_trial_busy_config();
    config.batch_size = 0;
    config.epochs = 300;
    config.patience = 63; /* no epoch is better than the first: the 64th ends it */
    config.min_delta = 1e300;
    Interruption interruption = {.at = 0};
    const TrainerHooks hooks = {.poll = interrupt, .context = &interruption};
    SmallTrial whole = small_trial_train(&config, &rows);
    SmallTrial asked = small_trial_run(&config, &rows, NULL, NULL, &team_serial, &hooks, NULL, 0);
    assert_int_equal(whole.result.verdict, VERDICT_STOPPED_EARLY);
    assert_int_equal(whole.result.epochs_run, 64);
    assert_int_equal(interruption.asked, 1);
    assert_false(asked.stopped);
    small_trial_assert_same(&whole, &asked);
    small_trial_destroy(&whole);
    small_trial_destroy(&asked);
    dataset_destroy(&rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_training_gives_the_same_bits_in_a_used_arena),
        cmocka_unit_test(a_batch_of_all_rows_or_more_is_the_full_batch),
        cmocka_unit_test(a_training_goes_on_from_a_checkpoint_to_the_same_bits),
        cmocka_unit_test(a_hook_stops_a_training_without_an_error),
        cmocka_unit_test(a_foreign_checkpoint_is_refused),
        cmocka_unit_test(a_made_up_checkpoint_does_no_harm),
        cmocka_unit_test(batches_of_one_row_go_on_from_a_checkpoint_to_the_same_bits),
        cmocka_unit_test(a_full_batch_goes_on_to_the_same_verdict),
        cmocka_unit_test(a_full_batch_that_is_recorded_goes_on_to_the_same_bits),
        cmocka_unit_test(an_end_is_an_end_however_the_hook_asks),
    };
    return cmocka_run_group_tests_name("resume", tests, NULL, NULL);
}
