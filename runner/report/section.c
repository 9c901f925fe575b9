#include "runner/report/section.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/mlp.h"
#include "runner/analysis/labels.h"

#define SMALL_P   0.001 /* smaller p-values are shown as "< 0.001" */
#define SIZES_MAX 400   /* positions on an axis */

/* --- words ------------------------------------------------------------------------------------ */

bool section_is_share(Metric metric) {
    return strstr(metrics_name(metric), "accuracy");
}

FigureColour section_metric_colour(Metric metric) {
    const char *name = metrics_name(metric);
    return strncmp(name, "train", 5) == 0  ? COLOUR_TRAIN
           : strncmp(name, "test", 4) == 0 ? COLOUR_TEST
                                           : COLOUR_VALIDATION;
}

double section_metric_scale(Metric metric) {
    return section_is_share(metric) ? 100 : 1;
}

static bool has_mixed_losses(const Results *results) {
    const Value *loss = results->key[KEY_LOSS];
    for (int64_t i = 1; i < results->trials; i++)
        if (strcmp(loss[i].text, loss[0].text) != 0) return true;
    return false;
}

void section_metric_axis(const Report *report, Metric metric, char *text, size_t size) {
    const Results *results = report->results;
    const char *name = metrics_name(metric);
    const char *word = metric == METRIC_TRAIN_OBJECTIVE ? "objective" : "loss";
    const char *loss = results->trials > 0 ? results->key[KEY_LOSS][0].text : "";
    if (section_is_share(metric))
        snprintf(text, size, "accuracy (%%)");
    else if (strstr(name, "mse"))
        snprintf(text, size, "mean squared error");
    else if (strstr(name, "r2"))
        snprintf(text, size, "R²");
    else if (has_mixed_losses(results))
        snprintf(text, size, "%s (each setting’s own kind, per sample)", word);
    else if (strcmp(loss, "cross_entropy") == 0)
        snprintf(text, size, "%s (cross-entropy, nats per sample)", word);
    else if (strcmp(loss, "half_squared_error") == 0)
        snprintf(text, size, "%s (half squared error per sample)", word);
    else
        snprintf(text, size, "%s (squared error per sample)", word);
}

void section_metric_label(const Report *report, Metric metric, char *text, size_t size) {
    char axis[160];
    section_metric_axis(report, metric, axis, sizeof axis);
    const char *unit = strchr(axis, '(');
    snprintf(text, size, "%s%s%s", labels_metric_title(metric), unit ? " " : "", unit ? unit : "");
}

void section_held(const Report *report, int32_t axis, char *text, size_t size) {
    text[0] = '\0';
    if (report->summary.axes < 2 || report->summary.best < 0) return;
    char label[900];
    labels_setting(&report->summary, report->summary.best, axis, label, sizeof label);
    snprintf(text, size, "Everything else as in the best setting: %s.", label);
}

void section_row_names(const Report *report, const int64_t *group, int32_t count, RowNames *names) {
    char same[900];
    labels_differing(&report->summary, group, count, names->differs);
    labels_setting_on(&report->summary, group[0], names->differs, false, same, sizeof same);
    names->same[0] = '\0';
    if (count > 1 && same[0]) snprintf(names->same, sizeof names->same, " All of them: %s.", same);
}

void section_row_name(const Report *report, const RowNames *names, int64_t group, char *text,
                      size_t size) {
    labels_setting_on(&report->summary, group, names->differs, true, text, size);
    if (!text[0]) labels_setting(&report->summary, group, -1, text, size);
    if (!text[0]) snprintf(text, size, "all runs");
}

/* --- settings --------------------------------------------------------------------------------- */

int32_t section_value(const Report *report, int64_t group, int32_t axis) {
    return report->summary.value[group * SUMMARY_AXES + axis];
}

int32_t section_pick(const Report *report, int32_t axis, int64_t *groups, int32_t count,
                     int32_t limit) {
    if (count <= limit) return count;
    const SummaryAxis *a = &report->summary.axis[axis];
    const bool logarithmic = a->scale == SUMMARY_LOG;
    const double first = a->number[section_value(report, groups[0], axis)];
    const double last = a->number[section_value(report, groups[count - 1], axis)];
    int32_t picked = 0, next = 0;
    bool has_best = false;
    for (int32_t k = 0; k < limit; k++) {
        /* The value wanted; then the first group that has it or a larger one, but with enough
         * groups left for the rest. */
        const double share = (double)k / (limit - 1);
        const double want =
            logarithmic ? first * pow(last / first, share) : first + share * (last - first);
        int32_t i = next;
        while (i < count - (limit - k) &&
               a->number[section_value(report, groups[i], axis)] < want * (1 - 1e-9)) {
            i++;
        }
        if (k == limit - 1) i = count - 1;
        /* The best one is picked instead of the neighbour that would skip it. */
        for (int32_t j = next; j <= i && !has_best && k > 0 && k < limit - 1; j++) {
            if (groups[j] == report->summary.best) {
                i = j;
                has_best = true;
            }
        }
        groups[picked++] = groups[i];
        next = i + 1;
    }
    return picked;
}

bool section_line(Report *report, int32_t axis, int64_t **groups, int32_t *count, Error *err) {
    const int32_t values = report->summary.axis[axis].count;
    int64_t *line = pool_alloc(&report->page.pool, (size_t)values, sizeof *line, err);
    if (!line) return false;
    summary_line(&report->summary, axis, report->summary.best, line);
    int32_t there = 0;
    for (int32_t v = 0; v < values; v++)
        if (line[v] >= 0) line[there++] = line[v];
    *groups = line;
    *count = section_pick(report, axis, line, there, SIZES_MAX);
    return true;
}

/* The groups on a line whose values the experiment names, in its order; 0 where none is. */
static int32_t pick_named(const Report *report, int32_t axis, const int64_t *line, int32_t length,
                          int64_t *group) {
    char *const *named = report->spec ? report->spec->report.panels : NULL;
    int32_t picked = 0;
    for (int32_t k = 0; named && named[k]; k++) {
        for (int32_t i = 0; i < length; i++) {
            const int32_t value = section_value(report, line[i], axis);
            if (strcmp(report->summary.axis[axis].label[value], named[k]) == 0)
                group[picked++] = line[i];
        }
    }
    return picked;
}

bool section_panels(Report *report, int32_t limit, int64_t *group, int32_t *count, Error *err) {
    const Summary *summary = &report->summary;
    int64_t *line;
    int32_t length, there = 0;
    *count = 0;
    if (summary->sweep_axis < 0) {
        group[(*count)++] = summary->best;
        return true;
    }
    if (!section_line(report, summary->sweep_axis, &line, &length, err)) return false;
    for (int32_t i = 0; i < length; i++) {
        if (section_has_network(report, summary_first_trial(summary, line[i])))
            line[there++] = line[i];
    }
    *count = pick_named(report, summary->sweep_axis, line, there, group);
    if (*count > 0) return true;
    *count = section_pick(report, summary->sweep_axis, line, there, limit);
    memcpy(group, line, (size_t)*count * sizeof *line);
    return true;
}

void section_panel_title(const Report *report, int64_t group, char *text, size_t size) {
    const int32_t axis = report->summary.sweep_axis;
    text[0] = '\0';
    if (axis < 0) return;
    const int32_t value = section_value(report, group, axis);
    if (report->summary.axis[axis].keys > 1)
        snprintf(text, size, "%s", report->summary.axis[axis].label[value]);
    else
        labels_phrase(&report->summary, axis, value, text, size);
}

void section_band(const Summary *summary, int64_t group, const double *history, int64_t point,
                  double *spare, double out[3]) {
    const SummaryGroup *g = &summary->group[group];
    int64_t n = 0;
    for (int64_t i = g->start; i < g->start + g->trials; i++) {
        const double v = history[summary->trial[i] * summary->results->points + point];
        if (isfinite(v)) spare[n++] = v;
    }
    out[0] = out[1] = out[2] = (double)NAN;
    if (n == 0) return;
    statistics_sort(spare, n);
    const double tail = n >= SECTION_QUANTILES ? 0.1 : 0;
    out[0] = statistics_quantile(spare, n, 0.5);
    out[1] = statistics_quantile(spare, n, tail);
    out[2] = statistics_quantile(spare, n, 1 - tail);
}

/* --- networks and data ------------------------------------------------------------------------ */

const DataSplits *section_data(const Report *report, int64_t trial) {
    const Results *results = report->results;
    const int32_t k = results->data[trial];
    if (k < 0 || k >= results->sets) return NULL;
    const DataSplits *data = &results->set[k];
    return data->kept && data->train.n > 0 ? data : NULL;
}

bool section_has_network(const Report *report, int64_t trial) {
    const ReportPredictor *predictor = report->predictor;
    return report->results->status[trial] == TRIAL_DONE && predictor &&
           predictor->outputs(predictor->context, trial) > 0;
}

void section_class(const double *y, int32_t outputs, int32_t *label, double *probability) {
    if (outputs == 1) {
        const double p = fmin(fmax(y[0], 0), 1);
        *label = p > 0.5;
        *probability = fmax(p, 1 - p);
        return;
    }
    int32_t largest = 0;
    double sum = 0;
    for (int32_t k = 0; k < outputs; k++) {
        sum += fmax(y[k], 0);
        if (y[k] > y[largest]) largest = k;
    }
    *label = largest;
    *probability = sum > 0 ? fmax(y[largest], 0) / sum : 1.0 / outputs;
}

/* --- cells of tables -------------------------------------------------------------------------- */

void section_number_cell(Report *report, double value, double spread) {
    char text[64];
    labels_number(text, sizeof text, value, spread);
    html_print(report->page.target, "<td data-value=\"%.9g\">%s</td>", value, text);
}

void section_interval_cell(Report *report, const Interval *interval) {
    char low[64], high[64];
    const double spread = interval->half;
    if (interval->n < 2 || !isfinite(spread)) { /* none, or beyond the range of numbers */
        html_raw(report->page.target, "<td data-value=\"NaN\">–</td>");
        return;
    }
    if (interval->sd == 0) { /* "1 to 1" would claim more than was seen */
        html_raw(report->page.target, "<td data-value=\"0\">all equal</td>");
        return;
    }
    labels_number(low, sizeof low, interval->low, spread);
    labels_number(high, sizeof high, interval->high, spread);
    html_print(report->page.target, "<td data-value=\"%.9g\">%s to %s</td>",
               interval->high - interval->low, low, high);
}

void section_p_cell(Report *report, double p) {
    if (isnan(p))
        html_raw(report->page.target, "<td data-value=\"NaN\">–</td>");
    else if (p < SMALL_P)
        html_print(report->page.target, "<td data-value=\"%.9g\">&lt; %g</td>", p, SMALL_P);
    else
        html_print(report->page.target, "<td data-value=\"%.9g\">%.3f</td>", p, p);
}
