/* Section stability: how the trainings ended, setting by setting. One run of an unsettled training
 * is no evidence. */
#include <inttypes.h>
#include <string.h>

#include "core/base/text.h"
#include "runner/analysis/labels.h"
#include "runner/report/section.h"

#define ENDINGS (VERDICT_COUNT + 1) /* the verdicts, and failed */
#define BARS    120
#define ROWS    12 /* of the table; the figure has more */

static const char *word(int32_t ending) {
    return ending == VERDICT_COUNT ? "failed" : verdict_name((Verdict)ending);
}

/* Files of earlier programs have words of the same name by other rules. */
static bool has_our_rules(const Report *report) {
    return report->results->numerics >= VERDICT_NUMERICS;
}

static void write_ending(Report *report, int32_t ending, int64_t count) {
    Html *out = report->page.target;
    html_print(out, "<li>%" PRId64 " %s", count, word(ending));
    if (ending == VERDICT_COUNT) {
        html_raw(out, ": the run could not be trained");
    } else if (has_our_rules(report)) {
        const char *advice = verdict_advice((Verdict)ending);
        html_print(out, ": %s", verdict_meaning((Verdict)ending));
        if (*advice) html_print(out, "; what helps: %s", advice);
    }
    html_raw(out, "</li>\n");
}

static const char *unavailable(const Report *report) {
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

static bool bars(Report *report, const int64_t *groups, int32_t count, bool complete, Error *err) {
    Figure figure = {0};
    const Summary *summary = &report->summary;
    const int32_t axis = summary->sweep_axis;
    char title[256], alt_buffer[2048], caption[1200], held[900];
    int32_t kinds = 0, of[ENDINGS];
    int64_t highest = 1;
    int32_t longest = 0;
    for (int32_t e = 0; e < ENDINGS; e++)
        if (total(report, e) > 0) of[kinds++] = e;
    if (!figure_begin(&figure, &report->page, "stability", "stack", err)) return false;
    figure_cell(&figure, summary->axis[axis].name);
    Text alt = text_begin(alt_buffer, sizeof alt_buffer);
    text_add(&alt, "Runs by how their training ended, a bar for each value.");
    for (int32_t k = 0; k < kinds; k++) {
        figure_cell(&figure, word(of[k]));
        figure_string_at(&figure, "name", k + 1, word(of[k]));
        figure_number_at(&figure, "hue", k + 1, of[k] + 1);
        text_add(&alt, " %s: %" PRId64 ".", word(of[k]), total(report, of[k]));
    }
    figure_row(&figure);
    for (int32_t i = 0; i < count; i++) {
        const char *label = summary->axis[axis].label[section_value(report, groups[i], axis)];
        if (text_width(label) > longest) longest = text_width(label);
        const int64_t n = summary->group[groups[i]].trials;
        if (n > highest) highest = n;
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
    figure_number(&figure, "most", (double)highest);
    figure_number(&figure, "longest", (double)longest);
    section_held(report, axis, held, sizeof held);
    snprintf(caption, sizeof caption, "Runs by how their training ended.%s %s",
             complete ? "" : " Some of the values are drawn.", held);
    return figure_end(&figure, alt.buffer, caption, err);
}

static void table(Report *report) {
    const Summary *summary = &report->summary;
    const char *heading[ENDINGS + 2] = {"text:setting", "runs"};
    int32_t kinds = 0, of[ENDINGS];
    for (int32_t e = 0; e < ENDINGS; e++) {
        if (total(report, e) > 0) {
            heading[2 + kinds] = word(e);
            of[kinds++] = e;
        }
    }
    page_table_begin(&report->page, heading, 2 + kinds);
    const int64_t rows = summary->groups < ROWS ? summary->groups : ROWS;
    for (int64_t i = 0; i < rows; i++) {
        /* A few settings: in their order. Many: an even choice of them. */
        const int64_t g = rows < 2 ? 0 : i * (summary->groups - 1) / (rows - 1);
        char label[1024];
        labels_setting(summary, g, -1, label, sizeof label);
        if (!label[0]) snprintf(label, sizeof label, "all runs");
        html_print(report->page.target,
                   "<tr><td class=\"text\" data-value=\"%" PRId64 "\">%s</td><td>%" PRId64 "</td>",
                   g, label, summary->group[g].trials);
        for (int32_t k = 0; k < kinds; k++) {
            const int64_t n = ended(&summary->group[g], of[k]);
            html_print(report->page.target,
                       n == 0 ? "<td class=\"zero\" data-value=\"0\">%" PRId64 "</td>"
                              : "<td>%" PRId64 "</td>",
                       n);
        }
        html_raw(report->page.target, "</tr>\n");
    }
    page_table_end(&report->page);
    if (rows < summary->groups) {
        html_print(report->page.target,
                   "<p class=\"note\">%" PRId64 " of %" PRId64
                   " settings, evenly chosen; <code>runner "
                   "show</code> lists all.</p>\n",
                   rows, summary->groups);
    }
}

static bool write(Report *report, Error *err) {
    const Summary *summary = &report->summary;
    const int64_t all = report->results->trials;
    html_print(report->page.target, "<p>How the %" PRId64 " runs ended:</p>\n<ul>\n", all);
    for (int32_t e = 0; e < ENDINGS; e++) {
        const int64_t n = total(report, e);
        if (n == 0) continue;
        write_ending(report, e, n);
    }
    html_raw(report->page.target, "</ul>\n");
    if (!has_our_rules(report)) {
        html_raw(report->page.target,
                 "<p class=\"note\">These words are an earlier program’s, whose rules were "
                 "others.</p>\n");
    }
    if (!sweep_section.unavailable(report)) {
        int64_t *group;
        int32_t count;
        if (!section_line(report, summary->sweep_axis, &group, &count, err)) return false;
        const int32_t kept = section_pick(report, summary->sweep_axis, group, count, BARS);
        if (!bars(report, group, kept, kept == summary->axis[summary->sweep_axis].count, err))
            return false;
    }
    table(report);
    return true;
}

const Section stability_section = {"stability", "Stability of training", unavailable, write, NULL};
