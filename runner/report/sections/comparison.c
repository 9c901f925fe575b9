/* Section comparison: the best setting against the next ones. */
#include <math.h>

#include "core/base/text.h"
#include "runner/analysis/finding_text.h"
#include "runner/analysis/labels.h"
#include "runner/report/section.h"

#define SHOWN  10
#define FAMILY 1000 /* at most so many settings are tested, the next best ones */

static const char *unavailable(const Report *report) {
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
    Tested *tested = pool_alloc(&report->page.pool, 1, sizeof *tested, err);
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
    const double scale = section_metric_scale(summary->metric);
    char label[1024], best[1024], alt_buffer[2048], text[300], caption[1400];
    double low = 0, high = 0;
    RowNames names;
    int32_t longest = 0;
    section_row_names(report, tested->group, count, &names);
    labels_setting(summary, summary->best, -1, best, sizeof best);
    if (!figure_begin(&figure, &report->page, "comparison", "comparison", err)) return false;
    static const char *const headings[] = {"setting", "difference", "low", "high"};
    figure_headings(&figure, headings, 4);
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    text_add(&alt, "Differences in %s from the best setting, %.300s.",
             labels_metric_title(summary->metric), best);
    for (int32_t i = 0; i < count; i++) {
        const Interval *d = &tested->against[i].difference;
        section_row_name(report, &names, tested->group[i], label, sizeof label);
        longest = text_width(label) > longest ? text_width(label) : longest;
        figure_cell(&figure, label);
        figure_value(&figure, d->mean * scale);
        figure_value(&figure, d->low * scale);
        figure_value(&figure, d->high * scale);
        figure_row(&figure);
        low = fmin(low, fmin(d->mean, isfinite(d->low) ? d->low : d->mean) * scale);
        high = fmax(high, fmax(d->mean, isfinite(d->high) ? d->high : d->mean) * scale);
        finding_text_difference(text, sizeof text, &tested->against[i]);
        if (i < 4) text_add(&alt, " %.300s: %s.", label, text);
    }
    const double air =
        high - low > 1e-12 ? 0.04 * (high - low) : 1; /* rounding errors are no difference */
    snprintf(text, sizeof text, "difference in %s%s", labels_metric_title(summary->metric),
             section_is_share(summary->metric) ? " (points)" : "");
    figure_string(&figure, "x_label", text);
    figure_number(&figure, "x_low", low - air);
    figure_number(&figure, "x_high", high + air);
    figure_number(&figure, "places", count);
    figure_number(&figure, "longest", (double)longest);
    snprintf(caption, sizeof caption,
             "Dots: mean difference over the same %s. Lines: its 95 %% interval. "
             "Numbers on a narrow screen are the rows of the table.%s",
             summary->folds ? "folds" : "repeats", names.same);
    return figure_end(&figure, alt.buffer, caption, err);
}

/* No signed-rank test of n pairs has a p below 2^(1 - n), and Holm multiplies the smallest by all
 * comparisons. */
static bool out_of_reach(int32_t pairs, int32_t comparisons) {
    return pairs >= FINDING_WILCOXON_FROM && ldexp(comparisons, 1 - pairs) >= 0.05;
}

static void write_table(Report *report, const Tested *tested, int32_t count, bool tests) {
    static const char *const headings[] = {
        "row", "text:setting", "mean difference", "95 % interval", "p", "p (Holm)"};
    char label[1024];
    page_table_begin(&report->page, headings, tests ? 6 : 4);
    for (int32_t i = 0; i < count; i++) {
        const Comparison *c = &tested->against[i];
        labels_setting(&report->summary, tested->group[i], -1, label, sizeof label);
        html_print(report->page.target,
                   "<tr><td>%d</td><td class=\"text\" data-value=\"%d\">%s</td>", i + 1, i, label);
        section_number_cell(report, c->difference.mean, c->difference.half);
        section_interval_cell(report, &c->difference);
        if (tests) section_p_cell(report, c->p);
        if (tests) section_p_cell(report, tested->p[i]);
        html_raw(report->page.target, "</tr>\n");
    }
    page_table_end(&report->page);
}

static void write_note(Report *report, const Tested *tested, bool tests) {
    html_print(report->page.target,
               "<p class=\"note\">Intervals are Student’s t of the paired differences, one at a "
               "time. ");
    if (tests) {
        html_print(report->page.target,
                   "p is Wilcoxon’s signed-rank test; beside it the same corrected by Holm for %d "
                   "comparison%s. ",
                   tested->count, tested->count == 1 ? "" : "s");
    } else {
        html_raw(report->page.target,
                 "With fewer than 6 pairs Wilcoxon’s test cannot reach 5 % and is "
                 "left out. ");
    }
    html_print(report->page.target,
               "%sThe best was chosen on these same runs, which makes it look a little better than "
               "it is.</p>\n",
               out_of_reach(report->summary.replicates, tested->count)
                   ? "So few pairs cannot bring the corrected p of so many comparisons below 5 %, "
                     "however large the differences. "
                   : "");
}

static bool write(Report *report, Error *err) {
    const Summary *summary = &report->summary;
    char label[1024];
    const Tested *tested = test_all(report, err);
    if (!tested) return false;
    const int32_t count = tested->count < SHOWN ? tested->count : SHOWN;
    if (count == 0) {
        html_raw(report->page.target, "<p>No other setting has a value.</p>\n");
        return true;
    }
    labels_setting(summary, summary->best, -1, label, sizeof label);
    html_print(report->page.target,
               "<p>The best setting, <strong>%s</strong>, against the next, paired over the %s: "
               "%s.</p>\n",
               label, summary->folds ? "folds" : "repeats",
               summary->maximize ? "below zero is worse" : "above zero is worse");
    if (!forest(report, tested, count, err)) return false;
    const bool tests = summary->replicates >= FINDING_WILCOXON_FROM;
    write_table(report, tested, count, tests);
    write_note(report, tested, tests);
    return true;
}

const Section comparison_section = {"comparison", "The best against the next", unavailable, write,
                                    NULL};
