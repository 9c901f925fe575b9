#include "runner/report/compare_curves.h"

#include <math.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"

#define EPOCHS   240 /* at most so many epochs are drawn */
#define PANELS   4   /* two settings, both sides */
#define LOG_FROM 20  /* from so many epochs on their axis is logarithmic */

/* The pairs with the best setting of A and with that of B; where there are none, the pair that is
 * best in A. */
static int32_t choose_pairs(const ComparePage *page, Pair chosen[COMPARE_SIDES]) {
    int32_t count = 0;
    for (int64_t i = 0; i < page->count && count < COMPARE_SIDES; i++) {
        if (page->pair[i].a == page->pairing->a->best || page->pair[i].b == page->pairing->b->best)
            chosen[count++] = page->pair[i];
    }
    if (count > 0) return count;
    const Summary *a = page->pairing->a;
    chosen[0] = page->pair[0];
    for (int64_t i = 1; i < page->count; i++) {
        const double gain =
            a->group[page->pair[i].a].metric.mean - a->group[chosen[0].a].metric.mean;
        if (a->maximize ? gain > 0 : gain < 0) chosen[0] = page->pair[i];
    }
    count = 1;
    return count;
}

static int64_t point_of(const Results *results, int64_t epoch) {
    for (int64_t p = 0; p < results->points; p++)
        if (results->epoch[p] == epoch) return p;
    return -1;
}

/* Chooses epochs that either has recorded, from `from` on: all, or EPOCHS of them, evenly. Returns
 * how many. `all` has room for those of both. */
static int32_t choose_epochs(const ComparePage *page, int64_t from, int64_t *epoch, int64_t *all) {
    const Results *a = page->pairing->a->results, *b = page->pairing->b->results;
    int64_t there = 0;
    for (int64_t p = 0, q = 0; p < a->points || q < b->points;) {
        const int64_t x = p < a->points ? a->epoch[p] : INT64_MAX;
        const int64_t y = q < b->points ? b->epoch[q] : INT64_MAX;
        const int64_t next = x < y ? x : y;
        p += x == next;
        q += y == next;
        if (next >= from) all[there++] = next;
    }
    const int32_t count = there < EPOCHS ? (int32_t)there : EPOCHS;
    for (int32_t i = 0; i < count; i++)
        epoch[i] = all[there <= EPOCHS ? i : i * (there - 1) / (EPOCHS - 1)];
    return count;
}

/* Panels of A on the left, of B on the right, a row for each pair of settings. */
typedef struct SidedCurves {
    int32_t panels, series, epochs;
    int64_t group[PANELS], epoch[EPOCHS];
    Metric metric[2];
    const char *title[2];
    bool log_x;
    double *spare;           /* room for a group's runs */
    double low, high;        /* of all values */
    double last[PANELS * 2]; /* the last median of each */
} SidedCurves;

/* False also where there is nothing to draw: then err is not set. */
static bool choose_curves(SidedCurves *curves, const ComparePage *page, Report *report,
                          Error *err) {
    static const struct {
        Metric metric;
        const char *title;
    } wanted[] = {{METRIC_TRAIN_LOSS, "train"}, {METRIC_TEST_LOSS, "test"}};
    const Results *a = page->pairing->a->results, *b = page->pairing->b->results;
    *curves = (SidedCurves){.low = INFINITY, .high = -INFINITY};
    for (int32_t i = 0; i < 2; i++) {
        if (!a->history[wanted[i].metric] || !b->history[wanted[i].metric]) continue;
        curves->metric[curves->series] = wanted[i].metric;
        curves->title[curves->series++] = wanted[i].title;
    }
    int64_t *all =
        pool_alloc(&report->page.pool, (size_t)(a->points + b->points) + 1, sizeof *all, err);
    if (!all) return false;
    curves->epochs = choose_epochs(page, 0, curves->epoch, all);
    if (curves->series == 0 || curves->epochs < 2) return false;
    curves->log_x = curves->epochs >= LOG_FROM && curves->epoch[0] == 0;
    if (curves->log_x) curves->epochs = choose_epochs(page, 1, curves->epoch, all);
    Pair pair[COMPARE_SIDES];
    const int32_t pairs = choose_pairs(page, pair);
    int64_t trials = 1;
    for (int32_t p = 0; p < pairs * COMPARE_SIDES; p++) {
        const Pair *here = &pair[p / COMPARE_SIDES];
        const int32_t side = p % COMPARE_SIDES;
        curves->group[p] = side == 0 ? here->a : here->b;
        const int64_t n = compare_figures_side(page, side)->group[curves->group[p]].trials;
        trials = n > trials ? n : trials;
    }
    curves->spare = pool_alloc(&report->page.pool, (size_t)trials, sizeof *curves->spare, err);
    if (!curves->spare) return false;
    curves->panels = pairs * COMPARE_SIDES;
    return true;
}

static void name_panels(Figure *figure, const SidedCurves *curves, const ComparePage *page) {
    static const char *const kinds[] = {"median", "low", "high"};
    char label[1024], text[1200];
    figure_cell(figure, "epoch");
    for (int32_t p = 0; p < curves->panels; p++) {
        const char *letter = COMPARE_FIGURES_LETTER[p % COMPARE_SIDES];
        const Summary *summary = compare_figures_side(page, p % COMPARE_SIDES);
        labels_setting(summary, curves->group[p], -1, label, sizeof label);
        snprintf(text, sizeof text, "%s%s%s", letter, label[0] ? ": " : "", label);
        figure_string_at(figure, "title", p + 1, text);
        for (int32_t s = 0; s < curves->series; s++) {
            for (int32_t k = 0; k < 3; k++) {
                snprintf(text, sizeof text, "%s %s %s %s", letter, curves->title[s], kinds[k],
                         label);
                figure_cell(figure, text);
            }
        }
    }
    figure_row(figure);
}

static void write_bands(Figure *figure, SidedCurves *curves, const ComparePage *page) {
    for (int32_t e = 0; e < curves->epochs; e++) {
        figure_value(figure, (double)curves->epoch[e]);
        for (int32_t p = 0; p < curves->panels; p++) {
            const Summary *summary = compare_figures_side(page, p % COMPARE_SIDES);
            const int64_t point = point_of(summary->results, curves->epoch[e]);
            for (int32_t s = 0; s < curves->series; s++) {
                double band[3] = {(double)NAN, (double)NAN, (double)NAN};
                if (point >= 0) {
                    section_band(summary, curves->group[p],
                                 summary->results->history[curves->metric[s]], point, curves->spare,
                                 band);
                }
                for (int32_t k = 0; k < 3; k++) {
                    figure_value(figure, band[k]);
                    if (!isfinite(band[k])) continue;
                    curves->low = fmin(curves->low, band[k]);
                    curves->high = fmax(curves->high, band[k]);
                }
                if (isfinite(band[0])) curves->last[p * 2 + s] = band[0];
            }
        }
        figure_row(figure);
    }
}

static void describe_curves(Figure *figure, const SidedCurves *curves, const Report *report,
                            Text *alt) {
    const PlotRange y = plot_range(curves->low, curves->high, true);
    char text[200], number[64];
    section_metric_axis(report, curves->metric[0], text, sizeof text);
    figure_string(figure, "y_label", text);
    figure_string(figure, "x_label", "epoch");
    figure_number(figure, "panels", curves->panels);
    figure_number(figure, "series", curves->series);
    figure_number(figure, "x_low", (double)curves->epoch[0]);
    figure_number(figure, "x_high", (double)curves->epoch[curves->epochs - 1]);
    figure_number(figure, "log_x", curves->log_x);
    figure_number(figure, "y_low", y.low);
    figure_number(figure, "y_high", y.high);
    figure_number(figure, "log_y", y.logarithmic);
    text_add(alt, "Loss against epoch, A on the left, B on the right.");
    for (int32_t s = 0; s < curves->series; s++) {
        figure_string_at(figure, "name", s + 1, curves->title[s]);
        figure_number_at(figure, "colour", s + 1, section_metric_colour(curves->metric[s]));
    }
    for (int32_t p = 0; p < curves->panels; p++) {
        for (int32_t s = 0; s < curves->series; s++) {
            labels_number(number, sizeof number, curves->last[p * 2 + s], (double)NAN);
            text_add(alt, " %s, %s: ends at %s.", COMPARE_FIGURES_LETTER[p % COMPARE_SIDES],
                     curves->title[s], number);
        }
    }
}

bool compare_curves_write(const ComparePage *page, Report *report, Error *err) {
    SidedCurves *curves = pool_alloc(&report->page.pool, 1, sizeof *curves, err);
    Figure figure = {0};
    char alt_buffer[2048], caption[600];
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    if (!curves) return false;
    if (!choose_curves(curves, page, report, err)) return err->kind == ERROR_NONE;
    page_section(&report->page, "curves", "Learning curves");
    if (!figure_begin(&figure, &report->page, "compare-curves", "curves", err)) return false;
    name_panels(&figure, curves, page);
    write_bands(&figure, curves, page);
    describe_curves(&figure, curves, report, &alt);
    snprintf(caption, sizeof caption,
             "%s. Lines: median of the runs. Bands: 10 %% to 90 %% quantiles, or all of "
             "fewer than %d runs. All panels have the same axes.%s",
             curves->panels == PANELS
                 ? "Above: the best setting of one side; below: that of the other"
                 : "The best setting that both have",
             SECTION_QUANTILES,
             curves->log_x ? " The epochs stand on a logarithmic scale, without epoch 0." : "");
    if (!figure_end(&figure, alt.buffer, caption, err)) return false;
    html_raw(&report->body, "</section>\n");
    return true;
}
