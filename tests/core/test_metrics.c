/* Metrics: names, sets and columns. */
#include "core/model/metrics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_name_leads_back(void **state) {
    (void)state;
    for (int i = 0; i < METRIC_COUNT; i++) {
        assert_int_equal(metrics_from_name(metrics_name((Metric)i)), i);
    }
    assert_string_equal(metrics_name(METRIC_TRAIN_OBJECTIVE), "train_objective");
    assert_string_equal(metrics_name(METRIC_TEST_R2), "test_r2");
    assert_int_equal(metrics_from_name("test_los"), METRIC_COUNT);
    assert_int_equal(metrics_from_name(""), METRIC_COUNT);
}

static void accuracy_and_r2_are_better_when_more(void **state) {
    (void)state;
    for (int i = 0; i < METRIC_COUNT; i++) {
        const char *name = metrics_name((Metric)i);
        const bool more = strstr(name, "accuracy") || strstr(name, "r2");
        assert_int_equal(metrics_more_is_better((Metric)i), more);
    }
}

static void a_metric_stays_in_its_range(void **state) {
    (void)state;
    for (int i = 0; i < METRIC_COUNT; i++) {
        const char *name = metrics_name((Metric)i);
        double low, high;
        metrics_range((Metric)i, &low, &high);
        assert_true(strstr(name, "r2") ? isinf(low) && low < 0 : low == 0);
        assert_true(strstr(name, "r2") || strstr(name, "accuracy") ? high == 1
                                                                   : isinf(high) && high > 0);
    }
}

static void a_task_records_what_it_has(void **state) {
    (void)state;
    static const struct {
        bool classes, val, test;
        const char *columns;
    } rows[] = {
        {true, false, false, "train_objective train_loss train_accuracy "},
        {true, false, true, "train_objective train_loss train_accuracy test_loss test_accuracy "},
        {true, true, false, "train_objective train_loss train_accuracy val_loss val_accuracy "},
        {false, false, true,
         "train_objective train_loss train_mse train_r2 test_loss test_mse test_r2 "},
        {false, true, true,
         "train_objective train_loss train_mse train_r2 val_loss val_mse val_r2 test_loss test_mse "
         "test_r2 "},
    };
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        const MetricSet set = metrics_of_task(rows[row].classes, rows[row].val, rows[row].test);
        char columns[256] = "";
        int32_t column = 0;
        for (int i = 0; i < METRIC_COUNT; i++) {
            const bool in = set >> i & 1;
            assert_int_equal(metrics_column(set, (Metric)i), in ? column : -1);
            if (!in) continue;
            strcat(strcat(columns, metrics_name((Metric)i)), " ");
            column++;
        }
        assert_string_equal(columns, rows[row].columns);
        assert_int_equal(metrics_count(set), column);
        assert_int_equal(set >> METRIC_COUNT, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_leads_back),
        cmocka_unit_test(accuracy_and_r2_are_better_when_more),
        cmocka_unit_test(a_metric_stays_in_its_range),
        cmocka_unit_test(a_task_records_what_it_has),
    };
    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
