/* Section fit: what networks of different settings make of one input, over the rows they were
 * trained on. */
#include <math.h>
#include <string.h>

#include "runner/report/section.h"

#define PANELS 6
#define STEPS  240 /* points of a curve */
#define RUNS   8   /* curves of a panel */
#define POINTS 600

static const Dataset *line_of(const Report *report, int64_t trial) {
    const StoreData *data = report_data(report, trial);
    if (!data || data->train.inputs != 1) return NULL;
    const Dataset *set = &data->train;
    const bool fits = set->label ? set->outputs <= 2 : set->outputs == 1;
    return fits ? set : NULL;
}

const char *fit_misfit(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    const int64_t trial = summary_first_trial(&report->summary, report->summary.best);
    if (!line_of(report, trial))
        return "it needs data of one input and one number or two classes, kept in the results file";
    return report_can_ask(report, trial)
               ? NULL
               : "it needs the weights in the results file (record.weights)";
}

typedef struct Fit {
    int64_t group[REPORT_PANELS];
    int32_t panels, runs;
    double low, high;  /* of the input */
    double *x, *curve; /* STEPS; panels x runs x STEPS, NaN where there is no network */
} Fit;

/* One network's curve: its number, or the probability of class 1. */
static bool ask(double *curve, const Fit *fit, Report *report, int64_t trial, Error *err) {
    const ReportPredictor *predictor = report->predictor;
    const int32_t outputs = predictor->outputs(predictor->context, trial);
    double *y = pool_take(&report->pool, (size_t)STEPS * (size_t)outputs, sizeof *y, err);
    if (!y || !predictor->predict(predictor->context, trial, fit->x, STEPS, y, err)) return false;
    for (int32_t i = 0; i < STEPS; i++) curve[i] = y[(i + 1) * outputs - 1];
    return true;
}

static bool ask_all(Fit *fit, Report *report, Error *err) {
    const Summary *summary = &report->summary;
    fit->runs = summary->replicates < RUNS ? summary->replicates : RUNS;
    const size_t curves = (size_t)fit->panels * (size_t)fit->runs;
    fit->x = pool_take(&report->pool, STEPS, sizeof *fit->x, err);
    fit->curve = pool_take(&report->pool, curves * STEPS, sizeof *fit->curve, err);
    if (!fit->x || !fit->curve) return false;
    for (int32_t i = 0; i < STEPS; i++)
        fit->x[i] = fit->low + (fit->high - fit->low) * i / (STEPS - 1);
    for (size_t i = 0; i < curves * STEPS; i++) fit->curve[i] = (double)NAN;
    for (int32_t p = 0; p < fit->panels; p++) {
        const SummaryGroup *group = &summary->group[fit->group[p]];
        for (int32_t r = 0; r < fit->runs && r < group->trials; r++) {
            const int64_t trial = summary->trial[group->start + r];
            double *curve = fit->curve + (p * fit->runs + r) * STEPS;
            if (report_can_ask(report, trial) && !ask(curve, fit, report, trial, err)) return false;
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
                     char *alt, size_t size) {
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
    figure_string(figure, "x_label", "input");
    figure_string(figure, "y_label", set->label ? "probability of class 1" : "output");
    int used = snprintf(alt, size, "Fitted curves of %d setting%s over the training rows.",
                        fit->panels, fit->panels == 1 ? "" : "s");
    for (int32_t p = 0; p < fit->panels; p++) {
        char variable[32], title[800], number[64];
        report_panel_title(report, fit->group[p], title, sizeof title);
        snprintf(variable, sizeof variable, "title_%d", p + 1);
        figure_string(figure, variable, title);
        labels_number(number, sizeof number, summary->group[fit->group[p]].metric.mean,
                      (double)NAN);
        if (used > 0 && (size_t)used < size) {
            used += snprintf(alt + used, size - (size_t)used, " %s: mean %s %s.", title,
                             labels_metric_title(summary->metric), number);
        }
    }
}

bool fit_write_hero(Report *report, Error *err) {
    Fit fit = {0};
    Figure figure = {0};
    char alt[2048], caption[1600], held[1000] = "", more[100] = "";
    const Summary *summary = &report->summary;
    const Dataset *set = line_of(report, summary_first_trial(summary, summary->best));
    fit.low = fit.high = set->x[0];
    for (int64_t i = 0; i < set->n; i++) {
        fit.low = fmin(fit.low, set->x[i]);
        fit.high = fmax(fit.high, set->x[i]);
    }
    if (!(fit.high > fit.low)) fit.high = fit.low + 1;
    TRY(report_panels(report, PANELS, fit.group, &fit.panels, err));
    TRY(ask_all(&fit, report, err));
    TRY(figure_begin(&figure, report, "fit", "fit", err));
    describe(&figure, &fit, report, set, alt, sizeof alt);
    write_tables(&figure, &fit);
    TRY(figure_table(&figure, report, "points", err));
    write_points(&figure, set);
    if (summary->sweep_axis >= 0) report_held(report, summary->sweep_axis, held, sizeof held);
    if (fit.runs > 1)
        snprintf(more, sizeof more, " (thick: the first; thin: %d more)", fit.runs - 1);
    snprintf(caption, sizeof caption,
             "Dots: training rows%s. Curves: what the trained networks answer%s. %s",
             set->n > POINTS ? " (some of them)" : "", more, held);
    return figure_end(&figure, report, alt, caption, err);
fail:
    figure_drop(&figure);
    return false;
}

/* The figure stands at the top where the page has a top; under --only fit as well. */
bool fit_write(Report *report, Error *err) {
    (void)err;
    html_raw(report->target, "<p>The figure at the top: with one input, what a network has learnt "
                             "is a curve.</p>\n");
    return true;
}
