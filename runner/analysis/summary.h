/* The trials of a results file gathered by setting: what every table, figure and sentence of a
 * report is made from.
 *
 * A group is a setting; its replicates are its repeats, or its folds where there is one repeat
 * only. With both, the folds of a repeat are averaged first: they share their training rows and are
 * no independent evidence. An axis is what the experiment varies: a grid key, or keys that move
 * together. */
#ifndef RUNNER_ANALYSIS_SUMMARY_H
#define RUNNER_ANALYSIS_SUMMARY_H

#include "core/base/pool.h"
#include "runner/analysis/statistics.h"
#include "runner/experiment/spec.h"
#include "runner/store/store.h"

#define SUMMARY_AXES 16 /* more are left out of figures */
#define SUMMARY_ZIP  8  /* keys of one axis */

typedef enum SummaryScale { SUMMARY_LINEAR, SUMMARY_LOG, SUMMARY_CATEGORY } SummaryScale;

typedef struct SummaryAxis {
    const char *name;       /* "hidden", "activation+init" */
    KeyId key[SUMMARY_ZIP]; /* those that distinguish its values */
    int32_t keys;
    KeyId other[SUMMARY_ZIP]; /* keys that move with these and add nothing */
    int32_t others;
    int64_t *group; /* count: the first group that has the value */
    /* distinct values, ascending where they are numbers, else as the experiment lists them */
    int32_t count;
    const char **label; /* count: "20", "tanh relu"; text from the experiment, so data */
    double *number;     /* count: on its scale; 0, 1, 2 ... for categories */
    SummaryScale scale;
    bool ordered; /* the values are numbers, whatever the scale */
} SummaryAxis;

typedef struct SummaryGroup {
    int64_t setting;
    int64_t start, trials; /* its range of Summary.trial, by repeat, then fold */
    int64_t parameters;
    int32_t verdict[VERDICT_COUNT], failed;
    bool complete;   /* every trial has a finite value of the metric */
    Interval metric; /* over the replicates that have one; with folds, see summary_interval() */
} SummaryGroup;

typedef struct Summary {
    const Results *results; /* borrowed, as spec */
    const Spec *spec;
    Metric metric;
    SpecAt at;
    bool maximize;
    bool folds; /* the replicates are folds */
    int32_t replicates;
    int64_t groups;
    SummaryGroup *group; /* in order of setting */
    int64_t *trial;      /* trial numbers, group by group */
    int32_t axes;
    SummaryAxis axis[SUMMARY_AXES];
    int32_t *value;    /* groups x axes: index of its value on that axis */
    int32_t size_axis; /* the axis with `hidden`, or -1 */
    /* what a curve is drawn against: size_axis, else the scale with most values; -1: none */
    int32_t sweep_axis;
    int64_t best;     /* group with the best mean, complete ones first; -1: none has a value */
    int64_t smallest; /* fewest parameters within one standard error of the best; -1 without one */
    int64_t *ranked; /* groups, best first; those with fewer trials without a value before others */
    double *scratch; /* 2 x replicates, for the functions below */
    Pool pool;
} Summary;

/* Groups and judges. `results` and `spec` must outlive it. */
MUST_CHECK bool summary_create(Summary *summary, const Results *results, const Spec *spec,
                               Error *err);
void summary_destroy(Summary *summary);

/* The column of a metric, final or best; NULL where it is not recorded. */
const double *summary_column(const Summary *summary, Metric metric, SpecAt at);

/* The replicates' values of a group: out[0..replicates), NaN where there is none. `column` as
 * above, per trial. */
void summary_values(const Summary *summary, int64_t group, const double *column, double *out);

/* The same as losses, where lower is better: values with a minus where `more` is better, INFINITY
 * where a trial of the replicate diverged or its value is not finite, NaN where one failed or is
 * not there. */
void summary_losses(const Summary *summary, int64_t group, const double *column, bool more,
                    double *out);

/* Mean and interval over the finite ones, of folds with Nadeau and Bengio's variance; of
 * `column`'s metric, so cut to what that can be (metrics_range()). */
Interval summary_interval(const Summary *summary, int64_t group, const double *column);

/* The same of n finite values that were made from such a column, means over settings for one. */
Interval summary_interval_of(const Summary *summary, const double *column, const double *x,
                             int64_t n);

/* a - b, replicate by replicate: interval of the differences and Wilcoxon's p; of folds, whose
 * training rows overlap, that of the corrected t (resampling.h). NaN where nothing differs. */
typedef struct Comparison {
    Interval difference;
    double p;
    bool folds;
} Comparison;
Comparison summary_compare(const Summary *summary, int64_t a, int64_t b, const double *column);

/* The groups along an axis that agree with `through` on all other axes: out[0..axis.count), -1
 * where there is none. */
void summary_line(const Summary *summary, int32_t axis, int64_t through, int64_t *out);

/* The trial of a group with the lowest repeat and fold. */
int64_t summary_first_trial(const Summary *summary, int64_t group);

#endif
