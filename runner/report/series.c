#include "runner/report/series.h"

#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"

#define RUNS_MAX 60 /* columns of single runs in a table */

bool series_begin(SweepPlot *plot, Report *report, int32_t positions, int32_t replicates,
                  Error *err) {
    *plot = (SweepPlot){.positions = positions, .replicates = replicates, .scale = 1, .mark = -1};
    const int32_t room = SECTION_DOTS / positions;
    const int32_t limit = room < 1 ? 1 : room > RUNS_MAX ? RUNS_MAX : room;
    plot->runs = replicates < limit ? replicates : limit;
    plot->x = pool_alloc(&report->page.pool, (size_t)positions, sizeof *plot->x, err);
    plot->label = pool_alloc(&report->page.pool, (size_t)positions, sizeof *plot->label, err);
    return plot->x && plot->label;
}

bool series_add(SweepPlot *plot, Report *report, const Summary *summary, const char *title,
                const char *word, const double *column, const int64_t *group, Error *err) {
    const size_t positions = (size_t)plot->positions, replicates = (size_t)plot->replicates;
    Series *one = &plot->series[plot->count++];
    *one = (Series){
        .title = title, .word = word, .colour = (FigureColour)(COLOUR_OTHER + plot->count - 1)};
    one->value = pool_alloc(&report->page.pool, positions * replicates, sizeof *one->value, err);
    one->mean = pool_alloc(&report->page.pool, positions, sizeof *one->mean, err);
    if (!one->value || !one->mean) return false;
    for (size_t p = 0; p < positions; p++) {
        one->mean[p] = statistics_interval(NULL, 0);
        for (size_t r = 0; r < replicates; r++) one->value[p * replicates + r] = (double)NAN;
        if (group[p] < 0) continue;
        summary_values(summary, group[p], column, one->value + p * replicates);
        one->mean[p] = summary_interval(summary, group[p], column);
    }
    return true;
}

/* Widens low and high to x, where it is a number. */
static void widen(double *low, double *high, double x) {
    if (!isfinite(x)) return;
    *low = fmin(*low, x);
    *high = fmax(*high, x);
}

/* The range of all values, and as far as that is sensible of their intervals; *cut: some are. */
static PlotRange value_range(const SweepPlot *plot, bool may_be_log, bool *cut) {
    double low = INFINITY, high = -INFINITY, below = INFINITY, above = -INFINITY;
    const size_t replicates = (size_t)plot->replicates, positions = (size_t)plot->positions;
    for (int32_t s = 0; s < plot->count; s++) {
        const Series *one = &plot->series[s];
        for (size_t i = 0; i < positions * replicates; i++)
            widen(&low, &high, one->value[i] * plot->scale);
        for (size_t p = 0; p < positions; p++) {
            widen(&low, &high, one->mean[p].mean * plot->scale);
            widen(&below, &above, one->mean[p].low * plot->scale);
            widen(&below, &above, one->mean[p].high * plot->scale);
        }
    }
    if (plot->zero_line) widen(&low, &high, 0);
    PlotRange range = plot_range_around(low, high, below, above, may_be_log);
    /* A share ends at 100 %, and dots that all lie there still need some room. */
    if (plot->scale == 100 && !plot->zero_line && high <= 100 + 1e-9) {
        range.low = fmin(fmax(range.low, 0), 95);
        range.high = 100 + 0.02 * (100 - range.low);
    }
    *cut = plot_range_cuts(&range, below, above);
    return range;
}

/* Names of the series, written at their right end and kept apart from each other. */
static void write_names(Figure *figure, const SweepPlot *plot, const PlotRange *y) {
    double at[SERIES_MAX];
    const double apart =
        plot->count > 2 ? 0.1 : 0.075; /* of the height; tilted labels leave less of it */
    for (int32_t s = 0; s < plot->count; s++) {
        double last = (double)NAN;
        for (int32_t p = 0; p < plot->positions; p++) {
            if (isfinite(plot->series[s].mean[p].mean))
                last = plot->series[s].mean[p].mean * plot->scale;
        }
        at[s] = isfinite(last) ? plot_range_position(y, last) : 0.5;
    }
    /* in the order of the lines' ends, so that only neighbours push each other */
    int32_t order[SERIES_MAX];
    for (int32_t s = 0; s < plot->count; s++) {
        int32_t i = s;
        for (; i > 0 && at[order[i - 1]] > at[s]; i--) order[i] = order[i - 1];
        order[i] = s;
    }
    for (int32_t round = 0; round < 40; round++) {
        for (int32_t i = 1; i < plot->count; i++) {
            double *low = &at[order[i - 1]], *high = &at[order[i]];
            const double missing = apart - (*high - *low);
            if (missing <= 0) continue;
            *low -= missing / 2;
            *high += missing / 2;
        }
    }
    double top = 0, bottom = 1;
    for (int32_t s = 0; s < plot->count; s++) {
        top = fmax(top, at[s]);
        bottom = fmin(bottom, at[s]);
    }
    const double shift = top > 1 ? 1 - top : bottom < 0 ? -bottom : 0;
    for (int32_t s = 0; s < plot->count; s++) {
        figure_string_at(figure, "name", s + 1, plot->series[s].title);
        figure_number_at(figure, "end", s + 1, at[s] + shift);
    }
}

#define TICKS 12

/* `"25" 25, "50" 50`: a tick for each position; "" where they are many or a label is more than
 * digits and letters. */
static void list_ticks(const SweepPlot *plot, char *text, size_t size) {
    /* numbers, shapes, none: what is written here is part of a program */
    static const char safe[] = "0123456789.e+-xno";
    Text ticks = text_begin(text, size);
    if (plot->positions < 2 || plot->positions > TICKS || plot->axis_scale == SUMMARY_CATEGORY)
        return;
    for (int32_t p = 0; p < plot->positions; p++) {
        const char *label = plot->label[p];
        text_add(&ticks, "%s\"%s\" %.9g", p > 0 ? ", " : "", label, plot->x[p]);
        if (strspn(label, safe) != strlen(label) || text_full(&ticks)) {
            text[0] = '\0';
            return;
        }
    }
}

static void describe_mark(Figure *figure, const SweepPlot *plot, const PlotRange *x) {
    const bool marked = plot->mark >= 0;
    const double mark = marked ? plot->x[plot->mark] : (double)NAN;
    char label[700] = "";
    if (marked) {
        snprintf(label, sizeof label, "%s: %s", plot->maximize ? "highest" : "lowest",
                 plot->label[plot->mark]);
    }
    figure_number(figure, "mark", mark);
    figure_number(figure, "mark_right", marked && plot_range_position(x, mark) > 0.6);
    figure_string(figure, "mark_label", label);
}

/* How far the axis reaches beyond its ends. */
static PlotRange x_range(const SweepPlot *plot) {
    const double first = plot->x[0], last = plot->x[plot->positions - 1];
    const bool logarithmic = plot->axis_scale == SUMMARY_LOG;
    const double air = logarithmic                            ? pow(last / first, 0.025)
                       : plot->axis_scale == SUMMARY_CATEGORY ? 0.5
                                                              : fmax((last - first) * 0.025, 1e-12);
    return (PlotRange){logarithmic ? first / air : first - air,
                       logarithmic ? last * air : last + air, logarithmic};
}

void series_x_axis(const SweepPlot *plot, Figure *figure) {
    const PlotRange x = x_range(plot);
    int32_t longest = 0;
    double tightest = 1; /* of the width, between neighbours */
    for (int32_t p = 1; p < plot->positions; p++) {
        tightest = fmin(tightest, plot_range_position(&x, plot->x[p]) -
                                      plot_range_position(&x, plot->x[p - 1]));
    }
    for (int32_t p = 0; p < plot->positions; p++) {
        const int32_t length = text_width(plot->label[p]);
        if (length > longest) longest = length;
    }
    figure_string(figure, "x_label", plot->title);
    figure_number(figure, "x_low", x.low);
    figure_number(figure, "x_high", x.high);
    figure_number(figure, "log_x", x.logarithmic);
    figure_number(figure, "category", plot->axis_scale == SUMMARY_CATEGORY);
    figure_number(figure, "places", plot->positions);
    figure_number(figure, "longest", (double)longest);
    char ticks[600];
    list_ticks(plot, ticks, sizeof ticks);
    figure_string(figure, "ticks", ticks);
    figure_number(figure, "tightest", tightest);
}

static void describe_axes(Figure *figure, const SweepPlot *plot, const PlotRange *y,
                          const char *y_label) {
    const PlotRange x = x_range(plot);
    series_x_axis(plot, figure);
    figure_string(figure, "y_label", y_label);
    figure_number(figure, "y_low", y->low);
    figure_number(figure, "y_high", y->high);
    figure_number(figure, "log_y", y->logarithmic);
    figure_number(figure, "series", plot->count);
    figure_number(figure, "runs", plot->runs);
    figure_number(figure, "scale", plot->scale);
    figure_number(figure, "zero", plot->zero_line);
    for (int32_t s = 0; s < plot->count; s++) {
        figure_number_at(figure, "colour", s + 1, plot->series[s].colour);
        figure_number_at(figure, "dashed", s + 1, plot->series[s].dashed);
    }
    describe_mark(figure, plot, &x);
}

static void write_table(Figure *figure, const SweepPlot *plot) {
    figure_cell(figure, plot->name);
    figure_cell(figure, "label");
    figure_cell(figure, "n");
    for (int32_t s = 0; s < plot->count; s++) {
        static const char *const kinds[] = {"mean", "low", "high"};
        char heading[64];
        for (int32_t k = 0; k < 3; k++) {
            snprintf(heading, sizeof heading, "%s_%s", plot->series[s].word, kinds[k]);
            figure_cell(figure, heading);
        }
        for (int32_t r = 0; r < plot->runs; r++) {
            snprintf(heading, sizeof heading, "%s_%d", plot->series[s].word, r);
            figure_cell(figure, heading);
        }
    }
    figure_row(figure);
    for (int32_t p = 0; p < plot->positions; p++) {
        figure_value(figure, plot->x[p]);
        figure_cell(figure, plot->label[p]);
        figure_value(figure, (double)plot->series[0].mean[p].n);
        for (int32_t s = 0; s < plot->count; s++) {
            const Interval *mean = &plot->series[s].mean[p];
            figure_value(figure, mean->mean);
            figure_value(figure, mean->low);
            figure_value(figure, mean->high);
            for (int32_t r = 0; r < plot->runs; r++)
                figure_value(figure, plot->series[s].value[p * plot->replicates + r]);
        }
        figure_row(figure);
    }
}

/* What the drawing shows, for those who cannot see it. */
static void describe(const SweepPlot *plot, const char *y_label, Text *alt) {
    char number[3][64], phrase[3][300];
    text_add(alt, "%s against %s.", y_label, plot->title);
    for (int32_t s = 0; s < plot->count; s++) {
        const Interval *mean = plot->series[s].mean;
        const double sign = plot->maximize ? -1 : 1;
        int32_t best = 0;
        for (int32_t p = 1; p < plot->positions; p++) {
            if (sign * mean[p].mean < sign * mean[best].mean || !isfinite(mean[best].mean))
                best = p;
        }
        const int32_t at[3] = {0, best, plot->positions - 1};
        for (int32_t i = 0; i < 3; i++) {
            labels_number(number[i], sizeof number[i], mean[at[i]].mean * plot->scale, (double)NAN);
            snprintf(phrase[i], sizeof phrase[i], "%.280s", plot->label[at[i]]);
        }
        text_add(alt, " Mean %s: %s at %s, %s %s at %s, %s at %s.", plot->series[s].title,
                 number[0], phrase[0], plot->maximize ? "highest" : "lowest", number[1], phrase[1],
                 number[2], phrase[2]);
    }
}

bool series_draw(const SweepPlot *plot, Report *report, const char *name, const char *y_label,
                 bool may_be_log, const char *caption, Error *err) {
    Figure figure = {0};
    char buffer[2048], caption_buffer[2400];
    Text alt = text_begin(buffer, sizeof buffer);
    bool cut;
    const PlotRange y = value_range(plot, may_be_log, &cut);
    Text words = text_begin(caption_buffer, sizeof caption_buffer);
    text_add(&words, "%s%s", caption, cut ? SERIES_CUT : "");
    if (!figure_begin(&figure, &report->page, name, "sweep", err)) return false;
    describe_axes(&figure, plot, &y, y_label);
    figure_number(&figure, "cut", cut);
    write_names(&figure, plot, &y);
    write_table(&figure, plot);
    describe(plot, y_label, &alt);
    return figure_end(&figure, alt.buffer, caption_buffer, err);
}

void series_caption(const SweepPlot *plot, bool folds, Text *text) {
    const bool words = plot->axis_scale == SUMMARY_CATEGORY;
    if (plot->replicates < 2) {
        text_add(text, "One run of each, so no intervals. ");
        return;
    }
    text_add(text, "Dots: single %ss%s. %s: their mean. %s: its 95 %% interval. ",
             folds ? "fold" : "repeat", plot->runs < plot->replicates ? " (the first few)" : "",
             words ? "Large dots" : "Lines", words ? "Bars" : "Bands");
}
