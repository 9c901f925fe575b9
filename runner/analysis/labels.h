/* Words and numbers for people: what settings, axes, metrics and values are called in a report. */
#ifndef RUNNER_ANALYSIS_LABELS_H
#define RUNNER_ANALYSIS_LABELS_H

#include "runner/analysis/summary.h"

/* "hidden 3, l2 0.01": the group's values on all axes but `skip` (-1: all); "" without axes. */
void labels_setting(const Summary *summary, int64_t group, int32_t skip, char *text, size_t size);

/* The axes on which `count` groups differ; labels_setting() over those alone, or over the
 * others. */
void labels_differing(const Summary *summary, const int64_t *group, int32_t count, bool *differs);
void labels_setting_on(const Summary *summary, int64_t group, const bool *differs, bool on,
                       char *text, size_t size);

/* "7 hidden units", "no hidden layer", "activation relu", "25 training points", "AND": a value of
 * an axis in words. */
void labels_phrase(const Summary *summary, int32_t axis, int32_t value, char *text, size_t size);

/* "hidden units", "learning rate": an axis in words. */
void labels_axis_title(const SummaryAxis *axis, char *text, size_t size);

/* "test loss": a metric in words. */
const char *labels_metric_title(Metric metric);

/* train_loss for test_loss and val_loss; METRIC_COUNT where there is no counterpart. */
Metric labels_train_metric(Metric metric);

/* A number as precise as its spread deserves: two digits of the spread; four digits in all where
 * spread is NaN. */
void labels_number(char *text, size_t size, double value, double spread);

/* True for accuracies, which people read in percent. */
bool labels_is_share(Metric metric);

/* A metric's value, "98.5 %" or "0.0934", and a difference of two, "12.5 points" or "0.020"; both
 * as precise as their spread deserves, accuracies with a decimal at least. And either without its
 * unit. */
void labels_value(char *text, size_t size, Metric metric, double value, double spread);
void labels_bare(char *text, size_t size, Metric metric, double value, double spread);
void labels_change(char *text, size_t size, Metric metric, double value, double spread);

#endif
