/* Series against the values of one setting: table, description and drawing. See Sweep in
 * report_parts.h. */
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/report/section.h"

#define DOT_MAX 60 /* columns of single runs in a table */

bool series_begin(Sweep *sweep, Report *report, int32_t places, int32_t replicates, Error *err) {
    *sweep = (Sweep){
        .places = places, .replicates = replicates, .scale = 1, .first_colour = 1, .mark = -1};
    const int32_t room = REPORT_DOTS / places;
    const int32_t most = room < 1 ? 1 : room > DOT_MAX ? DOT_MAX : room;
    sweep->runs = replicates < most ? replicates : most;
    sweep->x = pool_take(&report->pool, (size_t)places, sizeof *sweep->x, err);
    sweep->label = pool_take(&report->pool, (size_t)places, sizeof *sweep->label, err);
    return sweep->x && sweep->label;
}

bool series_add(Sweep *sweep, Report *report, const Summary *summary, const char *title,
                const char *word, const double *column, const int64_t *group, Error *err) {
    const size_t places = (size_t)sweep->places, replicates = (size_t)sweep->replicates;
    Series *part = &sweep->part[sweep->series++];
    *part = (Series){.title = title, .word = word};
    part->value = pool_take(&report->pool, places * replicates, sizeof *part->value, err);
    part->mean = pool_take(&report->pool, places, sizeof *part->mean, err);
    if (!part->value || !part->mean) return false;
    for (size_t p = 0; p < places; p++) {
        part->mean[p] = statistics_interval(NULL, 0);
        for (size_t r = 0; r < replicates; r++) part->value[p * replicates + r] = (double)NAN;
        if (group[p] < 0) continue;
        summary_values(summary, group[p], column, part->value + p * replicates);
        part->mean[p] = summary_interval(summary, group[p], column);
    }
    return true;
}

static Range value_range(const Sweep *sweep, bool may_be_log) {
    double low = INFINITY, high = -INFINITY;
    const size_t replicates = (size_t)sweep->replicates;
    for (int32_t s = 0; s < sweep->series; s++) {
        for (size_t p = 0; p < (size_t)sweep->places; p++) {
            for (size_t r = 0; r <= replicates; r++) {
                const Series *part = &sweep->part[s];
                const double v =
                    r < replicates ? part->value[p * replicates + r] : part->mean[p].mean;
                if (!isfinite(v)) continue;
                low = fmin(low, v * sweep->scale);
                high = fmax(high, v * sweep->scale);
            }
        }
    }
    if (sweep->zero_line) {
        low = fmin(low, 0);
        high = fmax(high, 0);
    }
    Range range = report_range(low, high, may_be_log);
    /* A share ends at 100 %, and dots that all lie there still need some room. */
    if (sweep->scale == 100 && !sweep->zero_line && high <= 100 + 1e-9) {
        range.low = fmin(fmax(range.low, 0), 95);
        range.high = 100 + 0.02 * (100 - range.low);
    }
    return range;
}

/* Names of the series, written at their right end and kept apart from each other. */
static void place_names(Figure *figure, const Sweep *sweep, const Range *y) {
    double at[REPORT_SERIES];
    const double apart =
        sweep->series > 2 ? 0.1 : 0.075; /* of the height, which tilted words lessen */
    for (int32_t s = 0; s < sweep->series; s++) {
        double last = (double)NAN;
        for (int32_t p = 0; p < sweep->places; p++) {
            if (isfinite(sweep->part[s].mean[p].mean))
                last = sweep->part[s].mean[p].mean * sweep->scale;
        }
        at[s] = isfinite(last) ? report_place(y, last) : 0.5;
    }
    /* in the order of the lines' ends, so that only neighbours push each other */
    int32_t order[REPORT_SERIES];
    for (int32_t s = 0; s < sweep->series; s++) {
        int32_t i = s;
        for (; i > 0 && at[order[i - 1]] > at[s]; i--) order[i] = order[i - 1];
        order[i] = s;
    }
    for (int32_t round = 0; round < 40; round++) {
        for (int32_t i = 1; i < sweep->series; i++) {
            double *low = &at[order[i - 1]], *high = &at[order[i]];
            const double missing = apart - (*high - *low);
            if (missing <= 0) continue;
            *low -= missing / 2;
            *high += missing / 2;
        }
    }
    double top = 0, bottom = 1;
    for (int32_t s = 0; s < sweep->series; s++) {
        top = fmax(top, at[s]);
        bottom = fmin(bottom, at[s]);
    }
    const double shift = top > 1 ? 1 - top : bottom < 0 ? -bottom : 0;
    for (int32_t s = 0; s < sweep->series; s++) {
        char variable[32];
        at[s] += shift;
        snprintf(variable, sizeof variable, "name_%d", s + 1);
        figure_string(figure, variable, sweep->part[s].title);
        snprintf(variable, sizeof variable, "end_%d", s + 1);
        figure_number(figure, variable, at[s]);
    }
}

#define TICKS 12

/* `"25" 25, "50" 50`: a tick for each place; "" where they are many or a label is more than digits
 * and letters. */
static void list_ticks(const Sweep *sweep, char *text, size_t size) {
    static const char safe[] =
        "0123456789.e+-xno"; /* numbers, shapes, none: this is a program's text */
    size_t used = 0;
    text[0] = '\0';
    if (sweep->places < 2 || sweep->places > TICKS || sweep->axis_scale == SUMMARY_CATEGORY) return;
    for (int32_t p = 0; p < sweep->places; p++) {
        const char *label = sweep->label[p];
        const int wrote = snprintf(text + used, size - used, "%s\"%s\" %.9g", p > 0 ? ", " : "",
                                   label, sweep->x[p]);
        used += (size_t)(wrote > 0 ? wrote : 0);
        if (strspn(label, safe) != strlen(label) || used >= size) {
            text[0] = '\0';
            return;
        }
    }
}

static void describe_axes(Figure *figure, const Sweep *sweep, const Range *y, const char *y_label) {
    const double first = sweep->x[0], last = sweep->x[sweep->places - 1];
    const bool category = sweep->axis_scale == SUMMARY_CATEGORY,
               logarithmic = sweep->axis_scale == SUMMARY_LOG;
    const double air = logarithmic ? pow(last / first, 0.025)
                       : category  ? 0.5
                                   : fmax((last - first) * 0.025, 1e-12);
    const Range x = {logarithmic ? first / air : first - air, logarithmic ? last * air : last + air,
                     logarithmic};
    int32_t longest = 0;
    double tightest = 1; /* of the width, between neighbours */
    for (int32_t p = 1; p < sweep->places; p++) {
        tightest =
            fmin(tightest, report_place(&x, sweep->x[p]) - report_place(&x, sweep->x[p - 1]));
    }
    for (int32_t p = 0; p < sweep->places; p++) {
        const int32_t length = text_width(sweep->label[p]);
        if (length > longest) longest = length;
    }
    figure_string(figure, "x_label", sweep->title);
    figure_string(figure, "y_label", y_label);
    figure_number(figure, "x_low", x.low);
    figure_number(figure, "x_high", x.high);
    figure_number(figure, "y_low", y->low);
    figure_number(figure, "y_high", y->high);
    figure_number(figure, "log_x", logarithmic);
    figure_number(figure, "log_y", y->logarithmic);
    figure_number(figure, "category", category);
    figure_number(figure, "places", sweep->places);
    figure_number(figure, "longest", (double)longest);
    char ticks[600];
    list_ticks(sweep, ticks, sizeof ticks);
    figure_string(figure, "ticks", ticks);
    figure_number(figure, "tightest", tightest);
    figure_number(figure, "series", sweep->series);
    figure_number(figure, "runs", sweep->runs);
    figure_number(figure, "scale", sweep->scale);
    figure_number(figure, "zero", sweep->zero_line);
    figure_number(figure, "first_colour", sweep->first_colour);
    const bool marked = sweep->mark >= 0;
    const double mark = marked ? sweep->x[sweep->mark] : (double)NAN;
    char label[700] = "";
    if (marked) {
        snprintf(label, sizeof label, "%s: %s", sweep->maximize ? "highest" : "lowest",
                 sweep->label[sweep->mark]);
    }
    figure_number(figure, "mark", mark);
    figure_number(figure, "mark_right", marked && report_place(&x, mark) > 0.6);
    figure_string(figure, "mark_label", label);
}

static void write_table(Figure *figure, const Sweep *sweep) {
    figure_cell(figure, sweep->name);
    figure_cell(figure, "label");
    figure_cell(figure, "n");
    for (int32_t s = 0; s < sweep->series; s++) {
        static const char *const kinds[] = {"mean", "low", "high"};
        char heading[64];
        for (int32_t k = 0; k < 3; k++) {
            snprintf(heading, sizeof heading, "%s_%s", sweep->part[s].word, kinds[k]);
            figure_cell(figure, heading);
        }
        for (int32_t r = 0; r < sweep->runs; r++) {
            snprintf(heading, sizeof heading, "%s_%d", sweep->part[s].word, r);
            figure_cell(figure, heading);
        }
    }
    figure_row(figure);
    for (int32_t p = 0; p < sweep->places; p++) {
        figure_value(figure, sweep->x[p]);
        figure_cell(figure, sweep->label[p]);
        figure_value(figure, (double)sweep->part[0].mean[p].n);
        for (int32_t s = 0; s < sweep->series; s++) {
            const Interval *mean = &sweep->part[s].mean[p];
            figure_value(figure, mean->mean);
            figure_value(figure, mean->low);
            figure_value(figure, mean->high);
            for (int32_t r = 0; r < sweep->runs; r++)
                figure_value(figure, sweep->part[s].value[p * sweep->replicates + r]);
        }
        figure_row(figure);
    }
}

/* What the drawing shows, for those who cannot see it. */
static void describe(const Sweep *sweep, const char *y_label, char *text, size_t size) {
    char number[3][64], phrase[3][300];
    int used = snprintf(text, size, "%s against %s.", y_label, sweep->title);
    for (int32_t s = 0; s < sweep->series && used > 0 && (size_t)used < size; s++) {
        const Interval *mean = sweep->part[s].mean;
        const double sign = sweep->maximize ? -1 : 1;
        int32_t best = 0;
        for (int32_t p = 1; p < sweep->places; p++) {
            if (sign * mean[p].mean < sign * mean[best].mean || !isfinite(mean[best].mean))
                best = p;
        }
        const int32_t at[3] = {0, best, sweep->places - 1};
        for (int32_t i = 0; i < 3; i++) {
            labels_number(number[i], sizeof number[i], mean[at[i]].mean * sweep->scale,
                          (double)NAN);
            snprintf(phrase[i], sizeof phrase[i], "%.280s", sweep->label[at[i]]);
        }
        used += snprintf(text + used, size - (size_t)used,
                         " Mean %s: %s at %s, %s %s at %s, %s at %s.", sweep->part[s].title,
                         number[0], phrase[0], sweep->maximize ? "highest" : "lowest", number[1],
                         phrase[1], number[2], phrase[2]);
    }
}

bool series_draw(const Sweep *sweep, Report *report, const char *name, const char *y_label,
                 bool may_be_log, const char *caption, Error *err) {
    Figure figure = {0};
    char alt[2048];
    const Range y = value_range(sweep, may_be_log);
    if (!figure_begin(&figure, report, name, "sweep", err)) return false;
    describe_axes(&figure, sweep, &y, y_label);
    place_names(&figure, sweep, &y);
    write_table(&figure, sweep);
    describe(sweep, y_label, alt, sizeof alt);
    return figure_end(&figure, report, alt, caption, err);
}

int series_caption(const Sweep *sweep, bool folds, char *text, size_t size) {
    const bool words = sweep->axis_scale == SUMMARY_CATEGORY;
    if (sweep->replicates < 2) return snprintf(text, size, "One run of each, so no intervals. ");
    return snprintf(text, size, "Dots: single %ss%s. %s: their mean. %s: its 95 %% interval. ",
                    folds ? "fold" : "repeat",
                    sweep->runs < sweep->replicates ? " (the first few)" : "",
                    words ? "Large dots" : "Lines", words ? "Bars" : "Bands");
}
