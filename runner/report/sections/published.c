/* Section published: figures printed elsewhere, beside ours. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"
#include "runner/report/section.h"

static const char *unavailable(const Report *report) {
    return report->spec->published_count == 0 ? "the experiment names no published figures" : NULL;
}

/* The first trial with the values and the seed of `where`; -1: none. */
static int64_t find_trial(const Report *report, const Published *published) {
    const Results *results = report->results;
    for (int64_t t = 0; t < results->trials; t++) {
        bool same = published->where_seed < 0 || results->seed[t] == published->where_seed;
        for (int32_t k = 0; k < published->where.count && same; k++) {
            const Assignment *wanted = &published->where.set[k];
            same = strcmp(results->key[wanted->key][t].text, wanted->value.text) == 0;
        }
        if (same) return t;
    }
    return -1;
}

static double ours_at(const Report *report, int64_t trial, Metric metric, int64_t epoch) {
    const Results *results = report->results;
    if (!results->history[metric]) return (double)NAN;
    for (int64_t p = 0; p < results->points; p++) {
        if (results->epoch[p] == epoch)
            return results->history[metric][trial * results->points + p];
    }
    return (double)NAN;
}

/* The decimals that were printed: as many as the value that needs the largest number of them. */
static int printed_decimals(const Published *published) {
    int decimals = 0;
    for (int32_t i = 0; i < published->count; i++) {
        for (int d = decimals; d <= 12; d++) {
            const double scaled = published->value[i] * pow(10, d);
            decimals = d;
            if (fabs(scaled - round(scaled)) < 1e-6 * fmax(1, fabs(scaled)) * 1e-3) break;
        }
    }
    return decimals;
}

typedef struct PublishedRow {
    double ours, difference; /* ours: the nearer one, where the next epoch may be meant */
    int64_t epoch;           /* of ours */
    bool agrees, known;
} PublishedRow;

static PublishedRow compare(const Report *report, const Published *published, int64_t trial,
                            int32_t i) {
    const double unit = pow(10, -printed_decimals(published));
    PublishedRow row = {(double)NAN, (double)NAN, published->epoch[i], false, false};
    for (int64_t later = 0; later <= (published->or_next ? 1 : 0); later++) {
        const double ours = ours_at(report, trial, published->metric, published->epoch[i] + later);
        if (!isfinite(ours)) continue;
        if (row.known && fabs(ours - published->value[i]) >= fabs(row.difference)) continue;
        row = (PublishedRow){ours, ours - published->value[i], published->epoch[i] + later, false,
                             true};
    }
    /* To the printed digits: ours would be printed the same, or one unit of the last digit away. */
    row.agrees = row.known && fabs(row.difference) <= 1.001 * unit;
    return row;
}

static void table(Report *report, const Published *published, int64_t trial, int32_t *agreeing,
                  int32_t *known) {
    const int decimals = printed_decimals(published);
    const char *const heading[] = {"epoch",     "published",  "ours",
                                   "our epoch", "difference", "agrees"};
    *agreeing = *known = 0;
    for (int32_t i = 0; i < published->count; i++) {
        const PublishedRow row = compare(report, published, trial, i);
        *agreeing += row.agrees;
        *known += row.known;
    }
    page_table_begin(&report->page, heading, 6);
    for (int32_t i = 0; i < published->count && i < SECTION_ROWS; i++) {
        const PublishedRow row = compare(report, published, trial, i);
        char difference[64], theirs[64], ours[64];
        snprintf(theirs, sizeof theirs, "%.*f", decimals, published->value[i]);
        const bool vanishes = row.ours != 0 && fabs(row.ours) < 0.5 * pow(10, -decimals);
        snprintf(ours, sizeof ours, vanishes ? "%.*e" : "%.*f", vanishes ? 1 : decimals, row.ours);
        html_print(report->page.target,
                   "<tr><td data-value=\"%" PRId64 "\">%" PRId64
                   "</td><td data-value=\"%.9g\">%s</td>",
                   published->epoch[i], published->epoch[i], published->value[i], theirs);
        if (!row.known) {
            html_raw(report->page.target,
                     "<td data-value=\"NaN\">not recorded</td><td data-value=\"NaN\">–</td><td "
                     "data-value=\"NaN\">–</td><td>–</td></tr>\n");
            continue;
        }
        const bool none = fabs(row.difference) < 0.5 * pow(10, -decimals);
        snprintf(difference, sizeof difference, "%s%.*f",
                 none                 ? ""
                 : row.difference < 0 ? "−"
                                      : "+",
                 none ? 0 : decimals, fabs(row.difference));
        html_print(report->page.target,
                   "<td data-value=\"%.9g\">%s</td><td data-value=\"%" PRId64 "\">%" PRId64
                   "</td><td "
                   "data-value=\"%.9g\">%s</td><td>%s</td></tr>\n",
                   row.ours, ours, row.epoch, row.epoch, row.difference, difference,
                   row.agrees ? "yes" : "no");
    }
    page_table_end(&report->page);
    if (published->count > SECTION_ROWS) {
        html_print(report->page.target, "<p class=\"note\">%d more values are left out.</p>\n",
                   published->count - SECTION_ROWS);
    }
}

static bool chart(Report *report, const Published *published, int64_t trial, Error *err) {
    Figure figure = {0};
    const Results *results = report->results;
    const double *history = results->history[published->metric];
    const double unit = section_metric_scale(published->metric);
    double low = INFINITY, high = -INFINITY, first = (double)NAN, end = (double)NAN;
    char y_label[128], alt[400];
    if (!figure_begin(&figure, &report->page, "published", "published", err)) return false;
    figure_cell(&figure, "epoch");
    figure_cell(&figure, metrics_name(published->metric));
    figure_row(&figure);
    const int64_t step = results->points / 2000 + 1;
    for (int64_t p = 0; p < results->points; p++) {
        const double v = unit * history[trial * results->points + p];
        if (p % step != 0 || !isfinite(v)) continue;
        figure_value(&figure, (double)results->epoch[p]);
        figure_value(&figure, v);
        figure_row(&figure);
        low = fmin(low, v);
        high = fmax(high, v);
        if (isnan(first)) first = v;
        end = v;
    }
    TRY(figure_table(&figure, "rings", err));
    figure_cell(&figure, "epoch");
    figure_cell(&figure, "published");
    figure_row(&figure);
    for (int32_t i = 0; i < published->count; i++) {
        figure_value(&figure, (double)published->epoch[i]);
        figure_value(&figure, unit * published->value[i]);
        figure_row(&figure);
        low = fmin(low, unit * published->value[i]);
        high = fmax(high, unit * published->value[i]);
    }
    const PlotRange y = plot_range(low, high, true);
    const double last = (double)results->epoch[results->points - 1];
    section_metric_axis(report, published->metric, y_label, sizeof y_label);
    figure_string(&figure, "y_label", y_label);
    figure_number(&figure, "hue", section_metric_colour(published->metric));
    figure_number(&figure, "x_low", -0.02 * last);
    figure_number(&figure, "x_high", 1.02 * last);
    figure_number(&figure, "x_last", last);
    figure_number(&figure, "y_low", y.low);
    figure_number(&figure, "y_high", y.high);
    figure_number(&figure, "log_y", y.logarithmic);
    figure_number(&figure, "rising", end > first);
    snprintf(alt, sizeof alt,
             "%d published values of the %s, as rings, on our own history of it, as a line.",
             published->count, labels_metric_title(published->metric));
    return figure_end(&figure, alt, "", err);
fail:
    figure_drop(&figure);
    return false;
}

/* "hidden 3, l2 0.01": the values that were asked for. */
static void write_where(const Published *published, Text *text) {
    for (int32_t k = 0; k < published->where.count; k++) {
        const Assignment *wanted = &published->where.set[k];
        text_add(text, "%s%s %s", k > 0 ? ", " : "", KEYS[wanted->key].name, wanted->value.text);
    }
}

/* What the section has said already. */
typedef struct Said {
    bool drawn, explained;
} Said;

static bool write_one(Report *report, const Published *published, int64_t trial, Said *said,
                      Error *err) {
    int32_t agreeing, known;
    char buffer[1600];
    Text where = text_begin(buffer, sizeof buffer);
    /* The table comes below, but its counts are needed first. */
    Html rows = {0}, *page = report->page.target;
    report->page.target = &rows;
    table(report, published, trial, &agreeing, &known);
    report->page.target = page;
    page->failed = page->failed || rows.failed;
    write_where(published, &where);
    html_print(page,
               "<p>%d of %d published values of the %s agree with ours to the printed digits "
               "(one unit of the last one allowed), for %s, seed %" PRId64 ".",
               agreeing, published->count, labels_metric_title(published->metric),
               buffer[0] ? buffer : "the first setting", report->results->seed[trial]);
    if (known < published->count)
        html_print(page, " %d of them were not recorded here.", published->count - known);
    if (published->or_next && !said->explained) {
        html_raw(page,
                 " The value may be ours one epoch later: where a training ends in a cycle of two "
                 "values, which of the two comes first is decided by the last bit; the table says "
                 "which epoch is the nearer one.");
    }
    said->explained = said->explained || published->or_next;
    html_raw(page, "</p>\n");
    if (published->note) html_print(page, "<p class=\"note\">%s</p>\n", published->note);
    const bool draws = !said->drawn && published->count > 2 && report->results->points > 2 &&
                       report->results->history[published->metric];
    const bool ok = !draws || chart(report, published, trial, err);
    said->drawn = said->drawn || draws;
    html_bytes(page, rows.text ? rows.text : "", rows.length);
    html_destroy(&rows);
    return ok;
}

static bool write(Report *report, Error *err) {
    Said said = {false, false};
    for (int32_t i = 0; i < report->spec->published_count; i++) {
        const Published *published = &report->spec->published[i];
        const int64_t trial = find_trial(report, published);
        html_print(report->page.target, "<h3>%s</h3>\n", published->source);
        if (trial < 0) {
            html_raw(report->page.target,
                     "<p class=\"note\">No run of this study has these settings.</p>\n");
        } else if (!write_one(report, published, trial, &said, err)) {
            return false;
        }
    }
    return true;
}

const Section published_section = {"published", "Published figures", unavailable, write, NULL};
