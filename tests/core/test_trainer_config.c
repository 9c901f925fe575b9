/* Which epochs are recorded: spread ones against whole-number arithmetic (make_epochs.py), all of
 * them against a search through every epoch. */
#include "core/model/trainer_config.h"

#include "tests/golden/epochs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void epochs_are_log_spaced(void **state) {
    (void)state;
    for (size_t c = 0; c < sizeof CASES / sizeof *CASES; c++) {
        int64_t epoch[64];
        const int64_t count =
            trainer_config_spread(epoch, CASES[c].points, EPOCH_SCALE_LOG, CASES[c].epochs - 1);
        assert_int_equal(count, CASES[c].count);
        assert_memory_equal(epoch, CASES[c].epoch, (size_t)count * sizeof *epoch);
    }
}

static void epochs_are_evenly_spread(void **state) {
    (void)state;
    int64_t epoch[6];
    assert_int_equal(trainer_config_spread(epoch, 6, EPOCH_SCALE_LINEAR, 999999999), 6);
    const int64_t expected[] = {0, 200000000, 400000000, 599999999, 799999999, 999999999};
    assert_memory_equal(epoch, expected, sizeof expected);
    assert_int_equal(trainer_config_spread(epoch, 6, EPOCH_SCALE_LINEAR, 2), 3);
    for (int64_t i = 0; i < 3; i++) assert_int_equal(epoch[i], i);
    assert_int_equal(trainer_config_spread(epoch, 6, EPOCH_SCALE_LINEAR, -1), 0);
}

/* For every length: as many as asked or as there are, from 0 to the last, each only once. */
static void no_epoch_is_lost_or_met_twice(void **state) {
    (void)state;
    int64_t epoch[40];
    for (int scale = 0; scale < EPOCH_SCALE_COUNT; scale++) {
        for (int64_t epochs = 1; epochs < 300; epochs++) {
            for (int64_t points = 2; points <= 40; points++) {
                const int64_t count =
                    trainer_config_spread(epoch, points, (EpochScale)scale, epochs - 1);
                assert_int_equal(count, points < epochs ? points : epochs);
                assert_int_equal(epoch[0], 0);
                assert_int_equal(epoch[count - 1], epochs - 1);
                for (int64_t i = 1; i < count; i++) assert_true(epoch[i] > epoch[i - 1]);
            }
        }
    }
}

static bool is_in(const int64_t *list, int64_t count, int64_t epoch) {
    for (int64_t i = 0; i < count; i++) {
        if (list[i] == epoch) return true;
    }
    return false;
}

static void recorded_epochs_are_the_union(void **state) {
    (void)state;
    static const int64_t also[] = {0, 3, 10, 77, 300};
    static const int64_t every[] = {0, 1, 7, 500}, points[] = {0, 2, 9, 60};
    int64_t spread[60], snapshot[60], epoch[200];
    for (int e = 0; e < 4; e++) {
        for (int p = 0; p < 4; p++) {
            for (int s = 0; s < 4; s++) {
                for (int64_t epochs = 0; epochs < 130; epochs += 1 + epochs / 9) {
                    const TrainerConfig config = {.epochs = epochs,
                                                  .record_every = every[e],
                                                  .record_points = points[p],
                                                  .snapshots = points[s],
                                                  .record_also = also,
                                                  .record_also_count = p == 0 ? 0 : 5};
                    const int64_t last = epochs - 1;
                    const int64_t a =
                        trainer_config_spread(spread, points[p], EPOCH_SCALE_LOG, last);
                    const int64_t b =
                        trainer_config_spread(snapshot, points[s], EPOCH_SCALE_LOG, last);
                    const int64_t count = trainer_config_recorded(&config, 200, epoch);
                    assert_int_equal(trainer_config_recorded(&config, 200, NULL), count);
                    int64_t found = 0;
                    for (int64_t i = 0; i < epochs; i++) {
                        const bool wanted = (every[e] > 0 && i % every[e] == 0) || i == last ||
                                            is_in(also, config.record_also_count, i) ||
                                            is_in(spread, a, i) || is_in(snapshot, b, i);
                        if (wanted) assert_int_equal(epoch[found++], i);
                    }
                    assert_int_equal(found, count);
                }
            }
        }
    }
}

static void updates_may_end_it_before_the_epochs_do(void **state) {
    (void)state;
    int64_t epoch[8];
    const TrainerConfig config = {
        .epochs = 1000, .steps = 45, .batch_size = 10, .record_points = 3};
    assert_int_equal(trainer_config_recorded(&config, 100, epoch), 3);
    assert_int_equal(epoch[2], 4); /* 45 updates, 10 an epoch */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(epochs_are_log_spaced),
        cmocka_unit_test(epochs_are_evenly_spread),
        cmocka_unit_test(no_epoch_is_lost_or_met_twice),
        cmocka_unit_test(recorded_epochs_are_the_union),
        cmocka_unit_test(updates_may_end_it_before_the_epochs_do),
    };
    return cmocka_run_group_tests_name("trainer_config", tests, NULL, NULL);
}
