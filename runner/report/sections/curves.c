/* Section curves: how the loss falls, epoch by epoch, for a few settings. */
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"
#include "runner/report/section.h"

#define PANELS   6
#define CURVES   3
#define EPOCHS   240 /* at most so many epochs are drawn */
#define LOG_SPAN 50  /* epochs that span more than this are on a logarithmic axis */

typedef struct CurvePanels {
    int32_t panels, series, epochs;
    int64_t group[PANELS];
    Metric metric[CURVES];
    const char *title[CURVES];
    int64_t *point; /* epochs: which of the recorded ones */
    double *value;  /* panels x series x epochs x 3: median, low, high */
} CurvePanels;

static const char *unavailable(const Report *report) {
    if (report->results->points < 2) return "no history was recorded";
    return report->summary.groups == 0 ? "no run has a value" : NULL;
}

static bool trained(const Report *report, int64_t group) {
    const SummaryGroup *g = &report->summary.group[group];
    for (int64_t i = g->start; i < g->start + g->trials; i++)
        if (report->results->epochs_run[report->summary.trial[i]] > 0) return true;
    return false;
}

static bool choose(CurvePanels *curves, Report *report, Error *err) {
    static const struct {
        Metric metric;
        const char *title;
    } wanted[CURVES] = {
        {METRIC_TRAIN_LOSS, "train"}, {METRIC_TEST_LOSS, "test"}, {METRIC_VAL_LOSS, "validation"}};
    for (int32_t i = 0; i < CURVES; i++) {
        if (report->results->history[wanted[i].metric] && curves->series < 2) {
            curves->metric[curves->series] = wanted[i].metric;
            curves->title[curves->series++] = wanted[i].title;
        }
    }
    const Summary *summary = &report->summary;
    if (summary->sweep_axis < 0 || summary->best < 0) {
        for (int64_t i = 0; i < summary->groups && curves->panels < PANELS; i++)
            curves->group[curves->panels++] = summary->ranked[i];
    } else {
        int64_t *line;
        int32_t count;
        if (!section_line(report, summary->sweep_axis, &line, &count, err)) return false;
        int32_t there = 0; /* what had no epoch has no curve */
        for (int32_t i = 0; i < count; i++)
            if (trained(report, line[i])) line[there++] = line[i];
        curves->panels =
            there > 0 ? section_pick(report, summary->sweep_axis, line, there, PANELS) : 0;
        memcpy(curves->group, line, (size_t)curves->panels * sizeof *line);
    }
    return true;
}

/* False for an epoch that was recorded only because a published figure names it. */
static bool is_regular(const Results *results, int64_t point) {
    const double every = results->key[KEY_RECORD_EVERY][0].number;
    return !(every >= 1) || point == results->points - 1 ||
           results->epoch[point] % (int64_t)every == 0;
}

/* Recorded epochs that are drawn: all, or an even choice; epoch 0 cannot be on a logarithmic
 * axis. */
static bool choose_epochs(CurvePanels *curves, Report *report, bool logarithmic, Error *err) {
    const Results *results = report->results;
    curves->point = pool_alloc(&report->page.pool, (size_t)EPOCHS + 1, sizeof *curves->point, err);
    if (!curves->point) return false;
    int64_t *regular =
        pool_alloc(&report->page.pool, (size_t)results->points, sizeof *regular, err);
    if (!regular) return false;
    int64_t count = 0;
    for (int64_t p = 0; p < results->points; p++) {
        if (is_regular(results, p) && !(logarithmic && results->epoch[p] == 0))
            regular[count++] = p;
    }
    if (count == 0) return true;
    const double low = (double)results->epoch[regular[0]],
                 high = (double)results->epoch[regular[count - 1]];
    for (int64_t i = 0, next = 0; i < EPOCHS && next < count; i++) {
        const double share = (double)i / (EPOCHS - 1);
        const double want = logarithmic ? low * pow(high / low, share) : low + share * (high - low);
        while (count > EPOCHS && next < count - 1 && (double)results->epoch[regular[next]] < want)
            next++;
        curves->point[curves->epochs++] = regular[next++];
    }
    return true;
}

static bool gather(CurvePanels *curves, Report *report, Error *err) {
    const Summary *summary = &report->summary;
    const Results *results = report->results;
    int64_t trials = 1;
    for (int32_t p = 0; p < curves->panels; p++) {
        const int64_t n = summary->group[curves->group[p]].trials;
        if (n > trials) trials = n;
    }
    double *x = pool_alloc(&report->page.pool, (size_t)trials, sizeof *x, err);
    const size_t cells = (size_t)curves->panels * (size_t)curves->series * (size_t)curves->epochs;
    curves->value = pool_alloc(&report->page.pool, cells * 3 + 1, sizeof *curves->value, err);
    if (!x || !curves->value) return false;
    double *out = curves->value;
    for (int32_t p = 0; p < curves->panels; p++) {
        for (int32_t s = 0; s < curves->series; s++) {
            for (int32_t e = 0; e < curves->epochs; e++, out += 3) {
                const double *history = results->history[curves->metric[s]];
                section_band(summary, curves->group[p], history, curves->point[e], x, out);
            }
        }
    }
    return true;
}

static void write_table(Figure *figure, const CurvePanels *curves, const Report *report) {
    static const char *const kinds[] = {"median", "low", "high"};
    figure_cell(figure, "epoch");
    for (int32_t p = 0; p < curves->panels; p++) {
        for (int32_t s = 0; s < curves->series; s++) {
            for (int32_t k = 0; k < 3; k++) {
                char label[1024], heading[1100];
                labels_setting(&report->summary, curves->group[p], -1, label, sizeof label);
                snprintf(heading, sizeof heading, "%s %s %s", curves->title[s], kinds[k], label);
                figure_cell(figure, heading);
            }
        }
    }
    figure_row(figure);
    for (int32_t e = 0; e < curves->epochs; e++) {
        figure_value(figure, (double)report->results->epoch[curves->point[e]]);
        for (int32_t c = 0; c < curves->panels * curves->series; c++) {
            for (int32_t k = 0; k < 3; k++)
                figure_value(figure, curves->value[(c * curves->epochs + e) * 3 + k]);
        }
        figure_row(figure);
    }
}

static void panel_title(const CurvePanels *curves, const Report *report, int32_t panel, char *text,
                        size_t size) {
    const int32_t axis = report->summary.sweep_axis;
    const int64_t group = curves->group[panel];
    if (axis >= 0 && report->summary.best >= 0)
        labels_phrase(&report->summary, axis, section_value(report, group, axis), text, size);
    else
        labels_setting(&report->summary, group, -1, text, size);
}

static void describe(Figure *figure, const CurvePanels *curves, const Report *report, bool log_x,
                     Text *alt) {
    double low = INFINITY, high = -INFINITY;
    const int32_t cells = curves->panels * curves->series * curves->epochs;
    for (int32_t i = 0; i < 3 * cells; i++) {
        if (!isfinite(curves->value[i])) continue;
        low = fmin(low, curves->value[i]);
        high = fmax(high, curves->value[i]);
    }
    const PlotRange y = plot_range(low, high, true);
    char text[700];
    section_metric_axis(report, curves->metric[0], text, sizeof text);
    figure_string(figure, "y_label", text);
    figure_string(figure, "x_label", "epoch");
    figure_number(figure, "panels", curves->panels);
    figure_number(figure, "series", curves->series);
    figure_number(figure, "x_low", (double)report->results->epoch[curves->point[0]]);
    figure_number(figure, "x_high",
                  (double)report->results->epoch[curves->point[curves->epochs - 1]]);
    figure_number(figure, "log_x", log_x);
    figure_number(figure, "y_low", y.low);
    figure_number(figure, "y_high", y.high);
    figure_number(figure, "log_y", y.logarithmic);
    text_add(alt, "Loss against epoch in %d panel%s.", curves->panels,
             curves->panels == 1 ? "" : "s");
    for (int32_t s = 0; s < curves->series; s++) {
        figure_string_at(figure, "name", s + 1, curves->title[s]);
        figure_number_at(figure, "colour", s + 1, section_metric_colour(curves->metric[s]));
    }
    for (int32_t p = 0; p < curves->panels; p++) {
        panel_title(curves, report, p, text, sizeof text);
        figure_string_at(figure, "title", p + 1, text);
        for (int32_t s = 0; s < curves->series; s++) {
            const double *c =
                curves->value + (size_t)((p * curves->series + s) * curves->epochs) * 3;
            char from[64], to[64];
            labels_number(from, sizeof from, c[0], (double)NAN);
            labels_number(to, sizeof to, c[3 * (curves->epochs - 1)], (double)NAN);
            text_add(alt, " %s%s%s: from %s to %s.", text, text[0] ? ", " : "", curves->title[s],
                     from, to);
        }
    }
}

static bool write(Report *report, Error *err) {
    CurvePanels curves = {0};
    Figure figure = {0};
    char alt_buffer[2048], caption[1600], held[1000] = "";
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    const Results *results = report->results;
    int64_t start = 1; /* the first epoch that can be on a logarithmic axis */
    for (int64_t p = 0; p < results->points && (results->epoch[p] == 0 || !is_regular(results, p));
         p++)
        start = p + 1 < results->points ? results->epoch[p + 1] : start;
    const bool log_x =
        results->points >= 20 && results->epoch[results->points - 1] >= LOG_SPAN * start;
    TRY(choose(&curves, report, err));
    if (curves.series == 0 || curves.panels == 0) {
        html_raw(report->page.target, "<p class=\"note\">No history of a loss was recorded.</p>\n");
        return true;
    }
    TRY(choose_epochs(&curves, report, log_x, err));
    if (curves.epochs == 0) return true;
    TRY(gather(&curves, report, err));
    TRY(figure_begin(&figure, &report->page, "curves", "curves", err));
    describe(&figure, &curves, report, log_x, &alt);
    write_table(&figure, &curves, report);
    if (report->summary.sweep_axis >= 0)
        section_held(report, report->summary.sweep_axis, held, sizeof held);
    snprintf(caption, sizeof caption, "%s%s %s",
             report->summary.replicates == 1 ? "One run each."
             : report->summary.replicates < SECTION_QUANTILES
                 ? "Lines: median of the runs. Bands: all of them."
                 : "Lines: median of the runs. Bands: their 10 % to 90 % quantiles.",
             log_x ? " The epochs stand on a logarithmic scale, without epoch 0." : "", held);
    return figure_end(&figure, alt.buffer, caption, err);
fail:
    figure_drop(&figure);
    return false;
}

const Section curves_section = {"curves", "Learning curves", unavailable, write, NULL};
