/* Section slices: the metric over one setting at a time, through the best setting. */
#include <math.h>

#include "runner/analysis/labels.h"
#include "runner/report/series.h"

#define PANELS 6
#define RUNS   20

static const char *unavailable(const Report *report) {
    return heatmap_section.unavailable(report);
}

/* A panel: the groups along an axis. */
typedef struct Slice {
    int64_t *group;
    int32_t count, axis;
} Slice;

typedef struct Slices {
    Slice slice[PANELS];
    int32_t panels, runs;
    double low, high;    /* of all values, as they are shown */
    double below, above; /* of all intervals */
} Slices;

static bool gather(Slices *slices, Report *report, Error *err) {
    const Summary *summary = &report->summary;
    *slices = (Slices){.low = INFINITY, .high = -INFINITY, .below = INFINITY, .above = -INFINITY};
    slices->runs = summary->replicates < RUNS ? summary->replicates : RUNS;
    for (int32_t a = 0; a < summary->axes && slices->panels < PANELS; a++) {
        Slice *slice = &slices->slice[slices->panels];
        slice->axis = a;
        if (!section_line(report, a, &slice->group, &slice->count, err)) return false;
        if (slice->count > 1) slices->panels++; /* else the best one has no neighbour there */
    }
    return true;
}

/* --- its tables and variables ----------------------------------------------------------------- */

/* One panel's variables: where it starts and ends, and on which scale. */
static void write_panel(Figure *figure, const Report *report, int32_t panel, const Slice *slice) {
    const SummaryAxis *a = &report->summary.axis[slice->axis];
    const double first = a->number[section_value(report, slice->group[0], slice->axis)];
    const double last =
        a->number[section_value(report, slice->group[slice->count - 1], slice->axis)];
    const bool category = a->scale == SUMMARY_CATEGORY,
               logarithmic = a->scale == SUMMARY_LOG && last > first;
    const double air = logarithmic ? pow(last / first, 0.05)
                       : category  ? 0.5
                                   : (last - first) * 0.05;
    char title[256];
    figure_number_at(figure, "x_low", panel, logarithmic ? first / air : first - air);
    figure_number_at(figure, "x_high", panel, logarithmic ? last * air : last + air);
    figure_number_at(figure, "log_x", panel, logarithmic);
    figure_number_at(figure, "category", panel, category);
    figure_number_at(figure, "places", panel, a->count);
    labels_axis_title(a, title, sizeof title);
    figure_string_at(figure, "title", panel, title);
}

static void write_headings(Figure *figure, int32_t runs) {
    static const char *const headings[] = {"panel", "x", "label", "best", "mean", "low", "high"};
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        figure_cell(figure, headings[i]);
    for (int32_t r = 0; r < runs; r++) {
        char heading[32];
        snprintf(heading, sizeof heading, "run_%d", r);
        figure_cell(figure, heading);
    }
    figure_row(figure);
}

static void write_position(Figure *figure, const Report *report, int32_t panel, const Slice *slice,
                           int32_t i) {
    const SummaryAxis *axis = &report->summary.axis[slice->axis];
    const int32_t value = section_value(report, slice->group[i], slice->axis);
    figure_value(figure, panel);
    figure_value(figure, axis->number[value]);
    figure_cell(figure, axis->label[value]);
}

static bool write_values(Figure *figure, Slices *slices, Report *report, Error *err) {
    const Summary *summary = &report->summary;
    const double *column = summary_column(summary, summary->metric, summary->at),
                 scale = section_metric_scale(summary->metric);
    double *value = pool_alloc(&report->page.pool, (size_t)summary->replicates, sizeof *value, err);
    if (!value) return false;
    write_headings(figure, slices->runs);
    for (int32_t p = 0; p < slices->panels; p++) {
        const Slice *slice = &slices->slice[p];
        for (int32_t i = 0; i < slice->count; i++) {
            const Interval mean = summary_interval(summary, slice->group[i], column);
            write_position(figure, report, p + 1, slice, i);
            figure_value(figure, slice->group[i] == summary->best);
            figure_value(figure, mean.mean);
            figure_value(figure, mean.low);
            figure_value(figure, mean.high);
            slices->below = fmin(slices->below, mean.low * scale);
            slices->above = fmax(slices->above, mean.high * scale);
            summary_values(summary, slice->group[i], column, value);
            for (int32_t r = 0; r < summary->replicates; r++) {
                if (r < slices->runs) figure_value(figure, value[r]);
                if (!isfinite(value[r])) continue;
                slices->low = fmin(slices->low, value[r] * scale);
                slices->high = fmax(slices->high, value[r] * scale);
            }
            figure_row(figure);
        }
        write_panel(figure, report, p + 1, slice);
    }
    return true;
}

static bool write_axes(Figure *figure, const Slices *slices, const Report *report, Error *err) {
    static const char *const headings[] = {"panel", "x", "label"};
    if (!figure_table(figure, "axis", err)) return false;
    figure_headings(figure, headings, 3);
    for (int32_t p = 0; p < slices->panels; p++) {
        for (int32_t i = 0; i < slices->slice[p].count; i++) {
            write_position(figure, report, p + 1, &slices->slice[p], i);
            figure_row(figure);
        }
    }
    return true;
}

/* True where an interval is cut. */
static bool write_variables(Figure *figure, const Slices *slices, const Report *report) {
    const Metric metric = report->summary.metric;
    const PlotRange y = plot_range_around(slices->low, slices->high, slices->below, slices->above,
                                          !section_is_share(metric));
    char y_label[160];
    section_metric_label(report, metric, y_label, sizeof y_label);
    figure_string(figure, "y_label", y_label);
    figure_number(figure, "panels", slices->panels);
    figure_number(figure, "runs", slices->runs);
    figure_number(figure, "scale", section_metric_scale(metric));
    figure_number(figure, "y_low", y.low);
    figure_number(figure, "y_high", y.high);
    figure_number(figure, "log_y", y.logarithmic);
    const bool cut = plot_range_cuts(&y, slices->below, slices->above);
    figure_number(figure, "hue", section_metric_colour(metric));
    figure_number(figure, "cut", cut);
    return cut;
}

static bool write(Report *report, Error *err) {
    Figure figure = {0};
    Slices slices;
    const Summary *summary = &report->summary;
    char alt[1024], label[1024], caption[1400];
    if (!gather(&slices, report, err)) return false;
    if (slices.panels == 0) {
        html_raw(report->page.target, "<p class=\"note\">The best setting shares no line with "
                                      "another one: nothing to draw.</p>\n");
        return true;
    }
    TRY(figure_begin(&figure, &report->page, "slices", "slices", err));
    TRY(write_values(&figure, &slices, report, err));
    TRY(write_axes(&figure, &slices, report, err));
    const bool cut = write_variables(&figure, &slices, report);
    labels_setting(summary, summary->best, -1, label, sizeof label);
    snprintf(alt, sizeof alt,
             "Mean %s against each of %d settings alone, through the best: %.700s.",
             labels_metric_title(summary->metric), slices.panels, label);
    snprintf(caption, sizeof caption,
             "In each panel one setting moves and the others stay as in the best one (ring): %s.%s",
             label, cut ? SERIES_CUT : "");
    return figure_end(&figure, alt, caption, err);
fail:
    figure_drop(&figure);
    return false;
}

const Section slices_section = {"slices", "One setting at a time", unavailable, write, NULL};
