#include "runner/analysis/finding_phrase.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runner/analysis/labels.h"

void finding_phrase_metric(char *text, size_t size, const Summary *summary) {
    snprintf(text, size, "%s%s%s", summary->replicates > 1 ? "mean " : "",
             summary->at == SPEC_AT_BEST ? "best " : "", labels_metric_title(summary->metric));
}

void finding_phrase_count(char *text, size_t size, int64_t count) {
    static const char *const words[] = {"no",    "one",   "two",  "three", "four",   "five",  "six",
                                        "seven", "eight", "nine", "ten",   "eleven", "twelve"};
    if (count >= 0 && count < (int64_t)(sizeof words / sizeof *words))
        snprintf(text, size, "%s", words[count]);
    else
        snprintf(text, size, "%" PRId64, count);
}

const char *finding_phrase_replicate(const Summary *summary, bool many) {
    if (summary->folds) return many ? "folds" : "fold";
    return many ? "repeats" : "repeat";
}

void finding_phrase_value(char *text, size_t size, const Summary *summary,
                          const FindingAxis *finding, int32_t value) {
    const int32_t number = finding->value[value].number;
    char count[32];
    if (finding->kind != SWEEP_DEPTHS) {
        labels_phrase(summary, finding->axis, number, text, size);
        return;
    }
    finding_phrase_count(count, sizeof count, number);
    snprintf(text, size, "%s hidden layer%s", count, number < 2 ? "" : "s");
}

void finding_phrase_next(char *text, size_t size, const Summary *summary,
                         const FindingAxis *finding, int32_t value, bool *named) {
    const SummaryAxis *axis = &summary->axis[finding->axis];
    const int32_t number = finding->value[value].number;
    finding_phrase_value(text, size, summary, finding, value);
    if (finding->kind == SWEEP_DEPTHS) {
        if (*named && number > 0) finding_phrase_count(text, size, number);
        *named = *named || number > 0;
        return;
    }
    const char *label = axis->label[number];
    /* "no penalty" has a phrase of its own, and names nothing for the next one */
    const bool own = axis->keys > 1 || !strstr(text, label);
    if (*named && !own) snprintf(text, size, "%s", label);
    *named = *named || !own;
}

void finding_phrase_kind(char *text, size_t size, const Summary *summary,
                         const FindingAxis *finding) {
    char title[256];
    if (finding->kind == SWEEP_DEPTHS) {
        snprintf(text, size, "depths");
    } else if (finding->axis == summary->size_axis) {
        snprintf(text, size, "networks");
    } else {
        labels_axis_title(&summary->axis[finding->axis], title, sizeof title);
        snprintf(text, size, "values of %s", title);
    }
}

bool finding_phrase_is_straight(const Summary *summary, int64_t group) {
    const Results *results = summary->results;
    const int64_t trial = summary_first_trial(summary, group);
    const int32_t k = results->data[trial];
    if (results->key[KEY_HIDDEN][trial].text[0] != '\0' || k < 0 || k >= results->sets)
        return false;
    const Dataset *set = &results->set[k].train;
    const bool classes = results->final[METRIC_TRAIN_ACCURACY];
    return classes
               ? set->inputs == 2 && set->outputs == 2
               : set->inputs == 1 && strcmp(results->key[KEY_OUTPUT][trial].text, "identity") == 0;
}

/* The titles of some axes: "a, b and c". */
static int32_t list_axes(Text *out, const Summary *summary, const bool *listed) {
    int32_t count = 0, done = 0;
    for (int32_t a = 0; a < summary->axes; a++) count += listed[a];
    for (int32_t a = 0; a < summary->axes; a++) {
        char title[256];
        if (!listed[a]) continue;
        labels_axis_title(&summary->axis[a], title, sizeof title);
        text_add(out, "%s%s", done == 0 ? "" : done == count - 1 ? " and " : ", ", title);
        done++;
    }
    return count;
}

void finding_phrase_others(Text *out, const Summary *summary, const FindingAxis *finding) {
    bool held[SUMMARY_AXES] = {false}, averages = false, holds = false;
    for (int32_t a = 0; a < summary->axes; a++) {
        held[a] = a != finding->axis && !finding->averaged[a];
        holds = holds || held[a];
        averages = averages || finding->averaged[a];
    }
    if (averages) {
        text_add(out, ", averaged over the values of ");
        list_axes(out, summary, finding->averaged);
    }
    if (!holds) return;
    if (finding->kind == SWEEP_WORDS || finding->kind == SWEEP_PAIR ||
        finding->kind == SWEEP_DEPTHS) {
        text_add(out, ", each with its best ");
        list_axes(out, summary, held);
        return;
    }
    char label[1024];
    labels_setting_on(summary, finding->value[finding->best].group, held, true, label,
                      sizeof label);
    text_add(out, "; everything else as in the best setting: %s", label);
}

/* --- numbers with their intervals ------------------------------------------------------------- */

void finding_phrase_interval(char *text, size_t size, Metric metric, const Interval *interval,
                             bool folds) {
    char mean[64], low[64], high[64];
    const double spread = interval->half;
    labels_value(mean, sizeof mean, metric, interval->mean, spread);
    if (interval->n < 2) {
        snprintf(text, size, "%s (one %s, so no interval)", mean, folds ? "fold" : "repeat");
        return;
    }
    if (interval->sd == 0) { /* an interval of width 0 would claim too much */
        snprintf(text, size, "%s (the same in all %" PRId64 " %s)", mean, interval->n,
                 folds ? "folds" : "repeats");
        return;
    }
    labels_bare(low, sizeof low, metric, interval->low, spread);
    labels_value(high, sizeof high, metric, interval->high, spread);
    snprintf(text, size, "%s (95 %% interval %s to %s, %" PRId64 " %s)", mean, low, high,
             interval->n, folds ? "folds" : "repeats");
}

static void write_p(char *text, size_t size, const Comparison *comparison) {
    const char *test = comparison->folds ? "t test" : "Wilcoxon";
    if (isnan(comparison->p))
        snprintf(text, size, "; no difference to test");
    else if (comparison->p < 0.001)
        snprintf(text, size, "; %s p < 0.001", test);
    else
        snprintf(text, size, "; %s p = %.*f", test, comparison->p < 0.1 ? 3 : 2, comparison->p);
}

void finding_phrase_change(char *text, size_t size, Metric metric, const Comparison *comparison,
                           bool few) {
    const Interval *d = &comparison->difference;
    char mean[64], low[64], high[64], p[64] = "";
    labels_change(mean, sizeof mean, metric, d->mean, d->half);
    if (d->sd == 0) {
        snprintf(text, size, "%s (the same in all %" PRId64 " pairs)", mean, d->n);
        return;
    }
    labels_bare(low, sizeof low, metric, d->low, d->half);
    labels_bare(high, sizeof high, metric, d->high, d->half);
    if (!few) write_p(p, sizeof p, comparison);
    snprintf(text, size, "%s (95 %% interval %s to %s%s)", mean, low, high, p);
}
