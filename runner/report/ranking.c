/* Section ranking: the best settings, how sure that is, and the smallest one that is as good. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/report/section.h"

#define TOP  20
#define RUNS 30 /* columns of single runs */

const char *ranking_misfit(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    return report->summary.groups < 2 ? "there is one setting only" : NULL;
}

/* The settings shown: the first ones, and the smallest near the best wherever it stands. */
typedef struct Top {
    int32_t count;
    int64_t rank[TOP + 1], group[TOP + 1];
} Top;

static Top choose(const Report *report) {
    const Summary *summary = &report->summary;
    Top top = {0};
    bool has_smallest = summary->smallest < 0;
    for (int64_t i = 0; i < summary->groups; i++) {
        const int64_t g = summary->ranked[i];
        if (summary->group[g].metric.n == 0) break;
        const bool smallest = g == summary->smallest;
        if (top.count >= TOP && (has_smallest || !smallest)) continue;
        has_smallest = has_smallest || smallest;
        top.rank[top.count] = i + 1;
        top.group[top.count++] = g;
    }
    return top;
}

static void table(Report *report, const Top *top) {
    const Summary *summary = &report->summary;
    const double *column = summary_column(summary, summary->metric, summary->at);
    char metric[64];
    /* Columns in which nothing could stand are left out. */
    const bool spread = summary->replicates > 1,
               tested = summary->replicates >= FINDING_WILCOXON_FROM;
    snprintf(metric, sizeof metric, "mean %s", labels_metric_title(summary->metric));
    const char *const heading[] = {"rank",
                                   "text:setting",
                                   metric,
                                   "95 % interval",
                                   "runs",
                                   "parameters",
                                   "behind the best",
                                   "95 % interval",
                                   "p"};
    const char *shown[sizeof heading / sizeof *heading];
    int32_t columns = 0;
    for (size_t i = 0; i < sizeof heading / sizeof *heading; i++) {
        const bool is_interval = i == 3 || i == 7, is_p = i == 8;
        if (is_interval ? spread : is_p ? tested : true) shown[columns++] = heading[i];
    }
    report_table_begin(report, shown, columns);
    for (int32_t i = 0; i < top->count; i++) {
        const int64_t g = top->group[i];
        const SummaryGroup *group = &summary->group[g];
        char label[1024];
        const char *note = g == summary->best && g == summary->smallest
                               ? " · best, and smallest within 1 SE"
                           : g == summary->best     ? " · best"
                           : g == summary->smallest ? " · smallest within 1 SE"
                                                    : "";
        labels_setting(summary, g, -1, label, sizeof label);
        html_raw(report->target, note[0] ? "<tr class=\"best\">" : "<tr>");
        html_print(report->target,
                   "<td data-value=\"%" PRId64 "\">%" PRId64 "</td><td class=\"text\">%s%s</td>",
                   top->rank[i], top->rank[i], label, note);
        report_number_cell(report, group->metric.mean, group->metric.half);
        if (spread) report_interval_cell(report, &group->metric);
        html_print(report->target,
                   "<td data-value=\"%" PRId64 "\">%" PRId64 "</td><td data-value=\"%" PRId64
                   "\">%" PRId64 "</td>",
                   group->metric.n, group->metric.n, group->parameters, group->parameters);
        if (g == summary->best) {
            html_raw(report->target, "<td data-value=\"0\">–</td>");
            for (int32_t empty = 0; empty < spread + tested; empty++)
                html_raw(report->target, "<td data-value=\"NaN\">–</td>");
            html_raw(report->target, "</tr>\n");
            continue;
        }
        const Comparison behind = summary_compare(summary, g, summary->best, column);
        report_number_cell(report, behind.difference.mean, behind.difference.half);
        if (spread) report_interval_cell(report, &behind.difference);
        if (tested) {
            report_p_cell(report,
                          behind.difference.n < FINDING_WILCOXON_FROM ? (double)NAN : behind.p);
        }
        html_raw(report->target, "</tr>\n");
    }
    report_table_end(report);
    html_print(report->target,
               "<p class=\"note\">“Behind the best” is the mean difference, paired over the %s%s. "
               "The best was chosen on these same runs. ",
               summary->folds ? "folds" : "repeats", tested ? "; p is Wilcoxon’s" : "");
    if (summary->groups > 2 && tested) {
        html_print(report->target,
                   "Each row is one of %" PRId64
                   " comparisons: small p-values among many are to be "
                   "expected. ",
                   summary->groups - 1);
    }
    if (!tested) {
        html_print(report->target,
                   "With %d %s there are too few for Wilcoxon’s test (%d at least). ",
                   summary->replicates,
                   summary->folds             ? "folds"
                   : summary->replicates == 1 ? "repeat"
                                              : "repeats",
                   FINDING_WILCOXON_FROM);
    }
    if (top->count < summary->groups) {
        html_print(report->target,
                   "%" PRId64 " of %" PRId64
                   " settings are left out; <code>runner show</code> lists all.",
                   summary->groups - top->count, summary->groups);
    }
    html_raw(report->target, "</p>\n");
}

static bool chart(Report *report, const Top *top, Error *err) {
    Figure figure = {0};
    const Summary *summary = &report->summary;
    const double *column = summary_column(summary, summary->metric, summary->at),
                 scale = report_metric_scale(summary->metric);
    const int32_t runs = summary->replicates < RUNS ? summary->replicates : RUNS;
    double *value = pool_take(&report->pool, (size_t)summary->replicates, sizeof *value, err);
    double low = INFINITY, high = -INFINITY;
    char alt[2048] = "", label[1024], x_label[200], number[64], heading[32], caption[1400];
    RowNames names;
    int32_t longest = 0;
    if (!value || !figure_begin(&figure, report, "ranking", "ranking", err)) return false;
    report_row_names(report, top->group, top->count, &names);
    static const char *const headings[] = {"rank", "setting", "mean", "low", "high", "kind"};
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        figure_cell(&figure, headings[i]);
    for (int32_t r = 0; r < runs; r++) {
        snprintf(heading, sizeof heading, "run_%d", r);
        figure_cell(&figure, heading);
    }
    figure_row(&figure);
    int used = snprintf(alt, sizeof alt, "The best settings by mean %s with 95 %% intervals.",
                        labels_metric_title(summary->metric));
    for (int32_t i = 0; i < top->count; i++) {
        const int64_t g = top->group[i];
        const Interval *mean = &summary->group[g].metric;
        report_row_name(report, &names, g, label, sizeof label);
        longest = text_width(label) > longest ? text_width(label) : longest;
        figure_value(&figure, i + 1);
        figure_cell(&figure, label);
        figure_value(&figure, mean->mean);
        figure_value(&figure, mean->low);
        figure_value(&figure, mean->high);
        figure_value(&figure, g == summary->best ? 1 : g == summary->smallest ? 2 : 0);
        summary_values(summary, g, column, value);
        for (int32_t r = 0; r < summary->replicates; r++) {
            if (r < runs) figure_value(&figure, value[r]);
            if (!isfinite(value[r])) continue;
            low = fmin(low, value[r] * scale);
            high = fmax(high, value[r] * scale);
        }
        figure_row(&figure);
        labels_number(number, sizeof number, mean->mean, mean->half);
        if (i < 3 && used > 0 && (size_t)used < sizeof alt) {
            used += snprintf(alt + used, sizeof alt - (size_t)used, " %d: %s, %s.", i + 1, label,
                             number);
        }
    }
    Range x = report_range(low, high, false);
    if (low > 0 && !x.logarithmic)
        x.low = fmax(0, low - 0.05 * (high - low)); /* positions, not lengths: no zero needed */
    if (x.low == x.high) x = report_range(low, high, false);
    report_metric_label(report, summary->metric, x_label, sizeof x_label);
    figure_string(&figure, "x_label", x_label);
    figure_number(&figure, "x_low", x.low);
    figure_number(&figure, "x_high", x.high);
    figure_number(&figure, "log_x", 0);
    figure_number(&figure, "scale", scale);
    figure_number(&figure, "places", top->count);
    figure_number(&figure, "longest", (double)longest);
    figure_number(&figure, "runs", runs);
    snprintf(caption, sizeof caption, "%s%s",
             summary->replicates > 1
                 ? "Grey dots: single runs. Red: the best. Blue: the smallest setting "
                   "within one standard error "
                   "of it. Numbers on a narrow screen are the ranks of the table."
                 : "One run of each.",
             names.same);
    return figure_end(&figure, report, alt, caption, err);
}

bool ranking_write(Report *report, Error *err) {
    const Summary *summary = &report->summary;
    const Top top = choose(report);
    char label[1024], value[256];
    if (summary->smallest >= 0) {
        labels_setting(summary, summary->smallest, -1, label, sizeof label);
        finding_text_value(value, sizeof value, &summary->group[summary->smallest].metric,
                           summary->folds);
        html_print(report->target,
                   "<p>The smallest setting within one standard error of the best: "
                   "<strong>%s</strong>, with %" PRId64 " parameters "
                   "and %s of %s.</p>\n",
                   label, summary->group[summary->smallest].parameters,
                   labels_metric_title(summary->metric), value);
    }
    if (!chart(report, &top, err)) return false;
    table(report, &top);
    return true;
}
