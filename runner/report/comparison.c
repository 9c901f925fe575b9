/* Sections comparison and reproduce: the best setting against the next ones, and how to get any
 * figure or run again. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/report/section.h"

#define SHOWN  10
#define FAMILY 1000 /* settings that are tested at most, the next best ones */
#define TRIALS 10

/* --- Comparison ------------------------------------------------------------------------------- */

const char *comparison_misfit(const Report *report) {
    const Summary *summary = &report->summary;
    if (summary->best < 0) return "no run has a value";
    if (summary->groups < 2) return "it needs two settings";
    return summary->replicates < 2 ? "it needs two repeats or folds" : NULL;
}

typedef struct Tested {
    int64_t group[FAMILY];
    Comparison against[FAMILY];
    double p[FAMILY]; /* Holm's */
    int32_t count;
} Tested;

static Tested *test_all(Report *report, Error *err) {
    const Summary *summary = &report->summary;
    const double *column = summary_column(summary, summary->metric, summary->at);
    Tested *tested = pool_take(&report->pool, 1, sizeof *tested, err);
    if (!tested) return NULL;
    for (int64_t i = 0; i < summary->groups && tested->count < FAMILY; i++) {
        const int64_t g = summary->ranked[i];
        if (g == summary->best || summary->group[g].metric.n == 0) continue;
        const int32_t k = tested->count++;
        tested->group[k] = g;
        tested->against[k] = summary_compare(summary, g, summary->best, column);
        tested->p[k] = tested->against[k].p;
    }
    statistics_holm(tested->p, tested->count);
    return tested;
}

static bool forest(Report *report, const Tested *tested, int32_t count, Error *err) {
    Figure figure = {0};
    const Summary *summary = &report->summary;
    const double scale = report_metric_scale(summary->metric);
    char label[1024], best[1024], alt[2048], text[300], caption[1400];
    double low = 0, high = 0;
    RowNames names;
    int32_t longest = 0;
    report_row_names(report, tested->group, count, &names);
    labels_setting(summary, summary->best, -1, best, sizeof best);
    if (!figure_begin(&figure, report, "comparison", "comparison", err)) return false;
    static const char *const headings[] = {"setting", "difference", "low", "high"};
    for (int32_t i = 0; i < 4; i++) figure_cell(&figure, headings[i]);
    figure_row(&figure);
    int used = snprintf(alt, sizeof alt, "Differences in %s from the best setting, %.300s.",
                        labels_metric_title(summary->metric), best);
    for (int32_t i = 0; i < count; i++) {
        const Interval *d = &tested->against[i].difference;
        report_row_name(report, &names, tested->group[i], label, sizeof label);
        longest = text_width(label) > longest ? text_width(label) : longest;
        figure_cell(&figure, label);
        figure_value(&figure, d->mean * scale);
        figure_value(&figure, d->low * scale);
        figure_value(&figure, d->high * scale);
        figure_row(&figure);
        low = fmin(low, fmin(d->mean, isfinite(d->low) ? d->low : d->mean) * scale);
        high = fmax(high, fmax(d->mean, isfinite(d->high) ? d->high : d->mean) * scale);
        finding_text_difference(text, sizeof text, &tested->against[i]);
        if (i < 4 && used > 0 && (size_t)used < sizeof alt)
            used += snprintf(alt + used, sizeof alt - (size_t)used, " %.300s: %s.", label, text);
    }
    const double air = high - low > 1e-12 ? 0.04 * (high - low) : 1; /* rounding is no difference */
    snprintf(text, sizeof text, "difference in %s%s", labels_metric_title(summary->metric),
             report_is_share(summary->metric) ? " (points)" : "");
    figure_string(&figure, "x_label", text);
    figure_number(&figure, "x_low", low - air);
    figure_number(&figure, "x_high", high + air);
    figure_number(&figure, "places", count);
    figure_number(&figure, "longest", (double)longest);
    snprintf(caption, sizeof caption,
             "Dots: mean difference over the same %s. Lines: its 95 %% interval. "
             "Numbers on a narrow screen are the rows of the table.%s",
             summary->folds ? "folds" : "repeats", names.same);
    return figure_end(&figure, report, alt, caption, err);
}

/* No signed-rank test of n pairs has a p below 2^(1 - n), and Holm multiplies the smallest by all
 * comparisons. */
static bool out_of_reach(int32_t pairs, int32_t comparisons) {
    return pairs >= FINDING_WILCOXON_FROM && ldexp(comparisons, 1 - pairs) >= 0.05;
}

bool comparison_write(Report *report, Error *err) {
    static const char *const headings[] = {
        "row", "text:setting", "mean difference", "95 % interval", "p", "p (Holm)"};
    const Summary *summary = &report->summary;
    char label[1024];
    const Tested *tested = test_all(report, err);
    if (!tested) return false;
    const int32_t count = tested->count < SHOWN ? tested->count : SHOWN;
    if (count == 0) {
        html_raw(report->target, "<p>No other setting has a value.</p>\n");
        return true;
    }
    labels_setting(summary, summary->best, -1, label, sizeof label);
    html_print(report->target,
               "<p>The best setting, <strong>%s</strong>, against the next, paired over the %s: "
               "%s.</p>\n",
               label, summary->folds ? "folds" : "repeats",
               summary->maximize ? "below zero is worse" : "above zero is worse");
    if (!forest(report, tested, count, err)) return false;
    const bool tests = summary->replicates >= FINDING_WILCOXON_FROM;
    report_table_begin(report, headings, tests ? 6 : 4);
    for (int32_t i = 0; i < count; i++) {
        const Comparison *c = &tested->against[i];
        labels_setting(summary, tested->group[i], -1, label, sizeof label);
        html_print(report->target, "<tr><td>%d</td><td class=\"text\" data-value=\"%d\">%s</td>",
                   i + 1, i, label);
        report_number_cell(report, c->difference.mean, c->difference.half);
        report_interval_cell(report, &c->difference);
        if (tests) report_p_cell(report, c->p);
        if (tests) report_p_cell(report, tested->p[i]);
        html_raw(report->target, "</tr>\n");
    }
    report_table_end(report);
    html_print(report->target,
               "<p class=\"note\">Intervals are Student’s t of the paired differences, one at a "
               "time. ");
    if (tests) {
        html_print(report->target,
                   "p is Wilcoxon’s signed-rank test; beside it the same corrected by Holm for %d "
                   "comparison%s. ",
                   tested->count, tested->count == 1 ? "" : "s");
    } else {
        html_raw(report->target, "With fewer than 6 pairs Wilcoxon’s test cannot reach 5 % and is "
                                 "left out. ");
    }
    html_print(report->target,
               "%sThe best was chosen on these same runs, which makes it look a little better than "
               "it is.</p>\n",
               out_of_reach(summary->replicates, tested->count)
                   ? "So few pairs cannot bring the corrected p of so many comparisons below 5 %, "
                     "however large the differences. "
                   : "");
    return true;
}

/* --- Reproduce -------------------------------------------------------------------------------- */

const char *reproduce_misfit(const Report *report) {
    return report->results->trials == 0 ? "there are no runs" : NULL;
}

bool reproduce_write(Report *report, Error *err) {
    static const char *const headings[] = {"text:trial", "text:setting", "repeat",
                                           "fold",       "seed",         "ended"};
    static const char *const ended[] = {
        [TRIAL_DONE] = "done", [TRIAL_DIVERGED] = "diverged", [TRIAL_FAILED] = "failed"};
    const Summary *summary = &report->summary;
    const Results *results = report->results;
    (void)err;
    html_raw(
        report->target,
        "<p>Each figure: <code>gnuplot NAME.gp</code> in the report’s folder draws it again "
        "from NAME.tsv. Each run: <code>runner verify RESULTS --trial ID</code> trains it again "
        "and compares every bit; <code>runner show RESULTS</code> lists all of them.</p>\n");
    if (summary->best < 0) return true;
    html_raw(report->target, "<p>The runs of the best setting:</p>\n");
    const SummaryGroup *best = &summary->group[summary->best];
    char label[1024];
    labels_setting(summary, summary->best, -1, label, sizeof label);
    report_table_begin(report, headings, 6);
    for (int64_t i = best->start; i < best->start + best->trials && i < best->start + TRIALS; i++) {
        const int64_t t = summary->trial[i];
        char id[20];
        snprintf(id, sizeof id, "%016" PRIx64, results->id[t]);
        html_print(report->target,
                   "<tr><td class=\"text\"><code>%s</code></td><td class=\"text\">%s</td>"
                   "<td>%d</td><td>%d</td><td>%" PRId64 "</td><td>%s</td></tr>\n",
                   id, label[0] ? label : "–", results->repeat[t], results->fold[t],
                   results->seed[t], ended[results->status[t]]);
    }
    report_table_end(report);
    if (best->trials > TRIALS) {
        html_print(report->target, "<p class=\"note\">%d of %" PRId64 " runs.</p>\n", TRIALS,
                   best->trials);
    }
    return true;
}
