/* Section importance: which axis moves the metric. */
#include <math.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"
#include "runner/report/section.h"

static const char *unavailable(const Report *report) {
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
        const int32_t v = section_value(report, g, axis);
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

/* True where every combination of values is there and has a mean. */
static bool is_full_grid(const Summary *summary) {
    double size = 1;
    for (int32_t a = 0; a < summary->axes; a++) size *= summary->axis[a].count;
    for (int64_t g = 0; g < summary->groups; g++)
        if (summary->group[g].metric.n == 0) return false;
    return size == (double)summary->groups;
}

static bool draw(Report *report, const Share *share, Error *err) {
    const Summary *summary = &report->summary;
    Figure figure = {0};
    char title[256], alt_buffer[1024];
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    if (!figure_begin(&figure, &report->page, "importance", "importance", err)) return false;
    figure_cell(&figure, "axis");
    figure_cell(&figure, "percent");
    figure_row(&figure);
    text_add(&alt, "Part of the variance between settings each axis explains.");
    for (int32_t i = 0; i < summary->axes; i++) {
        labels_axis_title(&summary->axis[share[i].axis], title, sizeof title);
        figure_cell(&figure, title);
        figure_value(&figure, 100 * share[i].share);
        figure_row(&figure);
        text_add(&alt, " %.60s: %.1f %%.", title, 100 * share[i].share);
    }
    figure_number(&figure, "places", summary->axes);
    return figure_end(&figure, alt_buffer,
                      "Runs without a value are left out, so an axis that makes trainings diverge "
                      "matters more than it shows here.",
                      err);
}

static bool write(Report *report, Error *err) {
    const Summary *summary = &report->summary;
    Share share[SUMMARY_AXES];
    bool varies = true;
    for (int32_t a = 0; a < summary->axes; a++) {
        const size_t values = (size_t)summary->axis[a].count;
        double *sum = pool_alloc(&report->page.pool, values, sizeof *sum, err);
        int64_t *n = pool_alloc(&report->page.pool, values, sizeof *n, err);
        if (!sum || !n) return false;
        share[a] = (Share){a, share_of(report, a, sum, n)};
        varies = varies && isfinite(share[a].share);
    }
    if (!varies) {
        html_raw(report->page.target,
                 "<p>All settings have the same mean: there is nothing to share out.</p>\n");
        return true;
    }
    qsort(share, (size_t)summary->axes, sizeof *share, by_share);
    html_print(
        report->page.target,
        "<p>Of all the differences between the settings’ mean %s, the part that each axis "
        "explains alone: how far the means of its values, averaged over everything else, lie "
        "apart (eta squared: sum of squares between them, over that between all settings). %s"
        "</p>\n",
        labels_metric_title(summary->metric),
        is_full_grid(summary)
            ? "What is missing to 100 % is interaction: an axis whose effect depends on another."
            : "Not every combination of values has a run with a value, so that the parts overlap: "
              "they need not add up to 100 %.");
    return draw(report, share, err);
}

const Section importance_section = {"importance", "Which setting matters", unavailable, write,
                                    NULL};
