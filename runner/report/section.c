/* What sections share: ranges, axis titles, lines of settings, tables. See report_parts.h. */
#include "runner/report/section.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/mlp.h"

#define SMALL_P   0.001 /* below, a p-value is only said to be */
#define MOST_SPAN 1e15
#define LOG_SPAN  5.0 /* values that span more than this read better on a logarithmic scale */

Range report_range(double low, double high, bool may_be_log) {
    Range range = {low, high, false};
    if (!isfinite(low) || !isfinite(high)) return (Range){0, 1, false};
    if (may_be_log && low > 0 && high / low > LOG_SPAN) {
        range.logarithmic = true;
        high = fmin(high, low * MOST_SPAN); /* a run on its way to infinity hides all others */
        const double air = pow(high / low, 0.05);
        range.low = low / air;
        range.high = high * air;
        return range;
    }
    high = fmin(high, MOST_SPAN);
    low = fmax(low, -MOST_SPAN);
    const double span = high > low ? high - low : fmax(fabs(high), 1e-6);
    range.low =
        low >= 0 && low < span ? 0 : low - 0.05 * span; /* near zero, zero belongs to the picture */
    range.high = high + 0.05 * span;
    return range;
}

double report_place(const Range *range, double value) {
    if (range->logarithmic) return log(value / range->low) / log(range->high / range->low);
    return (value - range->low) / (range->high - range->low);
}

bool report_is_share(Metric metric) {
    return strstr(metrics_name(metric), "accuracy");
}

double report_metric_scale(Metric metric) {
    return report_is_share(metric) ? 100 : 1;
}

/* What a metric is measured in, without the part of the data it belongs to. */
void report_metric_axis(const Report *report, Metric metric, char *text, size_t size) {
    const char *name = metrics_name(metric);
    const char *loss = report->results->trials > 0 ? report->results->key[KEY_LOSS][0].text : "";
    bool mixed = false;
    for (int64_t i = 1; i < report->results->trials && !mixed; i++)
        mixed = strcmp(report->results->key[KEY_LOSS][i].text, loss) != 0;
    if (report_is_share(metric))
        snprintf(text, size, "accuracy (%%)");
    else if (strstr(name, "mse"))
        snprintf(text, size, "mean squared error");
    else if (strstr(name, "r2"))
        snprintf(text, size, "R²");
    else if (mixed) {
        snprintf(text, size, "%s (each setting’s own kind, per sample)",
                 metric == METRIC_TRAIN_OBJECTIVE ? "objective" : "loss");
    } else if (strcmp(loss, "cross_entropy") == 0) {
        snprintf(text, size, "%s (cross-entropy, nats per sample)",
                 metric == METRIC_TRAIN_OBJECTIVE ? "objective" : "loss");
    } else {
        snprintf(text, size, "%s (%s per sample)",
                 metric == METRIC_TRAIN_OBJECTIVE ? "objective" : "loss",
                 strcmp(loss, "half_squared_error") == 0 ? "half squared error" : "squared error");
    }
}

int32_t report_value(const Report *report, int64_t group, int32_t axis) {
    return report->summary.place[group * SUMMARY_AXES + axis];
}

void report_held(const Report *report, int32_t axis, char *text, size_t size) {
    text[0] = '\0';
    if (report->summary.axes < 2 || report->summary.best < 0) return;
    char label[900];
    labels_setting(&report->summary, report->summary.best, axis, label, sizeof label);
    snprintf(text, size, "Everything else as in the best setting: %s.", label);
}

void report_row_names(const Report *report, const int64_t *group, int32_t count, RowNames *names) {
    char same[900];
    labels_differing(&report->summary, group, count, names->differs);
    labels_setting_on(&report->summary, group[0], names->differs, false, same, sizeof same);
    names->same[0] = '\0';
    if (count > 1 && same[0]) snprintf(names->same, sizeof names->same, " All of them: %s.", same);
}

void report_row_name(const Report *report, const RowNames *names, int64_t group, char *text,
                     size_t size) {
    labels_setting_on(&report->summary, group, names->differs, true, text, size);
    if (!text[0]) labels_setting(&report->summary, group, -1, text, size);
    if (!text[0]) snprintf(text, size, "all runs");
}

bool report_line(Report *report, int32_t axis, int64_t **groups, int32_t *count, Error *err) {
    const int32_t values = report->summary.axis[axis].count;
    int64_t *line = pool_take(&report->pool, (size_t)values, sizeof *line, err);
    if (!line) return false;
    summary_line(&report->summary, axis, report->summary.best, line);
    int32_t kept = 0;
    for (int32_t v = 0; v < values; v++)
        if (line[v] >= 0) line[kept++] = line[v];
    *groups = line;
    *count = report_pick(report, axis, line, kept, REPORT_SIZES);
    return true;
}

/* The published picture of the moons study shows these; where a study has them all, so does
 * ours. */
static const char *const KNOWN_SIZES[] = {"1", "2", "3", "4", "5", "20", "50"};
#define KNOWN_COUNT ((int32_t)(sizeof KNOWN_SIZES / sizeof *KNOWN_SIZES))

static int32_t pick_known(const Report *report, int32_t axis, int64_t *groups, int32_t count) {
    int64_t found[KNOWN_COUNT];
    int32_t kept = 0;
    if (axis != report->summary.size_axis) return 0;
    for (int32_t k = 0; k < KNOWN_COUNT; k++) {
        for (int32_t i = 0; i < count; i++) {
            if (strcmp(report->summary.axis[axis].label[report_value(report, groups[i], axis)],
                       KNOWN_SIZES[k]) == 0)
                found[kept++] = groups[i];
        }
    }
    if (kept < KNOWN_COUNT) return 0;
    memcpy(groups, found, sizeof found);
    return kept;
}

int32_t report_pick(const Report *report, int32_t axis, int64_t *groups, int32_t count,
                    int32_t limit) {
    if (count <= limit) return count;
    if (limit == KNOWN_COUNT) {
        const int32_t known = pick_known(report, axis, groups, count);
        if (known > 0) return known;
    }
    const SummaryAxis *a = &report->summary.axis[axis];
    const bool logarithmic = a->scale == SUMMARY_LOG;
    const double first = a->number[report_value(report, groups[0], axis)];
    const double last = a->number[report_value(report, groups[count - 1], axis)];
    int32_t kept = 0, next = 0;
    bool best_kept = false;
    for (int32_t k = 0; k < limit; k++) {
        /* The place wanted; then the first value there or beyond, but enough are left for the
         * rest. */
        const double share = (double)k / (limit - 1);
        const double want =
            logarithmic ? first * pow(last / first, share) : first + share * (last - first);
        int32_t i = next;
        while (i < count - (limit - k) &&
               a->number[report_value(report, groups[i], axis)] < want * (1 - 1e-9))
            i++;
        if (k == limit - 1) i = count - 1;
        /* The best one takes the place of the neighbour it would fall behind. */
        for (int32_t j = next; j <= i && !best_kept && k > 0 && k < limit - 1; j++) {
            if (groups[j] == report->summary.best) {
                i = j;
                best_kept = true;
            }
        }
        groups[kept++] = groups[i];
        next = i + 1;
    }
    return kept;
}

void report_table_begin(Report *report, const char *const *headings, int32_t count) {
    Html *page = report->target;
    html_print(page,
               "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Table %d, %s\">"
               "<table class=\"sort\">\n<thead><tr>",
               ++report->tables, report->section);
    for (int32_t i = 0; i < count; i++) {
        const bool words = strncmp(headings[i], "text:", 5) == 0;
        html_raw(page, words ? "<th class=\"text\" scope=\"col\">" : "<th scope=\"col\">");
        html_text(page, headings[i] + (words ? 5 : 0));
        html_raw(page, "</th>");
    }
    html_raw(page, "</tr></thead>\n<tbody>\n");
}

void report_table_end(Report *report) {
    html_raw(report->target, "</tbody></table></div>\n");
}

void report_number_cell(Report *report, double value, double spread) {
    char text[64];
    labels_number(text, sizeof text, value, spread);
    html_print(report->target, "<td data-value=\"%.9g\">%s</td>", value, text);
}

void report_interval_cell(Report *report, const Interval *interval) {
    char low[64], high[64];
    const double spread = interval->half;
    if (interval->n < 2 || !isfinite(spread)) { /* none, or beyond the range of numbers */
        html_raw(report->target, "<td data-value=\"NaN\">–</td>");
        return;
    }
    if (interval->sd == 0) { /* "1 to 1" would claim what has not been seen */
        html_raw(report->target, "<td data-value=\"0\">all equal</td>");
        return;
    }
    labels_number(low, sizeof low, interval->low, spread);
    labels_number(high, sizeof high, interval->high, spread);
    html_print(report->target, "<td data-value=\"%.9g\">%s to %s</td>",
               interval->high - interval->low, low, high);
}

void report_p_cell(Report *report, double p) {
    if (isnan(p))
        html_raw(report->target, "<td data-value=\"NaN\">–</td>");
    else if (p < SMALL_P)
        html_print(report->target, "<td data-value=\"%.9g\">&lt; %g</td>", p, SMALL_P);
    else
        html_print(report->target, "<td data-value=\"%.9g\">%.3f</td>", p, p);
}

const StoreData *report_data(const Report *report, int64_t trial) {
    const Results *results = report->results;
    const int32_t k = results->data[trial];
    if (k < 0 || k >= results->sets) return NULL;
    const StoreData *data = &results->set[k];
    return data->kept && data->train.n > 0 ? data : NULL;
}

bool report_can_ask(const Report *report, int64_t trial) {
    const ReportPredictor *predictor = report->predictor;
    return report->results->status[trial] == TRIAL_DONE && predictor &&
           predictor->outputs(predictor->context, trial) > 0;
}

void report_class(const double *y, int32_t outputs, int32_t *label, double *probability) {
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

bool report_panels(Report *report, int32_t limit, int64_t *group, int32_t *count, Error *err) {
    const Summary *summary = &report->summary;
    int64_t *line;
    int32_t length, kept = 0;
    *count = 0;
    if (summary->sweep_axis < 0) {
        group[(*count)++] = summary->best;
        return true;
    }
    if (!report_line(report, summary->sweep_axis, &line, &length, err)) return false;
    for (int32_t i = 0; i < length; i++)
        if (report_can_ask(report, summary_first_trial(summary, line[i]))) line[kept++] = line[i];
    *count = report_pick(report, summary->sweep_axis, line, kept, limit);
    memcpy(group, line, (size_t)*count * sizeof *line);
    return true;
}

void report_panel_title(const Report *report, int64_t group, char *text, size_t size) {
    const int32_t axis = report->summary.sweep_axis;
    text[0] = '\0';
    if (axis < 0) return;
    const int32_t value = report_value(report, group, axis);
    if (report->summary.axis[axis].keys > 1)
        snprintf(text, size, "%s", report->summary.axis[axis].label[value]);
    else
        labels_phrase(&report->summary, axis, value, text, size);
}

void report_metric_label(const Report *report, Metric metric, char *text, size_t size) {
    char axis[160];
    report_metric_axis(report, metric, axis, sizeof axis);
    const char *unit = strchr(axis, '(');
    snprintf(text, size, "%s%s%s", labels_metric_title(metric), unit ? " " : "", unit ? unit : "");
}
