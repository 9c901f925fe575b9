/* What the sections of a report share: the report in the making, titles, lines of settings, cells
 * of tables. A section appends to the page and makes figures; each is in a file of its own. */
#ifndef RUNNER_REPORT_SECTION_H
#define RUNNER_REPORT_SECTION_H

#include "core/base/text.h"
#include "runner/analysis/finding.h"
#include "runner/analysis/finding_text.h"
#include "runner/output/figure.h"
#include "runner/output/plot_range.h"
#include "runner/report/predictor.h"

#define SECTION_DOTS 1500 /* at most so many single runs are drawn for one series */
#define SECTION_ROWS 40   /* at most so many rows of a table */

typedef struct Report {
    const Results *results;
    const Spec *spec;
    const ReportPredictor *predictor; /* NULL: there are no networks */
    const char *only;                 /* the one section that is wanted; NULL: those of the spec */
    Summary summary;
    Finding finding;
    FindingText answer;
    Page page;
    Html body;  /* the sections; the opening is put before it */
    Html hero;  /* the figure that shows the finding */
    bool swept; /* the figure at the top is that of section overfitting */
} Report;

typedef struct Section {
    const char *name, *title;
    const char *(*unavailable)(const Report *report); /* what it needs, in words; NULL: it fits */
    bool (*write)(Report *report, Error *err);
    bool (*write_hero)(Report *report, Error *err); /* the figure to open the page with, or NULL */
} Section;

/* Each in the file it is named for; report.c has their order. */
extern const Section gates_section, fit_section, sweep_section, decomposition_section,
    sweep_gap_section, boundaries_section, curves_section, stability_section, heatmap_section,
    slices_section, importance_section, ranking_section, comparison_section, confusion_section,
    weights_section, published_section, cost_section, parallel_section, reproduce_section;

/* --- words ------------------------------------------------------------------------------------ */

bool section_is_share(Metric metric);

/* Colours of scripts/plots/style.gp. Train is blue and test is orange, and nothing else is. */
typedef enum FigureColour {
    COLOUR_TRAIN = 1,
    COLOUR_TEST,
    COLOUR_VALIDATION,
    COLOUR_OTHER = COLOUR_VALIDATION /* the first of five for what is no split of the data */
} FigureColour;
FigureColour section_metric_colour(Metric metric);

/* 100 for shares, else 1. */
double section_metric_scale(Metric metric);

/* "loss (cross-entropy, nats per sample)", "accuracy (%)": a metric's quantity and unit, without
 * the rows it is measured on. */
void section_metric_axis(const Report *report, Metric metric, char *text, size_t size);

/* "test accuracy (%)", "train loss (cross-entropy, nats per sample)". */
void section_metric_label(const Report *report, Metric metric, char *text, size_t size);

/* "Other settings held at those of the best: l2 0.01." or "". */
void section_held(const Report *report, int32_t axis, char *text, size_t size);

/* The names of a figure's rows: only where the settings differ. The rest is the same for all:
 * "All: l2 0." or "". */
typedef struct RowNames {
    bool differs[SUMMARY_AXES];
    char same[1000];
} RowNames;
void section_row_names(const Report *report, const int64_t *group, int32_t count, RowNames *names);
void section_row_name(const Report *report, const RowNames *names, int64_t group, char *text,
                      size_t size);

/* --- settings --------------------------------------------------------------------------------- */

/* The index of the group's value on an axis. */
int32_t section_value(const Report *report, int64_t group, int32_t axis);

/* The line of groups along an axis through the best setting, thinned where it is long. */
MUST_CHECK bool section_line(Report *report, int32_t axis, int64_t **groups, int32_t *count,
                             Error *err);

/* Keeps at most `limit` of `count` groups on a line, well spread, the ends and the best among them.
 * Returns how many. */
int32_t section_pick(const Report *report, int32_t axis, int64_t *groups, int32_t count,
                     int32_t limit);

/* Groups for panels: along the sweep axis through the best one, those that have a network: the
 * values in report.panels; or else all where there are at most `all`, otherwise `spread` of them,
 * well spread; the best alone where nothing varies. `group` has room for SPEC_MAX_PANELS. */
MUST_CHECK bool section_panels(Report *report, int32_t all, int32_t spread, int64_t *group,
                               int32_t *count, Error *err);

/* The title of a panel: the value of the sweep axis, in few words. */
void section_panel_title(const Report *report, int64_t group, char *text, size_t size);

/* What is written below it: the group's mean of the metric and of its counterpart on the training
 * rows, as the variables train_INDEX and held_INDEX ("train 0.046", "test 0.126"; "" where there is
 * none), and as words for `alt`. All panels have as many decimals as give the largest value three
 * digits, shares one. */
int32_t section_panel_decimals(const Report *report, const int64_t *group, int32_t count);
void section_panel_metrics(Figure *figure, const Report *report, int64_t group, int32_t index,
                           int32_t decimals, Text *alt);

/* "Not drawn: 4, 7, 10, 15 and 30 hidden units.", or how many; "" where all of the axis' values
 * through the best setting are among the groups. */
void section_left_out(Report *report, int32_t axis, const int64_t *group, int32_t count, char *text,
                      size_t size);

/* Median and band of a group's histories at a recorded epoch: 10 % to 90 % quantiles from
 * SECTION_QUANTILES runs on, else all of them; NaN without a value. `spare` has room for the
 * group's trials. */
#define SECTION_QUANTILES 8
void section_band(const Summary *summary, int64_t group, const double *history, int64_t point,
                  double *spare, double out[3]);

/* --- networks and data ------------------------------------------------------------------------ */

/* The data set of a trial where it is kept and has rows; NULL otherwise. */
const DataSplits *section_data(const Report *report, int64_t trial);

/* True where the trial was trained to the end and its weights are there. */
bool section_has_network(const Report *report, int64_t trial);

/* The trials of a group that have one, at most `limit`, in order. Returns how many. */
int32_t section_networks(const Report *report, int64_t group, int64_t *trial, int32_t limit);

/* Why a section is unavailable where it has none. */
#define SECTION_NEEDS_WEIGHTS "it needs the weights in the results file (record.weights)"

/* The class of a row of outputs and its probability; one output alone is the probability of class
 * 1. */
void section_class(const double *y, int32_t outputs, int32_t *label, double *probability);

/* What a class of a trial's data is called: its label in the file, or its number. Cut off, with an
 * ellipsis, behind `width` characters. */
void section_class_name(const Report *report, int64_t trial, int32_t class, int32_t width,
                        char *text, size_t size);

/* True where some class is called by a word. */
bool section_class_words(const Report *report, int64_t trial);

/* --- cells of tables -------------------------------------------------------------------------- */

void section_number_cell(Report *report, double value, double spread);
void section_interval_cell(Report *report, const Interval *interval);
void section_p_cell(Report *report, double p); /* NaN: none */

#endif
