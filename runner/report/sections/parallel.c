/* Section parallel: every setting a line across all axes, the better ones stronger. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "runner/analysis/labels.h"
#include "runner/report/section.h"

#define AXES  8
#define LINES 240

static const char *unavailable(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    return report->summary.axes < 3 ? "it needs three settings that vary" : NULL;
}

/* Half of the lines are the best settings; the rest is an even choice of the others, so that bad
 * ones are seen, too. */
static int64_t chosen(int64_t i, int64_t lines, int64_t groups) {
    const int64_t half = lines / 2;
    if (groups <= lines || i < half) return i;
    return half + (i - half) * (groups - 1 - half) / (lines - 1 - half);
}

static bool write(Report *report, Error *err) {
    Figure figure = {0};
    const Summary *summary = &report->summary;
    const int32_t axes = summary->axes < AXES ? summary->axes : AXES;
    int64_t valued = 0;
    while (valued < summary->groups && summary->group[summary->ranked[valued]].metric.n > 0)
        valued++;
    const int64_t lines = valued < LINES ? valued : LINES;
    char text[300], label[1024], alt[1200];
    if (!figure_begin(&figure, &report->page, "parallel", "parallel", err)) return false;
    static const char *const headings[] = {"kind", "axis", "place"};
    figure_headings(&figure, headings, 3);
    for (int64_t i = lines - 1; i >= 0; i--) {
        const int64_t rank = chosen(i, lines, valued), g = summary->ranked[rank];
        for (int32_t a = 0; a < axes; a++) {
            figure_value(&figure, rank == 0 ? 2 : rank * 10 < valued ? 1 : 0);
            figure_value(&figure, a + 1);
            figure_value(&figure, (double)section_value(report, g, a) /
                                      (double)(summary->axis[a].count - 1));
            figure_row(&figure);
        }
        figure_row(&figure); /* an empty line ends gnuplot's line */
    }
    for (int32_t a = 0; a < axes; a++) {
        const SummaryAxis *axis = &summary->axis[a];
        figure_string_at(&figure, "low", a + 1, axis->label[0]);
        figure_string_at(&figure, "high", a + 1, axis->label[axis->count - 1]);
        labels_axis_title(axis, text, sizeof text);
        figure_string_at(&figure, "title", a + 1, text);
    }
    figure_number(&figure, "axes", axes);
    labels_setting(summary, summary->best, -1, label, sizeof label);
    snprintf(alt, sizeof alt, "%" PRId64 " settings as lines across %d axes. The best: %.800s.",
             lines, axes, label);
    return figure_end(
        &figure, alt,
        lines < valued
            ? "Each line is a setting: the best is black, the best tenth green, others grey (some "
              "of them). Values of an axis are evenly spaced, in order."
            : "Each line is a setting: the best is black, the best tenth green, the others grey. "
              "Values of an axis are evenly spaced, in order.",
        err);
}

const Section parallel_section = {"parallel", "All settings at once", unavailable, write, NULL};
