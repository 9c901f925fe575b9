#include "runner/analysis/finding_text.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/analysis/finding_detail.h"
#include "runner/analysis/finding_phrase.h"
#include "runner/analysis/labels.h"
#include "runner/analysis/starts_text.h"

void finding_text_difference(char *text, size_t size, const Comparison *comparison) {
    const bool few = !comparison->folds && comparison->difference.n < FINDING_WILCOXON_FROM;
    finding_phrase_change(text, size, METRIC_TEST_LOSS, comparison, few);
}

/* --- an axis ---------------------------------------------------------------------------------- */

static const char *extreme(const Summary *summary) {
    return summary->maximize ? "highest" : "lowest";
}

/* What is shown of sizes that held-out data judge. */
static void claim_sizes(Text *out, const FindingAxis *finding) {
    const FindingEnd *small = &finding->small, *large = &finding->large;
    const char *one = !small->worse ? "" : finding->underfits ? "underfit" : "do worse";
    const char *two = !large->worse        ? ""
                      : finding->overfits  ? "overfit"
                      : large->train_worse ? "train badly"
                                           : "do worse";
    if (*one && *two)
        text_add(out, "Small networks %s and large ones %s", one, two);
    else if (*one)
        text_add(out, "Small networks %s, but large ones are not shown to overfit", one);
    else if (*two && finding->overfits)
        text_add(out, "Large networks overfit, but small ones are not shown to underfit");
    else if (*two)
        text_add(out, "Large networks %s", two);
    else
        text_add(out, "Neither underfitting nor overfitting is shown here");
}

static void claim_numbers(Text *out, const FindingAxis *finding, const char *values) {
    switch (finding->claim) {
    case FINDING_MORE: text_add(out, "Larger %s are better", values); break;
    case FINDING_LESS: text_add(out, "Smaller %s are better", values); break;
    case FINDING_SMALL: text_add(out, "Small %s do worse", values); break;
    case FINDING_LARGE: text_add(out, "Large %s do worse", values); break;
    case FINDING_BETWEEN:
        text_add(out, "Neither the smallest nor the largest %s are best", values);
        break;
    default: text_add(out, "No difference between %s is shown", values);
    }
}

/* " 0.320 with 1 hidden unit": the mean of a value, the last word of a list and its mark. */
typedef struct MeanList {
    Text *out;
    const Summary *summary;
    const FindingAxis *finding;
    int32_t done, count;
    double spread; /* as precise as the least precise one deserves */
    bool named;
} MeanList;

static void count_mean(MeanList *list, int32_t value) {
    const Interval *mean = &list->finding->value[value].metric;
    if (list->finding->value[value].diverged > 0) return;
    if (list->count++ == 0 || mean->half > list->spread) list->spread = mean->half;
}

static void add_mean(MeanList *list, int32_t value, const char *mark) {
    const FindingValue *v = &list->finding->value[value];
    char mean[64], phrase[700];
    labels_value(mean, sizeof mean, list->summary->metric, v->metric.mean, list->spread);
    finding_phrase_next(phrase, sizeof phrase, list->summary, list->finding, value, &list->named);
    text_add(list->out, "%s%s with %s%s",
             list->done == 0                 ? " "
             : list->done == list->count - 1 ? " and "
                                             : ", ",
             mean, phrase, mark);
    list->done++;
}

static bool has_mean(const FindingAxis *finding, int32_t value) {
    return finding->value[value].diverged == 0;
}

/* ": mean test loss is 0.32 with 1 hidden unit, 0.13 with 3 (the lowest) and 0.20 with 50": the
 * values with these indices, ascending, each once. */
static void say_means(Text *out, const Summary *summary, const FindingAxis *finding,
                      const int32_t *value, int32_t values) {
    char metric[128], mark[64], phrase[700];
    const bool ends = finding->kind == SWEEP_NUMBERS;
    MeanList list = {.out = out, .summary = summary, .finding = finding};
    for (int32_t i = 0; i < values; i++) count_mean(&list, value[i]);
    finding_phrase_metric(metric, sizeof metric, summary);
    text_add(out, "%s is", metric);
    for (int32_t i = 0; i < values; i++) {
        mark[0] = '\0';
        if (value[i] == finding->best) {
            const char *end = !ends                                  ? ""
                              : finding->best == finding->values - 1 ? ", and the largest tried"
                              : finding->best == 0                   ? ", and the smallest tried"
                                                                     : "";
            snprintf(mark, sizeof mark, " (the %s%s)", extreme(summary), end);
        }
        if (has_mean(finding, value[i])) add_mean(&list, value[i], mark);
    }
    for (int32_t i = 0; i < values; i++) {
        const FindingValue *v = &finding->value[value[i]];
        if (has_mean(finding, value[i])) continue;
        finding_phrase_value(phrase, sizeof phrase, summary, finding, value[i]);
        text_add(out, "; with %s, %" PRId64 " of %" PRId64 " %s diverged", phrase, v->diverged,
                 v->trials, finding_phrase_replicate(summary, true));
    }
}

static int32_t add_value(int32_t *value, int32_t count, int32_t one) {
    int32_t i = count;
    for (int32_t k = 0; k < count; k++)
        if (value[k] == one) return count;
    for (; i > 0 && value[i - 1] > one; i--) value[i] = value[i - 1];
    value[i] = one;
    return count + 1;
}

/* Both ends and the best; of words the best, the second best and the worst, as far as they are
 * spoken of. */
static int32_t choose_values(const FindingAxis *finding, int32_t value[3]) {
    int32_t count = add_value(value, 0, finding->best);
    if (finding->kind == SWEEP_NUMBERS) {
        count = add_value(value, count, 0);
        return add_value(value, count, finding->values - 1);
    }
    if (finding->small.value >= 0 && finding->claim == FINDING_ONE)
        count = add_value(value, count, finding->small.value);
    if (finding->large.value >= 0 && finding->claim != FINDING_ONE)
        count = add_value(value, count, finding->large.value);
    return count;
}

static void headline_numbers(Text *out, const Summary *summary, const FindingAxis *finding) {
    char kind[300];
    int32_t value[3];
    finding_phrase_kind(kind, sizeof kind, summary, finding);
    if (finding->sizes)
        claim_sizes(out, finding);
    else
        claim_numbers(out, finding, kind);
    text_add(out, ": ");
    say_means(out, summary, finding, value, choose_values(finding, value));
}

#define DEPTHS_LISTED 6

/* Each depth with the network that is its best. */
static void say_depths(Text *out, const Summary *summary, const FindingAxis *finding) {
    char metric[128];
    MeanList list = {.out = out, .summary = summary, .finding = finding};
    finding_phrase_metric(metric, sizeof metric, summary);
    text_add(out, "%s is at best", metric);
    for (int32_t v = 0; v < finding->values; v++) count_mean(&list, v);
    for (int32_t v = 0; v < finding->values; v++) {
        char network[700], mark[720];
        const int64_t g = finding->value[v].group;
        if (!has_mean(finding, v)) continue;
        labels_phrase(summary, finding->axis, summary->value[g * SUMMARY_AXES + finding->axis],
                      network, sizeof network);
        snprintf(mark, sizeof mark, " (%s)", network);
        add_mean(&list, v, finding->value[v].number == 0 ? "" : mark);
    }
}

static void headline_words(Text *out, const Summary *summary, const FindingAxis *finding) {
    char kind[300], best[700];
    int32_t value[3];
    bool named = true;
    finding_phrase_kind(kind, sizeof kind, summary, finding);
    finding_phrase_next(best, sizeof best, summary, finding, finding->best, &named);
    if (finding->claim == FINDING_ONE)
        text_add(out, "Of %d %s, %s is best: ", finding->values, kind, best);
    else if (finding->claim == FINDING_SOME)
        text_add(out, "Not all %s do as well: ", kind);
    else
        text_add(out, "No difference between %s is shown: ", kind);
    if (finding->kind == SWEEP_DEPTHS && finding->values <= DEPTHS_LISTED)
        say_depths(out, summary, finding);
    else
        say_means(out, summary, finding, value, choose_values(finding, value));
}

/* "mean test accuracy is 97.5 % with 3 hidden units, 12.5 points more than a straight line". */
static void headline_two(Text *out, const Summary *summary, const FindingAxis *finding) {
    const int32_t other = 1 - finding->best, both[2] = {0, 1};
    const FindingValue *a = &finding->value[finding->best], *b = &finding->value[other];
    char metric[128], phrase[2][700], mean[2][64], change[64];
    for (int32_t i = 0; i < 2; i++) {
        finding_phrase_value(phrase[i], sizeof phrase[i], summary, finding,
                             i == 0 ? finding->best : other);
    }
    if (finding->claim != FINDING_ONE || a->diverged > 0 || b->diverged > 0) {
        if (finding->claim != FINDING_ONE) {
            text_add(out, "No difference between %s and %s is shown: ", phrase[finding->best],
                     phrase[other]);
        }
        say_means(out, summary, finding, both, 2);
        return;
    }
    const double spread = finding->small.metric.loss.difference.half;
    finding_phrase_metric(metric, sizeof metric, summary);
    labels_value(mean[0], sizeof mean[0], summary->metric, a->metric.mean, spread);
    labels_value(mean[1], sizeof mean[1], summary->metric, b->metric.mean, spread);
    labels_change(change, sizeof change, summary->metric, fabs(a->metric.mean - b->metric.mean),
                  spread);
    const bool straight =
        finding->axis == summary->size_axis && finding_phrase_is_straight(summary, b->group);
    text_add(out, "%s is %s with %s, %s %s than %s%s (%s)", metric, mean[0], phrase[0], change,
             a->metric.mean > b->metric.mean ? "more" : "less", straight ? "" : "with ",
             straight ? "a straight line" : phrase[1], mean[1]);
}

static void headline_data(Text *out, const Summary *summary, const FindingAxis *finding) {
    char metric[128], title[256], phrase[2][700], mean[2][64];
    const int32_t last = finding->values - 1;
    const int32_t both[2] = {0, last};
    bool named = false;
    labels_axis_title(&summary->axis[finding->axis], title, sizeof title);
    if (finding->claim == FINDING_SAME || !has_mean(finding, 0) || !has_mean(finding, last)) {
        text_add(out, "No effect of %s is shown: ", title);
        say_means(out, summary, finding, both, 2);
        return;
    }
    for (int32_t i = 0; i < 2; i++) {
        const FindingValue *v = &finding->value[both[i]];
        labels_value(mean[i], sizeof mean[i], summary->metric, v->metric.mean,
                     fmax(finding->value[0].metric.half, finding->value[last].metric.half));
        finding_phrase_next(phrase[i], sizeof phrase[i], summary, finding, both[i], &named);
    }
    const bool better = (finding->claim == FINDING_RISES) == summary->maximize;
    if (better && strcmp(KEYS[summary->axis[finding->axis].key[0]].name, "data.samples") == 0)
        text_add(out, "More training points help: ");
    finding_phrase_metric(metric, sizeof metric, summary);
    text_add(out, "%s %s from %s with %s to %s with %s", metric,
             finding->claim == FINDING_RISES ? "rises" : "falls", mean[0], phrase[0], mean[1],
             phrase[1]);
}

static void headline_axis(Text *out, const Finding *finding, const Summary *summary) {
    const FindingAxis *main = &finding->main;
    char title[256];
    if (main->kind == SWEEP_DATA)
        headline_data(out, summary, main);
    else if (main->values == 2)
        headline_two(out, summary, main);
    else if (main->kind == SWEEP_NUMBERS)
        headline_numbers(out, summary, main);
    else
        headline_words(out, summary, main);
    finding_phrase_others(out, summary, main);
    text_add(out, ".");
    if (!finding->has_largest_effect) return;
    labels_axis_title(&summary->axis[main->axis], title, sizeof title);
    text_add(out, " The largest effect of the %d that were varied is that of %s.",
             finding->competing, title);
}

/* --- other kinds ------------------------------------------------------------------------------ */

static void headline_untested(Text *out, const Finding *finding, const Summary *summary) {
    int32_t value[3];
    say_means(out, summary, &finding->main, value, choose_values(&finding->main, value));
    finding_phrase_others(out, summary, &finding->main);
    text_add(out, ". With one repeat of each setting nothing can be said about whether they "
                  "differ by more than luck.");
}

/* The numbers of a regression as people know them: of the split that is judged. */
static bool say_regression(Text *out, const Summary *summary, int64_t group, bool alone) {
    char name[64], value[2][256];
    const char *split = metrics_name(summary->metric);
    const int32_t length = (int32_t)(strchr(split, '_') - split);
    const bool usual = strstr(split, "loss") || strstr(split, "mse") || strstr(split, "r2");
    snprintf(name, sizeof name, "%.*s_mse", length, split);
    const double *mse = summary_column(summary, metrics_from_name(name), summary->at);
    snprintf(name, sizeof name, "%.*s_r2", length, split);
    const double *r2 = summary_column(summary, metrics_from_name(name), summary->at);
    if (!usual || !mse || !r2) return false;
    double *x = summary->scratch;
    int64_t n = 0;
    summary_values(summary, group, mse, x);
    for (int32_t r = 0; r < summary->replicates; r++)
        if (isfinite(x[r])) x[n++] = sqrt(x[r]);
    const Interval rmse = summary_interval_of(summary, mse, x, n);
    const Interval explained = summary_interval(summary, group, r2);
    if (alone)
        finding_phrase_interval(value[0], sizeof value[0], METRIC_TEST_MSE, &rmse, summary->folds);
    else
        labels_bare(value[0], sizeof value[0], METRIC_TEST_MSE, rmse.mean, rmse.half);
    labels_bare(value[1], sizeof value[1], METRIC_TEST_R2, explained.mean, explained.half);
    text_add(out, "%s %s; R² %s", alone ? "RMSE" : "an RMSE of", value[0], value[1]);
    return true;
}

static void headline_settings(Text *out, const Summary *summary) {
    char best[1024], mean[64], metric[128];
    const Interval *value = &summary->group[summary->best].metric;
    labels_setting(summary, summary->best, -1, best, sizeof best);
    labels_value(mean, sizeof mean, summary->metric, value->mean, value->half);
    finding_phrase_metric(metric, sizeof metric, summary);
    int64_t ties = 1;
    while (ties < summary->groups &&
           summary->group[summary->ranked[ties]].complete ==
               summary->group[summary->best].complete &&
           summary->group[summary->ranked[ties]].metric.mean == value->mean)
        ties++;
    if (ties == 1) {
        text_add(out, "Of %" PRId64 " settings, the %s %s is that of %s: %s.", summary->groups,
                 extreme(summary), metric, best, mean);
    } else {
        text_add(out,
                 "%" PRId64 " of %" PRId64 " settings share the %s %s, %s; the smallest of them: "
                 "%s.",
                 ties, summary->groups, extreme(summary), metric, mean, best);
    }
    if (summary->replicates == 1 && ties < summary->groups) {
        text_add(out, " With one repeat of each setting nothing can be said about whether they "
                      "differ by more than luck.");
    }
}

#define TASKS_LISTED 4

/* Tasks do not compete: each has its figure. */
static void headline_tasks(Text *out, const Summary *summary) {
    char metric[128];
    const int64_t *ranked = summary->ranked;
    const bool all = summary->groups <= TASKS_LISTED;
    int64_t listed = all ? summary->groups : 2;
    finding_phrase_metric(metric, sizeof metric, summary);
    text_add(out, all ? "%s is " : "%s is between ", metric);
    for (int64_t i = 0; i < listed; i++) {
        const int64_t g = all ? i : i == 0 ? ranked[0] : ranked[summary->groups - 1];
        const Interval *value = &summary->group[g].metric;
        char label[1024], mean[64];
        labels_setting(summary, g, -1, label, sizeof label);
        labels_value(mean, sizeof mean, summary->metric, value->mean, value->half);
        text_add(out, "%s%s with %s", i == 0 ? "" : i == listed - 1 ? " and " : ", ", mean, label);
    }
    text_add(out, ".");
}

static void headline_unstable(Text *out, const Summary *summary) {
    char label[1024];
    const SummaryGroup *best = &summary->group[summary->best];
    labels_setting(summary, summary->best, -1, label, sizeof label);
    text_add(out,
             "Every setting diverged in at least one %s, so none is best: %s did so in %" PRId64
             " of %d.",
             finding_phrase_replicate(summary, false), label, summary->replicates - best->metric.n,
             summary->replicates);
}

static void headline_nothing(Text *out, const Summary *summary) {
    int64_t diverged = 0;
    for (int64_t g = 0; g < summary->groups; g++)
        diverged += summary->group[g].verdict[VERDICT_DIVERGED];
    if (diverged > 0 && diverged == summary->results->trials) {
        text_add(out, "%s%" PRId64 " trial%s diverged: nothing was learned.",
                 diverged > 1 ? "All " : "The ", diverged, diverged > 1 ? "s" : "");
        return;
    }
    text_add(out, "No trial has a finite %s: there is nothing to compare.",
             labels_metric_title(summary->metric));
}

static void headline_single(Text *out, const Summary *summary) {
    char value[256], metric[128];
    if (say_regression(out, summary, 0, true)) {
        text_add(out, ".");
        return;
    }
    finding_phrase_interval(value, sizeof value, summary->metric, &summary->group[0].metric,
                            summary->folds);
    finding_phrase_metric(metric, sizeof metric, summary);
    text_add(out, "The %s is %s.", metric, value);
}

static void write_headline(Text *out, const Finding *finding, const Summary *summary) {
    switch (finding->kind) {
    case FINDING_NOTHING: headline_nothing(out, summary); break;
    case FINDING_SINGLE: headline_single(out, summary); break;
    case FINDING_STARTS: starts_text_write(out, &finding->starts, summary); break;
    case FINDING_TASKS: headline_tasks(out, summary); break;
    case FINDING_SETTINGS: headline_settings(out, summary); break;
    case FINDING_UNSTABLE: headline_unstable(out, summary); break;
    case FINDING_UNTESTED:
        if (summary->axes > 1)
            headline_settings(out, summary);
        else
            headline_untested(out, finding, summary);
        break;
    case FINDING_AXIS: headline_axis(out, finding, summary); break;
    }
    const bool compares = finding->kind == FINDING_AXIS || finding->kind == FINDING_UNTESTED ||
                          finding->kind == FINDING_SETTINGS;
    char sentence[300];
    Text numbers = text_begin(sentence, sizeof sentence);
    if (compares && say_regression(&numbers, summary, summary->best, false))
        text_add(out, " The best setting has %s.", sentence);
}

void finding_text_write(FindingText *text, const Finding *finding, const Summary *summary) {
    Text headline = text_begin(text->headline, sizeof text->headline);
    Text detail = text_begin(text->detail, sizeof text->detail);
    write_headline(&headline, finding, summary);
    text->headline[0] = (char)toupper((unsigned char)text->headline[0]);
    finding_detail_write(&detail, finding, summary);
}
