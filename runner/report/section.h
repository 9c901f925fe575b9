/* What the files report_*.c share: the report in the making, figures, and the sections' functions.
 *
 * A section appends to the page and makes figures. A figure is a table (NAME.tsv), variables and a
 * gnuplot program; the program's text, the common style and the variables together are NAME.gp. */
#ifndef RUNNER_REPORT_SECTION_H
#define RUNNER_REPORT_SECTION_H

#include <stdio.h>

#include "runner/analysis/finding.h"
#include "runner/output/html.h"
#include "runner/report/report.h"

#define REPORT_DOTS  1500 /* at most so many single runs are drawn for one series */
#define REPORT_SIZES 400  /* at most so many places on an axis */
#define REPORT_ROWS  40   /* at most so many rows of a table */

typedef struct Report {
    const Results *results;
    const Spec *spec;
    const ReportPredictor *predictor;
    const char *folder;
    const ReportOptions *options;
    Summary summary;
    Finding finding;
    Html page;    /* of the sections; the opening is put before it */
    Html hero;    /* the figure that shows the finding */
    Html *target; /* where figures go: page or hero */
    bool swept;   /* the figure at the top is that of section overfitting */
    int32_t figures, missing, tables;
    char section[300];  /* the title of the section in the making */
    char trouble[2048]; /* what gnuplot said first; "" */
    Pool pool;
} Report;

typedef struct Figure {
    const char *name, *program; /* file stems, literals of this program: never data */
    FILE *table;                /* NAME.tsv */
    Html variables;             /* gnuplot assignments */
    bool first_cell;
} Figure;

MUST_CHECK bool figure_begin(Figure *figure, Report *report, const char *name, const char *program,
                             Error *err);
void figure_number(Figure *figure, const char *variable, double value);
void figure_string(Figure *figure, const char *variable, const char *text);
void figure_cell(Figure *figure, const char *text);
void figure_value(Figure *figure, double value);
void figure_row(Figure *figure); /* ends a row */

/* A further table of the figure, NAME-SUFFIX.tsv. */
MUST_CHECK bool figure_table(Figure *figure, Report *report, const char *suffix, Error *err);

/* Draws it and puts it on the page; `alt` says what it shows to those who cannot see it, `caption`
 * may be "". Consumes the figure, also on failure. A gnuplot that does not work is noted in the
 * report and is no failure here. */
MUST_CHECK bool figure_end(Figure *figure, Report *report, const char *alt, const char *caption,
                           Error *err);
void figure_drop(Figure *figure);

/* gnuplot's SVG as part of a page: no fixed size, ids made unique by `prefix`, colours by name, a
 * label. report_svg.c */
void svg_inline(Html *html, const char *svg, size_t length, const char *prefix,
                const char *css_class, const char *alt);

/* A vertical or horizontal range for values, with some air; on a logarithmic scale where they span
 * much. */
typedef struct Range {
    double low, high;
    bool logarithmic;
} Range;
Range report_range(double low, double high, bool may_be_log);

/* Where a value lies on it, 0 to 1. */
double report_place(const Range *range, double value);

/* Series of values against those of one setting: every replicate, the mean, its interval.
 * report_series.c */
#define REPORT_SERIES 5
typedef struct Series {
    const char *title;
    const char *word; /* in the table's heading */
    double *value;    /* places x replicates */
    Interval *mean;   /* places */
} Series;

typedef struct Sweep {
    const char *name, *title; /* of the setting: its key, and in words */
    SummaryScale axis_scale;
    double *x;          /* places: on that scale, ascending */
    const char **label; /* places */
    int32_t places, replicates, series, runs;
    Series part[REPORT_SERIES];
    double scale; /* of the values: 100 for shares */
    bool zero_line, maximize;
    int32_t first_colour;
    int32_t mark; /* the best place; -1: none is marked */
} Sweep;

/* An empty one with room for x and label, which the caller fills with name, title and
 * axis_scale. */
MUST_CHECK bool series_begin(Sweep *sweep, Report *report, int32_t places, int32_t replicates,
                             Error *err);

/* One more series; `group`: a group of the summary for each place, -1 where there is none. title
 * and word are borrowed. */
MUST_CHECK bool series_add(Sweep *sweep, Report *report, const Summary *summary, const char *title,
                           const char *word, const double *column, const int64_t *group,
                           Error *err);
MUST_CHECK bool series_draw(const Sweep *sweep, Report *report, const char *name,
                            const char *y_label, bool may_be_log, const char *caption, Error *err);

/* "Dots: single repeats. Lines: their mean. ..."; characters written, as snprintf() counts them. */
int series_caption(const Sweep *sweep, bool folds, char *text, size_t size);

/* Axis titles: "loss (cross-entropy, nats per sample)", "accuracy (%)"; and 100 for shares, else
 * 1. */
void report_metric_axis(const Report *report, Metric metric, char *text, size_t size);
double report_metric_scale(Metric metric);

/* "test accuracy (%)", "train loss (cross-entropy, nats per sample)". */
void report_metric_label(const Report *report, Metric metric, char *text, size_t size);
bool report_is_share(Metric metric);

/* "Other settings held at those of the best: l2 0.01." or "". */
void report_held(const Report *report, int32_t axis, char *text, size_t size);

/* What the rows of a figure are called: where the settings differ. The rest is the same for all:
 * "All: l2 0." or "". */
typedef struct RowNames {
    bool differs[SUMMARY_AXES];
    char same[1000];
} RowNames;
void report_row_names(const Report *report, const int64_t *group, int32_t count, RowNames *names);
void report_row_name(const Report *report, const RowNames *names, int64_t group, char *text,
                     size_t size);

/* The complete line of groups along an axis through the best setting, thinned to REPORT_SIZES;
 * count of them. */
MUST_CHECK bool report_line(Report *report, int32_t axis, int64_t **groups, int32_t *count,
                            Error *err);

/* At most `limit` of `count` groups on a line, well spread, the ends and the best among them; in
 * place, count back. */
int32_t report_pick(const Report *report, int32_t axis, int64_t *groups, int32_t count,
                    int32_t limit);

/* Number of the group's value on an axis. */
int32_t report_value(const Report *report, int64_t group, int32_t axis);

/* The data set of a trial where it is kept and has rows; NULL otherwise. */
const StoreData *report_data(const Report *report, int64_t trial);

/* True where the trial's network can be asked: it was trained to the end and its weights are
 * there. */
bool report_can_ask(const Report *report, int64_t trial);

/* The class of a row of outputs and its probability; one output alone is the probability of class
 * 1. */
void report_class(const double *y, int32_t outputs, int32_t *label, double *probability);

/* Groups for panels: along the sweep axis through the best one, those whose first trial can be
 * asked, at most `limit` (no more than REPORT_PANELS); the best alone where nothing varies. */
#define REPORT_PANELS 7
MUST_CHECK bool report_panels(Report *report, int32_t limit, int64_t *group, int32_t *count,
                              Error *err);

/* What a panel is called: the value of the sweep axis, in few words. */
void report_panel_title(const Report *report, int64_t group, char *text, size_t size);

/* The side of a square picture of so many inputs, 8 at least; 0 where they are none. */
int32_t report_side(int32_t inputs);

/* Square pictures side by side: value[t] points to the first of side * side numbers, `stride`
 * apart. report_tiles.c */
#define REPORT_TILES 24
typedef struct Tiles {
    int32_t side, count, stride;
    const char *title[REPORT_TILES];
    const double *value[REPORT_TILES];
} Tiles;
MUST_CHECK bool report_tiles(Report *report, const char *name, const Tiles *tiles, const char *alt,
                             const char *caption, Error *err);

/* Median and band of a group's histories at a recorded epoch: 10 % to 90 % quantiles from
 * REPORT_QUANTILES runs on, else all of them; NaN without a value. `spare` has room for the group's
 * trials. report_curves.c */
#define REPORT_QUANTILES 8
void report_band(const Summary *summary, int64_t group, const double *history, int64_t point,
                 double *spare, double out[3]);

/* Says which figures are missing, where any is; and index.html, whole or not at all. report.c */
void report_say_missing(const Report *report, Html *out);
MUST_CHECK bool report_save(const Report *report, const Html *page, Error *err);

/* A table's head and foot: `<div class=table><table>` with headings; a "text:" before a heading
 * marks a column of words. */
void report_table_begin(Report *report, const char *const *headings, int32_t count);
void report_table_end(Report *report);
void report_number_cell(Report *report, double value, double spread);
void report_interval_cell(Report *report, const Interval *interval);
void report_p_cell(Report *report, double p); /* NaN: none */

/* What a section needs, in words, where it does not fit; NULL where it fits. */
typedef struct Section {
    const char *name, *title;
    const char *(*misfit)(const Report *report);
    bool (*write)(Report *report, Error *err);
} Section;

const char *sweep_misfit(const Report *report);
bool sweep_write_hero(Report *report, Error *err);
bool sweep_write_overfitting(Report *report, Error *err);
const char *gap_misfit(const Report *report);
bool sweep_write_gap(Report *report, Error *err);
const char *curves_misfit(const Report *report);
bool curves_write(Report *report, Error *err);
const char *boundaries_misfit(const Report *report);
bool boundaries_write(Report *report, Error *err);
const char *stability_misfit(const Report *report);
bool stability_write(Report *report, Error *err);
const char *ranking_misfit(const Report *report);
bool ranking_write(Report *report, Error *err);
const char *published_misfit(const Report *report);
bool published_write(Report *report, Error *err);
const char *fit_misfit(const Report *report);
bool fit_write_hero(Report *report, Error *err);
bool fit_write(Report *report, Error *err);
const char *gates_misfit(const Report *report);
bool gates_write_hero(Report *report, Error *err);
bool gates_write(Report *report, Error *err);
const char *confusion_misfit(const Report *report);
bool confusion_write(Report *report, Error *err);
const char *weights_misfit(const Report *report);
bool weights_write(Report *report, Error *err);
const char *importance_misfit(const Report *report);
bool importance_write(Report *report, Error *err);
const char *cost_misfit(const Report *report);
bool cost_write(Report *report, Error *err);
const char *comparison_misfit(const Report *report);
bool comparison_write(Report *report, Error *err);
const char *reproduce_misfit(const Report *report);
bool reproduce_write(Report *report, Error *err);
const char *parallel_misfit(const Report *report);
bool parallel_write(Report *report, Error *err);
const char *grid_misfit(const Report *report);
bool heatmap_write(Report *report, Error *err);
bool slices_write(Report *report, Error *err);

#endif
