#include "runner/report/section.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/mlp.h"
#include "runner/analysis/labels.h"

#define SMALL_P        0.001 /* smaller p-values are shown as "< 0.001" */
#define SIZES_MAX      400   /* positions on an axis */
#define LEFT_OUT_NAMED 12    /* values that are not drawn are named where there are no more */

/* --- words ------------------------------------------------------------------------------------ */

bool section_is_share(Metric metric) {
    return strstr(metrics_name(metric), "accuracy");
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

bool section_panels(Report *report, int32_t all, int32_t spread, int64_t *group, int32_t *count,
                    Error *err) {
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
        int64_t trial;
        if (section_networks(report, line[i], &trial, 1) == 1) line[there++] = line[i];
    }
    *count = pick_named(report, summary->sweep_axis, line, there, group);
    if (*count > 0) return true;
    const int32_t limit = there <= all ? all : spread;
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

/* The metric, and before it its counterpart on the training rows; METRIC_COUNT: none. */
static void panel_metrics(const Report *report, Metric shown[2]) {
    const Metric metric = report->summary.metric, train = labels_train_metric(metric);
    shown[0] = train < METRIC_COUNT ? train : metric;
    shown[1] = train < METRIC_COUNT ? metric : METRIC_COUNT;
}

/* NaN where there is none. */
static double panel_value(const Report *report, int64_t group, Metric metric) {
    const double *column = summary_column(&report->summary, metric, report->summary.at);
    if (!column) return (double)NAN;
    return summary_interval(&report->summary, group, column).mean * section_metric_scale(metric);
}

int32_t section_panel_decimals(const Report *report, const int64_t *group, int32_t count) {
    Metric shown[2];
    double largest = 0;
    panel_metrics(report, shown);
    if (section_is_share(shown[0])) return 1;
    for (int32_t i = 0; i < 2 * count; i++) {
        const double value = fabs(panel_value(report, group[i / 2], shown[i % 2]));
        if (isfinite(value)) largest = fmax(largest, value);
    }
    return largest > 0 ? (int32_t)fmin(fmax(2 - floor(log10(largest)), 0), 9) : 0;
}

void section_panel_metrics(Figure *figure, const Report *report, int64_t group, int32_t index,
                           int32_t decimals, Text *alt) {
    Metric shown[2];
    char texts[2][100] = {"", ""};
    panel_metrics(report, shown);
    for (int i = 0; i < 2; i++) {
        const double value = panel_value(report, group, shown[i]);
        if (!isfinite(value)) continue;
        const char *name = metrics_name(shown[i]);
        snprintf(texts[i], sizeof texts[i], "%s %.*f%s",
                 strncmp(name, "train", 5) == 0 ? "train"
                 : strncmp(name, "val", 3) == 0 ? "validation"
                                                : "test",
                 decimals, value, section_is_share(shown[i]) ? " %" : "");
    }
    figure_string_at(figure, "train", index, texts[0]);
    figure_string_at(figure, "held", index, texts[1]);
    text_add(alt, " %s%s%s.", texts[0], texts[1][0] ? ", " : "", texts[1]);
}

void section_left_out(Report *report, int32_t axis, const int64_t *group, int32_t count, char *text,
                      size_t size) {
    const Summary *summary = &report->summary;
    const SummaryAxis *a = &summary->axis[axis];
    int64_t *line = pool_alloc(&report->page.pool, (size_t)a->count, sizeof *line, NULL);
    text[0] = '\0';
    if (!line) return;
    summary_line(summary, axis, summary->best, line);
    int32_t missing[LEFT_OUT_NAMED], left = 0;
    for (int32_t v = 0; v < a->count; v++) {
        bool drawn = line[v] < 0;
        for (int32_t i = 0; i < count; i++) drawn = drawn || group[i] == line[v];
        if (!drawn && left < LEFT_OUT_NAMED) missing[left] = v;
        left += !drawn;
    }
    if (left == 0) return;
    char title[300];
    Text words = text_begin(text, size);
    labels_axis_title(a, title, sizeof title);
    if (left > LEFT_OUT_NAMED) {
        text_add(&words, "%d other values of %s are not drawn.", left, title);
        return;
    }
    text_add(&words, "Not drawn: %s ", title);
    for (int32_t i = 0; i < left; i++) {
        text_add(&words, "%s%s", i == 0 ? "" : i < left - 1 ? ", " : " and ", a->label[missing[i]]);
    }
    text_add(&words, ".");
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

int32_t section_networks(const Report *report, int64_t group, int64_t *trial, int32_t limit) {
    const SummaryGroup *g = &report->summary.group[group];
    int32_t count = 0;
    for (int64_t i = g->start; i < g->start + g->trials && count < limit; i++) {
        const int64_t t = report->summary.trial[i];
        if (section_has_network(report, t)) trial[count++] = t;
    }
    return count;
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

static const DatasetNames *names_of(const Report *report, int64_t trial) {
    return &report->results->set[report->results->data[trial]].names;
}

/* The end of the first `width` characters of a UTF-8 text. */
static size_t cut(const char *text, int32_t width) {
    size_t at = 0;
    for (int32_t i = 0; text[at] && i < width; i++) {
        at++;
        while (((unsigned char)text[at] & 0xC0) == 0x80) at++;
    }
    return at;
}

void section_class_name(const Report *report, int64_t trial, int32_t class, int32_t width,
                        char *text, size_t size) {
    const DatasetNames *names = names_of(report, trial);
    if (!names->class || class >= names->classes) {
        snprintf(text, size, "%d", class);
        return;
    }
    const char *name = names->class[class];
    if (text_width(name) <= width)
        snprintf(text, size, "%s", name);
    else
        snprintf(text, size, "%.*s…", (int)cut(name, width - 1), name);
}

bool section_class_words(const Report *report, int64_t trial) {
    const DatasetNames *names = names_of(report, trial);
    for (int32_t c = 0; names->class && c < names->classes; c++) {
        char *end;
        (void)strtol(names->class[c], &end, 10);
        if (*end || end == names->class[c]) return true;
    }
    return false;
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
