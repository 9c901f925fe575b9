/* Section importance: which setting matters, alone and together with another one. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "runner/analysis/importance.h"
#include "runner/analysis/labels.h"
#include "runner/report/section.h"

#define PAIRS   10 /* at most so many pairs of axes have a row; the rest share one */
#define LEVEL   0.05
#define LEAVE   6   /* at most so many values that are left out are named */
#define PERCENT 100 /* shares are shown in */

/* A row of the figure and of the table: an effect, or what several add up to. */
typedef struct ShareRow {
    char label[600];
    const ImportanceEffect *effect; /* NULL: none of its own */
    double share, luck;
} ShareRow;

typedef struct ShareRows {
    ShareRow *row;
    int32_t count;
    bool tested;
} ShareRows;

static const char *unavailable(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    return report->summary.axes < 2 ? "it needs two settings that vary" : NULL;
}

/* --- rows ------------------------------------------------------------------------------------- */

static void effect_label(const Summary *summary, const ImportanceEffect *effect, char *text,
                         size_t size) {
    char one[256], other[256];
    labels_axis_title(&summary->axis[effect->axis[0]], one, sizeof one);
    if (effect->axis[1] < 0) {
        snprintf(text, size, "%s", one);
    } else {
        labels_axis_title(&summary->axis[effect->axis[1]], other, sizeof other);
        snprintf(text, size, "%s × %s", one, other);
    }
}

/* Axes before pairs, the larger share first. */
static int by_share(const void *a, const void *b) {
    const ImportanceEffect *x = *(const ImportanceEffect *const *)a,
                           *y = *(const ImportanceEffect *const *)b;
    if ((x->axis[1] < 0) != (y->axis[1] < 0)) return x->axis[1] < 0 ? -1 : 1;
    if (x->share != y->share) return x->share > y->share ? -1 : 1;
    return x < y ? -1 : 1;
}

static ShareRow *add_row(ShareRows *rows, const char *label, double share, double luck) {
    ShareRow *row = &rows->row[rows->count++];
    *row = (ShareRow){.share = share, .luck = luck};
    snprintf(row->label, sizeof row->label, "%s", label);
    return row;
}

static bool gather(ShareRows *rows, const Importance *importance, Report *report, Error *err) {
    const Summary *summary = &report->summary;
    const size_t n = (size_t)importance->effects;
    const ImportanceEffect **order = pool_alloc(&report->page.pool, n, sizeof *order, err);
    *rows = (ShareRows){.row = pool_alloc(&report->page.pool, n + 3, sizeof *rows->row, err),
                        .tested = !isnan(importance->effect[0].p)};
    if (!order || !rows->row) return false;
    for (size_t i = 0; i < n; i++) order[i] = &importance->effect[i];
    qsort(order, n, sizeof *order, by_share);
    int32_t pairs = 0, axes = 0;
    double share = 0, luck = 0;
    for (size_t i = 0; i < n; i++) {
        axes += order[i]->axis[1] < 0;
        if (order[i]->axis[1] >= 0 && ++pairs > PAIRS) {
            share += order[i]->share;
            luck += order[i]->luck;
            continue;
        }
        char label[600];
        effect_label(summary, order[i], label, sizeof label);
        add_row(rows, label, order[i]->share, order[i]->luck)->effect = order[i];
    }
    if (pairs > PAIRS) add_row(rows, "other pairs", share, luck);
    if (axes > 2) add_row(rows, "three or more together", importance->higher, (double)NAN);
    if (rows->tested) add_row(rows, "luck of single runs", importance->luck, (double)NAN);
    return true;
}

/* --- the figure and the table ----------------------------------------------------------------- */

static void value_or_blank(Figure *figure, double value) {
    if (isnan(value))
        figure_blank(figure);
    else
        figure_value(figure, value);
}

static bool draw(Report *report, const ShareRows *rows, Error *err) {
    static const char *const headings[] = {"effect", "share_percent", "luck_percent", "p",
                                           "p_holm"};
    Figure figure = {0};
    char alt_buffer[2048];
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    double high = 0;
    int32_t longest = 0;
    if (!figure_begin(&figure, &report->page, "importance", "importance", err)) return false;
    figure_headings(&figure, headings, 5);
    text_add(&alt, "Share of the variance that each setting explains.");
    for (int32_t i = 0; i < rows->count; i++) {
        const ShareRow *row = &rows->row[i];
        const int32_t length = text_width(row->label);
        longest = length > longest ? length : longest;
        figure_cell(&figure, row->label);
        figure_value(&figure, PERCENT * row->share);
        value_or_blank(&figure, PERCENT * row->luck);
        value_or_blank(&figure, row->effect ? row->effect->p : (double)NAN);
        value_or_blank(&figure, row->effect ? row->effect->holm : (double)NAN);
        figure_row(&figure);
        high = fmax(high, fmax(PERCENT * row->share, PERCENT * row->luck));
        text_add(&alt, " %.60s: %.1f %%.", row->label, PERCENT * row->share);
    }
    figure_number(&figure, "places", rows->count);
    figure_number(&figure, "longest", longest);
    figure_number(&figure, "luck_row", rows->tested ? rows->count - 1 : -1);
    figure_number(&figure, "x_high", 1.15 * high);
    return figure_end(&figure, alt_buffer,
                      rows->tested
                          ? "Bars: the share beyond luck; a negative one has no bar. Marks: what "
                            "luck alone would have been taken for."
                          : "Bars: the share. Marks: what luck alone would be expected to have.",
                      err);
}

static void percent_cell(Report *report, double share) {
    if (isnan(share))
        html_raw(report->page.target, "<td data-value=\"NaN\">–</td>");
    else
        html_print(report->page.target, "<td data-value=\"%.9g\">%s%.1f %%</td>", share,
                   share <= -0.0005 ? "−" : "", fabs(PERCENT * share));
}

static void write_table(Report *report, const ShareRows *rows) {
    static const char *const headings[] = {"text:effect", "share", "luck alone", "p", "p (Holm)"};
    page_table_begin(&report->page, headings, rows->tested ? 5 : 3);
    for (int32_t i = 0; i < rows->count; i++) {
        const ShareRow *row = &rows->row[i];
        html_print(report->page.target, "<tr><td class=\"text\" data-value=\"%d\">%s</td>", i,
                   row->label);
        percent_cell(report, row->share);
        percent_cell(report, row->luck);
        if (rows->tested) {
            section_p_cell(report, row->effect ? row->effect->p : (double)NAN);
            section_p_cell(report, row->effect ? row->effect->holm : (double)NAN);
        }
        html_raw(report->page.target, "</tr>\n");
    }
    page_table_end(&report->page);
}

/* --- words ------------------------------------------------------------------------------------ */

/* Adds "hidden units (54.1 %)" for each effect that is, or is not, shown; how many there are. */
static int32_t list_effects(Text *text, const ShareRows *rows, bool shown) {
    int32_t count = 0;
    for (int32_t i = 0; i < rows->count; i++) {
        const ShareRow *row = &rows->row[i];
        if (!row->effect || (row->effect->holm < LEVEL) != shown) continue;
        text_add(text, "%s%s", count++ > 0 ? ", " : "", row->label);
        if (shown) text_add(text, " (%.1f %%)", PERCENT * row->share);
    }
    return count;
}

static void write_answer(Report *report, const ShareRows *rows) {
    char shown_buffer[4096], other_buffer[4096];
    Text shown = text_begin(shown_buffer, sizeof shown_buffer);
    Text other = text_begin(other_buffer, sizeof other_buffer);
    if (!rows->tested) {
        html_raw(report->page.target,
                 "<p>With one repeat nothing can be said to matter: luck and effect cannot be told "
                 "apart.</p>\n");
        return;
    }
    const int32_t there = list_effects(&shown, rows, true),
                  rest = list_effects(&other, rows, false);
    html_raw(report->page.target, "<p>");
    if (there == 0)
        html_raw(report->page.target, "Nothing is shown to matter. ");
    else
        html_print(report->page.target, "Shown to matter: %s. ", shown_buffer);
    if (there > 0 && rest > 0) html_print(report->page.target, "Not shown: %s.", other_buffer);
    html_raw(report->page.target, "</p>\n");
}

static void write_method(Report *report, bool tested) {
    const char *unit = report->summary.folds ? "fold" : "repeat";
    if (tested) {
        html_print(
            report->page.target,
            "<p class=\"note\">Share: of the variance of %s between single runs, without "
            "what is easy or hard in a %s for all of them, the part that belongs to a "
            "setting, or to two together (× : what one does depends on the other), beyond "
            "what luck would give it (omega squared). Luck is judged by how much an effect "
            "changes from %s to %s%s; p is that of an F test (Greenhouse and Geisser), and p "
            "(Holm) is corrected for all of them.</p>\n",
            labels_metric_title(report->summary.metric), unit, unit, unit,
            report->summary.folds ? ", and larger as folds share training rows" : "");
    } else {
        html_print(
            report->page.target,
            "<p class=\"note\">Share: of the variance of %s between the settings, the part "
            "that belongs to a setting, or to two together (× : what one does depends on the "
            "other). Luck alone: what it would be if the settings differed by luck "
            "alone.</p>\n",
            labels_metric_title(report->summary.metric));
    }
}

static void write_left_out(Report *report, const Importance *importance) {
    char buffer[2048];
    Text text = text_begin(buffer, sizeof buffer);
    int32_t count = 0;
    for (int32_t a = 0; a < report->summary.axes; a++) {
        for (int32_t v = 0; v < report->summary.axis[a].count; v++) {
            char phrase[600];
            if (!importance->left_out[a][v] || ++count > LEAVE) continue;
            labels_phrase(&report->summary, a, v, phrase, sizeof phrase);
            text_add(&text, "%s%.200s", count > 1 ? ", " : "", phrase);
        }
    }
    if (count == 0) return;
    html_print(report->page.target,
               "<p>Left out, because not every combination with it has a value in all %ss: %s",
               report->summary.folds ? "fold" : "repeat", buffer);
    if (count > LEAVE) html_print(report->page.target, " and %d more values", count - LEAVE);
    html_print(report->page.target, ". %" PRId64 " settings are left.</p>\n", importance->settings);
}

static bool write_all(Report *report, const Importance *importance, Error *err) {
    ShareRows rows;
    if (importance->settings == 0) {
        html_raw(report->page.target,
                 "<p>No two settings have a value in all their combinations and repeats: there is "
                 "nothing to share out.</p>\n");
        return true;
    }
    if (importance->same) {
        html_raw(report->page.target,
                 "<p>All settings have the same mean: there is nothing to share out.</p>\n");
        return true;
    }
    if (!gather(&rows, importance, report, err)) return false;
    write_answer(report, &rows);
    write_left_out(report, importance);
    if (!draw(report, &rows, err)) return false;
    write_table(report, &rows);
    write_method(report, rows.tested);
    return true;
}

static bool write(Report *report, Error *err) {
    Importance importance;
    if (!importance_make(&importance, &report->summary, err)) return false;
    const bool done = write_all(report, &importance, err);
    importance_destroy(&importance);
    return done;
}

const Section importance_section = {"importance", "Which setting matters", unavailable, write,
                                    NULL};
