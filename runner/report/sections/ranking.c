/* Section ranking: the best settings, how sure that is, and the smallest one that is as good. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/analysis/finding_phrase.h"
#include "runner/analysis/labels.h"
#include "runner/report/section.h"

#define TOP  20
#define RUNS 30 /* columns of single runs */

static const char *unavailable(const Report *report) {
    if (report->summary.best < 0) return "no run has a value";
    return report->summary.groups < 2 ? "there is one setting only" : NULL;
}

/* The settings shown: the first ones, and the smallest near the best, whatever its rank. */
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

/* --- the table -------------------------------------------------------------------------------- */

/* Columns in which there could be nothing are left out. */
typedef struct Columns {
    bool spread, tested; /* intervals; p-values */
} Columns;

static void write_headings(Report *report, const Columns *columns) {
    char metric[64];
    snprintf(metric, sizeof metric, "mean %s", labels_metric_title(report->summary.metric));
    const struct {
        const char *text;
        bool shown;
    } heading[] = {{"rank", true},
                   {"text:setting", true},
                   {metric, true},
                   {"95 % interval", columns->spread},
                   {"runs", true},
                   {"parameters", true},
                   {"behind the best", true},
                   {"95 % interval", columns->spread},
                   {"p", columns->tested}};
    const char *shown[sizeof heading / sizeof *heading];
    int32_t count = 0;
    for (size_t i = 0; i < sizeof heading / sizeof *heading; i++)
        if (heading[i].shown) shown[count++] = heading[i].text;
    page_table_begin(&report->page, shown, count);
}

static const char *note_of(const Summary *summary, int64_t group) {
    const bool best = group == summary->best, smallest = group == summary->smallest;
    return best && smallest ? " · best, and smallest within 1 SE"
           : best           ? " · best"
           : smallest       ? " · smallest within 1 SE"
                            : "";
}

static void write_behind(Report *report, int64_t group, const Columns *columns) {
    const Summary *summary = &report->summary;
    const double *column = summary_column(summary, summary->metric, summary->at);
    if (group == summary->best) {
        html_raw(report->page.target, "<td data-value=\"0\">–</td>");
        for (int32_t empty = 0; empty < columns->spread + columns->tested; empty++)
            html_raw(report->page.target, "<td data-value=\"NaN\">–</td>");
        return;
    }
    const Comparison behind = summary_compare(summary, group, summary->best, column);
    section_number_cell(report, behind.difference.mean, behind.difference.half);
    if (columns->spread) section_interval_cell(report, &behind.difference);
    if (columns->tested) {
        section_p_cell(report,
                       behind.difference.n < FINDING_WILCOXON_FROM ? (double)NAN : behind.p);
    }
}

static void write_row(Report *report, int64_t rank, int64_t group, const Columns *columns) {
    const SummaryGroup *g = &report->summary.group[group];
    const char *note = note_of(&report->summary, group);
    char label[1024];
    labels_setting(&report->summary, group, -1, label, sizeof label);
    html_raw(report->page.target, note[0] ? "<tr class=\"best\">" : "<tr>");
    html_print(report->page.target,
               "<td data-value=\"%" PRId64 "\">%" PRId64 "</td><td class=\"text\">%s%s</td>", rank,
               rank, label, note);
    section_number_cell(report, g->metric.mean, g->metric.half);
    if (columns->spread) section_interval_cell(report, &g->metric);
    html_print(report->page.target,
               "<td data-value=\"%" PRId64 "\">%" PRId64 "</td><td data-value=\"%" PRId64
               "\">%" PRId64 "</td>",
               g->metric.n, g->metric.n, g->parameters, g->parameters);
    write_behind(report, group, columns);
    html_raw(report->page.target, "</tr>\n");
}

static void write_note(Report *report, const Top *top, const Columns *columns) {
    const Summary *summary = &report->summary;
    Html *out = report->page.target;
    html_print(out,
               "<p class=\"note\">“Behind the best” is the mean difference, paired over the %s%s. "
               "The best was chosen on these same runs. ",
               summary->folds ? "folds" : "repeats", columns->tested ? "; p is Wilcoxon’s" : "");
    if (summary->groups > 2 && columns->tested) {
        html_print(out,
                   "Each row is one of %" PRId64 " comparisons: small p-values among many are to "
                   "be expected. ",
                   summary->groups - 1);
    }
    if (!columns->tested) {
        html_print(out, "With %d %s there are too few for Wilcoxon’s test (%d at least). ",
                   summary->replicates,
                   summary->folds             ? "folds"
                   : summary->replicates == 1 ? "repeat"
                                              : "repeats",
                   FINDING_WILCOXON_FROM);
    }
    if (top->count < summary->groups) {
        html_print(out,
                   "%" PRId64 " of %" PRId64 " settings are left out; <code>runner show</code> "
                   "lists all.",
                   summary->groups - top->count, summary->groups);
    }
    html_raw(out, "</p>\n");
}

static void write_table(Report *report, const Top *top) {
    const int32_t replicates = report->summary.replicates;
    const Columns columns = {replicates > 1, replicates >= FINDING_WILCOXON_FROM};
    write_headings(report, &columns);
    for (int32_t i = 0; i < top->count; i++)
        write_row(report, top->rank[i], top->group[i], &columns);
    page_table_end(&report->page);
    write_note(report, top, &columns);
}

/* --- the figure ------------------------------------------------------------------------------- */

typedef struct Chart {
    int32_t runs; /* columns of single runs */
    RowNames names;
    double low, high;    /* of all values, as they are shown */
    double below, above; /* of all intervals */
    int32_t longest;     /* label */
} Chart;

static void write_chart_headings(Figure *figure, int32_t runs) {
    static const char *const headings[] = {"rank", "setting", "mean", "low", "high", "kind"};
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        figure_cell(figure, headings[i]);
    for (int32_t r = 0; r < runs; r++) {
        char heading[32];
        snprintf(heading, sizeof heading, "run_%d", r);
        figure_cell(figure, heading);
    }
    figure_row(figure);
}

/* `value` has room for the replicates. */
static void write_bar(Figure *figure, Chart *chart, const Report *report, int32_t row,
                      int64_t group, double *value) {
    const Summary *summary = &report->summary;
    const Interval *mean = &summary->group[group].metric;
    const double scale = section_metric_scale(summary->metric);
    char label[1024];
    section_row_name(report, &chart->names, group, label, sizeof label);
    if (text_width(label) > chart->longest) chart->longest = text_width(label);
    figure_value(figure, row);
    figure_cell(figure, label);
    figure_value(figure, mean->mean);
    figure_value(figure, mean->low);
    figure_value(figure, mean->high);
    chart->below = fmin(chart->below, mean->low * scale);
    chart->above = fmax(chart->above, mean->high * scale);
    figure_value(figure, group == summary->best ? 1 : group == summary->smallest ? 2 : 0);
    summary_values(summary, group, summary_column(summary, summary->metric, summary->at), value);
    for (int32_t r = 0; r < summary->replicates; r++) {
        if (r < chart->runs) figure_value(figure, value[r]);
        if (!isfinite(value[r])) continue;
        chart->low = fmin(chart->low, value[r] * scale);
        chart->high = fmax(chart->high, value[r] * scale);
    }
    figure_row(figure);
}

/* True where an interval is cut. */
static bool write_variables(Figure *figure, const Chart *chart, const Report *report,
                            int32_t rows) {
    const Metric metric = report->summary.metric;
    char x_label[200];
    PlotRange x = plot_range_around(chart->low, chart->high, chart->below, chart->above, false);
    /* positions, not lengths: zero need not be there */
    const double least = fmin(chart->low, fmax(chart->below, 2 * chart->low - chart->high));
    if (least > 0) x.low = fmax(0, least - 0.05 * (chart->high - chart->low));
    if (x.low == x.high) x = plot_range(chart->low, chart->high, false);
    section_metric_label(report, metric, x_label, sizeof x_label);
    figure_string(figure, "x_label", x_label);
    figure_number(figure, "x_low", x.low);
    figure_number(figure, "x_high", x.high);
    figure_number(figure, "log_x", 0);
    figure_number(figure, "scale", section_metric_scale(metric));
    figure_number(figure, "places", rows);
    figure_number(figure, "longest", chart->longest);
    figure_number(figure, "runs", chart->runs);
    const bool cut = plot_range_cuts(&x, chart->below, chart->above);
    figure_number(figure, "cut", cut);
    return cut;
}

static void write_alt(const Chart *chart, const Report *report, const Top *top, Text *alt) {
    const Summary *summary = &report->summary;
    text_add(alt, "The best settings by mean %s with 95 %% intervals.",
             labels_metric_title(summary->metric));
    for (int32_t i = 0; i < top->count && i < 3; i++) {
        const Interval *mean = &summary->group[top->group[i]].metric;
        char label[1024], number[64];
        section_row_name(report, &chart->names, top->group[i], label, sizeof label);
        labels_number(number, sizeof number, mean->mean, mean->half);
        text_add(alt, " %d: %s, %s.", i + 1, label, number);
    }
}

static bool draw(Report *report, const Top *top, Error *err) {
    Figure figure = {0};
    const int32_t replicates = report->summary.replicates;
    Chart chart = {.runs = replicates < RUNS ? replicates : RUNS,
                   .low = INFINITY,
                   .high = -INFINITY,
                   .below = INFINITY,
                   .above = -INFINITY};
    char alt_buffer[2048], caption[1400];
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    double *value = pool_alloc(&report->page.pool, (size_t)replicates, sizeof *value, err);
    if (!value || !figure_begin(&figure, &report->page, "ranking", "ranking", err)) return false;
    section_row_names(report, top->group, top->count, &chart.names);
    write_chart_headings(&figure, chart.runs);
    for (int32_t i = 0; i < top->count; i++)
        write_bar(&figure, &chart, report, i + 1, top->group[i], value);
    const bool cut = write_variables(&figure, &chart, report, top->count);
    write_alt(&chart, report, top, &alt);
    snprintf(caption, sizeof caption, "%s%s%s",
             replicates > 1
                 ? "Grey dots: single runs. Green: the best. Purple: the smallest "
                   "setting within one standard error of it. Numbers on a narrow screen are the "
                   "ranks of the table."
                 : "One run of each.",
             cut ? " Arrows: an interval reaches beyond the frame." : "", chart.names.same);
    return figure_end(&figure, alt_buffer, caption, err);
}

static bool write(Report *report, Error *err) {
    const Summary *summary = &report->summary;
    const Top top = choose(report);
    char label[1024], value[256];
    if (summary->smallest >= 0) {
        labels_setting(summary, summary->smallest, -1, label, sizeof label);
        finding_phrase_interval(value, sizeof value, summary->metric,
                                &summary->group[summary->smallest].metric, summary->folds);
        html_print(report->page.target,
                   "<p>The smallest setting within one standard error of the best: "
                   "<strong>%s</strong>, with %" PRId64 " parameters "
                   "and %s of %s.</p>\n",
                   label, summary->group[summary->smallest].parameters,
                   labels_metric_title(summary->metric), value);
    }
    if (!draw(report, &top, err)) return false;
    write_table(report, &top);
    return true;
}

const Section ranking_section = {"ranking", "Ranking", unavailable, write, NULL};
