/* Sections overfitting and generalization: metrics against one setting, and the figure that the page opens with. */
#include "runner/report_parts.h"

#include <math.h>
#include <string.h>

#define PART_COUNT 3 /* train, validation, test */
#define SERIES     5
#define LABEL      10 /* characters beside a line */
#define DOT_MAX    60 /* columns of single runs in a table */

typedef struct Series {
    const char *title;
    const char *word; /* in the table's heading */
    double *value;    /* places x replicates */
    Interval *mean;   /* places */
} Series;

typedef struct Sweep {
    int32_t axis, places, series, runs;
    int64_t *group; /* places */
    Series part[SERIES];
    double scale;
    bool zero_line, mark_best, lines, maximize;
    int32_t first_colour;
} Sweep;

/* What is measured, whatever part of the data it is measured on. */
static const char *family(Metric metric) {
    const char *tail = strchr(metrics_name(metric), '_') + 1;
    return strcmp(tail, "objective") == 0 ? "loss" : tail;
}

static const char *const PARTS[PART_COUNT] = {"train", "val", "test"};

static Metric part_metric(int32_t part, const char *kind) {
    char name[64];
    (void)snprintf(name, sizeof name, "%s_%s", PARTS[part], kind);
    return metrics_from_name(name);
}

const char *sweep_misfit(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    return report->summary.sweep_axis < 0 ? "it needs a setting that varies" : NULL;
}

const char *gap_misfit(const Report *report) {
    if (sweep_misfit(report) != NULL) return sweep_misfit(report);
    const bool test = report->results->final[METRIC_TEST_LOSS] != NULL &&
                      report->results->final[METRIC_TRAIN_LOSS] != NULL;
    return test ? NULL : "it needs a test set";
}

static bool begin_sweep(Sweep *sweep, Report *report, Error *err) {
    *sweep = (Sweep){.axis = report->summary.sweep_axis, .scale = 1, .first_colour = 1};
    if (!report_line(report, sweep->axis, &sweep->group, &sweep->places, err)) return false;
    const int32_t room = REPORT_DOTS / sweep->places;
    const int32_t most = room < 1 ? 1 : room > DOT_MAX ? DOT_MAX : room;
    sweep->runs = report->summary.replicates < most ? report->summary.replicates : most;
    return true;
}

/* `group`: places, -1 where there is none. */
static bool add_line(Sweep *sweep, Report *report, const char *title, const char *word,
                     const double *column, const int64_t *group, Error *err) {
    const size_t places = (size_t)sweep->places, replicates = (size_t)report->summary.replicates;
    Series *part = &sweep->part[sweep->series++];
    *part = (Series){.title = title, .word = word};
    part->value = pool_take(&report->pool, places * replicates, sizeof *part->value, err);
    part->mean = pool_take(&report->pool, places, sizeof *part->mean, err);
    if (part->value == NULL || part->mean == NULL) return false;
    for (size_t p = 0; p < places; p++) {
        part->mean[p] = statistics_interval(NULL, 0);
        for (size_t r = 0; r < replicates; r++) part->value[p * replicates + r] = (double)NAN;
        if (group[p] < 0) continue;
        summary_values(&report->summary, group[p], column, part->value + p * replicates);
        part->mean[p] = summary_interval(&report->summary, group[p], column);
    }
    return true;
}

static bool add_series(Sweep *sweep, Report *report, const char *title, const char *word,
                       const double *column, Error *err) {
    return add_line(sweep, report, title, word, column, sweep->group, err);
}

static Range value_range(const Sweep *sweep, const Report *report, bool may_be_log) {
    double low = INFINITY, high = -INFINITY;
    const size_t replicates = (size_t)report->summary.replicates;
    for (int32_t s = 0; s < sweep->series; s++)
        for (size_t p = 0; p < (size_t)sweep->places; p++)
            for (size_t r = 0; r <= replicates; r++) {
                const Series *part = &sweep->part[s];
                const double v =
                    r < replicates ? part->value[p * replicates + r] : part->mean[p].mean;
                if (!isfinite(v)) continue;
                low = fmin(low, v * sweep->scale);
                high = fmax(high, v * sweep->scale);
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
    double at[SERIES];
    const double apart =
        sweep->series > 2 ? 0.1 : 0.065; /* of the height, which tilted words lessen */
    for (int32_t s = 0; s < sweep->series; s++) {
        double last = (double)NAN;
        for (int32_t p = 0; p < sweep->places; p++)
            if (isfinite(sweep->part[s].mean[p].mean))
                last = sweep->part[s].mean[p].mean * sweep->scale;
        at[s] = isfinite(last) ? report_place(y, last) : 0.5;
    }
    for (int32_t round = 0; round < 40; round++)
        for (int32_t a = 0; a < sweep->series; a++)
            for (int32_t b = 0; b < sweep->series; b++) {
                if (a == b || at[a] < at[b] || (at[a] == at[b] && a < b)) continue;
                const double missing = apart - (at[a] - at[b]);
                if (missing <= 0) continue;
                at[a] += missing / 2;
                at[b] -= missing / 2;
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
        (void)snprintf(variable, sizeof variable, "name_%d", s + 1);
        figure_string(figure, variable, sweep->part[s].title);
        (void)snprintf(variable, sizeof variable, "end_%d", s + 1);
        figure_number(figure, variable, at[s]);
    }
}

static void describe_axes(Figure *figure, const Sweep *sweep, const Report *report, const Range *y,
                          const char *y_label) {
    const SummaryAxis *axis = &report->summary.axis[sweep->axis];
    const double first = axis->number[report_value(report, sweep->group[0], sweep->axis)];
    const double last =
        axis->number[report_value(report, sweep->group[sweep->places - 1], sweep->axis)];
    const bool category = axis->scale == SUMMARY_CATEGORY, logarithmic = axis->scale == SUMMARY_LOG;
    const double air = logarithmic ? pow(last / first, 0.025)
                       : category  ? 0.5
                                   : fmax((last - first) * 0.025, 1e-12);
    char title[256];
    size_t longest = 0;
    for (int32_t p = 0; p < sweep->places; p++) {
        const size_t length =
            strlen(axis->label[report_value(report, sweep->group[p], sweep->axis)]);
        if (length > longest) longest = length;
    }
    summary_axis_title(axis, title, sizeof title);
    figure_string(figure, "x_label", title);
    figure_string(figure, "y_label", y_label);
    figure_number(figure, "x_low", logarithmic ? first / air : first - air);
    figure_number(figure, "x_high", logarithmic ? last * air : last + air);
    figure_number(figure, "y_low", y->low);
    figure_number(figure, "y_high", y->high);
    figure_number(figure, "log_x", logarithmic);
    figure_number(figure, "log_y", y->logarithmic);
    figure_number(figure, "category", category);
    figure_number(figure, "places", sweep->places);
    figure_number(figure, "longest", (double)longest);
    figure_number(figure, "series", sweep->series);
    figure_number(figure, "runs", sweep->runs);
    figure_number(figure, "scale", sweep->scale);
    figure_number(figure, "zero", sweep->zero_line);
    figure_number(figure, "first_colour", sweep->first_colour);
    double mark = (double)NAN;
    if (sweep->mark_best)
        mark = axis->number[report_value(report, report->summary.best, sweep->axis)];
    const Range x = {logarithmic ? first / air : first - air, logarithmic ? last * air : last + air,
                     logarithmic};
    char label[700];
    (void)snprintf(label, sizeof label, "%s: %s", report->summary.maximize ? "highest" : "lowest",
                   axis->label[report_value(report, report->summary.best, sweep->axis)]);
    figure_number(figure, "mark", mark);
    figure_number(figure, "mark_right", isfinite(mark) && report_place(&x, mark) > 0.6);
    figure_string(figure, "mark_label", label);
}

static void write_table(Figure *figure, const Sweep *sweep, const Report *report) {
    const SummaryAxis *axis = &report->summary.axis[sweep->axis];
    const int32_t replicates = report->summary.replicates;
    figure_cell(figure, axis->name);
    figure_cell(figure, "label");
    figure_cell(figure, "n");
    for (int32_t s = 0; s < sweep->series; s++) {
        static const char *const kinds[] = {"mean", "low", "high"};
        char heading[64];
        for (int32_t k = 0; k < 3; k++) {
            (void)snprintf(heading, sizeof heading, "%s_%s", sweep->part[s].word, kinds[k]);
            figure_cell(figure, heading);
        }
        for (int32_t r = 0; r < sweep->runs; r++) {
            (void)snprintf(heading, sizeof heading, "%s_%d", sweep->part[s].word, r);
            figure_cell(figure, heading);
        }
    }
    figure_row(figure);
    for (int32_t p = 0; p < sweep->places; p++) {
        const int32_t value = report_value(report, sweep->group[p], sweep->axis);
        figure_value(figure, axis->number[value]);
        figure_cell(figure, axis->label[value]);
        figure_value(figure, (double)sweep->part[0].mean[p].n);
        for (int32_t s = 0; s < sweep->series; s++) {
            const Interval *mean = &sweep->part[s].mean[p];
            figure_value(figure, mean->mean);
            figure_value(figure, mean->low);
            figure_value(figure, mean->high);
            for (int32_t r = 0; r < sweep->runs; r++)
                figure_value(figure, sweep->part[s].value[p * replicates + r]);
        }
        figure_row(figure);
    }
}

/* What the drawing shows, for those who cannot see it. */
static void describe(const Sweep *sweep, const Report *report, const char *y_label, char *text,
                     size_t size) {
    char title[256], number[3][64], phrase[3][300];
    const SummaryAxis *axis = &report->summary.axis[sweep->axis];
    summary_axis_title(axis, title, sizeof title);
    int used = snprintf(text, size, "%s against %s.", y_label, title);
    for (int32_t s = 0; s < sweep->series && used > 0 && (size_t)used < size; s++) {
        const Interval *mean = sweep->part[s].mean;
        const double sign = sweep->maximize ? -1 : 1;
        int32_t best = 0;
        for (int32_t p = 1; p < sweep->places; p++)
            if (sign * mean[p].mean < sign * mean[best].mean || !isfinite(mean[best].mean))
                best = p;
        const int32_t at[3] = {0, best, sweep->places - 1};
        for (int32_t i = 0; i < 3; i++) {
            summary_number(number[i], sizeof number[i], mean[at[i]].mean * sweep->scale,
                           (double)NAN);
            (void)snprintf(phrase[i], sizeof phrase[i], "%.280s",
                           axis->label[report_value(report, sweep->group[at[i]], sweep->axis)]);
        }
        used += snprintf(text + used, size - (size_t)used,
                         " Mean %s: %s at %s, %s %s at %s, %s at %s.", sweep->part[s].title,
                         number[0], phrase[0], sweep->maximize ? "highest" : "lowest", number[1],
                         phrase[1], number[2], phrase[2]);
    }
}

static void caption_of(const Sweep *sweep, const Report *report, char *text, size_t size) {
    char held[1000];
    const int32_t replicates = report->summary.replicates;
    const char *word = report->summary.folds ? "fold" : "repeat";
    report_held(report, sweep->axis, held, sizeof held);
    if (sweep->lines) {
        char other[256];
        summary_axis_title(&report->summary.axis[1 - sweep->axis], other, sizeof other);
        (void)snprintf(held, sizeof held, "A colour for each value of %s.", other);
    }
    const int32_t all = report->summary.axis[sweep->axis].count;
    int used = 0;
    if (replicates < 2)
        used = snprintf(text, size, "One run of each, so no intervals. ");
    else
        used = snprintf(
            text, size, "Dots: single %ss%s. %s: their mean. %s: its 95 %% interval. ", word,
            sweep->runs < replicates ? " (the first few)" : "",
            report->summary.axis[sweep->axis].scale == SUMMARY_CATEGORY ? "Large dots" : "Lines",
            report->summary.axis[sweep->axis].scale == SUMMARY_CATEGORY ? "Bars" : "Bands");
    if (sweep->places < all && used > 0 && (size_t)used < size)
        used += snprintf(text + used, size - (size_t)used, "%d of %d values are drawn. ",
                         sweep->places, all);
    if (used > 0 && (size_t)used < size)
        (void)snprintf(text + used, size - (size_t)used, "%s", held);
}

static bool draw_sweep(Sweep *sweep, Report *report, const char *name, const char *y_label,
                       bool may_be_log, Error *err) {
    Figure figure = {0};
    char alt[2048], caption[2048];
    const Range y = value_range(sweep, report, may_be_log);
    if (!figure_begin(&figure, report, name, "sweep", err)) return false;
    describe_axes(&figure, sweep, report, &y, y_label);
    place_names(&figure, sweep, &y);
    write_table(&figure, sweep, report);
    describe(sweep, report, y_label, alt, sizeof alt);
    caption_of(sweep, report, caption, sizeof caption);
    return figure_end(&figure, report, alt, caption, err);
}

/* One family (loss, accuracy, r2) of the runs' train, validation and test parts. */
static bool family_figure(Report *report, const char *kind, const char *name, bool mark,
                          bool *drawn, Error *err) {
    Sweep sweep;
    char y_label[128] = "";
    *drawn = false;
    if (!begin_sweep(&sweep, report, err)) return false;
    for (int32_t part = 0; part < PART_COUNT; part++) {
        const Metric metric = part_metric(part, kind);
        const double *column = metric < METRIC_COUNT
                                   ? summary_column(&report->summary, metric, report->summary.at)
                                   : NULL;
        if (column == NULL) continue;
        static const char *const titles[PART_COUNT] = {"train", "validation", "test"};
        if (!add_series(&sweep, report, titles[part], PARTS[part], column, err)) return false;
        sweep.scale = report_metric_scale(metric);
        sweep.maximize = metrics_more_is_better(metric);
        report_metric_axis(report, metric, y_label, sizeof y_label);
    }
    if (sweep.series == 0) return true;
    sweep.mark_best = mark;
    *drawn = true;
    return draw_sweep(&sweep, report, name, y_label,
                      strcmp(kind, "accuracy") != 0 && strcmp(kind, "r2") != 0, err);
}

/* The axis whose values make the lines of a second figure: with two axes, the other one, where it has few values. */
static int32_t lines_axis(const Report *report) {
    const Summary *summary = &report->summary;
    if (summary->axes != 2 || summary->sweep_axis < 0) return -1;
    const int32_t other = 1 - summary->sweep_axis;
    return summary->axis[other].count <= SERIES ? other : -1;
}

/* The metric against one axis, a line for each value of the other. */
static bool lines_figure(Report *report, const char *name, bool mark, Error *err) {
    Sweep sweep;
    const Summary *summary = &report->summary;
    const int32_t other = lines_axis(report);
    const double *column = summary_column(summary, summary->metric, summary->at);
    char y_label[200], axis[256], word[SERIES][32];
    summary_axis_title(&summary->axis[other], axis, sizeof axis);
    if (!begin_sweep(&sweep, report, err)) return false;
    for (int32_t v = 0; v < summary->axis[other].count; v++) {
        int64_t *group = pool_take(&report->pool, (size_t)sweep.places, sizeof *group, err);
        char *title = pool_take(&report->pool, 64, 1, err);
        if (group == NULL || title == NULL) return false;
        for (int32_t p = 0; p < sweep.places; p++) {
            group[p] = -1;
            for (int64_t g = 0; g < summary->groups; g++)
                if (report_value(report, g, other) == v &&
                    report_value(report, g, sweep.axis) ==
                        report_value(report, sweep.group[p], sweep.axis))
                    group[p] = g;
        }
        const char *value = summary->axis[other].label[v];
        const bool room = strlen(axis) + strlen(value) < LABEL;
        if (room)
            (void)snprintf(title, 64, "%.30s %.30s", axis, value);
        else
            (void)snprintf(title, 64, "%.60s", value);
        (void)snprintf(word[v], sizeof word[v], "line_%d", v + 1);
        if (!add_line(&sweep, report, title, word[v], column, group, err)) return false;
    }
    sweep.scale = report_metric_scale(summary->metric);
    sweep.maximize = summary->maximize;
    sweep.mark_best = mark;
    sweep.lines = true;
    report_metric_label(report, summary->metric, y_label, sizeof y_label);
    return draw_sweep(&sweep, report, name, y_label, !report_is_share(summary->metric), err);
}

bool sweep_write_hero(Report *report, Error *err) {
    bool drawn;
    const Summary *summary = &report->summary;
    if (lines_axis(report) >= 0 && summary->sweep_axis != summary->size_axis)
        return lines_figure(report, "overfitting", false, err);
    return family_figure(report, family(summary->metric), "overfitting", true, &drawn, err);
}

/* The numbers behind the figures, for a few sizes. */
static void write_numbers(Report *report, const int64_t *group, int32_t count, int32_t all) {
    const Metric metric = report->summary.metric, train = summary_train_metric(metric);
    const double *columns[2] = {summary_column(&report->summary, train, report->summary.at),
                                summary_column(&report->summary, metric, report->summary.at)};
    char headings[6][160];
    const char *heading[6];
    int32_t used = 0;
    const int32_t axis = report->summary.sweep_axis;
    summary_axis_title(&report->summary.axis[axis], headings[used++], sizeof headings[0]);
    (void)snprintf(headings[used++], sizeof headings[0], "runs");
    for (int32_t c = 0; c < 2; c++) {
        if (columns[c] == NULL) continue;
        (void)snprintf(headings[used++], sizeof headings[0], "mean %s",
                       summary_metric_title(c == 0 ? train : metric));
        (void)snprintf(headings[used++], sizeof headings[0], "95 %% interval");
    }
    for (int32_t i = 0; i < used; i++) heading[i] = headings[i];
    report_table_begin(report, heading, used);
    for (int32_t i = 0; i < count; i++) {
        const int32_t value = report_value(report, group[i], axis);
        html_print(report->target, "<tr%s><td data-value=\"%.9g\">", "",
                   report->summary.axis[axis].number[value]);
        html_print(report->target, "%s</td><td>%lld</td>", report->summary.axis[axis].label[value],
                   (long long)report->summary.group[group[i]].metric.n);
        for (int32_t c = 0; c < 2; c++) {
            if (columns[c] == NULL) continue;
            const Interval mean = summary_interval(&report->summary, group[i], columns[c]);
            report_number_cell(report, mean.mean, mean.high - mean.mean);
            report_interval_cell(report, &mean);
        }
        html_raw(report->target, "</tr>\n");
    }
    report_table_end(report);
    if (count < all)
        html_print(report->target,
                   "<p class=\"note\">%d of %d values; all of them are in the data beside the "
                   "figure.</p>\n",
                   count, all);
}

bool sweep_write_overfitting(Report *report, Error *err) {
    static const char *const kinds[] = {"loss", "accuracy", "r2"};
    static const char *const names[] = {"overfitting-loss", "overfitting-accuracy",
                                        "overfitting-r2"};
    const char *shown = family(report->summary.metric);
    int64_t *group;
    int32_t count;
    const bool lines = lines_axis(report) >= 0,
               lines_first = lines && report->summary.sweep_axis != report->summary.size_axis;
    bool more;
    if (report->swept)
        html_raw(report->target,
                 "<p>The runs of the figure at the top, looked at otherwise:</p>\n");
    else if (!sweep_write_hero(report, err))
        return false;
    if (lines && !lines_first && !lines_figure(report, "overfitting-lines", false, err))
        return false;
    if (lines_first && !family_figure(report, shown, "overfitting-parts", true, &more, err))
        return false;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        bool drawn;
        if (strcmp(kinds[k], shown) != 0 &&
            !family_figure(report, kinds[k], names[k], false, &drawn, err))
            return false;
    }
    if (!report_line(report, report->summary.sweep_axis, &group, &count, err)) return false;
    const int32_t all = count;
    count = report_pick(report, report->summary.sweep_axis, group, count, 12);
    write_numbers(report, group, count, all);
    return true;
}

/* Section generalization: held-out minus training, run by run. ------------------------------------------------------ */

static bool gap_figure(Report *report, const char *kind, const char *name, double sign,
                       const char *y_label, Error *err) {
    const Metric test = part_metric(2, kind), train = part_metric(0, kind);
    const double *a = summary_column(&report->summary, test, report->summary.at);
    const double *b = summary_column(&report->summary, train, report->summary.at);
    if (a == NULL || b == NULL) return true;
    double *gap = pool_take(&report->pool, (size_t)report->results->trials + 1, sizeof *gap, err);
    if (gap == NULL) return false;
    for (int64_t i = 0; i < report->results->trials; i++) gap[i] = sign * (a[i] - b[i]);
    Sweep sweep;
    if (!begin_sweep(&sweep, report, err)) return false;
    if (!add_series(&sweep, report, "gap", "gap", gap, err)) return false;
    sweep.zero_line = true;
    sweep.first_colour = 2;
    sweep.scale = report_metric_scale(test);
    return draw_sweep(&sweep, report, name, y_label, false, err);
}

bool sweep_write_gap(Report *report, Error *err) {
    html_raw(report->target,
             "<p>How much worse each run does on the test set than on its own training rows. At "
             "zero it generalizes perfectly");
    html_raw(report->target, report->summary.sweep_axis == report->summary.size_axis
                                 ? "; a gap that grows with the network is what overfitting looks "
                                   "like.</p>\n"
                                 : ".</p>\n");
    if (!gap_figure(report, "loss", "generalization", 1, "test loss − train loss", err))
        return false;
    return gap_figure(report, "accuracy", "generalization-accuracy", -1,
                      "train accuracy − test accuracy (percentage points)", err);
}
