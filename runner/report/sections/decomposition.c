/* Section decomposition: how much of a setting's error is noise, bias^2 and variance. No network is
 * trained again: those of all repeats answer the test rows of the first. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/data/truth.h"
#include "runner/analysis/decomposition.h"
#include "runner/analysis/decomposition_answer.h"
#include "runner/analysis/labels.h"
#include "runner/analysis/statistics.h"
#include "runner/experiment/data_setting.h"
#include "runner/report/section.h"
#include "runner/report/series.h"

#define CUT_FROM  10 /* errors so many times the median are cut off */
#define CUT_AT    4  /* at so many */
#define POSITIONS 60 /* at most, of settings: each costs a forward pass of all its networks */

/* The settings on the line, in the order of the axis; arrays are in the page's pool. */
typedef struct SplitLine {
    int32_t count, drawn,
        best; /* settings; of the values tried; position of the best, or the last */
    int64_t *group;
    Decomposition *split;
    int32_t *networks;
    int32_t left_out;
    int64_t rows; /* of the test set; 0: not all have as many */
    bool classes, data_varies;
    int32_t truth_set; /* whose truth it is */
    double *truth;     /* NULL: unknown */
    DecompositionAnswer answer;
} SplitLine;

/* --- which settings --------------------------------------------------------------------------- */

static int64_t trial_of(const Report *report, int64_t group, int64_t i) {
    return report->summary.trial[report->summary.group[group].start + i];
}

/* Trained to the end, and with weights. */
static bool has_answer(const Report *report, int64_t trial) {
    return report->results->verdict[trial] != VERDICT_DIVERGED &&
           section_has_network(report, trial);
}

static bool data_varies(const Report *report, int64_t group) {
    const int32_t *data = report->results->data;
    for (int64_t i = 1; i < report->summary.group[group].trials; i++)
        if (data[trial_of(report, group, i)] != data[trial_of(report, group, 0)]) return true;
    return false;
}

/* Why the networks of a setting have no test rows in common; NULL where they do. */
static const char *group_unavailable(const Report *report, int64_t group) {
    const int64_t first = summary_first_trial(&report->summary, group);
    const DataSplits *data = section_data(report, first);
    Setting setting;
    store_setting(report->results, first, &setting);
    if (!data || data->test.n == 0 || !data->test.x)
        return "it needs a test set in the results file";
    if (data->train.fold) return "folds have different test rows";
    if (report->results->format < 2 && data_setting_is_scaled(&setting))
        return "an earlier program made these results and kept no unscaled inputs";
    if (data_varies(report, group)) {
        if (data_setting_is_file(&setting))
            return "the test rows of one repeat are training rows of another";
        if (data_setting_test(&setting).kind == SYNTHETIC_BLOBS)
            return "the blobs of each repeat are elsewhere";
    }
    int32_t networks = 0;
    for (int64_t i = 0; i < report->summary.group[group].trials && networks < 2; i++)
        networks += has_answer(report, trial_of(report, group, i));
    return networks < 2 ? "it needs two repeats or more with weights in the results file" : NULL;
}

static const char *unavailable(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    if (report->summary.sweep_axis < 0) return "it needs a setting that varies";
    return group_unavailable(report, report->summary.best);
}

/* --- their networks --------------------------------------------------------------------------- */

/* A row of outputs as probabilities of the classes; one output alone is that of class 1. */
static void to_probabilities(double *p, const double *y, int32_t outputs, int32_t classes) {
    if (outputs == 1) {
        p[1] = fmin(fmax(y[0], 0), 1);
        p[0] = 1 - p[1];
        return;
    }
    double sum = 0;
    for (int32_t c = 0; c < classes; c++) sum += p[c] = fmax(y[c], 0);
    for (int32_t c = 0; c < classes; c++) p[c] = sum > 0 ? p[c] / sum : 1.0 / classes;
}

/* What a network answers to the rows; *finite: all of it is numbers. */
static bool predict(double *out, bool *finite, const Report *report, const Dataset *set,
                    int64_t trial, Error *err) {
    const ReportPredictor *predictor = report->predictor;
    const int32_t outputs = predictor->outputs(predictor->context, trial);
    const size_t count = (size_t)set->n * (size_t)outputs;
    double *y = malloc(count * sizeof *y);
    if (!y) return error_memory(err, count * sizeof *y);
    const bool done = predictor->predict(predictor->context, trial, set->x, set->n, y, err);
    *finite = done;
    for (size_t i = 0; done && i < count; i++) *finite = *finite && isfinite(y[i]);
    if (done && set->label) {
        for (int64_t i = 0; i < set->n; i++)
            to_probabilities(out + i * set->outputs, y + i * outputs, outputs, set->outputs);
    } else if (done) {
        memcpy(out, y, count * sizeof *y);
    }
    free(y);
    return done;
}

/* The truth about the test rows of a trial, where it is known: those of made data. */
static bool find_truth(SplitLine *line, Report *report, int64_t trial, Error *err) {
    const Dataset *set = &section_data(report, trial)->test;
    const int32_t number = report->results->data[trial];
    Setting setting;
    if (line->truth_set == number) return true;
    line->truth_set = number;
    line->truth = NULL;
    store_setting(report->results, trial, &setting);
    if (data_setting_is_file(&setting)) return true;
    const SyntheticConfig config = data_setting_test(&setting);
    const size_t count = (size_t)set->n * (size_t)set->outputs;
    line->truth = pool_alloc(&report->page.pool, count, sizeof *line->truth, err);
    if (!line->truth) return false;
    if (set->label) return truth_probability(line->truth, &config, set->x, set->n, err);
    truth_mean(line->truth, &config, set->x, set->n);
    return true;
}

static bool decompose(SplitLine *line, Report *report, int64_t group, Error *err) {
    const int64_t first = summary_first_trial(&report->summary, group);
    const int64_t trials = report->summary.group[group].trials;
    const Dataset *set = &section_data(report, first)->test;
    const size_t size = (size_t)set->n * (size_t)set->outputs;
    double *all = malloc((size_t)trials * size * sizeof *all);
    const double **output = malloc((size_t)trials * sizeof *output);
    int32_t networks = 0;
    bool done = false;
    if (!all || !output) {
        error_memory(err, (size_t)trials * size * sizeof *all);
        goto fail;
    }
    for (int64_t i = 0; i < trials; i++) {
        const int64_t trial = trial_of(report, group, i);
        bool finite = false;
        double *own = all + (size_t)networks * size;
        if (has_answer(report, trial)) TRY(predict(own, &finite, report, set, trial, err));
        if (finite)
            output[networks++] = own;
        else
            line->left_out += report->results->status[trial] != TRIAL_FAILED;
    }
    TRY(find_truth(line, report, first, err));
    const double noise = report->results->key[KEY_DATA_NOISE][first].number;
    const DecompositionInput input = {.output = output,
                                      .repeats = networks,
                                      .rows = set->label ? set->n : (int64_t)size,
                                      .classes = set->label ? set->outputs : 0,
                                      .label = set->label,
                                      .target = set->target,
                                      .truth = line->truth,
                                      .noise = noise * noise};
    if (networks >= 2) {
        TRY(decomposition_make(&line->split[line->count], &input, err));
        if (group == report->summary.best) line->best = line->count;
        line->networks[line->count] = networks;
        line->group[line->count++] = group;
    }
    done = true;
fail:
    free(all);
    free(output);
    return done;
}

static bool gather(SplitLine *line, Report *report, Error *err) {
    const Summary *summary = &report->summary;
    const DataSplits *best = section_data(report, summary_first_trial(summary, summary->best));
    int32_t count;
    *line =
        (SplitLine){.best = -1, .truth_set = -1, .classes = best->test.label, .rows = best->test.n};
    if (!section_line(report, summary->sweep_axis, &line->group, &count, err)) return false;
    count = section_pick(report, summary->sweep_axis, line->group, count, POSITIONS);
    line->drawn = count;
    line->split = pool_alloc(&report->page.pool, (size_t)count, sizeof *line->split, err);
    line->networks = pool_alloc(&report->page.pool, (size_t)count, sizeof *line->networks, err);
    if (!line->split || !line->networks) return false;
    for (int32_t i = 0; i < count; i++) {
        const int64_t group = line->group[i]; /* those kept move forward in the same array */
        if (group_unavailable(report, group)) continue;
        const DataSplits *data = section_data(report, summary_first_trial(summary, group));
        if (!data->test.label == line->classes) continue;
        if (data->test.n != line->rows) line->rows = 0;
        line->data_varies = line->data_varies || data_varies(report, group);
        if (!decompose(line, report, group, err)) return false;
    }
    if (line->count == 0) return true;
    if (line->best < 0) line->best = line->count - 1;
    line->answer = decomposition_answer_make(line->split, line->count);
    return true;
}

/* --- the figure ------------------------------------------------------------------------------- */

static const char *error_name(const SplitLine *line) {
    return line->classes ? "Brier score" : "mean squared error";
}

static void estimate_cells(Figure *figure, const Estimate *estimate) {
    const double value[] = {estimate->value, estimate->low, estimate->high};
    for (int32_t i = 0; i < 3; i++) {
        if (isnan(value[i]))
            figure_blank(figure);
        else
            figure_value(figure, value[i]);
    }
}

static void write_table(Figure *figure, const SplitLine *line, const SweepPlot *plot) {
    const char *const name[] = {line->classes ? "brier" : "mse",
                                "noise",
                                "bias2",
                                "variance",
                                "cross_entropy",
                                "average_network",
                                "ce_variance"};
    const int32_t estimates = sizeof name / sizeof *name;
    static const char *const ends[] = {"", "_low", "_high"};
    figure_cell(figure, plot->name);
    figure_cell(figure, "label");
    figure_cell(figure, "repeats");
    for (int32_t e = 0; e < 3 * estimates; e++) {
        char heading[64];
        snprintf(heading, sizeof heading, "%s%s", name[e / 3], ends[e % 3]);
        figure_cell(figure, heading);
    }
    figure_row(figure);
    for (int32_t p = 0; p < line->count; p++) {
        const Decomposition *d = &line->split[p];
        const Estimate *const estimate[] = {&d->squared,    &d->noise,         &d->bias2,
                                            &d->variance,   &d->cross_entropy, &d->average_network,
                                            &d->ce_variance};
        figure_value(figure, plot->x[p]);
        figure_cell(figure, plot->label[p]);
        figure_value(figure, line->networks[p]);
        for (int32_t e = 0; e < estimates; e++) estimate_cells(figure, estimate[e]);
        figure_row(figure);
    }
}

/* How high the areas and the dot of a setting reach. */
static double height(const SplitLine *line, int32_t position) {
    const Decomposition *d = &line->split[position];
    const double below = line->answer.known ? d->noise.value + fmax(d->bias2.value, 0)
                                            : fmax(d->noise_and_bias2.value, 0);
    return fmax(below + fmax(d->variance.value, 0), d->squared.value);
}

/* Where the vertical axis ends. A few settings far worse than the rest (a learning rate too large)
 * would flatten it: they are cut off, and *cut is true. */
static bool find_top(double *top, bool *cut, const SplitLine *line, Report *report, Error *err) {
    double *error = pool_alloc(&report->page.pool, (size_t)line->count, sizeof *error, err);
    if (!error) return false;
    double highest = 0;
    for (int32_t p = 0; p < line->count; p++) {
        error[p] = line->split[p].squared.value;
        highest = fmax(highest, height(line, p));
    }
    statistics_sort(error, line->count);
    const double middle = error[(line->count - 1) / 2];
    *cut = middle > 0 && highest > CUT_FROM * middle;
    *top = *cut ? CUT_AT * middle : highest > 0 ? 1.06 * highest : 1;
    return true;
}

static void name_areas(Figure *figure, const SplitLine *line, double top) {
    static const char *const known[] = {"noise", "bias²", "variance", "dots: measured"};
    static const char *const unknown[] = {"noise + bias²", "variance", "dots: measured"};
    const int32_t kinds = line->answer.known ? 4 : 3;
    for (int32_t k = 0; k < kinds; k++) {
        figure_string_at(figure, "name", k + 1, line->answer.known ? known[k] : unknown[k]);
        figure_number_at(figure, "hue", k + 1, line->answer.known ? k + 1 : k + 2);
    }
    figure_string(figure, "y_label", error_name(line));
    figure_number(figure, "known", line->answer.known);
    figure_number(figure, "kinds", kinds);
    figure_number(figure, "y_high", top);
}

/* What the drawing shows, for those who cannot see it: the ends and the best. */
static void describe(const SplitLine *line, const SweepPlot *plot, Text *alt) {
    const int32_t at[3] = {0, line->best, line->count - 1};
    text_add(alt, "%s against %s, in parts.", error_name(line), plot->title);
    for (int32_t i = 0; i < 3; i++) {
        const Decomposition *d = &line->split[at[i]];
        char variance[64], rest[64];
        if (i > 0 && at[i] == at[i - 1]) continue;
        labels_number(variance, sizeof variance, d->variance.value, (double)NAN);
        labels_number(rest, sizeof rest,
                      line->answer.known ? d->bias2.value : d->noise_and_bias2.value, (double)NAN);
        text_add(alt, " %s: %s %s, variance %s.", plot->label[at[i]],
                 line->answer.known ? "bias²" : "noise + bias²", rest, variance);
    }
}

static void write_caption(const SplitLine *line, const Report *report, Text *caption) {
    const Summary *summary = &report->summary;
    const int32_t axis = summary->sweep_axis;
    char held[1000];
    text_add(caption,
             "%s what the average of a setting’s networks gets wrong. Variance: how far its "
             "networks are from that average. Dots: the measured %s, mean over the repeats%s. ",
             line->answer.known ? "Noise: what no network can avoid. Bias²:"
                                : "Noise and bias²: what no network can avoid, and",
             error_name(line),
             line->answer.known
                 ? "; by the luck of the test rows it may differ a little from the sum"
                 : "");
    text_add(caption, "All networks of a setting answer the same ");
    if (line->rows > 0) text_add(caption, "%" PRId64 " ", line->rows);
    text_add(caption, "test rows%s. ", line->data_varies ? ", those of the first repeat" : "");
    if (line->left_out > 0) {
        text_add(caption, "%d diverged repeat%s left out. ", line->left_out,
                 line->left_out == 1 ? " is" : "s are");
    }
    if (line->drawn < summary->axis[axis].count)
        text_add(caption, "%d of %d values are drawn. ", line->drawn, summary->axis[axis].count);
    section_held(report, axis, held, sizeof held);
    text_add(caption, "%s", held);
}

static bool draw(const SplitLine *line, Report *report, Error *err) {
    Figure figure = {0};
    SweepPlot plot;
    char title[256], alt_buffer[2048], caption_buffer[2048];
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    Text caption = text_begin(caption_buffer, sizeof caption_buffer);
    const SummaryAxis *axis = &report->summary.axis[report->summary.sweep_axis];
    double top;
    bool cut;
    if (!find_top(&top, &cut, line, report, err)) return false;
    if (!series_begin(&plot, report, line->count, 1, err)) return false;
    labels_axis_title(axis, title, sizeof title);
    plot.name = axis->name;
    plot.title = title;
    plot.axis_scale = axis->scale;
    for (int32_t p = 0; p < line->count; p++) {
        const int32_t value = section_value(report, line->group[p], report->summary.sweep_axis);
        plot.x[p] = axis->number[value];
        plot.label[p] = axis->label[value];
    }
    if (!figure_begin(&figure, &report->page, "decomposition", "decomposition", err)) return false;
    series_x_axis(&plot, &figure);
    name_areas(&figure, line, top);
    write_table(&figure, line, &plot);
    describe(line, &plot, &alt);
    if (cut) {
        char number[64];
        labels_number(number, sizeof number, top, (double)NAN);
        text_add(&caption, "Errors above %s are cut off. ", number);
    }
    write_caption(line, report, &caption);
    return figure_end(&figure, alt.buffer, caption.buffer, err);
}

/* --- the answer ------------------------------------------------------------------------------- */

static void phrase_at(const SplitLine *line, const Report *report, int32_t position, char *text,
                      size_t size) {
    const int32_t axis = report->summary.sweep_axis;
    labels_phrase(&report->summary, axis, section_value(report, line->group[position], axis), text,
                  size);
}

/* What differs from repeat to repeat. */
static const char *luck(const SplitLine *line, const Report *report) {
    const int64_t trial = summary_first_trial(&report->summary, line->group[line->best]);
    const bool batches = strcmp(report->results->key[KEY_BATCH_SIZE][trial].text, "full") != 0;
    if (line->data_varies) {
        return batches ? "the data, the initial weights and the batches"
                       : "the data and the initial weights";
    }
    return batches ? "the initial weights and the batches" : "the initial weights";
}

static void say_known(const SplitLine *line, const Report *report, Text *text) {
    const DecompositionAnswer *answer = &line->answer;
    const Summary *summary = &report->summary;
    const bool scale = summary->axis[summary->sweep_axis].scale != SUMMARY_CATEGORY;
    char phrase[300], axis[256];
    labels_axis_title(&summary->axis[summary->sweep_axis], axis, sizeof axis);
    if (!scale || (answer->variance_from < 0 && answer->bias_until < 0)) {
        text_add(text,
                 "Variance is the larger part of the error above the noise in %d of %d settings, "
                 "bias² in %d; in %d their intervals overlap.",
                 answer->settings[DECOMPOSITION_VARIANCE], line->count,
                 answer->settings[DECOMPOSITION_BIAS], answer->settings[DECOMPOSITION_OPEN]);
        return;
    }
    if (answer->variance_from >= 0) {
        phrase_at(line, report, answer->variance_from, phrase, sizeof phrase);
        if (answer->variance_from > 0)
            text_add(text, "From %s on", phrase);
        else
            text_add(text, "For all values of %s tried", axis);
        text_add(text,
                 ", most of the error above the noise is variance: it comes from the luck of %s, "
                 "not from %s. ",
                 luck(line, report),
                 summary->sweep_axis == summary->size_axis
                     ? "networks too small"
                     : "what the networks of all repeats get wrong alike");
    }
    if (answer->bias_until < 0) return;
    phrase_at(line, report, answer->bias_until, phrase, sizeof phrase);
    if (answer->bias_until == line->count - 1)
        text_add(text, "For all values of %s tried", axis);
    else
        text_add(text, answer->bias_until > 0 ? "Up to %s" : "With %s", phrase);
    text_add(text,
             ", most of %s is bias²: the networks of all repeats are wrong in the same way "
             "(too small, trained too briefly, or held back by a penalty).",
             answer->variance_from >= 0 ? "that error" : "the error above the noise");
}

static void say_unknown(const SplitLine *line, const Report *report, Text *text) {
    const Decomposition *d = &line->split[line->best];
    char phrase[300], variance[64], error[64];
    phrase_at(line, report, line->best, phrase, sizeof phrase);
    labels_number(variance, sizeof variance, d->variance.value, (double)NAN);
    labels_number(error, sizeof error, d->squared.value, (double)NAN);
    text_add(text,
             "With %s, %s of the %s of %s is variance: it comes from the luck of %s. The rest is "
             "noise and bias², which cannot be told apart where the truth is not known.",
             phrase, variance, error_name(line), error, luck(line, report));
}

/* What the truth itself scores on the test rows of the best setting. */
static bool say_floor(const SplitLine *line, const Report *report, Html *out, Error *err) {
    const int32_t axis = report->summary.sweep_axis;
    const int64_t trial = summary_first_trial(&report->summary, line->group[line->best]);
    TruthFloor least;
    Setting setting;
    store_setting(report->results, trial, &setting);
    const SyntheticConfig config = data_setting_test(&setting);
    if (!truth_floor(&least, &config, &section_data(report, trial)->test, err)) return false;
    if (least.loss < 1e-20) return true; /* without noise */
    char loss[64], brier[64], phrase[300];
    phrase_at(line, report, line->best, phrase, sizeof phrase);
    labels_number(loss, sizeof loss, least.loss, (double)NAN);
    labels_number(brier, sizeof brier, least.brier, (double)NAN);
    const bool data = strncmp(report->summary.axis[axis].name, "data.", 5) == 0;
    html_print(out, "<p>%s%s%s ", data ? "With " : "", data ? phrase : "",
               data ? ", whoever" : "Whoever");
    if (line->classes) {
        html_print(out,
                   "knows the true probabilities has a cross-entropy loss of %s, an accuracy of "
                   "%.2f %% and a Brier score of %s on these test rows",
                   loss, 100 * least.accuracy, brier);
    } else {
        html_print(out, "knows the true curve has a mean squared error of %s on these test rows",
                   loss);
    }
    html_raw(out, ": no network can do better, except by luck.</p>\n");
    return true;
}

static bool write(Report *report, Error *err) {
    SplitLine line;
    char buffer[2048];
    Text text = text_begin(buffer, sizeof buffer);
    if (!gather(&line, report, err)) return false;
    if (line.count == 0) {
        html_raw(report->page.target, "<p class=\"note\">Not drawn: no setting has two repeats "
                                      "whose answers are numbers.</p>\n");
        return true;
    }
    if (!draw(&line, report, err)) return false;
    (line.answer.known ? say_known : say_unknown)(&line, report, &text);
    if (!line.data_varies)
        text_add(&text,
                 " All repeats have the same training rows, so the luck of those rows counts as "
                 "bias².");
    html_print(report->page.target, "<p>%s</p>\n", buffer);
    return !line.answer.known || say_floor(&line, report, report->page.target, err);
}

const Section decomposition_section = {"decomposition", "Where the error comes from", unavailable,
                                       write, NULL};
