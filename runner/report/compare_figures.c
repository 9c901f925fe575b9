#include "runner/report/compare_figures.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"
#include "runner/analysis/pairs_text.h"
#include "runner/report/series.h"

#define LISTED 20 /* at most so many settings are listed */

const char *const COMPARE_FIGURES_LETTER[COMPARE_SIDES] = {"A", "B"};

const Summary *compare_figures_side(const ComparePage *page, int32_t side) {
    return side == 0 ? page->pairing->a : page->pairing->b;
}

static const double *column_of(const ComparePage *page, int32_t side) {
    return side == 0 ? page->pairing->column_a : page->pairing->column_b;
}

/* --- the metric against a setting that both vary ---------------------------------------------- */

static int32_t same_axis(const Summary *summary, const char *name) {
    for (int32_t a = 0; a < summary->axes; a++)
        if (strcmp(summary->axis[a].name, name) == 0) return a;
    return -1;
}

/* The axis that A sweeps, or that B does, where both have it: its number in each; false where there
 * is none. */
static bool common_axis(const ComparePage *page, int32_t axis[COMPARE_SIDES]) {
    for (int32_t side = 0; side < COMPARE_SIDES; side++) {
        const Summary *one = compare_figures_side(page, side),
                      *other = compare_figures_side(page, 1 - side);
        if (one->sweep_axis < 0) continue;
        axis[side] = one->sweep_axis;
        axis[1 - side] = same_axis(other, one->axis[one->sweep_axis].name);
        if (axis[1 - side] >= 0) return one->best >= 0 && other->best >= 0;
    }
    return false;
}

/* Values of both: ascending where they are numbers, else A's and then what only B has. Groups are
 * -1 where a side has none. */
typedef struct Union {
    int32_t count;
    double *x;
    const char **label;
    int64_t *group[COMPARE_SIDES];
    SummaryScale scale;
} Union;

/* Where a value is, or goes: at the first equal one, else behind all smaller ones; words go to the
 * end. */
static int32_t position_of(const Union *both, const SummaryAxis *axis, int32_t value, bool words) {
    int32_t at = 0;
    if (words)
        while (at < both->count && strcmp(both->label[at], axis->label[value]) != 0) at++;
    else
        while (at < both->count && both->x[at] < axis->number[value]) at++;
    return at;
}

static void insert(Union *both, const SummaryAxis *axis, int32_t value, bool words, int32_t side,
                   int64_t group) {
    const int32_t at = position_of(both, axis, value, words);
    if (at == both->count || (!words && both->x[at] != axis->number[value])) {
        const size_t tail = (size_t)(both->count - at);
        memmove(both->x + at + 1, both->x + at, tail * sizeof *both->x);
        memmove(both->label + at + 1, both->label + at, tail * sizeof *both->label);
        for (int32_t k = 0; k < COMPARE_SIDES; k++)
            memmove(both->group[k] + at + 1, both->group[k] + at, tail * sizeof(int64_t));
        both->x[at] = words ? at : axis->number[value];
        both->label[at] = axis->label[value];
        both->group[0][at] = both->group[1][at] = -1;
        both->count++;
    }
    both->group[side][at] = group;
}

static bool unite(Union *both, const ComparePage *page, const int32_t axis[COMPARE_SIDES],
                  Report *report, Error *err) {
    const SummaryAxis *of[COMPARE_SIDES];
    Pool *pool = &report->page.pool;
    size_t room = 0;
    for (int32_t side = 0; side < COMPARE_SIDES; side++) {
        of[side] = &compare_figures_side(page, side)->axis[axis[side]];
        room += (size_t)of[side]->count;
    }
    *both = (Union){.x = pool_alloc(pool, room, sizeof *both->x, err),
                    .label = pool_alloc(pool, room, sizeof *both->label, err),
                    .group = {pool_alloc(pool, room, sizeof(int64_t), err),
                              pool_alloc(pool, room, sizeof(int64_t), err)}};
    if (!both->x || !both->label || !both->group[0] || !both->group[1]) return false;
    const bool words = of[0]->scale == SUMMARY_CATEGORY || of[1]->scale == SUMMARY_CATEGORY;
    for (int32_t side = 0; side < COMPARE_SIDES; side++) {
        const Summary *summary = compare_figures_side(page, side);
        int64_t *line = pool_alloc(pool, (size_t)of[side]->count, sizeof *line, err);
        if (!line) return false;
        summary_line(summary, axis[side], summary->best, line);
        for (int32_t v = 0; v < of[side]->count; v++)
            if (line[v] >= 0) insert(both, of[side], v, words, side, line[v]);
    }
    const bool logarithmic = of[0]->scale == SUMMARY_LOG || of[1]->scale == SUMMARY_LOG;
    both->scale = words                           ? SUMMARY_CATEGORY
                  : logarithmic && both->x[0] > 0 ? SUMMARY_LOG
                                                  : SUMMARY_LINEAR;
    return true;
}

/* The metric of both sides, then its counterpart on training rows. */
static bool add_series(SweepPlot *plot, const Union *both, const ComparePage *page, Report *report,
                       Error *err) {
    static const char *const words[COMPARE_SIDES][2] = {{"a", "a_train"}, {"b", "b_train"}};
    const Summary *a = page->pairing->a;
    const Metric train = labels_train_metric(a->metric);
    for (int32_t on_train = 0; on_train < 2; on_train++) {
        for (int32_t side = 0; side < COMPARE_SIDES; side++) {
            const Summary *summary = compare_figures_side(page, side);
            const double *column =
                on_train ? summary_column(summary, train, a->at) : column_of(page, side);
            if (!column) continue;
            const char *metric = metrics_name(on_train ? train : a->metric);
            char *name = pool_alloc(&report->page.pool, 64, 1, err);
            if (!name) return false;
            snprintf(name, 64, "%s %.*s", COMPARE_FIGURES_LETTER[side], (int)strcspn(metric, "_"),
                     metric);
            if (!series_add(plot, report, summary, name, words[side][on_train], column,
                            both->group[side], err)) {
                return false;
            }
            Series *one = &plot->series[plot->count - 1];
            one->colour = section_metric_colour(on_train ? train : a->metric);
            one->dashed = side == 1;
        }
    }
    return true;
}

static void write_caption(const SweepPlot *plot, const ComparePage *page,
                          const int32_t axis[COMPARE_SIDES], Text *caption) {
    series_caption(plot, page->pairing->a->folds, caption);
    if (plot->axis_scale != SUMMARY_CATEGORY) text_add(caption, "Dashed: B. ");
    for (int32_t side = 0; side < COMPARE_SIDES; side++) {
        const Summary *summary = compare_figures_side(page, side);
        char held[900];
        labels_setting(summary, summary->best, axis[side], held, sizeof held);
        if (!held[0]) continue;
        text_add(caption, "%s with all else as in its best setting: %s. ",
                 COMPARE_FIGURES_LETTER[side], held);
    }
}

bool compare_figures_sweep(const ComparePage *page, Report *report, Error *err) {
    const Summary *a = page->pairing->a;
    int32_t axis[COMPARE_SIDES];
    char title[256], heading[280], y_label[200], buffer[2048];
    Text caption = text_begin(buffer, sizeof buffer);
    Union both;
    SweepPlot plot;
    if (!common_axis(page, axis)) return true;
    if (!unite(&both, page, axis, report, err)) return false;
    if (both.count < 2) return true;
    if (!series_begin(&plot, report, both.count, page->pairing->room, err)) return false;
    labels_axis_title(&a->axis[axis[0]], title, sizeof title);
    snprintf(heading, sizeof heading, "Against %s", title);
    page_section(&report->page, "sweep", heading);
    plot.name = a->axis[axis[0]].name;
    plot.title = title;
    plot.axis_scale = both.scale;
    plot.scale = section_metric_scale(a->metric);
    plot.maximize = a->maximize;
    memcpy(plot.x, both.x, (size_t)both.count * sizeof *plot.x);
    memcpy(plot.label, both.label, (size_t)both.count * sizeof *plot.label);
    if (!add_series(&plot, &both, page, report, err)) return false;
    write_caption(&plot, page, axis, &caption);
    section_metric_axis(report, a->metric, y_label, sizeof y_label);
    if (!series_draw(&plot, report, "compare-sweep", y_label, !section_is_share(a->metric), buffer,
                     err)) {
        return false;
    }
    html_raw(&report->body, "</section>\n");
    return true;
}

/* --- paired differences ----------------------------------------------------------------------- */

typedef struct Listed {
    PairedDifference row[LISTED + 1];
    char label[LISTED + 1][1024];
    int32_t count, family; /* rows; those that Holm's correction is for */
    bool p, holm;          /* whether any row has a p, and several settings have */
} Listed;

static bool list_rows(Listed *listed, const ComparePage *page, Error *err) {
    const Pairing *pairing = page->pairing;
    for (int64_t i = 0; page->count > 1 && i < page->count && i < LISTED; i++) {
        const int32_t k = listed->count++;
        labels_setting(pairing->a, page->pair[i].a, -1, listed->label[k], sizeof listed->label[k]);
        listed->row[k] = pairs_difference(pairing, &page->pair[i], 1);
    }
    listed->family = listed->count;
    const int32_t last = listed->count++;
    listed->row[last] = pairs_difference(pairing, page->pair, page->count);
    snprintf(listed->label[last], sizeof listed->label[last], "%s",
             page->count > 1 ? "average over all settings" : "the shared setting");
    for (int32_t i = 0; i < listed->count; i++)
        listed->p = listed->p || !isnan(listed->row[i].against.p);
    listed->holm = listed->p && listed->family > 0;
    return pairs_holm(listed->row, listed->family, err);
}

static bool forest(const ComparePage *page, const Listed *listed, Report *report, Error *err) {
    static const char *const headings[] = {"setting", "difference", "low", "high"};
    const Metric metric = page->pairing->a->metric;
    const double scale = section_metric_scale(metric);
    Figure figure = {0};
    double low = 0, high = 0;
    int32_t longest = 0;
    char alt_buffer[2048], text[300];
    if (!figure_begin(&figure, &report->page, "compare-differences", "comparison", err))
        return false;
    figure_headings(&figure, headings, 4);
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    text_add(&alt, "A minus B in %s.", labels_metric_title(metric));
    for (int32_t i = 0; i < listed->count; i++) {
        const Interval *d = &listed->row[i].against.difference;
        const double ends[] = {d->mean * scale, d->low * scale, d->high * scale};
        const int32_t length = text_width(listed->label[i]);
        longest = length > longest ? length : longest;
        figure_cell(&figure, listed->label[i]);
        for (int32_t k = 0; k < 3; k++) {
            figure_value(&figure, ends[k]);
            low = isfinite(ends[k]) ? fmin(low, ends[k]) : low;
            high = isfinite(ends[k]) ? fmax(high, ends[k]) : high;
        }
        figure_row(&figure);
        pairs_text_difference(text, sizeof text, page->pairing, &listed->row[i]);
        if (d->n > 0 && (i < 3 || i == listed->count - 1))
            text_add(&alt, " %.300s: %s.", listed->label[i], text);
    }
    const double air =
        high - low > 1e-12 ? 0.04 * (high - low) : 1; /* rounding errors are no difference */
    snprintf(text, sizeof text, "A − B in %s%s", labels_metric_title(metric),
             section_is_share(metric) ? " (points)" : "");
    figure_string(&figure, "x_label", text);
    figure_number(&figure, "x_low", low - air);
    figure_number(&figure, "x_high", high + air);
    figure_number(&figure, "places", listed->count);
    figure_number(&figure, "longest", (double)longest);
    return figure_end(&figure, alt.buffer,
                      "Dots: mean difference over the same runs. Lines: its 95 % interval. Numbers "
                      "on a narrow screen are the rows of the table.",
                      err);
}

static void begin_table(const Listed *listed, Report *report) {
    const char *heading[10] = {"row",       "text:setting", "mean of A",
                               "mean of B", "A − B",        "95 % interval"};
    int32_t count = 6;
    if (listed->p) heading[count++] = "p";
    if (listed->holm) heading[count++] = "p (Holm)";
    heading[count++] = "A beats B";
    heading[count++] = "pairs";
    page_table_begin(&report->page, heading, count);
}

static void write_row(const Listed *listed, int32_t i, Report *report) {
    const PairedDifference *row = &listed->row[i];
    const Interval *d = &row->against.difference;
    html_print(&report->body, "<tr><td>%d</td><td class=\"text\" data-value=\"%d\">%s</td>", i + 1,
               i, listed->label[i]);
    section_number_cell(report, row->a, d->half);
    section_number_cell(report, row->b, d->half);
    section_number_cell(report, d->mean, d->half);
    section_interval_cell(report, d);
    if (listed->p) section_p_cell(report, row->against.p);
    if (listed->holm) section_p_cell(report, row->holm);
    if (row->pairs > 0)
        html_print(&report->body, "<td data-value=\"%.9g\">%.0f %%</td>", row->wins,
                   100 * row->wins);
    else
        html_raw(&report->body, "<td data-value=\"NaN\">–</td>");
    html_print(&report->body, "<td>%" PRId64 "</td></tr>\n", row->pairs);
}

static void write_note(const ComparePage *page, const Listed *listed, Report *report) {
    char buffer[1024];
    const bool folds = page->pairing->a->folds;
    const char *replicate = folds ? "fold" : "repeat";
    html_print(&report->body, "<p class=\"note\">A pair is a %s. ", replicate);
    if (folds) {
        html_raw(&report->body, "Folds share training rows, so that interval and p are those of "
                                "Nadeau and Bengio’s corrected t test. ");
    } else if (listed->p) {
        html_raw(&report->body, "p is Wilcoxon’s signed-rank test. ");
    }
    if (listed->holm) {
        html_print(&report->body, "p (Holm) is corrected for the %d settings listed. ",
                   listed->family);
    }
    if (page->count > 1) {
        html_print(&report->body,
                   "The last row averages over the settings within each %s first: settings of one "
                   "%s share their luck, and are no evidence of their own. ",
                   replicate, replicate);
    }
    html_print(&report->body,
               "A beats B: the share of the %ss in which A is better, ties counted half, as an "
               "estimate of the probability that it is so in a new one. ",
               replicate);
    Text text = text_begin(buffer, sizeof buffer);
    pairs_text_gaps(&text, &listed->row[listed->count - 1]);
    html_print(&report->body, "%s", buffer);
    if (page->count > LISTED)
        html_print(&report->body, "The first %d of %" PRId64 " settings.", LISTED, page->count);
    html_raw(&report->body, "</p>\n");
}

bool compare_figures_differences(const ComparePage *page, Report *report, Error *err) {
    Listed *listed = pool_alloc(&report->page.pool, 1, sizeof *listed, err);
    if (!listed || !list_rows(listed, page, err)) return false;
    page_section(&report->page, "differences", "Paired differences");
    html_print(&report->body,
               "<p>A minus B in %s, %s by %s of the same setting. %s zero, A is better.</p>\n",
               labels_metric_title(page->pairing->a->metric),
               page->pairing->a->folds ? "fold" : "repeat",
               page->pairing->a->folds ? "fold" : "repeat",
               page->pairing->a->maximize ? "Above" : "Below");
    if (!forest(page, listed, report, err)) return false;
    begin_table(listed, report);
    for (int32_t i = 0; i < listed->count; i++) write_row(listed, i, report);
    page_table_end(&report->page);
    write_note(page, listed, report);
    html_raw(&report->body, "</section>\n");
    return true;
}
