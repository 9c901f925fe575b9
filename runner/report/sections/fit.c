/* Section fit: the curves that networks of different settings have learnt of one input, over the
 * rows they were trained on. */
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"
#include "runner/report/section.h"

#define PANELS 6
#define STEPS  240 /* points of a curve */
#define RUNS   8   /* curves of a panel */
#define POINTS 600

static const Dataset *line_of(const Report *report, int64_t trial) {
    const DataSplits *data = section_data(report, trial);
    if (!data || data->train.inputs != 1) return NULL;
    const Dataset *set = &data->train;
    const bool fits = set->label ? set->outputs <= 2 : set->outputs == 1;
    return fits ? set : NULL;
}

static const char *unavailable(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    const int64_t trial = summary_first_trial(&report->summary, report->summary.best);
    if (!line_of(report, trial))
        return "it needs data of one input and one number or two classes, kept in the results file";
    return section_has_network(report, trial) ? NULL : SECTION_NEEDS_WEIGHTS;
}

typedef struct Fit {
    int64_t group[SPEC_MAX_PANELS];
    int32_t panels, runs;
    double low, high;  /* of the input */
    double *x, *curve; /* STEPS; panels x runs x STEPS, NaN where there is no network */
} Fit;

/* One network's curve: its number, or the probability of class 1. */
static bool predict_curve(double *curve, const Fit *fit, Report *report, int64_t trial,
                          Error *err) {
    const ReportPredictor *predictor = report->predictor;
    const int32_t outputs = predictor->outputs(predictor->context, trial);
    double *y = pool_alloc(&report->page.pool, (size_t)STEPS * (size_t)outputs, sizeof *y, err);
    if (!y || !predictor->predict(predictor->context, trial, fit->x, STEPS, y, err)) return false;
    for (int32_t i = 0; i < STEPS; i++) curve[i] = y[(i + 1) * outputs - 1];
    return true;
}

static bool predict_all(Fit *fit, Report *report, Error *err) {
    const Summary *summary = &report->summary;
    fit->runs = summary->replicates < RUNS ? summary->replicates : RUNS;
    const size_t curves = (size_t)fit->panels * (size_t)fit->runs;
    fit->x = pool_alloc(&report->page.pool, STEPS, sizeof *fit->x, err);
    fit->curve = pool_alloc(&report->page.pool, curves * STEPS, sizeof *fit->curve, err);
    if (!fit->x || !fit->curve) return false;
    for (int32_t i = 0; i < STEPS; i++)
        fit->x[i] = fit->low + (fit->high - fit->low) * i / (STEPS - 1);
    for (size_t i = 0; i < curves * STEPS; i++) fit->curve[i] = (double)NAN;
    for (int32_t p = 0; p < fit->panels; p++) {
        const SummaryGroup *group = &summary->group[fit->group[p]];
        for (int32_t r = 0; r < fit->runs && r < group->trials; r++) {
            const int64_t trial = summary->trial[group->start + r];
            double *curve = fit->curve + (p * fit->runs + r) * STEPS;
            if (section_has_network(report, trial) &&
                !predict_curve(curve, fit, report, trial, err))
                return false;
        }
    }
    return true;
}

static double row_value(const Dataset *set, int64_t row) {
    return set->label ? set->label[row] : set->target[row];
}

static void write_tables(Figure *figure, const Fit *fit) {
    figure_cell(figure, "x");
    for (int32_t p = 0; p < fit->panels; p++) {
        for (int32_t r = 0; r < fit->runs; r++) {
            char heading[32];
            snprintf(heading, sizeof heading, "panel_%d_run_%d", p + 1, r);
            figure_cell(figure, heading);
        }
    }
    figure_row(figure);
    for (int32_t i = 0; i < STEPS; i++) {
        figure_value(figure, fit->x[i]);
        for (int32_t c = 0; c < fit->panels * fit->runs; c++)
            figure_value(figure, fit->curve[c * STEPS + i]);
        figure_row(figure);
    }
}

static void write_points(Figure *figure, const Dataset *set) {
    const int64_t step = (set->n + POINTS - 1) / POINTS;
    figure_cell(figure, "x");
    figure_cell(figure, "y");
    figure_row(figure);
    for (int64_t i = 0; i < set->n; i += step) {
        figure_value(figure, set->x[i]);
        figure_value(figure, row_value(set, i));
        figure_row(figure);
    }
}

static void describe(Figure *figure, const Fit *fit, const Report *report, const Dataset *set,
                     Text *alt) {
    const Summary *summary = &report->summary;
    double low = INFINITY, high = -INFINITY;
    for (int64_t i = 0; i < set->n; i++) {
        low = fmin(low, row_value(set, i));
        high = fmax(high, row_value(set, i));
    }
    const double air = fmax(0.12 * (high - low), 1e-9);
    figure_number(figure, "panels", fit->panels);
    figure_number(figure, "runs", fit->runs);
    figure_number(figure, "x_low", fit->low);
    figure_number(figure, "x_high", fit->high);
    figure_number(figure, "y_low", low - air);
    figure_number(figure, "y_high", high + air);
    const int64_t trial = summary_first_trial(summary, summary->best);
    const DatasetNames *names = &report->results->set[report->results->data[trial]].names;
    char name[256], of[300];
    section_class_name(report, trial, 1, 40, name, sizeof name);
    snprintf(of, sizeof of, "probability of %s%s",
             section_class_words(report, trial) ? "" : "class ", name);
    figure_string(figure, "x_label", names->column ? names->column[0] : "input");
    figure_string(figure, "y_label", set->label ? of : names->label ? names->label : "output");
    text_add(alt, "Fitted curves of %d setting%s over the training rows.", fit->panels,
             fit->panels == 1 ? "" : "s");
    for (int32_t p = 0; p < fit->panels; p++) {
        char title[800], number[64];
        section_panel_title(report, fit->group[p], title, sizeof title);
        figure_string_at(figure, "title", p + 1, title);
        labels_number(number, sizeof number, summary->group[fit->group[p]].metric.mean,
                      (double)NAN);
        { text_add(alt, " %s: mean %s %s.", title, labels_metric_title(summary->metric), number); }
    }
}

static bool write_hero(Report *report, Error *err) {
    Fit fit = {0};
    Figure figure = {0};
    char alt_buffer[2048], caption[1600], held[1000] = "", more[100] = "";
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    const Summary *summary = &report->summary;
    const Dataset *set = line_of(report, summary_first_trial(summary, summary->best));
    fit.low = fit.high = set->x[0];
    for (int64_t i = 0; i < set->n; i++) {
        fit.low = fmin(fit.low, set->x[i]);
        fit.high = fmax(fit.high, set->x[i]);
    }
    if (!(fit.high > fit.low)) fit.high = fit.low + 1;
    TRY(section_panels(report, PANELS, PANELS, fit.group, &fit.panels, err));
    TRY(predict_all(&fit, report, err));
    TRY(figure_begin(&figure, &report->page, "fit", "fit", err));
    describe(&figure, &fit, report, set, &alt);
    write_tables(&figure, &fit);
    TRY(figure_table(&figure, "points", err));
    write_points(&figure, set);
    if (summary->sweep_axis >= 0) section_held(report, summary->sweep_axis, held, sizeof held);
    if (fit.runs > 1)
        snprintf(more, sizeof more, " (thick: the first; thin: %d more)", fit.runs - 1);
    snprintf(caption, sizeof caption,
             "Dots: training rows%s. Curves: what the trained networks answer%s. %s",
             set->n > POINTS ? " (some of them)" : "", more, held);
    return figure_end(&figure, alt.buffer, caption, err);
fail:
    figure_drop(&figure);
    return false;
}

/* The figure is at the top of the page, under --only fit as well. */
static bool write(Report *report, Error *err) {
    (void)err;
    html_raw(report->page.target,
             "<p>The figure at the top: with one input, what a network has learnt "
             "is a curve.</p>\n");
    return true;
}

const Section fit_section = {"fit", "Fitted curves", unavailable, write, write_hero};
