/* Sections overfitting and generalization: metrics against one setting; and the figure that a page
 * opens with. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"
#include "runner/report/section.h"
#include "runner/report/series.h"

#define SPLIT_COUNT 3  /* train, validation, test */
#define LABEL       10 /* characters beside a line */

/* What is measured, whatever split of the data it is measured on: "loss", "accuracy", "r2". */
static const char *family(Metric metric) {
    const char *tail = strchr(metrics_name(metric), '_') + 1;
    return strcmp(tail, "objective") == 0 ? "loss" : tail;
}

static const char *const SPLITS[SPLIT_COUNT] = {"train", "val", "test"};

static Metric split_metric(int32_t split, const char *kind) {
    char name[64];
    snprintf(name, sizeof name, "%s_%s", SPLITS[split], kind);
    return metrics_from_name(name);
}

static const char *unavailable(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    return report->summary.sweep_axis < 0 ? "it needs a setting that varies" : NULL;
}

static const char *gap_unavailable(const Report *report) {
    if (unavailable(report)) return unavailable(report);
    const bool test =
        report->results->final[METRIC_TEST_LOSS] && report->results->final[METRIC_TRAIN_LOSS];
    return test ? NULL : "it needs a test set";
}

/* The line through the best setting along the axis that is swept. */
typedef struct SweepLine {
    SweepPlot plot;
    int64_t *group; /* positions */
} SweepLine;

static bool begin_line(SweepLine *line, Report *report, bool mark, Error *err) {
    const Summary *summary = &report->summary;
    const SummaryAxis *axis = &summary->axis[summary->sweep_axis];
    int64_t *group;
    int32_t positions;
    *line = (SweepLine){0};
    if (!section_line(report, summary->sweep_axis, &group, &positions, err)) return false;
    char *title = pool_alloc(&report->page.pool, 256, 1, err);
    if (!title || !series_begin(&line->plot, report, positions, summary->replicates, err))
        return false;
    labels_axis_title(axis, title, 256);
    line->group = group;
    line->plot.name = axis->name;
    line->plot.title = title;
    line->plot.axis_scale = axis->scale;
    for (int32_t p = 0; p < positions; p++) {
        const int32_t value = section_value(report, group[p], summary->sweep_axis);
        line->plot.x[p] = axis->number[value];
        line->plot.label[p] = axis->label[value];
        if (mark && group[p] == summary->best) line->plot.mark = p;
    }
    return true;
}

static bool add_column(SweepLine *line, Report *report, const char *title, const char *word,
                       const double *column, Error *err) {
    return series_add(&line->plot, report, &report->summary, title, word, column, line->group, err);
}

/* `other`: the axis whose values are the lines; -1: the others stay as in the best setting. */
static bool draw_line(const SweepLine *line, Report *report, const char *name, const char *y_label,
                      bool may_be_log, int32_t other, Error *err) {
    char held[1000], buffer[2048], title[256];
    Text caption = text_begin(buffer, sizeof buffer);
    const Summary *summary = &report->summary;
    const int32_t all = summary->axis[summary->sweep_axis].count;
    series_caption(&line->plot, summary->folds, &caption);
    if (line->plot.positions < all)
        text_add(&caption, "%d of %d values are drawn. ", line->plot.positions, all);
    if (other >= 0) {
        labels_axis_title(&summary->axis[other], title, sizeof title);
        text_add(&caption, "A colour for each value of %s.", title);
    } else {
        section_held(report, summary->sweep_axis, held, sizeof held);
        text_add(&caption, "%s", held);
    }
    return series_draw(&line->plot, report, name, y_label, may_be_log, buffer, err);
}

/* One family (loss, accuracy, r2) on the runs' training, validation and test rows. */
static bool family_figure(Report *report, const char *kind, const char *name, bool mark,
                          Error *err) {
    SweepLine line;
    char y_label[128] = "";
    if (!begin_line(&line, report, mark, err)) return false;
    for (int32_t split = 0; split < SPLIT_COUNT; split++) {
        const Metric metric = split_metric(split, kind);
        const double *column = metric < METRIC_COUNT
                                   ? summary_column(&report->summary, metric, report->summary.at)
                                   : NULL;
        if (!column) continue;
        static const char *const titles[SPLIT_COUNT] = {"train", "validation", "test"};
        if (!add_column(&line, report, titles[split], SPLITS[split], column, err)) return false;
        line.plot.series[line.plot.count - 1].colour = section_metric_colour(metric);
        line.plot.scale = section_metric_scale(metric);
        line.plot.maximize = mark ? report->summary.maximize : metrics_more_is_better(metric);
        section_metric_axis(report, metric, y_label, sizeof y_label);
    }
    if (line.plot.count == 0) return true;
    return draw_line(&line, report, name, y_label,
                     strcmp(kind, "accuracy") != 0 && strcmp(kind, "r2") != 0, -1, err);
}

/* The axis whose values make the lines of a second figure: with two axes, the other one, where it
 * has few values. */
static int32_t lines_axis(const Report *report) {
    const Summary *summary = &report->summary;
    if (summary->axes != 2 || summary->sweep_axis < 0) return -1;
    const int32_t other = 1 - summary->sweep_axis;
    return summary->axis[other].count <= SERIES_MAX ? other : -1;
}

/* Of two axes: the group that is at `like` on the swept one and has a value on the other; -1
 * without. */
static int64_t group_with(const Report *report, int64_t like, int32_t other, int32_t value) {
    const int32_t sweep = report->summary.sweep_axis;
    int64_t found = -1;
    for (int64_t g = 0; g < report->summary.groups; g++) {
        if (section_value(report, g, other) == value &&
            section_value(report, g, sweep) == section_value(report, like, sweep)) {
            found = g;
        }
    }
    return found;
}

/* The metric against one axis, a line for each value of the other. */
static bool lines_figure(Report *report, const char *name, Error *err) {
    SweepLine line;
    const Summary *summary = &report->summary;
    const int32_t other = lines_axis(report);
    const double *column = summary_column(summary, summary->metric, summary->at);
    char y_label[200], axis[256], word[SERIES_MAX][32];
    labels_axis_title(&summary->axis[other], axis, sizeof axis);
    if (!begin_line(&line, report, false, err)) return false;
    for (int32_t v = 0; v < summary->axis[other].count; v++) {
        int64_t *group =
            pool_alloc(&report->page.pool, (size_t)line.plot.positions, sizeof *group, err);
        char *title = pool_alloc(&report->page.pool, 64, 1, err);
        if (!group || !title) return false;
        for (int32_t p = 0; p < line.plot.positions; p++)
            group[p] = group_with(report, line.group[p], other, v);
        const char *value = summary->axis[other].label[v];
        const bool room = strlen(axis) + strlen(value) < LABEL;
        if (room)
            snprintf(title, 64, "%.30s %.30s", axis, value);
        else
            snprintf(title, 64, "%.60s", value);
        snprintf(word[v], sizeof word[v], "line_%d", v + 1);
        if (!series_add(&line.plot, report, summary, title, word[v], column, group, err))
            return false;
    }
    line.plot.scale = section_metric_scale(summary->metric);
    line.plot.maximize = summary->maximize;
    section_metric_label(report, summary->metric, y_label, sizeof y_label);
    return draw_line(&line, report, name, y_label, !section_is_share(summary->metric), other, err);
}

static bool write_hero(Report *report, Error *err) {
    const Summary *summary = &report->summary;
    if (lines_axis(report) >= 0 && summary->sweep_axis != summary->size_axis)
        return lines_figure(report, "overfitting", err);
    return family_figure(report, family(summary->metric), "overfitting", true, err);
}

/* The numbers behind the figures, for a few sizes. */
static void write_numbers(Report *report, const int64_t *group, int32_t count, int32_t all) {
    const Metric metric = report->summary.metric, train = labels_train_metric(metric);
    const double *columns[2] = {summary_column(&report->summary, train, report->summary.at),
                                summary_column(&report->summary, metric, report->summary.at)};
    char headings[6][160];
    const char *heading[6];
    int32_t cells = 0;
    const int32_t axis = report->summary.sweep_axis;
    const bool spread = report->summary.replicates > 1; /* else there is no interval */
    labels_axis_title(&report->summary.axis[axis], headings[cells++], sizeof headings[0]);
    snprintf(headings[cells++], sizeof headings[0], "runs");
    for (int32_t c = 0; c < 2; c++) {
        if (!columns[c]) continue;
        snprintf(headings[cells++], sizeof headings[0], "mean %s",
                 labels_metric_title(c == 0 ? train : metric));
        if (spread) snprintf(headings[cells++], sizeof headings[0], "95 %% interval");
    }
    for (int32_t i = 0; i < cells; i++) heading[i] = headings[i];
    page_table_begin(&report->page, heading, cells);
    for (int32_t i = 0; i < count; i++) {
        const int32_t value = section_value(report, group[i], axis);
        html_print(report->page.target, "<tr><td data-value=\"%.9g\">%s</td><td>%" PRId64 "</td>",
                   report->summary.axis[axis].number[value],
                   report->summary.axis[axis].label[value],
                   report->summary.group[group[i]].metric.n);
        for (int32_t c = 0; c < 2; c++) {
            if (!columns[c]) continue;
            const Interval mean = summary_interval(&report->summary, group[i], columns[c]);
            section_number_cell(report, mean.mean, mean.half);
            if (spread) section_interval_cell(report, &mean);
        }
        html_raw(report->page.target, "</tr>\n");
    }
    page_table_end(&report->page);
    if (count < all) {
        html_print(report->page.target,
                   "<p class=\"note\">%d of %d values; all of them are in the data beside the "
                   "figure.</p>\n",
                   count, all);
    }
}

static bool write(Report *report, Error *err) {
    static const char *const kinds[] = {"loss", "accuracy", "r2"};
    static const char *const names[] = {"overfitting-loss", "overfitting-accuracy",
                                        "overfitting-r2"};
    const char *shown = family(report->summary.metric);
    int64_t *group;
    int32_t count;
    const bool lines = lines_axis(report) >= 0,
               lines_first = lines && report->summary.sweep_axis != report->summary.size_axis;
    if (report->swept) {
        html_raw(report->page.target,
                 "<p>The runs of the figure at the top, looked at otherwise:</p>\n");
    } else if (!write_hero(report, err))
        return false;
    if (lines && !lines_first && !lines_figure(report, "overfitting-lines", err)) return false;
    if (lines_first && !family_figure(report, shown, "overfitting-parts", true, err)) return false;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (strcmp(kinds[k], shown) != 0 && !family_figure(report, kinds[k], names[k], false, err))
            return false;
    }
    if (!section_line(report, report->summary.sweep_axis, &group, &count, err)) return false;
    const int32_t all = count;
    count = section_pick(report, report->summary.sweep_axis, group, count, 12);
    write_numbers(report, group, count, all);
    return true;
}

/* --- generalization: held-out minus training, run by run -------------------------------------- */

static bool gap_figure(Report *report, const char *kind, const char *name, double sign,
                       const char *y_label, Error *err) {
    const Metric test = split_metric(2, kind), train = split_metric(0, kind);
    const double *a = summary_column(&report->summary, test, report->summary.at);
    const double *b = summary_column(&report->summary, train, report->summary.at);
    if (!a || !b) return true;
    double *gap =
        pool_alloc(&report->page.pool, (size_t)report->results->trials + 1, sizeof *gap, err);
    if (!gap) return false;
    for (int64_t i = 0; i < report->results->trials; i++) gap[i] = sign * (a[i] - b[i]);
    SweepLine line;
    if (!begin_line(&line, report, false, err)) return false;
    if (!add_column(&line, report, "gap", "gap", gap, err)) return false;
    line.plot.zero_line = true;
    line.plot.scale = section_metric_scale(test);
    return draw_line(&line, report, name, y_label, false, -1, err);
}

static bool write_gap(Report *report, Error *err) {
    html_raw(report->page.target,
             "<p>How much worse each run does on the test set than on its own training rows. At "
             "zero it generalizes perfectly");
    html_raw(report->page.target,
             report->summary.sweep_axis == report->summary.size_axis
                 ? "; a gap that grows with the network is what overfitting looks "
                   "like.</p>\n"
                 : ".</p>\n");
    if (!gap_figure(report, "loss", "generalization", 1, "test loss − train loss", err))
        return false;
    return gap_figure(report, "accuracy", "generalization-accuracy", -1,
                      "train accuracy − test accuracy (percentage points)", err);
}

const Section sweep_section = {"overfitting", "Overfitting", unavailable, write, write_hero};
const Section sweep_gap_section = {"generalization", "Generalization gap", gap_unavailable,
                                   write_gap, NULL};
