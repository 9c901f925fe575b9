/* Sections overfitting and generalization: metrics against one setting, and the figure that the
 * page opens with. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "runner/report/section.h"

#define PART_COUNT 3  /* train, validation, test */
#define LABEL      10 /* characters beside a line */

/* What is measured, whatever part of the data it is measured on. */
static const char *family(Metric metric) {
    const char *tail = strchr(metrics_name(metric), '_') + 1;
    return strcmp(tail, "objective") == 0 ? "loss" : tail;
}

static const char *const PARTS[PART_COUNT] = {"train", "val", "test"};

static Metric part_metric(int32_t part, const char *kind) {
    char name[64];
    snprintf(name, sizeof name, "%s_%s", PARTS[part], kind);
    return metrics_from_name(name);
}

const char *sweep_misfit(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    return report->summary.sweep_axis < 0 ? "it needs a setting that varies" : NULL;
}

const char *gap_misfit(const Report *report) {
    if (sweep_misfit(report)) return sweep_misfit(report);
    const bool test =
        report->results->final[METRIC_TEST_LOSS] && report->results->final[METRIC_TRAIN_LOSS];
    return test ? NULL : "it needs a test set";
}

/* The line through the best setting along the axis that is swept. */
typedef struct Line {
    Sweep sweep;
    int64_t *group; /* places */
} Line;

static bool begin_line(Line *line, Report *report, bool mark, Error *err) {
    const Summary *summary = &report->summary;
    const SummaryAxis *axis = &summary->axis[summary->sweep_axis];
    int64_t *group;
    int32_t places;
    *line = (Line){0};
    if (!report_line(report, summary->sweep_axis, &group, &places, err)) return false;
    char *title = pool_take(&report->pool, 256, 1, err);
    if (!title || !series_begin(&line->sweep, report, places, summary->replicates, err))
        return false;
    labels_axis_title(axis, title, 256);
    line->group = group;
    line->sweep.name = axis->name;
    line->sweep.title = title;
    line->sweep.axis_scale = axis->scale;
    for (int32_t p = 0; p < places; p++) {
        const int32_t value = report_value(report, group[p], summary->sweep_axis);
        line->sweep.x[p] = axis->number[value];
        line->sweep.label[p] = axis->label[value];
        if (mark && group[p] == summary->best) line->sweep.mark = p;
    }
    return true;
}

static bool add_column(Line *line, Report *report, const char *title, const char *word,
                       const double *column, Error *err) {
    return series_add(&line->sweep, report, &report->summary, title, word, column, line->group,
                      err);
}

/* `other`: the axis whose values are the lines; -1: the others stay as in the best setting. */
static bool draw_line(const Line *line, Report *report, const char *name, const char *y_label,
                      bool may_be_log, int32_t other, Error *err) {
    char held[1000], caption[2048], title[256];
    const Summary *summary = &report->summary;
    report_held(report, summary->sweep_axis, held, sizeof held);
    if (other >= 0) {
        labels_axis_title(&summary->axis[other], title, sizeof title);
        snprintf(held, sizeof held, "A colour for each value of %s.", title);
    }
    const int32_t all = summary->axis[summary->sweep_axis].count;
    int used = series_caption(&line->sweep, summary->folds, caption, sizeof caption);
    if (line->sweep.places < all && used > 0 && (size_t)used < sizeof caption) {
        used += snprintf(caption + used, sizeof caption - (size_t)used,
                         "%d of %d values are drawn. ", line->sweep.places, all);
    }
    if (used > 0 && (size_t)used < sizeof caption)
        snprintf(caption + used, sizeof caption - (size_t)used, "%s", held);
    return series_draw(&line->sweep, report, name, y_label, may_be_log, caption, err);
}

/* One family (loss, accuracy, r2) of the runs' train, validation and test parts. */
static bool family_figure(Report *report, const char *kind, const char *name, bool mark,
                          bool *drawn, Error *err) {
    Line line;
    char y_label[128] = "";
    *drawn = false;
    if (!begin_line(&line, report, mark, err)) return false;
    for (int32_t part = 0; part < PART_COUNT; part++) {
        const Metric metric = part_metric(part, kind);
        const double *column = metric < METRIC_COUNT
                                   ? summary_column(&report->summary, metric, report->summary.at)
                                   : NULL;
        if (!column) continue;
        static const char *const titles[PART_COUNT] = {"train", "validation", "test"};
        if (!add_column(&line, report, titles[part], PARTS[part], column, err)) return false;
        line.sweep.scale = report_metric_scale(metric);
        line.sweep.maximize = mark ? report->summary.maximize : metrics_more_is_better(metric);
        report_metric_axis(report, metric, y_label, sizeof y_label);
    }
    if (line.sweep.series == 0) return true;
    *drawn = true;
    return draw_line(&line, report, name, y_label,
                     strcmp(kind, "accuracy") != 0 && strcmp(kind, "r2") != 0, -1, err);
}

/* The axis whose values make the lines of a second figure: with two axes, the other one, where it
 * has few values. */
static int32_t lines_axis(const Report *report) {
    const Summary *summary = &report->summary;
    if (summary->axes != 2 || summary->sweep_axis < 0) return -1;
    const int32_t other = 1 - summary->sweep_axis;
    return summary->axis[other].count <= REPORT_SERIES ? other : -1;
}

/* The metric against one axis, a line for each value of the other. */
static bool lines_figure(Report *report, const char *name, Error *err) {
    Line line;
    const Summary *summary = &report->summary;
    const int32_t other = lines_axis(report);
    const double *column = summary_column(summary, summary->metric, summary->at);
    char y_label[200], axis[256], word[REPORT_SERIES][32];
    labels_axis_title(&summary->axis[other], axis, sizeof axis);
    if (!begin_line(&line, report, false, err)) return false;
    for (int32_t v = 0; v < summary->axis[other].count; v++) {
        int64_t *group = pool_take(&report->pool, (size_t)line.sweep.places, sizeof *group, err);
        char *title = pool_take(&report->pool, 64, 1, err);
        if (!group || !title) return false;
        for (int32_t p = 0; p < line.sweep.places; p++) {
            group[p] = -1;
            for (int64_t g = 0; g < summary->groups; g++) {
                if (report_value(report, g, other) == v &&
                    report_value(report, g, summary->sweep_axis) ==
                        report_value(report, line.group[p], summary->sweep_axis))
                    group[p] = g;
            }
        }
        const char *value = summary->axis[other].label[v];
        const bool room = strlen(axis) + strlen(value) < LABEL;
        if (room)
            snprintf(title, 64, "%.30s %.30s", axis, value);
        else
            snprintf(title, 64, "%.60s", value);
        snprintf(word[v], sizeof word[v], "line_%d", v + 1);
        if (!series_add(&line.sweep, report, summary, title, word[v], column, group, err))
            return false;
    }
    line.sweep.scale = report_metric_scale(summary->metric);
    line.sweep.maximize = summary->maximize;
    report_metric_label(report, summary->metric, y_label, sizeof y_label);
    return draw_line(&line, report, name, y_label, !report_is_share(summary->metric), other, err);
}

bool sweep_write_hero(Report *report, Error *err) {
    bool drawn;
    const Summary *summary = &report->summary;
    if (lines_axis(report) >= 0 && summary->sweep_axis != summary->size_axis)
        return lines_figure(report, "overfitting", err);
    return family_figure(report, family(summary->metric), "overfitting", true, &drawn, err);
}

/* The numbers behind the figures, for a few sizes. */
static void write_numbers(Report *report, const int64_t *group, int32_t count, int32_t all) {
    const Metric metric = report->summary.metric, train = labels_train_metric(metric);
    const double *columns[2] = {summary_column(&report->summary, train, report->summary.at),
                                summary_column(&report->summary, metric, report->summary.at)};
    char headings[6][160];
    const char *heading[6];
    int32_t used = 0;
    const int32_t axis = report->summary.sweep_axis;
    const bool spread = report->summary.replicates > 1; /* else no interval could stand there */
    labels_axis_title(&report->summary.axis[axis], headings[used++], sizeof headings[0]);
    snprintf(headings[used++], sizeof headings[0], "runs");
    for (int32_t c = 0; c < 2; c++) {
        if (!columns[c]) continue;
        snprintf(headings[used++], sizeof headings[0], "mean %s",
                 labels_metric_title(c == 0 ? train : metric));
        if (spread) snprintf(headings[used++], sizeof headings[0], "95 %% interval");
    }
    for (int32_t i = 0; i < used; i++) heading[i] = headings[i];
    report_table_begin(report, heading, used);
    for (int32_t i = 0; i < count; i++) {
        const int32_t value = report_value(report, group[i], axis);
        html_print(report->target, "<tr%s><td data-value=\"%.9g\">", "",
                   report->summary.axis[axis].number[value]);
        html_print(report->target, "%s</td><td>%" PRId64 "</td>",
                   report->summary.axis[axis].label[value],
                   report->summary.group[group[i]].metric.n);
        for (int32_t c = 0; c < 2; c++) {
            if (!columns[c]) continue;
            const Interval mean = summary_interval(&report->summary, group[i], columns[c]);
            report_number_cell(report, mean.mean, mean.half);
            if (spread) report_interval_cell(report, &mean);
        }
        html_raw(report->target, "</tr>\n");
    }
    report_table_end(report);
    if (count < all) {
        html_print(report->target,
                   "<p class=\"note\">%d of %d values; all of them are in the data beside the "
                   "figure.</p>\n",
                   count, all);
    }
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
    if (report->swept) {
        html_raw(report->target,
                 "<p>The runs of the figure at the top, looked at otherwise:</p>\n");
    } else if (!sweep_write_hero(report, err))
        return false;
    if (lines && !lines_first && !lines_figure(report, "overfitting-lines", err)) return false;
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

/* --- Section generalization: held-out minus training, run by run. ----------------------------- */

static bool gap_figure(Report *report, const char *kind, const char *name, double sign,
                       const char *y_label, Error *err) {
    const Metric test = part_metric(2, kind), train = part_metric(0, kind);
    const double *a = summary_column(&report->summary, test, report->summary.at);
    const double *b = summary_column(&report->summary, train, report->summary.at);
    if (!a || !b) return true;
    double *gap = pool_take(&report->pool, (size_t)report->results->trials + 1, sizeof *gap, err);
    if (!gap) return false;
    for (int64_t i = 0; i < report->results->trials; i++) gap[i] = sign * (a[i] - b[i]);
    Line line;
    if (!begin_line(&line, report, false, err)) return false;
    if (!add_column(&line, report, "gap", "gap", gap, err)) return false;
    line.sweep.zero_line = true;
    line.sweep.first_colour = 2;
    line.sweep.scale = report_metric_scale(test);
    return draw_line(&line, report, name, y_label, false, -1, err);
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
