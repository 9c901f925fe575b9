/* Sections heatmap and slices: the metric over two settings at a time, and over one at a time,
 * through the best. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/report/section.h"

#define PAIRS  3  /* the first three axes make three pairs */
#define CELLS  40 /* rows and columns of a map at most */
#define PANELS 6
#define RUNS   20

const char *grid_misfit(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    return report->summary.axes < 2 ? "it needs two settings that vary" : NULL;
}

/* --- Heat maps -------------------------------------------------------------------------------- */

/* Every value of an axis up to CELLS of them, else an even choice; the best one's is among them.
 * Count of them. */
static int32_t choose_values(const Report *report, int32_t axis, int32_t *value) {
    const int32_t count = report->summary.axis[axis].count,
                  best = report_value(report, report->summary.best, axis);
    const int32_t kept = count < CELLS ? count : CELLS;
    for (int32_t i = 0; i < kept; i++)
        value[i] = kept < 2 ? 0 : (int32_t)((int64_t)i * (count - 1) / (kept - 1));
    int32_t nearest = 0;
    for (int32_t i = 0; i < kept; i++)
        if (abs(value[i] - best) < abs(value[nearest] - best)) nearest = i;
    value[nearest] = best;
    return kept;
}

static bool write_axis(Figure *figure, Report *report, const char *suffix, int32_t axis,
                       const int32_t *value, int32_t count, int32_t *longest, Error *err) {
    if (!figure_table(figure, report, suffix, err)) return false;
    figure_cell(figure, report->summary.axis[axis].name);
    figure_row(figure);
    *longest = 0;
    for (int32_t i = 0; i < count; i++) {
        const char *label = report->summary.axis[axis].label[value[i]];
        if (text_width(label) > *longest) *longest = text_width(label);
        figure_cell(figure, label);
        figure_row(figure);
    }
    return true;
}

static bool map(Report *report, int32_t x, int32_t y, const char *name, Error *err) {
    Figure figure = {0};
    const Summary *summary = &report->summary;
    const double scale = report_metric_scale(summary->metric);
    int64_t cell[CELLS * CELLS]; /* the group that stands there; -1: none */
    int32_t at_x[CELLS], at_y[CELLS];
    const int32_t columns = choose_values(report, x, at_x), rows = choose_values(report, y, at_y);
    const int32_t *best = summary->place + summary->best * SUMMARY_AXES;
    double low = INFINITY, high = -INFINITY, best_x = 0, best_y = 0;
    char title[256], other[256], alt[2048], caption[1600], label[1024], number[64];
    int32_t longest = 0, longest_y = 0;
    TRY(figure_begin(&figure, report, name, "heatmap", err));
    static const char *const headings[] = {"column", "row", "mean", "label"};
    for (int32_t i = 0; i < 4; i++) figure_cell(&figure, headings[i]);
    figure_row(&figure);
    for (int32_t i = 0; i < columns * rows; i++) cell[i] = -1;
    for (int64_t g = 0; g < summary->groups; g++) {
        const int32_t *here = summary->place + g * SUMMARY_AXES;
        bool on_plane = summary->group[g].metric.n > 0;
        for (int32_t a = 0; a < summary->axes && on_plane; a++)
            on_plane = a == x || a == y || here[a] == best[a];
        for (int32_t i = 0; i < columns && on_plane; i++) {
            for (int32_t j = 0; j < rows; j++) {
                if (at_x[i] != here[x] || at_y[j] != here[y]) continue;
                cell[i * rows + j] = g;
                low = fmin(low, summary->group[g].metric.mean * scale);
                high = fmax(high, summary->group[g].metric.mean * scale);
            }
        }
    }
    for (int32_t i = 0; i < columns * rows; i++) {
        if (cell[i] < 0) continue;
        const double mean = summary->group[cell[i]].metric.mean * scale;
        /* Digits enough to tell apart what has colours of its own. */
        const double apart = high > low ? (high - low) * 0.5 : HUGE_VAL;
        labels_number(number, sizeof number, mean, fmin(fabs(mean) * 0.15, apart));
        figure_value(&figure, i / rows);
        figure_value(&figure, i % rows);
        figure_value(&figure, mean);
        figure_cell(&figure, number);
        figure_row(&figure);
        if (cell[i] == summary->best) {
            best_x = i / rows;
            best_y = i % rows;
        }
    }
    TRY(write_axis(&figure, report, "axis_y", y, at_y, rows, &longest_y, err));
    TRY(write_axis(&figure, report, "axis_x", x, at_x, columns, &longest, err));
    if (!(high > low)) high = low + fmax(fabs(low), 1e-9);
    const bool logarithmic = low > 0 && high / low > 8 && !report_is_share(summary->metric);
    labels_axis_title(&summary->axis[x], title, sizeof title);
    labels_axis_title(&summary->axis[y], other, sizeof other);
    figure_string(&figure, "x_label", title);
    figure_string(&figure, "y_label", other);
    snprintf(label, sizeof label, "mean %s%s", labels_metric_title(summary->metric),
             report_is_share(summary->metric) ? " (%)" : "");
    figure_string(&figure, "z_label", label);
    figure_number(&figure, "columns", columns);
    figure_number(&figure, "rows", rows);
    figure_number(&figure, "longest", (double)longest);
    figure_number(&figure, "longest_y", (double)longest_y);
    figure_number(&figure, "z_low", low);
    figure_number(&figure, "z_high", high);
    figure_number(&figure, "log_z", logarithmic);
    figure_number(&figure, "dark_high", summary->maximize);
    figure_number(&figure, "best_x", best_x);
    figure_number(&figure, "best_y", best_y);
    labels_setting(summary, summary->best, -1, label, sizeof label);
    snprintf(alt, sizeof alt, "Mean %s over %s and %s. The best: %.600s.",
             labels_metric_title(summary->metric), title, other, label);
    char held[1024] = "";
    if (summary->axes > 2) {
        size_t used = 0;
        for (int32_t a = 0; a < summary->axes && used < sizeof held; a++) {
            char phrase[700];
            if (a == x || a == y) continue;
            labels_phrase(summary, a, best[a], phrase, sizeof phrase);
            used += (size_t)snprintf(
                held + used, sizeof held - used, "%s%s",
                used > 0 ? ", " : " Everything else as in the best setting: ", phrase);
        }
    }
    snprintf(caption, sizeof caption, "Dark is better. The frame marks the best setting.%s%s%s",
             held, held[0] ? "." : "",
             columns < summary->axis[x].count || rows < summary->axis[y].count
                 ? " Some of the values are drawn."
                 : "");
    return figure_end(&figure, report, alt, caption, err);
fail:
    figure_drop(&figure);
    return false;
}

bool heatmap_write(Report *report, Error *err) {
    static const char *const names[PAIRS] = {"heatmap", "heatmap-2", "heatmap-3"};
    int32_t drawn = 0;
    for (int32_t x = 0; x < report->summary.axes; x++) {
        for (int32_t y = x + 1; y < report->summary.axes; y++) {
            if (drawn == PAIRS) return true;
            /* The longer axis lies down. */
            const bool turn = report->summary.axis[y].count > report->summary.axis[x].count;
            if (!map(report, turn ? y : x, turn ? x : y, names[drawn++], err)) return false;
        }
    }
    return true;
}

/* --- Slices ----------------------------------------------------------------------------------- */

typedef struct Slice {
    int64_t *group;
    int32_t count, axis;
} Slice;

/* One panel's variables: where it starts and ends, and on which scale. */
static void describe_panel(Figure *figure, const Report *report, int32_t axis, int32_t panel,
                           const Slice *slice) {
    const SummaryAxis *a = &report->summary.axis[axis];
    const double first = a->number[report_value(report, slice->group[0], axis)];
    const double last = a->number[report_value(report, slice->group[slice->count - 1], axis)];
    const bool category = a->scale == SUMMARY_CATEGORY,
               logarithmic = a->scale == SUMMARY_LOG && last > first;
    const double air = logarithmic ? pow(last / first, 0.05)
                       : category  ? 0.5
                                   : (last - first) * 0.05;
    const struct {
        const char *name;
        double value;
    } numbers[] = {{"x_low", logarithmic ? first / air : first - air},
                   {"x_high", logarithmic ? last * air : last + air},
                   {"log_x", logarithmic},
                   {"category", category},
                   {"places", a->count}};
    char variable[32], title[256];
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        snprintf(variable, sizeof variable, "%s_%d", numbers[i].name, panel);
        figure_number(figure, variable, numbers[i].value);
    }
    labels_axis_title(a, title, sizeof title);
    snprintf(variable, sizeof variable, "title_%d", panel);
    figure_string(figure, variable, title);
}

bool slices_write(Report *report, Error *err) {
    Figure figure = {0};
    Slice slice[PANELS] = {0};
    const Summary *summary = &report->summary;
    const double *column = summary_column(summary, summary->metric, summary->at),
                 scale = report_metric_scale(summary->metric);
    const int32_t runs = summary->replicates < RUNS ? summary->replicates : RUNS;
    int32_t panels = 0;
    double low = INFINITY, high = -INFINITY;
    char alt[1024], label[1024], caption[1400], y_label[160], heading[32];
    double *value = pool_take(&report->pool, (size_t)summary->replicates, sizeof *value, err);
    TRY(value);
    TRY(figure_begin(&figure, report, "slices", "slices", err));
    static const char *const headings[] = {"panel", "x", "label", "best", "mean", "low", "high"};
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        figure_cell(&figure, headings[i]);
    for (int32_t r = 0; r < runs; r++) {
        snprintf(heading, sizeof heading, "run_%d", r);
        figure_cell(&figure, heading);
    }
    figure_row(&figure);
    for (int32_t a = 0; a < summary->axes && panels < PANELS; a++) {
        const int32_t p = panels;
        TRY(report_line(report, a, &slice[p].group, &slice[p].count, err));
        if (slice[p].count < 2) continue; /* the best one has no neighbour there */
        slice[p].axis = a;
        panels++;
        for (int32_t i = 0; i < slice[p].count; i++) {
            const int64_t g = slice[p].group[i];
            const Interval mean = summary_interval(summary, g, column);
            const int32_t place = report_value(report, g, a);
            const double cells[] = {mean.mean, mean.low, mean.high};
            figure_value(&figure, p + 1);
            figure_value(&figure, summary->axis[a].number[place]);
            figure_cell(&figure, summary->axis[a].label[place]);
            figure_value(&figure, g == summary->best);
            for (int32_t k = 0; k < 3; k++) figure_value(&figure, cells[k]);
            summary_values(summary, g, column, value);
            for (int32_t r = 0; r < summary->replicates; r++) {
                if (r < runs) figure_value(&figure, value[r]);
                if (!isfinite(value[r])) continue;
                low = fmin(low, value[r] * scale);
                high = fmax(high, value[r] * scale);
            }
            figure_row(&figure);
        }
        describe_panel(&figure, report, a, p + 1, &slice[p]);
    }
    if (panels == 0) {
        figure_drop(&figure);
        html_raw(report->target, "<p class=\"note\">The best setting shares no line with another "
                                 "one: nothing to draw.</p>\n");
        return true;
    }
    TRY(figure_table(&figure, report, "axis", err));
    figure_cell(&figure, "panel");
    figure_cell(&figure, "x");
    figure_cell(&figure, "label");
    figure_row(&figure);
    for (int32_t p = 0; p < panels; p++) {
        for (int32_t i = 0; i < slice[p].count; i++) {
            const SummaryAxis *axis = &summary->axis[slice[p].axis];
            const int32_t place = report_value(report, slice[p].group[i], slice[p].axis);
            figure_value(&figure, p + 1);
            figure_value(&figure, axis->number[place]);
            figure_cell(&figure, axis->label[place]);
            figure_row(&figure);
        }
    }
    const Range y = report_range(low, high, !report_is_share(summary->metric));
    report_metric_label(report, summary->metric, y_label, sizeof y_label);
    figure_string(&figure, "y_label", y_label);
    figure_number(&figure, "panels", panels);
    figure_number(&figure, "runs", runs);
    figure_number(&figure, "scale", scale);
    figure_number(&figure, "y_low", y.low);
    figure_number(&figure, "y_high", y.high);
    figure_number(&figure, "log_y", y.logarithmic);
    labels_setting(summary, summary->best, -1, label, sizeof label);
    snprintf(alt, sizeof alt,
             "Mean %s against each of %d settings alone, through the best: %.700s.",
             labels_metric_title(summary->metric), panels, label);
    snprintf(caption, sizeof caption,
             "In each panel one setting moves and the others stay as in the best one (red): %s.",
             label);
    return figure_end(&figure, report, alt, caption, err);
fail:
    figure_drop(&figure);
    return false;
}
