#include "runner/analysis/finding_detail.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runner/analysis/finding_phrase.h"
#include "runner/analysis/labels.h"

/* --- differences ------------------------------------------------------------------------------ */

/* The difference as it is measured: `worse` counts upwards whichever way better is. */
static Comparison as_measured(bool more, const Comparison *worse) {
    Comparison measured = *worse;
    if (more) measured.difference = statistics_negated(&worse->difference);
    return measured;
}

static void difference_text(char *text, size_t size, const Summary *summary, const Comparison *loss,
                            double p, int32_t comparisons) {
    Comparison corrected = *loss;
    corrected.p = p;
    const bool few = !summary->folds && loss->difference.n < crossfit_wilcoxon_from(comparisons);
    finding_phrase_change(text, size, summary->metric, &corrected, few);
}

/* Where the interval and the test, which decides, do not agree. */
static void say_disagreement(Text *out, const Summary *summary, const FindingEnd *end,
                             int32_t comparisons) {
    const Interval *d = &end->metric.loss.difference, *rest = &end->metric.without;
    const bool above = d->low > 0;
    if (end->diverged || d->n < crossfit_wilcoxon_from(comparisons) || summary->folds ||
        above == end->worse)
        return;
    char low[64], high[64];
    labels_bare(low, sizeof low, summary->metric, rest->low, rest->half);
    labels_bare(high, sizeof high, summary->metric, rest->high, rest->half);
    if (end->worse && rest->low > 0) {
        text_add(out,
                 "One repeat stands out and widens that interval: without it, it is %s to "
                 "%s. ",
                 low, high);
    } else if (end->worse) {
        text_add(out, "That interval reaches across zero; Wilcoxon’s test, which decides, looks at "
                      "ranks alone. ");
    } else {
        text_add(out, "That interval leaves out zero, but Wilcoxon’s test, which decides, does not "
                      "reach 5 %%. ");
    }
}

static void say_power(Text *out, const FindingEnd *end) {
    if (end->repeats > 0) {
        text_add(out,
                 "If the difference is what it seems, about %d repeats would show it (power "
                 "0.8). ",
                 end->repeats);
    }
}

/* The training metric of a size that is worse. */
static void say_training(Text *out, const Summary *summary, const FindingEnd *end, bool large,
                         bool overfits) {
    char change[256];
    const Metric metric = labels_train_metric(summary->metric);
    const char *title = metric < METRIC_COUNT ? labels_metric_title(metric) : "";
    finding_phrase_change(change, sizeof change, metric, &end->train.loss,
                          !summary->folds && end->train.loss.difference.n < FINDING_WILCOXON_FROM);
    if (end->train.pairs == 0) {
        text_add(out, ". ");
    } else if (large && end->train_worse) {
        text_add(out, ", but so it is in %s, by %s: it trains badly rather than overfits. ", title,
                 change);
    } else if (large && overfits) {
        text_add(out, ", while its %s is no worse: it overfits. ", title);
    } else if (large) {
        text_add(out,
                 "; its %s seems worse as well, which is not shown, so whether it overfits or "
                 "trains badly is open. ",
                 title);
    } else if (end->train_worse && end->fits) {
        text_add(out,
                 ", and in %s by %s; but it gets more than 99 %% of its training rows right, "
                 "so it does not underfit. ",
                 title, change);
    } else if (end->train_worse) {
        text_add(out, ", and in %s by %s: it underfits. ", title, change);
    } else {
        text_add(out, ", but its %s is not shown to be: that is not underfitting. ", title);
    }
}

static void say_end(Text *out, const Summary *summary, const FindingAxis *finding,
                    const FindingEnd *end, const char *which, bool large) {
    char phrase[700], change[256];
    if (end->value < 0) return;
    const FindingValue *v = &finding->value[end->value];
    finding_phrase_value(phrase, sizeof phrase, summary, finding, end->value);
    text_add(out, "The %s, %s, ", which, phrase);
    if (end->diverged) {
        text_add(out, "diverged in %" PRId64 " of %" PRId64 " %s. ", v->diverged, v->trials,
                 finding_phrase_replicate(summary, true));
        return;
    }
    if (end->worse) {
        difference_text(change, sizeof change, summary, &end->metric.loss, end->p,
                        finding->comparisons);
        text_add(out, "is worse in %s by %s", labels_metric_title(summary->metric), change);
        if (finding->sizes)
            say_training(out, summary, end, large, finding->overfits);
        else
            text_add(out, ". ");
    } else {
        const Comparison measured = as_measured(summary->maximize, &end->metric.loss);
        difference_text(change, sizeof change, summary, &measured, end->p, finding->comparisons);
        text_add(out, "is not shown to be worse: its %s differs by %s. ",
                 labels_metric_title(summary->metric), change);
    }
    say_disagreement(out, summary, end, finding->comparisons);
    if (!end->worse) say_power(out, end);
}

/* --- how it was judged ------------------------------------------------------------------------ */

static void say_few(Text *out, const Summary *summary, int32_t comparisons) {
    const int32_t from = crossfit_wilcoxon_from(comparisons);
    if (summary->folds || summary->replicates >= from) return;
    text_add(out,
             "With fewer than %d repeats Wilcoxon’s test cannot reach 5 %%: the interval "
             "decides. ",
             from);
}

static void say_correction(Text *out, const Summary *summary, const FindingAxis *finding) {
    if (!summary->folds && summary->replicates < crossfit_wilcoxon_from(finding->comparisons))
        return; /* no p is shown */
    if (finding->values == 2 || finding->kind == SWEEP_DATA) {
        if (finding->comparisons > 1)
            text_add(out, "p is doubled, because the halves have something in common. ");
    } else if (finding->comparisons > 1)
        text_add(out, "p is corrected by Holm for %d comparisons. ", finding->comparisons);
}

/* Who was chosen to be compared with. */
static void say_choice_of(Text *out, const Summary *summary, const FindingAxis *finding) {
    char phrase[2][700];
    const char *what = finding->axis == summary->size_axis ? "size" : "value";
    const char *many = finding_phrase_replicate(summary, true);
    const char *one = finding_phrase_replicate(summary, false);
    const int32_t *chosen = finding->chosen;
    if (finding->kind == SWEEP_DEPTHS) what = "depth";
    text_add(out, "The best is chosen on one half of the %s and compared on the other, both ways",
             many);
    if (chosen[0] >= 0 && chosen[1] >= 0) {
        bool named = false;
        for (int32_t h = 0; h < 2; h++)
            finding_phrase_next(phrase[h], sizeof phrase[h], summary, finding, chosen[h], &named);
        if (chosen[0] == chosen[1])
            text_add(out, " (both halves choose %s)", phrase[0]);
        else
            text_add(out, " (one half chooses %s, the other %s)", phrase[0], phrase[1]);
    }
    text_add(out, ", so that no %s judges a %s that it helped to choose. ", one, what);
}

/* Where other axes are held: how their values were chosen. */
static void say_lines(Text *out, const Summary *summary, const FindingAxis *finding) {
    bool holds = false;
    for (int32_t a = 0; a < summary->axes; a++)
        holds = holds || (a != finding->axis && !finding->averaged[a]);
    if (!holds) return;
    text_add(out, "All else is chosen on one half of the %s and compared on the other, both ways. ",
             finding_phrase_replicate(summary, true));
}

static void say_pairing(Text *out, const Summary *summary, const FindingAxis *finding) {
    const bool two = finding->values == 2 || finding->kind == SWEEP_DATA;
    if (two) {
        text_add(out, "The two are paired over the %s. ", finding_phrase_replicate(summary, true));
        say_lines(out, summary, finding);
    } else
        say_choice_of(out, summary, finding);
    say_correction(out, summary, finding);
    say_few(out, summary, finding->comparisons);
    if (summary->folds) {
        text_add(out, "Folds share training rows, which intervals and p take into account. ");
    }
}

/* --- an axis ---------------------------------------------------------------------------------- */

/* Where the best is an end: how the best of the rest does against it. */
static void say_rest(Text *out, const Summary *summary, const FindingAxis *finding) {
    char change[256];
    const bool end = finding->best == 0 || finding->best == finding->values - 1;
    if (finding->kind != SWEEP_NUMBERS || !end || finding->rest.pairs < 2 ||
        finding->rest.infinite > 0)
        return;
    difference_text(change, sizeof change, summary, &finding->rest.loss, finding->rest_p,
                    finding->comparisons);
    const bool shown = finding->claim == FINDING_MORE || finding->claim == FINDING_LESS;
    text_add(out,
             "The %s is the best; that it is better than the best of the others is %s: they "
             "differ by %s. ",
             finding->best == 0 ? "smallest" : "largest", shown ? "shown" : "not shown", change);
}

/* "From 25 training points to 800, test loss changes by -0.101 (...)." */
static void say_data(Text *out, const Summary *summary, const FindingAxis *finding) {
    char change[256], phrase[2][700];
    bool named = false;
    const int32_t at[2] = {0, finding->values - 1};
    const Comparison measured = as_measured(!summary->maximize, &finding->small.metric.loss);
    difference_text(change, sizeof change, summary, &measured, finding->small.p,
                    finding->comparisons);
    for (int32_t i = 0; i < 2; i++)
        finding_phrase_next(phrase[i], sizeof phrase[i], summary, finding, at[i], &named);
    text_add(out, "From %s to %s, %s changes by %s. ", phrase[0], phrase[1],
             labels_metric_title(summary->metric), change);
}

static void say_axis(Text *out, const Summary *summary, const FindingAxis *finding) {
    if (finding->kind == SWEEP_DATA) {
        say_data(out, summary, finding);
        say_power(out, &finding->small);
    } else if (finding->values == 2) {
        say_end(out, summary, finding, &finding->small, "other one",
                finding->best < finding->small.value);
    } else if (finding->kind == SWEEP_NUMBERS) {
        say_end(out, summary, finding, &finding->small, "smallest tried", false);
        say_end(out, summary, finding, &finding->large, "largest tried", true);
        say_rest(out, summary, finding);
    } else {
        say_end(out, summary, finding, &finding->small, "second best", false);
        say_end(out, summary, finding, &finding->large, "worst", true);
    }
    say_pairing(out, summary, finding);
}

/* Values between the ends that diverged. */
static void say_diverged(Text *out, const Summary *summary, const FindingAxis *finding) {
    int32_t named = 0;
    for (int32_t v = 0; v < finding->values && named < 6; v++) {
        const FindingValue *value = &finding->value[v];
        char phrase[700];
        if (value->diverged == 0 || v == finding->small.value || v == finding->large.value)
            continue;
        finding_phrase_value(phrase, sizeof phrase, summary, finding, v);
        text_add(out, "%s%s diverged in %" PRId64 " of %" PRId64, named++ == 0 ? "Also, " : ", ",
                 phrase, value->diverged, value->trials);
    }
    if (named > 0) text_add(out, ". ");
}

/* --- other axes ------------------------------------------------------------------------------- */

static void other_end(Text *out, const Summary *summary, const FindingAxis *finding,
                      const FindingEnd *end, bool first) {
    char phrase[700], change[256];
    if (end->value < 0) return;
    finding_phrase_value(phrase, sizeof phrase, summary, finding, end->value);
    const FindingValue *v = &finding->value[end->value];
    text_add(out, "%s%s ", first ? " " : ", ", phrase);
    if (end->diverged) {
        text_add(out, "diverged in %" PRId64 " of %" PRId64 " %s", v->diverged, v->trials,
                 finding_phrase_replicate(summary, true));
        return;
    }
    const Comparison measured = as_measured(summary->maximize && !end->worse, &end->metric.loss);
    difference_text(change, sizeof change, summary, &measured, end->p, finding->comparisons);
    text_add(out, "%s by %s", end->worse ? "is worse" : "is not shown to be worse, it differs",
             change);
}

/* One sentence on an axis that the headline is not about. */
static void say_other(Text *out, const Summary *summary, const FindingAxis *finding) {
    char title[256], best[700];
    labels_axis_title(&summary->axis[finding->axis], title, sizeof title);
    if (finding->kind == SWEEP_DATA) {
        say_data(out, summary, finding);
        return;
    }
    finding_phrase_value(best, sizeof best, summary, finding, finding->best);
    text_add(out, "Of %s, %s is the best:", title, best);
    bool first = true;
    const FindingEnd *end[2] = {&finding->small, &finding->large};
    for (int32_t i = 0; i < 2; i++) {
        if (i == 1 && end[1]->value == end[0]->value) continue;
        other_end(out, summary, finding, end[i], first);
        first = first && end[i]->value < 0;
    }
    text_add(out, ". ");
}

static void say_cross(Text *out, const Finding *finding, const Summary *summary) {
    const int32_t sweep = finding->main.axis, second = 1 - sweep;
    char low[700], high[700], at[700], change[256];
    const FindingCross *cross = finding->cross;
    const int32_t *value = summary->value;
    labels_phrase(summary, second, value[cross->low * SUMMARY_AXES + second], low, sizeof low);
    labels_phrase(summary, second, value[cross->high * SUMMARY_AXES + second], high, sizeof high);
    text_add(out, "From %s to %s, %s changes by ", low, high, labels_metric_title(summary->metric));
    for (int32_t i = 0; i < finding->crosses; i++) {
        labels_phrase(summary, sweep, value[cross[i].low * SUMMARY_AXES + sweep], at, sizeof at);
        difference_text(change, sizeof change, summary, &cross[i].difference, cross[i].difference.p,
                        1);
        text_add(out, "%s%s with %s", i > 0 ? ", and by " : "", change, at);
    }
    text_add(out, ". ");
}

static void say_others(Text *out, const Finding *finding, const Summary *summary) {
    if (finding->crosses == 2) {
        say_cross(out, finding, summary);
        return;
    }
    for (int32_t i = 0; i < finding->others; i++) say_other(out, summary, &finding->other[i]);
}

/* --- what holds for any kind ------------------------------------------------------------------ */

static void say_smallest(Text *out, const Summary *summary) {
    if (summary->smallest < 0 || summary->smallest == summary->best) return;
    char label[1024];
    labels_setting(summary, summary->smallest, -1, label, sizeof label);
    text_add(out, "The smallest setting within one standard error of the best: %s. ", label);
}

static void say_held_out(Text *out, const Summary *summary) {
    if (labels_train_metric(summary->metric) == METRIC_COUNT) {
        text_add(out, "There is no held-out data, so this says nothing about new data. ");
    } else if (strncmp(metrics_name(summary->metric), "test", 4) == 0 && summary->groups > 1) {
        text_add(out, "The best was chosen on the test set itself, so its own figure is slightly "
                      "optimistic. ");
    }
}

/* The learning rate that all trials have; NULL where they differ. */
static const char *learning_rate(const Results *results) {
    const Value *rate = results->key[KEY_LEARNING_RATE];
    for (int64_t i = 1; i < results->trials; i++)
        if (strcmp(rate[i].text, rate[0].text) != 0) return NULL;
    return results->trials > 0 ? rate[0].text : NULL;
}

static void say_trouble(Text *out, const Summary *summary) {
    int64_t count[VERDICT_COUNT] = {0}, failed = 0;
    const int64_t trials = summary->results->trials;
    for (int64_t g = 0; g < summary->groups; g++) {
        for (int32_t v = 0; v < VERDICT_COUNT; v++) count[v] += summary->group[g].verdict[v];
        failed += summary->group[g].failed;
    }
    const char *rate = learning_rate(summary->results);
    const int64_t oscillating = count[VERDICT_OSCILLATING], diverged = count[VERDICT_DIVERGED];
    if (oscillating > 0 && summary->results->numerics >= VERDICT_NUMERICS) {
        text_add(out, "In %" PRId64 " of %" PRId64 " trials the step is too large", oscillating,
                 trials);
        if (rate) text_add(out, " (learning rate %s)", rate);
        text_add(out, ": at the end their updates go back and forth. ");
    }
    if (diverged > 0) {
        text_add(out, "%" PRId64 " of %" PRId64 " trials diverged; what helps: %s. ", diverged,
                 trials, verdict_advice(VERDICT_DIVERGED));
    }
    if (failed > 0) text_add(out, "%" PRId64 " trials failed. ", failed);
    if (diverged + failed > 0 && summary->best >= 0 && summary->groups > 1)
        text_add(out, "Settings with such a trial rank below all others. ");
}

void finding_detail_write(Text *out, const Finding *finding, const Summary *summary) {
    if (finding->kind == FINDING_AXIS) {
        say_axis(out, summary, &finding->main);
        say_diverged(out, summary, &finding->main);
        say_others(out, finding, summary);
    }
    if (finding->kind == FINDING_AXIS || finding->kind == FINDING_UNTESTED ||
        finding->kind == FINDING_SETTINGS)
        say_smallest(out, summary);
    if (summary->best >= 0) say_held_out(out, summary);
    say_trouble(out, summary);
}
