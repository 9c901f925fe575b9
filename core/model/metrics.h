/* What is recorded of a network: names, which exist for which task, and which way is better.
 *
 * A metric belongs to one split of the data (train, val, test). Losses are per row and without
 * penalty; train_objective is what is minimized: loss with penalty, per row (see trainer.h). */
#ifndef CORE_MODEL_METRICS_H
#define CORE_MODEL_METRICS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum Metric {
    METRIC_TRAIN_OBJECTIVE,
    METRIC_TRAIN_LOSS,
    METRIC_TRAIN_ACCURACY,
    METRIC_TRAIN_MSE,
    METRIC_TRAIN_R2,
    METRIC_VAL_LOSS,
    METRIC_VAL_ACCURACY,
    METRIC_VAL_MSE,
    METRIC_VAL_R2,
    METRIC_TEST_LOSS,
    METRIC_TEST_ACCURACY,
    METRIC_TEST_MSE,
    METRIC_TEST_R2,
    METRIC_COUNT
} Metric;

/* "train_objective", ... : the name in YAML, in HDF5 and on plots. */
const char *metrics_name(Metric metric);

/* METRIC_COUNT where there is no such metric. */
Metric metrics_from_name(const char *name);

/* True for accuracy and r2, where more is better. */
bool metrics_more_is_better(Metric metric);

/* The possible values of a metric: 0 to 1 for accuracy, at most 1 for r2, at least 0 for the
 * rest. */
void metrics_range(Metric metric, double *low, double *high);

/* A set of metrics is a bit mask, bit i for Metric i; columns are in this order. */
typedef uint32_t MetricSet;

/* What a task records: accuracy for classes, mse and r2 for numbers; val and test only where there
 * are such rows. */
MetricSet metrics_of_task(bool classes, bool val, bool test);
int32_t metrics_count(MetricSet set);

/* The column of `metric` among those of `set`, or -1. */
int32_t metrics_column(MetricSet set, Metric metric);

#endif
