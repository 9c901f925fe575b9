#include "runner/report/compare_page.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "runner/analysis/finding.h"
#include "runner/analysis/labels.h"
#include "runner/analysis/pairs_text.h"
#include "runner/output/gnuplot.h"
#include "runner/report/compare_curves.h"

#define VALUES 6 /* at most so many values of a setting are listed */

const char *const COMPARE_PAGE_LOG_KEYS[COMPARE_PAGE_LOGGED] = {
    "training_seconds", "total_seconds", "threads", "kernels", "processor", "host"};

/* --- Opening ---------------------------------------------------------------------------------- */

static void write_answer(const ComparePage *page, const PairedDifference *difference, Html *out) {
    const Pairing *pairing = page->pairing;
    const Interval *d = &difference->against.difference;
    const char *metric = labels_metric_title(pairing->a->metric);
    char text[256], means[COMPARE_SIDES][64];
    labels_number(means[0], sizeof means[0], difference->a, d->half);
    labels_number(means[1], sizeof means[1], difference->b, d->half);
    pairs_text_difference(text, sizeof text, pairing, difference);
    html_raw(out, "<p class=\"answer\">");
    if (difference->pairs == 0) {
        html_print(out, "No pair of runs has a %s on both sides: there is nothing to compare.",
                   metric);
    } else if (d->n == 0) {
        html_print(out, "In no pair of runs have both sides a %s: one of the two diverged.",
                   metric);
    } else if (difference->pairs == 1) {
        html_print(out,
                   "With one pair of runs nothing can be said about whether A and B differ by more "
                   "than luck: %s is %s in A and %s in B.",
                   metric, means[0], means[1]);
    } else if (d->mean == 0 && d->sd == 0 && d->n == difference->pairs) {
        html_print(out, "A and B have the same %s in every pair of runs: %s on average.", metric,
                   means[0]);
    } else if (difference->better != 0) {
        html_print(out, "%s is better: mean %s is %s in A and %s in B, a difference of %s.",
                   difference->better > 0 ? "A" : "B", metric, means[0], means[1], text);
    } else {
        html_print(out,
                   "No difference is shown: mean %s is %s in A and %s in B, a difference of %s.",
                   metric, means[0], means[1], text);
    }
    html_raw(out, "</p>\n");
}

static void write_bits(const ComparePage *page, Html *out) {
    if (page->common == 0)
        html_raw(out, "No trial is in both, so there are no bits to compare. ");
    else if (page->differ == 0) {
        html_print(out, "%" PRId64 " trials are in both; their final values agree in every bit. ",
                   page->common);
    } else {
        html_print(out,
                   "<strong>%" PRId64 " of %" PRId64
                   " trials that are in both have different final "
                   "values</strong>: the same settings, seed and data gave other bits. ",
                   page->differ, page->common);
    }
}

/* What the answer rests on. */
static void write_pairs(const ComparePage *page, const PairedDifference *difference, Html *out) {
    const Pairing *pairing = page->pairing;
    char buffer[2048];
    Text text = text_begin(buffer, sizeof buffer);
    const char *unit = pairing->a->folds ? "fold" : "repeat",
               *s = difference->pairs == 1 ? "" : "s";
    text_add(&text, "Paired over %" PRId64 " %s%s", difference->pairs, unit, s);
    if (page->count > 1) {
        text_add(&text, ", after averaging over %" PRId64 " settings within each",
                 difference->settings);
    }
    text_add(&text, ". ");
    pairs_text_common(&text, pairing, &page->in_common);
    pairs_text_gaps(&text, difference);
    pairs_text_disagreement(&text, pairing, difference);
    if (difference->pairs > 1 && difference->pairs < FINDING_WILCOXON_FROM && !pairing->a->folds) {
        text_add(&text,
                 "%" PRId64 " pairs are few: below %d, Wilcoxon’s test cannot reach 5 %% and is "
                 "left out. ",
                 difference->pairs, FINDING_WILCOXON_FROM);
    }
    html_print(out, "%s", buffer);
}

static void write_opening(const ComparePage *page, const PairedDifference *difference,
                          const Report *report, Html *out) {
    char title[600];
    snprintf(title, sizeof title, "%.250s beside %.250s", page->path[0], page->path[1]);
    html_begin(out, title, "comparison", "");
    html_print(out, "<header>\n<h1>%s</h1>\n<p class=\"question\">Do A and B differ in %s?</p>\n",
               title, labels_metric_title(page->pairing->a->metric));
    write_answer(page, difference, out);
    html_raw(out, "</header>\n<p class=\"detail\">");
    write_pairs(page, difference, out);
    write_bits(page, out);
    html_raw(out, "</p>\n");
    for (int32_t side = 0; side < COMPARE_SIDES; side++) {
        const Summary *summary = compare_figures_side(page, side);
        html_print(out,
                   "<p class=\"facts\"><strong>%s</strong>: %s. %" PRId64 " runs of %" PRId64
                   " settings, up to "
                   "%d %s each.</p>\n",
                   COMPARE_FIGURES_LETTER[side], page->path[side], summary->results->trials,
                   summary->groups, summary->replicates,
                   summary->folds             ? "folds"
                   : summary->replicates == 1 ? "repeat"
                                              : "repeats");
    }
    page_say_missing(&report->page, out);
}

/* --- Settings --------------------------------------------------------------------------------- */

/* "1, 2, 4", or "1, 2, 3, 4, 5, 6 … 50": the values of a key, in the order of the trials. */
static void list_values(const Summary *summary, KeyId key, char *text, size_t size) {
    const Value *column = summary->results->key[key];
    const char *seen[VALUES] = {NULL}, *last = "";
    int64_t distinct = 0;
    Text list = text_begin(text, size);
    for (int64_t g = 0; g < summary->groups; g++) {
        const char *value = column[summary_first_trial(summary, g)].text;
        bool known = g > 0 && strcmp(value, last) == 0;
        for (int32_t i = 0; i < VALUES && i < distinct && !known; i++)
            known = strcmp(seen[i], value) == 0;
        last = value;
        if (known) continue;
        if (distinct < VALUES) seen[distinct] = value;
        distinct++;
    }
    for (int32_t i = 0; i < VALUES && i < distinct; i++)
        text_add(&list, "%s%.200s", i > 0 ? ", " : "", seen[i][0] ? seen[i] : "none");
    if (distinct > VALUES) text_add(&list, " … %.200s", last[0] ? last : "none");
}

static void write_settings(const ComparePage *page, Report *report) {
    static const char *const headings[] = {"text:setting", "text:A", "text:B"};
    char text[COMPARE_SIDES][1600];
    int32_t rows = 0;
    page_section(&report->page, "settings", "What was set otherwise");
    for (int32_t key = 0; key < KEY_COUNT; key++) {
        if (key == KEY_DATA_SEED || key == KEY_DATA_TEST_SEED) continue; /* move with the repeat */
        for (int32_t side = 0; side < COMPARE_SIDES; side++) {
            list_values(compare_figures_side(page, side), (KeyId)key, text[side],
                        sizeof text[side]);
        }
        if (strcmp(text[0], text[1]) == 0) continue;
        if (rows++ == 0) page_table_begin(&report->page, headings, 3);
        html_print(&report->body,
                   "<tr><td class=\"text\">%s</td><td class=\"text\">%s</td><td "
                   "class=\"text\">%s</td></tr>\n",
                   KEYS[key].name, text[0], text[1]);
    }
    if (rows > 0)
        page_table_end(&report->page);
    else
        html_raw(&report->body, "<p>Nothing: all keys have the same values in both.</p>\n");
    html_raw(&report->body, "</section>\n");
}

/* --- How trainings ended, and what they took -------------------------------------------------- */

static void write_verdicts(const ComparePage *page, Report *report) {
    static const char *const headings[] = {"text:ended", "A", "B"};
    page_section(&report->page, "stability", "Stability of training");
    page_table_begin(&report->page, headings, 3);
    for (int32_t v = 0; v <= VERDICT_COUNT; v++) {
        int64_t n[COMPARE_SIDES] = {0};
        for (int32_t side = 0; side < COMPARE_SIDES; side++) {
            const Summary *summary = compare_figures_side(page, side);
            for (int64_t g = 0; g < summary->groups; g++) {
                n[side] +=
                    v == VERDICT_COUNT ? summary->group[g].failed : summary->group[g].verdict[v];
            }
        }
        if (n[0] + n[1] == 0) continue;
        html_print(&report->body,
                   "<tr><td class=\"text\">%s</td><td>%" PRId64 "</td><td>%" PRId64 "</td></tr>\n",
                   v == VERDICT_COUNT ? "failed" : verdict_name((Verdict)v), n[0], n[1]);
    }
    page_table_end(&report->page);
    const int64_t a = compare_figures_side(page, 0)->results->numerics;
    const int64_t b = compare_figures_side(page, 1)->results->numerics;
    if ((a < VERDICT_NUMERICS) != (b < VERDICT_NUMERICS)) {
        html_raw(&report->body,
                 "<p class=\"note\">The two programs judged by different rules.</p>\n");
    }
    html_raw(&report->body, "</section>\n");
}

/* A cell of run.log's values: a fraction in three digits; "–" without. */
static void write_logged(Report *report, const char *value) {
    char text[256], *end;
    const double number = strtod(value, &end);
    snprintf(text, sizeof text, "%s", *value ? value : "–");
    if (end != value && !*end && strchr(value, '.')) snprintf(text, sizeof text, "%.3g", number);
    html_print(&report->body, "<td class=\"text\">%s</td>", text);
}

static void write_cost(const ComparePage *page, const CompareLog log[COMPARE_SIDES],
                       Report *report) {
    static const char *const headings[] = {"text:of the whole run", "text:A", "text:B"};
    static const char *const titles[COMPARE_PAGE_LOGGED] = {"training (s)", "in all (s)", "threads",
                                                            "kernels",      "processor",  "host"};
    double epochs[COMPARE_SIDES] = {0};
    int64_t trials[COMPARE_SIDES];
    for (int32_t side = 0; side < COMPARE_SIDES; side++) {
        const Results *results = compare_figures_side(page, side)->results;
        trials[side] = results->trials;
        for (int64_t i = 0; i < results->trials; i++)
            epochs[side] += (double)results->epochs_run[i];
    }
    page_section(&report->page, "cost", "Time and cost");
    page_table_begin(&report->page, headings, 3);
    html_print(&report->body,
               "<tr><td class=\"text\">trials</td><td class=\"text\">%" PRId64
               "</td><td class=\"text\">%" PRId64 "</td></tr>\n"
               "<tr><td class=\"text\">epochs</td><td class=\"text\">%.0f</td>"
               "<td class=\"text\">%.0f</td></tr>\n",
               trials[0], trials[1], epochs[0], epochs[1]);
    for (int32_t k = 0; k < COMPARE_PAGE_LOGGED; k++) {
        html_print(&report->body, "<tr><td class=\"text\">%s</td>", titles[k]);
        for (int32_t side = 0; side < COMPARE_SIDES; side++)
            write_logged(report, log[side].value[k]);
        html_raw(&report->body, "</tr>\n");
    }
    page_table_end(&report->page);
    html_raw(&report->body, "<p class=\"note\">From each run.log, its last run: of a run that was "
                            "stopped and resumed, the last part. Times of machines that did "
                            "something else as well say little.</p>\n</section>\n");
}

static bool write_page(const ComparePage *page, const CompareLog log[COMPARE_SIDES], Report *report,
                       Html *html, Error *err) {
    const PairedDifference difference = pairs_difference(page->pairing, page->pair, page->count);
    if (!compare_figures_sweep(page, report, err) ||
        !compare_figures_differences(page, report, err) ||
        !compare_curves_write(page, report, err)) {
        return false;
    }
    write_settings(page, report);
    write_verdicts(page, report);
    write_cost(page, log, report);
    write_opening(page, &difference, report, html);
    html_bytes(html, report->body.text, report->body.length);
    html_end(html);
    if (html->failed || report->body.failed) return error_memory(err, html->length);
    return page_save(&report->page, html, err) && page_is_complete(&report->page, err);
}

bool compare_page_draw(const ComparePage *page, const CompareLog log[COMPARE_SIDES], Error *err) {
    char plots[FILES_PATH];
    Html html = {0};
    if (!gnuplot_programs(plots, sizeof plots, err)) return false;
    Report *report = calloc(1, sizeof *report);
    if (!report) return error_memory(err, sizeof *report);
    /* The figures' words for metrics are A's; the summary is still its owner's. */
    *report = (Report){.results = page->pairing->a->results,
                       .spec = page->pairing->a->spec,
                       .summary = *page->pairing->a,
                       .page = {.plots_folder = plots}};
    report->page.target = &report->body;
    const bool done =
        page_begin(&report->page, page->folder, err) && write_page(page, log, report, &html, err);
    html_destroy(&html);
    html_destroy(&report->body);
    page_destroy(&report->page);
    free(report);
    return done;
}
