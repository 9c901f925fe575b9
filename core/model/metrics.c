/* One row for each metric; everything else is read from the table. */
#include "core/model/metrics.h"

#include <assert.h>
#include <math.h>
#include <string.h>

typedef enum Split { SPLIT_TRAIN, SPLIT_VAL, SPLIT_TEST } Split;
typedef enum Task { TASK_BOTH, TASK_CLASSES, TASK_NUMBERS } Task;

static const struct {
    const char *name;
    Split split;
    Task task;
    bool more_is_better;
    double low, high; /* its possible values */
} ROWS[METRIC_COUNT] = {
    [METRIC_TRAIN_OBJECTIVE] = {"train_objective", SPLIT_TRAIN, TASK_BOTH, false, 0, INFINITY},
    [METRIC_TRAIN_LOSS] = {"train_loss", SPLIT_TRAIN, TASK_BOTH, false, 0, INFINITY},
    [METRIC_TRAIN_ACCURACY] = {"train_accuracy", SPLIT_TRAIN, TASK_CLASSES, true, 0, 1},
    [METRIC_TRAIN_MSE] = {"train_mse", SPLIT_TRAIN, TASK_NUMBERS, false, 0, INFINITY},
    [METRIC_TRAIN_R2] = {"train_r2", SPLIT_TRAIN, TASK_NUMBERS, true, -INFINITY, 1},
    [METRIC_VAL_LOSS] = {"val_loss", SPLIT_VAL, TASK_BOTH, false, 0, INFINITY},
    [METRIC_VAL_ACCURACY] = {"val_accuracy", SPLIT_VAL, TASK_CLASSES, true, 0, 1},
    [METRIC_VAL_MSE] = {"val_mse", SPLIT_VAL, TASK_NUMBERS, false, 0, INFINITY},
    [METRIC_VAL_R2] = {"val_r2", SPLIT_VAL, TASK_NUMBERS, true, -INFINITY, 1},
    [METRIC_TEST_LOSS] = {"test_loss", SPLIT_TEST, TASK_BOTH, false, 0, INFINITY},
    [METRIC_TEST_ACCURACY] = {"test_accuracy", SPLIT_TEST, TASK_CLASSES, true, 0, 1},
    [METRIC_TEST_MSE] = {"test_mse", SPLIT_TEST, TASK_NUMBERS, false, 0, INFINITY},
    [METRIC_TEST_R2] = {"test_r2", SPLIT_TEST, TASK_NUMBERS, true, -INFINITY, 1},
};

const char *metrics_name(Metric metric) {
    assert(metric < METRIC_COUNT);
    return ROWS[metric].name;
}

Metric metrics_from_name(const char *name) {
    int32_t i = 0;
    while (i < METRIC_COUNT && strcmp(ROWS[i].name, name) != 0) i++;
    return (Metric)i;
}

bool metrics_more_is_better(Metric metric) {
    assert(metric < METRIC_COUNT);
    return ROWS[metric].more_is_better;
}

void metrics_range(Metric metric, double *low, double *high) {
    assert(metric < METRIC_COUNT);
    *low = ROWS[metric].low;
    *high = ROWS[metric].high;
}

MetricSet metrics_of_task(bool classes, bool val, bool test) {
    const bool present[] = {[SPLIT_TRAIN] = true, [SPLIT_VAL] = val, [SPLIT_TEST] = test};
    const Task other = classes ? TASK_NUMBERS : TASK_CLASSES;
    MetricSet set = 0;
    for (int32_t i = 0; i < METRIC_COUNT; i++) {
        if (present[ROWS[i].split] && ROWS[i].task != other) set |= UINT32_C(1) << i;
    }
    return set;
}

int32_t metrics_count(MetricSet set) {
    return __builtin_popcount(set);
}

int32_t metrics_column(MetricSet set, Metric metric) {
    assert(metric < METRIC_COUNT);
    const MetricSet bit = UINT32_C(1) << metric;
    return set & bit ? metrics_count(set & (bit - 1)) : -1;
}
