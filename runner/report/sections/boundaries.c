/* Section boundaries: which class networks of different settings predict over the plane. */
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"
#include "runner/report/section.h"

#define PANELS 16   /* of truth tables, where every setting is shown */
#define SPREAD 7    /* of other data, where the experiment names none */
#define CELLS  90   /* of the picture, each way */
#define POINTS 1000 /* at most so many training rows are drawn */

static const DataSplits *plane_of(const Report *report, int64_t trial) {
    const DataSplits *data = section_data(report, trial);
    return data && data->train.inputs == 2 && data->train.label ? data : NULL;
}

/* Of truth tables every setting gets a panel, so that panels are many and small. */
static bool is_truth_table(const Report *report) {
    return !gates_section.unavailable(report);
}

static bool can_predict(const Report *report, int64_t group) {
    const int64_t trial = summary_first_trial(&report->summary, group);
    return plane_of(report, trial) && section_has_network(report, trial);
}

static const char *unavailable(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    if (!plane_of(report, summary_first_trial(&report->summary, report->summary.best)))
        return "it needs classes of rows with two inputs, and their data in the results file";
    return can_predict(report, report->summary.best) ? NULL : SECTION_NEEDS_WEIGHTS;
}

typedef struct Plane {
    double x_low, x_high, y_low, y_high;
} Plane;

typedef struct Picture {
    int64_t group[PANELS];
    int32_t panels;
    Plane plane;
    double *x;      /* CELLS^2 x 2 */
    double *answer; /* panels x CELLS^2 x 2: class, probability */
} Picture;

static bool predict_all(Picture *picture, Report *report, Error *err) {
    const ReportPredictor *predictor = report->predictor;
    const int64_t cells = (int64_t)CELLS * CELLS;
    picture->x = pool_alloc(&report->page.pool, (size_t)cells * 2, sizeof *picture->x, err);
    picture->answer =
        pool_alloc(&report->page.pool, (size_t)(picture->panels * cells) * 2, sizeof(double), err);
    if (!picture->x || !picture->answer) return false;
    const Plane *plane = &picture->plane;
    for (int64_t i = 0; i < cells; i++) {
        picture->x[2 * i] =
            plane->x_low + (plane->x_high - plane->x_low) * (double)(i % CELLS) / (CELLS - 1);
        picture->x[2 * i + 1] =
            plane->y_low + (plane->y_high - plane->y_low) * (double)(i / CELLS) / (CELLS - 1);
    }
    for (int32_t p = 0; p < picture->panels; p++) {
        const int64_t trial = summary_first_trial(&report->summary, picture->group[p]);
        const int32_t outputs = predictor->outputs(predictor->context, trial);
        double *y = pool_alloc(&report->page.pool, (size_t)(cells * outputs), sizeof *y, err);
        if (!y || !predictor->predict(predictor->context, trial, picture->x, cells, y, err))
            return false;
        for (int64_t i = 0; i < cells; i++) {
            double *answer = picture->answer + (p * cells + i) * 2;
            int32_t label;
            section_class(y + i * outputs, outputs, &label, &answer[1]);
            answer[0] = label;
        }
    }
    return true;
}

static void write_plane(Figure *figure, const Picture *picture) {
    const int64_t cells = (int64_t)CELLS * CELLS;
    figure_cell(figure, "x");
    figure_cell(figure, "y");
    for (int32_t p = 0; p < picture->panels; p++) {
        char heading[64];
        snprintf(heading, sizeof heading, "class_%d", p + 1);
        figure_cell(figure, heading);
        snprintf(heading, sizeof heading, "probability_%d", p + 1);
        figure_cell(figure, heading);
    }
    figure_row(figure);
    for (int64_t i = 0; i < cells; i++) {
        if (i > 0 && i % CELLS == 0)
            figure_row(figure); /* an empty line: gnuplot's end of a scan line */
        figure_value(figure, picture->x[2 * i]);
        figure_value(figure, picture->x[2 * i + 1]);
        for (int32_t p = 0; p < picture->panels; p++) {
            figure_value(figure, picture->answer[(p * cells + i) * 2]);
            figure_value(figure, round(picture->answer[(p * cells + i) * 2 + 1] * 1e4) / 1e4);
        }
        figure_row(figure);
    }
}

static const Dataset *panel_set(const Report *report, int64_t group) {
    return &plane_of(report, summary_first_trial(&report->summary, group))->train;
}

/* Panels of different data have their own rows; a set that all share is there once, as panel 0. */
static void write_points(Figure *figure, const Picture *picture, const Report *report) {
    static const char *const headings[] = {"x", "y", "class", "panel"};
    bool shared = true;
    for (int32_t p = 1; p < picture->panels; p++) {
        shared =
            shared && panel_set(report, picture->group[p]) == panel_set(report, picture->group[0]);
    }
    for (int32_t i = 0; i < 4; i++) figure_cell(figure, headings[i]);
    figure_row(figure);
    for (int32_t p = 0; p < (shared ? 1 : picture->panels); p++) {
        const Dataset *set = panel_set(report, picture->group[p]);
        const int64_t step = (set->n + POINTS - 1) / POINTS;
        for (int64_t i = 0; i < set->n; i += step) {
            figure_value(figure, set->x[2 * i]);
            figure_value(figure, set->x[2 * i + 1]);
            figure_value(figure, set->label[i]);
            figure_value(figure, shared ? 0 : p + 1);
            figure_row(figure);
        }
    }
}

/* Settings along the sweep axis; of truth tables, where all of them matter, every setting. */
static bool choose(Picture *picture, Report *report, Error *err) {
    const Summary *summary = &report->summary;
    if (!is_truth_table(report) || summary->groups > PANELS || summary->groups < 2)
        return section_panels(report, SPREAD, picture->group, &picture->panels, err);
    for (int64_t g = 0; g < summary->groups; g++)
        if (can_predict(report, g)) picture->group[picture->panels++] = g;
    return true;
}

static Plane plane_around(const Picture *picture, const Report *report) {
    const Dataset *first = panel_set(report, picture->group[0]);
    Plane plane = {first->x[0], first->x[0], first->x[1], first->x[1]};
    for (int32_t p = 0; p < picture->panels; p++) {
        const Dataset *set = panel_set(report, picture->group[p]);
        for (int64_t i = 0; i < set->n; i++) {
            plane.x_low = fmin(plane.x_low, set->x[2 * i]);
            plane.x_high = fmax(plane.x_high, set->x[2 * i]);
            plane.y_low = fmin(plane.y_low, set->x[2 * i + 1]);
            plane.y_high = fmax(plane.y_high, set->x[2 * i + 1]);
        }
    }
    const double wide = plane.x_high - plane.x_low, tall = plane.y_high - plane.y_low;
    const double air = first->n <= 20 ? 0.25 : 0.08; /* a few rows lie in the corners */
    const double air_x = fmax(air * wide, 1e-6), air_y = fmax(air * tall, 1e-6);
    return (Plane){plane.x_low - air_x, plane.x_high + air_x, plane.y_low - air_y,
                   plane.y_high + air_y};
}

/* The values alone, "and, 2": the panels are many and small. */
static void short_title(const Report *report, int64_t group, char *text, size_t size) {
    Text title = text_begin(text, size);
    for (int32_t a = 0; a < report->summary.axes; a++) {
        text_add(&title, "%s%s", a > 0 ? ", " : "",
                 report->summary.axis[a].label[section_value(report, group, a)]);
    }
}

static void write_variables(Figure *figure, const Picture *picture, const Report *report,
                            const Dataset *set, Text *alt) {
    const Metric metric = report->summary.metric;
    const double *column = summary_column(&report->summary, metric, report->summary.at);
    text_add(alt, "Decision boundaries of %d network%s over the training points.", picture->panels,
             picture->panels == 1 ? "" : "s");
    figure_number(figure, "panels", picture->panels);
    figure_number(figure, "classes", set->outputs);
    figure_number(figure, "x_low", picture->plane.x_low);
    figure_number(figure, "x_high", picture->plane.x_high);
    figure_number(figure, "y_low", picture->plane.y_low);
    figure_number(figure, "y_high", picture->plane.y_high);
    for (int32_t p = 0; p < picture->panels; p++) {
        char title[800] = "", number[64] = "";
        if (picture->panels > SPEC_MAX_PANELS || is_truth_table(report))
            short_title(report, picture->group[p], title, sizeof title);
        else
            section_panel_title(report, picture->group[p], title, sizeof title);
        figure_string_at(figure, "title", p + 1, title);
        const int64_t n = panel_set(report, picture->group[p])->n;
        figure_number_at(figure, "dot", p + 1, n > 400 ? 0.75 : n > 100 ? 1 : n > 20 ? 1.4 : 3);
        if (column) {
            labels_number(number, sizeof number,
                          column[summary_first_trial(&report->summary, picture->group[p])],
                          (double)NAN);
        }
        text_add(alt, " %s: %s %s.", title, labels_metric_title(metric), number);
    }
}

static bool write(Report *report, Error *err) {
    Picture picture = {0};
    Figure figure = {0};
    char alt_buffer[2048], caption[1600], held[1000] = "";
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    const Dataset *set =
        &plane_of(report, summary_first_trial(&report->summary, report->summary.best))->train;
    TRY(choose(&picture, report, err)); /* the best one is among them: unavailable() */
    picture.plane = plane_around(&picture, report);
    TRY(predict_all(&picture, report, err));
    TRY(figure_begin(&figure, &report->page, "boundaries", "boundaries", err));
    write_variables(&figure, &picture, report, set, &alt);
    write_plane(&figure, &picture);
    TRY(figure_table(&figure, "points", err));
    write_points(&figure, &picture, report);
    if (report->summary.sweep_axis >= 0 && !is_truth_table(report))
        section_held(report, report->summary.sweep_axis, held, sizeof held);
    snprintf(caption, sizeof caption,
             "One run each (the first repeat%s). Colour: the class the network answers, "
             "stronger the surer it is%s. "
             "Dots: training rows%s. %s",
             report->summary.folds ? ", first fold" : "",
             set->outputs == 2 ? "; the line is where both are equally likely" : "",
             set->n > POINTS ? " (some of them)" : "", held);
    return figure_end(&figure, alt.buffer, caption, err);
fail:
    figure_drop(&figure);
    return false;
}

const Section boundaries_section = {"boundaries", "Decision boundaries", unavailable, write, NULL};
