/* Section cost: what a better value takes. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "runner/analysis/labels.h"
#include "runner/report/section.h"

#define DRAWN 2000 /* at most so many settings are drawn, the best ones */

static const char *unavailable(const Report *report) {
    return report->summary.best < 0 ? "no run has a value" : NULL;
}

static int by_size(const void *a, const void *b) {
    const SummaryGroup *const *x = a, *const *y = b;
    if ((*x)->parameters != (*y)->parameters) return (*x)->parameters < (*y)->parameters ? -1 : 1;
    return ((*x)->setting > (*y)->setting) - ((*x)->setting < (*y)->setting);
}

typedef struct Front {
    const SummaryGroup **group; /* count: by size, those with a value */
    size_t count;
    int32_t unbeaten;
    double low, high; /* of the means, as they are shown */
} Front;

static bool gather(Front *front, Report *report, Error *err) {
    const Summary *summary = &report->summary;
    const size_t limit = (size_t)(summary->groups < DRAWN ? summary->groups : DRAWN);
    *front = (Front){.low = INFINITY, .high = -INFINITY};
    front->group = pool_alloc(&report->page.pool, limit, sizeof(SummaryGroup *), err);
    if (!front->group) return false;
    for (size_t i = 0; i < limit; i++) {
        const SummaryGroup *group = &summary->group[summary->ranked[i]];
        if (group->metric.n > 0) front->group[front->count++] = group;
    }
    qsort(front->group, front->count, sizeof(SummaryGroup *), by_size);
    return true;
}

/* Settings by size; those that no smaller one beats are the front. */
static void write_table(Figure *figure, Front *front, const Summary *summary) {
    static const char *const headings[] = {"parameters", "mean", "front"};
    const double scale = section_metric_scale(summary->metric);
    const double sign = summary->maximize ? -1 : 1;
    double best = INFINITY;
    figure_headings(figure, headings, 3);
    for (size_t i = 0; i < front->count;) {
        size_t end = i;
        double here = (double)INFINITY; /* the best of this size */
        while (end < front->count && front->group[end]->parameters == front->group[i]->parameters)
            here = fmin(here, front->group[end++]->metric.mean * sign);
        for (bool first = here < best; i < end; i++) {
            const double mean = front->group[i]->metric.mean;
            const bool unbeaten = first && mean * sign == here;
            if (unbeaten) first = false;
            front->unbeaten += unbeaten;
            figure_value(figure, (double)front->group[i]->parameters);
            figure_value(figure, mean * scale);
            figure_value(figure, unbeaten);
            figure_row(figure);
            front->low = fmin(front->low, mean * scale);
            front->high = fmax(front->high, mean * scale);
        }
        best = fmin(best, here);
    }
}

static void write_variables(Figure *figure, const Front *front, const Report *report) {
    const Metric metric = report->summary.metric;
    const PlotRange y = plot_range(front->low, front->high, !section_is_share(metric));
    const double first = (double)front->group[0]->parameters,
                 last = (double)front->group[front->count - 1]->parameters;
    char label[160], y_label[200];
    section_metric_label(report, metric, label, sizeof label);
    snprintf(y_label, sizeof y_label, "mean %s", label);
    figure_string(figure, "y_label", y_label);
    figure_number(figure, "x_low", first > 0 ? first / pow(last / first, 0.04) : 0);
    figure_number(figure, "x_high", first > 0 ? last * pow(last / first, 0.04) : last);
    figure_number(figure, "log_x", first > 0 && last / first >= 4);
    figure_number(figure, "y_low", y.low);
    figure_number(figure, "y_high", y.high);
    figure_number(figure, "log_y", y.logarithmic);
}

static bool draw(Report *report, Error *err) {
    Figure figure = {0};
    Front front;
    char alt[600];
    if (!gather(&front, report, err)) return false;
    if (front.group[0]->parameters == front.group[front.count - 1]->parameters) return true;
    if (!figure_begin(&figure, &report->page, "cost", "cost", err)) return false;
    write_table(&figure, &front, &report->summary);
    write_variables(&figure, &front, report);
    snprintf(alt, sizeof alt,
             "Mean %s against the number of parameters; %d of %zu settings are not beaten by "
             "any with as few parameters.",
             labels_metric_title(report->summary.metric), front.unbeaten, front.count);
    return figure_end(
        &figure, alt,
        "Each dot is a setting. The line joins those that no setting with as few parameters beats.",
        err);
}

static bool write(Report *report, Error *err) {
    const Results *results = report->results;
    double epochs = 0, passes = 0;
    int64_t fewest = INT64_MAX, largest = 0;
    for (int64_t i = 0; i < results->trials; i++) {
        const int32_t k = results->data[i];
        const int64_t rows = k >= 0 && k < results->sets ? results->set[k].train.n : 0;
        epochs += (double)results->epochs_run[i];
        passes += (double)results->epochs_run[i] * (double)rows;
        if (results->parameters[i] < fewest) fewest = results->parameters[i];
        if (results->parameters[i] > largest) largest = results->parameters[i];
    }
    html_print(report->page.target, "<p>%" PRId64 " trials, %.0f epochs in all", results->trials,
               epochs);
    if (passes > 0) html_print(report->page.target, ", about %.3g rows shown to a network", passes);
    if (fewest == largest)
        html_print(report->page.target, "; each network has %" PRId64 " parameters. ", largest);
    else {
        html_print(report->page.target, "; networks of %" PRId64 " to %" PRId64 " parameters. ",
                   fewest, largest);
    }
    html_raw(report->page.target, "Times are not part of the results; the run’s own are in "
                                  "<code>run.log</code>.</p>\n");
    return report->summary.groups < 2 || draw(report, err);
}

const Section cost_section = {"cost", "Cost", unavailable, write, NULL};
