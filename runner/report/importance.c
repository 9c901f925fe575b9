/* Sections importance and cost: which axis moves the metric, and what a better value takes. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runner/report/section.h"

#define DRAWN 2000 /* settings of the cost figure at most, best first */

/* --- Importance ------------------------------------------------------------------------------- */

const char *importance_misfit(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    return report->summary.axes < 2 ? "it needs two settings that vary" : NULL;
}

/* Eta squared: sum of squares between the means of the axis's values, over that between all
 * settings. */
static double share_of(const Report *report, int32_t axis, double *sum, int64_t *n) {
    const Summary *summary = &report->summary;
    const int32_t values = summary->axis[axis].count;
    double mean = 0, total = 0, between = 0;
    int64_t all = 0;
    for (int32_t v = 0; v < values; v++) sum[v] = 0, n[v] = 0;
    for (int64_t g = 0; g < summary->groups; g++) {
        if (summary->group[g].metric.n == 0) continue;
        const int32_t v = report_value(report, g, axis);
        sum[v] += summary->group[g].metric.mean;
        n[v]++;
        mean += summary->group[g].metric.mean;
        all++;
    }
    mean /= (double)all;
    for (int64_t g = 0; g < summary->groups; g++)
        if (summary->group[g].metric.n > 0) total += pow(summary->group[g].metric.mean - mean, 2);
    for (int32_t v = 0; v < values; v++)
        if (n[v] > 0) between += (double)n[v] * pow(sum[v] / (double)n[v] - mean, 2);
    return total > 0 ? fmin(between / total, 1) : (double)NAN;
}

typedef struct Share {
    int32_t axis;
    double share;
} Share;

static int by_share(const void *a, const void *b) {
    const Share *x = a, *y = b;
    if (x->share != y->share) return x->share > y->share ? -1 : 1;
    return x->axis - y->axis;
}

/* True for a full grid: every combination of values is there and has a mean. */
static bool is_whole(const Summary *summary) {
    double size = 1;
    for (int32_t a = 0; a < summary->axes; a++) size *= summary->axis[a].count;
    for (int64_t g = 0; g < summary->groups; g++)
        if (summary->group[g].metric.n == 0) return false;
    return size == (double)summary->groups;
}

bool importance_write(Report *report, Error *err) {
    Figure figure = {0};
    const Summary *summary = &report->summary;
    Share share[SUMMARY_AXES];
    char title[256], alt[1024];
    bool varies = true;
    for (int32_t a = 0; a < summary->axes; a++) {
        const size_t values = (size_t)summary->axis[a].count;
        double *sum = pool_take(&report->pool, values, sizeof *sum, err);
        int64_t *n = pool_take(&report->pool, values, sizeof *n, err);
        if (!sum || !n) return false;
        share[a] = (Share){a, share_of(report, a, sum, n)};
        varies = varies && isfinite(share[a].share);
    }
    if (!varies) {
        html_raw(report->target, "<p>All settings have the same mean: there is nothing to share "
                                 "out.</p>\n");
        return true;
    }
    qsort(share, (size_t)summary->axes, sizeof *share, by_share);
    html_print(
        report->target,
        "<p>Of all the differences between the settings’ mean %s, the part that each axis "
        "explains alone: how far the means of its values, averaged over everything else, lie "
        "apart (eta squared: sum of squares between them, over that between all settings). %s"
        "</p>\n",
        labels_metric_title(summary->metric),
        is_whole(summary)
            ? "What is missing to 100 % is interaction: an axis whose effect depends on another."
            : "Not every combination of values has a run with a value, so that the parts overlap: "
              "they need not add up to 100 %.");
    TRY(figure_begin(&figure, report, "importance", "importance", err));
    figure_cell(&figure, "axis");
    figure_cell(&figure, "percent");
    figure_row(&figure);
    int used =
        snprintf(alt, sizeof alt, "Part of the variance between settings each axis explains.");
    for (int32_t i = 0; i < summary->axes; i++) {
        labels_axis_title(&summary->axis[share[i].axis], title, sizeof title);
        figure_cell(&figure, title);
        figure_value(&figure, 100 * share[i].share);
        figure_row(&figure);
        if (used > 0 && (size_t)used < sizeof alt) {
            used += snprintf(alt + used, sizeof alt - (size_t)used, " %.60s: %.1f %%.", title,
                             100 * share[i].share);
        }
    }
    figure_number(&figure, "places", summary->axes);
    return figure_end(&figure, report, alt,
                      "Runs without a value are left out, so an axis that makes trainings diverge "
                      "matters more than it shows here.",
                      err);
fail:
    figure_drop(&figure);
    return false;
}

/* --- Cost ------------------------------------------------------------------------------------- */

const char *cost_misfit(const Report *report) {
    return report->summary.best < 0 ? "no run has a value" : NULL;
}

static int by_size(const void *a, const void *b) {
    const SummaryGroup *const *x = a, *const *y = b;
    if ((*x)->parameters != (*y)->parameters) return (*x)->parameters < (*y)->parameters ? -1 : 1;
    return ((*x)->setting > (*y)->setting) - ((*x)->setting < (*y)->setting);
}

/* Settings by size; those that no smaller one beats are the front. */
static bool front(Report *report, Error *err) {
    Figure figure = {0};
    const Summary *summary = &report->summary;
    const double scale = report_metric_scale(summary->metric);
    const size_t most = (size_t)(summary->groups < DRAWN ? summary->groups : DRAWN);
    const SummaryGroup **group = pool_take(&report->pool, most, sizeof *group, err);
    char alt[600], label[160], y_label[200];
    double low = INFINITY, high = -INFINITY, best = INFINITY;
    size_t count = 0;
    int32_t fronts = 0;
    if (!group) return false;
    for (size_t i = 0; i < most; i++) {
        if (summary->group[summary->ranked[i]].metric.n > 0)
            group[count++] = &summary->group[summary->ranked[i]];
    }
    qsort(group, count, sizeof *group, by_size);
    if (group[0]->parameters == group[count - 1]->parameters) return true;
    if (!figure_begin(&figure, report, "cost", "cost", err)) return false;
    static const char *const headings[] = {"parameters", "mean", "front"};
    for (int32_t i = 0; i < 3; i++) figure_cell(&figure, headings[i]);
    figure_row(&figure);
    for (size_t i = 0; i < count;) {
        size_t end = i;
        double here = (double)INFINITY; /* the best of this size */
        for (; end < count && group[end]->parameters == group[i]->parameters; end++)
            here = fmin(here, group[end]->metric.mean * (summary->maximize ? -1 : 1));
        for (bool first = here < best; i < end; i++) {
            const double mean = group[i]->metric.mean;
            const bool on = first && mean * (summary->maximize ? -1 : 1) == here;
            if (on) first = false;
            fronts += on;
            figure_value(&figure, (double)group[i]->parameters);
            figure_value(&figure, mean * scale);
            figure_value(&figure, on);
            figure_row(&figure);
            low = fmin(low, mean * scale);
            high = fmax(high, mean * scale);
        }
        best = fmin(best, here);
    }
    const Range y = report_range(low, high, !report_is_share(summary->metric));
    const double first = (double)group[0]->parameters, last = (double)group[count - 1]->parameters;
    report_metric_label(report, summary->metric, label, sizeof label);
    snprintf(y_label, sizeof y_label, "mean %s", label);
    figure_string(&figure, "y_label", y_label);
    figure_number(&figure, "x_low", first > 0 ? first / pow(last / first, 0.04) : 0);
    figure_number(&figure, "x_high", first > 0 ? last * pow(last / first, 0.04) : last);
    figure_number(&figure, "log_x", first > 0 && last / first >= 4);
    figure_number(&figure, "y_low", y.low);
    figure_number(&figure, "y_high", y.high);
    figure_number(&figure, "log_y", y.logarithmic);
    snprintf(alt, sizeof alt,
             "Mean %s against the number of parameters; %d of %zu settings are not beaten by "
             "any with as few parameters.",
             labels_metric_title(summary->metric), fronts, count);
    return figure_end(
        &figure, report, alt,
        "A dot a setting. The line joins those that no setting with as few parameters "
        "beats.",
        err);
}

bool cost_write(Report *report, Error *err) {
    const Results *results = report->results;
    const Summary *summary = &report->summary;
    double epochs = 0, passes = 0;
    int64_t fewest = INT64_MAX, most = 0;
    for (int64_t i = 0; i < results->trials; i++) {
        const int32_t k = results->data[i];
        const int64_t rows = k >= 0 && k < results->sets ? results->set[k].train.n : 0;
        epochs += (double)results->epochs_run[i];
        passes += (double)results->epochs_run[i] * (double)rows;
        if (results->parameters[i] < fewest) fewest = results->parameters[i];
        if (results->parameters[i] > most) most = results->parameters[i];
    }
    html_print(report->target, "<p>%" PRId64 " trials, %.0f epochs in all", results->trials,
               epochs);
    if (passes > 0) html_print(report->target, ", about %.3g rows shown to a network", passes);
    if (fewest == most)
        html_print(report->target, "; each network has %" PRId64 " parameters. ", most);
    else {
        html_print(report->target, "; networks of %" PRId64 " to %" PRId64 " parameters. ", fewest,
                   most);
    }
    html_raw(report->target, "Times are not part of the results; the run’s own are in "
                             "<code>run.log</code>.</p>\n");
    return summary->groups < 2 || front(report, err);
}
