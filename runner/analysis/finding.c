#include "runner/analysis/finding.h"

#include <math.h>
#include <string.h>

#include "runner/analysis/labels.h"

/* A network that gets more of its training rows right (or explains more of their variance) does not
 * underfit, whatever its loss. Planted in tests/runner/test_finding.c. */
#define FITS 0.99

/* An axis in the making: its losses, what each half of the repeats chooses, and what all choose. */
typedef struct Judge {
    const Summary *summary;
    SweepLosses sweep;
    CrossfitChoice half[2], all;
    int32_t *index; /* values of the sweep: index in FindingAxis.value; -1: not on the line */
    double *spare;  /* 2 x replicates */
} Judge;

static bool judge_open(Judge *judge, const Summary *summary, int32_t axis, Error *err) {
    *judge = (Judge){.summary = summary};
    if (!sweep_losses_create(&judge->sweep, summary, axis, err)) return false;
    const Crossfit *fit = &judge->sweep.fit;
    Pool *pool = &judge->sweep.pool;
    const size_t values = (size_t)fit->values + 1, n = (size_t)fit->repeats;
    CrossfitChoice *choice[3] = {&judge->half[0], &judge->half[1], &judge->all};
    for (int32_t i = 0; i < 3; i++) {
        choice[i]->line = pool_alloc(pool, values, sizeof *choice[i]->line, err);
        TRY(choice[i]->line);
        crossfit_choose(choice[i], fit, i < 2 ? i : -1);
    }
    judge->index = pool_alloc(pool, values, sizeof *judge->index, err);
    judge->spare = pool_alloc(pool, 2 * n, sizeof *judge->spare, err);
    TRY(judge->index && judge->spare);
    return true;
fail:
    sweep_losses_destroy(&judge->sweep);
    return false;
}

/* --- values ----------------------------------------------------------------------------------- */

static double mean_of(const Judge *judge, int64_t cell, Metric metric) {
    const double *column = summary_column(judge->summary, metric, judge->summary->at);
    if (!column) return (double)NAN;
    sweep_losses_values(&judge->sweep, cell, column, judge->spare);
    return statistics_mean(judge->spare, judge->summary->replicates);
}

static FindingValue value_of(const Judge *judge, int32_t v) {
    const Summary *summary = judge->summary;
    const Crossfit *fit = &judge->sweep.fit;
    const int64_t cell = (int64_t)judge->all.line[v] * fit->values + v;
    const double *column = summary_column(summary, summary->metric, summary->at);
    double *x = judge->spare;
    int64_t n = 0;
    FindingValue value = {.number = judge->sweep.number[v],
                          .group = judge->sweep.group[cell],
                          .trials = fit->repeats};
    sweep_losses_values(&judge->sweep, cell, column, x);
    for (int32_t r = 0; r < fit->repeats; r++) {
        value.diverged += isinf(fit->loss[cell * fit->repeats + r]);
        if (isfinite(x[r])) x[n++] = x[r];
    }
    value.metric = summary_interval_of(summary, column, x, n);
    value.train = mean_of(judge, cell, labels_train_metric(summary->metric));
    return value;
}

/* The values on the line, and which of them the choices mean. */
static bool fill_values(FindingAxis *finding, Judge *judge, Pool *pool, Error *err) {
    const Crossfit *fit = &judge->sweep.fit;
    finding->value = pool_alloc(pool, (size_t)fit->values + 1, sizeof *finding->value, err);
    if (!finding->value) return false;
    for (int32_t v = 0; v < fit->values; v++) {
        judge->index[v] = -1;
        if (judge->all.line[v] < 0) continue;
        judge->index[v] = finding->values;
        finding->value[finding->values++] = value_of(judge, v);
    }
    finding->best = judge->all.best < 0 ? -1 : judge->index[judge->all.best];
    for (int32_t h = 0; h < 2; h++)
        finding->chosen[h] = judge->half[h].best < 0 ? -1 : judge->index[judge->half[h].best];
    return true;
}

/* The value of the sweep that is at an index of the line. */
static int32_t value_at(const Judge *judge, int32_t index) {
    int32_t v = 0;
    while (judge->index[v] != index) v++;
    return v;
}

/* --- comparisons ------------------------------------------------------------------------------ */

static CrossfitPair pair_of(const Judge *judge, const int32_t a[2], const int32_t b[2],
                            int32_t chosen) {
    return (CrossfitPair){
        .choice = judge->half, .a = {a[0], a[1]}, .b = {b[0], b[1]}, .chosen = chosen};
}

static bool fits(const Judge *judge, int64_t cell) {
    const double accuracy = mean_of(judge, cell, METRIC_TRAIN_ACCURACY);
    return (isnan(accuracy) ? mean_of(judge, cell, METRIC_TRAIN_R2) : accuracy) > FITS;
}

/* `value`: the one that the page names, of what the halves compare. */
static FindingEnd test_end(const Judge *judge, const FindingAxis *finding, const CrossfitPair *pair,
                           int32_t value) {
    const Crossfit *fit = &judge->sweep.fit;
    FindingEnd end = {.value = value};
    end.metric = crossfit_test(fit, pair, fit->loss, judge->spare);
    end.p = end.metric.loss.p;
    if (judge->sweep.train) end.train = crossfit_test(fit, pair, judge->sweep.train, judge->spare);
    end.diverged =
        finding->value[value].diverged > 0 && finding->value[finding->best].diverged == 0;
    const int32_t v = value_at(judge, value);
    end.fits = fits(judge, (int64_t)judge->all.line[v] * fit->values + v);
    return end;
}

/* Corrects the p of the ends for each other, and decides. A single comparison that rests on a
 * choice counts twice: both its sides are looked at, by halves that have something in common. */
static void decide_ends(FindingAxis *finding, const Crossfit *fit, const CrossfitPair *first) {
    FindingEnd *end[2] = {&finding->small, &finding->large};
    double p[3];
    for (int32_t i = 0; i < 2; i++) p[i] = end[i]->value < 0 ? (double)NAN : end[i]->p;
    p[2] = finding->rest_p;
    for (int32_t i = 0; i < 3; i++) finding->comparisons += !isnan(p[i]);
    if (finding->comparisons < 2)
        finding->comparisons = crossfit_is_chosen(fit, first) && !fit->folds ? 2 : 1;
    statistics_holm(p, 3);
    if (isnan(p[1]) && isnan(p[2]) && !isnan(p[0])) p[0] = fmin(1, finding->comparisons * p[0]);
    finding->rest_p = p[2];
    for (int32_t i = 0; i < 2; i++) {
        if (end[i]->value < 0) continue;
        end[i]->p = p[i];
        end[i]->worse =
            end[i]->diverged || crossfit_shown(&end[i]->metric, p[i], finding->comparisons, 1);
        end[i]->train_worse =
            end[i]->diverged || crossfit_shown(&end[i]->train, end[i]->train.loss.p, 1, 1);
        if (end[i]->worse || fit->folds) continue;
        const int32_t needed = crossfit_repeats_needed(&end[i]->metric, finding->comparisons);
        end[i]->repeats = needed > fit->repeats ? needed : 0;
    }
}

/* The ends against the best; where the best is an end itself, the best of the rest against it. */
static void judge_numbers(FindingAxis *finding, Judge *judge) {
    const Crossfit *fit = &judge->sweep.fit;
    const int32_t last = finding->values - 1;
    const int32_t best[2] = {judge->half[0].best, judge->half[1].best};
    const int32_t at[2] = {value_at(judge, 0), value_at(judge, last)};
    CrossfitPair pair[2];
    FindingEnd *end[2] = {&finding->small, &finding->large};
    for (int32_t i = 0; i < 2; i++) {
        const int32_t a[2] = {at[i], at[i]};
        pair[i] = pair_of(judge, a, best, 1);
        if (finding->best == (i == 0 ? 0 : last)) continue;
        *end[i] = test_end(judge, finding, &pair[i], i == 0 ? 0 : last);
    }
    if (finding->best == 0 || finding->best == last) {
        const int32_t v = at[finding->best == 0 ? 0 : 1], b[2] = {v, v};
        int32_t rest[2];
        for (int32_t h = 0; h < 2; h++) rest[h] = crossfit_best_but(&judge->half[h], fit, h, v);
        const CrossfitPair against = pair_of(judge, rest, b, 1);
        finding->rest = crossfit_test(fit, &against, fit->loss, judge->spare);
        finding->rest_p = finding->rest.loss.p;
    }
    decide_ends(finding, fit, &pair[0]);
    const bool alone = finding->chosen[0] == finding->best && finding->chosen[1] == finding->best &&
                       crossfit_shown(&finding->rest, finding->rest_p, finding->comparisons, 1);
    const bool small = finding->small.worse, large = finding->large.worse;
    finding->claim = small && large                            ? FINDING_BETWEEN
                     : small && alone && finding->best == last ? FINDING_MORE
                     : large && alone && finding->best == 0    ? FINDING_LESS
                     : small                                   ? FINDING_SMALL
                     : large                                   ? FINDING_LARGE
                                                               : FINDING_SAME;
}

/* The second best and the worst against the best. */
static void judge_words(FindingAxis *finding, Judge *judge) {
    const CrossfitChoice *half = judge->half;
    const int32_t best[2] = {half[0].best, half[1].best};
    const int32_t second[2] = {half[0].second, half[1].second};
    const int32_t worst[2] = {half[0].worst, half[1].worst};
    const CrossfitPair small = pair_of(judge, second, best, 2),
                       large = pair_of(judge, worst, best, 2);
    finding->small = test_end(judge, finding, &small, judge->index[judge->all.second]);
    finding->large = test_end(judge, finding, &large, judge->index[judge->all.worst]);
    finding->rest_p = 1; /* three values are chosen, which could be compared in three ways */
    decide_ends(finding, &judge->sweep.fit, &small);
    const bool alone = finding->chosen[0] == finding->best && finding->chosen[1] == finding->best;
    finding->claim = finding->small.worse && alone                  ? FINDING_ONE
                     : finding->small.worse || finding->large.worse ? FINDING_SOME
                                                                    : FINDING_SAME;
}

/* Two values, the other against the best; of data, the smallest against the largest. */
static void judge_two(FindingAxis *finding, Judge *judge) {
    const bool data = finding->kind == SWEEP_DATA;
    const int32_t last = finding->values - 1;
    const int32_t first = data ? 0 : 1 - finding->best, second = data ? last : finding->best;
    const int32_t v = value_at(judge, first), w = value_at(judge, second);
    const int32_t a[2] = {v, v}, b[2] = {w, w};
    const CrossfitPair pair = pair_of(judge, a, b, 0);
    finding->small = test_end(judge, finding, &pair, first);
    if (data) finding->small.diverged = false;
    decide_ends(finding, &judge->sweep.fit, &pair);
    const FindingEnd *end = &finding->small;
    if (!data) {
        finding->claim = end->worse ? FINDING_ONE : FINDING_SAME;
        return;
    }
    const bool worse = crossfit_shown(&end->metric, end->p, finding->comparisons, 1),
               better = crossfit_shown(&end->metric, end->p, finding->comparisons, -1);
    finding->claim = !worse && !better                   ? FINDING_SAME
                     : worse == judge->summary->maximize ? FINDING_RISES
                                                         : FINDING_FALLS;
}

/* What the claim says of sizes. */
static void judge_sizes(FindingAxis *finding) {
    const FindingEnd *small = &finding->small, *large = &finding->large;
    if (!finding->sizes) return;
    if (finding->values == 2) { /* the one that is not the best */
        small = finding->best == 1 ? &finding->small : NULL;
        large = finding->best == 0 ? &finding->small : NULL;
    }
    finding->underfits = small && small->value >= 0 && small->worse && !small->diverged &&
                         small->train_worse && !small->fits;
    finding->overfits = large && large->value >= 0 && large->worse && !large->diverged &&
                        large->train.pairs > 0 && !large->train_worse &&
                        large->train.infinite == 0 && large->train.loss.difference.mean <= 0;
}

/* How far the worst value is from the best, repeat by repeat. */
static bool measure_effect(FindingAxis *finding, Judge *judge, Pool *pool, Error *err) {
    const Crossfit *fit = &judge->sweep.fit;
    const int32_t best[2] = {judge->half[0].best, judge->half[1].best};
    const int32_t worst[2] = {judge->half[0].worst, judge->half[1].worst};
    const CrossfitPair pair = pair_of(judge, worst, best, 2);
    const CrossfitTest test = crossfit_test(fit, &pair, fit->loss, judge->spare);
    if (test.loss.difference.n < fit->repeats) return true;
    finding->effect = pool_alloc(pool, (size_t)fit->repeats, sizeof *finding->effect, err);
    if (!finding->effect) return false;
    memcpy(finding->effect, judge->spare + fit->repeats,
           (size_t)fit->repeats * sizeof *finding->effect);
    finding->mean_effect = test.loss.difference.mean;
    return true;
}

/* Fewer than two values on the line: there is nothing to say. */
static bool judge_axis(FindingAxis *finding, const Summary *summary, int32_t axis, Pool *pool,
                       Error *err) {
    Judge judge;
    *finding = (FindingAxis){.axis = axis,
                             .best = -1,
                             .small = {.value = -1},
                             .large = {.value = -1},
                             .rest_p = (double)NAN};
    if (!judge_open(&judge, summary, axis, err)) return false;
    finding->kind = judge.sweep.kind;
    finding->sizes = axis == summary->size_axis &&
                     (finding->kind == SWEEP_NUMBERS || finding->kind == SWEEP_PAIR) &&
                     labels_train_metric(summary->metric) < METRIC_COUNT;
    memcpy(finding->averaged, judge.sweep.averaged, sizeof finding->averaged);
    TRY(fill_values(finding, &judge, pool, err));
    if (summary->replicates == 1 && finding->kind != SWEEP_NUMBERS && judge.all.worst >= 0)
        finding->large.value = judge.index[judge.all.worst];
    if (finding->values >= 2 && finding->best >= 0 && summary->replicates > 1) {
        if (finding->kind == SWEEP_DATA || finding->values == 2)
            judge_two(finding, &judge);
        else if (finding->kind == SWEEP_NUMBERS)
            judge_numbers(finding, &judge);
        else
            judge_words(finding, &judge);
        judge_sizes(finding);
        if (!sweep_losses_is_data(&summary->axis[axis]))
            TRY(measure_effect(finding, &judge, pool, err));
    }
    sweep_losses_destroy(&judge.sweep);
    return true;
fail:
    sweep_losses_destroy(&judge.sweep);
    return false;
}

/* --- several axes ----------------------------------------------------------------------------- */

/* With two axes, what the second one, of two values, does at the ends of the first. */
static bool judge_cross(Finding *finding, const Summary *summary, Error *err) {
    const int32_t sweep = finding->main.axis, second = 1 - sweep;
    if (summary->axes != 2 || summary->axis[second].count != 2) return true;
    const double *column = summary_column(summary, summary->metric, summary->at);
    const int32_t count = summary->axis[sweep].count;
    int64_t *low = pool_alloc(&finding->pool, (size_t)count, sizeof *low, err);
    int64_t *high = pool_alloc(&finding->pool, (size_t)count, sizeof *high, err);
    if (!low || !high) return false;
    const int64_t *ends[2] = {low, high};
    int64_t through[2] = {-1, -1};
    for (int64_t g = 0; g < summary->groups; g++)
        through[summary->value[g * SUMMARY_AXES + second]] = g;
    if (through[0] < 0 || through[1] < 0) return true;
    summary_line(summary, sweep, through[0], low);
    summary_line(summary, sweep, through[1], high);
    for (int32_t end = 0; end < 2; end++) {
        const int32_t v = end == 0 ? 0 : count - 1;
        if (ends[0][v] < 0 || ends[1][v] < 0) continue;
        const FindingCross cross = {low[v], high[v],
                                    summary_compare(summary, high[v], low[v], column)};
        if (cross.difference.difference.n >= 2) finding->cross[finding->crosses++] = cross;
    }
    return true;
}

/* Whether the effect of the main axis is shown to be larger than that of any other. */
static bool judge_importance(Finding *finding, const Summary *summary, const FindingAxis *axis,
                             int32_t axes, Error *err) {
    const FindingAxis *next = NULL;
    const size_t n = (size_t)summary->replicates;
    bool largest = true;
    finding->competing = 0;
    for (int32_t a = 0; a < axes; a++) {
        if (!axis[a].effect) continue;
        finding->competing++;
        if (axis[a].axis == finding->main.axis) continue;
        largest = largest && axis[a].mean_effect < finding->main.mean_effect;
        if (!next || axis[a].mean_effect > next->mean_effect) next = &axis[a];
    }
    if (!finding->main.effect || !next || !largest || finding->main.claim == FINDING_SAME)
        return true;
    double *both = pool_alloc(&finding->pool, 4 * n, sizeof *both, err);
    if (!both) return false;
    memcpy(both, finding->main.effect, n * sizeof *both);
    memcpy(both + n, next->effect, n * sizeof *both);
    int32_t line[2] = {0, 0};
    const CrossfitChoice same[2] = {{.line = line}, {.line = line}};
    const Crossfit fit = {.loss = both,
                          .lines = finding->competing,
                          .values = 2,
                          .repeats = summary->replicates,
                          .folds = summary->folds};
    const CrossfitPair pair = {.choice = same, .a = {0, 0}, .b = {1, 1}, .chosen = 2};
    const CrossfitTest test = crossfit_test(&fit, &pair, both, both + 2 * n);
    const int32_t others = finding->competing - 1;
    finding->has_largest_effect = crossfit_shown(&test, test.loss.p * others, others, 1);
    return true;
}

/* The smallest corrected p of what an axis is found to do; 1 where it is nothing. */
static double strength(const FindingAxis *axis) {
    double p = 1;
    if (axis->claim == FINDING_SAME) return 1;
    if (axis->small.value >= 0 && !isnan(axis->small.p)) p = fmin(p, axis->small.p);
    if (axis->large.value >= 0 && !isnan(axis->large.p)) p = fmin(p, axis->large.p);
    return p;
}

/* What the figure shows is what the headline is about, unless nothing is found there and something
 * is along another axis, clearly and after correction for having looked at all of them. */
#define ANOTHER 0.01

static int32_t choose_main(const Summary *summary, const FindingAxis *axis, int32_t axes) {
    int32_t main = 0;
    for (int32_t a = 0; a < axes; a++)
        if (axis[a].axis == summary->sweep_axis) main = a;
    if (axis[main].claim != FINDING_SAME && axis[main].values >= 2) return main;
    int32_t best = main;
    for (int32_t a = 0; a < axes; a++) {
        if (strength(&axis[a]) * axes >= ANOTHER) continue;
        if (best == main || axis[a].mean_effect > axis[best].mean_effect) best = a;
    }
    return best;
}

static bool judge_axes(Finding *finding, const Summary *summary, Error *err) {
    FindingAxis axis[SUMMARY_AXES];
    for (int32_t a = 0; a < summary->axes; a++)
        if (!judge_axis(&axis[a], summary, a, &finding->pool, err)) return false;
    const int32_t main = choose_main(summary, axis, summary->axes);
    finding->main = axis[main];
    if (finding->main.values < 2 || finding->main.best < 0 || axis[main].kind == SWEEP_TASKS) {
        finding->kind = FINDING_SETTINGS;
        return true;
    }
    if (summary->replicates == 1) {
        finding->kind = FINDING_UNTESTED;
        return true;
    }
    finding->kind = FINDING_AXIS;
    for (int32_t a = 0; a < summary->axes && finding->others < FINDING_OTHERS; a++) {
        if (a == main || axis[a].values < 2 || axis[a].best < 0 || axis[a].kind == SWEEP_TASKS)
            continue;
        finding->other[finding->others++] = axis[a];
    }
    return judge_importance(finding, summary, axis, summary->axes, err) &&
           judge_cross(finding, summary, err);
}

/* Several settings that share the best mean. */
static bool is_tied(const Summary *summary) {
    const SummaryGroup *best = &summary->group[summary->best],
                       *next = &summary->group[summary->ranked[1]];
    return next->complete == best->complete && next->metric.n > 0 &&
           next->metric.mean == best->metric.mean;
}

static bool only_tasks(const Summary *summary) {
    for (int32_t a = 0; a < summary->axes; a++)
        if (sweep_losses_kind(summary, a) != SWEEP_TASKS) return false;
    return summary->axes > 0;
}

bool finding_make(Finding *finding, const Summary *summary, Error *err) {
    *finding = (Finding){0};
    TRY(starts_count(&finding->starts, summary, &finding->pool, err));
    const SummaryGroup *best = summary->best < 0 ? NULL : &summary->group[summary->best];
    if (!best)
        finding->kind = FINDING_NOTHING;
    else if (finding->starts.networks > 0)
        finding->kind = FINDING_STARTS;
    else if (summary->groups == 1)
        finding->kind = FINDING_SINGLE;
    else if (only_tasks(summary))
        finding->kind = FINDING_TASKS;
    else if (!best->complete && best->verdict[VERDICT_DIVERGED] > 0)
        finding->kind = FINDING_UNSTABLE;
    else if (summary->axes == 0 || !best->complete)
        finding->kind = FINDING_SETTINGS;
    else
        TRY(judge_axes(finding, summary, err));
    if (finding->kind == FINDING_AXIS && finding->main.claim == FINDING_SAME && is_tied(summary))
        finding->kind = FINDING_SETTINGS;
    return true;
fail:
    finding_destroy(finding);
    return false;
}

bool finding_shown(const Comparison *c) {
    return c->difference.n >= 2 && c->difference.low > 0 &&
           (c->difference.n < FINDING_WILCOXON_FROM || c->p < 0.05);
}

void finding_destroy(Finding *finding) {
    pool_destroy(&finding->pool);
    *finding = (Finding){0};
}
