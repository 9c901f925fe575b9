#include "runner/analysis/finding_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"

void finding_text_value(char *text, size_t size, const Interval *interval, bool folds) {
    char mean[64], low[64], high[64];
    const double spread = interval->half;
    labels_number(mean, sizeof mean, interval->mean, spread);
    if (interval->n < 2) {
        snprintf(text, size, "%s (one %s, so no interval)", mean, folds ? "fold" : "run");
        return;
    }
    if (interval->sd == 0) { /* an interval of width 0 would claim too much */
        snprintf(text, size, "%s (the same in all %" PRId64 " %s)", mean, interval->n,
                 folds ? "folds" : "repeats");
        return;
    }
    labels_number(low, sizeof low, interval->low, spread);
    labels_number(high, sizeof high, interval->high, spread);
    snprintf(text, size, "%s (95 %% interval %s to %s, %" PRId64 " %s)", mean, low, high,
             interval->n, folds ? "folds" : "repeats");
}

void finding_text_difference(char *text, size_t size, const Comparison *comparison) {
    const Interval *d = &comparison->difference;
    char mean[64], low[64], high[64], p[64] = "";
    const double spread = d->half;
    labels_number(mean, sizeof mean, d->mean, spread);
    if (d->sd == 0) {
        snprintf(text, size, "%s (the same in all %" PRId64 " pairs)", mean, d->n);
        return;
    }
    labels_number(low, sizeof low, d->low, spread);
    labels_number(high, sizeof high, d->high, spread);
    if (d->n < FINDING_WILCOXON_FROM)
        p[0] = '\0'; /* no p could be small; say_few() explains it once */
    else if (isnan(comparison->p))
        snprintf(p, sizeof p, "; no difference to test");
    else if (comparison->p < 0.001)
        snprintf(p, sizeof p, "; Wilcoxon p < 0.001");
    else
        snprintf(p, sizeof p, "; Wilcoxon p = %.*f", comparison->p < 0.1 ? 3 : 2, comparison->p);
    snprintf(text, size, "%s (95 %% interval %s to %s%s)", mean, low, high, p);
}

static const char *const CLAIMS[] = {
    [FINDING_BOTH] = "Small networks underfit and large ones overfit",
    [FINDING_UNDERFIT] = "Small networks underfit, but large ones are not shown to overfit",
    [FINDING_OVERFIT] = "Large networks overfit, but small ones are not shown to underfit",
    [FINDING_NEITHER] =
        "Neither that small networks underfit nor that large ones overfit is shown here",
};

/* "mean test loss": what is compared, and where in the training it is taken. */
static void metric_words(const Summary *summary, char *text, size_t size) {
    snprintf(text, size, "%s%s%s", summary->replicates > 1 ? "mean " : "",
             summary->at == SPEC_AT_BEST ? "best " : "", labels_metric_title(summary->metric));
}

/* The difference as it is measured: `worse` counts upwards whichever way better is. */
static Comparison as_measured(const Summary *summary, const Comparison *worse) {
    if (!summary->maximize) return *worse;
    return (Comparison){statistics_negated(&worse->difference), worse->p};
}

static void group_phrase(const Summary *summary, int32_t axis, int64_t group, char *text,
                         size_t size) {
    labels_phrase(summary, axis, summary->value[group * SUMMARY_AXES + axis], text, size);
}

/* True where the value is itself the one that is chosen in every repeat or fold. */
static bool is_chosen(const FindingEnd *end) {
    return end->metric.difference.mean == 0 && end->metric.difference.sd == 0;
}

/* The training metric of a size that is worse. */
static void say_training(Text *out, const Summary *summary, const FindingEnd *end, bool large) {
    char train[256];
    const Metric metric = labels_train_metric(summary->metric);
    const char *title = metric < METRIC_COUNT ? labels_metric_title(metric) : "";
    finding_text_difference(train, sizeof train, &end->train);
    if (end->train.difference.n == 0) {
        text_add(out, ". ");
    } else if (large && end->train_worse) {
        text_add(out, ", but so it is in %s, by %s: it trains badly rather than overfits. ", title,
                 train);
    } else if (large) {
        text_add(out, ", while its %s is %s: it overfits. ", title,
                 end->train_not_worse ? "no worse" : "not shown to be worse");
    } else if (end->train_worse) {
        text_add(out, ", and in %s by %s: it underfits. ", title, train);
    } else {
        text_add(out, ", but its %s is not shown to be: that is not underfitting. ", title);
    }
}

/* `claim`: what is worse may be under- or overfitting. */
static void say_one_end(Text *out, const Summary *summary, int32_t axis, const FindingEnd *end,
                        const char *which, bool claim, bool large) {
    char phrase[700], difference[256];
    const char *metric = labels_metric_title(summary->metric);
    group_phrase(summary, axis, end->group, phrase, sizeof phrase);
    text_add(out, "The %s, %s, ", which, phrase);
    if (is_chosen(end)) {
        text_add(out, "is itself the %s chosen in every %s. ", claim ? "size" : "value",
                 summary->folds ? "fold" : "repeat");
    } else if (!end->worse) {
        const Comparison measured = as_measured(summary, &end->metric);
        finding_text_difference(difference, sizeof difference, &measured);
        text_add(out, "is not shown to be worse: its %s differs by %s. ", metric, difference);
    } else {
        finding_text_difference(difference, sizeof difference, &end->metric);
        text_add(out, "is worse in %s by %s", metric, difference);
        if (claim)
            say_training(out, summary, end, large);
        else
            text_add(out, ". ");
    }
}

static void say_choice(Text *out, const Summary *summary) {
    if (summary->smallest < 0 || summary->smallest == summary->best) return;
    char label[1024];
    labels_setting(summary, summary->smallest, -1, label, sizeof label);
    text_add(out, "The smallest setting within one standard error of the best: %s. ", label);
}

static void say_held_out(Text *out, const Summary *summary) {
    if (strncmp(metrics_name(summary->metric), "test", 4) == 0 && summary->groups > 1) {
        text_add(
            out,
            "The best is chosen on the test set itself, which flatters its own figure a little. ");
    }
}

static void say_few(Text *out, const Summary *summary) {
    if (summary->replicates >= FINDING_WILCOXON_FROM) return;
    text_add(out, "%d %s are few: below %d, Wilcoxon’s test cannot reach 5 %% and is left out. ",
             summary->replicates, summary->folds ? "folds" : "repeats", FINDING_WILCOXON_FROM);
}

static bool of_words(const FindingAxis *finding, const Summary *summary) {
    return finding->axis != summary->size_axis &&
           summary->axis[finding->axis].scale == SUMMARY_CATEGORY;
}

static void say_pairing(Text *out, const Summary *summary, const FindingAxis *finding,
                        const char *word, bool both) {
    const char *repeats = summary->folds ? "folds" : "repeats";
    const char *likewise =
        both && of_words(finding, summary) ? "; the worst is chosen likewise" : "";
    char low[700], high[700];
    labels_phrase(summary, finding->axis, finding->chosen_low, low, sizeof low);
    labels_phrase(summary, finding->axis, finding->chosen_high, high, sizeof high);
    text_add(out, "%s paired over the %s with the %s that is best in all the other %s",
             both ? "Both are" : "It is", repeats, word, repeats);
    if (finding->chosen_low == finding->chosen_high)
        text_add(out, " (always %s)%s. ", low, likewise);
    else
        text_add(out, " (from %s to %s)%s. ", low, high, likewise);
    say_few(out, summary);
}

static const char *end_words(const FindingAxis *main, const Summary *summary) {
    return main->large.group == summary->best   ? " (the largest tried)"
           : main->small.group == summary->best ? " (the smallest tried)"
                                                : "";
}

static void say_sizes(const Finding *finding, const Summary *summary, Text *headline,
                      Text *detail) {
    char best[1024], size[700], value[256], metric[128];
    labels_setting(summary, summary->best, -1, best, sizeof best);
    finding_text_value(value, sizeof value, &summary->group[summary->best].metric, summary->folds);
    metric_words(summary, metric, sizeof metric);
    const char *extreme = summary->maximize ? "highest" : "lowest";
    if (finding->kind == FINDING_UNTESTED) {
        text_add(
            headline,
            "The %s %s is that of %s: %s. With a single run of each size nothing can be said about "
            "whether the "
            "others differ by more than luck.",
            extreme, metric, best, value);
        return;
    }
    const FindingAxis *main = &finding->main;
    group_phrase(summary, main->axis, summary->best, size, sizeof size);
    labels_setting(summary, summary->best, main->axis, best, sizeof best);
    text_add(headline, "%s: %s is %s with %s%s%s%s, %s.", CLAIMS[finding->kind], metric, extreme,
             size, end_words(main, summary), best[0] != '\0' ? ", " : "", best, value);
    say_one_end(detail, summary, main->axis, &main->small, "smallest network tried", true, false);
    say_one_end(detail, summary, main->axis, &main->large, "largest network tried", true, true);
    say_pairing(detail, summary, main, "size", true);
}

/* --- values of an axis ------------------------------------------------------------------------ */

/* "Larger values of data.samples are better", "Of 3 values of activation, tanh is best", and so
 * on. */
static void say_claim(Text *out, const FindingAxis *finding, const Summary *summary) {
    char title[256], phrase[700];
    const bool networks = finding->axis == summary->size_axis;
    labels_axis_title(&summary->axis[finding->axis], title, sizeof title);
    group_phrase(summary, finding->axis, summary->best, phrase, sizeof phrase);
    const char *values = networks ? "networks" : "values of ";
    const char *what = networks ? "" : title;
    switch (finding->kind) {
    case FINDING_MORE: text_add(out, "Larger %s%s are better", values, what); break;
    case FINDING_LESS: text_add(out, "Smaller %s%s are better", values, what); break;
    case FINDING_BETWEEN:
        text_add(out, "Neither the smallest nor the largest %s%s are best", values, what);
        break;
    case FINDING_ONE:
        text_add(out, "Of %d %s%s, %s is best", summary->axis[finding->axis].count, values, what,
                 phrase);
        break;
    case FINDING_SOME: text_add(out, "Not all %s%s do as well", values, what); break;
    default: text_add(out, "No difference between %s%s is shown", values, what);
    }
}

static void say_axis(const Finding *finding, const Summary *summary, Text *headline, Text *detail) {
    const FindingAxis *main = &finding->main;
    char best[1024], value[256], metric[128], other[700], number[64], label[1024];
    const bool words = of_words(main, summary);
    group_phrase(summary, main->axis, summary->best, best, sizeof best);
    finding_text_value(value, sizeof value, &summary->group[summary->best].metric, summary->folds);
    metric_words(summary, metric, sizeof metric);
    say_claim(headline, main, summary);
    text_add(headline, ": %s is %s with %s%s, %s", metric, summary->maximize ? "highest" : "lowest",
             best, words ? "" : end_words(main, summary), value);
    const FindingEnd *against =
        main->kind == FINDING_LESS || main->kind == FINDING_SOME ? &main->large : &main->small;
    if (main->kind != FINDING_SAME && main->kind != FINDING_BETWEEN) {
        const Interval *mean = &summary->group[against->group].metric;
        group_phrase(summary, main->axis, against->group, other, sizeof other);
        labels_number(number, sizeof number, mean->mean, mean->half);
        text_add(headline, ", against %s with %s", number, other);
    }
    text_add(headline, ".");
    labels_setting(summary, summary->best, main->axis, label, sizeof label);
    if (label[0] != '\0') text_add(detail, "Everything else as in the best setting: %s. ", label);
    const bool two = main->small.group == main->large.group;
    say_one_end(detail, summary, main->axis, &main->small,
                !words ? "smallest value tried"
                : two  ? "other one"
                       : "next best",
                false, false);
    if (!two) {
        say_one_end(detail, summary, main->axis, &main->large,
                    words ? "worst" : "largest value tried", false, true);
    }
    say_pairing(detail, summary, main, "value", !two);
}

/* One clause on an axis that the headline is not about. */
static void say_other(Text *out, const FindingAxis *finding, const Summary *summary) {
    char phrase[700], difference[256];
    say_claim(out, finding, summary);
    const FindingEnd *ends[2] = {&finding->small, &finding->large};
    const int32_t count = finding->small.group == finding->large.group ? 1 : 2;
    bool first = true;
    for (int32_t i = 0; i < count; i++) {
        if (is_chosen(ends[i])) continue;
        group_phrase(summary, finding->axis, ends[i]->group, phrase, sizeof phrase);
        const Comparison measured = as_measured(summary, &ends[i]->metric);
        finding_text_difference(difference, sizeof difference,
                                ends[i]->worse ? &ends[i]->metric : &measured);
        text_add(out, "%s %s %s by %s", first ? ":" : ",", phrase,
                 ends[i]->worse ? "is worse" : "differs", difference);
        first = false;
    }
    text_add(out, ". ");
}

static void say_cross(Text *out, const Finding *finding, const Summary *summary) {
    if (finding->crosses == 0) return;
    const int32_t sweep = finding->main.axis, second = 1 - sweep;
    char low[700], high[700], at[700], difference[256];
    const FindingCross *cross = finding->cross;
    group_phrase(summary, second, cross->low, low, sizeof low);
    group_phrase(summary, second, cross->high, high, sizeof high);
    text_add(out, "From %s to %s, %s changes by ", low, high, labels_metric_title(summary->metric));
    for (int32_t i = 0; i < finding->crosses; i++) {
        group_phrase(summary, sweep, cross[i].low, at, sizeof at);
        finding_text_difference(difference, sizeof difference, &cross[i].difference);
        text_add(out, "%s%s with %s", i > 0 ? ", and by " : "", difference, at);
    }
    text_add(out, ". ");
}

static void say_others(const Finding *finding, const Summary *summary, Text *detail) {
    for (int32_t i = 0; i < finding->others && finding->crosses < 2; i++) {
        if (i == 0) text_add(detail, "Through the best setting: ");
        say_other(detail, &finding->other[i], summary);
    }
    say_cross(detail, finding, summary);
}

static void say_settings(const Summary *summary, Text *headline, Text *detail) {
    char best[1024], second[1024], value[256], metric[128], difference[256];
    labels_setting(summary, summary->best, -1, best, sizeof best);
    finding_text_value(value, sizeof value, &summary->group[summary->best].metric, summary->folds);
    metric_words(summary, metric, sizeof metric);
    int64_t ties = 1;
    while (ties < summary->groups && summary->group[summary->ranked[ties]].complete &&
           summary->group[summary->ranked[ties]].metric.mean ==
               summary->group[summary->best].metric.mean)
        ties++;
    if (ties == 1) {
        text_add(headline, "Of %" PRId64 " settings, the %s %s is that of %s: %s.", summary->groups,
                 summary->maximize ? "highest" : "lowest", metric, best, value);
    } else {
        text_add(
            headline,
            "%" PRId64 " of %" PRId64 " settings share the %s %s, %s; the smallest of them: %s.",
            ties, summary->groups, summary->maximize ? "highest" : "lowest", metric, value, best);
    }
    if (ties == summary->groups) return;
    const int64_t next = summary->ranked[ties];
    const double *column = summary_column(summary, summary->metric, summary->at);
    const Comparison gap = summary_compare(summary, next, summary->best, column);
    if (gap.difference.n < 2) {
        text_add(detail, "With a single run of each setting nothing can be said about whether they "
                         "differ by more than luck. ");
        return;
    }
    labels_setting(summary, next, -1, second, sizeof second);
    finding_text_difference(difference, sizeof difference, &gap);
    text_add(detail, "The next, %s, differs%s by %s, paired over the %s. ", second,
             ties == 1 ? "" : " from it", difference, summary->folds ? "folds" : "repeats");
    say_few(detail, summary);
}

static void say_trouble(Text *out, const Summary *summary) {
    int64_t diverged = 0, failed = 0, incomplete = 0;
    for (int64_t g = 0; g < summary->groups; g++) {
        diverged += summary->group[g].verdict[VERDICT_DIVERGED];
        failed += summary->group[g].failed;
        incomplete += !summary->group[g].complete;
    }
    if (diverged > 0) {
        text_add(out, "%" PRId64 " of %" PRId64 " runs diverged. ", diverged,
                 summary->results->trials);
    }
    if (failed > 0) text_add(out, "%" PRId64 " runs failed. ", failed);
    if (incomplete > 0 && summary->groups > 1) {
        text_add(out,
                 "Settings with a run that has no value (%" PRId64 " of %" PRId64
                 ") stand behind all others. ",
                 incomplete, summary->groups);
    }
}

void finding_text_write(FindingText *text, const Finding *finding, const Summary *summary) {
    Text headline = text_begin(text->headline, sizeof text->headline);
    Text detail = text_begin(text->detail, sizeof text->detail);
    const bool held_out = labels_train_metric(summary->metric) < METRIC_COUNT;
    char value[256], metric[128];
    switch (finding->kind) {
    case FINDING_NOTHING:
        text_add(&headline, "No run has a finite %s: there is nothing to compare.",
                 labels_metric_title(summary->metric));
        break;
    case FINDING_SINGLE:
        finding_text_value(value, sizeof value, &summary->group[0].metric, summary->folds);
        metric_words(summary, metric, sizeof metric);
        text_add(&headline, "The %s is %s.", metric, value);
        break;
    case FINDING_SETTINGS: say_settings(summary, &headline, &detail); break;
    case FINDING_UNTESTED:
    case FINDING_BOTH:
    case FINDING_UNDERFIT:
    case FINDING_OVERFIT:
    case FINDING_NEITHER: say_sizes(finding, summary, &headline, &detail); break;
    case FINDING_MORE:
    case FINDING_LESS:
    case FINDING_BETWEEN:
    case FINDING_ONE:
    case FINDING_SOME:
    case FINDING_SAME: say_axis(finding, summary, &headline, &detail); break;
    }
    say_others(finding, summary, &detail);
    if (summary->best >= 0 && summary->groups > 1) {
        say_choice(&detail, summary);
        say_held_out(&detail, summary);
    }
    if (!held_out && summary->best >= 0)
        text_add(&detail, "There is no held-out data: nothing here speaks of generalization. ");
    say_trouble(&detail, summary);
}
