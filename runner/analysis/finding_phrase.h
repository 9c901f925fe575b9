/* Parts of the sentences on a finding: how its values, numbers and other axes are called. */
#ifndef RUNNER_ANALYSIS_FINDING_PHRASE_H
#define RUNNER_ANALYSIS_FINDING_PHRASE_H

#include "core/base/text.h"
#include "runner/analysis/finding.h"

/* "mean test loss", "mean best test loss"; "test loss" of one repeat. */
void finding_phrase_metric(char *text, size_t size, const Summary *summary);

/* "one", "two" ... "twelve", "13". */
void finding_phrase_count(char *text, size_t size, int64_t count);

/* "25 training points", "two hidden layers"; the value with that index. */
void finding_phrase_value(char *text, size_t size, const Summary *summary,
                          const FindingAxis *finding, int32_t value);

/* The same where a value of the axis was named just before: "800". `named`: what is to be known
 * of it; false for the first. */
void finding_phrase_next(char *text, size_t size, const Summary *summary,
                         const FindingAxis *finding, int32_t value, bool *named);

/* "values of learning rate", "networks", "depths": what the axis has several of. */
void finding_phrase_kind(char *text, size_t size, const Summary *summary,
                         const FindingAxis *finding);

/* Whether a network without hidden layers, on these data, is a straight line. */
bool finding_phrase_is_straight(const Summary *summary, int64_t group);

/* ", averaged over dropout and batch norm; everything else as in the best setting: learning rate
 * 0.1": what becomes of the other axes; or "". */
void finding_phrase_others(Text *out, const Summary *summary, const FindingAxis *finding);

/* "0.093 (95 % interval 0.088 to 0.098, 10 repeats)", "98.5 % (...)"; says so where there is no
 * interval. */
void finding_phrase_interval(char *text, size_t size, Metric metric, const Interval *interval,
                             bool folds);

/* "0.012 (95 % interval 0.004 to 0.020; Wilcoxon p = 0.002)", accuracies in points. `few`: no p. */
void finding_phrase_change(char *text, size_t size, Metric metric, const Comparison *comparison,
                           bool few);

/* "fold" or "repeat", "folds" or "repeats". */
const char *finding_phrase_replicate(const Summary *summary, bool many);

#endif
