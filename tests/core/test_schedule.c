/* Schedules against their recurrences in NumPy (tests/golden/make_schedule.py). */
#include "core/model/schedule.h"

#include "tests/golden/schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_schedule_follows_its_recurrence(void **state) {
    (void)state;
    bool seen[SCHEDULE_COUNT] = {false};
    for (size_t c = 0; c < sizeof CASES / sizeof *CASES; c++) {
        seen[CASES[c].config.kind] = true;
        for (int64_t update = 0; update < CASES[c].epochs * CASES[c].updates; update++) {
            const int64_t epoch = update / CASES[c].updates;
            const double got = schedule_factor(&CASES[c].config, epoch, CASES[c].epochs, update);
            const double wanted = CASES[c].factor[update];
            // repeated multiplication rounds at each step, the formula once
            if (fabs(got - wanted) > 1e-14 * fmax(wanted, 0.01)) {
                fail_msg("case %d, update %d: %.17g, golden %.17g", (int)c, (int)update, got,
                         wanted);
            }
        }
    }
    for (int kind = 0; kind < SCHEDULE_COUNT; kind++) assert_true(seen[kind]);
}

static void a_cosine_ends_at_its_minimum_where_its_period_would_end(void **state) {
    (void)state;
    const ScheduleConfig config = {.kind = SCHEDULE_COSINE, .minimum = 0.25, .period = 10};
    assert_true(schedule_factor(&config, 0, 100, 0) == 1);
    assert_true(fabs(schedule_factor(&config, 5, 100, 0) - 0.625) < 1e-15);
    assert_true(schedule_factor(&config, 9, 100, 0) > 0.25);
    assert_true(schedule_factor(&config, 10, 100, 0) == 1); // the restart
    assert_true(schedule_factor(&(ScheduleConfig){.kind = SCHEDULE_COSINE}, 0, 0, 0) == 1);
}

static void names_stand_in_a_table_that_ends_in_null(void **state) {
    (void)state;
    static const char *const names[] = {"constant", "step", "exponential", "inverse", "cosine"};
    for (int i = 0; i < SCHEDULE_COUNT; i++) assert_string_equal(SCHEDULE_NAMES[i], names[i]);
    assert_null(SCHEDULE_NAMES[SCHEDULE_COUNT]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_schedule_follows_its_recurrence),
        cmocka_unit_test(a_cosine_ends_at_its_minimum_where_its_period_would_end),
        cmocka_unit_test(names_stand_in_a_table_that_ends_in_null),
    };
    return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
