/* Sentences and the comparisons behind them; see finding.h. */
#include "runner/finding.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A text that grows by printf and is cut, never overrun. */
typedef struct Words {
    char *text;
    size_t size, used;
} Words;

__attribute__((format(printf, 2, 3))) static void say(Words *words, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const int wrote = vsnprintf(words->text + words->used, words->size - words->used, format, args);
    va_end(args);
    if (wrote > 0) words->used += (size_t)wrote;
    if (words->used >= words->size) words->used = words->size - 1;
}

void finding_value(char *text, size_t size, const Interval *interval, bool folds) {
    char mean[64], low[64], high[64];
    const double spread = interval->high - interval->mean;
    summary_number(mean, sizeof mean, interval->mean, spread);
    if (interval->n < 2) {
        (void)snprintf(text, size, "%s (one %s, so no interval)", mean, folds ? "fold" : "run");
        return;
    }
    if (interval->sd == 0) { /* no interval speaks of what has not happened yet */
        (void)snprintf(text, size, "%s (the same in all %lld %s)", mean, (long long)interval->n,
                       folds ? "folds" : "repeats");
        return;
    }
    summary_number(low, sizeof low, interval->low, spread);
    summary_number(high, sizeof high, interval->high, spread);
    (void)snprintf(text, size, "%s (95 %% interval %s to %s, %lld %s)", mean, low, high,
                   (long long)interval->n, folds ? "folds" : "repeats");
}

void finding_difference(char *text, size_t size, const Comparison *comparison) {
    const Interval *d = &comparison->difference;
    char mean[64], low[64], high[64], p[64] = "";
    const double spread = d->high - d->mean;
    summary_number(mean, sizeof mean, d->mean, spread);
    summary_number(low, sizeof low, d->low, spread);
    summary_number(high, sizeof high, d->high, spread);
    if (d->n < FINDING_WILCOXON_FROM)
        p[0] = '\0'; /* no p could be small; say_few() says so once */
    else if (isnan(comparison->p))
        (void)snprintf(p, sizeof p, "; no difference to test");
    else if (comparison->p < 0.001)
        (void)snprintf(p, sizeof p, "; Wilcoxon p < 0.001");
    else
        (void)snprintf(p, sizeof p, "; Wilcoxon p = %.*f", comparison->p < 0.1 ? 3 : 2,
                       comparison->p);
    (void)snprintf(text, size, "%s (95 %% interval %s to %s%s)", mean, low, high, p);
}

/* Comparisons ------------------------------------------------------------------------------------------------------ */

/* The sizes along the line of the best setting, with their values. */
typedef struct Sweep {
    int32_t count;          /* values of the size axis that have a complete group */
    const int32_t *value;   /* count: their place on the axis */
    const int64_t *group;   /* count */
    double *metric, *train; /* count x replicates; train NULL without a training counterpart */
    double *total;          /* count: sum of metric over the replicates */
    int32_t *chosen;        /* replicates: the size chosen without that replicate */
    int32_t replicates;
    double worse; /* +1: more is worse; -1: less is */
} Sweep;

static void choose_without_each(const Sweep *sweep, Finding *finding) {
    const int32_t n = sweep->replicates;
    for (int32_t r = 0; r < n; r++) {
        double least = INFINITY;
        for (int32_t s = 0; s < sweep->count; s++) {
            const double rest = sweep->worse * (sweep->total[s] - sweep->metric[s * n + r]);
            if (rest < least) {
                least = rest;
                sweep->chosen[r] = s;
            }
        }
        const int32_t value = sweep->value[sweep->chosen[r]];
        if (r == 0 || value < finding->chosen_low) finding->chosen_low = value;
        if (r == 0 || value > finding->chosen_high) finding->chosen_high = value;
    }
}

static Comparison against_chosen(const Sweep *sweep, const double *values, int32_t size,
                                 double sign, double *spare) {
    int64_t kept = 0;
    for (int32_t r = 0; r < sweep->replicates; r++) {
        const double d = sign * (values[size * sweep->replicates + r] -
                                 values[sweep->chosen[r] * sweep->replicates + r]);
        if (isfinite(d)) spare[kept++] = d;
    }
    return (Comparison){statistics_interval(spare, kept), statistics_wilcoxon(spare, kept)};
}

static bool is_shown(const Comparison *c) {
    return c->difference.n >= 2 && c->difference.low > 0 &&
           (c->difference.n < FINDING_WILCOXON_FROM || c->p < 0.05);
}

static FindingEnd judge(const Sweep *sweep, int32_t size, double train_sign, double *spare) {
    FindingEnd end = {.group = sweep->group[size]};
    end.metric = against_chosen(sweep, sweep->metric, size, sweep->worse, spare);
    end.worse = is_shown(&end.metric);
    if (sweep->train != NULL) {
        end.train = against_chosen(sweep, sweep->train, size, train_sign, spare);
        end.train_worse = is_shown(&end.train);
        end.train_not_worse = end.train.difference.n > 0 && end.train.difference.mean <= 0;
    }
    return end;
}

static bool fill_sweep(Sweep *sweep, const Summary *summary, Pool *pool, Error *err) {
    const SummaryAxis *axis = &summary->axis[summary->size_axis];
    const size_t n = (size_t)summary->replicates, sizes = (size_t)axis->count;
    int64_t *group = pool_take(pool, sizes, sizeof *group, err);
    int32_t *value = pool_take(pool, sizes, sizeof *value, err);
    const Metric train = summary_train_metric(summary->metric);
    const double *column = summary_column(summary, summary->metric, summary->at);
    const double *train_column = summary_column(summary, train, summary->at);
    sweep->metric = pool_take(pool, sizes * n, sizeof *sweep->metric, err);
    sweep->train =
        train_column == NULL ? NULL : pool_take(pool, sizes * n, sizeof *sweep->train, err);
    sweep->chosen = pool_take(pool, n, sizeof *sweep->chosen, err);
    sweep->total = pool_take(pool, sizes, sizeof *sweep->total, err);
    if (group == NULL || sweep->total == NULL || value == NULL || sweep->metric == NULL ||
        sweep->chosen == NULL)
        return false;
    if (train_column != NULL && sweep->train == NULL) return false;
    sweep->replicates = summary->replicates;
    sweep->worse = summary->maximize ? -1 : 1;
    summary_line(summary, summary->size_axis, summary->best, group);
    for (int32_t v = 0; v < axis->count; v++) {
        if (group[v] < 0 || !summary->group[group[v]].complete) continue;
        const size_t row = (size_t)sweep->count * n;
        summary_values(summary, group[v], column, sweep->metric + row);
        if (train_column != NULL)
            summary_values(summary, group[v], train_column, sweep->train + row);
        for (size_t r = 0; r < n; r++) sweep->total[sweep->count] += sweep->metric[row + r];
        value[sweep->count] = v;
        group[sweep->count] = group[v];
        sweep->count++;
    }
    sweep->group = group;
    sweep->value = value;
    return true;
}

/* Sentences -------------------------------------------------------------------------------------------------------- */

static const char *const CLAIMS[] = {
    [FINDING_BOTH] = "Small networks underfit and large ones overfit",
    [FINDING_UNDERFIT] = "Small networks underfit, but large ones are not shown to overfit",
    [FINDING_OVERFIT] = "Large networks overfit, but small ones are not shown to underfit",
    [FINDING_NEITHER] =
        "Neither that small networks underfit nor that large ones overfit is shown here",
};

/* "mean test loss": what is compared, and where in the training it is taken. */
static void metric_words(const Summary *summary, char *text, size_t size) {
    (void)snprintf(text, size, "%s%s%s", summary->replicates > 1 ? "mean " : "",
                   summary->at == SPEC_AT_BEST ? "best " : "",
                   summary_metric_title(summary->metric));
}

static void say_one_end(Words *out, const Summary *summary, const FindingEnd *end, bool large) {
    char phrase[700], difference[256], train[256];
    const int32_t *place = summary->place + end->group * SUMMARY_AXES;
    summary_phrase(summary, summary->size_axis, place[summary->size_axis], phrase, sizeof phrase);
    const char *metric = summary_metric_title(summary->metric);
    finding_difference(difference, sizeof difference, &end->metric);
    finding_difference(train, sizeof train, &end->train);
    const Metric train_metric = summary_train_metric(summary->metric);
    const char *train_title = train_metric < METRIC_COUNT ? summary_metric_title(train_metric) : "";
    say(out, "The %s network tried, %s, ", large ? "largest" : "smallest", phrase);
    if (end->metric.difference.mean == 0 && end->metric.difference.sd == 0) {
        say(out, "is itself the size chosen in every repeat. ");
        return;
    }
    if (!end->worse) {
        say(out, "is not shown to be worse: its %s differs by %s. ", metric, difference);
        return;
    }
    say(out, "is worse in %s by %s", metric, difference);
    if (end->train.difference.n == 0)
        say(out, ". ");
    else if (large && end->train_worse)
        say(out, ", but so it is in %s, by %s: it trains badly rather than overfits. ", train_title,
            train);
    else if (large)
        say(out, ", while its %s is %s: it overfits. ", train_title,
            end->train_not_worse ? "no worse" : "not shown to be worse");
    else if (end->train_worse)
        say(out, ", and in %s by %s: it underfits. ", train_title, train);
    else
        say(out, ", but its %s is not shown to be: that is not underfitting. ", train_title);
}

static void say_choice(Words *out, const Summary *summary) {
    if (summary->smallest < 0 || summary->smallest == summary->best) return;
    char label[1024];
    summary_label(summary, summary->smallest, -1, label, sizeof label);
    say(out, "The smallest setting within one standard error of the best: %s. ", label);
}

static void say_held_out(Words *out, const Summary *summary) {
    if (strncmp(metrics_name(summary->metric), "test", 4) == 0 && summary->groups > 1)
        say(out,
            "The best is chosen on the test set itself, which flatters its own figure a little. ");
}

static void say_few(Words *out, const Summary *summary) {
    if (summary->replicates >= FINDING_WILCOXON_FROM) return;
    say(out, "%d %s are few: below %d, Wilcoxon’s test cannot reach 5 %% and is left out. ",
        summary->replicates, summary->folds ? "folds" : "repeats", FINDING_WILCOXON_FROM);
}

static void say_sizes(Finding *finding, const Summary *summary, Words *headline, Words *detail) {
    char best[1024], value[256], metric[128], low[700], high[700];
    summary_label(summary, summary->best, -1, best, sizeof best);
    finding_value(value, sizeof value, &summary->group[summary->best].metric, summary->folds);
    metric_words(summary, metric, sizeof metric);
    const char *extreme = summary->maximize ? "highest" : "lowest";
    if (finding->kind == FINDING_UNTESTED) {
        say(headline,
            "The %s %s is that of %s: %s. With a single run of each size nothing can be said about "
            "whether the "
            "others differ by more than luck.",
            extreme, metric, best, value);
        return;
    }
    const bool at_large = finding->large.group == summary->best;
    const bool at_small = finding->small.group == summary->best;
    say(headline, "%s: %s is %s with %s%s, %s.", CLAIMS[finding->kind], metric, extreme, best,
        at_large   ? ", the largest tried"
        : at_small ? ", the smallest tried"
                   : "",
        value);
    say_one_end(detail, summary, &finding->small, false);
    say_one_end(detail, summary, &finding->large, true);
    summary_phrase(summary, summary->size_axis, finding->chosen_low, low, sizeof low);
    summary_phrase(summary, summary->size_axis, finding->chosen_high, high, sizeof high);
    say(detail, "Both are paired over the %s with the size that is best in all the other %s",
        summary->folds ? "folds" : "repeats", summary->folds ? "folds" : "repeats");
    if (finding->chosen_low == finding->chosen_high)
        say(detail, " (always %s). ", low);
    else
        say(detail, " (from %s to %s). ", low, high);
    say_few(detail, summary);
}

static void say_settings(const Summary *summary, Words *headline, Words *detail) {
    char best[1024], second[1024], value[256], metric[128], difference[256];
    summary_label(summary, summary->best, -1, best, sizeof best);
    finding_value(value, sizeof value, &summary->group[summary->best].metric, summary->folds);
    metric_words(summary, metric, sizeof metric);
    int64_t ties = 1;
    while (ties < summary->groups && summary->group[summary->ranked[ties]].complete &&
           summary->group[summary->ranked[ties]].metric.mean ==
               summary->group[summary->best].metric.mean)
        ties++;
    if (ties == 1)
        say(headline, "Of %lld settings, the %s %s is that of %s: %s.", (long long)summary->groups,
            summary->maximize ? "highest" : "lowest", metric, best, value);
    else
        say(headline, "%lld of %lld settings share the %s %s, %s; the smallest of them: %s.",
            (long long)ties, (long long)summary->groups, summary->maximize ? "highest" : "lowest",
            metric, value, best);
    if (ties == summary->groups) return;
    const int64_t next = summary->ranked[ties];
    const double *column = summary_column(summary, summary->metric, summary->at);
    const Comparison gap = summary_compare(summary, next, summary->best, column);
    if (gap.difference.n < 2) {
        say(detail, "With a single run of each setting nothing can be said about whether they "
                    "differ by more than luck. ");
        return;
    }
    summary_label(summary, next, -1, second, sizeof second);
    finding_difference(difference, sizeof difference, &gap);
    say(detail, "The next, %s, differs%s by %s, paired over the %s. ", second,
        ties == 1 ? "" : " from it", difference, summary->folds ? "folds" : "repeats");
    say_few(detail, summary);
}

static void say_trouble(Words *out, const Summary *summary) {
    int64_t diverged = 0, failed = 0, incomplete = 0;
    for (int64_t g = 0; g < summary->groups; g++) {
        diverged += summary->group[g].verdict[VERDICT_DIVERGED];
        failed += summary->group[g].failed;
        incomplete += !summary->group[g].complete;
    }
    if (diverged > 0)
        say(out, "%lld of %lld runs diverged. ", (long long)diverged,
            (long long)summary->results->trials);
    if (failed > 0) say(out, "%lld runs failed. ", (long long)failed);
    if (incomplete > 0 && summary->groups > 1)
        say(out, "Settings with a run that has no value (%lld of %lld) stand behind all others. ",
            (long long)incomplete, (long long)summary->groups);
}

static bool judge_sizes(Finding *finding, const Summary *summary, Error *err) {
    Pool pool = {0};
    Sweep sweep = {0};
    finding->kind = FINDING_SETTINGS;
    TRY(fill_sweep(&sweep, summary, &pool, err));
    if (sweep.count >= 2 && summary->replicates == 1) {
        finding->kind = FINDING_UNTESTED;
    } else if (sweep.count >= 2) {
        double *spare = pool_take(&pool, (size_t)summary->replicates, sizeof *spare, err);
        TRY(spare != NULL);
        const Metric train = summary_train_metric(summary->metric);
        const double sign = train < METRIC_COUNT && metrics_more_is_better(train) ? -1 : 1;
        choose_without_each(&sweep, finding);
        finding->small = judge(&sweep, 0, sign, spare);
        finding->large = judge(&sweep, sweep.count - 1, sign, spare);
        const bool under = finding->small.worse && finding->small.train_worse;
        const bool over = finding->large.worse && !finding->large.train_worse;
        static const FindingKind kinds[2][2] = {{FINDING_NEITHER, FINDING_OVERFIT},
                                                {FINDING_UNDERFIT, FINDING_BOTH}};
        finding->kind = kinds[under][over];
    }
    pool_destroy(&pool);
    return true;
fail:
    pool_destroy(&pool);
    return false;
}

bool finding_make(Finding *finding, const Summary *summary, Error *err) {
    *finding = (Finding){0};
    Words headline = {finding->headline, sizeof finding->headline, 0};
    Words detail = {finding->detail, sizeof finding->detail, 0};
    const bool held_out = summary_train_metric(summary->metric) < METRIC_COUNT;
    if (summary->best < 0) {
        finding->kind = FINDING_NOTHING;
        say(&headline, "No run has a finite %s: there is nothing to compare.",
            summary_metric_title(summary->metric));
    } else if (summary->groups == 1) {
        char value[256], metric[128];
        finding->kind = FINDING_SINGLE;
        finding_value(value, sizeof value, &summary->group[0].metric, summary->folds);
        metric_words(summary, metric, sizeof metric);
        say(&headline, "The %s is %s.", metric, value);
    } else {
        finding->kind = FINDING_SETTINGS;
        if (held_out && summary->size_axis >= 0 && !judge_sizes(finding, summary, err))
            return false;
        if (finding->kind == FINDING_SETTINGS)
            say_settings(summary, &headline, &detail);
        else
            say_sizes(finding, summary, &headline, &detail);
        say_choice(&detail, summary);
        say_held_out(&detail, summary);
    }
    if (!held_out && summary->best >= 0)
        say(&detail, "There is no held-out data: nothing here speaks of generalization. ");
    say_trouble(&detail, summary);
    return true;
}
