/* A figure of series of values against those of one setting: every replicate, the mean, its
 * interval. */
#ifndef RUNNER_REPORT_SERIES_H
#define RUNNER_REPORT_SERIES_H

#include "core/base/text.h"
#include "runner/report/section.h"

#define SERIES_MAX 5

/* The words of a caption where intervals are cut off and marked. */
#define SERIES_CUT " Triangles: an interval reaches beyond the frame."

typedef struct Series {
    const char *title;
    const char *word; /* in the table's heading */
    double *value;    /* positions x replicates */
    Interval *mean;   /* positions */
    FigureColour colour;
    bool dashed; /* the second of two sides */
} Series;

typedef struct SweepPlot {
    const char *name, *title; /* of the setting: its key, and in words */
    SummaryScale axis_scale;
    double *x;          /* positions: on that scale, ascending */
    const char **label; /* positions */
    int32_t positions, replicates, count, runs;
    Series series[SERIES_MAX]; /* `count` of them */
    double scale;              /* of the values: 100 for shares */
    bool zero_line, maximize;
    int32_t mark; /* the best position; -1: none is marked */
} SweepPlot;

/* An empty one with room for x and label, which the caller fills with name, title and
 * axis_scale. */
MUST_CHECK bool series_begin(SweepPlot *plot, Report *report, int32_t positions, int32_t replicates,
                             Error *err);

/* One more series; `group`: a group of the summary for each position, -1 where there is none. title
 * and word are borrowed. Its colour is that of no split of the data, until somebody sets it. */
MUST_CHECK bool series_add(SweepPlot *plot, Report *report, const Summary *summary,
                           const char *title, const char *word, const double *column,
                           const int64_t *group, Error *err);
MUST_CHECK bool series_draw(const SweepPlot *plot, Report *report, const char *name,
                            const char *y_label, bool may_be_log, const char *caption, Error *err);

/* The variables of the horizontal axis: x_label, x_low, x_high, log_x, category, places ... */
void series_x_axis(const SweepPlot *plot, Figure *figure);

/* "Dots: single repeats. Lines: their mean. ..." */
void series_caption(const SweepPlot *plot, bool folds, Text *text);

#endif
