/* Values of the groups of a summary, and comparisons between them. */
#include <math.h>

#include "runner/analysis/resampling.h"
#include "runner/analysis/summary.h"

/* Of K folds, one is tested and K - 1 are trained on. */
static Interval interval_of(const Summary *summary, const double *x, int64_t n) {
    return !summary->folds ? statistics_interval(x, n)
                           : resampling_folds(x, n, summary->replicates - 1, 1);
}

int64_t summary_first_trial(const Summary *summary, int64_t group) {
    return summary->trial[summary->group[group].start];
}

const double *summary_column(const Summary *summary, Metric metric, SpecAt at) {
    if (metric >= METRIC_COUNT) return NULL;
    return at == SPEC_AT_BEST ? summary->results->best[metric] : summary->results->final[metric];
}

void summary_values(const Summary *summary, int64_t group, const double *column, double *out) {
    const SummaryGroup *g = &summary->group[group];
    const Results *results = summary->results;
    double *count = summary->scratch + 2 * summary->replicates;
    for (int32_t r = 0; r < summary->replicates; r++) out[r] = count[r] = 0;
    for (int64_t i = g->start; i < g->start + g->trials; i++) {
        const int64_t t = summary->trial[i];
        const int32_t r = summary->folds ? results->fold[t] : results->repeat[t];
        out[r] += results->status[t] == TRIAL_DONE ? column[t] : (double)NAN;
        count[r]++;
    }
    for (int32_t r = 0; r < summary->replicates; r++) {
        out[r] /= count[r]; /* 0/0 is the NaN of a missing replicate */
        if (!isfinite(out[r])) out[r] = (double)NAN;
    }
}

void summary_losses(const Summary *summary, int64_t group, const double *column, bool more,
                    double *out) {
    const SummaryGroup *g = &summary->group[group];
    const Results *results = summary->results;
    double *count = summary->scratch + 2 * summary->replicates;
    for (int32_t r = 0; r < summary->replicates; r++) out[r] = count[r] = 0;
    for (int64_t i = g->start; i < g->start + g->trials; i++) {
        const int64_t t = summary->trial[i];
        const int32_t r = summary->folds ? results->fold[t] : results->repeat[t];
        count[r]++;
        if (results->status[t] == TRIAL_FAILED)
            out[r] = (double)NAN;
        else if (results->status[t] == TRIAL_DONE && isfinite(column[t]))
            out[r] += more ? -column[t] : column[t];
        else
            out[r] += (double)INFINITY;
    }
    for (int32_t r = 0; r < summary->replicates; r++) out[r] /= count[r];
}

static int64_t drop_gaps(double *x, int64_t n) {
    int64_t kept = 0;
    for (int64_t i = 0; i < n; i++)
        if (isfinite(x[i])) x[kept++] = x[i];
    return kept;
}

Interval summary_interval_of(const Summary *summary, const double *column, const double *x,
                             int64_t n) {
    Interval interval = interval_of(summary, x, n);
    for (Metric m = 0; m < METRIC_COUNT; m++) {
        double low, high;
        if (column != summary->results->final[m] && column != summary->results->best[m]) continue;
        metrics_range(m, &low, &high);
        statistics_cut(&interval, low, high);
    }
    return interval;
}

Interval summary_interval(const Summary *summary, int64_t group, const double *column) {
    double *x = summary->scratch;
    summary_values(summary, group, column, x);
    return summary_interval_of(summary, column, x, drop_gaps(x, summary->replicates));
}

Comparison summary_compare(const Summary *summary, int64_t a, int64_t b, const double *column) {
    double *x = summary->scratch, *y = x + summary->replicates;
    summary_values(summary, a, column, x);
    summary_values(summary, b, column, y);
    for (int32_t r = 0; r < summary->replicates; r++) x[r] -= y[r];
    const int64_t n = drop_gaps(x, summary->replicates);
    return (Comparison){.difference = interval_of(summary, x, n),
                        .p = summary->folds ? resampling_folds_p(x, n, summary->replicates - 1, 1)
                                            : statistics_wilcoxon(x, n),
                        .folds = summary->folds};
}

void summary_line(const Summary *summary, int32_t axis, int64_t through, int64_t *out) {
    for (int32_t i = 0; i < summary->axis[axis].count; i++) out[i] = -1;
    const int32_t *here = summary->value + through * SUMMARY_AXES;
    for (int64_t g = 0; g < summary->groups; g++) {
        const int32_t *there = summary->value + g * SUMMARY_AXES;
        bool same = true;
        for (int32_t a = 0; a < summary->axes && same; a++) same = a == axis || here[a] == there[a];
        if (same) out[there[axis]] = g;
    }
}
