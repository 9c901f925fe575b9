/* Section boundaries: which class the networks of different settings predict over the plane. Their
 * mean is the colour, and each one's boundary a line, so that what the repeats do not agree about
 * can be seen. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"
#include "runner/output/contour.h"
#include "runner/report/section.h"

#define PANELS    16   /* of truth tables, where every setting is shown */
#define ALL       9    /* of other data, where the experiment names none: so many, or else ... */
#define SPREAD    6    /* ... two rows of three */
#define ACROSS    120  /* points of the picture along x; as far apart along y */
#define UP_MAX    160  /* along y at most so many */
#define NETWORKS  200  /* at most so many make a panel's mean */
#define LINES     40   /* and so many of them have a line */
#define POINTS    1000 /* at most so many training rows are drawn */
#define TOLERANCE 0.1  /* of a line, in steps of the grid */
#define STAIRS    0.8  /* the same of a step function, whose line the grid makes a staircase */

static const DataSplits *plane_of(const Report *report, int64_t trial) {
    const DataSplits *data = section_data(report, trial);
    return data && data->train.inputs == 2 && data->train.label ? data : NULL;
}

/* Of truth tables every setting gets a panel, so that panels are many and small. */
static bool is_truth_table(const Report *report) {
    return !gates_section.unavailable(report);
}

static bool can_predict(const Report *report, int64_t group) {
    int64_t trial;
    return plane_of(report, summary_first_trial(&report->summary, group)) &&
           section_networks(report, group, &trial, 1) == 1;
}

static const char *unavailable(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    if (!plane_of(report, summary_first_trial(&report->summary, report->summary.best)))
        return "it needs classes of rows with two inputs, and their data in the results file";
    return can_predict(report, report->summary.best) ? NULL : SECTION_NEEDS_WEIGHTS;
}

/* The boundaries, one behind the other; a NaN ends each. */
typedef struct Lines {
    double *xyp; /* x, y, panel (from 1) */
    size_t count, capacity;
    int32_t panel;
    bool failed;
} Lines;

typedef struct Picture {
    int64_t group[PANELS];
    int32_t networks[PANELS];
    int32_t panels, classes, rows; /* rows of the grid; ACROSS columns */
    double x_low, x_high, y_low, y_high;
    double *x;    /* rows x ACROSS x 2 */
    double *mean; /* panels x rows x ACROSS x classes: probabilities */
    Lines lines;
    bool some_lines; /* there are more networks than lines */
} Picture;

static int64_t cells_of(const Picture *picture) {
    return (int64_t)picture->rows * ACROSS;
}

/* --- predicting ------------------------------------------------------------------------------- */

static bool add_points(Lines *lines, const double *xy, int32_t points) {
    const size_t needed = lines->count + (size_t)points + 1;
    if (needed > lines->capacity) {
        double *larger = realloc(lines->xyp, 2 * needed * 3 * sizeof *larger);
        if (!larger) return false;
        lines->xyp = larger;
        lines->capacity = 2 * needed;
    }
    for (int32_t i = 0; i <= points; i++) {
        double *at = lines->xyp + 3 * lines->count++;
        at[0] = i < points ? xy[2 * i] : (double)NAN;
        at[1] = i < points ? xy[2 * i + 1] : (double)NAN;
        at[2] = lines->panel;
    }
    return true;
}

static void add_line(void *context, const double *xy, int32_t points) {
    Lines *lines = context;
    lines->failed = lines->failed || !add_points(lines, xy, points);
}

/* Where one network changes its mind: class k against the likeliest of the others. Of two classes
 * that is one line, of more each line is met from one side at least. */
static bool trace(Picture *picture, const double *p, double *margin, Error *err) {
    const int64_t cells = cells_of(picture);
    const int32_t classes = picture->classes;
    const ContourGrid grid = {margin,          ACROSS,         picture->rows,  picture->x_low,
                              picture->x_high, picture->y_low, picture->y_high};
    const double step = (picture->x_high - picture->x_low) / (ACROSS - 1);
    for (int32_t k = 0; k < classes - 1; k++) {
        bool is_step = true;
        for (int64_t i = 0; i < cells; i++) {
            const double *one = p + i * classes;
            double other = 0;
            for (int32_t j = 0; j < classes; j++) {
                if (j != k) other = fmax(other, one[j]);
            }
            margin[i] = one[k] - other;
            is_step = is_step && fabs(margin[i]) == 1;
        }
        const double tolerance = (is_step ? STAIRS : TOLERANCE) * step;
        if (!contour_trace(&grid, 0, tolerance, add_line, &picture->lines, err)) return false;
    }
    return !picture->lines.failed || error_memory(err, picture->lines.count * 3 * sizeof(double));
}

/* Outputs as probabilities: one alone is that of class 1, others are divided by their sum. */
static void to_probabilities(const double *y, int32_t outputs, double *p, int32_t classes) {
    double sum = 0;
    for (int32_t k = 0; k < classes; k++) {
        p[k] = outputs > 1 ? fmax(y[k], 0) : k == 1 ? fmin(fmax(y[0], 0), 1) : 0;
        sum += p[k];
    }
    if (outputs == 1) p[0] = 1 - p[1];
    for (int32_t k = 0; k < classes && outputs > 1; k++)
        p[k] = sum > 0 ? p[k] / sum : 1.0 / classes;
}

/* One panel: all its networks. */
static bool predict_panel(Picture *picture, Report *report, int32_t panel, Error *err) {
    const ReportPredictor *predictor = report->predictor;
    Pool *pool = &report->page.pool;
    const int64_t cells = cells_of(picture);
    const size_t values = (size_t)(cells * picture->classes);
    int64_t trial[NETWORKS];
    const int32_t networks = section_networks(report, picture->group[panel], trial, NETWORKS);
    double *mean = picture->mean + (size_t)panel * values;
    double *y = pool_alloc(pool, values, sizeof *y, err);
    double *p = y ? pool_alloc(pool, values, sizeof *p, err) : NULL;
    double *margin = p ? pool_alloc(pool, (size_t)cells, sizeof *margin, err) : NULL;
    if (!margin) return false;
    picture->networks[panel] = networks;
    picture->lines.panel = panel + 1;
    picture->some_lines = picture->some_lines || networks > LINES;
    for (int32_t n = 0; n < networks; n++) {
        const int32_t outputs = predictor->outputs(predictor->context, trial[n]);
        if (!predictor->predict(predictor->context, trial[n], picture->x, cells, y, err))
            return false;
        for (int64_t i = 0; i < cells; i++) {
            to_probabilities(y + i * outputs, outputs, p + i * picture->classes, picture->classes);
        }
        for (size_t i = 0; i < values; i++) mean[i] += p[i] / networks;
        if (n < LINES && !trace(picture, p, margin, err)) return false;
    }
    return true;
}

static bool predict_all(Picture *picture, Report *report, Error *err) {
    Pool *pool = &report->page.pool;
    const int64_t cells = cells_of(picture);
    picture->x = pool_alloc(pool, (size_t)cells * 2, sizeof *picture->x, err);
    picture->mean = pool_alloc(pool, (size_t)(picture->panels * cells * picture->classes),
                               sizeof *picture->mean, err);
    if (!picture->x || !picture->mean) return false;
    for (int64_t i = 0; i < cells; i++) {
        const double across = (double)(i % ACROSS) / (ACROSS - 1);
        const double up = (double)(i / ACROSS) / (picture->rows - 1);
        picture->x[2 * i] = picture->x_low + (picture->x_high - picture->x_low) * across;
        picture->x[2 * i + 1] = picture->y_low + (picture->y_high - picture->y_low) * up;
    }
    for (int32_t p = 0; p < picture->panels; p++) {
        if (!predict_panel(picture, report, p, err)) return false;
    }
    return true;
}

/* --- tables ----------------------------------------------------------------------------------- */

static void write_plane(Figure *figure, const Picture *picture) {
    const int64_t cells = cells_of(picture);
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
        if (i > 0 && i % ACROSS == 0)
            figure_row(figure); /* an empty line: gnuplot's end of a scan line */
        figure_value(figure, picture->x[2 * i]);
        figure_value(figure, picture->x[2 * i + 1]);
        for (int32_t p = 0; p < picture->panels; p++) {
            const double *mean = picture->mean + (p * cells + i) * picture->classes;
            int32_t label;
            double probability;
            section_class(mean, picture->classes, &label, &probability);
            figure_value(figure, label);
            figure_value(figure, round(probability * 1e4) / 1e4);
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
    figure_headings(figure, headings, 4);
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

static void write_lines(Figure *figure, const Lines *lines) {
    static const char *const headings[] = {"x", "y", "panel"};
    figure_headings(figure, headings, 3);
    for (size_t i = 0; i < lines->count; i++) {
        const double *at = lines->xyp + 3 * i;
        if (!isnan(at[0])) {
            for (int k = 0; k < 3; k++) figure_value(figure, at[k]);
        }
        figure_row(figure);
    }
}

/* --- the picture ------------------------------------------------------------------------------ */

/* Settings along the sweep axis; of truth tables, where all of them matter, every setting. */
static bool choose(Picture *picture, Report *report, Error *err) {
    const Summary *summary = &report->summary;
    if (!is_truth_table(report) || summary->groups > PANELS || summary->groups < 2)
        return section_panels(report, ALL, SPREAD, picture->group, &picture->panels, err);
    for (int64_t g = 0; g < summary->groups; g++)
        if (can_predict(report, g)) picture->group[picture->panels++] = g;
    return true;
}

/* The plane around all points, with room for what the networks do where there are none. */
static void frame(Picture *picture, const Report *report) {
    const Dataset *first = panel_set(report, picture->group[0]);
    double low[2] = {first->x[0], first->x[1]}, high[2] = {first->x[0], first->x[1]};
    for (int32_t p = 0; p < picture->panels; p++) {
        const Dataset *set = panel_set(report, picture->group[p]);
        for (int64_t i = 0; i < 2 * set->n; i++) {
            low[i % 2] = fmin(low[i % 2], set->x[i]);
            high[i % 2] = fmax(high[i % 2], set->x[i]);
        }
    }
    double air[2];
    for (int k = 0; k < 2; k++) air[k] = fmax(0.2 * (high[k] - low[k]), 1e-6);
    picture->x_low = low[0] - air[0];
    picture->x_high = high[0] + air[0];
    picture->y_low = low[1] - air[1];
    picture->y_high = high[1] + air[1];
    const double shape = (picture->y_high - picture->y_low) / (picture->x_high - picture->x_low);
    picture->rows = (int32_t)fmin(fmax(round(ACROSS * shape), 40), UP_MAX);
    picture->classes = first->outputs > 2 ? first->outputs : 2;
}

/* The values alone, "and, 2": the panels are many and small. */
static void short_title(const Report *report, int64_t group, char *text, size_t size) {
    Text title = text_begin(text, size);
    for (int32_t a = 0; a < report->summary.axes; a++) {
        text_add(&title, "%s%s", a > 0 ? ", " : "",
                 report->summary.axis[a].label[section_value(report, group, a)]);
    }
}

static void write_titles(Figure *figure, const Picture *picture, const Report *report, Text *alt) {
    const Summary *summary = &report->summary;
    const int32_t decimals = section_panel_decimals(report, picture->group, picture->panels);
    for (int32_t p = 0; p < picture->panels; p++) {
        const SummaryGroup *group = &summary->group[picture->group[p]];
        const int64_t n = panel_set(report, picture->group[p])->n;
        char title[800] = "";
        if (picture->panels > SPEC_MAX_PANELS || is_truth_table(report))
            short_title(report, picture->group[p], title, sizeof title);
        else
            section_panel_title(report, picture->group[p], title, sizeof title);
        if (picture->networks[p] < group->trials && picture->networks[p] < NETWORKS) {
            Text more = text_begin(title + strlen(title), sizeof title - strlen(title));
            text_add(&more, " (%d of %d runs)", picture->networks[p], (int)group->trials);
        }
        figure_string_at(figure, "title", p + 1, title);
        figure_number_at(figure, "dot", p + 1, n > 400 ? 0.75 : n > 100 ? 1 : n > 20 ? 1.4 : 3);
        text_add(alt, " %s:", title);
        section_panel_metrics(figure, report, picture->group[p], p + 1, decimals, alt);
    }
}

/* "Across: length; up: width. " where the columns have names. */
static void name_axes(const Report *report, char *text, size_t size) {
    const int64_t trial = summary_first_trial(&report->summary, report->summary.best);
    const DatasetNames *names = &report->results->set[report->results->data[trial]].names;
    if (!names->column) return;
    snprintf(text, size, "Across: %.60s; up: %.60s. ", names->column[0], names->column[1]);
}

static void write_variables(Figure *figure, const Picture *picture, const Report *report,
                            Text *alt) {
    text_add(alt, "Decision boundaries of %d setting%s over the training points.", picture->panels,
             picture->panels == 1 ? "" : "s");
    figure_number(figure, "panels", picture->panels);
    figure_number(figure, "classes", picture->classes);
    figure_number(figure, "small", is_truth_table(report));
    const int64_t trial = summary_first_trial(&report->summary, picture->group[0]);
    for (int32_t k = 0; k < picture->classes; k++) {
        char name[80], word[64];
        section_class_name(report, trial, k, 16, word, sizeof word);
        snprintf(name, sizeof name, "%s%s", section_class_words(report, trial) ? "" : "class ",
                 word);
        figure_string_at(figure, "class", k + 1, name);
    }
    figure_string(figure, "key_line",
                  report->summary.replicates == 1 ? "boundary"
                  : report->summary.folds         ? "boundary of one fold"
                                                  : "boundary of one repeat");
    figure_string(figure, "key_dot", "training point");
    figure_number(figure, "runs", report->summary.replicates);
    figure_number(figure, "x_low", picture->x_low);
    figure_number(figure, "x_high", picture->x_high);
    figure_number(figure, "y_low", picture->y_low);
    figure_number(figure, "y_high", picture->y_high);
    write_titles(figure, picture, report, alt);
}

/* What colour, lines and dots are, and what is not drawn. */
static void write_caption(const Picture *picture, Report *report, Text *caption) {
    const Summary *summary = &report->summary;
    const Dataset *set = panel_set(report, picture->group[0]);
    char text[1000] = "";
    const char *runs = summary->folds ? "fold" : "repeat";
    name_axes(report, text, sizeof text);
    text_add(caption, "%s", text);
    text[0] = '\0';
    text_add(caption, "Colour: the class predicted, stronger where it is more certain");
    if (summary->replicates > 1) {
        text_add(caption, "; the mean over %ss. Lines: the boundary of each %s%s", runs, runs,
                 picture->some_lines ? " (some of them)" : "");
    } else {
        text_add(caption, ". Line: where %s",
                 picture->classes == 2 ? "both classes are equally likely" : "the class changes");
    }
    text_add(caption, ". Dots: training points%s%s.",
             report->spec->per_repeat && summary->replicates > 1 ? " of the first repeat" : "",
             set->n > POINTS ? " (some of them)" : "");
    if (summary->sweep_axis < 0 || is_truth_table(report)) return;
    section_left_out(report, summary->sweep_axis, picture->group, picture->panels, text,
                     sizeof text);
    text_add(caption, "%s%s", text[0] ? " " : "", text);
    section_held(report, summary->sweep_axis, text, sizeof text);
    text_add(caption, "%s%s", text[0] ? " " : "", text);
}

static bool write(Report *report, Error *err) {
    Picture picture = {0};
    Figure figure = {0};
    char alt_buffer[2048], caption_buffer[2600];
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    Text caption = text_begin(caption_buffer, sizeof caption_buffer);
    TRY(choose(&picture, report, err)); /* the best one is among them: unavailable() */
    frame(&picture, report);
    TRY(predict_all(&picture, report, err));
    TRY(figure_begin(&figure, &report->page, "boundaries", "boundaries", err));
    write_variables(&figure, &picture, report, &alt);
    write_plane(&figure, &picture);
    TRY(figure_table(&figure, "points", err));
    write_points(&figure, &picture, report);
    TRY(figure_table(&figure, "lines", err));
    write_lines(&figure, &picture.lines);
    free(picture.lines.xyp);
    write_caption(&picture, report, &caption);
    return figure_end(&figure, alt.buffer, caption.buffer, err);
fail:
    free(picture.lines.xyp);
    figure_drop(&figure);
    return false;
}

const Section boundaries_section = {"boundaries", "Decision boundaries", unavailable, write, NULL};
