#include "runner/analysis/finding.h"

#include <math.h>
#include <string.h>

#include "runner/analysis/labels.h"

/* The values of an axis along the line of the best setting. */
typedef struct FindingSweep {
    int32_t count;          /* values that have a complete group */
    const int32_t *value;   /* count: their index on the axis */
    const int64_t *group;   /* count */
    double *metric, *train; /* count x replicates; train NULL without a training counterpart */
    double *total;          /* count: sum of metric over the replicates */
    int32_t *chosen;        /* replicates: the value chosen without that replicate */
    int32_t *worst;         /* replicates: the worst without that replicate */
    int32_t replicates;
    double worse; /* +1: more is worse; -1: less is */
} FindingSweep;

static void choose_without_each(const FindingSweep *sweep, FindingAxis *finding) {
    const int32_t n = sweep->replicates;
    for (int32_t r = 0; r < n; r++) {
        double lowest = INFINITY, highest = -INFINITY;
        for (int32_t s = 0; s < sweep->count; s++) {
            const double rest = sweep->worse * (sweep->total[s] - sweep->metric[s * n + r]);
            if (rest < lowest) {
                lowest = rest;
                sweep->chosen[r] = s;
            }
            if (rest > highest) {
                highest = rest;
                sweep->worst[r] = s;
            }
        }
        const int32_t value = sweep->value[sweep->chosen[r]];
        if (r == 0 || value < finding->chosen_low) finding->chosen_low = value;
        if (r == 0 || value > finding->chosen_high) finding->chosen_high = value;
    }
}

/* `size`: the value that is compared, or BY_REPEAT: the one that is worst without the repeat at
 * hand. The worst of many is as unlucky as the best is lucky: named beforehand, it is "worse" in 18
 * % of simulated studies of 8 equal values and 10 repeats; chosen so, in 9 %. */
#define BY_REPEAT (-1)

static Comparison against_chosen(const FindingSweep *sweep, const double *values, int32_t size,
                                 double sign, double *spare) {
    int64_t kept = 0;
    for (int32_t r = 0; r < sweep->replicates; r++) {
        const int32_t row = size == BY_REPEAT ? sweep->worst[r] : size;
        const double d = sign * (values[row * sweep->replicates + r] -
                                 values[sweep->chosen[r] * sweep->replicates + r]);
        if (isfinite(d)) spare[kept++] = d;
    }
    return (Comparison){statistics_interval(spare, kept), statistics_wilcoxon(spare, kept)};
}

bool finding_shown(const Comparison *c) {
    return c->difference.n >= 2 && c->difference.low > 0 &&
           (c->difference.n < FINDING_WILCOXON_FROM || c->p < 0.05);
}

static FindingEnd judge(const FindingSweep *sweep, int32_t size, double train_sign, double *spare) {
    FindingEnd end = {.group = sweep->group[size == BY_REPEAT ? 0 : size]};
    end.metric = against_chosen(sweep, sweep->metric, size, sweep->worse, spare);
    end.worse = finding_shown(&end.metric);
    if (sweep->train) {
        end.train = against_chosen(sweep, sweep->train, size, train_sign, spare);
        end.train_worse = finding_shown(&end.train);
        end.train_not_worse = end.train.difference.n > 0 && end.train.difference.mean <= 0;
    }
    return end;
}

static bool fill_sweep(FindingSweep *sweep, const Summary *summary, int32_t a, Pool *pool,
                       Error *err) {
    const SummaryAxis *axis = &summary->axis[a];
    const size_t n = (size_t)summary->replicates, sizes = (size_t)axis->count;
    int64_t *group = pool_alloc(pool, sizes, sizeof *group, err);
    int32_t *value = pool_alloc(pool, sizes, sizeof *value, err);
    const Metric train = labels_train_metric(summary->metric);
    const double *column = summary_column(summary, summary->metric, summary->at);
    const double *train_column = summary_column(summary, train, summary->at);
    sweep->metric = pool_alloc(pool, sizes * n, sizeof *sweep->metric, err);
    sweep->train = !train_column ? NULL : pool_alloc(pool, sizes * n, sizeof *sweep->train, err);
    sweep->chosen = pool_alloc(pool, n, sizeof *sweep->chosen, err);
    sweep->worst = pool_alloc(pool, n, sizeof *sweep->worst, err);
    sweep->total = pool_alloc(pool, sizes, sizeof *sweep->total, err);
    if (!group || !sweep->total || !value || !sweep->metric || !sweep->chosen || !sweep->worst)
        return false;
    if (train_column && !sweep->train) return false;
    sweep->replicates = summary->replicates;
    sweep->worse = summary->maximize ? -1 : 1;
    summary_line(summary, a, summary->best, group);
    for (int32_t v = 0; v < axis->count; v++) {
        if (group[v] < 0 || !summary->group[group[v]].complete) continue;
        const size_t row = (size_t)sweep->count * n;
        summary_values(summary, group[v], column, sweep->metric + row);
        if (train_column) summary_values(summary, group[v], train_column, sweep->train + row);
        for (size_t r = 0; r < n; r++) sweep->total[sweep->count] += sweep->metric[row + r];
        value[sweep->count] = v;
        group[sweep->count] = group[v];
        sweep->count++;
    }
    sweep->group = group;
    sweep->value = value;
    return true;
}

/* Sizes that are judged by held-out data: the claim of finding.h. */
static bool is_claim(const Summary *summary, int32_t axis) {
    return axis == summary->size_axis && labels_train_metric(summary->metric) < METRIC_COUNT;
}

/* A task that is chosen from a list: which of several is easier is no finding. */
static bool is_task(const SummaryAxis *axis) {
    return axis->scale == SUMMARY_CATEGORY && strncmp(KEYS[axis->key[0]].name, "data.", 5) == 0;
}

/* The next best and the worst of the values, by their sums. */
static void rank_words(const FindingSweep *sweep, int32_t *next, int32_t *worst) {
    int32_t best = 0;
    *worst = 0;
    for (int32_t s = 1; s < sweep->count; s++) {
        if (sweep->worse * sweep->total[s] < sweep->worse * sweep->total[best]) best = s;
        if (sweep->worse * sweep->total[s] >= sweep->worse * sweep->total[*worst]) *worst = s;
    }
    *next = best == 0 ? 1 : 0;
    for (int32_t s = 0; s < sweep->count; s++) {
        if (s != best && sweep->worse * sweep->total[s] < sweep->worse * sweep->total[*next])
            *next = s;
    }
}

static FindingKind kind_of(const FindingAxis *axis, bool claim, bool words) {
    static const FindingKind claims[2][2] = {{FINDING_NEITHER, FINDING_OVERFIT},
                                             {FINDING_UNDERFIT, FINDING_BOTH}};
    static const FindingKind numbers[2][2] = {{FINDING_SAME, FINDING_LESS},
                                              {FINDING_MORE, FINDING_BETWEEN}};
    if (claim) {
        return claims[axis->small.worse && axis->small.train_worse]
                     [axis->large.worse && !axis->large.train_worse];
    }
    if (words)
        return axis->small.worse ? FINDING_ONE : axis->large.worse ? FINDING_SOME : FINDING_SAME;
    return numbers[axis->small.worse][axis->large.worse];
}

/* FINDING_SETTINGS where the axis has fewer than two complete values on the line, FINDING_UNTESTED
 * where one repeat. */
static bool judge_axis(FindingAxis *finding, const Summary *summary, int32_t a, Error *err) {
    Pool pool = {0};
    FindingSweep sweep = {0};
    const bool claim = is_claim(summary, a);
    const bool words = summary->axis[a].scale == SUMMARY_CATEGORY && a != summary->size_axis;
    *finding = (FindingAxis){.axis = a, .kind = FINDING_SETTINGS};
    TRY(fill_sweep(&sweep, summary, a, &pool, err));
    if (sweep.count >= 2 && summary->replicates == 1) {
        finding->kind = FINDING_UNTESTED;
    } else if (sweep.count >= 2) {
        double *spare = pool_alloc(&pool, (size_t)summary->replicates, sizeof *spare, err);
        TRY(spare);
        const Metric train = labels_train_metric(summary->metric);
        const double sign = train < METRIC_COUNT && metrics_more_is_better(train) ? -1 : 1;
        int32_t small = 0, large = sweep.count - 1;
        if (words) rank_words(&sweep, &small, &large);
        choose_without_each(&sweep, finding);
        finding->small = judge(&sweep, small, sign, spare);
        finding->large = judge(&sweep, words && large != small ? BY_REPEAT : large, sign, spare);
        finding->large.group = sweep.group[large];
        finding->kind = kind_of(finding, claim, words);
    }
    pool_destroy(&pool);
    return true;
fail:
    pool_destroy(&pool);
    return false;
}

/* With two axes, what the second one, of two values, does at the ends of the first. */
static bool judge_cross(Finding *finding, const Summary *summary, Error *err) {
    const int32_t sweep = finding->main.axis, second = 1 - sweep;
    if (summary->axes != 2 || summary->axis[second].count != 2) return true;
    Pool pool = {0};
    const double *column = summary_column(summary, summary->metric, summary->at);
    const int32_t count = summary->axis[sweep].count;
    int64_t *low = pool_alloc(&pool, (size_t)count, sizeof *low, err);
    int64_t *high = pool_alloc(&pool, (size_t)count, sizeof *high, err);
    if (low && high) {
        const int64_t *ends[2] = {low, high};
        int64_t through[2] = {-1, -1};
        for (int64_t g = 0; g < summary->groups; g++)
            through[summary->value[g * SUMMARY_AXES + second]] = g;
        if (through[0] >= 0) summary_line(summary, sweep, through[0], low);
        if (through[1] >= 0) summary_line(summary, sweep, through[1], high);
        for (int32_t end = 0; end < 2; end++) {
            const int32_t v = end == 0 ? 0 : count - 1;
            if (through[0] < 0 || through[1] < 0 || ends[0][v] < 0 || ends[1][v] < 0) continue;
            const FindingCross cross = {low[v], high[v],
                                        summary_compare(summary, high[v], low[v], column)};
            if (cross.difference.difference.n >= 2) finding->cross[finding->crosses++] = cross;
        }
    }
    pool_destroy(&pool);
    return low && high;
}

/* Several settings that share the best mean: no value of an axis is better than all others. */
static bool is_tied(const Summary *summary) {
    const SummaryGroup *best = &summary->group[summary->best],
                       *next = &summary->group[summary->ranked[1]];
    return next->complete == best->complete && next->metric.n > 0 &&
           next->metric.mean == best->metric.mean;
}

static bool judge_all(Finding *finding, const Summary *summary, Error *err) {
    const int32_t sweep = summary->sweep_axis;
    finding->kind = FINDING_SETTINGS;
    if (sweep < 0) return true;
    if (!is_claim(summary, sweep) && (is_tied(summary) || is_task(&summary->axis[sweep])))
        return true;
    if (!judge_axis(&finding->main, summary, sweep, err)) return false;
    finding->kind = finding->main.kind;
    if (finding->kind == FINDING_UNTESTED && !is_claim(summary, sweep))
        finding->kind = FINDING_SETTINGS;
    if (finding->kind == FINDING_SETTINGS || finding->kind == FINDING_UNTESTED) return true;
    for (int32_t a = 0; a < summary->axes && finding->others < FINDING_OTHERS; a++) {
        FindingAxis *other = &finding->other[finding->others];
        if (a == sweep || is_task(&summary->axis[a])) continue;
        if (!judge_axis(other, summary, a, err)) return false;
        finding->others += other->kind != FINDING_SETTINGS;
    }
    return judge_cross(finding, summary, err);
}

bool finding_make(Finding *finding, const Summary *summary, Error *err) {
    *finding = (Finding){0};
    if (summary->best < 0)
        finding->kind = FINDING_NOTHING;
    else if (summary->groups == 1)
        finding->kind = FINDING_SINGLE;
    else
        return judge_all(finding, summary, err);
    return true;
}
