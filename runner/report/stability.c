/* Section stability: how the trainings ended, setting by setting. One run of an unsettled training
 * is no evidence. */
#include <string.h>

#include "core/base/text.h"
#include "runner/report/section.h"

#define ENDINGS (VERDICT_COUNT + 1) /* the verdicts, and failed */
#define BARS    120
#define ROWS    12 /* of the table, which stands below a figure of more */

static const char *word(int32_t ending) {
    return ending == VERDICT_COUNT ? "failed" : verdict_name((Verdict)ending);
}

/* Files of other programs have words of the same name by other rules. */
static bool has_our_rules(const Report *report) {
    return report->results->numerics >= VERDICT_NUMERICS;
}

static void write_ending(Report *report, int32_t ending, int64_t count) {
    html_print(report->target, "<li>%lld %s", (long long)count, word(ending));
    if (ending == VERDICT_COUNT) {
        html_raw(report->target, ": the run could not be trained");
    } else if (has_our_rules(report)) {
        const char *advice = verdict_advice((Verdict)ending);
        html_print(report->target, ": %s", verdict_meaning((Verdict)ending));
        if (*advice) html_print(report->target, "; what helps: %s", advice);
    }
    html_raw(report->target, "</li>\n");
}

const char *stability_misfit(const Report *report) {
    return report->summary.groups == 0 ? "there are no runs" : NULL;
}

static int64_t ended(const SummaryGroup *group, int32_t ending) {
    return ending == VERDICT_COUNT ? group->failed : group->verdict[ending];
}

static int64_t total(const Report *report, int32_t ending) {
    int64_t sum = 0;
    for (int64_t g = 0; g < report->summary.groups; g++)
        sum += ended(&report->summary.group[g], ending);
    return sum;
}

static bool bars(Report *report, const int64_t *groups, int32_t count, bool whole, Error *err) {
    Figure figure = {0};
    const Summary *summary = &report->summary;
    const int32_t axis = summary->sweep_axis;
    char title[256], alt[2048], caption[1200], held[900], variable[32];
    int32_t kinds = 0, of[ENDINGS];
    int64_t most = 1;
    int32_t longest = 0;
    for (int32_t e = 0; e < ENDINGS; e++)
        if (total(report, e) > 0) of[kinds++] = e;
    if (!figure_begin(&figure, report, "stability", "stack", err)) return false;
    figure_cell(&figure, summary->axis[axis].name);
    int used = snprintf(alt, sizeof alt, "Runs by how their training ended, a bar for each value.");
    for (int32_t k = 0; k < kinds; k++) {
        figure_cell(&figure, word(of[k]));
        (void)snprintf(variable, sizeof variable, "name_%d", k + 1);
        figure_string(&figure, variable, word(of[k]));
        (void)snprintf(variable, sizeof variable, "hue_%d", k + 1);
        figure_number(&figure, variable, of[k] + 1);
        if (used > 0 && (size_t)used < sizeof alt)
            used += snprintf(alt + used, sizeof alt - (size_t)used, " %s: %lld.", word(of[k]),
                             (long long)total(report, of[k]));
    }
    figure_row(&figure);
    for (int32_t i = 0; i < count; i++) {
        const char *label = summary->axis[axis].label[report_value(report, groups[i], axis)];
        if (text_width(label) > longest) longest = text_width(label);
        if (summary->group[groups[i]].trials > most) most = summary->group[groups[i]].trials;
        figure_cell(&figure, label);
        for (int32_t k = 0; k < kinds; k++)
            figure_value(&figure, (double)ended(&summary->group[groups[i]], of[k]));
        figure_row(&figure);
    }
    labels_axis_title(&summary->axis[axis], title, sizeof title);
    figure_string(&figure, "x_label", title);
    figure_string(&figure, "y_label", "runs");
    figure_number(&figure, "places", count);
    figure_number(&figure, "kinds", kinds);
    figure_number(&figure, "most", (double)most);
    figure_number(&figure, "longest", (double)longest);
    report_held(report, axis, held, sizeof held);
    (void)snprintf(caption, sizeof caption, "Runs by how their training ended.%s %s",
                   whole ? "" : " Some of the values are drawn.", held);
    return figure_end(&figure, report, alt, caption, err);
}

static void table(Report *report) {
    const Summary *summary = &report->summary;
    const char *heading[ENDINGS + 2] = {"text:setting", "runs"};
    int32_t kinds = 0, of[ENDINGS];
    for (int32_t e = 0; e < ENDINGS; e++)
        if (total(report, e) > 0) {
            heading[2 + kinds] = word(e);
            of[kinds++] = e;
        }
    report_table_begin(report, heading, 2 + kinds);
    const int64_t rows = summary->groups < ROWS ? summary->groups : ROWS;
    for (int64_t i = 0; i < rows; i++) {
        /* A few settings: in their order. Many: an even choice of them. */
        const int64_t g = rows < 2 ? 0 : i * (summary->groups - 1) / (rows - 1);
        char label[1024];
        labels_setting(summary, g, -1, label, sizeof label);
        if (label[0] == '\0') (void)snprintf(label, sizeof label, "all runs");
        html_print(report->target,
                   "<tr><td class=\"text\" data-value=\"%lld\">%s</td><td>%lld</td>", (long long)g,
                   label, (long long)summary->group[g].trials);
        for (int32_t k = 0; k < kinds; k++) {
            const long long n = (long long)ended(&summary->group[g], of[k]);
            html_print(report->target,
                       n == 0 ? "<td class=\"zero\" data-value=\"0\">%lld</td>" : "<td>%lld</td>",
                       n);
        }
        html_raw(report->target, "</tr>\n");
    }
    report_table_end(report);
    if (rows < summary->groups)
        html_print(report->target,
                   "<p class=\"note\">%lld of %lld settings, evenly chosen; <code>runner "
                   "show</code> lists all.</p>\n",
                   (long long)rows, (long long)summary->groups);
}

bool stability_write(Report *report, Error *err) {
    const Summary *summary = &report->summary;
    const long long all = (long long)report->results->trials;
    html_print(report->target, "<p>How the %lld runs ended:</p>\n<ul>\n", all);
    for (int32_t e = 0; e < ENDINGS; e++) {
        const long long n = (long long)total(report, e);
        if (n == 0) continue;
        write_ending(report, e, n);
    }
    html_raw(report->target, "</ul>\n");
    if (!has_our_rules(report)) {
        html_raw(report->target,
                 "<p class=\"note\">These words are an earlier program’s, whose rules "
                 "were others.</p>\n");
    }
    if (sweep_misfit(report) == NULL) {
        int64_t *group;
        int32_t count;
        if (!report_line(report, summary->sweep_axis, &group, &count, err)) return false;
        const int32_t kept = report_pick(report, summary->sweep_axis, group, count, BARS);
        if (!bars(report, group, kept, kept == summary->axis[summary->sweep_axis].count, err))
            return false;
    }
    table(report);
    return true;
}
